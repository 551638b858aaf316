// One bar: a name, a length beside that of all sessions, a number. With `act` it is a button.
function barRow({ label, count, share, width, ghost, tip, pressed = false, faded = false }, act) {
  const inside = [
    h("span", { className: "label", textContent: label }),
    h("span", { className: "track" }, h("i", { className: "ghost", style: `--width: ${ghost}` }), h("i", { className: "now", style: `--width: ${width}` })),
    h("span", { className: "count", textContent: count }),
    h("span", { className: "share", textContent: share }),
  ]
  const look = { className: `bar${faded ? " faded" : ""}`, title: tip ?? "" }
  return act
    ? h("button", { ...look, type: "button", "aria-pressed": String(pressed), "aria-label": tip ?? label, onclick: act }, inside)
    : h("div", look, inside)
}

// Put the focus back on what took the place of the element that had it.
function keepFocus(root, paint) {
  const own = root.getRootNode().activeElement
  const key = own && root.contains(own) ? own.dataset.key : null
  paint()
  if (key) [...root.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key)?.focus()
}

const empty = (text) => h("p", { className: "nothing", textContent: text })
const waiting = (rows) => Array.from({ length: rows }, (_, at) => h("div", { className: "waiting shimmer", style: `--at: ${at}` }, "0"))

// The numbers behind a picture as a table that opens, and as CSV. Where rows have `keys`, the first cell of each is a
// button that `act` is told the key of.
function numbersOf(model, part, what, tableOf, act = null) {
  const head = h("tr"), body = h("tbody")
  const { frame } = framed(h("table", {}, h("thead", {}, head), body), `Table of ${what}`)
  let keys = [], lefts = [0]
  const first = ([text, one, other], key) => key == null ? text : h("button", {
    type: "button", className: "way", title: "Select these sessions", "aria-label": `Select the sessions of ${one} → ${other}, step ${text}`, textContent: text, onclick: () => act(key),
  })
  const pages = pagesOf(`Pages of ${what}`, (rows, from) => body.replaceChildren(...rows.map((row, place) => h("tr", {}, row.map((text, at) =>
    at ? h("td", { className: lefts.includes(at) ? "left" : "right", textContent: text, title: text }) : h("th", { className: "left", scope: "row" }, first(row, keys[from + place])))))))
  const opens = h("details", {}, h("summary", { textContent: "Table" }), frame, pages.root)
  const csv = h("button", { type: "button", className: "quiet", title: `Save ${what} as CSV`, "aria-label": `Save ${what} as CSV`, onclick: () => model.send_msg({ csv: part }) }, icon("save"), "CSV")
  const root = h("div", { className: "numbers" }, opens, csv)

  function paint() {
    const shown = tableOf()
    opens.hidden = !shown?.heads
    if (opens.hidden || !opens.open) return
    keys = shown.keys ?? []
    lefts = shown.lefts ?? [0]
    plainHead(head, shown.heads.map((title, at) => ({ title, align: lefts.includes(at) ? "left" : "right" })))
    pages.of(shown.rows)
  }

  opens.addEventListener("toggle", paint)
  draw(model, ["shown"], paint)
  return root
}
