const REST = 140

export function render({ model }) {
  const say = (message) => model.send_msg(message)
  let at = { us: 1, text: "" }, moving = false, drawn = null, waiting = null, standing = null

  // ---- what is above the picture

  const field = h("input", {
    className: "field", type: "text", id: "exact", autocomplete: "off", spellcheck: false, "aria-describedby": "problem",
    onkeydown: (event) => {
      if (event.key === "Enter") take(field.value)
      if (event.key === "Escape") { stand(standing); event.stopPropagation(); event.preventDefault() }
    },
    onblur: () => { if (field.value.trim() !== at.text) take(field.value) },
  })
  const problem = h("p", { className: "problem", id: "problem", role: "alert" })
  const number = (label) => {
    const value = h("strong"), below = h("small")
    return { value, below, whole: h("div", {}, h("dt", { textContent: label }), h("dd", {}, value, below)) }
  }
  const numbers = {
    sessions: number("Sessions"), near: number("Gaps within ±5 % of the cutoff"), median: number("Median duration"), share: number("Single-event sessions"),
  }
  const use = h("button", { className: "use", type: "button", onclick: () => take(model.canvas.suggestion) })
  const reason = h("p", { className: "reason" })
  const suggested = h("div", { className: "suggested" }, h("i", { "aria-hidden": "true" }), reason, use)
  const back = h("button", { className: "use quiet", type: "button", onclick: () => take(model.shown.before) })
  const head = h("div", { className: "head" },
    h("div", { className: "choose" }, h("label", { htmlFor: "exact", textContent: "Exact inactivity" }), field, back, problem),
    h("dl", { className: "numbers" }, Object.values(numbers).map(({ whole }) => whole)))

  // ---- the picture

  const still = shape("g"), grey = shape("path", { class: "bars between" }), blue = shape("path", { class: "bars inside", "clip-path": "url(#inside)" })
  const kept = shape("rect", { x: 0, y: 0, height: HISTOGRAM.bottom })
  const band = shape("rect", { class: "band", y: HISTOGRAM.top, height: HISTOGRAM.bottom - HISTOGRAM.top })
  const valley = shape("g", { class: "valley" }, shape("line"), shape("circle", { r: 4.5, cy: HISTOGRAM.bottom }))
  const ghost = shape("g", { class: "ghost" }, shape("line"), shape("text", { y: HISTOGRAM.top + 14 }))
  const left = shape("text", { class: "side inside", y: 25, "text-anchor": "end" }), right = shape("text", { class: "side", y: 25 })
  const pill = shape("rect", { class: "pill", y: 10, height: 22, rx: 11 }), pillText = shape("text", { class: "pill-text", y: 25, "text-anchor": "middle" })
  const dots = PANELS.map(() => shape("circle", { class: "dot", r: 4 })), values = PANELS.map(({ top }) => shape("text", { class: "value", y: top - 12 }))
  const line = shape("g", { class: "line", tabindex: 0, role: "slider", "aria-label": "Line at the inactivity", "aria-orientation": "horizontal", onkeydown: key, onkeyup: keyed, onblur: keyed },
    shape("line", { class: "stroke", y1: 30, y2: HEIGHT - 8 }), pill, pillText)
  const cover = shape("rect", { class: "cover", y: 0, height: HEIGHT, onpointerdown: down, onpointermove: move, onpointerup: up, onpointercancel: cancel, onpointerleave: () => { tip.hidden = true } })
  const svg = shape("svg", { height: HEIGHT }, shape("clipPath", { id: "inside" }, kept), still, grey, blue, band, valley, ghost, left, right, values, line, dots, cover)
  const tip = h("div", { className: "tip", hidden: true, "aria-hidden": "true" })
  const question = h("p", { className: "question" })
  const picture = h("div", { className: "picture" }, svg, tip)
  const notes = h("ul", { className: "notes" })
  const root = h("section", { className: "studio", "aria-label": "Inactivity studio" }, head, suggested, question, picture, notes)

  // ---- what follows from where the line stands

  function stand(next) {
    if (!next || !drawn) return
    at = next
    const { axis, panels } = drawn
    const x = Math.min(Math.max(axis.at(at.us), LEFT), drawn.right)
    const shown = comesTo(model.canvas, model.answer, at), { gaps } = model.canvas
    place(line, { transform: `translate(${x} 0)` })
    place(kept, { width: Math.max(0, x) })
    const from = axis.at(at.us * 0.95), to = axis.at(at.us * 1.05)
    place(band, { x: from, width: Math.max(0, to - from) })
    pillText.textContent = at.text
    const wide = 20 + 7.4 * at.text.length
    place(pill, { x: -wide / 2, width: wide })
    const between = shown.sessions.value - model.canvas.always
    const inside = gaps ? 1 - between / gaps : null
    left.textContent = inside == null || x - LEFT < 190 ? "" : `inside sessions ${percentText(inside)}`
    right.textContent = inside == null || drawn.right - x < 200 ? "" : `between sessions ${percentText(1 - inside)}`
    place(left, { x: x - wide / 2 - 8 })
    place(right, { x: x + wide / 2 + 8 })
    const texts = textsOf(shown)
    PANELS.forEach(({ key, title }, i) => {
      const { value } = shown[key]
      dots[i].style.display = value == null ? "none" : ""
      if (value != null) place(dots[i], { cx: x, cy: panels[key].at(value) })
      values[i].textContent = texts[key]
      place(values[i], { x: LEFT + 12 + 7 * title.length })
    })
    numbers.sessions.value.textContent = shown.least + texts.sessions
    numbers.near.value.textContent = texts.near
    numbers.near.below.textContent = gaps ? `${percentText(shown.near.value / gaps)} of all gaps` : ""
    numbers.median.value.textContent = texts.median
    numbers.share.value.textContent = texts.share
    const compare = moving ? standing : model.shown.before ? { text: model.shown.before, us: lengthOf(model.shown.before) } : null
    numbers.sessions.below.textContent = compare && compare.us !== at.us ? difference(model.canvas, shown.sessions, compare) : ""
    field.value = at.text
    field.removeAttribute("aria-invalid")
    problem.textContent = ""
    const step = nearest(model.canvas, at.us)
    place(line, {
      "aria-valuemin": 0, "aria-valuemax": model.canvas.steps.lengths.length - 1, "aria-valuenow": step,
      "aria-valuetext": `${at.text}: ${shown.least}${texts.sessions} sessions, median ${texts.median}, ${texts.share} of one event`,
    })
    paintGhost(compare, x)
  }

  function paintGhost(other, x) {
    const there = other && other.us !== at.us
    ghost.style.display = there ? "" : "none"
    if (!there) return
    const to = drawn.axis.at(other.us), before = to < x
    const [stroke, text] = ghost.children
    place(stroke, { x1: to, x2: to, y1: HISTOGRAM.top, y2: HEIGHT - 8 })
    place(text, { x: before ? to - 6 : to + 6, "text-anchor": before ? "end" : "start" })
    text.textContent = `${moving ? "now" : "before"} ${other.text}`
  }

  // ---- dragging

  const stepAt = (i) => ({ us: model.canvas.steps.lengths[i], text: model.canvas.steps.texts[i] })

  function under(event) {
    const x = event.clientX - svg.getBoundingClientRect().left
    const us = drawn.axis.value(Math.min(Math.max(x, LEFT), drawn.right))
    if (!event.altKey) return stepAt(nearest(model.canvas, us))
    const text = lengthText(us)
    return { us: lengthOf(text), text }
  }

  function rest() {
    clearTimeout(waiting)
    waiting = setTimeout(() => say({ ask: at.text }), REST)
  }

  function down(event) {
    if (event.button !== 0 || !drawn || !model.canvas.steps.lengths.length) return
    cover.setPointerCapture(event.pointerId)
    event.preventDefault()
    line.focus({ preventScroll: true })
    moving = true
    tip.hidden = true
    root.classList.add("moving")
    stand(under(event))
  }

  function move(event) {
    if (!moving) { hover(event); return }
    const next = under(event)
    if (next.us !== at.us) { stand(next); rest() }
  }

  function settle() {
    clearTimeout(waiting)
    moving = false
    root.classList.remove("moving")
  }

  function up() {
    if (!moving) return
    settle()
    if (at.us !== standing.us) take(at.text)
    else stand(standing)
  }

  function cancel() {
    if (!moving) return
    settle()
    stand(standing)
  }

  function key(event) {
    const { lengths } = model.canvas.steps, here = nearest(model.canvas, at.us)
    const exactly = lengths[here] === at.us
    const to = {
      ArrowRight: exactly || lengths[here] < at.us ? here + 1 : here, ArrowUp: exactly || lengths[here] < at.us ? here + 1 : here,
      ArrowLeft: exactly || lengths[here] > at.us ? here - 1 : here, ArrowDown: exactly || lengths[here] > at.us ? here - 1 : here,
      PageUp: here + 5, PageDown: here - 5, Home: 0, End: lengths.length - 1,
    }[event.key]
    if (event.key === "Escape" && moving) { cancel(); event.stopPropagation(); event.preventDefault(); return }
    if (to == null || !lengths.length || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    moving = true
    stand(stepAt(Math.min(Math.max(to, 0), lengths.length - 1)))
    rest()
  }

  function keyed() {
    if (!root.classList.contains("moving")) up()
  }

  function take(text) {
    if (text) say({ take: text })
  }

  function hover(event) {
    const box = svg.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top
    const us = drawn?.axis.value(x)
    const bar = y < HISTOGRAM.bottom ? model.canvas.bars?.find(([low, high]) => us >= low && us < high) : null
    tip.hidden = !bar
    if (!bar) return
    tip.textContent = `${durationText(bar[0])} to ${durationText(bar[1])}: ${countText(bar[2])} gap${bar[2] === 1 ? "" : "s"}`
    tip.style.left = `${Math.min(Math.max(x, 90), box.width - 90)}px`
    tip.style.top = `${Math.max(y - 40, 34)}px`
  }

  // ---- values come down

  function paint() {
    const width = Math.floor(picture.clientWidth)
    const { canvas } = model
    if (!canvas.axis?.low || width < 120) return
    place(svg, { width, viewBox: `0 0 ${width} ${HEIGHT}` })
    place(cover, { width })
    drawn = drawStill(still, canvas, width)
    const bars = barsPath(canvas.bars, drawn.axis)
    for (const each of [grey, blue]) each.setAttribute("d", bars)
    const x = canvas.suggestion ? drawn.axis.at(lengthOf(canvas.suggestion)) : 0
    valley.style.display = canvas.suggestion ? "" : "none"
    place(valley.children[0], { x1: x, x2: x, y1: HISTOGRAM.top + 26, y2: HISTOGRAM.bottom })
    place(valley.children[1], { cx: x })
    question.textContent = canvas.of
    reason.textContent = canvas.reason
    suggested.classList.toggle("none", !canvas.suggestion)
    notes.replaceChildren(...canvas.notes.map((text) => h("li", { textContent: text })))
    paintButtons()
    stand(moving ? at : standing)
  }

  function paintButtons() {
    const { suggestion } = model.canvas, { before, text } = model.shown
    use.hidden = !suggestion || suggestion === text
    use.textContent = `Use ${suggestion}`
    back.hidden = !before
    back.textContent = `Back to ${before}`
  }

  draw(model, ["canvas"], paint)
  draw(model, ["shown"], () => {
    const typed = field.value
    standing = { us: model.shown.us, text: model.shown.text }
    paintButtons()
    if (!moving) stand(standing)
    if (model.shown.error) {
      field.value = typed
      field.setAttribute("aria-invalid", "true")
      problem.textContent = model.shown.error
    }
  })
  draw(model, ["answer"], () => { if (model.answer.text === at.text) stand(at) })
  new ResizeObserver(() => requestAnimationFrame(paint)).observe(picture)
  return root
}
