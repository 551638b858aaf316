export function render({ model }) {
  const list = h("div", { className: "presets", role: "radiogroup", "aria-label": "Tools" })
  draw(model, ["items", "chosen"], () => {
    const focused = list.getRootNode().activeElement?.value
    list.replaceChildren(...model.items.map(({ name, sentence, note, source }) => h("label", { className: name === model.chosen ? "chosen" : "" },
      h("input", { type: "radio", name: "preset", value: name, checked: name === model.chosen, onchange: () => model.send_msg({ chosen: name }) }),
      h("div", {}, h("b", { textContent: name }), h("p", { textContent: sentence }),
        note ? h("p", { className: "note", textContent: `Not reproduced: ${note}` }) : null,
        h("p", { className: "source", textContent: source })))))
    if (focused) [...list.querySelectorAll("input")].find((input) => input.value === focused)?.focus()
  })
  return list
}
