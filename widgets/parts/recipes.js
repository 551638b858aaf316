export function render({ model }) {
  const row = h("div", { className: "recipes", role: "group", "aria-label": "Ready-made metrics" })
  draw(model, ["titles"], () => row.replaceChildren(...model.titles.map((title, place) =>
    h("button", { type: "button", textContent: title, onclick: () => model.send_msg({ chosen: place }) }))))
  return row
}
