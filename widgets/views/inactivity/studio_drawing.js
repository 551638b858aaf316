const TICKS = ["0.000001s", "0.00001s", "0.0001s", "0.001s", "0.01s", "0.1s", "1s", "10s", "1m", "10m", "1h", "6h", "1d", "1w", "4w", "26w"]
const LEFT = 64, RIGHT = 20
const HISTOGRAM = { top: 40, bottom: 270 }
const PANELS = [
  { key: "sessions", title: "Sessions", top: 350, bottom: 410 },
  { key: "median", title: "Median duration", top: 450, bottom: 510 },
  { key: "share", title: "Single-event sessions", top: 550, bottom: 610 },
]
const HEIGHT = 620

// A panel's values as heights: counts and durations by their ratio, 0 at the very bottom; shares from 0 to 1.
function panelScale({ key, top, bottom }, values) {
  const known = values.filter((value) => value != null)
  if (key === "share") return { at: (value) => bottom - value * (bottom - top), ends: ["100 %", "0 %"] }
  const positive = known.filter((value) => value > 0)
  const low = Math.min(...positive), high = Math.max(...positive)
  const text = key === "median" ? durationText : shortCount
  if (!positive.length) return { at: () => bottom, ends: ["", "0"] }
  const zero = known.some((value) => value <= 0)
  const floor = zero ? bottom - 5 : bottom
  const ratio = Math.log(high / low)
  return {
    at: (value) => value <= 0 ? bottom : ratio ? floor - Math.log(value / low) / ratio * (floor - top) : (top + floor) / 2,
    ends: ratio ? [text(high), zero ? (key === "median" ? "0s" : "0") : text(low)] : ["", text(low)],
  }
}

function lineThrough(lengths, values, x, y) {
  let path = "", open = false
  lengths.forEach((length, i) => {
    if (values[i] == null) { open = false; return }
    path += `${open ? "L" : "M"}${x(length).toFixed(1)} ${y(values[i]).toFixed(1)}`
    open = true
  })
  return path
}

// All that does not move while the line does; returns the axis and the height of each panel's values.
function drawStill(layer, canvas, width) {
  const { low, high } = canvas.axis
  const right = width - RIGHT
  const axis = logAxis(low, high, LEFT, right)
  const still = []
  let last = -Infinity
  for (const tick of TICKS) {
    const x = axis.at(lengthOf(tick))
    if (x < LEFT - 1 || x > right + 1 || x - last < 44) continue
    last = x
    still.push(shape("line", { class: "grid", x1: x, x2: x, y1: HISTOGRAM.top, y2: HISTOGRAM.bottom }))
    still.push(...PANELS.map(({ top, bottom }) => shape("line", { class: "grid", x1: x, x2: x, y1: top, y2: bottom })))
    still.push(shape("text", { class: "tick", x, y: HISTOGRAM.bottom + 17, "text-anchor": "middle" }, tick))
  }
  still.push(shape("line", { class: "base", x1: LEFT, x2: right, y1: HISTOGRAM.bottom, y2: HISTOGRAM.bottom }))
  still.push(shape("text", { class: "tick", x: LEFT - 8, y: HISTOGRAM.bottom + 36, "text-anchor": "end" }, "other tools"))
  for (const [length, word, who] of canvas.compared) {
    const x = axis.at(length)
    if (x < LEFT || x > right) continue
    still.push(shape("g", { class: "compared" },
      shape("title", {}, who),
      shape("line", { x1: x, x2: x, y1: HISTOGRAM.top + 30, y2: HISTOGRAM.bottom + 24 }),
      shape("text", { x: x + 4, y: HISTOGRAM.bottom + 36 }, word)))
  }
  const panels = {}
  for (const panel of PANELS) {
    const { key, title, top, bottom } = panel
    const lengths = key === "sessions" ? canvas.table.lengths : canvas.steps.lengths
    const values = key === "sessions" ? canvas.table.sessions : canvas.steps[key]
    const scale = panelScale(panel, values)
    panels[key] = scale
    still.push(
      shape("text", { class: "title", x: LEFT, y: top - 12 }, title),
      shape("line", { class: "base", x1: LEFT, x2: right, y1: bottom, y2: bottom }),
      shape("text", { class: "tick", x: LEFT - 8, y: top + 8, "text-anchor": "end" }, scale.ends[0]),
      shape("text", { class: "tick", x: LEFT - 8, y: bottom, "text-anchor": "end" }, scale.ends[1]),
      shape("path", { class: "curve", d: lineThrough(lengths, values, axis.at, scale.at) }))
  }
  layer.replaceChildren(...still)
  return { axis, panels, right }
}

// The bars as one outline: it is drawn twice, and the line moves what of it is coloured.
function barsPath(bars, axis) {
  const { top, bottom } = HISTOGRAM
  return bars.filter(([, , count]) => count > 0).map(([low, high, , height]) => {
    const from = axis.at(low), to = Math.max(axis.at(high) - 0.8, from + 0.7)
    return `M${from.toFixed(2)} ${bottom}V${(bottom - Math.max(1, height * (bottom - top - 26))).toFixed(1)}H${to.toFixed(2)}V${bottom}z`
  }).join("")
}

// ---- what a length comes to

const about = ({ exact }) => exact ? "" : "about "

// From the tables, or from the answer where it is of just this length.
function comesTo({ table, steps, exact }, answer, { us, text }) {
  const one = (name, from) => answer.text === text ? { value: answer[name], exact: true } : read(from, name, us)
  return {
    sessions: one("sessions", table), near: one("near", table), median: one("median", steps), share: one("share", steps),
    least: exact ? "" : "at least ",
  }
}

function textsOf({ sessions, near, median, share }) {
  return {
    sessions: `${about(sessions)}${countText(sessions.value)}`,
    near: `${about(near)}${countText(near.value)}`,
    median: median.value == null ? "–" : `${about(median)}${durationText(median.value)}`,
    share: share.value == null ? "–" : `${about(share)}${percentText(share.value)}`,
  }
}

function difference({ table }, now, other) {
  const then = read(table, "sessions", other.us)
  const more = Math.round(now.value - then.value)
  const how = now.exact && then.exact ? "" : "about "
  return more ? `${how}${countText(Math.abs(more))} ${more > 0 ? "more" : "fewer"} than at ${other.text}` : `as many as at ${other.text}`
}

function nearest({ steps: { lengths } }, us) {
  return lengths.reduce((best, length, i) => Math.abs(Math.log(length / us)) < Math.abs(Math.log(lengths[best] / us)) ? i : best, 0)
}
