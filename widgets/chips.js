export function render({ model }) {
  const hint = h("span", { className: "hint" }, icon("brush"), h("span"))
  const list = h("ul", { "aria-label": "Brushes" })
  const clear = h("button", { className: "clear", type: "button", textContent: "Clear all", onclick: () => model.send_msg({ cleared: true }) })
  const ask = (name, words, title) => h("button", { className: "clear", type: "button", title, textContent: words, onclick: () => model.send_msg({ [name]: true }) })
  const keep = ask("kept", "Keep only these", "Show only the selected sessions: the brushes become part of the definition")
  const exclude = ask("excluded", "Exclude these", "Leave the selected sessions out: the brushes become part of the definition")
  const row = h("div", { className: "row" }, hint, list, clear, keep, exclude)

  function paint() {
    const empty = model.chips.length === 0
    const had = list.contains(list.getRootNode().activeElement)
    hint.hidden = !empty
    list.hidden = clear.hidden = keep.hidden = exclude.hidden = empty
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
