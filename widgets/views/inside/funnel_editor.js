// The editor of a funnel's steps: what is written is a draft until it is applied.
function funnelEditor(model, close) {
  let draft = []
  let building = null // the step that the builder is open for
  const holder = h("div", { className: "holder" }, model.get_child("builder"))
  const list = h("ol", { className: "steps" })
  const chips = h("div", { className: "chips", role: "group", "aria-label": "Add a step of a frequent event" })
  const search = searchField("Search events", {
    oninput: offer,
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      const [first] = fitting()
      if (!search.value.trim() || !first) return
      search.value = ""
      put(first[1])
      offer()
      search.focus()
    },
  })
  const apply = h("button", { className: "main", type: "button", textContent: "Apply", onclick: send })
  const cancel = h("button", { className: "plain", type: "button", textContent: "Cancel", onclick: () => { reset(); close() } })
  const remove = h("button", { className: "plain", type: "button", textContent: "Remove the funnel", onclick: () => model.send_msg({ apply: [] }) })
  const add = h("button", { className: "add", type: "button", onclick: () => put("", true) }, icon("add"), "Add a condition")
  // A plain Enter in the builder applies, too, unless it took a suggestion or is in a text of several lines.
  const isDone = ({ key, ctrlKey, metaKey, defaultPrevented, target }) =>
    key === "Enter" && (ctrlKey || metaKey || (holder.contains(target) && !defaultPrevented && deepest(target).matches("input")))
  const deepest = (element) => (element.shadowRoot?.activeElement ? deepest(element.shadowRoot.activeElement) : element)
  const root = h("section", { className: "editor", "aria-label": "Steps of the funnel", onkeydown: (event) => {
    if (isDone(event)) { send(); event.preventDefault() }
  } }, list, search, chips, h("div", { className: "foot" }, apply, cancel, remove))

  const tell = () => model.send_msg({ draft })
  const input = (at) => list.querySelectorAll("input")[at]

  function reset() {
    draft = [...model.steps]
    building = null
    paint()
  }

  function put(text, built = false) {
    draft.push(text)
    if (built) build(draft.length - 1)
    else paint()
    tell()
  }

  // The builder says the condition of a step; a click on the same closes it.
  function build(at) {
    building = building === at ? null : at
    model.send_msg({ build: building == null ? null : [at, draft[at]] })
    paint()
  }

  function move(at, to) {
    draft.splice(to, 0, ...draft.splice(at, 1))
    if (building != null) build(building)
    paint()
    list.children[to]?.querySelector(to > at ? ".lower" : ".raise")?.focus()
    tell()
  }

  function drop(at) {
    draft.splice(at, 1)
    if (building != null) build(building)
    paint()
    ;(list.children[Math.min(at, draft.length - 1)]?.querySelector(".drop") ?? add).focus()
    tell()
  }

  // What the builder was told last is on its way: the step that it builds is what it says when this arrives.
  function send() {
    if (building != null) return model.send_msg({ built: [building, draft] })
    draft = draft.filter((text) => text.trim())
    paint()
    model.send_msg({ apply: draft })
  }

  function row(text, at) {
    const field = h("input", {
      className: "field", value: text, spellcheck: false, placeholder: "event = 'view'", "aria-label": `Condition of step ${at + 1}`,
      oninput: () => { draft[at] = field.value; ready() }, onchange: tell,
      onkeydown: (event) => { if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) { send(); event.preventDefault() } },
    })
    const act = (name, title, className, disabled, onclick) => h("button", { className: `icon ${className}`, type: "button", title, "aria-label": `${title}: step ${at + 1}`, disabled, onclick }, icon(name))
    const open = act("edit", building === at ? "Close the builder" : "Build", "build", false, () => build(at))
    open.setAttribute("aria-expanded", String(building === at))
    return h("li", {}, h("span", { className: "number", textContent: at + 1 }), building === at ? holder : field, open,
      act("up", "Move up", "raise", at === 0, () => move(at, at - 1)),
      act("down", "Move down", "lower", at === draft.length - 1, () => move(at, at + 1)),
      act("close", "Remove", "drop", false, () => drop(at)),
      h("p", { className: "problem", role: "alert" }))
  }

  function ready() {
    const some = draft.filter((text) => text.trim())
    const same = some.length === model.steps.length && some.every((text, at) => text === model.steps[at])
    apply.disabled = !some.length || same
    remove.hidden = !model.steps.length
    cancel.hidden = !model.steps.length && !draft.length
  }

  function paint() {
    if (!(building != null && list.children[building]?.contains(holder) && list.children.length === draft.length)) list.replaceChildren(...draft.map(row))
    list.hidden = !draft.length
    judge()
    ready()
  }

  function judge() {
    ;[...list.children].forEach((each, at) => {
      const wrong = model.errors[at] ?? ""
      each.querySelector(".problem").textContent = wrong
      each.querySelector("input.field")?.setAttribute("aria-invalid", String(Boolean(wrong)))
    })
  }

  // All kinds of events by what is searched; without a search the most frequent, and the others when asked for.
  const FEW = 12, MANY = 60
  let many = false
  const found = () => model.offered.filter(([name]) => name.toLowerCase().includes(search.value.trim().toLowerCase()))
  const fitting = () => found().slice(0, many ? MANY : FEW)

  function offer() {
    search.hidden = model.offered.length <= FEW
    const left = found().length - fitting().length
    const rest = left <= 0 ? [] : many ? [h("span", { className: "left", textContent: `and ${left} more: search for them` })] : [h("button", {
      type: "button", className: "chip", textContent: `${left} more`, "aria-label": `Show ${left} more events`, onclick: () => { many = true; offer(); chips.children[FEW]?.focus() },
    })]
    chips.replaceChildren(...fitting().map(([name, text, events]) => h("button", {
      type: "button", className: "chip", title: text, "aria-label": `Add the step ${name}`, onclick: () => put(text),
    }, icon("add"), name, h("small", { textContent: events }))), ...rest, add)
  }

  draw(model, ["steps", "turn"], reset)
  model.on("built", () => {
    if (model.built.step !== building) return
    if (model.built.refused) return build(building)
    draft[building] = model.built.text
    ready()
  })
  draw(model, ["errors"], judge)
  draw(model, ["offered"], offer)
  return root
}
