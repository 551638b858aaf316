// Matches of a pattern among the events, and the patterns of a stretch of them that is marked.
function patternsOf(model, tell) {
  const choice = dropdown({ "aria-label": "Highlight matches of", onchange: () => tell({ match: choice.value }) })
  const text = h("span", { role: "status" })
  const shows = h("div", { className: "matches" }, h("span", { className: "quiet", textContent: "Highlight" }), choice, text)
  const ways = h("ol", { className: "ways" }), problem = h("p", { className: "problem", role: "alert" })
  const wait = h("p", { className: "quiet", role: "status" })
  const clear = h("button", { type: "button", className: "icon", title: "Unmark", "aria-label": "Unmark the events", onclick: () => mark(null) }, icon("close"))
  const head = h("h4"), proposes = h("section", { className: "proposes", "aria-label": "Pattern of the marked events" }, h("header", {}, head, clear), wait, problem, ways)
  const hint = h("p", { className: "quiet small", textContent: "Click an event and Shift+click another, or press Space and Shift+↓: the pattern of the stretch is proposed." })
  const root = h("div", { className: "patterns" }, shows, hint, proposes)
  let stretch = null, repaint = () => {}

  const held = () => (stretch ? [Math.min(...stretch), Math.max(...stretch)] : null)
  function mark(next) {
    stretch = next
    tell({ mark: held() })
    paint()
    repaint()
  }

  // What a row is of: in a match, its first or its last event, marked.
  function looks(place) {
    const span = (model.matches.spans ?? []).find(([from, to]) => place >= from && place <= to)
    const [from, to] = held() ?? [1, 0]
    return { "in-match": Boolean(span), "match-first": span?.[0] === place, "match-last": span?.[1] === place, marked: place >= from && place <= to }
  }

  function paint() {
    const { names = [], chosen = "", text: said = "" } = model.matches
    shows.hidden = !names.length
    setOptions(choice, names)
    choice.value = chosen
    text.textContent = said
    const now = held(), { first, last, ways: found = [], problem: wrong = "" } = model.marked
    const fresh = now && first === now[0] && last === now[1]
    proposes.hidden = !now
    hint.hidden = Boolean(now)
    if (!now) return
    const n = now[1] - now[0] + 1
    head.textContent = `The pattern of ${n === 1 ? "this event" : `these ${written(n)} events`}`
    wait.textContent = fresh ? "" : "Counting the sessions that match …"
    wait.hidden = fresh
    problem.textContent = fresh ? wrong : ""
    problem.hidden = !problem.textContent
    ways.replaceChildren(...(fresh ? found : []).map(({ said: open, pattern, text: count }, at) => h("li", {},
      h("span", { className: "quiet", textContent: open }), h("code", { textContent: pattern, title: pattern }), h("b", { textContent: count }),
      h("button", { type: "button", className: "plain", title: `Make it a metric: ${pattern}`, onclick: () => tell({ take: [at, false] }) }, icon("add"), "Metric"),
      h("button", { type: "button", className: "plain", title: `Make it a metric and select the sessions that match: ${pattern}`, onclick: () => tell({ take: [at, true] }) }, icon("brush"), "Select"))))
  }

  draw(model, ["matches", "marked"], () => { paint(); repaint() })
  let session = ""
  draw(model, ["head"], () => { if (session !== model.head.id) { session = model.head.id; stretch = null; paint(); repaint() } })
  return {
    root, looks, watch: (act) => { repaint = act },
    start: (place) => mark(stretch && stretch[0] === place && stretch[1] === place ? null : [place, place]),
    extend: (place) => mark([stretch ? stretch[0] : place, place]),
    end: () => stretch?.[1], any: () => stretch != null, clear: () => mark(null),
  }
}
