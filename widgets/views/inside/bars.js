export function render({ model }) {
  const list = h("div", { className: "bars", role: "group" })
  const note = h("p", { className: "note" })
  const more = h("button", { className: "plain", type: "button", onclick: () => model.send_msg({ open: !model.shown.opened }) })
  const root = h("div", { className: "panel" }, list, more, note)

  function paint() {
    const { bars, note: said = "", brushed, ghosts, nothing = "There is no session." } = model.shown
    root.classList.toggle("ghosts", Boolean(ghosts))
    note.textContent = said
    more.hidden = !model.shown.more
    more.textContent = model.shown.more ?? ""
    if (!bars) return list.replaceChildren(...waiting(6))
    if (!bars.some((bar) => bar.ghost > 0)) return list.replaceChildren(empty(nothing))
    keepFocus(root, () => list.replaceChildren(...bars.map((bar, at) => {
      const row = barRow({ ...bar, faded: brushed && !bar.pressed }, () => model.send_msg({ bin: at }))
      row.dataset.key = at
      return row
    })))
  }

  draw(model, ["shown"], paint)
  draw(model, ["label"], () => list.setAttribute("aria-label", model.label))
  draw(model, ["busy"], () => root.classList.toggle("busy", model.busy))
  return root
}
