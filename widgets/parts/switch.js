export function render({ model }) {
  const button = h("button", {
    className: "switch", type: "button", role: "switch", onclick: () => model.send_msg({ on: !model.checked }),
  }, h("i"), h("span"))
  draw(model, ["checked", "label", "help"], () => {
    button.setAttribute("aria-checked", String(model.checked))
    button.title = model.help
    button.lastChild.textContent = model.label
  })
  return button
}
