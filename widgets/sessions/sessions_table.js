
export function render({ model }) {
  const tell = (wish) => model.send_msg(wish)
  const head = h("tr")
  const body = h("tbody", { onclick: (event) => pick(event), onkeydown: walkRows((event) => pick(event)) })
  const table = h("table", {}, h("thead", {}, head), body)
  const { frame, scroller } = framed(table)
  const nothing = h("p", { className: "nothing", role: "status" })
  const pager = pagerOf("Pages", (page) => tell({ page }), { sizes: (size) => tell({ page_size: size, page: 0 }) })
  const [chooser, choices] = menu("Columns", (close) => [...ticks(), h("hr"), choice("Show all columns", () => { close(); tell({ hidden: [] }) }, { disabled: !model.hidden.length }), model.linkable ? choice("Links to other tools …", () => { close(); tell({ linked: true }) }) : null])
  const corner = h("td", { className: "hint" }, h("span", {}, chooser, choices))
  const shown = () => model.columns.map((column, at) => [column, at]).filter(([{ name }, at]) => !at || !model.hidden.includes(name))

  // The first column stands: it says which session a row is.
  function ticks() {
    return model.columns.slice(1).map(({ name, title }) => {
      const on = !model.hidden.includes(name)
      const tick = h("button", {
        type: "button", role: "menuitemcheckbox", "aria-checked": String(on), "data-name": name,
        onclick: () => tell(on ? { hide: name } : { unhide: name }),
      }, h("span", { textContent: title }), on ? icon("check") : null)
      return tick
    })
  }

  function pick(event) {
    const row = rowOf(event)
    if (!row || getSelection()?.type === "Range") return
    const place = Number(row.dataset.place)
    tell({ selected: place === model.selected ? null : place })
  }

  function sorted() {
    paintHead(head, {
      columns: shown().map(([column]) => column), sort: model.sort, ask: (sort) => tell({ sort, page: 0 }),
      first: ({ kind }) => kind === "number", last: corner,
    })
  }

  function cell(text, column) {
    const { kind } = column
    if (kind === "links") return h("td", { className: "left of-links" }, h("span", {}, anchors(text)))
    const words = text == null ? "" : String(text)
    const inside = h("span", { className: kind === "tag" && words ? "tag" : "words", textContent: words })
    if (kind === "tag" && words) inside.style.setProperty("--hue", model.reasons[words]?.[1] ?? "var(--muted)")
    if (kind !== "number") inside.title = words
    // Of an id that is cut the number stays: it tells the actor's sessions apart.
    const cut = kind === "id" ? words.lastIndexOf("/") : -1
    if (cut > 0) {
      inside.textContent = words.slice(0, cut)
      return h("td", { className: `${sideOf(column)} of-id` }, h("span", { className: "id" }, inside, h("span", { className: "number", textContent: words.slice(cut), title: words })))
    }
    return h("td", { className: `${sideOf(column)} of-${kind ?? "text"}` }, inside)
  }

  // What a click does; it takes no room of its own and is silent, since a row says it itself.
  const hint = () => h("td", { className: "hint", "aria-hidden": "true" }, model.action ? h("span", { title: model.action }, icon("look")) : null)

  function paintRows() {
    body.replaceChildren(...model.rows.map((row, place) =>
      h("tr", { tabIndex: place === (model.selected ?? 0) ? 0 : -1, "data-place": place },
        shown().map(([column, at]) => cell(row[at], column)), hint())))
    if (!model.rows.length) {
      const waiting = () => h("tr", { className: "waiting" }, shown().map(([column]) => cell("0000000", { align: column.align, kind: column.kind === "number" ? "number" : "text" })))
      body.append(...Array.from({ length: 8 }, waiting))
    }
    nothing.hidden = model.rows.length > 0
    nothing.textContent = model.empty
    paintSelected()
  }

  function paintSelected() {
    for (const row of body.rows) {
      if (row.dataset.place) row.setAttribute("aria-selected", Number(row.dataset.place) === model.selected)
    }
  }

  function paintPager() {
    pager.show({ page: model.page, size: model.page_size, total: model.total })
    table.setAttribute("aria-label", model.noun)
    table.setAttribute("aria-rowcount", model.total)
  }

  draw(model, ["columns", "sort", "hidden"], () => { sorted(); choices.refill() })
  draw(model, ["columns", "rows", "empty", "action", "hidden"], paintRows)
  draw(model, ["selected"], paintSelected)
  draw(model, ["page", "page_size", "total", "noun"], paintPager)
  return h("div", { className: "frame" }, frame, nothing, pager.root)
}
