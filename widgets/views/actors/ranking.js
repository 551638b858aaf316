export function render({ model }) {
  const tell = (wish) => model.send_msg(wish)
  let typing = null
  const head = h("tr"), body = h("tbody", { onclick: (event) => pick(event), onkeydown: walk })
  const table = h("table", { "aria-multiselectable": "true", role: "grid", "aria-label": "Actors" }, h("thead", {}, head), body)
  const scroller = h("div", { className: "scroller", tabIndex: -1 }, table)
  const said = h("p", { className: "said" }), hint = h("p", { className: "said hint" })
  const nothing = h("p", { className: "nothing", role: "status" })
  const search = h("input", {
    className: "field search", type: "search", placeholder: "Search actors", "aria-label": "Search actors", spellcheck: false, autocomplete: "off",
    oninput: () => { clearTimeout(typing); typing = setTimeout(() => tell({ query: search.value, page: 0 }), 200) },
    onkeydown: (event) => { if (event.key === "Escape" && search.value) { search.value = ""; tell({ query: "", page: 0 }); event.stopPropagation() } },
  })
  const range = h("span", { className: "range", role: "status" })
  const turn = (name, title, page) => h("button", { className: "icon", type: "button", title, "aria-label": title, onclick: () => tell({ page: page() }) }, icon(name))
  const pages = () => Math.max(1, Math.ceil(model.total / model.page_size))
  const first = turn("first", "First page", () => 0), previous = turn("previous", "Previous page", () => model.page - 1)
  const next = turn("next", "Next page", () => model.page + 1), last = turn("last", "Last page", () => pages() - 1)
  const top = h("div", { className: "above" }, said, search)
  const pager = h("nav", { className: "pager", "aria-label": "Pages of actors" }, hint, range, h("div", { className: "turns" }, first, previous, next, last))
  const rowOf = (event) => event.target.closest("tbody tr[data-place]")

  function pick(event) {
    const row = rowOf(event)
    if (!row || !model.picks || (getSelection()?.type === "Range" && !event.shiftKey)) return
    getSelection()?.removeAllRanges()
    tell({ pick: Number(row.dataset.place), add: event.ctrlKey || event.metaKey, span: event.shiftKey })
  }

  function walk(event) {
    const row = rowOf(event)
    const target = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key]
    if (target) target.focus()
    else if (row && (event.key === "Enter" || event.key === " ")) pick(event)
    else return
    event.preventDefault()
  }

  function paintHead() {
    const [by, descending] = model.sort
    const focused = scroller.getRootNode().activeElement?.dataset?.column
    head.replaceChildren(...model.columns.map(({ name, title, kind, help, sortable }) => {
      const sorted = name === by
      const words = sortable
        ? h("button", { type: "button", title: help ?? "", "data-column": name, onclick: () => tell({ sort: [name, sorted ? !descending : true], page: 0 }) },
          h("span", { textContent: title }), icon(sorted && descending ? "down" : "up"))
        : h("span", { textContent: title, title: help ?? "" })
      return h("th", { scope: "col", className: `${kind === "number" || kind === "bar" ? "right" : "left"} ${sorted ? "sorted" : ""}`, "aria-sort": sorted ? (descending ? "descending" : "ascending") : null }, words)
    }))
    if (focused) [...head.querySelectorAll("button")].find((button) => button.dataset.column === focused)?.focus()
  }

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
    const from = model.page * model.page_size, to = Math.min(from + model.page_size, model.total)
    range.textContent = model.total ? `${countText(from + 1)}–${countText(to)} of ${countText(model.total)}` : "0 of 0"
    first.disabled = previous.disabled = model.page <= 0
    next.disabled = last.disabled = model.page >= pages() - 1
    said.textContent = model.said
    hint.textContent = model.hint
    table.setAttribute("aria-rowcount", model.total)
  }

  draw(model, ["columns", "sort"], paintHead)
  draw(model, ["columns", "rows", "chosen", "empty"], paintRows)
  draw(model, ["page", "total", "said", "hint"], paintPager)
  return h("div", { className: "frame" }, top, scroller, nothing, pager)
}
