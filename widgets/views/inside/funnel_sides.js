// A funnel for each value of a dimension: a column each, a row for each step. A cell brushes the value and the step.
function funnelSides(model) {
  const title = h("h4")
  const result = h("p", { className: "result" })
  const note = h("p", { className: "note" })
  const table = h("div", { className: "sides", role: "table" })
  const root = h("section", { className: "beside" }, title, result, h("div", { className: "scroll", tabIndex: 0, role: "region" }, table), note, numbersOf(model, "sides", "the values side by side", () => ({})))

  function head({ label, count, tip, pressed, can }, at) {
    const inside = [h("b", { textContent: label }), h("small", { textContent: count })]
    const act = can ? h("button", { type: "button", title: tip, "aria-pressed": String(pressed), "data-key": `head ${at}`, onclick: () => model.send_msg({ side: [at, 0, 0] }) }, inside) : h("div", { title: tip }, inside)
    return h("div", { className: "head", role: "columnheader" }, act)
  }

  function cell({ count, share, width, ghost, tip, pressed, can }, at, row, last) {
    const inside = [
      h("b", { textContent: share }), h("small", { textContent: count }),
      h("span", { className: "track" }, h("i", { className: "ghost", style: `--width: ${ghost}` }), h("i", { className: "now", style: `--width: ${width}` })),
    ]
    const act = (event) => model.send_msg({ side: event.shiftKey && row < last ? [at, row, row] : [at, row, last] })
    const element = can ? h("button", { type: "button", title: tip, "aria-label": tip, "aria-pressed": String(pressed), "data-key": `cell ${row} ${at}`, onclick: act }, inside) : h("div", { title: tip }, inside)
    return h("div", { className: "cell", role: "cell" }, element)
  }

  function paint() {
    const { title: said = "", result: comes = "", note: of = "", heads, rows, ghosts } = model.shown.sides ?? {}
    root.hidden = !heads || Boolean(model.problem)
    if (root.hidden) return
    title.textContent = said
    result.textContent = comes
    result.hidden = !comes
    title.hidden = Boolean(comes)
    note.textContent = of
    note.hidden = !of
    root.classList.toggle("ghosts", Boolean(ghosts))
    table.setAttribute("aria-label", said)
    root.querySelector(".scroll").setAttribute("aria-label", said)
    table.style.setProperty("--columns", heads.length)
    keepFocus(root, () => table.replaceChildren(
      h("div", { className: "row", role: "row" }, h("div", { className: "step", role: "columnheader" }), heads.map(head)),
      ...rows.map(({ label, cells }, at) => h("div", { className: "row", role: "row" }, h("div", { className: "step", role: "rowheader", textContent: label, title: label }), cells.map((each, side) => cell(each, side, at + 1, rows.length)))),
    ))
  }

  draw(model, ["shown", "problem"], paint)
  return root
}

// What else is asked of a funnel, each as a list to choose from.
function funnelAsks(model) {
  const root = h("div", { className: "asks" })

  function paint() {
    const fields = Object.entries(model.asked)
    root.hidden = !fields.length
    keepFocus(root, () => root.replaceChildren(...fields.map(([name, { label, value, options }]) => {
      const select = dropdown({ "data-key": name, onchange: () => model.send_msg({ field: [name, select.value] }) }, options.flatMap((each) => (each[0] === "" && Array.isArray(each[1]) ? each[1] : [each])))
      select.value = value
      return h("label", { className: "ask" }, h("span", { textContent: label }), select)
    })))
  }

  draw(model, ["asked"], paint)
  return root
}
