// A funnel over time: lines, a hollow point where few begin; steps of time are brushed by dragging, or with the arrow keys.
function funnelTrend(model) {
  const HIGH = 180, ROOM = { left: 46, right: 14, top: 12, bottom: 24 }, MANY = 120
  let axis = null, cursor = null
  const title = h("h4"), result = h("p", { className: "result" }), note = h("p", { className: "note" })
  const still = shape("g"), held = shape("rect", { class: "held", y: ROOM.top, height: HIGH - ROOM.top - ROOM.bottom, rx: 2 })
  const cover = shape("rect", { class: "cover", y: 0, height: HIGH })
  const svg = shape("svg", { height: HIGH, role: "img", tabindex: 0, "aria-label": "" }, held, still, cover)
  const tip = h("div", { className: "tip", hidden: true }), said = h("p", { className: "unseen", role: "status" })
  const picture = h("div", { className: "picture" }, svg, tip), legend = h("div", { className: "legend" })
  const shown = () => model.shown.trend ?? {}
  const root = h("section", { className: "beside trend" }, title, result, legend, picture, said, note, numbersOf(model, "trend", "the funnel over time", () => shown().table))
  const last = () => (shown().names?.length ?? 0) - 1

  function paint() {
    const { title: name = "", result: comes = "", note: of = "", names, ticks, lines, brushed, can } = shown()
    root.hidden = !names || Boolean(model.problem)
    if (root.hidden) return
    title.textContent = name
    result.textContent = comes
    title.hidden = Boolean(comes)
    result.hidden = !comes
    note.textContent = of
    legend.hidden = lines.length < 2
    legend.replaceChildren(...lines.map(({ label, color }) => h("span", {}, h("i", { style: `background: ${color}` }), label)))
    svg.style.cursor = can ? "crosshair" : ""
    const wide = Math.floor(picture.clientWidth)
    if (wide < 80 || !names.length) return
    const right = wide - ROOM.right, bottom = HIGH - ROOM.bottom, room = (right - ROOM.left) / names.length
    const values = lines.flatMap(({ points, grey }) => [...points.map(({ value }) => value), ...grey]).filter((value) => value != null)
    const most = [0.01, 0.02, 0.04, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8].find((each) => each >= Math.max(0, ...values)) ?? 1
    axis = {
      room, x: (at) => ROOM.left + (at + 0.5) * room, y: (value) => bottom - value / most * (bottom - ROOM.top),
      at: (x) => Math.min(Math.max(Math.floor((x - ROOM.left) / room), 0), names.length - 1),
    }
    place(svg, { viewBox: `0 0 ${wide} ${HIGH}`, width: wide, "aria-label": [name, comes, of].join(" ") })
    place(cover, { width: wide })
    const path = (each) => each.map((value, at) => value == null ? "" : `${at && each[at - 1] != null ? "L" : "M"}${axis.x(at).toFixed(1)} ${axis.y(value).toFixed(1)}`).join("")
    const dot = ({ value, few }, at, color) => value == null || (names.length > MANY && !few) ? [] : [shape("circle", {
      class: few ? "dot few" : "dot", r: 3.5, cx: axis.x(at), cy: axis.y(value), style: few ? `stroke: ${color}` : `fill: ${color}`,
    })]
    still.replaceChildren(
      ...[0, 0.5, 1].flatMap((part) => [
        shape("line", { class: "grid", x1: ROOM.left, x2: right, y1: axis.y(part * most), y2: axis.y(part * most) }),
        shape("text", { x: ROOM.left - 6, y: axis.y(part * most) + 4, "text-anchor": "end" }, `${Number((100 * part * most).toFixed(1))} %`)]),
      ...ticks.map(([at, text]) => shape("text", { x: axis.x(at), y: HIGH - 7, "text-anchor": "middle" }, text)),
      ...lines.filter(({ grey }) => grey.length).map(({ grey }) => shape("path", { class: "line grey", d: path(grey) })),
      ...lines.map(({ points, color }) => shape("path", { class: "line", style: `stroke: ${color}`, d: path(points.map(({ value }) => value)) })),
      ...lines.flatMap(({ points, color }) => points.flatMap((point, at) => dot(point, at, color))),
      ...momentShapes(shown().moments, ROOM.left, right, ROOM.top, bottom))
    mark(...(brushed ?? [null, null]))
  }

  function mark(from, to) {
    held.style.display = from == null || !axis ? "none" : ""
    if (from == null || !axis) return
    place(held, { x: ROOM.left + from * axis.room, width: Math.max(1, (to - from) * axis.room) })
  }

  const told = (at) => shown().lines.map(({ points }) => points[at]?.tip).filter(Boolean).join("\n")
  function say(at) {
    tip.hidden = at == null
    if (at == null) return
    tip.textContent = told(at)
    tip.style.left = `${Math.min(Math.max(axis.x(at), 120), picture.clientWidth - 120)}px`
    tip.style.bottom = `${HIGH - ROOM.top}px`
  }

  across(cover, {
    snap: (x) => axis ? axis.at(x) : 0,
    live: (from, to) => {
      say(from == null ? null : to)
      mark(...(from == null ? shown().brushed ?? [null, null] : [Math.min(from, to), Math.max(from, to) + 1]))
    },
    done: (from, to) => pick(Math.min(from, to), Math.max(from, to)),
    over: (at) => { if (axis) say(at) },
  })

  // The same steps once more hold all again.
  function pick(low, high) {
    if (!shown().can) return
    const [from, to] = shown().brushed ?? []
    model.send_msg({ trend: from === low && to === high + 1 ? [0, -1] : [low, high] })
  }

  svg.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key]
    if (event.key === "Escape" && shown().brushed) {
      event.stopPropagation()
      cursor = null
      model.send_msg({ trend: [0, -1] })
    }
    if (step == null || !shown().can) return
    event.preventDefault()
    const to = Math.min(Math.max((cursor?.to ?? (step > 0 ? -1 : last() + 1)) + step, 0), last())
    cursor = { from: event.shiftKey && cursor ? cursor.from : to, to }
    said.textContent = told(to)
    model.send_msg({ trend: [Math.min(cursor.from, to), Math.max(cursor.from, to)] })
  })

  draw(model, ["shown", "problem"], paint)
  fitted(picture, paint)
  return root
}
