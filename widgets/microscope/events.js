// The table of a session's events; a row and its mark in the strip light up together.
function eventsOf(model, tell, point) {
  const title = h("h3"), head = h("tr"), body = h("tbody")
  const table = h("table", { "aria-label": "Events of the session" }, h("thead", {}, head), body)
  const { frame } = framed(table)
  const pager = pagerOf("Pages of events", (page) => tell({ page }), { noun: "events", sizes: (size) => tell({ size }), hides: true })
  const root = h("section", { className: "part", "aria-label": "Events" }, title, frame, pager.root)
  let wanted = null

  body.addEventListener("pointerover", (event) => { const row = rowOf(event); if (row) point(Number(row.dataset.place)) })
  body.addEventListener("pointerleave", () => point(null))
  body.addEventListener("focusin", (event) => { const row = rowOf(event); if (row) point(Number(row.dataset.place)) })
  body.addEventListener("focusout", () => point(null))
  body.addEventListener("keydown", walkRows(null))

  function cells(texts, at) {
    const { gaps, tags, codes, numeric } = model.events
    const named = model.head.legend.length > 0
    return [
      h("td", {}, named ? h("i", { className: `dot c${codes[at]}` }) : null, written(model.events.page * model.events.size + at + 1)),
      h("td", { className: "right", textContent: gaps[at] }),
      h("td", {}, tags[at].map((tag) => reason(model, tag))),
      ...texts.map((text, i) => h("td", { className: numeric[i] ? "right" : "" }, text === "" ? h("em", { textContent: "none" }) : h("span", { className: "words", textContent: text, title: text }))),
    ]
  }

  function paint() {
    const { columns, rows, places, total, numeric } = model.events
    if (!rows || !model.head.id) return
    title.textContent = total === 1 ? "The session's only event" : `The session's ${written(total)} events`
    plainHead(head, [
      { title: "Event" }, { title: "Gap before", align: "right" }, { title: "Boundary" },
      ...columns.map((title, i) => ({ title, align: numeric[i] ? "right" : "left" }))])
    body.replaceChildren(...rows.map((texts, at) => h("tr", { tabIndex: at ? -1 : 0, "data-place": places[at] }, cells(texts, at))))
    pager.show(model.events)
    table.setAttribute("aria-rowcount", total)
    if (wanted != null) find(wanted)
  }

  const row = (place) => [...body.rows].find((each) => each.dataset.place === String(place))
  function mark(place) {
    for (const each of body.rows) each.classList.toggle("now", each.dataset.place === String(place))
  }
  // Bring an event's row into view; its page is asked for where it is another.
  function find(place) {
    const found = row(place)
    wanted = found ? null : place
    if (!found) return tell({ row: place })
    mark(place)
    found.scrollIntoView({ block: "nearest" })
  }
  draw(model, ["events"], paint)
  return { root, mark, find }
}
