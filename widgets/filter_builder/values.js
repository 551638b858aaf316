// The fields for the value of a rule, by what its operator takes and what its column holds.

const WRITE = { number: "a number", duration: "30m or 1h 30m", text: "a value" }
const LENGTHS = ["10s", "1m", "5m", "30m", "1h", "12h", "1d", "1w"]
const PICKED = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?$/
const EMPTY = { text: "", kept: "text" }

// An editor: its element, `update(rule, wrongPlace)`, and `focus()`.
function valueEditor(ctx, id, operator, type) {
  const kind = operator.pattern ? "text" : type
  if (operator.takes === "nothing") return { element: null, update() {}, focus: null }
  if (operator.takes === "many") return chipsField(ctx, id, kind)
  const names = operator.takes === "two" ? ["From", "To"] : ["Value"]
  const fields = names.map((name, place) => oneField(ctx, id, kind, name, place, operator))
  const row = h("div", { className: `fields of-${kind}` }, fields.flatMap(({ element }, place) => (place ? [h("span", { className: "dash", textContent: "and" }), element] : [element])))
  const slider = operator.takes === "two" || /[<>]/.test(operator.key) ? sliderOf(ctx, id, kind, names) : null
  return {
    element: h("div", { className: "value" }, row, slider?.element),
    update(rule, wrong) {
      fields.forEach((field, place) => field.update(rule.values[place], wrong === place))
      slider?.stand(rule.values)
    },
    focus: () => fields[0].focus(),
  }
}

function sliderOf(ctx, id, kind, names) {
  const { low, high, whole } = ctx.columnOf(ctx.node(id)) ?? {}
  if (kind !== "number" || !(low < high)) return null
  return rangeSlider({ low, high, whole }, names.map((name) => `${name} slider`), (texts) => ctx.put(id, { values: texts }, { later: true }), ctx.flush)
}

const SIDES = [["value", "a value"], ["column", "another column"], ["expression", "an expression"]]

// What a column is compared with: a value, another column, or what is computed.
function oneField(ctx, id, kind, name, place, operator) {
  const plain = saidField(ctx, id, kind, name, place, operator)
  if (operator.pattern) return plain
  const column = dropdown({ "aria-label": "Other column", "aria-describedby": `note-${id}`, onchange: () => putAt(ctx, id, place, { text: column.value, kept: "column" }) })
  const text = h("input", {
    className: "field", type: "text", spellcheck: false, autocomplete: "off", placeholder: "amount * 2", "aria-label": "Expression", "aria-describedby": `note-${id}`,
    oninput: () => putAt(ctx, id, place, { text: text.value, kept: "expression" }, { later: true }), onblur: () => ctx.flush(),
    onkeydown: (event) => { if (event.key === "Enter") ctx.flush() },
  })
  const side = dropdown({ className: "side", "aria-label": "Compared with", title: "What the column is compared with", onchange: turn }, SIDES)
  const parts = { value: plain.element, column, expression: text }
  const element = h("span", { className: "operand" }, plain.element, side)

  function others() {
    const node = ctx.node(id)
    const names = ctx.columnNames().filter((other) => other !== node.column)
    const alike = names.filter((other) => ctx.column(other).type === ctx.typeOf(node))
    return [...alike, ...names.filter((other) => !alike.includes(other))]
  }

  function turn() {
    const chosen = { value: null, column: { text: others()[0] ?? "", kept: "column" }, expression: { text: "", kept: "expression" } }[side.value]
    putAt(ctx, id, place, chosen, { id, focus: "value" })
  }

  const sideOf = (value) => (value?.kept === "column" || value?.kept === "expression" ? value.kept : "value")
  return {
    element,
    update(value, wrong) {
      const now = sideOf(value)
      side.value = now
      if (element.firstChild !== parts[now]) element.replaceChild(parts[now], element.firstChild)
      if (now === "value") return plain.update(value, wrong)
      if (now === "column") {
        const names = others()
        if (!names.includes(value.text)) names.push(value.text)
        if (column.dataset.names !== String(names)) setOptions(column, names)
        column.dataset.names = String(names)
        column.value = value.text
      } else if (text.getRootNode().activeElement !== text) text.value = value.text
      mark(now === "column" ? column : text, wrong)
    },
    focus: () => { const now = sideOf(ctx.node(id).values[place]); if (now === "value") plain.focus(); else parts[now].focus() },
  }
}

function saidField(ctx, id, kind, name, place, operator) {
  if (kind === "time") return timeField(ctx, id, name, place)
  if (kind === "bool") return truthField(ctx, id, name, place)
  return textField(ctx, id, kind, name, place, !operator.pattern)
}

