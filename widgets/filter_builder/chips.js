// Several values as chips: Enter or a comma adds, Backspace takes the last away, a pasted list adds all of it.

function chipsField(ctx, id, kind) {
  let held = null
  const list = h("ul", { className: "chips", "aria-label": "Chosen values" })
  const input = h("input", {
    type: "text", "aria-label": "Values", "aria-describedby": `note-${id}`, onpaste: paste, onkeydown: keys,
    inputMode: kind === "number" ? "decimal" : "text", onblur: () => { add(input.value); ctx.flush() },
  })
  const element = h("div", { className: "value field many", onclick: (event) => { if (event.target === element || event.target === list) input.focus() } }, list, input)
  const values = () => ctx.node(id).values.filter((value) => value != null)

  ctx.list.attach(input, {
    only: () => isWhole(ctx, id, kind),
    enter: () => add(input.value),
    find: (text) => {
      const chosen = new Set(values().map(keyOf))
      return matching(known(ctx, id, kind).filter(({ value }) => !chosen.has(keyOf(value))), text)
    },
    choose: ({ value }) => { input.value = ""; take([value]) },
  })

  function take(more) {
    const seen = new Set()
    const all = [...values(), ...more].filter((value) => !seen.has(keyOf(value)) && seen.add(keyOf(value)))
    if (all.length > values().length) ctx.put(id, { values: all })
  }

  function add(text) {
    if (!ctx.node(id)) return
    const pieces = text.split(/[\n\r\t,]+/).map((piece) => piece.trim()).filter(Boolean)
    input.value = ""
    if (pieces.length) take(pieces)
  }

  function drop(place) {
    ctx.put(id, { values: values().toSpliced(place, 1) })
    input.focus()
  }

  function keys(event) {
    if (event.key === "," && input.value.trim()) {
      event.preventDefault()
      ctx.list.hide()
      add(input.value)
    } else if (event.key === "Backspace" && !input.value && values().length) {
      drop(values().length - 1)
    }
  }

  function paste(event) {
    const text = event.clipboardData.getData("text")
    if (!/[\n\r\t,]/.test(text.trim())) return
    event.preventDefault()
    add(`${input.value}${text}`)
  }

  return {
    element,
    update(rule, wrong) {
      mark(input, wrong != null)
      element.classList.toggle("wrong", wrong != null)
      const now = keyOf([rule.values, wrong])
      if (held === now) return
      held = now
      list.replaceChildren(...values().map((value, place) => {
        const text = textOf(value) === "" ? "empty text" : textOf(value)
        return h("li", { className: wrong === place ? "wrong" : "" }, h("span", { textContent: text, title: text }),
          h("button", { type: "button", "aria-label": `Remove ${text}`, title: "Remove", onclick: () => drop(place) }, icon("close")))
      }))
      list.hidden = !values().length
      input.placeholder = values().length ? "" : "choose or write values"
    },
    focus: () => input.focus(),
  }
}
