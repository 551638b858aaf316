const PAUSE = 80 // milliseconds after the last key in a field
const FACES = ["Rules", "SQL"]

export function render({ model }) {
  const me = newId()
  const views = new Map()
  let turn = 0
  let root = model.shown.draft
  let notes = model.shown.notes
  let timer = null
  let painting = false
  let face = "Rules"

  const list = suggestions()
  const menu = actionMenu()
  const announced = h("div", { className: "heard", role: "status" })
  const tabs = FACES.map((name) => h("button", { type: "button", textContent: name, onclick: () => turnTo(name) }))
  const faces = h("div", { className: "segments faces", role: "group", "aria-label": `Edit ${model.label.toLowerCase()} as` }, tabs)
  const sql = sqlFace(model, (text) => { clearTimeout(timer); timer = null; model.send_msg({ sql: text, turn: [me, ++turn] }) })
  const whole = tallyLine()
  const problem = h("div", { className: "problem", role: "alert" })
  const rules = h("div", { className: "rules" })
  const sqlFoot = h("div", { className: "foot" })
  const frame = h("div", { className: "builder", onkeydown: keys })

  const ctx = {
    model, list, menu, frame,
    tree: () => root,
    node: (id) => find(root, id)?.node,
    note: (id) => notes[id],
    tally: (id) => model.tallies[id],
    column: (name) => model.columns[name],
    columnOf: (rule) => (rule?.column == null ? undefined : model.columns[rule.column]),
    columnNames: () => Object.keys(model.columns),
    soleColumn: () => { const names = Object.keys(model.columns); return names.length === 1 ? names[0] : null },
    typeOf: (rule) => ctx.columnOf(rule)?.type ?? (rule.kind || "text"),
    operators: (rule) => model.operators.filter(({ key, words }) => ctx.typeOf(rule) in words || key === rule.op),
    view: (node) => {
      if (!views.has(node.id)) views.set(node.id, isGroup(node) ? groupView(ctx, node.id, node.id === root.id) : ruleView(ctx, node.id))
      return views.get(node.id)
    },
    put: (id, change, options) => { if (find(root, id)) edit(changed(root, id, change), { id, ...options }) },
    flush: () => { if (timer) send() },
    add: (group, node) => edit(inserted(root, group, ctx.node(group).items.length, node), { id: (node.items?.[0] ?? node).id, focus: "new" }),
    remove: (id) => {
      const { parent, place } = find(root, id)
      const next = parent.items[place + 1] ?? parent.items[place - 1] ?? parent
      edit(removed(root, id), { id: next.id, focus: "more", said: "Removed." })
    },
    clone: (id) => {
      const { node, parent, place } = find(root, id)
      const twin = copied(node)
      edit(inserted(root, parent.id, place + 1, twin), { id: twin.id, focus: "more", said: "Cloned." })
    },
    mute: (id) => edit(changed(root, id, { muted: !ctx.node(id).muted }), { said: ctx.node(id).muted ? "Unmuted." : "Muted: it does not count now." }),
    negate: (id) => edit(changed(root, id, { negated: !ctx.node(id).negated }), { said: "Turned around." }),
    move: (id, next) => {
      const { place, parent } = find(next, id)
      edit(next, { said: `Moved to place ${place + 1} of ${parent.items.length}.` })
    },
    wrap: (id) => {
      const { node, parent } = find(root, id)
      edit(replaced(root, id, newGroup(otherJoin(parent.join), [node])), { id, focus: "more", said: "Put in a group." })
    },
    actions: (id) => {
      const { node } = find(root, id)
      const move = (step) => ({ title: step < 0 ? "Move up" : "Move down", keys: step < 0 ? "Alt ↑" : "Alt ↓", run: () => stepBy(id, step) })
      return [
        { title: node.negated ? "Remove NOT" : "Turn around (NOT)", run: () => ctx.negate(id) },
        { title: node.muted ? "Unmute" : "Mute", run: () => ctx.mute(id) },
        { title: "Clone", run: () => ctx.clone(id) },
        ...(stepped(root, id, -1) ? [move(-1)] : []),
        ...(stepped(root, id, 1) ? [move(1)] : []),
        { title: "Put in a group", run: () => ctx.wrap(id) },
        { title: "Remove", run: () => ctx.remove(id), danger: true },
      ]
    },
  }
  ctx.drag = dragging(ctx)

  function stepBy(id, step) {
    const next = stepped(root, id, step)
    if (next) ctx.move(id, next)
  }

  function edit(next, { id, later = false, focus, said = "" } = {}) {
    root = next
    clearTimeout(timer)
    timer = null
    if (later) timer = setTimeout(send, PAUSE)
    else send()
    paint()
    if (focus) views.get(id)?.focus(focus)
    if (said) announced.textContent = announced.textContent === said ? `${said}\u00a0` : said
  }

  function send() {
    clearTimeout(timer)
    timer = null
    model.send_msg({ draft: root, turn: [me, ++turn] })
  }

  // Alt with an arrow moves what the focus is in. Control with Enter is the owner's: it finds everything sent.
  function keys(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ctx.flush()
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    const item = event.target.closest(".item")
    if (!event.altKey || !step || !item) return
    event.preventDefault()
    event.stopPropagation()
    list.hide()
    stepBy(item.dataset.id, step)
  }

  function turnTo(name) {
    ctx.flush()
    face = name
    paint()
    if (face === "SQL") {
      sql.update(false)
      sql.focus()
    } else tabs[0].focus()
  }

  function paint() {
    if (painting) return queueMicrotask(paint)
    painting = true
    const scope = frame.getRootNode()
    const focused = scope.activeElement
    const alive = new Set(ids(root))
    for (const id of views.keys()) if (!alive.has(id)) views.delete(id)
    const top = ctx.view(root)
    arrange(rules, [top.element])
    top.update(root, { name: "Whole", joinWord: "" })
    rules.hidden = face !== "Rules"
    sql.element.hidden = sqlFoot.hidden = face !== "SQL"
    const foot = face === "SQL" ? sqlFoot : top.foot
    if (faces.parentElement !== foot) foot.append(faces)
    tabs.forEach((tab, place) => tab.setAttribute("aria-pressed", FACES[place] === face))
    if (focused && focused !== scope.activeElement && frame.contains(focused)) focused.focus()
    painting = false
    paintTallies()
  }

  function paintTallies() {
    const alone = root.items.length === 1 && !root.negated && !root.items[0].muted && face === "Rules"
    whole.update(alone || !root.items.length ? undefined : model.tallies.whole)
  }

  // What was said before our last edit was heard is old, and so is everything while an edit waits to be sent.
  function hear() {
    const { heard, draft, redraw } = model.shown
    const mine = heard?.[0] === me
    if (timer || turn > (mine ? heard[1] : heard ? turn : 0)) return
    if (redraw || !mine) root = draft
    notes = model.shown.notes
    paint()
    sql.update(mine)
  }

  frame.append(rules, sql.element, sqlFoot, h("div", { className: "whole" }, whole.element), problem, announced, ctx.drag.element, list.element, menu.element)
  draw(model, ["shown"], hear)
  draw(model, ["columns", "label", "tallies"], paint)
  draw(model, ["error"], () => { problem.textContent = model.error })
  const scrolled = () => { list.follow(); menu.hide() }
  window.addEventListener("scroll", scrolled, true)
  model.on("remove", () => window.removeEventListener("scroll", scrolled, true))
  return frame
}
