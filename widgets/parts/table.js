// What every table of rows has in common: its head with the order, its keys, its pager, and a frame that shows at which
// side there is more of it. Texts come ready to be shown; numbers stand right.

const SIDES = { number: "right", bar: "right" }
const countOf = (n) => n.toLocaleString("en-US")
const sideOf = ({ align, kind }) => align ?? SIDES[kind] ?? "left"

// Heads of columns that can be sorted are buttons; `ask([name, descending])` is told which order is wanted.
function paintHead(head, { columns, sort: [by, descending], ask, first = ({ kind }) => kind !== "text", last = null }) {
  const focused = head.getRootNode().activeElement?.dataset?.column
  for (const each of head.querySelectorAll(":scope > th")) each.remove()
  // What is `last` stays where it is: a menu in it may be open.
  head.prepend(...columns.map((column) => {
    const { name, title, help = "", sortable = true, before = [], after = [], look = "" } = column, sorted = sortable && name === by
    const words = sortable
      ? h("button", { type: "button", title: help, "data-column": name, onclick: () => ask([name, sorted ? !descending : first(column)]) },
        h("span", { textContent: title }), icon(sorted && descending ? "down" : "up"))
      : [...before, h("span", { className: "title", textContent: title, title: help || title }), ...after]
    const order = sorted ? (descending ? "descending" : "ascending") : "none"
    return h("th", { scope: "col", className: `${sideOf(column)} ${sorted ? "sorted" : ""} ${look}`, "aria-sort": sortable ? order : null }, words)
  }))
  if (last && last.parentNode !== head) head.append(last)
  if (focused) [...head.querySelectorAll("button")].find((button) => button.dataset.column === focused)?.focus()
}

// The head of a table that stands in one order. `before` and `after` are what else a column's head has.
const plainHead = (head, columns) => paintHead(head, { columns: columns.map((column) => ({ sortable: false, ...column })), sort: ["", false] })

const rowOf = (event) => event.target.closest("tr[data-place]")

// Up, down, the first and the last row; Enter and Space pick. Tab comes back to the row that was left.
const walkRows = (pick) => (event) => {
  const row = rowOf(event), rows = row ? [...row.parentNode.querySelectorAll("tr[data-place]")] : [], at = rows.indexOf(row)
  const to = { ArrowDown: rows[at + 1], ArrowUp: rows[at - 1], Home: rows[0], End: rows.at(-1) }[event.key]
  if (row && to) {
    row.tabIndex = -1
    to.tabIndex = 0
    to.focus()
  } else if (row && pick && (event.key === "Enter" || event.key === " ")) pick(event)
  else return
  event.preventDefault()
}

// "26–50 of 7,681" between the buttons that turn pages of a `noun`; `lead` stands before it, and with `sizes` how many
// rows a page has can be chosen.
function pagerOf(label, turn, { noun = "", sizes = null, lead = [], hides = false } = {}) {
  const range = h("span", { className: "range", role: "status" })
  const size = sizes && dropdown({ "aria-label": noun ? `${label}: rows per page` : "Rows per page", onchange: () => sizes(Number(size.value)) },
    [25, 50, 100])
  let now = { page: 0, size: 1, total: 0 }
  const last = () => Math.max(0, Math.ceil(now.total / now.size) - 1)
  const button = (name, title, page) => h("button", {
    className: "icon", type: "button", title, "aria-label": noun ? `${title} of ${noun}` : title, onclick: () => turn(page()),
  }, icon(name))
  const back = [button("first", "First page", () => 0), button("previous", "Previous page", () => now.page - 1)]
  const on = [button("next", "Next page", () => now.page + 1), button("last", "Last page", () => last())]
  const root = h("nav", { className: "pager", "aria-label": label }, lead, size ? h("label", { className: "sizes" }, "Rows", size) : null,
    range, h("div", { className: "turns" }, back, on))

  function show(shown) {
    now = shown
    const { page, size: many, total } = shown, from = page * many
    range.textContent = total ? `${countOf(from + 1)}–${countOf(Math.min(from + many, total))} of ${countOf(total)}` : "0 of 0"
    for (const each of back) each.disabled = page <= 0
    for (const each of on) each.disabled = page >= last()
    root.hidden = hides && total <= (sizes ? 25 : many)
    if (size) size.value = many
  }
  return { root, show }
}

// Rows that are all here, some of them at a time: `paint` is handed those of the page, and the place of the first.
function pagesOf(label, paint, size = 25) {
  let rows = [], page = 0
  const pager = pagerOf(label, (to) => { page = to; show() }, { hides: true })
  function show() {
    pager.show({ page, size, total: rows.length })
    paint(rows.slice(page * size, (page + 1) * size), page * size)
  }
  return { root: pager.root, of: (all) => { rows = all; page = Math.min(page, Math.max(0, Math.ceil(all.length / size) - 1)); show() } }
}

// A table that is wider than its place is scrolled sideways, its first column stands, and its edges say where there is more.
function framed(table, label = "") {
  const named = label ? { tabIndex: 0, role: "region", "aria-label": label } : { tabIndex: -1 }
  const scroller = h("div", { className: "scroller", ...named, onscroll: () => hint() }, table)
  const frame = h("div", { className: "edges" }, scroller)
  function hint() {
    frame.classList.toggle("before", scroller.scrollLeft > 1)
    frame.classList.toggle("behind", scroller.scrollLeft + scroller.clientWidth < scroller.scrollWidth - 1)
  }
  const seen = new ResizeObserver(hint)
  seen.observe(scroller)
  seen.observe(table)
  return { frame, scroller }
}
