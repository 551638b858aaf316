export function render({ model }) {
  const select = h("select", { className: "field", id: "column", onchange: () => model.send_msg({ column: select.value }) })
  const said = h("p", { className: "said" }), note = h("p", { className: "said" }), hint = h("p", { className: "said" }), nothing = h("p", { className: "nothing" })
  const head = h("tr"), body = h("tbody", { onclick: pick, onkeydown: walk })
  const scroller = h("div", { className: "scroller" }, h("table", { role: "grid", "aria-multiselectable": "true", "aria-label": "Actors by property" }, h("thead", {}, head), body))
  const root = h("div", { className: "properties" },
    h("div", { className: "above" }, h("label", { htmlFor: "column", textContent: "By" }), select, said), note, scroller, hint, nothing)
  const COLUMNS = [
    ["Value", "left", ""], ["Time in session", "left", "Grey: all sessions; blue: the selected ones"], ["Share", "right", "Of all time of the selected sessions"],
    ["Actors", "right", ""], ["Median per actor", "right", "The median time in session of these actors"], ["Mean per actor", "right", "The mean time in session of these actors"],
    ["Sessions per actor", "right", "The mean number of sessions"],
  ]

  function pick(event) {
    const row = event.target.closest("tr[data-place]")
    if (!row || !model.picks) return
    model.send_msg({ pick: Number(row.dataset.place), add: event.ctrlKey || event.metaKey || event.shiftKey })
  }

  function walk(event) {
    const row = event.target.closest("tr[data-place]")
    const target = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key]
    if (target) target.focus()
    else if (row && (event.key === "Enter" || event.key === " ")) pick(event)
    else return
    event.preventDefault()
  }

  function paintOptions() {
    select.replaceChildren(...model.options.map(([name, label]) => h("option", { value: name, textContent: label })))
    select.value = model.chosen
    select.disabled = model.options.length === 0
  }

  function paint() {
    const { rows = [], note: about = "", said: of = "", none = "" } = model.shown
    said.textContent = of
    note.textContent = about
    note.hidden = !about
    nothing.textContent = none
    hint.textContent = model.hint
    hint.hidden = rows.length === 0
    nothing.hidden = !none
    scroller.hidden = rows.length === 0
    head.replaceChildren(...COLUMNS.map(([title, side, help]) => h("th", { scope: "col", className: side, title: help, textContent: title })))
    const held = body.getRootNode().activeElement?.dataset?.place
    body.replaceChildren(...rows.map(({ value, quiet, all, selected, cells }, at) => h("tr", {
      tabIndex: at === 0 ? 0 : -1, "data-place": at, "aria-selected": String(model.held.includes(at)), className: model.picks ? "pick" : "",
    },
      h("th", { scope: "row", className: `left ${quiet ? "quiet" : ""}`, title: value }, h("span", { className: "words", textContent: value })),
      h("td", { className: "amount" }, h("div", { "aria-hidden": "true" }, h("i", { className: "ghost", style: `--share: ${all}` }), h("i", { className: "front", style: `--share: ${selected}` })), h("span", { textContent: cells[0] })),
      ...cells.slice(1).map((text) => h("td", { className: "right", textContent: text })))))
    if (held != null) body.rows[Number(held)]?.focus()
    root.setAttribute("aria-busy", String(model.busy))
    root.classList.toggle("busy", model.busy)
  }

  draw(model, ["options", "chosen"], paintOptions)
  draw(model, ["shown", "busy", "picks", "held", "hint"], paint)
  return root
}
