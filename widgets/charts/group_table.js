// The numbers behind a chart: groups, their values, and how large each is beside the largest.
export function render({ model }) {
  const head = h("tr"), body = h("tbody"), note = h("p", { className: "note" })
  const { frame, scroller } = framed(h("table", {}, h("thead", {}, head), body), " ")
  const pages = pagesOf("Pages of this table", paintRows, 12)
  const sideAt = (i) => i < model.keys ? "left" : "right"

  function paintRows(rows, from) {
    body.replaceChildren(...rows.map((row, at) => h("tr", {}, row.map((text, i) => {
      const cell = h(i ? "td" : "th", { className: sideAt(i), ...(i ? {} : { scope: "row" }) }, h("span", { className: "words", textContent: text, title: text }))
      const share = i === model.keys ? model.shares[from + at] : null
      if (share != null) {
        cell.classList.add("bar")
        cell.style.setProperty("--share", `${100 * share}%`)
      }
      return cell
    }))))
  }

  function paint() {
    plainHead(head, model.headings.map((title, i) => ({ title, align: sideAt(i) })))
    pages.of(model.rows)
    note.textContent = model.note
    note.hidden = !model.note
    scroller.setAttribute("aria-label", model.label)
  }

  draw(model, ["headings", "rows", "shares", "keys", "note", "label"], paint)
  return h("div", { className: "frame" }, frame, pages.root, note)
}
