// The draft is a tree of plain values; every change is a new tree.

const newId = () => `j${Math.random().toString(36).slice(2, 12)}`
const newRule = (column = null) => ({ id: newId(), column, op: "=", values: [], negated: false, muted: false, kind: "" })
const newText = () => ({ ...newRule(), op: "text", values: [""] })
const newGroup = (join, items) => ({ id: newId(), join, items, negated: false, muted: false })
const otherJoin = (join) => (join === "and" ? "or" : "and")
const isGroup = (node) => Array.isArray(node.items)
const textOf = (value) => value?.text ?? value ?? ""

// Where a node stands: itself, its group, its place there.
function find(tree, id, parent = null, place = 0) {
  if (tree.id === id) return { node: tree, parent, place }
  for (const [at, item] of (tree.items ?? []).entries()) {
    const found = find(item, id, tree, at)
    if (found) return found
  }
  return null
}

function changed(tree, id, change) {
  if (tree.id === id) return { ...tree, ...change }
  return isGroup(tree) ? { ...tree, items: tree.items.map((item) => changed(item, id, change)) } : tree
}

function removed(tree, id) {
  return isGroup(tree) ? { ...tree, items: tree.items.filter((item) => item.id !== id).map((item) => removed(item, id)) } : tree
}

function inserted(tree, group, place, node) {
  return changed(tree, group, { items: find(tree, group).node.items.toSpliced(place, 0, node) })
}

function replaced(tree, id, node) {
  const { parent, place } = find(tree, id)
  return changed(tree, parent.id, { items: parent.items.with(place, node) })
}

// `place` counts the items as they stand before the move.
function moved(tree, id, group, place) {
  const { node, parent, place: from } = find(tree, id)
  const to = parent.id === group && from < place ? place - 1 : place
  return inserted(removed(tree, id), group, to, node)
}

// One step up or down as the eye reads, in and out of groups; null at the ends.
function stepped(tree, id, step) {
  const { parent, place } = find(tree, id)
  const next = parent.items[place + step]
  if (next && isGroup(next)) return moved(tree, id, next.id, step < 0 ? next.items.length : 0)
  if (next) return moved(tree, id, parent.id, step < 0 ? place - 1 : place + 2)
  const outer = find(tree, parent.id)
  return outer.parent ? moved(tree, id, outer.parent.id, outer.place + (step < 0 ? 0 : 1)) : null
}

function copied(node) {
  return { ...node, id: newId(), ...(isGroup(node) ? { items: node.items.map(copied) } : {}) }
}

function ids(tree) {
  return [tree.id, ...(tree.items ?? []).flatMap(ids)]
}
