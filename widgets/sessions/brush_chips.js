export function render({ model }) {
  const say = (message) => model.send_msg(message)
  const hint = h("span", { className: "hint" }, icon("brush"), h("span"))
  const list = h("ul", { "aria-label": "Brushes" })
  // What stands behind a bar is left out where there is little room.
  const ask = (act, said, title = "") => {
    const [words, more = ""] = said.split("|")
    const button = h("button", { className: "clear", type: "button", title, onclick: () => say({ act }) }, words, h("span", { className: "more", textContent: more }))
    button.setAttribute("aria-label", words + more)
    return button
  }
  const cohort = ask("cohort", "Save as cohort", "Name the selected actors: every definition can then ask whether an actor is one of them")
  const acts = [
    ask("clear", "Clear| all"),
    ask("keep", "Filter to| selection", "Show only the selected sessions: the brushes become part of the definition"),
    ask("look", "View events", "Show the first of the selected sessions, event by event"),
    ask("exclude", "Filter out| selection", "Leave the selected sessions out: the brushes become part of the definition"),
    ask("sides", "Against rest", "Make a definition of the selected sessions and one of all others, and compare the two"),
    cohort,
  ]

  // ---- the exact range, typed

  const what = dropdown({ id: "range-of", onchange: () => fill() })
  const [from, to] = ["from", "to"].map((name) => h("input", { className: "field", id: `range-${name}`, type: "text", spellcheck: false, autocomplete: "off" }))
  const error = h("p", { className: "problem", role: "alert" })
  const invert = h("button", { className: "clear", type: "button", textContent: "Invert", title: "Select exactly the other sessions", onclick: () => say({ act: "invert", name: what.value }) })
  let ends
  const values = h("div", { className: "choices", role: "group", "aria-label": "Values" })
  const form = h("form", { className: "range", popover: "auto", "aria-label": "Enter a range", onsubmit: submit },
    h("label", { htmlFor: "range-of", textContent: "Select by" }), what,
    values,
    ends = h("div", { className: "ends" },
      h("div", {}, h("label", { htmlFor: "range-from", textContent: "from" }), from),
      h("div", {}, h("label", { htmlFor: "range-to", textContent: "to" }), to)),
    error,
    h("div", { className: "foot" }, invert, h("button", { className: "main", type: "submit", textContent: "Select" })))
  const open = h("button", { className: "clear exact", type: "button", textContent: "Enter a range", title: "Select by typing numbers", onclick: () => show(open) })

  function submit(event) {
    event.preventDefault()
    if (!values.hidden) {
      say({ act: "values", name: what.value, bins: [...values.querySelectorAll("input")].flatMap((box, at) => (box.checked ? [at] : [])) })
      return form.hidePopover()
    }
    say({ act: "range", name: what.value, from: from.value, to: to.value })
  }

  const chipOf = (name) => model.chips.find((chip) => chip.name === name)

  function fill() {
    const waits = model.others.some(([name]) => name === what.value)
    if (waits) say({ act: "need", name: what.value })
    const chip = chipOf(what.value), known = model.ranges.find(([name]) => name === what.value)
    const [low, high] = chip?.ends ?? ["", ""]
    from.value = low
    to.value = high
    from.placeholder = to.placeholder = waits ? "one moment …" : known ? known[2] : ""
    from.disabled = to.disabled = !known
    const choice = model.choices.find(([name]) => name === what.value)
    ends.hidden = Boolean(choice)
    values.hidden = !choice
    values.replaceChildren(...(choice ? choice[2].map((text, at) => h("label", {}, h("input", { type: "checkbox", checked: choice[3][at] }), text)) : []))
    invert.hidden = !chip
    invert.textContent = chip?.negated ? "Not inverted" : "Invert"
  }

  function offer() {
    const known = [...model.ranges, ...model.choices, ...model.others].map(([name, title]) => [name, title])
    const others = model.chips.filter((chip) => !known.some(([name]) => name === chip.name)).map((chip) => [chip.name, chip.name])
    setOptions(what, [...known, ...others])
    return known
  }

  // What was asked for is in bins now.
  function refresh() {
    if (!form.matches(":popover-open")) return
    const name = what.value, typed = [from.value, to.value]
    offer()
    what.value = name
    fill()
    if (!from.disabled && !typed.every((text) => !text)) [from.value, to.value] = typed
  }

  function show(button, name) {
    if (form.matches(":popover-open")) return form.hidePopover()
    const known = offer()
    const touched = known.some(([name]) => name === model.touched) ? model.touched : null
    what.value = name ?? touched ?? model.chips.find((chip) => chip.ends)?.name ?? known[0]?.[0] ?? ""
    fill()
    error.textContent = ""
    form.showPopover()
    const at = button.getBoundingClientRect(), size = form.getBoundingClientRect()
    form.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`
    form.style.top = `${at.bottom + 6 + size.height < innerHeight ? at.bottom + 6 : Math.max(8, at.top - size.height - 6)}px`
    ;(values.querySelector("input") ?? (from.disabled ? invert : from)).focus()
  }

  const row = h("div", { className: "row" }, hint, list, ...acts, open, form)

  function paint() {
    const empty = model.chips.length === 0
    const had = list.contains(list.getRootNode().activeElement)
    hint.hidden = !empty
    list.hidden = empty
    for (const act of acts) act.hidden = empty
    hint.lastChild.textContent = model.hint
    list.replaceChildren(...model.chips.map((chip) => {
      const words = h("button", {
        className: "words", type: "button", title: `${chip.text}: change it`, textContent: chip.text, onclick: () => show(words, chip.name),
      })
      return h("li", {}, words, h("button", {
        className: "cross", type: "button", "aria-label": `Clear the brush ${chip.text}`, title: "Clear this brush",
        onclick: () => say({ act: "remove", name: chip.name }),
      }, icon("close")))
    }))
    if (had && !empty) list.querySelector(".cross").focus()
    open.hidden = !model.ranges.length
    cohort.hidden = empty || !model.actors
    const said = JSON.stringify(model.chips)
    if (said !== before && form.matches(":popover-open") && !model.error) form.hidePopover()
    before = said
  }

  let before = ""
  draw(model, ["chips", "hint", "ranges", "actors"], paint)
  draw(model, ["ranges", "choices", "others"], refresh)
  draw(model, ["error"], () => {
    error.textContent = model.error
    for (const each of [from, to]) each.setAttribute("aria-invalid", String(Boolean(model.error)))
  })
  return row
}
