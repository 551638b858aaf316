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
  // What is typed leaves the entries that contain it, and the titles that have one below them.
  const search = searchField("Search charts and columns", {
    oninput: () => filter(),
    onkeydown: (event) => {
      if (["ArrowLeft", "ArrowRight"].includes(event.key)) event.stopPropagation()
      const first = [...list.querySelectorAll("button:not([hidden], :disabled)")][0]
      if (event.key === "Enter" && search.value && first) { event.stopPropagation(); first.click() }
    },
  })
  function filter() {
    const wanted = search.value.trim().toLowerCase()
    let title = null
    for (const each of list.querySelector(".items").children) {
      if (each.tagName === "BUTTON") {
        each.hidden = !each.textContent.toLowerCase().includes(wanted)
        if (title && !each.hidden) title.hidden = false
      } else {
        each.hidden = Boolean(wanted)
        title = each.tagName === "H4" ? each : null
      }
    }
  }
  const known = () => model.groups.flatMap(([title, charts]) =>
    [h("h4", { role: "presentation", textContent: title }), ...charts.map(entry)])
  const face = [icon("add"), h("span", { textContent: "Add chart" })]
  const [button, list] = menu("Add chart", entries, { above: search, face, className: "open" })
  draw(model, ["groups", "shown"], () => { list.refill(); filter() })
  list.addEventListener("beforetoggle", (event) => { if (event.newState === "closed") search.value = "" })
  list.addEventListener("toggle", (event) => { if (event.newState === "open") { filter(); search.focus() } })
  return h("div", { className: "choice" }, button, list)
}
