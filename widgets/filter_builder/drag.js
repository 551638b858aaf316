// Rules and groups are dragged by their grip; a line shows where they would land.

const FAR = 4 // pixels before a press is a drag

function dragging(ctx) {
  const line = h("div", { className: "drop", hidden: true, "aria-hidden": "true" })

  // Every gap between items, but those inside the dragged one.
  function slots(element) {
    return [...ctx.frame.querySelectorAll(".items")].filter((items) => !element.contains(items)).flatMap((items) => {
      const inside = [...items.children]
      const box = items.getBoundingClientRect()
      const edges = inside.map((child) => child.getBoundingClientRect())
      return Array.from({ length: inside.length + 1 }, (_, place) => ({
        group: items.closest(".group").dataset.id, place, left: box.left, width: box.width,
        top: place === 0 ? box.top - 3 : place === edges.length ? edges.at(-1).bottom + 4 : (edges[place - 1].bottom + edges[place].top) / 2,
      }))
    })
  }

  function start(event, element, id) {
    if (event.button !== 0) return
    const grip = event.currentTarget
    const origin = event.clientY
    let target = null
    grip.setPointerCapture(event.pointerId)

    const move = ({ clientX, clientY }) => {
      if (!target && Math.abs(clientY - origin) < FAR) return
      element.classList.add("dragged")
      ctx.list.hide()
      const cost = ({ top, left, width }) => Math.abs(top - clientY) + 0.2 * Math.max(0, left - clientX, clientX - left - width)
      target = slots(element).reduce((best, slot) => (cost(slot) < cost(best) ? slot : best))
      const frame = ctx.frame.getBoundingClientRect()
      line.style.cssText = `left: ${target.left - frame.left}px; top: ${target.top - frame.top}px; width: ${target.width}px`
      line.hidden = false
    }
    const end = (dropped) => {
      for (const [name, listener] of Object.entries(listeners)) grip.removeEventListener(name, listener)
      element.classList.remove("dragged")
      line.hidden = true
      if (dropped && target) ctx.move(id, moved(ctx.tree(), id, target.group, target.place))
    }
    const listeners = {
      pointermove: move, pointerup: () => end(true), pointercancel: () => end(false),
      keydown: (key) => { if (key.key === "Escape") { key.stopPropagation(); key.preventDefault(); end(false) } },
    }
    for (const [name, listener] of Object.entries(listeners)) grip.addEventListener(name, listener)
  }

  return { element: line, start }
}
