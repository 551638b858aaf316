export function render({ model }) {
  const select = dropdown({ id: "column", onchange: () => select.value && model.send_msg({ column: select.value }) })
  const label = h("label", { htmlFor: "column", textContent: "Event label" })
  const missing = h("p", { className: "missing", role: "status" })
  const root = h("div", { className: "choice" }, missing, label, select)

  function paint() {
    const { columns, column } = model
    missing.textContent = model.missing
    missing.hidden = !model.missing
    root.classList.toggle("asks", Boolean(model.missing))
    root.hidden = columns.length === 0 && !model.missing
    label.hidden = select.hidden = columns.length === 0
    setOptions(select, column ? columns : [["", "Choose a column"], ...columns])
    select.value = column
  }

  draw(model, ["columns", "column", "missing"], paint)
  return root
}
