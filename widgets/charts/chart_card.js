// The head of a chart's card. It knows no other card but by its place in the grid around it.
export function render({ model, el, view }) {
  const say = (act, more = {}) => model.send_msg({ act, ...more })
  const title = h("h2"), question = h("p", { className: "question" }), legend = h("p", { className: "legend" })
  const blanks = h("button", { className: "link", type: "button", onclick: () => say("blanks") })
  const without = h("p", { className: "without" })
  const grip = h("button", {
    className: "icon grip", type: "button", tabIndex: -1, title: "Drag to move", "aria-label": "Move this chart: drag, or arrow keys", onpointerdown: lift, onkeydown: nudge,
  }, icon("grip"))
  const toggle = (name, label, act) => h("button", { className: "icon", type: "button", title: label, "aria-label": label, onclick: () => say(act) }, icon(name))
  const edit = toggle("edit", "Change this chart", "edit")
  const table = toggle("table", "Show its numbers", "table")
  const sizes = [["", "Normal"], ["wide", "Wide"], ["tall", "Tall"], ["large", "Wide and tall"]]
  const [more, list] = menu("More about this chart", (close) => {
    const entry = (text, act, with_ = {}, options = {}) => choice(text, () => { close(); say(act, with_) }, options)
    return [
      entry("Duplicate", "copy"),
      h("hr"),
      ...sizes.map(([size, text]) => h("button", {
        type: "button", role: "menuitemradio", "aria-checked": String(size === model.size), onclick: () => { close(); say("size", { size }) },
      }, h("span", { textContent: text }), size === model.size ? icon("check") : null)),
      h("hr"),
      model.timed ? entry("Note on a moment …", "annotate") : null,
      model.timed ? h("hr") : null,
      entry("Numbers as CSV", "numbers"),
      ...(figureIn(view.parent) ? [["PNG", "png"], ["SVG", "svg"]] : []).map(([text, type]) => choice(`Picture as ${text}`, () => { close(); savePicture(type) })),
      h("hr"),
      entry("Move earlier", "move", { to: model.at - 1 }, { disabled: model.at === 0 }),
      entry("Move later", "move", { to: model.at + 1 }, { disabled: model.at === model.of - 1 }),
      h("hr"),
      entry("Remove", "remove", {}, { danger: true, disabled: model.of === 1 }),
    ]
  })

  async function savePicture(type) {
    const words = { title: model.title, question: model.question, legend: model.legend }
    save(await pictureOf(figureIn(view.parent), type, words, title), `${model.filename}.${type}`)
  }

  // ---- moving: the card follows the pointer, and a line says where it would land

  const hostOf = (node) => node.getRootNode().host
  const card = () => hostOf(hostOf(title) ?? el)
  const others = () => [...card().parentNode.children].filter((each) => each.matches?.(":not(style, link)") && each.getBoundingClientRect().width)

  function lift(event) {
    if (event.button) return
    event.preventDefault()
    const mine = card(), all = others(), from = { x: event.clientX, y: event.clientY }
    let to = model.at
    grip.setPointerCapture(event.pointerId)
    const move = ({ clientX: x, clientY: y }) => {
      mine.style.cssText += `; transform: translate(${x - from.x}px, ${y - from.y}px); z-index: 5; opacity: .85; pointer-events: none; box-shadow: 0 12px 32px rgb(0 0 0 / .25)`
      const over = all.findIndex((each) => {
        const box = each.getBoundingClientRect()
        return each !== mine && x > box.left && x < box.right && y > box.top && y < box.bottom
      })
      if (over >= 0) to = over
      all.forEach((each, i) => { each.style.outline = i === over ? "2px dashed var(--panel-primary-color, #2f6fd6)" : "" })
    }
    const drop = () => {
      grip.removeEventListener("pointermove", move)
      for (const each of all) each.style.outline = ""
      for (const name of ["transform", "z-index", "opacity", "pointer-events", "box-shadow"]) mine.style.removeProperty(name)
      if (to !== model.at) say("move", { to })
    }
    grip.addEventListener("pointermove", move)
    grip.addEventListener("lostpointercapture", drop, { once: true })
  }

  function nudge(event) {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    if (!step) return
    event.preventDefault()
    const to = model.at + step
    if (to >= 0 && to < model.of) say("move", { to })
  }

  // ---- resizing: the corner is drawn into one of the four sizes

  const corner = h("div", { className: "corner", title: "Drag to resize", "aria-hidden": "true", onpointerdown: stretch })

  function stretch(event) {
    event.preventDefault()
    const from = { x: event.clientX, y: event.clientY }
    const row = card().parentNode.host.getBoundingClientRect().width
    const { width } = card().getBoundingClientRect()
    const isWide = ["wide", "large"].includes(model.size), isTall = ["tall", "large"].includes(model.size)
    let size = model.size
    corner.setPointerCapture(event.pointerId)
    const move = ({ clientX: x, clientY: y }) => {
      const wide = isWide ? width + x - from.x > 0.75 * row : x - from.x > 0.15 * row
      const tall = isTall ? y - from.y > -90 : y - from.y > 90
      size = wide && tall ? "large" : wide ? "wide" : tall ? "tall" : ""
      corner.dataset.size = sizes.find(([name]) => name === size)[1]
    }
    corner.addEventListener("pointermove", move)
    corner.addEventListener("lostpointercapture", () => {
      corner.removeEventListener("pointermove", move)
      delete corner.dataset.size
      if (size !== model.size) say("size", { size })
    }, { once: true })
  }

  function paint() {
    title.textContent = title.title = model.title
    question.textContent = question.title = model.question
    question.classList.toggle("problem", model.failed)
    edit.setAttribute("aria-pressed", String(model.editing))
    table.setAttribute("aria-pressed", String(model.tabled))
    without.hidden = !model.without
    blanks.textContent = model.blanks ? "Hide" : "Show"
    blanks.setAttribute("aria-label", `${blanks.textContent} those without a value`)
    without.replaceChildren(model.without, ...(model.blanks == null ? [] : [" · ", blanks]))
    legend.hidden = !model.legend.length
    legend.replaceChildren(...model.legend.map(([color, text]) => h("span", {}, h("i", { style: `background: ${color}` }), text)))
  }

  draw(model, ["title", "question", "editing", "tabled", "legend", "failed", "without", "blanks"], paint)
  draw(model, ["at", "of", "size"], list.refill)
  // Fields that come while it is edited push its picture down: it stays in view.
  const growth = new ResizeObserver(() => {
    const mine = card()
    if (!mine?.isConnected) return growth.disconnect()
    mine.scrollIntoView({ block: mine.offsetHeight > innerHeight - 96 ? "start" : "nearest" })
  })
  draw(model, ["editing"], () => requestAnimationFrame(() => model.editing && card() ? growth.observe(card()) : growth.disconnect()))
  // A chart that was just added may be below the fold; it is there once the page is laid out.
  const light = () => model.lit && requestAnimationFrame(() => requestAnimationFrame(() => {
    model.lit = false
    const mine = card()
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"
    const show = () => mine.scrollIntoView({ block: mine.offsetHeight > innerHeight - 96 ? "start" : "nearest", behavior })
    // Its fields and its picture come one after the other: it stays in view while it grows.
    const growing = new ResizeObserver(show)
    growing.observe(mine)
    setTimeout(() => growing.disconnect(), 1500)
    mine.animate([{ boxShadow: "0 0 0 3px var(--panel-primary-color, #2f6fd6)" }, { boxShadow: "0 0 0 3px transparent" }], { duration: 1600, easing: "ease-in" })
  }))
  light()
  model.on("lit", light)
  model.on("handed", () => saveText(model.handed.text, `${model.filename}.csv`, "text/csv"))
  return h("div", { className: "head roving" },
    h("div", { className: "words" }, title, question, without, legend),
    h("div", { className: "acts" }, grip, edit, table, more, list), corner)
}
