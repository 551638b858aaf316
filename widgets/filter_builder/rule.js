// What rules and groups have in common, and one rule: a column, an operator, a value.

const TYPE_WORDS = { text: "text", number: "number", time: "time", duration: "duration", bool: "yes or no" }
const CONSTANT = { always: "every row", never: "no row" }

function tallyLine() {
  const bar = h("span", { className: "bar", "aria-hidden": "true" })
  const long = h("span", { className: "long" })
  const brief = h("span", { className: "brief" })
  const element = h("div", { className: "tally" }, bar, long, brief)
  return {
    element,
    // `tally` is undefined where nothing is counted, null while it is.
    update(tally) {
      element.hidden = tally === undefined
      element.classList.toggle("waiting", tally === null)
      element.classList.toggle("shimmer", tally === null && !long.textContent)
      if (tally === undefined) long.textContent = brief.textContent = ""
      if (!tally) return
      element.classList.toggle("zero", !!tally.zero)
      long.textContent = tally.zero ? `${tally.text} – ${tally.zero}` : tally.text
      brief.textContent = tally.zero || tally.short
      element.title = tally.text
      bar.hidden = tally.share == null
      bar.style.setProperty("--share", tally.share ?? 0)
    },
  }
}

function itemParts(ctx, id) {
  const button = (name, title, run, more = {}) => h("button", { className: "icon", type: "button", title, "aria-label": title, onclick: run, ...more }, icon(name))
  const joint = h("span", { className: "joint" })
  const grip = button("grip", "Move: drag, or Alt with an arrow key", () => {}, { onpointerdown: (event) => ctx.drag.start(event, element(), id) })
  grip.classList.add("grip")
  const element = () => grip.parentElement
  const mute = button("shown", "Mute", () => ctx.mute(id))
  const copy = button("copy", "Clone", () => ctx.clone(id))
  const more = button("more", "More actions", () => ctx.menu.open(more, ctx.actions(id)), { "aria-haspopup": "menu", "aria-expanded": "false" })
  const remove = button("close", "Remove", () => ctx.remove(id))
  copy.classList.add("seldom")
  mute.classList.add("seldom")
  const negated = h("button", { className: "not", type: "button", textContent: "NOT", "aria-pressed": "true", title: "Turned around: click for the plain condition", onclick: () => ctx.negate(id) })
  return {
    joint, grip, negated, actions: h("div", { className: "actions" }, copy, mute, more, remove), more,
    update(node, name, joinWord) {
      joint.textContent = joinWord
      mute.classList.toggle("seldom", !node.muted)
      const title = node.muted ? "Unmute" : "Mute"
      if (mute.title !== title) mute.replaceChildren(icon(node.muted ? "muted" : "shown"))
      mute.title = title
      for (const [one, what] of [[grip, "Move"], [copy, "Clone"], [mute, mute.title], [more, "More actions for"], [remove, "Remove"]]) one.setAttribute("aria-label", `${what} ${name}`)
      negated.setAttribute("aria-label", `NOT ${name}`)
    },
  }
}

