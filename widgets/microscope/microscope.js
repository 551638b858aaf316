export function render({ model }) {
  const tell = (wish) => model.send_msg(wish)
  const button = (name, label, act, words = "") => h("button", { className: words ? "step" : "icon", type: "button", title: label, "aria-label": label, onclick: act }, name === "next" && words ? words : null, icon(name), name === "previous" && words ? words : null)

  const title = h("h2", { tabIndex: -1 }), sentence = h("p", { className: "sentence" }), notes = h("ul", { className: "notes" }), away = h("p", { className: "aways" })
  const previous = button("previous", "The actor's session before", () => tell({ open: model.head.number - 1 }), "Before")
  const next = button("next", "The actor's session after", () => tell({ open: model.head.number + 1 }), "After")
  const back = button("previous", "Previous of these sessions", () => tell({ walk: -1 }))
  const forth = button("next", "Next of these sessions", () => tell({ walk: 1 }))
  const walk = h("span", { className: "walk", role: "status" })
  const close = button("close", "Close the microscope (Esc)", shut)
  const header = h("header", {}, title, h("div", { className: "steps", role: "group", "aria-label": "The actor's sessions" }, previous, next),
    h("div", { className: "steps", role: "group", "aria-label": "Selected sessions" }, back, walk, forth), close)

  const svg = tag("svg", { class: "strip", tabindex: "0", role: "application", "aria-roledescription": "timeline", height: ROWS.height })
  const said = h("span", { role: "status" }), when = h("span", { className: "where" })
  const box = h("div", { className: "box" }, svg)
  const legend = h("ul", { className: "legend", "aria-label": "Colours of events" })
  const leftOut = h("input", { type: "checkbox", onchange: () => { tell({ left_out: leftOut.checked }); ask(moves.view, true) } })
  const switchRow = h("label", { className: "switch" }, leftOut, "Show events that the definition leaves out")
  const zooms = h("div", { className: "zooms", role: "group", "aria-label": "Zoom" },
    button("add", "Zoom in (+)", () => moves.zoom(0.5)), button("remove", "Zoom out (−)", () => moves.zoom(2)),
    button("home", "This session (Home)", () => moves.home()), button("whole", "All of the actor's time (End)", () => moves.whole()))
  const help = h("p", { className: "small", textContent: "Drag to move. Click the strip, then scroll or press + − ← → to zoom and move, Home for the session, Shift+← → for one event after the other." })

  const strip = stripOf(svg), tip = tipOf(model, tell, box)
  const events = eventsOf(model, tell, (place) => { active = place; later() })
  const root = h("section", { className: "microscope", "aria-label": "Session microscope" }, header, sentence, away, notes,
    h("div", { className: "above" }, legend, switchRow, zooms), box, h("div", { className: "below" }, said, when), help, lanesOf(model, tell), events.root)
  box.append(tip.tip)

  let active = null, clock = clockIn("UTC"), waiting = 0, shown = "", before = null

  // All of the actor's time, and what is shown first of a session at its edge.
  const limits = () => {
    const { whole, home } = model.head
    return whole ? [Math.min(whole[0], home[0]), Math.max(whole[1], home[1])] : [0, 1]
  }
  const moves = movesOf({
    svg, limits, start: () => model.head.home, changed: () => { tip.hide(); later() }, ask, step, press, leave: () => { tip.hide(); point(null) },
  })

  function ask([low, high], anyhow = false) {
    const { low: from, high: to, step: counted, points } = model.strip
    const held = low >= from && high <= to
    if (!anyhow && held && !counted && (points.length < 60 || (high - low) * 8 > to - from)) return
    tell({ window: [Math.floor(low), Math.ceil(high)] })
  }

  function later() {
    cancelAnimationFrame(waiting)
    waiting = requestAnimationFrame(paint)
  }

  function paint() {
    if (!model.head.id || !model.strip.points) return
    strip.paint({ view: moves.view, head: model.head, data: model.strip, clock, active })
    said.textContent = strip.said(moves.view, model.strip)
    const [from, to] = moves.view.map((edge) => clock.full(edge))
    when.textContent = `${from === to ? from : `${from} – ${to}`}, ${model.head.zone_text}`
    svg.setAttribute("aria-label", `${model.head.title}. ${said.textContent}`)
  }

  // ---- one event

  const nameOf = (code) => model.head.legend.find(([each]) => each === code)?.[1] ?? ""
  function point(found) {
    active = found?.[2] ?? null
    events.mark(active)
    later()
  }
  function card(found) {
    point(found)
    const [low, high] = moves.view
    tip.show(found[2], (found[0] - low) / (high - low) * svg.clientWidth, { code: found[1], name: nameOf(found[1]), time: clock.exact(found[0]) })
  }
  svg.addEventListener("pointermove", (event) => {
    if (moves.busy) return
    const found = strip.near(event.offsetX, moves.view, model.strip)
    if (found) card(found)
    else if (active != null) { tip.hide(); point(null) }
  })
  svg.addEventListener("pointerleave", () => { tip.hide(); point(null) })

  function step(by) {
    const { points, step: counted } = model.strip
    if (counted || !points.length) return
    const at = points.findIndex(([, , place]) => place === active)
    const [from, to] = moves.view
    // The first step is to the first event in view, of this session where it has one there.
    const seen = points.filter(([time]) => time >= from && time <= to)
    const first = seen.find(([, , place]) => place >= model.head.first) ?? seen[0] ?? points[0]
    const found = at < 0 ? first : points[Math.min(Math.max(at + by, 0), points.length - 1)]
    if (found[0] < from || found[0] > to) moves.go([found[0] - (to - from) / 2, found[0] + (to - from) / 2])
    card(found)
  }

  function press(event, target) {
    const found = event ? strip.near(event.offsetX, moves.view, model.strip) : model.strip.points.find(([, , place]) => place === active)
    if (event) svg.focus({ preventScroll: true })
    if (found && found[2] >= model.head.first && found[2] <= model.head.last) events.find(found[2])
    else if (found) tell({ at: found[2] })
    else if (target?.dataset?.number && Number(target.dataset.number) !== model.head.number) tell({ open: Number(target.dataset.number) })
  }

  // ---- the session

  function paintHead() {
    const { id, title: name, sentence: words, notes: more, legend: names, zone, number, sessions, home, where } = model.head
    if (!id) return
    title.textContent = name
    sentence.textContent = words
    notes.replaceChildren(...more.map((text) => h("li", { textContent: text })))
    notes.hidden = !more.length
    away.replaceChildren(...anchors(model.head.links))
    away.hidden = !away.children.length
    legend.replaceChildren(...names.map(([code, text]) => h("li", {}, h("i", { className: `dot c${code}` }), h("span", { textContent: text, title: text }))))
    switchRow.hidden = !where
    switchRow.title = where ? `Events where not: ${where}` : ""
    previous.disabled = number <= 1
    next.disabled = number >= sessions
    try { clock = clockIn(zone) } catch { clock = clockIn("UTC") }
    const now = JSON.stringify([id, home])
    if (now !== shown) moves.view = home
    else ask(moves.view)
    shown = now
    active = null
    tip.forget()
    later()
  }

  function shut() {
    tell({ close: true })
    before?.focus?.()
  }
  function keys(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !root.isConnected || !root.offsetParent) return
    if (!event.composedPath().includes(root) && focused() !== document.body) return
    // The key that goes up would clear the brushes of the charts.
    window.addEventListener("keyup", (up) => up.stopImmediatePropagation(), { capture: true, once: true })
    event.preventDefault()
    shut()
  }
  window.addEventListener("keydown", keys)

  function arrive() {
    if (!model.turn) return
    if (!root.contains(root.getRootNode().activeElement)) before = focused()
    requestAnimationFrame(() => {
      const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"
      const card = root.getRootNode().host?.parentNode?.host ?? root
      card.scrollIntoView({ block: card.offsetHeight < innerHeight ? "nearest" : "start", behavior })
      title.focus({ preventScroll: true })
    })
  }

  draw(model, ["head"], paintHead)
  draw(model, ["strip"], later)
  draw(model, ["walk"], () => {
    walk.textContent = model.walk.text ?? ""
    back.disabled = !model.walk.previous
    forth.disabled = !model.walk.next
  })
  draw(model, ["busy"], () => root.setAttribute("aria-busy", model.busy))
  draw(model, ["detail"], tip.hear)
  draw(model, ["turn"], arrive)
  const resized = new ResizeObserver(later)
  resized.observe(svg)
  model.on("remove", () => { window.removeEventListener("keydown", keys); resized.disconnect(); cancelAnimationFrame(waiting) })
  return root
}
