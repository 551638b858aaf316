const HIGH = 236, ROOM = { left: 48, right: 14, top: 10, bottom: 26 }

export function render({ model }) {
  let geometry = null
  const still = shape("g"), held = shape("rect", { class: "held", y: ROOM.top, height: HIGH - ROOM.top - ROOM.bottom, rx: 2 })
  const cover = shape("rect", { class: "cover", y: 0, height: HIGH })
  const svg = shape("svg", { height: HIGH, role: "img", "aria-label": "" }, held, still, cover)
  const sentences = h("div", { className: "sentences" }), tip = h("div", { className: "tip", hidden: true })
  const empty = h("p", { className: "nothing" }), picture = h("div", { className: "picture" }, svg, tip)
  const tops = h("div", { className: "tops", role: "group", "aria-label": "Select the actors with most time" })
  const key = h("p", { className: "key" })
  const root = h("div", { className: "chart" }, sentences, picture, empty, key, tops)
  const tell = (from, to) => model.send_msg({ from: Math.min(from, to), to: Math.max(from, to) })

  const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${geometry.x(x).toFixed(1)} ${geometry.y(y).toFixed(1)}`).join("")

  function paint() {
    const { said = [], all = [], selected = null, brushed = null, marks = [], none = "" } = model.shown
    sentences.replaceChildren(...said.map((text) => h("p", { textContent: text })))
    empty.textContent = none
    empty.hidden = !none
    picture.hidden = tops.hidden = key.hidden = Boolean(none)
    const wide = Math.floor(picture.clientWidth)
    if (!all.length || wide < 80) return
    const right = wide - ROOM.right, bottom = HIGH - ROOM.bottom
    geometry = {
      x: (share) => ROOM.left + share * (right - ROOM.left), y: (share) => bottom - share * (bottom - ROOM.top),
      share: (x) => Math.min(Math.max((x - ROOM.left) / (right - ROOM.left), 0), 1),
    }
    place(svg, { viewBox: `0 0 ${wide} ${HIGH}`, width: wide, "aria-label": said.join(" ") })
    place(cover, { width: wide })
    const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      shape("line", { class: "grid", x1: ROOM.left, x2: right, y1: geometry.y(share), y2: geometry.y(share) }),
      shape("text", { x: ROOM.left - 6, y: geometry.y(share) + 4, "text-anchor": "end" }, `${100 * share} %`),
      shape("text", { x: geometry.x(share), y: HIGH - 8, "text-anchor": share === 1 ? "end" : "middle" }, `${100 * share} %`)])
    still.replaceChildren(...grid,
      shape("path", { class: "equal", d: path([[0, 0], [1, 1]]) }),
      shape("path", { class: selected ? "curve grey" : "curve", d: path(all) }),
      ...(selected ? [shape("path", { class: "curve", d: path(selected) })] : []),
      ...marks.map(({ share, time }) => shape("circle", { class: "dot", r: 4, cx: geometry.x(share), cy: geometry.y(time) })))
    key.textContent = selected
      ? "Actors, most active first (%), and their share of session time (%). Grey: all sessions, blue: the selected. Drag to select."
      : "Actors, most active first (%), and their share of session time (%). Dashed: if all had the same. Drag to select."
    tops.replaceChildren(...marks.map(({ share, label, pressed }) => h("button", {
      type: "button", textContent: label, "aria-pressed": String(pressed), onclick: () => model.send_msg(pressed ? { clear: true } : { from: 0, to: share }),
    })))
    mark(...(brushed ?? [null, null]))
  }

  function mark(from, to) {
    held.style.display = from == null ? "none" : ""
    if (from == null) return
    const [low, high] = [Math.min(from, to), Math.max(from, to)]
    place(held, { x: geometry.x(low), width: Math.max(1, geometry.x(high) - geometry.x(low)) })
  }

  function heldBy(share) {
    const points = model.shown.all, i = points.findIndex(([x]) => x >= share)
    if (i <= 0) return points[0][1]
    const [x0, y0] = points[i - 1], [x1, y1] = points[i]
    return y0 + (y1 - y0) * (share - x0) / (x1 - x0 || 1)
  }

  function say(text, x) {
    tip.hidden = !text
    tip.textContent = text ?? ""
    tip.style.left = `${Math.min(Math.max(x, 130), picture.clientWidth - 130)}px`
    tip.style.top = "-6px"
  }

  across(cover, {
    snap: (x) => geometry ? geometry.share(x) : 0,
    live: (from, to) => {
      if (!geometry) return
      mark(...(from == null ? model.shown.brushed ?? [null, null] : [from, to]))
      if (from == null) { say(null, 0); return }
      const [low, high] = [Math.min(from, to), Math.max(from, to)]
      say(`about ${countText((high - low) * model.shown.actors)} actors, ${percentText(heldBy(high) - heldBy(low))} of all time`, geometry.x((low + high) / 2))
    },
    done: (from, to) => { if (Math.abs(geometry.x(to) - geometry.x(from)) < 3) model.send_msg({ clear: true }); else tell(from, to) },
    over: (share) => {
      if (geometry) say(share == null ? null : `the first ${percentText(share)} of actors hold ${percentText(heldBy(share))} of all time`, share == null ? 0 : geometry.x(share))
    },
  })
  draw(model, ["shown"], paint)
  fitted(picture, paint)
  return root
}
