// The numbers behind a chart: groups, their values, and how large each is beside the largest.
export function render({ model }) {
  const head = h("tr"), body = h("tbody"), note = h("p", { className: "note" })
  const table = h("table", {}, h("thead", {}, head), body)
  const scroller = h("div", { className: "scroller", tabIndex: 0, role: "region" }, table)

  function paint() {
    head.replaceChildren(...model.headings.map((text, i) => h("th", { scope: "col", className: i < model.keys ? "" : "number", textContent: text })))
    body.replaceChildren(...model.rows.map((row, at) => h("tr", {}, row.map((text, i) => {
      const cell = h(i ? "td" : "th", { className: i < model.keys ? "" : "number", textContent: text, ...(i ? {} : { scope: "row" }) })
      if (i === model.keys && model.shares[at] != null) cell.style.setProperty("--share", `${100 * model.shares[at]}%`)
      return cell
    }))))
    note.textContent = model.note
    note.hidden = !model.note
    scroller.setAttribute("aria-label", model.label)
  }

  draw(model, ["headings", "rows", "shares", "keys", "note", "label"], paint)
  return h("div", {}, scroller, note)
}
