// Actors in each step of time: new, returning and resurrected ones on top of each other, dormant ones below the axis.
export function render({ model }) {
  const HIGH = 260, ROOM = { left: 46, right: 12, top: 10, bottom: 24 }, DORMANT = 3
  const said = h("p", { className: "result", role: "status" }), note = h("p", { className: "said" }), of = h("p", { className: "said" }), nothing = h("p", { className: "nothing" })
  const svg = shape("svg", { height: HIGH, role: "group", "aria-label": "Actors over time" })
  const tip = h("div", { className: "tip", hidden: true })
  const picture = h("div", { className: "picture" }, svg, tip), legend = h("div", { className: "legend" })
  const csv = h("button", { type: "button", className: "plain", title: "Save the counts as CSV", onclick: () => model.send_msg({ ask: "csv" }) }, icon("save"), "CSV")
  const head = h("tr"), body = h("tbody")
  const { frame } = framed(h("table", {}, h("thead", {}, head), body), "Table of actors over time")
  const pages = pagesOf("Pages of actors over time", (rows) => body.replaceChildren(...rows.map((row) => h("tr", {}, row.map((text, at) => h(at ? "td" : "th", { className: at ? "right" : "left", textContent: text, ...(at ? {} : { scope: "row" }) }))))))
  const opens = h("details", {}, h("summary", { textContent: "Table" }), frame, pages.root)
  const hint = h("p", { className: "said hint", textContent: "Click a part of a column to select all sessions of these actors, once more to take that away. Ctrl+click takes one more part. Paler: held in parts only." })
  const root = h("div", { className: "return" }, said, note, of, nothing, legend, picture, hint, h("div", { className: "numbers" }, opens, csv))
  const tell = (event, at, state) => model.send_msg({ part: [at, state, event.ctrlKey || event.metaKey || event.shiftKey] })

  function paint() {
    const { said: comes = "", note: parts = "", of: whose = "", columns = [], ticks = [], states = [], nothing: why = "" } = model.shown
    for (const [element, text] of [[said, comes], [note, parts], [of, whose], [nothing, why]]) {
      element.textContent = text
      element.hidden = !text
    }
    for (const each of [picture, legend, hint, opens, csv]) each.hidden = Boolean(why)
    legend.replaceChildren(...states.map(({ name, about, color }) => h("span", { title: about }, h("i", { style: `background: ${color}` }), name)))
    const wide = Math.floor(picture.clientWidth), n = columns.length
    paintTable()
    if (why || wide < 80 || !n) return
    const own = root.getRootNode().activeElement, key = own && svg.contains(own) ? own.dataset.key : null
    const right = wide - ROOM.right, floor = HIGH - ROOM.bottom, room = (right - ROOM.left) / n
    const up = Math.max(1, ...columns.map(({ counts }) => counts[0] + counts[1] + counts[2])), down = Math.max(0, ...columns.map(({ counts }) => counts[DORMANT]))
    const y = (count) => ROOM.top + (up - count) / (up + down) * (floor - ROOM.top)
    const faded = columns.some(({ held }) => held.some(Boolean)), gap = Math.min(2, room * 0.12)
    place(svg, { viewBox: `0 0 ${wide} ${HIGH}`, width: wide })
    const bars = columns.flatMap(({ label, whole, counts, held }, at) => {
      let from = 0
      return counts.flatMap((count, state) => {
        if (!count) return []
        const [low, high] = state === DORMANT ? [-count, 0] : [from, from + count]
        from = state === DORMANT ? from : high
        const words = `${label}: ${countText(count)} ${states[state].name.toLowerCase()}${whole ? "" : ", held in parts only"}`
        return [shape("rect", {
          class: `part${whole ? "" : " cut"}${faded && !held[state] ? " faded" : ""}`, x: ROOM.left + at * room + gap / 2, width: Math.max(1, room - gap), y: y(high), height: Math.max(1, y(low) - y(high)),
          style: `fill: ${states[state].color}`, tabindex: 0, role: "button", "aria-pressed": String(held[state]), "aria-label": words, "data-key": `${at} ${state}`,
          onclick: (event) => tell(event, at, state), onpointerenter: () => say(words, at), onpointerleave: () => say(null), onfocus: () => say(words, at), onblur: () => say(null),
          onkeydown: (event) => key_(event, at, state),
        })]
      })
    })
    const apart = Math.max(1, Math.ceil(84 / room))
    let last = -Infinity
    svg.replaceChildren(
      shape("text", { x: ROOM.left - 6, y: ROOM.top + 8, "text-anchor": "end" }, shortCount(up)), shape("text", { x: ROOM.left - 6, y: y(0) + 4, "text-anchor": "end" }, "0"),
      ...(down ? [shape("text", { x: ROOM.left - 6, y: floor, "text-anchor": "end" }, shortCount(down))] : []),
      ...ticks.filter(([at]) => at - last >= apart && (last = at, true)).map(([at, text]) => shape("text", { x: ROOM.left + (at + 0.5) * room, y: HIGH - 7, "text-anchor": "middle" }, text)),
      ...bars, shape("line", { class: "base", x1: ROOM.left, x2: right, y1: y(0), y2: y(0) }),
      ...momentShapes(model.shown.moments, ROOM.left, right, ROOM.top, floor))
    if (key) [...svg.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key)?.focus()

    function say(words, at) {
      tip.hidden = words == null
      if (words == null) return
      tip.textContent = words
      tip.style.left = `${Math.min(Math.max(ROOM.left + (at + 0.5) * room, 120), wide - 120)}px`
      tip.style.top = "-8px"
    }
  }

  function key_(event, at, state) {
    if (event.key === "Enter" || event.key === " ") tell(event, at, state)
    else {
      const parts = [...svg.querySelectorAll("[data-key]")], here = parts.indexOf(event.target)
      const next = { ArrowRight: parts[here + 1], ArrowLeft: parts[here - 1], Home: parts[0], End: parts.at(-1) }[event.key]
      if (!next) return
      next.focus()
    }
    event.preventDefault()
  }

  function paintTable() {
    const { columns = [], states = [], step = "" } = model.shown
    if (!opens.open || !columns.length) return
    plainHead(head, [{ title: `${step[0].toUpperCase()}${step.slice(1)}`, align: "left" }, ...states.map(({ name }) => ({ title: name, align: "right" })), { title: "Held", align: "right" }])
    pages.of(columns.map(({ label, whole, counts }) => [label, ...counts.map(countText), whole ? "whole" : "in parts"]))
  }

  opens.addEventListener("toggle", paintTable)
  draw(model, ["shown"], paint)
  fitted(picture, paint)
  model.on("handed", () => saveText(model.handed.text, model.handed.name, "text/csv"))
  return root
}
