export function render({ model }) {
  const group = h("div", { className: "segments", role: "group" })

  const button = ([key, text]) => h("button", {
    type: "button", "data-key": key, textContent: text, title: text, onclick: () => key !== model.chosen && model.send_msg({ chosen: key }),
  })
  const mark = () => [...group.children].forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.key === model.chosen)))

  draw(model, ["titles"], () => { group.hidden = model.titles.length < 2; group.replaceChildren(...model.titles.map(button)); mark() })
  draw(model, ["chosen"], mark)
  draw(model, ["label"], () => group.setAttribute("aria-label", model.label))
  return group
}
