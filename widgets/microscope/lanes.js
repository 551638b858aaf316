// The actor's sessions, a line each, all aligned by their start; and a pager that is used for events too.
// A tag in the colour of a reason: its words are in front of the reason's own.
function reasonTag(model, name, words = "") {
  const [text, color] = model.reasons[name] ?? [name, "var(--muted)"]
  const made = h("span", { className: "tag", textContent: words + text })
  made.style.setProperty("--hue", color)
  return made
}

// What an event opens or closes, and by which rule.
function reason(model, [kind, rule]) {
  return reasonTag(model, rule, `${kind}: `)
}

function lanesOf(model, tell) {
  const list = h("ol", { className: "lanes" })
  const axis = h("div", { className: "lane-axis", "aria-hidden": "true" })
  const title = h("h3")
  const pager = pagerOf("Pages of sessions", (page) => tell({ lanes: page }), { noun: "the actor's sessions", hides: true })
  const root = h("section", { className: "part", "aria-label": "The actor's sessions" }, title, h("p", { className: "small", textContent: "Each line begins where its session does; the gap before it is written in front. A mark is where there are events, in the colour of the first of them. Click a line to view its events." }), list, axis, pager.root)

  function picture({ length, cells, codes }) {
    const most = model.lanes.cells
    const svg = tag("svg", { viewBox: `0 0 ${most + 2} 10`, preserveAspectRatio: "none", "aria-hidden": "true" })
    svg.append(tag("line", { class: "lasts", x1: 1, x2: Math.max(length * most, 0) + 1, y1: 5, y2: 5 }))
    const drawn = new Map()
    cells.forEach((cell, at) => drawn.set(codes[at], `${drawn.get(codes[at]) ?? ""}M${cell + 1} 1V9`))
    for (const [code, d] of drawn) svg.append(tag("path", { class: `mark c${code}`, d }))
    return svg
  }

  function lane(row) {
    const own = row.number === model.head.number
    const facts = [row.events, row.duration, row.split].filter(Boolean).join(" · ")
    return h("li", {}, h("button", {
      type: "button", className: `lane${own ? " own" : ""}${row.shown ? "" : " hidden-one"}`, "aria-current": own ? "true" : null,
      title: row.shown ? "" : "The definition does not show this session", onclick: () => own || tell({ open: row.number }),
    },
    h("span", { className: "which" }, h("b", { textContent: written(row.number) }), h("span", { textContent: row.when })),
    h("span", { className: "before", textContent: row.gap ? `${row.gap} later` : "" }),
    picture(row),
    h("span", { className: "facts", textContent: facts }),
    reasonTag(model, row.started_by)))
  }

  function paint() {
    if (!model.lanes.rows) return
    const had = list.contains(list.getRootNode().activeElement)
    title.textContent = model.lanes.total === 1 ? "The actor's only session" : `All ${written(model.lanes.total)} sessions of the actor`
    list.replaceChildren(...model.lanes.rows.map(lane))
    axis.replaceChildren(...model.lanes.axis.map((text) => h("span", { textContent: text })))
    axis.hidden = !model.lanes.axis.length
    pager.show(model.lanes)
    if (had) list.querySelector(".own")?.focus({ preventScroll: true })
  }
  draw(model, ["lanes", "head"], paint)
  return root
}
