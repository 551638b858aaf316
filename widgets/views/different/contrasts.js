export function render({ model }) {
  const tell = (wish) => model.send_msg(wish)
  let typing = null
  const lead = h("ul", { className: "lead" }), told = h("div", { role: "status" }, lead), who = h("p", { className: "said" }), how = h("p", { className: "said" })
  const nothing = h("div", { className: "nothing" })
  const search = searchField("Search differences", {
    oninput: () => { clearTimeout(typing); typing = setTimeout(() => tell({ query: search.value, page: 0 }), 200) },
    onkeydown: (event) => { if (event.key === "Escape" && search.value) { search.value = ""; tell({ query: "", page: 0 }); event.stopPropagation(); event.preventDefault() } },
  })
  const plain = (text, ask, name, title) => h("button", { className: "plain", type: "button", title, onclick: () => tell({ ask }) }, icon(name), h("span", { textContent: text }))
  const csv = plain("CSV", "csv", "save", "All differences as a file of CSV")
  const keep = plain("Use as the other group", "against", "copy", "Compare other sessions with those that are selected now: brush them next")
  const release = plain("", "others", "close", "Compare with all other sessions again")
  const tools = h("div", { className: "tools" }, search, keep, release, csv)
  const above = h("div", { className: "above" }, h("div", { className: "about" }, who, how), tools)

  const COLUMNS = (others) => [
    { name: "rank", title: "What", align: "left", help: "By how large the difference is at least" },
    { name: "here", title: "Selected", kind: "number", help: "Share of the selected sessions" },
    { name: "there", title: others, kind: "number", help: "Share of the sessions that they are compared with" },
    { name: "difference", title: "Difference", align: "left", help: "In percentage points, with its interval" },
    { name: "times", title: "Times as often", kind: "number", help: "The ratio, with its interval" },
  ]

  // Where the difference is, and where it may be, beside no difference.
  const forest = ({ at, low, high }) => h("div", { className: "forest", "aria-hidden": "true" },
    h("i", { className: "zero" }),
    low == null ? null : h("i", { className: "span", style: `--low: ${low}; --high: ${high}` }),
    h("i", { className: "dot", style: `--at: ${at}` }))

  const both = (text, share, kind) => h("td", { className: "right share" }, share == null ? null : h("i", { className: kind, "aria-hidden": "true", style: `--share: ${share}` }), h("span", { className: "words", textContent: text }))

  function line(row, at) {
    const picks = row.key !== ""
    return h("tr", {
      tabIndex: at === 0 ? 0 : -1, "data-place": at, "data-key": row.key, "aria-selected": String(row.held), className: `${picks ? "pick" : ""} ${row.told ? "" : "chance"}`,
    },
      h("th", { scope: "row", className: "left", title: `${row.what}: ${row.value}` }, h("small", { textContent: row.what }), h("span", { className: "words", textContent: row.value })),
      both(row.here, row.share_here, "front"), both(row.there, row.share_there, "ghost"),
      h("td", { className: "left apart" }, forest(row), h("span", {}, h("b", { textContent: row.difference }), h("small", { textContent: row.between || row.note }))),
      h("td", { className: "right" }, h("b", { textContent: row.times }), h("small", { textContent: row.times_between })))
  }

  function grid(label, picks) {
    const head = h("tr"), body = h("tbody", picks ? { onclick: pick, onkeydown: walkRows(pick) } : { onkeydown: walkRows() })
    const table = h("table", { role: "grid", "aria-multiselectable": "true", "aria-label": label }, h("thead", {}, head), body)
    return { head, body, table, ...framed(table) }
  }

  function pick(event) {
    const row = rowOf(event)
    if (!row || !row.dataset.key || (getSelection()?.type === "Range" && !event.shiftKey)) return
    getSelection()?.removeAllRanges()
    tell({ pick: row.dataset.key, add: event.ctrlKey || event.metaKey || event.shiftKey })
  }

  const main = grid("What is different", true), apart = grid("What the selection is made of", true), means = grid("Means of numbers", false)
  const hint = h("p", { className: "said hint" })
  const pager = pagerOf("Pages of differences", (page) => tell({ page }), { lead: [hint] })
  const none = h("p", { className: "said" })
  const titled = (text, about, its) => h("section", {}, h("h3", { textContent: text }), about, its.frame)
  const asideSaid = h("p", { className: "said" })
  const asides = titled("What the selection is made of", asideSaid, apart)
  const ofMeans = titled("Means of numbers", null, means)

  function fill(its, rows, columns) {
    const held = its.body.getRootNode().activeElement
    const key = held && its.body.contains(held) ? held.dataset.key ?? "" : null, place = held?.dataset?.place
    paintHead(its.head, { columns, sort: its === main && String(model.sort) !== "rank,false" ? model.sort : ["", false], ask: (sort) => tell({ sort, page: 0 }), first: ({ name }) => name !== "rank" })
    its.body.replaceChildren(...rows.map(line))
    its.frame.hidden = rows.length === 0
    if (key != null) ([...its.body.rows].find((row) => key && row.dataset.key === key) ?? its.body.rows[Math.min(Number(place), rows.length - 1)])?.focus()
  }

  function paint() {
    const { sentences = [], compared = "", counted = "", others = "Others", apart: aside = "", nothing: why = "", hint: words = "", none: empty = "" } = model.said
    lead.replaceChildren(...sentences.map((text) => h("li", { textContent: text })))
    lead.hidden = sentences.length === 0
    who.textContent = compared
    how.textContent = counted
    nothing.replaceChildren(h("p", { textContent: why }), h("div", { className: "starts" }, model.starts.map(([key, text]) => h("button", { type: "button", className: "plain", textContent: text, onclick: () => tell({ ask: `start ${key}` }) }))))
    nothing.hidden = !why
    above.hidden = Boolean(why) && !model.against
    for (const each of [csv, search]) each.hidden = Boolean(why)
    keep.hidden = !model.keeps
    release.hidden = !model.against
    release.lastChild.textContent = `Compared with ${model.against}`
    const columns = COLUMNS(others), fixed = columns.map((each) => ({ ...each, sortable: false }))
    fill(main, model.rows, columns)
    fill(apart, model.apart, fixed)
    fill(means, model.means, fixed.map((each) => each.name === "times" ? { ...each, title: "Times as much" } : each.name === "difference" ? { ...each, help: "With its interval" } : each))
    asides.hidden = model.apart.length === 0
    asideSaid.textContent = aside
    ofMeans.hidden = model.means.length === 0
    none.textContent = empty
    none.hidden = !empty
    hint.textContent = words
    pager.show({ page: model.page, size: model.page_size, total: model.total })
    pager.root.hidden = Boolean(why)
  }

  draw(model, ["rows", "apart", "means", "said", "starts", "against", "keeps", "total", "page", "sort"], paint)
  model.on("handed", () => saveText(model.handed.text, model.handed.name, "text/csv"))
  return h("div", { className: "frame" }, told, above, nothing, main.frame, none, pager.root, asides, ofMeans)
}
