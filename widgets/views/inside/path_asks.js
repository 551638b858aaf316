// What is asked of paths: where they begin, how they go on, and what tells their steps apart.
function pathAsks(model) {
  const send = (name, value) => model.send_msg({ field: [name, value] })
  const direction = dropdown({ id: "direction", "aria-label": "Direction", onchange: () => send("backward", direction.value === "back") }, [["on", "Starting at"], ["back", "Ending at"]])
  const values = h("datalist", { id: "values" }), columns = h("datalist", { id: "columns" })
  const typed = (name, list, label) => {
    const input = h("input", { className: "field", type: "text", "aria-label": label, spellcheck: false, autocomplete: "off", onchange: () => send(name, input.value) })
    input.setAttribute("list", list)
    input.addEventListener("keydown", (event) => { if (event.key === "Escape") input.value = model.asked[name] })
    return input
  }
  const at = typed("at", "values", "Event where paths begin or end")
  const of = typed("of", "columns", "What steps are")
  const where = typed("where", "values", "Only these events")
  const occurrence = dropdown({ "aria-label": "Which of these events", onchange: () => send("occurrence", occurrence.value) }, [["first", "first in a session"], ["last", "last in a session"]])
  const count = dropdown({ id: "steps", onchange: () => send("length", Number(count.value)) }, [2, 3, 4, 5, 6, 7, 8, 9, 10])
  const top = dropdown({ id: "top", onchange: () => send("top", Number(top.value)) })
  const once = h("input", { type: "checkbox", id: "once", onchange: () => send("once", once.checked) })
  const wrong = h("p", { className: "problem", role: "alert" })
  const root = h("div", { className: "asked" },
    h("span", { className: "where" }, direction, at, occurrence), values, columns,
    h("label", {}, "Steps are", of),
    h("label", {}, "of", where),
    h("label", {}, "Steps", count),
    h("label", { title: "How many values of each step are told apart; all others are one" }, "Values per step", top),
    h("label", { title: "Equal events that follow each other directly are one step" }, once, "Merge consecutive repeats"), wrong)

  function paint() {
    const { backward, at: event, where: some, occurrence: which, of: what, column, length, top: many, once: merged } = model.asked
    direction.value = backward ? "back" : "on"
    if (at !== at.getRootNode().activeElement || !model.errors.at) at.value = event ?? ""
    at.placeholder = backward ? "the last event" : "the first event"
    at.title = "A value of the event column, or a condition such as amount > 10"
    if (where !== where.getRootNode().activeElement || !model.errors.where) where.value = some ?? ""
    where.placeholder = "all events"
    where.title = "A condition on events, such as event != 'scroll'; all others are passed over"
    of.value = what ?? ""
    of.placeholder = column ?? ""
    of.title = "A column of events, or an expression such as url_path(url)"
    occurrence.hidden = !event
    occurrence.value = which
    count.value = length
    setOptions(top, [...new Set([3, 6, 10, 15, 20, many])].filter(Boolean).sort((a, b) => a - b))
    top.value = many
    once.checked = merged
  }

  draw(model, ["asked"], paint)
  draw(model, ["values"], () => values.replaceChildren(...model.values.map((value) => h("option", { value }))))
  draw(model, ["columns"], () => columns.replaceChildren(...model.columns.map((value) => h("option", { value }))))
  draw(model, ["errors"], () => {
    const [[name, text] = []] = Object.entries(model.errors)
    wrong.textContent = text ?? ""
    at.setAttribute("aria-invalid", String(name === "at"))
    of.setAttribute("aria-invalid", String(name === "of"))
    where.setAttribute("aria-invalid", String(name === "where"))
  })
  return root
}
