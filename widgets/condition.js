export function render({ model }) {
  let draft = null
  let options = []
  let lit = -1

  const tell = (message) => model.send_msg(message)
  const add = h("button", { className: "add", type: "button", onclick: () => tell({ add: true }) }, icon("add"), h("span"))
  const column = h("select", { className: "field column", "aria-label": "Column", onchange: () => edit({ column: column.value, value: "" }) })
  const op = h("select", { className: "field op", "aria-label": "Operator", onchange: () => edit({ op: op.value }) })
  const truth = h("select", { className: "field value", "aria-label": "Value", onchange: () => edit({ value: truth.value }) },
    ["", "true", "false"].map((text) => h("option", { value: text, textContent: text || "choose" })))
  const value = h("input", {
    className: "field value", type: "text", autocomplete: "off", spellcheck: false, role: "combobox", "aria-label": "Value",
    "aria-autocomplete": "list", "aria-controls": "values", "aria-expanded": "false", "aria-describedby": "error",
    oninput: () => suggest(), onclick: () => suggest(""), onkeydown: keys,
    onblur: () => { hide(); if (draft && value.value !== draft.value) edit({ value: value.value }) },
  })
  const list = h("ul", { id: "values", role: "listbox", popover: "manual", "aria-label": "Values", onmousedown: (event) => event.preventDefault() })
  const remove = h("button", { className: "icon", type: "button", onclick: () => tell({ remove: true }) }, icon("close"))
  const code = h("code")
  const error = h("div", { className: "problem", id: "error", role: "alert" })
  const hint = h("div", { className: "hint", role: "status" })
  const row = h("div", { className: "row" }, column, op, value, truth, code, remove)

  const type = () => model.columns[draft.column]?.type ?? "text"
  const fitting = () => model.operators.filter((operator) => operator.types.includes(type()))
  const takesValue = () => model.operators.find((operator) => operator.key === draft.op)?.takes_value

  function edit(change) {
    draft = { ...draft, ...change }
    if (!fitting().some((operator) => operator.key === draft.op)) draft.op = "="
    hide()
    tell({ draft })
    paintRow("")
  }

  // The list hangs in the top layer, so that no scrolling drawer cuts it off.
  function suggest(typed = value.value) {
    const wanted = typed.trim().toLowerCase()
    const known = model.columns[draft.column]?.values ?? []
    options = known.filter(([text]) => text.toLowerCase().includes(wanted)).slice(0, 50)
    lit = -1
    if (!options.length) return hide()
    list.replaceChildren(...options.map(([text, count], place) =>
      h("li", { id: `value-${place}`, role: "option", onclick: () => edit({ value: text }) },
        h("span", { textContent: text, title: text }), h("small", { textContent: count.toLocaleString("en-US") }))))
    const box = value.getBoundingClientRect()
    list.style.cssText = `left: ${box.left}px; top: ${box.bottom + 4}px; min-width: ${box.width}px`
    list.showPopover()
    value.setAttribute("aria-expanded", "true")
    light(-1)
  }

  function hide() {
    if (list.matches(":popover-open")) list.hidePopover()
    value.setAttribute("aria-expanded", "false")
    value.removeAttribute("aria-activedescendant")
    lit = -1
  }

  function light(place) {
    lit = place
    list.childNodes.forEach((option, i) => option.setAttribute("aria-selected", i === place))
    list.childNodes[place]?.scrollIntoView({ block: "nearest" })
    if (place >= 0) value.setAttribute("aria-activedescendant", `value-${place}`)
    else value.removeAttribute("aria-activedescendant")
  }

  function keys(event) {
    const open = value.getAttribute("aria-expanded") === "true"
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      if (!open) suggest("")
      else light((lit + step + options.length) % options.length)
      event.preventDefault()
    } else if (event.key === "Enter") {
      edit({ value: lit >= 0 ? options[lit][0] : value.value })
    } else if (event.key === "Escape" && open) {
      hide()
      event.stopPropagation()
    }
  }

  function choose(select, entries, chosen) {
    select.replaceChildren(...entries.map(([key, title]) => h("option", { value: key, textContent: title })))
    select.value = chosen
  }

  function paintRow(message) {
    choose(column, Object.keys(model.columns).map((name) => [name, name]), draft.column)
    choose(op, fitting().map(({ key, title }) => [key, title]), draft.op)
    const isTruth = type() === "bool"
    value.hidden = !takesValue() || isTruth
    truth.hidden = !takesValue() || !isTruth
    value.value = truth.value = draft.value
    value.inputMode = type() === "number" ? "decimal" : "text"
    value.placeholder = { number: "a number", time: "2024-03-01 12:30" }[type()] ?? "a value"
    value.toggleAttribute("aria-invalid", false)
    if (message) value.setAttribute("aria-invalid", "true")
    hint.textContent = !message && takesValue() && !draft.value ? "Not applied yet: choose a value." : ""
  }

  function paint() {
    const had = draft
    draft = model.shown.draft
    const nothing = !draft && !model.shown.text
    add.hidden = !nothing
    add.lastChild.textContent = `Add ${model.noun}`
    row.hidden = nothing
    column.hidden = op.hidden = !draft
    code.hidden = !!draft
    code.textContent = code.title = model.shown.text ?? ""
    remove.title = `Remove the ${model.noun}`
    remove.setAttribute("aria-label", remove.title)
    error.textContent = model.shown.error
    hint.textContent = ""
    value.hidden = truth.hidden = true
    if (draft) paintRow(model.shown.error)
    if (draft && !had && !draft.value && model.shown.turn > 1) column.focus()
  }

  draw(model, ["shown", "columns", "noun"], paint)
  window.addEventListener("scroll", hide, true)
  model.on("remove", () => window.removeEventListener("scroll", hide, true))
  return h("div", { className: "condition" }, add, row, list, error, hint)
}
