export function render({ model }) {
  const svg = s("svg", { role: "group", "aria-label": "Paths of sessions" })
  const tip = h("div", { className: "tip", role: "status" })
  const stage = h("div", { className: "stage" }, svg, tip)
  const scroller = h("div", { className: "flow", tabIndex: 0, role: "region", "aria-label": "Paths" }, stage)
  const nothing = empty("No session is selected.")
  const note = h("p", { className: "note" }), result = h("p", { className: "result" }), problem = h("p", { className: "problem", role: "alert" })
  const title = h("h3", { textContent: "Most frequent whole paths" }), covered = h("p", { className: "note" })
  const list = h("div", { className: "bars", role: "group", "aria-label": "Most frequent whole paths" })
  const pages = pagesOf("Pages of whole paths", (bars, from) => keepFocus(list, () => list.replaceChildren(...bars.map((bar, at) => {
    const row = barRow({ ...bar, faded: model.shown.whole.some(({ pressed }) => pressed) }, () => model.send_msg({ path: from + at }))
    row.dataset.key = `path ${from + at}`
    return row
  }))), 10)
  const ways = numbersOf(model, "steps", "the ways from step to step", () => ({ ...model.shown.table, lefts: [0, 1, 2] }), (key) => model.send_msg({ link: key }))
  const whole = h("section", { className: "whole" }, title, list, pages.root, covered, numbersOf(model, "whole", "the whole paths", () => null))
  const more = h("button", { className: "plain", type: "button", onclick: () => model.send_msg({ more: true }) }, icon("add"), "Add paths")
  const remove = h("button", { className: "plain", type: "button", onclick: () => model.send_msg({ remove: true }) }, icon("close"), "Remove")
  const found = h("div", { className: "found" }, result, scroller, nothing, note, ways, whole)
  const root = h("div", { className: "panel" }, pathAsks(model), problem, found, h("div", { className: "foot" }, more, remove))

  let letters = 18

  function say(element, text) {
    element.addEventListener("pointerenter", () => { tip.textContent = text; tip.classList.add("seen") })
    element.addEventListener("pointermove", (event) => {
      const box = stage.getBoundingClientRect()
      const x = event.clientX - box.left, y = event.clientY - box.top
      tip.style.left = `${Math.max(0, Math.min(x + 14, box.width - tip.offsetWidth - 4))}px`
      tip.style.top = `${y + 18}px`
    })
    element.addEventListener("pointerleave", () => tip.classList.remove("seen"))
    return element
  }

  function lit(test) {
    for (const path of svg.querySelectorAll(".ribbon")) path.classList.toggle("off", !test(path.dataset))
  }

  function nodeOf(place) {
    const { step, at, kind, x, y, high, held, n, label, share, color, pressed } = place
    const fill = color ? `fill: ${color}` : null
    const brush = (event) => model.send_msg({ node: [step, at, event.shiftKey] })
    const group = s("g", {
      class: `node brush ${kind}${pressed ? " pressed" : ""}`, role: "button", tabindex: 0,
      "aria-label": place.tip, "aria-pressed": String(pressed), "data-key": `${step} ${at}`,
      onclick: brush, onkeydown: (event) => {
        if (event.key === "Enter" || event.key === " ") { brush(event); event.preventDefault() }
      },
    },
      s("rect", { class: "hit", x: x - 4, y: y - 6, width: ROOM, height: Math.max(high, 2) + 12 }),
      model.shown.brushed ? s("rect", { class: "block faint", x, y, width: THICK, height: Math.max(high, 1.5), rx: 2, style: fill }) : null,
      s("rect", { class: "block", x, y, width: THICK, height: held ? Math.max(high * held / n, 1.5) : 0, rx: 2, style: fill }),
      s("text", { x: x + THICK + 6, y: y + Math.max(high, 2) / 2, dy: "0.34em" }, clipped(label), s("tspan", { dx: 6, class: "few" }, share)))
    group.addEventListener("pointerenter", () => lit((data) => data.from === `${step} ${at}` || data.to === `${step} ${at}`))
    group.addEventListener("pointerleave", () => lit(() => true))
    return say(group, `${place.tip}. Click to select; Shift adds.`)
  }

  // As many letters as there is room for up to the next column.
  const clipped = (text) => text.length > letters ? `${text.slice(0, letters - 1)}…` : text

  function ribbonOf(ribbon) {
    const { from, to, step, a, b, n, held, pressed } = ribbon
    const style = from.color && to.kind !== "end" ? `stroke: ${from.color}` : null
    const kind = to.kind === "end" || from.kind === "end" ? "end" : from.kind
    const thick = (part) => Math.max(ribbon.high * part, .75)
    const keys = { "data-from": `${from.step} ${from.at}`, "data-to": `${to.step} ${to.at}`, "aria-hidden": "true" }
    const path = s("path", {
      class: `ribbon ${kind}${model.shown.brushed ? " faint" : ""}${pressed ? " pressed" : ""}`, d: curve(ribbon), "stroke-width": thick(1), style, ...keys,
      onclick: () => model.send_msg({ link: from.step < to.step ? [step, a, b] : [step, b, a] }),
    })
    say(path, `${ribbon.tip}. Click to select.`)
    if (!model.shown.brushed || !held) return [path]
    return [path, s("path", { class: `ribbon held ${kind}`, d: curve(ribbon), "stroke-width": thick(held / n), style, ...keys })]
  }

  function paint() {
    const { columns, total, note: said = "", result: comes = "", whole: paths = [], covered: part = "" } = model.shown
    problem.textContent = model.problem
    found.hidden = Boolean(model.problem) || !columns
    root.classList.toggle("ghosts", Boolean(model.shown.ghosts))
    note.textContent = said
    result.textContent = comes
    covered.textContent = part
    nothing.hidden = !columns || total > 0
    scroller.hidden = whole.hidden = ways.hidden = !columns || !total
    tip.classList.remove("seen")
    pages.of(paths)
    if (found.hidden || !total) return
    const width = Math.max(scroller.clientWidth, columns.length * 150)
    const { nodes, ribbons, low, apart } = placed(model.shown, width)
    letters = Math.max(18, Math.min(36, Math.floor((apart - 80) / 7)))
    svg.setAttribute("width", width)
    svg.setAttribute("height", low)
    keepFocus(stage, () => svg.replaceChildren(
      ...columns.map(({ title: name }, column) => s("text", { class: "title", x: column * apart, y: 12 }, name)),
      ...ribbons.flatMap(ribbonOf), ...nodes.map(nodeOf)))
  }

  draw(model, ["shown", "problem"], paint)
  draw(model, ["last"], () => { more.hidden = !model.last })
  draw(model, ["removable"], () => { remove.hidden = !model.removable })
  model.on("handed", () => saveText(model.handed.text, `${model.handed.name}.csv`, "text/csv"))
  draw(model, ["busy"], () => root.classList.toggle("busy", model.busy))
  let wide = 0
  const seen = new ResizeObserver(() => {
    if (scroller.clientWidth !== wide) { wide = scroller.clientWidth; paint() }
  })
  seen.observe(root)
  model.on("remove", () => seen.disconnect())
  return root
}
