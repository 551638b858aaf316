const PIECE = 2 ** 22
const AHEAD = 3 * PIECE

export function render({ model }) {
  let options = []
  let lit = -1
  let wanted = null
  let shown = ""
  let file = null
  let sent = 0
  let turn = 0 // those of the server begin with 1
  let reading = false
  let begun = 0

  const tell = (message) => {
    if (!("typed" in message)) shown = field.value  // what was typed has been used
    model.send_msg(message)
  }
  const field = h("input", {
    className: "field", type: "text", id: "path", autocomplete: "off", spellcheck: false, role: "combobox",
    placeholder: "A file, a folder or a pattern such as logs/*.csv", "aria-autocomplete": "list", "aria-controls": "paths",
    "aria-expanded": "false", "aria-describedby": "error", oninput: ask, onclick: ask, onkeydown: keys, onblur: hide,
  })
  const open = h("button", { className: "open", type: "button", textContent: "Open", onclick: () => choose(field.value) })
  const list = h("ul", { id: "paths", role: "listbox", popover: "manual", "aria-label": "Paths", onmousedown: (event) => event.preventDefault() })
  const error = h("div", { className: "problem", id: "error", role: "alert" })
  const input = h("input", {
    type: "file", hidden: true, "aria-label": "File to upload", accept: model.formats.join(","),
    onchange: () => { if (input.files.length) send(input.files[0]); input.value = "" },
  })
  const pick = h("button", { className: "link", type: "button", textContent: "choose one", onclick: () => input.click() })
  const sample = h("button", { className: "link", type: "button", textContent: "Sample data", onclick: () => tell({ sample: true }) })
  const messy = h("span", {}, " or a ", h("button", { className: "link", type: "button", textContent: "messy access log", onclick: () => tell({ sample: "messy" }) }))
  const words = h("span")
  const opened = h("div", { className: "opened", role: "status" }, icon("check"), words)
  const drop = h("div", { className: "drop" }, icon("upload"),
    h("span", {}, "Drop a file here, or ", pick), h("span", { className: "or" }, "or open the ", sample, messy))
  const connection = dropdown({ "aria-label": "Connection", onchange: () => tell({ connection: connection.value }) })
  const table = dropdown({ "aria-label": "Table", onchange: () => { opens.disabled = !table.value } })
  const opens = h("button", { className: "open", type: "button", textContent: "Open", "aria-label": "Open the table", disabled: true, onclick: () => tell({ table: table.value, of: connection.value }) })
  const databases = h("div", { className: "tables" }, h("span", { textContent: "or a table of a database" }), connection, table, opens)
  const said = h("span", { className: "said" })
  const fill = h("i")
  const bar = h("div", { className: "bar", role: "progressbar", "aria-label": "Upload", "aria-valuemin": 0, "aria-valuemax": 100 }, fill)
  const name = h("b")
  const stop = h("button", { className: "icon", type: "button", title: "Cancel the upload", "aria-label": "Cancel the upload", onclick: () => { file = null; tell({ cancel: "" }) } }, icon("close"))
  const going = h("div", { className: "going" }, h("div", { className: "line" }, name, said, stop), bar)
  const doing = h("b")
  const seconds = h("span", { className: "said" })
  const busy = h("div", { className: "going", role: "status" }, h("div", { className: "line" }, doing, seconds), h("div", { className: "bar waiting" }, h("i")))
  const root = h("div", { className: "source", ondragover: over, ondragleave: left, ondrop: dropped },
    h("label", { htmlFor: "path", textContent: "Path" }), h("div", { className: "row" }, field, open), list, error, opened, going, busy, drop, databases, input)

  // ---- a path

  function ask() {
    light(-1)  // what is lit belongs to what was typed before
    wanted = field.value
    tell({ typed: wanted })
  }

  function choose(text) {
    hide()
    field.value = text
    if (text.trim()) tell({ open: text })
    else ask()
  }

  function take(place) {
    const [text, isFolder] = options[place]
    if (!isFolder) return choose(text)
    field.value = text
    ask()
  }

  function suggest() {
    const { typed, found = [], more = 0 } = model.listing
    if (typed !== wanted || field.getRootNode().activeElement !== field) return
    if (!found.length) return hide(true)
    options = found
    const rows = found.map(([text, isFolder, size], place) =>
      h("li", { id: `path-${place}`, role: "option", "aria-selected": false, onclick: () => take(place) },
        icon(isFolder ? "folder" : "file"), h("span", { textContent: text, title: text }), h("small", { textContent: size })))
    if (more) rows.push(h("li", { className: "more", role: "presentation", textContent: `and ${more.toLocaleString("en-US")} more: type on` }))
    list.replaceChildren(...rows)
    const box = field.getBoundingClientRect()
    list.style.cssText = `left: ${box.left}px; top: ${box.bottom + 4}px; width: ${box.width}px`
    list.showPopover()
    list.scrollTop = 0
    field.setAttribute("aria-expanded", "true")
    light(-1)
  }

  function hide(waiting) {
    if (list.matches(":popover-open")) list.hidePopover()
    field.setAttribute("aria-expanded", "false")
    field.removeAttribute("aria-activedescendant")
    if (waiting !== true) wanted = null
    options = []
    lit = -1
  }

  function light(place) {
    lit = place
    options.forEach((_, i) => list.childNodes[i].setAttribute("aria-selected", i === place))
    list.childNodes[place]?.scrollIntoView({ block: "nearest" })
    if (place >= 0) field.setAttribute("aria-activedescendant", `path-${place}`)
    else field.removeAttribute("aria-activedescendant")
  }

  function keys(event) {
    const shown = field.getAttribute("aria-expanded") === "true"
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      if (shown) light((lit + step + options.length + (lit < 0 && step < 0)) % options.length)
      else ask()
      event.preventDefault()
    } else if (event.key === "Enter") {
      if (lit >= 0) take(lit)
      else choose(field.value)
    } else if (event.key === "Escape" && shown) {
      hide()
      event.stopPropagation()
    }
  }

  // ---- a file, in pieces: few are under way at a time, so that neither side holds all of it

  function send(chosen) {
    file = chosen
    sent = turn = 0
    tell({ upload: { name: chosen.name, size: chosen.size } })
  }

  async function more() {
    if (model.upload.turn !== turn) { turn = model.upload.turn; sent = 0 }
    if (reading) return // one piece after the other: of two that are read at once the later one can be there first
    reading = true
    while (file && model.upload.turn === turn && sent < model.upload.size && sent - model.upload.received < AHEAD) {
      const sending = file, now = turn, from = sent
      sent = Math.min(model.upload.size, from + PIECE)
      let piece
      try {
        piece = await sending.slice(from, sent).arrayBuffer()
      } catch {
        if (file === sending) { file = null; tell({ cancel: `${sending.name} cannot be read by the browser. Is it a folder?` }) }
        continue
      }
      if (file === sending && now === turn) tell({ piece, turn })
    }
    reading = false
  }

  function over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return
    event.preventDefault()
    root.classList.add("over")
  }

  function left(event) {
    if (!root.contains(event.relatedTarget)) root.classList.remove("over")
  }

  function dropped(event) {
    event.preventDefault()
    root.classList.remove("over")
    const files = event.dataTransfer.files
    if (files.length === 1) send(files[0])
    else if (files.length) tell({ cancel: "Drop one file at a time." })
  }

  // ----

  function paint() {
    const { name: called, received = 0, size = 1, said: progress = "" } = model.upload
    going.hidden = !called
    busy.hidden = !model.busy || !!called
    drop.hidden = !going.hidden || !busy.hidden
    open.disabled = !going.hidden || !busy.hidden
    name.textContent = called ? `Uploading ${called}` : ""
    name.title = called ?? ""
    said.textContent = progress
    fill.style.width = `${100 * received / size}%`
    bar.setAttribute("aria-valuenow", Math.round(100 * received / size))
    bar.setAttribute("aria-valuetext", progress)
    if (model.busy && doing.textContent !== model.busy) begun = performance.now()
    doing.textContent = doing.title = model.busy
    sample.parentElement.hidden = !model.sample
    messy.hidden = !model.messy
    tick()
  }

  function tick() {
    const elapsed = Math.round((performance.now() - begun) / 1000)
    seconds.textContent = model.busy && elapsed ? `${elapsed}s` : ""
  }

  const clock = setInterval(tick, 1000)
  draw(model, ["upload", "busy", "sample", "messy"], paint)
  draw(model, ["opened"], () => {
    words.textContent = model.opened
    opened.hidden = !model.opened
  })
  draw(model, ["connections"], () => {
    setOptions(connection, [["", "Connection"], ...model.connections])
    databases.hidden = !model.connections.length
  })
  draw(model, ["tables"], () => {
    setOptions(table, [["", "Table"], ...model.tables])
    table.disabled = !model.tables.length
    opens.disabled = true
  })
  draw(model, ["path"], () => {
    if (field.value === shown) field.value = model.path  // else it has been typed into meanwhile
    shown = model.path
  })
  draw(model, ["error"], () => {
    error.textContent = model.error
    if (model.error) { file = null; field.setAttribute("aria-invalid", "true") } else field.removeAttribute("aria-invalid")
  })
  model.on("listing", suggest)
  model.on("upload", () => { if (model.upload.name) more() })
  const away = (event) => { if (!event.composedPath().includes(list)) hide() }
  window.addEventListener("scroll", away, true)
  model.on("remove", () => { clearInterval(clock); file = null; window.removeEventListener("scroll", away, true) })
  return root
}
