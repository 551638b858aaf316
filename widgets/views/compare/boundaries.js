export function render({ model }) {
  const title = h("h3"), away = h("p", { className: "aways" })
  const hint = h("p", { className: "hint" })
  const lanes = h("div", { className: "lanes" })
  const ends = h("div", { className: "ends" })
  const note = h("p", { className: "note" })
  const head = h("tr"), body = h("tbody")
  const table = h("table", { "aria-label": "Events on both sides" }, h("thead", {}, head), body)
  const { frame, scroller } = framed(table, "Events")
  const more = h("button", { type: "button", className: "more", onclick: () => model.send_msg({ more: true }) })
  const root = h("section", { className: "boundaries", "aria-label": "Events of the session" }, title, away, hint, lanes, ends, note, frame, more)
  let last = null

  const share = (number) => `${100 * number}%`

  function lane(sessions, at) {
    const bars = sessions.map((session, number) => h("i", {
      className: number % 2 ? "bar odd" : "bar", title: session.id, style: `left: ${share(session.from)}; width: ${share(session.to - session.from)}`,
    }))
    return h("div", { className: "lane", style: `--color: ${model.colors[at]}` }, h("span", { textContent: model.names[at], title: model.names[at] }),
      h("div", { className: "track", role: "img", "aria-label": `${model.names[at]}: ${sessions.length} session${sessions.length === 1 ? "" : "s"}` }, bars))
  }

  // A side's rail beside the events: it breaks where the side begins a session, and is not there where an event is in none.
  function rail(row, at, previous, next) {
    const number = row.rails[at]
    const inside = h("i", { className: ["rail", number < 0 ? "out" : number % 2 ? "odd" : "", number !== previous?.rails[at] && "opens", number !== next?.rails[at] && "closes"].filter(Boolean).join(" ") })
    const label = row.labels?.[at] ?? ""
    const told = number < 0 && !row.skipped ? h("small", { textContent: "in none" }) : label ? h("small", { textContent: label, title: label }) : null
    return h("td", { className: "side", style: `--color: ${model.colors[at]}` }, h("div", {}, inside, told))
  }

  // Beside the words on a boundary: the rail of a side that has none there.
  function goesOn(row, at, previous) {
    const on = row.rails[at] >= 0 && row.rails[at] === previous?.rails[at]
    const inside = h("i", { className: row.rails[at] % 2 ? "rail odd" : "rail" })
    return h("td", { className: "side", style: `--color: ${model.colors[at]}` }, on ? h("div", {}, inside) : null)
  }

  function line(row, place, rows) {
    const rails = [0, 1].map((at) => rail(row, at, rows[place - 1], rows[place + 1]))
    if (row.skipped) {
      const open = h("button", { type: "button", className: "skip", "data-at": row.at, textContent: `Show ${row.skipped} more events`, onclick: () => model.send_msg({ open: row.at }) })
      return [h("tr", { className: "skipped" }, rails, h("td", { colSpan: model.shown.columns.length }, open))]
    }
    const cells = row.cells.map((text, at) => h("td", { className: at === 1 ? "right" : "" }, h("span", { className: "words", textContent: text, title: text })))
    const border = row.border ? h("tr", { className: row.differs ? "border differs" : "border" },
      [0, 1].map((at) => goesOn(row, at, rows[place - 1])), h("td", { colSpan: cells.length }, h("span", { textContent: row.border }))) : null
    return [border, h("tr", {}, rails, cells)].filter(Boolean)
  }

  function paint() {
    const { title: words = "", rows = [], columns = [], left = "", lanes: both = [], ticks = [], ends: times = [], note: unsaid = "", links = [] } = model.shown
    const some = rows.length > 0
    const focused = table.getRootNode().activeElement?.dataset?.at
    title.textContent = words
    note.textContent = unsaid
    hint.textContent = some ? "" : model.hint
    away.replaceChildren(...anchors(links))
    away.hidden = !links.length
    title.hidden = lanes.hidden = ends.hidden = frame.hidden = !some
    lanes.replaceChildren(...both.map(lane))
    if (both.length) lanes.children[0].after(h("div", { className: "lane events", "aria-hidden": "true" }, h("span", { textContent: "events" }), h("div", { className: "track" }, ticks.map((at) => h("i", { className: "tick", style: `left: ${share(at)}` })))))
    ends.replaceChildren(...times.map((text) => h("span", { textContent: text })))
    plainHead(head, [
      ...model.names.map((title, at) => ({ title, look: "side", before: [h("i", { className: "rail", style: `--color: ${model.colors[at]}` })] })),
      ...columns.map((title, at) => ({ title, align: at === 1 ? "right" : "left" }))])
    body.replaceChildren(...rows.flatMap(line))
    more.hidden = !left
    more.textContent = `Show more of the ${left} events that follow`
    if (focused) ([...body.querySelectorAll("button")].find((each) => each.dataset.at === focused) ?? scroller).focus()
    if (some && words !== last) {
      if (last !== null) root.scrollIntoView({ block: "nearest", behavior: "smooth" })
    }
    last = words
  }

  draw(model, ["shown", "names", "colors", "hint"], paint)
  return root
}
