// The foot of an editor: what can be done with it, by mouse or by keyboard.
export function render({ model }) {
  const tell = (message) => model.send_msg(message)
  const apply = h("button", { className: "apply", type: "button", title: "Ctrl+Enter", onclick: () => tell({ apply: true }) })
  const cancel = h("button", { className: "cancel", type: "button", title: "Esc", textContent: "Cancel", onclick: () => tell({ cancel: true }) })
  const why = h("span", { className: "why", role: "status" })
  const root = h("div", { className: "foot" }, apply, cancel, why)

  function keys(event) {
    if (model.turn <= 0) return
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) tell({ apply: true }) // what was typed last may still be on its way
    else if (event.key === "Escape" && !event.defaultPrevented) tell({ cancel: true })
    else return
    event.preventDefault()
  }

  function show() {
    const card = root.getRootNode().host.parentNode?.host
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"
    card?.scrollIntoView({ block: "nearest", behavior })
  }

  draw(model, ["ready", "action", "why"], () => {
    apply.textContent = model.action
    apply.disabled = !model.ready
    why.textContent = model.why
  })
  model.on("turn", () => { if (model.turn > 0) requestAnimationFrame(show) })
  window.addEventListener("keydown", keys)
  model.on("remove", () => window.removeEventListener("keydown", keys))
  return root
}