const keyOf = (value) => (value == null ? "" : JSON.stringify(value))

function putAt(ctx, id, place, value, options) {
  const values = [...ctx.node(id).values]
  while (values.length < place) values.push(null)
  values[place] = value === "" ? null : value
  ctx.put(id, { values }, options)
}

function known(ctx, id, kind) {
  const values = ctx.columnOf(ctx.node(id))?.values ?? []
  if (!values.length && kind === "duration") return LENGTHS.map((text) => ({ title: text, value: text }))
  return values.map(([text, count]) => ({
    title: text || "empty text", quiet: !text, value: text || EMPTY, side: count == null ? "" : count.toLocaleString("en-US"),
  }))
}

// Whether all texts of a column are known: one that fits what was typed is the one that is meant.
function isWhole(ctx, id, kind) {
  const { values = [], distinct } = ctx.columnOf(ctx.node(id)) ?? {}
  return kind === "text" && values.length > 0 && values.length === distinct
}

function textField(ctx, id, kind, name, place, suggesting) {
  let held = null
  const input = h("input", {
    className: "field", type: "text", "aria-label": name, "aria-describedby": `note-${id}`, placeholder: WRITE[kind],
    inputMode: kind === "number" ? "decimal" : "text", autocomplete: "off", spellcheck: false, onblur: () => ctx.flush(),
  })
  const take = (value, options) => { held = keyOf(value === "" ? null : value); putAt(ctx, id, place, value, options) }
  const typed = () => take(input.value, { later: true })
  if (suggesting) {
    ctx.list.attach(input, {
      typed, only: () => isWhole(ctx, id, kind), enter: () => ctx.flush(), find: (text) => matching(known(ctx, id, kind), text),
      choose: (option) => { input.value = textOf(option.value); take(option.value) },
    })
  } else {
    input.addEventListener("input", typed)
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") ctx.flush() })
  }
  return {
    element: input,
    update(value, wrong) {
      if (held !== keyOf(value)) input.value = textOf(value)
      held = keyOf(value)
      mark(input, wrong)
      const { low, high } = ctx.columnOf(ctx.node(id)) ?? {}
      input.placeholder = value?.kept ? "empty text" : kind === "number" && low != null && high != null ? `${short(low)} to ${short(high)}` : WRITE[kind]
    },
    focus: () => input.focus(),
  }
}

// The browser's own picker; a time that it cannot show, such as one with an offset, is a text until it is emptied.
function timeField(ctx, id, name, place) {
  let held = null
  const take = (value) => { held = keyOf(value || null); putAt(ctx, id, place, value, { later: true }) }
  const shared = { className: "field", "aria-label": name, "aria-describedby": `note-${id}`, onblur: () => { ctx.flush(); settle() } }
  const picker = h("input", { ...shared, type: "datetime-local", step: 1, max: "9999-12-31T23:59:59", oninput: () => { text.value = picker.value; take(picker.value.replace("T", " ")) } })
  const text = h("input", { ...shared, type: "text", oninput: () => take(text.value) })
  const element = h("span", { className: "time" }, picker)

  // Which of the two is shown does not change under somebody's hands.
  function settle() {
    if (element.contains(element.getRootNode().activeElement)) return
    const fits = !text.value || PICKED.test(text.value)
    if (element.firstChild !== (fits ? picker : text)) element.replaceChildren(fits ? picker : text)
  }

  return {
    element,
    update(value, wrong) {
      if (held !== keyOf(value)) {
        text.value = textOf(value)
        const [day, clock = "00:00"] = text.value.split(/[ T]/)
        picker.value = PICKED.test(text.value) ? `${day}T${clock}` : ""
      }
      held = keyOf(value)
      settle()
      mark(picker, wrong)
      mark(text, wrong)
    },
    focus: () => element.firstChild.focus(),
  }
}

function truthField(ctx, id, name, place) {
  const select = dropdown({ "aria-label": name, onchange: () => putAt(ctx, id, place, select.value) },
    [["", "choose"], ["TRUE", "true"], ["FALSE", "false"]])
  return { element: select, update: (value, wrong) => { select.value = textOf(value); mark(select, wrong) }, focus: () => select.focus() }
}

function mark(field, wrong) {
  if (wrong) field.setAttribute("aria-invalid", "true")
  else field.removeAttribute("aria-invalid")
}

const short = (bound) => (typeof bound === "number" ? bound.toLocaleString("en-US", { maximumFractionDigits: 2 }) : bound)