function ruleView(ctx, id) {
  const parts = itemParts(ctx, id)
  const column = h("input", { className: "field column", type: "text", "aria-label": "Column", placeholder: "Choose a column", "aria-describedby": `note-${id}`, onfocus: () => column.select(), onblur: () => { column.value = ctx.node(id)?.column ?? "" } })
  const op = dropdown({ className: "op", "aria-label": "Operator", onchange: () => ctx.put(id, { op: op.value }, { focus: "op" }) })
  const box = h("div", { className: "box" })
  const constant = h("code", { hidden: true })
  const written = textRow(ctx, id)
  const problem = h("div", { className: "problem", role: "alert" })
  const hint = h("div", { className: "hint" })
  const note = h("div", { className: "note", id: `note-${id}` }, problem, hint)
  const tally = tallyLine()
  const line = h("div", { className: "line" }, h("div", { className: "who" }, parts.negated, column, constant, written.element), op, box, parts.actions)
  const element = h("div", { className: "rule item", role: "group", "data-id": id }, parts.joint, parts.grip, h("div", { className: "inside" }, line, h("div", { className: "under" }, note, tally.element)))
  let editor = null
  let editorKey = ""

  const named = (text) => matching(ctx.columnNames().map((name) => {
    const { type, example, about } = ctx.column(name)
    return { title: name || "no name", value: name, detail: about || example, side: TYPE_WORDS[type] }
  }), text)
  const chooser = ctx.list.attach(column, {
    find: named,
    choose: ({ value }) => take(value),
    enter: () => {
      const [first] = named(column.value)
      entered = !ctx.columnNames().length
      if (column.value && first) take(first.value)
    },
    typed: () => { entered = false },
  })

  // An editor opens before its columns are known: then what was typed meanwhile is looked for among them.
  let awaited = !ctx.columnNames().length, entered = false
  function know() {
    if (!awaited || !ctx.columnNames().length) return
    awaited = false
    if (column.getRootNode().activeElement !== column) return
    const [first] = named(column.value)
    if (entered && column.value && first) take(first.value)
    else chooser.open(column.value)
  }

  function take(name) {
    column.value = name
    const before = ctx.node(id)
    if (before.column === name) return focus("value")
    const fits = ctx.operators({ ...before, column: name, kind: "", op: null })
    const op = fits.some(({ key }) => key === before.op) ? before.op : fits[0].key
    ctx.put(id, { column: name, op, kind: "", values: [] }, { focus: "value" })
  }

  function focus(part) {
    const node = ctx.node(id)
    if (part === "value" && editor?.focus) editor.focus()
    else if (part === "more" || node.op in CONSTANT) parts.more.focus()
    else if (node.op === "text") written.element.focus()
    else if (part === "new") { column.focus(); chooser.open("") }
    else (part === "op" || part === "value" ? op : column).focus()
  }

  function update(node, { name, joinWord }) {
    const type = ctx.typeOf(node)
    parts.update(node, name, joinWord)
    element.setAttribute("aria-label", `${name}${node.column == null ? "" : `: ${node.column}`}${node.muted ? " (muted)" : ""}`)
    element.classList.toggle("is-muted", node.muted)
    const fixed = node.op in CONSTANT || node.op === "text"
    parts.negated.hidden = !node.negated
    column.hidden = op.hidden = fixed
    constant.hidden = !(node.op in CONSTANT)
    written.update(node)
    line.classList.toggle("of-text", node.op === "text")
    constant.textContent = CONSTANT[node.op] ?? ""
    if (column.getRootNode().activeElement !== column) column.value = node.column ?? ""
    column.title = ctx.columnOf(node)?.about || (node.column ?? "")
    op.disabled = node.column == null
    const offered = ctx.operators(node)
    const menu = offered.map((operator) => [operator.key, operator.words[type] ?? operator.other])
    if (op.dataset.menu !== String(menu)) setOptions(op, menu)
    op.dataset.menu = String(menu)
    op.value = node.op
    const operator = offered.find(({ key }) => key === node.op)
    const known = ctx.columnOf(node)
    const key = fixed || node.column == null ? "" : JSON.stringify([node.column, operator.takes, type, operator.pattern, /[<>]/.test(operator.key), known?.low, known?.high])
    if (key !== editorKey) {
      editor = key ? valueEditor(ctx, id, operator, type) : null
      box.replaceChildren(...(editor?.element ? [editor.element] : []))
      box.hidden = !editor?.element
      editorKey = key
    }
    line.classList.toggle("valueless", box.hidden)
    const said = ctx.note(id)
    editor?.update(node, said?.wrong ? said.place : null)
    if (problem.textContent !== (said?.wrong ?? "")) problem.textContent = said?.wrong ?? ""
    hint.textContent = said?.missing ? `Not applied yet: ${said.missing}.${within(node)}` : known || fixed || node.column == null || !ctx.columnNames().length ? "" : `There is no column '${node.column}' in the list.`
    tally.update(said?.wrong ? undefined : ctx.tally(id))
    queueMicrotask(know)
  }

  function within(node) {
    const { low, high, type } = ctx.columnOf(node) ?? {}
    return type === "time" && low != null && high != null ? ` There are ${String(low).slice(0, 16)} to ${String(high).slice(0, 16)}.` : ""
  }

  return { element, update, focus }
}

// A condition that rows cannot show, as its text.
function textRow(ctx, id) {
  const put = (options) => ctx.put(id, { values: [element.value] }, options)
  const element = h("textarea", {
    className: "field written", rows: 1, spellcheck: false, hidden: true, "aria-label": "Written condition", "aria-describedby": `note-${id}`,
    placeholder: "lower(page) = 'cart' AND amount > budget", oninput: () => put({ later: true }), onblur: () => ctx.flush(),
    onkeydown: (event) => { if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); ctx.flush() } },
  })
  return {
    element,
    update(node) {
      element.hidden = node.op !== "text"
      if (!element.hidden && element.getRootNode().activeElement !== element) element.value = textOf(node.values[0])
      mark(element, !!ctx.note(id)?.wrong)
    },
  }
}
