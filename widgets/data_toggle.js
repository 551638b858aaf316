export function render({ model }) {
  const button = h("button", { type: "button", onclick: () => model.send_msg({ toggle: true }) }, icon("folder"), h("span"))
  draw(model, ["opened"], () => {
    button.setAttribute("aria-expanded", model.opened)
    button.lastChild.textContent = model.opened ? "Close the data panel" : "Other data, columns, quality"
    // BokehJS 3.9 sends a model that came from the server whole with the first word about it, of which the server
    // warns. After any other word it does not.
    if (model.opened) requestAnimationFrame(() => model.send_msg({ shown: true }))
  })
  return button
}
