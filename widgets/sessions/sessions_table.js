
export function render({ model }) {
  const tell = (wish) => model.send_msg(wish)
  const head = h("tr")
  const body = h("tbody", { onclick: (event) => pick(rowOf(event)), onkeydown: walk })
  const table = h("table", {}, h("thead", {}, head), body)
  const scroller = h("div", { className: "scroller", tabIndex: -1 }, table)
  const nothing = h("p", { className: "nothing", role: "status" })
  const range = h("span", { className: "range", role: "status" })
  const sizes = h("select", {
    className: "field", "aria-label": "Rows per page", onchange: () => tell({ page_size: Number(sizes.value), page: 0 }),
  }, [25, 50, 100].map((size) => h("option", { value: size, textContent: size })))
  const turn = (name, title, page) => h("button", {
    className: "icon", type: "button", title, "aria-label": title, onclick: () => tell({ page: page() }),
  }, icon(name))
  const first = turn("first", "First page", () => 0)
  const previous = turn("previous", "Previous page", () => model.page - 1)
  const next = turn("next", "Next page", () => model.page + 1)
  const last = turn("last", "Last page", () => pages() - 1)
  const pager = h("nav", { className: "pager", "aria-label": "Pages" },
    h("label", { className: "sizes" }, "Rows", sizes), range, h("div", { className: "turns" }, first, previous, next, last))
  const pages = () => Math.max(1, Math.ceil(model.total / model.page_size))
  const rowOf = (event) => event.target.closest("tbody tr[data-place]")

  function pick(row) {
    if (!row || getSelection()?.type === "Range") return
    const place = Number(row.dataset.place)
    tell({ selected: place === model.selected ? null : place })
  }

  function walk(event) {
    const row = rowOf(event)
    const target = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key]
    if (target) target.focus()
    else if (row && (event.key === "Enter" || event.key === " ")) pick(row)
    else return
    event.preventDefault()
  }

  function paintHead() {
    const [by, descending] = model.sort
    const focused = scroller.getRootNode().activeElement?.dataset?.column
    head.replaceChildren(...model.columns.map(({ name, title, align, kind, help, sortable = true }) => {
      const sorted = name === by
      const next = sorted ? !descending : kind === "number"
      const words = sortable
        ? h("button", {
          type: "button", title: help ?? "", "data-column": name, onclick: () => tell({ sort: [name, next], page: 0 }),
        }, h("span", { textContent: title }), icon(sorted && descending ? "down" : "up"))
        : h("span", { textContent: title, title: help ?? "" })
      const order = sorted ? (descending ? "descending" : "ascending") : "none"
      return h("th", {
        scope: "col", className: `${align ?? (kind === "number" ? "right" : "left")} ${sorted ? "sorted" : ""}`,
        "aria-sort": sortable ? order : null,
      }, words)
    }))
    if (model.action) head.append(h("td", { className: "hint", "aria-hidden": "true" }))
    if (focused) [...head.querySelectorAll("button")].find((button) => button.dataset.column === focused)?.focus()
  }

  function cell(text, { align, kind }) {
    const words = text == null ? "" : String(text)
    const inside = h("span", { className: kind === "tag" && words ? "tag" : "words", textContent: words })
    if (kind === "tag" && words) inside.style.setProperty("--hue", model.reasons[words]?.[1] ?? "var(--muted)")
    if (kind !== "number") inside.title = words
    return h("td", { className: `${align ?? (kind === "number" ? "right" : "left")} of-${kind ?? "text"}` }, inside)
  }

  // What a click does; it takes no room of its own and is silent, since a row says it itself.
  const hint = () => model.action ? h("td", { className: "hint", "aria-hidden": "true" }, h("span", { title: model.action }, icon("look"))) : null

  function paintRows() {
    body.replaceChildren(...model.rows.map((row, place) =>
      h("tr", { tabIndex: place === (model.selected ?? 0) ? 0 : -1, "data-place": place },
        model.columns.map((column, i) => cell(row[i], column)), hint())))
    if (!model.rows.length) {
      const waiting = () => h("tr", { className: "waiting" }, model.columns.map((column) => cell("0000000", { align: column.align, kind: column.kind === "number" ? "number" : "text" })))
      body.append(...Array.from({ length: 8 }, waiting))
    }
    nothing.hidden = model.rows.length > 0
    nothing.textContent = model.empty
    scroller.scrollTop = 0
    paintSelected()
  }

  function paintSelected() {
    for (const row of body.rows) {
      if (row.dataset.place) row.setAttribute("aria-selected", Number(row.dataset.place) === model.selected)
    }
  }

  function paintPager() {
    const from = model.page * model.page_size
    const to = Math.min(from + model.page_size, model.total)
    const written = (n) => n.toLocaleString("en-US")
    range.textContent = model.total ? `${written(from + 1)}–${written(to)} of ${written(model.total)}` : "0 of 0"
    sizes.value = model.page_size
    first.disabled = previous.disabled = model.page <= 0
    next.disabled = last.disabled = model.page >= pages() - 1
    table.setAttribute("aria-label", model.noun)
    table.setAttribute("aria-rowcount", model.total)
  }

  draw(model, ["columns", "sort", "action"], paintHead)
  draw(model, ["columns", "rows", "empty", "action"], paintRows)
  draw(model, ["selected"], paintSelected)
  draw(model, ["page", "page_size", "total", "noun"], paintPager)
  return h("div", { className: "frame" }, scroller, nothing, pager)
}
