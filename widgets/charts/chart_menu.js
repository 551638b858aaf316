export function render({ model }) {
  function entry([name, title]) {
    const shown = model.shown.includes(name)
    return h("button", {
      type: "button", role: "menuitemcheckbox", "aria-checked": String(shown), "data-name": name, title,
      disabled: shown && model.shown.length === 1, onclick: () => model.send_msg({ toggle: name }),
    }, h("i", { className: "tick" }, shown ? icon("check") : null), h("span", { textContent: title }))
  }

  const added = (close) => model.others.map(([name, title]) => choice(title, () => { close(); model.send_msg({ toggle: name }) }))
  const entries = (close) => [
    h("h4", { role: "presentation", textContent: "New chart" }), ...added(close), h("hr"), ...known(),
  ]
  const known = () => model.groups.flatMap(([title, charts]) =>
    [h("h4", { role: "presentation", textContent: title }), ...charts.map(entry)])
  const face = [icon("add"), h("span", { textContent: "Add chart" })]
  const [button, list] = menu("Add chart", entries, { face, className: "open" })
  draw(model, ["groups", "shown"], list.refill)
  return h("div", { className: "choice" }, button, list)
}
