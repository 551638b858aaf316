export function render({ model }) {
  const select = dropdown({ id: "column", onchange: () => model.send_msg({ column: select.value }) })
  const said = h("p", { className: "said" }), note = h("p", { className: "said" }), hint = h("p", { className: "said" }), nothing = h("p", { className: "nothing" })
  const head = h("tr"), body = h("tbody", { onclick: pick, onkeydown: walkRows((event) => pick(event)) })
  const { frame: scroller } = framed(h("table", { role: "grid", "aria-multiselectable": "true", "aria-label": "Actors by property" }, h("thead", {}, head), body))
  const root = h("div", { className: "properties" },
    h("div", { className: "above" }, h("label", { htmlFor: "column", textContent: "By" }), select, said), note, scroller, hint, nothing)
  const COLUMNS = [
    { title: "Value", align: "left", help: "", sortable: false }, { title: "Time in session", align: "left", help: "Grey: all sessions; blue: the selected ones", sortable: false }, { title: "Share", align: "right", help: "Of all time of the selected sessions", sortable: false },
    { title: "Actors", align: "right", help: "", sortable: false }, { title: "Median per actor", align: "right", help: "The median time in session of these actors", sortable: false }, { title: "Mean per actor", align: "right", help: "The mean time in session of these actors", sortable: false },
    { title: "Sessions per actor", align: "right", help: "The mean number of sessions", sortable: false },
  ]

  function pick(event) {
    const row = rowOf(event)
    if (!row || !model.picks) return
    model.send_msg({ pick: Number(row.dataset.place), add: event.ctrlKey || event.metaKey || event.shiftKey })
  }

  function paintOptions() {
    setOptions(select, model.options)
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
    paintHead(head, { columns: COLUMNS, sort: ["", false] })
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
