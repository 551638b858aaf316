const KINDS = ["Actions", "Views", "Charts", "Metrics", "Fields", "Values", "Guide"]
const MOST_OF_A_KIND = 6

// How well a title answers what is typed: 0 it begins so, 1 a word of it does, 2 it has it somewhere, 3 only its detail; null not at all.
function answers({ title, detail }, words) {
  const name = title.toLowerCase(), all = `${name} ${detail.toLowerCase()}`
  if (!words.every((word) => all.includes(word))) return null
  const whole = words.join(" ")
  if (name.startsWith(whole)) return 0
  if (name.split(/[\s_./-]+/).some((part) => part.startsWith(words[0] ?? ""))) return 1
  return words.every((word) => name.includes(word)) ? 2 : 3
}

// A list of all that can be found, in the middle of the page: `entries` are those that are known when it opens,
// `search(text)` asks for more, and `choose(entry)` is told what was taken. Escape closes it, and gives the focus back.
function palette({ search, choose }) {
  const field = h("input", {
    className: "find", type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "found", "aria-autocomplete": "list",
    "aria-label": "Find", placeholder: "Find fields, values, metrics, charts, actions, guide", spellcheck: false, autocomplete: "off", oninput: typed,
  })
  const list = h("div", { id: "found", className: "found", role: "listbox", "aria-label": "Found", onpointerdown: (event) => event.preventDefault() })
  const said = h("p", { className: "said", role: "status" })
  const dialog = h("dialog", {
    className: "palette", "aria-label": "Find anything",
    onclick: (event) => { if (event.target === dialog) dialog.close() },
    onkeydown: walk, onclose: () => { before?.focus?.(); before = null },
  }, h("div", { className: "head" }, icon("find"), field, h("kbd", { textContent: "Esc" })), list, said)
  let before = null, entries = [], values = [], more = "", active = "", waiting = null, asked = ""

  function walk(event) {
    event.stopPropagation()
    const shown = [...list.querySelectorAll("[role=option]")]
    const at = shown.findIndex((each) => each.id === active)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + 8, shown.length - 1), PageUp: Math.max(at - 8, 0) }[event.key]
    // Escape closes the list and nothing else: a key that goes up would clear the brushes of the charts.
    if (event.key === "Escape") {
      window.addEventListener("keyup", (up) => up.stopImmediatePropagation(), { capture: true, once: true })
      dialog.close()
    } else if (event.key === "Tab") field.focus()
    else if (to != null && shown.length) mark(shown[(to + shown.length) % shown.length].id, true)
    else if (event.key === "Enter") shown[Math.max(at, 0)]?.click()
    else return
    event.preventDefault()
  }

  function mark(id, seen) {
    active = id
    for (const each of list.querySelectorAll("[role=option]")) each.setAttribute("aria-selected", String(each.id === id))
    field.setAttribute("aria-activedescendant", id)
    if (seen) list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" })
  }

  function typed() {
    clearTimeout(waiting)
    values = []
    more = ""
    active = ""
    asked = field.value.trim()
    if (asked) waiting = setTimeout(() => search(asked), 120)
    paint()
    list.scrollTop = 0
  }

  function paint() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean)
    const found = new Map(KINDS.map((kind) => [kind, []]))
    for (const entry of entries) {
      const how = answers(entry, words)
      if (how != null) found.get(entry.kind).push([how, entry])
    }
    if (asked) for (const entry of values) found.get("Values").push([answers(entry, words) ?? 3, entry])
    const kinds = [...found].filter(([, some]) => some.length)
    for (const [, some] of kinds) some.sort((a, b) => a[0] - b[0])
    if (words.length) kinds.sort((a, b) => a[1][0][0] - b[1][0][0])
    let n = 0
    list.replaceChildren(...kinds.flatMap(([kind, some]) => {
      const id = `of-${kind.toLowerCase()}`
      const shown = some.slice(0, words.length ? MOST_OF_A_KIND : some.length)
      const rest = some.length - shown.length
      return h("div", { role: "group", "aria-labelledby": id }, h("h4", { id, textContent: rest ? `${kind}: the best ${shown.length} of ${some.length}` : kind }),
        shown.map(([, entry]) => h("button", {
          id: `found-${n++}`, type: "button", role: "option", tabIndex: -1, "aria-selected": "false",
          onclick: () => { dialog.close(); choose(entry) }, onpointermove: (event) => mark(event.currentTarget.id, false),
        }, h("span", { textContent: entry.title }), h("small", { textContent: entry.detail }), entry.keys ? h("kbd", { textContent: entry.keys }) : null)))
    }))
    const all = list.querySelectorAll("[role=option]")
    mark([...all].some((each) => each.id === active) ? active : all[0]?.id ?? "", false)
    said.textContent = all.length ? more : asked && waiting ? "Searching the values" : "Nothing is called that, and no value contains it."
    said.hidden = !said.textContent
  }

  return {
    dialog,
    open(focusBefore, known) {
      before = focusBefore
      entries = known
      field.value = asked = more = active = ""
      values = []
      waiting = null
      if (!dialog.open) dialog.showModal()
      paint()
      list.scrollTop = 0
      field.focus()
    },
    // What there is may arrive while the list is open.
    know(known) {
      entries = known
      if (dialog.open) paint()
    },
    // Values that were found; those of an older text are too late.
    found(answer) {
      if (!dialog.open || answer.text !== asked) return
      waiting = null
      values = answer.values
      more = answer.more
      paint()
    },
  }
}
