export function render({ model }) {
  const numbers = h("dl", { className: "numbers" })
  const bars = h("figure", { className: "bars" })
  const facts = h("dl", { className: "facts" })
  const caption = h("h4")
  const head = h("tr"), body = h("tbody")
  const { frame: sample } = framed(h("table", {}, h("thead", {}, head), body), "Examples")
  const nothing = h("p", { className: "nothing" })
  const sentence = h("p", { className: "sentence" })
  const error = h("p", { className: "problem", role: "alert" })
  const root = h("section", { className: "preview", "aria-label": "Preview" }, error, sentence, numbers, bars, facts, caption, sample, nothing)

  const changed = ({ label, before, after, delta, tone }) => h("div", {},
    h("dt", { textContent: label }),
    h("dd", {}, h("strong", { textContent: after || "–" }),
      h("small", { className: tone, textContent: delta || (before ? "as before" : "") })))

  function paintBars({ counts = [], label = "", marks = [] }) {
    const highest = Math.max(1, ...counts.map(([, count]) => count))
    bars.hidden = counts.length === 0
    bars.replaceChildren(
      h("figcaption", { textContent: label }),
      h("div", { className: "columns", role: "img", "aria-label": `${label}: ${counts.map(([text, count]) => `${text}: ${count.toLocaleString("en-US")}`).join(", ")}` },
        counts.map(([text, count]) => h("i", { title: `${text}: ${count.toLocaleString("en-US")}`, style: `--height: ${count / highest}` }))),
      h("div", { className: "marks", "aria-hidden": "true" }, marks.map((text) => h("span", { className: "words", textContent: text, title: text }))))
  }

  function paint() {
    const shown = model.shown
    root.setAttribute("aria-busy", model.busy)
    root.classList.toggle("busy", model.busy)
    sentence.textContent = shown.sentence ?? ""
    sentence.hidden = !shown.sentence
    error.textContent = shown.error ?? ""
    root.classList.toggle("failed", Boolean(shown.error))
    numbers.replaceChildren(...(shown.numbers ?? []).map(changed))
    numbers.hidden = !shown.numbers?.length
    paintBars(shown.bars ?? {})
    facts.replaceChildren(...(shown.facts ?? []).map(([label, text]) =>
      h("div", {}, h("dt", { textContent: label }), h("dd", { textContent: text }))))
    facts.hidden = !shown.facts?.length
    const { title = "", columns = [], rows = [], none = "" } = shown.sample ?? {}
    caption.textContent = title
    plainHead(head, columns.map((title) => ({ title })))
    body.replaceChildren(...rows.map((row) => h("tr", {}, row.map((text) =>
      h("td", {}, text === "" ? h("em", { textContent: "none" }) : h("span", { className: "words", textContent: text, title: text }))))))
    caption.hidden = sample.hidden = rows.length === 0
    nothing.textContent = rows.length ? "" : none
    nothing.hidden = !nothing.textContent
  }

  draw(model, ["shown", "busy"], paint)
  return root
}
