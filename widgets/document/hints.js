const SEEN = "session-explorer-hints"

// Null where nothing can be remembered: what would come back at every visit is not shown at all.
function seenHints() {
  try {
    localStorage.setItem(SEEN, localStorage.getItem(SEEN) ?? "")
    return new Set(localStorage.getItem(SEEN).split(" "))
  } catch {
    return null
  }
}

export function render({ model }) {
  const seen = seenHints()
  const words = h("span", { className: "words" })
  const next = h("button", { type: "button", textContent: "Next", onclick: () => put([left()[0][0]]) })
  const done = h("button", { type: "button", textContent: "Got it", onclick: () => put(left().map(([key]) => key)) })
  const bar = h("div", { className: "hint", role: "note", "aria-label": "Tip" }, icon("tip"), words, next, done)
  const left = () => (seen ? model.hints.filter(([key]) => !seen.has(key)) : [])

  function put(keys) {
    if (!seen) return
    for (const key of keys) seen.add(key)
    try { localStorage.setItem(SEEN, [...seen].join(" ")) } catch { /* it is gone from this page at least */ }
    paint()
  }

  function paint() {
    const [hint, ...more] = left()
    bar.hidden = !hint
    words.textContent = words.title = hint?.[1] ?? ""
    next.hidden = more.length === 0
  }

  model.on("done", () => put(model.done))
  draw(model, ["hints"], paint)
  put(model.done)
  return bar
}
