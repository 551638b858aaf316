// A menu in the top layer below its button: no scrolling drawer cuts it off. Entries are buttons or any other elements.
// What is `above` them stays. `list.refill()` makes them anew while it is open, and keeps the focus on the one with the same `data-name`.
function menu(label, entries, { above = null, face = [icon("more")], className = "icon" } = {}) {
  const items = h("div", { className: "items", role: "menu", "aria-label": label })
  const list = h("div", { className: "menu", popover: "auto", onkeydown: walk }, above, items)
  const button = h("button", {
    className, type: "button", title: label, "aria-label": label, "aria-haspopup": "menu", "aria-expanded": "false",
    onpointerdown: () => { open = list.matches(":popover-open") }, onclick: toggle,
  }, ...face)
  let open = false // when the pointer came down: the browser closes the menu before the click is heard
  list.addEventListener("beforetoggle", (event) => button.setAttribute("aria-expanded", event.newState === "open"))

  const choices = () => [...list.querySelectorAll("button:not(:disabled)")]

  const fill = () => items.replaceChildren(...entries(() => list.hidePopover()).filter(Boolean))
  list.refill = () => {
    if (!list.matches(":popover-open")) return
    const name = list.getRootNode().activeElement?.dataset.name
    fill()
    choices().find((choice) => choice.dataset.name === name)?.focus()
  }

  function toggle(event) {
    event.stopPropagation()
    if (list.matches(":popover-open")) return list.hidePopover()
    if (event.detail && open) return
    fill()
    list.showPopover()
    const from = button.getBoundingClientRect(), size = list.getBoundingClientRect()
    const left = Math.max(8, Math.min(from.right - size.width, innerWidth - size.width - 8))
    const below = from.bottom + 4 + size.height < innerHeight
    list.style.left = `${left}px`
    list.style.top = `${below ? from.bottom + 4 : Math.max(8, from.top - 4 - size.height)}px`
    choices()[0]?.focus()
  }

  function walk(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
    if (event.key === "Escape") {
      list.hidePopover()
      button.focus()
    } else if (step) {
      const all = choices(), at = all.indexOf(list.getRootNode().activeElement)
      all[(at + step + all.length) % all.length]?.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return [button, list]
}

// Paint when the menu that is open below an element is closed: it would be gone under the pointer.
function later(root, paint) {
  root.querySelector(":popover-open").addEventListener("toggle", () => queueMicrotask(paint), { once: true })
}

// One entry of a menu.
function choice(text, act, { danger = false, disabled = false, detail = "" } = {}) {
  return h("button", { className: danger ? "danger" : "", type: "button", role: "menuitem", disabled, onclick: act },
    h("span", { textContent: text }), detail ? h("small", { textContent: detail }) : null)
}
