export function render({ model }) {
  const hint = h("span", { className: "hint" }, icon("brush"), h("span"))
  const list = h("ul", { "aria-label": "Brushes" })
  const clear = h("button", { className: "clear", type: "button", textContent: "Clear all", onclick: () => model.send_msg({ cleared: true }) })
  const row = h("div", { className: "row" }, hint, list, clear)

  function paint() {
    const empty = model.chips.length === 0
    const had = list.contains(list.getRootNode().activeElement)
    hint.hidden = !empty
    list.hidden = clear.hidden = empty
    hint.lastChild.textContent = model.hint
    list.replaceChildren(...model.chips.map(([name, text]) => h("li", {},
      h("span", { textContent: text, title: text }),
      h("button", {
        type: "button", "aria-label": `Clear the brush ${text}`, title: "Clear this brush",
        onclick: () => model.send_msg({ removed: name }),
      }, icon("close")))))
    if (had && !empty) list.querySelector("button").focus()
  }

  draw(model, ["chips", "hint"], paint)
  return row
}
