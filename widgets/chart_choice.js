export function render({ model }) {
  const list = h("div", { className: "menu", role: "menu", popover: "auto", "aria-label": "Charts", onkeydown: walk })
  const button = h("button", {
    className: "open", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", onclick: toggle,
  }, icon("add"), h("span", { textContent: "Charts" }))
  list.addEventListener("toggle", (event) => button.setAttribute("aria-expanded", event.newState === "open"))
  const choices = () => [...list.querySelectorAll("button:not(:disabled)")]

  function toggle() {
    if (list.matches(":popover-open")) return list.hidePopover()
    paint()
    list.showPopover()
    const from = button.getBoundingClientRect(), size = list.getBoundingClientRect()
    list.style.left = `${Math.max(8, Math.min(from.right - size.width, innerWidth - size.width - 8))}px`
    list.style.top = `${Math.max(8, Math.min(from.bottom + 4, innerHeight - size.height - 8))}px`
    choices()[0]?.focus()
  }

  function walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const all = choices(), at = all.indexOf(list.getRootNode().activeElement)
    if (event.key === "Escape") {
      list.hidePopover()
      button.focus()
    } else if (step) all[(at + step + all.length) % all.length]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function entry([name, title]) {
    const shown = model.shown.includes(name)
    return h("button", {
      type: "button", role: "menuitemcheckbox", "aria-checked": String(shown), "data-name": name, title,
      disabled: shown && model.shown.length === 1, onclick: () => model.send_msg({ toggle: name }),
    }, h("i", { className: "tick" }, shown ? icon("check") : null), h("span", { textContent: title }))
  }

  function paint() {
    const focused = list.getRootNode().activeElement?.dataset?.name
    list.replaceChildren(...model.groups.flatMap(([title, entries]) => [h("h4", { role: "presentation", textContent: title }), ...entries.map(entry)]))
    if (focused) choices().find((choice) => choice.dataset.name === focused)?.focus()
  }

  draw(model, ["groups", "shown"], paint)
  return h("div", { className: "choice" }, button, list)
}
