export function render({ model }) {
  const table = h("table", { className: "after", "aria-label": "Next event" })
  const { frame } = framed(table, "Next event, as a table")
  const title = h("h3")
  const bars = h("div", { className: "bars", role: "group" })
  const head = h("tr"), names = h("tbody")
  const folded = h("table", { "aria-label": "What is in other" }, h("thead", {}, head), names)
  const pages = pagesOf("Pages of what is in other", (rows) => names.replaceChildren(...rows.map(([name, events]) => h("tr", {},
    h("th", { scope: "row", className: "left" }, h("span", { className: "words", textContent: name, title: name })), h("td", { className: "right", textContent: events })))), 12)
  plainHead(head, [{ title: "In other" }, { title: "Events in all sessions", align: "right" }])
  const inside = h("div", { className: "inside" }, folded, pages.root)
  const sides = h("div", { className: "sides" }, frame, h("div", { className: "one" }, title, bars, inside))
  const more = h("button", { className: "plain", type: "button", onclick: () => model.send_msg({ open: !model.shown.opened }) })
  const note = h("p", { className: "note" })
  const nothing = empty("There is no session.")
  const root = h("div", { className: "panel" }, sides, more, nothing, note)

  const headOf = ([text, title]) => h("th", { scope: "col", title }, h("span", { textContent: text }))
  const cell = ({ text, share, tip }) => h("td", { title: tip, style: `--share: ${share.toFixed(3)}`, className: share >= .6 ? "deep" : "", textContent: text })

  function row({ label, count, cells, pressed }) {
    const name = h("button", {
      type: "button", className: "name", title: `What comes after ${label}`, "aria-pressed": String(pressed), "data-key": label,
      onclick: () => model.send_msg({ chosen: label }),
    }, h("span", { textContent: label }), h("small", { textContent: count }))
    return h("tr", { className: pressed ? "chosen" : "" }, h("th", { scope: "row" }, name), cells.map(cell))
  }

  function paint() {
    const { heads = [], rows, note: said = "", chosen = "", bars: some = [], ghosts, folded: others = [], more: words = "" } = model.shown
    root.classList.toggle("ghosts", Boolean(ghosts))
    note.textContent = said
    nothing.hidden = !rows || rows.length > 0
    sides.hidden = !rows?.length
    sides.classList.toggle("many", heads.length > 9) // all columns in the whole width, the bars below
    inside.hidden = !others.length
    more.hidden = !words
    more.textContent = words
    pages.of(others)
    if (!rows) return
    keepFocus(root, () => {
      table.replaceChildren(
        h("thead", {}, h("tr", {}, h("th", { className: "corner", textContent: "After" }), heads.map(headOf))),
        h("tbody", {}, rows.map(row)))
    })
    title.replaceChildren("After ", h("b", { textContent: chosen }), " comes")
    bars.setAttribute("aria-label", `What comes after ${chosen}`)
    bars.replaceChildren(...some.map((bar) => barRow(bar)))
  }

  draw(model, ["shown"], paint)
  draw(model, ["busy"], () => root.classList.toggle("busy", model.busy))
  return root
}
