export function render({ model }) {
  const button = h("button", { type: "button", onclick: () => model.send_msg({ toggle: true }) }, icon("folder"), h("span"))
  draw(model, ["opened"], () => {
    button.setAttribute("aria-expanded", model.opened)
    button.lastChild.textContent = model.opened ? "Close the data panel" : "Other data, columns, quality"
  })
  return button
}
