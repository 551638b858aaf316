const TALL = 300, EDGES = { left: 44, right: 8, top: 10, bottom: 26 }

export function render({ model }) {
  let geometry = null, cursor = null, anchor = null
  const bars = shape("g"), marks = shape("g"), held = shape("rect", { class: "held", y: EDGES.top, height: TALL - EDGES.top - EDGES.bottom, rx: 2 })
  const cover = shape("rect", { class: "cover", y: 0, height: TALL })
  const svg = shape("svg", { height: TALL, tabindex: 0, role: "group", "aria-label": "", onkeydown: key, onblur: () => point(null) }, bars, held, marks, cover)
  const said = h("p", { className: "said" }), tip = h("div", { className: "tip", hidden: true }), live = h("div", { className: "unseen", role: "status" })
  const empty = h("p", { className: "nothing" })
  const picture = h("div", { className: "picture" }, svg, tip)
  const hint = h("p", { className: "hint" })
  // Where a view hands the numbers over: as a table that opens, and as CSV.
  const csv = h("button", { type: "button", className: "plain", title: "Save the bars as CSV", onclick: () => model.send_msg({ ask: "csv" }) }, icon("save"), "CSV")
  const head = h("tr"), body = h("tbody")
  const { frame } = framed(h("table", {}, h("thead", {}, head), body), "Table of the bars")
  const pages = pagesOf("Pages of the bars", (rows) => body.replaceChildren(...rows.map((row) => h("tr", {}, row.map((text, at) => h(at ? "td" : "th", { className: at ? "right" : "left", textContent: text, ...(at ? {} : { scope: "row" }) }))))))
  const opens = h("details", {}, h("summary", { textContent: "Table" }), frame, pages.root), numbers = h("div", { className: "numbers" }, opens, csv)
  const root = h("div", { className: "chart" }, said, picture, empty, hint, numbers, live)
  const tell = (from, to) => model.send_msg({ from: Math.min(from, to), to: Math.max(from, to) + 1 })

  function paint() {
    const { totals = [], counts = [], ticks = [], touched = [], none = "" } = model.shown
    hint.textContent = model.shown.hint ?? "Drag across bars to select the sessions of these actors."
    const wide = Math.floor(picture.clientWidth), n = totals.length
    said.textContent = model.shown.said ?? ""
    empty.textContent = none
    empty.hidden = !none
    picture.hidden = hint.hidden = Boolean(none)
    numbers.hidden = Boolean(none) || !model.shown.things
    paintTable()
    if (!n || wide < 80) return
    const left = EDGES.left, right = wide - EDGES.right, bottom = TALL - EDGES.bottom
    const step = (right - left) / n, highest = Math.max(1, ...totals)
    const y = (count) => bottom - count / highest * (bottom - EDGES.top)
    geometry = { left, step, n }
    place(svg, { viewBox: `0 0 ${wide} ${TALL}`, width: wide, "aria-label": `${model.shown.said ?? ""} ${n} bars: arrow keys go through them, Enter selects` })
    place(cover, { width: wide })
    const faded = touched.some(Boolean)
    const bar = (counted, kind) => counted.map((count, i) => count > 0 ? shape("rect", {
      class: `${kind}${faded && !touched[i] ? " faded" : ""}`, x: left + i * step + 0.5, width: Math.max(1, step - 1), y: Math.min(y(count), bottom - 1), height: Math.max(1, bottom - y(count)),
    }) : null)
    bars.replaceChildren(...[...bar(totals, "ghost"), ...bar(counts, "front")].filter(Boolean))
    marks.replaceChildren(
      shape("line", { class: "base", x1: left, x2: right, y1: bottom, y2: bottom }),
      shape("text", { x: left - 6, y: EDGES.top + 8, "text-anchor": "end" }, shortCount(highest)),
      shape("text", { x: left - 6, y: bottom, "text-anchor": "end" }, "0"),
      ...spacedTicks(ticks, step).map(([at, text]) => shape("text", { x: left + at * step, y: TALL - 8, "text-anchor": "middle" }, text)))
    mark(null)
  }

  function paintTable() {
    const { labels = [], totals = [], counts = [], things = "", of = "" } = model.shown
    if (!opens.open || numbers.hidden) return
    plainHead(head, [{ title: of, align: "left" }, { title: things, align: "right" }, { title: "Under the other brushes", align: "right" }])
    pages.of(labels.map((label, at) => [label, countText(totals[at]), countText(counts[at])]))
  }

  // Labels that have room beside each other.
  function spacedTicks(ticks, step) {
    let last = -Infinity
    return [...ticks].sort((a, b) => a[0] - b[0]).filter(([at]) => at * step - last >= 34 && (last = at * step, true))
  }

  // What is dragged over; otherwise what is brushed already, where that is in one piece.
  function mark(from, to) {
    if (from == null) {
      const { touched = [] } = model.shown, first = touched.indexOf(true), last = touched.lastIndexOf(true)
      if (first >= 0 && touched.slice(first, last + 1).every(Boolean)) [from, to] = [first, last]
    }
    held.style.display = from == null ? "none" : ""
    if (from == null) return
    const [low, high] = [Math.min(from, to), Math.max(from, to)]
    place(held, { x: geometry.left + low * geometry.step, width: (high - low + 1) * geometry.step })
  }

  function point(i) {
    tip.hidden = i == null
    if (i == null) { cursor = null; mark(null); return }
    const { labels, totals, counts, thing = "actor" } = model.shown
    const some = counts[i] === totals[i] ? countText(totals[i]) : `${countText(counts[i])} of ${countText(totals[i])}`
    tip.textContent = `${labels[i]}: ${some} ${thing}${totals[i] === 1 ? "" : "s"}`
    tip.style.left = `${Math.min(Math.max(geometry.left + (i + 0.5) * geometry.step, 100), picture.clientWidth - 100)}px`
    tip.style.top = "-6px"
  }

  function key(event) {
    if (!geometry) return
    const to = { ArrowRight: (cursor ?? -1) + 1, ArrowLeft: (cursor ?? geometry.n) - 1, Home: 0, End: geometry.n - 1 }[event.key]
    if (event.key === "Enter" && cursor != null) tell(anchor ?? cursor, cursor)
    else if (to == null) return
    else {
      anchor = event.shiftKey ? anchor ?? cursor : null
      const next = Math.min(Math.max(to, 0), geometry.n - 1)
      point(next)
      cursor = next
      live.textContent = tip.textContent
      mark(anchor ?? cursor, cursor)
    }
    event.preventDefault()
  }

  across(cover, {
    snap: (x) => geometry ? Math.min(Math.max(Math.floor((x - geometry.left) / geometry.step), 0), geometry.n - 1) : 0,
    live: (from, to) => { if (geometry) { mark(from, to); point(null); if (from != null) mark(from, to) } },
    done: tell,
    over: (i) => { if (geometry) point(i) },
  })
  opens.addEventListener("toggle", paintTable)
  model.on("handed", () => saveText(model.handed.text, model.handed.name, "text/csv"))
  draw(model, ["shown"], paint)
  fitted(picture, paint)
  return root
}
