// The table of a session's events; a row and its mark in the strip light up together.
function eventsOf(model, tell, point) {
  const title = h("h3"), head = h("tr"), body = h("tbody")
  const table = h("table", { "aria-label": "Events of the session" }, h("thead", {}, head), body)
  const { frame } = framed(table)
  const pager = pagerOf("Pages of events", (page) => tell({ page }), { noun: "events", sizes: (size) => tell({ size }), hides: true })
  const patterns = patternsOf(model, tell)
  const root = h("section", { className: "part", "aria-label": "Events" }, title, patterns.root, frame, pager.root)
  let wanted = null

  body.addEventListener("pointerover", (event) => { const row = rowOf(event); if (row) point(Number(row.dataset.place)) })
  body.addEventListener("pointerleave", () => point(null))
  body.addEventListener("focusin", (event) => { const row = rowOf(event); if (row) point(Number(row.dataset.place)) })
  body.addEventListener("focusout", () => point(null))
  body.addEventListener("click", (event) => {
    const place = Number(rowOf(event)?.dataset.place ?? NaN)
    if (Number.isNaN(place) || getSelection()?.type === "Range") return
    if (event.shiftKey) patterns.extend(place)
    else patterns.start(place)
  })
  body.addEventListener("mousedown", (event) => { if (event.shiftKey) event.preventDefault() })
  body.addEventListener("keydown", marking)
  body.addEventListener("keydown", walkRows(null))

  // Space marks an event, Shift and an arrow one more, Escape lets go.
  function marking(event) {
    const its = rowOf(event)
    if (!its) return
    const by = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key]
    if (event.key === " ") patterns.start(Number(its.dataset.place))
    else if (event.key === "Escape" && patterns.any()) patterns.clear()
    else if (by && event.shiftKey && its[by]) {
      if (!patterns.any()) patterns.start(Number(its.dataset.place))
      patterns.extend(Number(its[by].dataset.place))
      for (const each of body.rows) each.tabIndex = each === its[by] ? 0 : -1
      its[by].focus()
    } else return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  function dress() {
    for (const each of body.rows) for (const [name, on] of Object.entries(patterns.looks(Number(each.dataset.place)))) each.classList.toggle(name, on)
  }
  patterns.watch(dress)

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
    dress()
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
