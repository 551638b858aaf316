export function render({ model }) {
  const list = h("ul", { "aria-label": "Session definitions" })
  const error = h("div", { className: "problem", role: "alert" })
  const add = h("button", { className: "add", type: "button", onclick: () => tell({ add: true }) }, icon("add"), h("span", { textContent: "Add a definition" }))
  const tell = (message) => model.send_msg(message)
  let renaming = null
  let dragged = null

  function entries(item, place) {
    return (close) => {
      const act = (message) => () => { close(); tell(message) }
      const last = model.items.length - 1
      const swatches = h("div", { className: "swatches", role: "group", "aria-label": "Colour" }, model.palette.map((color) =>
        h("button", {
          type: "button", className: "swatch", title: color, "aria-label": `Colour ${color}`, "aria-pressed": String(color === item.color),
          style: `--color: ${color}`, onclick: act({ recolor: [item.name, color] }),
        })))
      const splits = Object.entries(model.splits).map(([column, values]) =>
        choice(column, act({ split: [item.name, column] }), { detail: `${values.length} values` }))
      return [
        choice("Rename", () => { close(); renaming = item.name; paint() }),
        choice("Duplicate", act({ duplicate: item.name })),
        swatches,
        splits.length ? h("hr") : null,
        splits.length ? h("h4", { role: "presentation", textContent: "Create one per value of" }) : null,
        ...splits,
        h("hr"),
        choice("Move up", act({ move: [item.name, place - 1] }), { disabled: place === 0 }),
        choice("Move down", act({ move: [item.name, place + 1] }), { disabled: place === last }),
        choice("Delete", act({ delete: item.name }), { danger: true, disabled: last === 0 }),
      ]
    }
  }

  function field(item) {
    const input = h("input", {
      className: "field", type: "text", value: item.name, "aria-label": `New name of ${item.name}`, spellcheck: false,
      onkeydown: (event) => {
        if (event.key === "Enter") done(true)
        if (event.key === "Escape") { done(false); event.preventDefault() }
        if (event.key === "Enter" || event.key === "Escape") event.stopPropagation()
      },
      onblur: () => done(true),
    })
    function done(keep) {
      if (renaming !== item.name) return
      renaming = null
      const name = input.value.trim()
      if (keep && name && name !== item.name) tell({ rename: [item.name, name] })
      paint()
    }
    return input
  }

  // A row is dropped where the pointer is; the menu moves it by keyboard.
  function handleDrag(row, item, place) {
    row.draggable = renaming !== item.name
    row.addEventListener("dragstart", (event) => { dragged = place; event.dataTransfer.effectAllowed = "move" })
    row.addEventListener("dragend", () => { dragged = null; clearMarks() })
    row.addEventListener("dragover", (event) => {
      if (dragged == null) return
      event.preventDefault()
      clearMarks()
      row.classList.add(place > dragged ? "after" : "before")
    })
    row.addEventListener("drop", (event) => {
      if (dragged == null) return
      event.preventDefault()
      event.stopPropagation()
      if (place !== dragged) tell({ move: [model.items[dragged].name, place] })
    })
  }

  const clearMarks = () => list.childNodes.forEach((row) => row.classList.remove("before", "after"))

  function paint() {
    if (list.querySelector(":popover-open")) return later(list, paint)
    const focused = list.getRootNode().activeElement?.dataset?.name
    list.replaceChildren(...model.items.map((item, place) => {
      const shown = item.name === model.shown
      const dot = h("i", { className: "dot", style: `--color: ${item.color}` })
      const name = renaming === item.name ? field(item) : h("button", {
        type: "button", className: "name", "data-name": item.name, "aria-pressed": String(shown), title: item.description || item.name,
        onclick: () => tell({ show: item.name }), ondblclick: () => { renaming = item.name; paint() },
      }, dot, h("span", { textContent: item.name }), h("small", { textContent: item.sessions }))
      const row = h("li", { className: shown ? "shown" : "" }, name, ...menu(`More for ${item.name}`, entries(item, place)))
      handleDrag(row, item, place)
      return row
    }))
    error.textContent = model.error
    const input = list.querySelector("input")
    if (input) { input.focus(); input.select() }
    else if (focused) [...list.querySelectorAll(".name")].find((button) => button.dataset.name === focused)?.focus()
  }

  draw(model, ["items", "shown", "splits", "error"], paint)
  return h("div", { className: "definitions roving" }, list, error, add)
}
