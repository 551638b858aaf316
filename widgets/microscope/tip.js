// The card beside an event: all its columns. Texts become text nodes.
function tipOf(model, tell, box) {
  const known = new Map()
  const tip = h("div", { className: "tip", role: "status", hidden: true })
  let wanted = null, at = 0, words = {}, waiting = 0

  function show(place, x, said) {
    if (wanted !== place) {
      clearTimeout(waiting)
      if (!known.has(place)) waiting = setTimeout(() => tell({ point: place }), 60)
    }
    wanted = place
    at = x
    words = said
    paint()
  }

  function hide() {
    wanted = null
    clearTimeout(waiting)
    tip.hidden = true
  }

  function hear() {
    if (model.detail.place == null) return
    known.set(model.detail.place, model.detail)
    if (wanted === model.detail.place) paint()
  }

  function paint() {
    const detail = known.get(wanted)
    const title = h("strong", {}, h("i", { className: `dot c${words.code}` }), words.name || "Event")
    const rows = detail?.rows ?? [["time", words.time]]
    const more = detail && [
      detail.gap ? h("p", { textContent: `after a gap of ${detail.gap}` }) : null,
      detail.number !== model.head.number ? h("p", { textContent: `in session ${detail.number.toLocaleString("en-US")}: click to view its events` }) : null,
      detail.tags.length ? h("p", {}, detail.tags.map((tag) => reason(model, tag))) : null,
    ]
    tip.replaceChildren(title, h("dl", {}, rows.map(([name, text]) => h("div", {}, h("dt", { textContent: name }), h("dd", { textContent: text || "none", className: text ? "" : "none" })))), ...(more ?? []).filter(Boolean))
    tip.hidden = false
    const room = box.clientWidth, wide = tip.offsetWidth
    tip.style.left = `${Math.max(0, Math.min(at + 14 + wide > room ? at - wide - 14 : at + 14, room - wide))}px`
  }

  return { tip, show, hide, hear, forget: () => { known.clear(); hide() } }
}
