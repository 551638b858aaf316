export function render({ model }) {
  const sentence = h("p", { className: "sentence", role: "status" })
  const problem = h("p", { className: "problem", role: "alert" })
  const sides = h("div", { className: "sides" })
  const apply = h("button", { type: "button", className: "apply", textContent: "Apply", onclick: () => model.send_msg({ answer: "apply" }) })
  const discard = h("button", { type: "button", className: "discard", textContent: "Keep as it is", onclick: () => model.send_msg({ answer: "discard" }) })
  const root = h("section", { className: "preview", "aria-label": "What the change does to the first rows" },
    h("div", { className: "head" }, sentence, h("div", { className: "answers" }, discard, apply)), problem, sides)

  function cell({ text, raw }, changed, before) {
    const shown = text !== null && text !== "" ? h("span", { className: "words", textContent: text, title: text })
      : raw ? h("em", { className: "raw", textContent: raw, title: `Cannot be read as a time: ${raw}` })
      : h("em", { textContent: text === "" ? "empty" : "none" })
    return h("td", { className: changed ? (before ? "was" : "is") : "" }, shown, changed && !before ? h("span", { className: "unseen", textContent: " (changed)" }) : null)
  }

  function side({ title, names, roles, new: added, lines }, place) {
    const head = h("tr")
    plainHead(head, [{ title: "#", help: "The number of the row in the source", look: "number" }, ...names.map((title, at) => ({
      title, look: added.includes(at) ? (place ? "is" : "was") : "", after: roles[at] ? [h("span", { className: "role", textContent: roles[at] })] : [],
    }))])
    const body = lines.map(({ number, cells, changed, lost }) => h("tr", { className: lost ? "lost" : "", title: lost },
      h("th", { scope: "row", className: "number", textContent: number.toLocaleString("en-US") }),
      cells.map((one, at) => cell(one, changed.includes(at), !place))))
    const { frame } = framed(h("table", {}, h("caption", { className: "unseen", textContent: title }), h("thead", {}, head), h("tbody", {}, body)), title)
    return h("figure", {}, h("figcaption", { textContent: title }), frame)
  }

  function together(frames) {
    frames.forEach((frame) => frame.addEventListener("scroll", () => frames.forEach((other) => {
      if (other !== frame && Math.abs(other.scrollLeft - frame.scrollLeft) > 1) other.scrollLeft = frame.scrollLeft
    })))
  }

  let seen = false

  function paint() {
    const { sentence: said = "", sides: both = [], problem: not_yet = "" } = model.rows
    const left = sides.querySelector(".scroller")?.scrollLeft ?? 0
    sentence.textContent = said || (model.error ? "" : "Reading the first rows …")
    problem.textContent = model.error || not_yet
    root.setAttribute("aria-busy", model.busy)
    root.classList.toggle("busy", model.busy)
    root.classList.toggle("failed", Boolean(model.error))
    apply.disabled = model.busy || Boolean(problem.textContent) || !both.length
    sides.replaceChildren(...both.map(side))
    const frames = [...sides.querySelectorAll(".scroller")]
    together(frames)
    frames.forEach((frame) => { frame.scrollLeft = left })
    if (both.length && !seen) requestAnimationFrame(() => root.scrollIntoView({ block: "nearest", behavior: "smooth" }))
    seen = both.length > 0
  }

  draw(model, ["rows", "error", "busy"], paint)
  return root
}
