const NOTHING = "–"

export function render({ model }) {
  const strip = h("div", { className: "strip roving", role: "list" })
  const cards = []

  function makeCard() {
    const parts = {
      label: h("span", { className: "label" }),
      help: h("span", { className: "help", tabIndex: 0, role: "button", "data-guide": "sessions#What every definition brings", textContent: "?" }),
      value: h("strong"),
      sub: h("small"),
      bar: h("i"),
    }
    parts.spark = document.createElementNS("http://www.w3.org/2000/svg", "svg")
    for (const [name, value] of [["class", "spark"], ["viewBox", "0 0 100 20"], ["preserveAspectRatio", "none"], ["aria-hidden", "true"]]) parts.spark.setAttribute(name, value)
    const share = h("div", { className: "share", "aria-hidden": "true" }, parts.bar)
    const root = h("div", { className: "card", role: "listitem" },
      h("div", { className: "head" }, parts.label, parts.help), parts.value, parts.sub, parts.spark, share)
    return { ...parts, share, root }
  }

  // Over time from 0, a gap where there is no value.
  function line(values) {
    const most = Math.max(...values.map((value) => value ?? 0)) || 1
    let pen = "M"
    return values.map((value, at) => {
      const here = value == null ? "" : `${pen}${(100 * at / (values.length - 1)).toFixed(1)} ${(19 - 18 * value / most).toFixed(1)}`
      pen = value == null ? "M" : "L"
      return here
    }).join("")
  }

  function paint() {
    while (cards.length < model.numbers.length) cards.push(makeCard())
    cards.length = model.numbers.length
    if (strip.childElementCount !== cards.length) strip.replaceChildren(...cards.map((card) => card.root))
    strip.classList.toggle("busy", model.busy)
    strip.setAttribute("aria-busy", model.busy)
    model.numbers.forEach(({ label, value, sub, share, help, spark = [] }, place) => {
      const card = cards[place]
      card.label.textContent = label
      card.help.hidden = !help
      card.help.setAttribute("aria-label", help)
      card.value.textContent = value || NOTHING
      card.value.title = value
      card.value.classList.toggle("none", !value || value === NOTHING)
      card.root.classList.toggle("of", Boolean(sub))
      card.root.classList.toggle("sparks", model.numbers.some(({ spark: other = [] }) => other.length > 2))
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
      path.setAttribute("d", spark.length > 2 ? line(spark) : "")
      card.spark.replaceChildren(path)
      card.sub.textContent = sub
      card.sub.hidden = !sub
      card.sub.title = sub
      card.share.style.visibility = share == null ? "hidden" : "visible"
      card.bar.style.width = `${100 * Math.min(1, Math.max(0, share ?? 0))}%`
    })
  }

  draw(model, ["numbers", "busy"], paint)
  return strip
}
