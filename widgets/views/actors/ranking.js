export function render({ model }) {
  const tell = (wish) => model.send_msg(wish)
  let typing = null
  const head = h("tr"), body = h("tbody", { onclick: (event) => pick(event), onkeydown: walkRows((event) => pick(event)) })
  const table = h("table", { "aria-multiselectable": "true", role: "grid", "aria-label": "Actors" }, h("thead", {}, head), body)
  const { frame, scroller } = framed(table)
  const said = h("p", { className: "said" }), hint = h("p", { className: "said hint" })
  const nothing = h("p", { className: "nothing", role: "status" })
  const search = searchField("Search actors", {
    oninput: () => { clearTimeout(typing); typing = setTimeout(() => tell({ query: search.value, page: 0 }), 200) },
    onkeydown: (event) => { if (event.key === "Escape" && search.value) { search.value = ""; tell({ query: "", page: 0 }); event.stopPropagation(); event.preventDefault() } },
  })
  const top = h("div", { className: "above" }, said, search)
  const pager = pagerOf("Pages of actors", (page) => tell({ page }), { lead: [hint] })

  function pick(event) {
    const row = rowOf(event)
    if (!row || !model.picks || (getSelection()?.type === "Range" && !event.shiftKey)) return
    getSelection()?.removeAllRanges()
    tell({ pick: Number(row.dataset.place), add: event.ctrlKey || event.metaKey, span: event.shiftKey })
  }

  const sorted = () => paintHead(head, { columns: model.columns, sort: model.sort, ask: (sort) => tell({ sort, page: 0 }), first: () => true })

  function cell(value, { kind }) {
    const [text, share] = Array.isArray(value) ? value : [value, null]
    const words = h("span", { className: "words", textContent: text, title: kind === "text" ? text : "" })
    return h("td", { className: `${kind === "text" ? "left" : "right"} of-${kind}` },
      kind === "bar" ? h("i", { "aria-hidden": "true", style: `--share: ${share}` }) : null, words)
  }

  function paintRows() {
    const held = scroller.getRootNode().activeElement?.dataset?.place
    const chosen = new Set(model.chosen)
    body.replaceChildren(...model.rows.map((row, at) =>
      h("tr", { tabIndex: at === 0 ? 0 : -1, "data-place": at, "aria-selected": String(chosen.has(at)) }, model.columns.map((column, i) => cell(row[i], column)))))
    if (held != null) body.rows[Number(held)]?.focus()
    nothing.hidden = model.rows.length > 0
    nothing.textContent = model.empty
  }

  function paintPager() {
    pager.show({ page: model.page, size: model.page_size, total: model.total })
    said.textContent = model.said
    hint.textContent = model.hint
    table.setAttribute("aria-rowcount", model.total)
  }

  draw(model, ["columns", "sort"], sorted)
  draw(model, ["columns", "rows", "chosen", "empty"], paintRows)
  draw(model, ["page", "total", "said", "hint"], paintPager)
  return h("div", { className: "frame" }, top, frame, nothing, pager.root)
}
