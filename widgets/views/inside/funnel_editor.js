// The editor of a funnel's steps: what is written is a draft until it is applied.
function funnelEditor(model, close) {
  const WITHOUT = -1
  let draft = []
  let limits = {}
  let building = null // the step that the builder is open for, or WITHOUT
  const whole = () => ({ steps: draft, ...limits })
  const holder = h("div", { className: "holder" }, model.get_child("builder"))
  const list = h("ol", { className: "steps" })
  const type = (name, placeholder, label) => h("input", {
    className: "field", spellcheck: false, autocomplete: "off", placeholder, "aria-label": label,
    oninput: () => { limits[name] = fields[name].value; ready() }, onchange: () => tell(),
    onkeydown: (event) => { if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) { send(); event.preventDefault() } },
  })
  const fields = {
    order: dropdown({ "aria-label": "Order of the steps", onchange: () => { limits.order = fields.order.value; putLimits(); ready(); tell() } },
      [["given", "In this order"], ["strict", "One right after the other"], ["any", "In any order"]]),
    within: type("within", "any time", "Longest time from the first step to the last"),
    without: type("without", "no condition", "Condition of events that must not lie between two steps"),
  }
  const problems = Object.fromEntries(Object.keys(fields).map((name) => [name, h("p", { className: "problem", role: "alert" })]))
  const without = h("div", { className: "built" })
  const construct = h("button", { className: "icon build", type: "button", "aria-label": "Build: without", onclick: () => build(WITHOUT) }, icon("edit"))
  const between = h("div", { className: "limit wide" }, h("span", { textContent: "Without an event in between where" }), without, construct, problems.without)
  // What the attempts keep to: the order, the time that they may take, and what must not happen meanwhile.
  function kept() {
    return h("div", { className: "kept" },
      h("label", { className: "limit" }, h("span", { textContent: "Order" }), fields.order, problems.order),
      h("label", { className: "limit" }, h("span", { textContent: "All within" }), fields.within, problems.within), between)
  }

  function putLimits() {
    for (const [name, field] of Object.entries(fields)) field.value = limits[name] ?? ""
    between.hidden = limits.order === "strict"
    if (between.hidden && building === WITHOUT) build(WITHOUT)
  }

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
  const remove = h("button", { className: "plain", type: "button", textContent: "Remove the funnel", onclick: () => model.send_msg({ apply: {} }) })
  const add = h("button", { className: "add", type: "button", onclick: () => put("", true) }, icon("add"), "Add a condition")
  const pattern = h("button", { className: "add", type: "button", title: "Several events as one step: search -> view", onclick: () => { put("pattern: "); const field = input(draft.length - 1); field.focus(); field.setSelectionRange(field.value.length, field.value.length) } }, icon("add"), "Add a pattern")
  // A plain Enter in the builder applies, too, unless it took a suggestion or is in a text of several lines.
  const isDone = ({ key, ctrlKey, metaKey, defaultPrevented, target }) =>
    key === "Enter" && (ctrlKey || metaKey || (holder.contains(target) && !defaultPrevented && deepest(target).matches("input")))
  const deepest = (element) => (element.shadowRoot?.activeElement ? deepest(element.shadowRoot.activeElement) : element)
  const root = h("section", { className: "editor", "aria-label": "Steps of the funnel", onkeydown: (event) => {
    if (isDone(event)) { send(); event.preventDefault() }
  } }, list, search, chips, kept(), h("div", { className: "foot" }, apply, cancel, remove))

  const tell = () => model.send_msg({ draft: whole() })
  const input = (at) => list.querySelectorAll("input")[at]

  function reset() {
    draft = [...model.steps]
    limits = { within: "", without: "", order: "given", ...model.limits }
    building = null
    putLimits()
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
    model.send_msg({ build: building == null ? null : [at, at === WITHOUT ? limits.without : draft[at]] })
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
    if (building != null) return model.send_msg({ built: [building, whole()] })
    draft = draft.filter((text) => text.trim())
    paint()
    model.send_msg({ apply: whole() })
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
    const keeps = Object.entries(limits).every(([name, text]) => text.trim() === (model.limits[name] ?? ""))
    const same = keeps && some.length === model.steps.length && some.every((text, at) => text === model.steps[at])
    apply.disabled = !some.length || same
    remove.hidden = !model.steps.length
    cancel.hidden = !model.steps.length && !draft.length
  }

  function paint() {
    if (!(building != null && building !== WITHOUT && list.children[building]?.contains(holder) && list.children.length === draft.length)) list.replaceChildren(...draft.map(row))
    list.hidden = !draft.length
    const built = building === WITHOUT
    without.replaceChildren(built ? holder : fields.without)
    construct.setAttribute("aria-expanded", String(built))
    construct.title = built ? "Close the builder" : "Build"
    root.querySelector(".kept").hidden = draft.length < 1
    judge()
    ready()
  }

  function judge() {
    ;[...list.children].forEach((each, at) => {
      const wrong = model.errors[at] ?? ""
      each.querySelector(".problem").textContent = wrong
      each.querySelector("input.field")?.setAttribute("aria-invalid", String(Boolean(wrong)))
    })
    for (const [name, field] of Object.entries(fields)) {
      const wrong = model.wrong[name] ?? ""
      field.setAttribute("aria-invalid", String(Boolean(wrong)))
      problems[name].textContent = wrong
    }
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
    }, icon("add"), name, h("small", { textContent: events }))), ...rest, add, pattern)
  }

  draw(model, ["steps", "limits", "turn"], reset)
  model.on("built", () => {
    if (model.built.step !== building) return
    if (model.built.refused) return build(building)
    if (building === WITHOUT) fields.without.value = limits.without = model.built.text
    else draft[building] = model.built.text
    ready()
  })
  draw(model, ["errors", "wrong"], judge)
  draw(model, ["offered"], offer)
  return root
}
