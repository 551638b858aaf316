// A group: all of or any of its rules and groups; the outermost one has neither a grip nor actions.

const JOINS = [["and", "All of", "All of these hold (AND)"], ["or", "Any of", "Any of these holds (OR)"]]

function groupView(ctx, id, top = false) {
  const parts = itemParts(ctx, id)
  const joins = JOINS.map(([join, textContent, title]) => h("button", { type: "button", textContent, title, onclick: () => ctx.put(id, { join }) }))
  const segments = h("div", { className: "segments", role: "group", "aria-label": "Combine with" }, joins)
  const negate = h("button", { className: "not", type: "button", textContent: "NOT", title: "Turn the whole group around", onclick: () => ctx.negate(id) })
  const head = h("div", { className: "head" }, negate, segments, top ? null : parts.actions)
  const items = h("div", { className: "items" })
  const nothing = h("div", { className: "hint", textContent: "Nothing here yet: drag a condition here or add one." })
  const adding = (words, run) => h("button", { type: "button", className: "add", onclick: run }, icon("add"), h("span", { textContent: words }))
  const rule = adding("Condition", () => ctx.add(id, newRule(ctx.soleColumn())))
  const group = adding("Group", () => ctx.add(id, newGroup(otherJoin(ctx.node(id).join), [newRule(ctx.soleColumn())])))
  const text = adding("Text", () => ctx.add(id, newText()))
  const tally = tallyLine()
  const foot = h("div", { className: "foot" }, rule, text, group, top ? null : tally.element)
  const inside = h("div", { className: "inside" }, head, items, nothing, foot)
  const element = h("div", { className: `group ${top ? "top" : "item"}`, role: "group", "data-id": id }, top ? [] : [parts.joint, parts.grip], inside)

  function update(node, { name, joinWord }) {
    const empty = !node.items.length
    parts.update(node, name, joinWord)
    const words = JOINS.find(([join]) => join === node.join)[1].toLowerCase()
    element.setAttribute("aria-label", top ? ctx.model.label : `${name}: ${node.negated ? "not " : ""}${words}${node.muted ? " (muted)" : ""}`)
    element.classList.toggle("is-muted", node.muted)
    element.classList.toggle("is-or", node.join === "or")
    element.classList.toggle("is-empty", empty)
    element.classList.toggle("is-single", top && node.items.length === 1)
    joins.forEach((button, place) => {
      button.setAttribute("aria-pressed", JOINS[place][0] === node.join)
      button.setAttribute("aria-label", `${JOINS[place][1]}: ${top ? "the whole" : name}`)
    })
    negate.setAttribute("aria-pressed", node.negated)
    negate.setAttribute("aria-label", `NOT ${top ? "the whole" : name}`)
    head.hidden = top && node.items.length < 2 && !node.negated
    nothing.hidden = top || !empty
    group.hidden = text.hidden = top && empty
    text.setAttribute("aria-label", top ? "Write a condition" : `Write in ${name.toLowerCase()}`)
    rule.lastChild.textContent = top && empty ? `Add ${ctx.model.label.toLowerCase()}` : "Condition"
    rule.setAttribute("aria-label", top ? (empty ? rule.lastChild.textContent : "Add condition") : `Add condition to ${name.toLowerCase()}`)
    group.setAttribute("aria-label", top ? "Add group" : `Add group to ${name.toLowerCase()}`)
    arrange(items, node.items.map((item) => ctx.view(item).element))
    node.items.forEach((item, place) => {
      const number = top ? `${place + 1}` : `${name.split(" ")[1]}.${place + 1}`
      ctx.view(item).update(item, { name: `${isGroup(item) ? "Group" : "Condition"} ${number}`, joinWord: place ? node.join : "" })
    })
    if (!top) tally.update(ctx.tally(id))
  }

  const focus = (part) => (part === "more" && !top ? parts.more : rule).focus()
  return { element, foot, update, focus }
}

// The children in this order, moving as few as needed: what moves loses the focus.
function arrange(parent, elements) {
  for (const child of [...parent.children]) if (!elements.includes(child)) child.remove()
  elements.forEach((element, place) => { if (parent.children[place] !== element) parent.insertBefore(element, parent.children[place] ?? null) })
}
