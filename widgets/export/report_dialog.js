// The report beside the words that an analyst says of it: what is typed is seen at once, what is seen is what is taken.
const PAUSE = 450

export function render({ model }) {
  const field = (tag, props) => h(tag, { className: "field", oninput: wait, onchange: now, ...props })
  const title = field("input", { name: "title", spellcheck: true })
  const notes = field("textarea", { name: "notes", rows: 9, spellcheck: true, placeholder: "What was asked, what was found, what to do next" })
  const session = dropdown({ name: "session", oninput: () => wait(), onchange: () => now() })
  const which = h("label", {}, "Interactive charts for", session)
  const brushed = h("input", { type: "checkbox", name: "brushed", onchange: now }), counted = h("span")
  const standing = h("label", { className: "brushed" }, brushed, counted)
  const tried = h("input", { type: "checkbox", name: "inactivities", onchange: now })
  const others = h("label", { className: "brushed" }, tried, "How much the inactivity matters: all again at others")
  const held = h("input", { type: "checkbox", name: "ids", onchange: now }), whose = h("span")
  const vendors = h("label", { className: "brushed" }, held, whose)
  const about = h("p", { className: "about", role: "status" }), problem = h("p", { className: "problem", role: "alert" })
  const take = h("button", { className: "do", type: "button", onclick: () => download() }, icon("save"), "Download")
  const tab = h("button", { type: "button", title: "Look at it in a tab of its own", onclick: () => window.open(address, "_blank", "noopener") }, icon("shown"), "Open")
  const stage = h("div", { className: "stage" })
  const sizes = h("div", { className: "sizes", role: "group", "aria-label": "Width of the preview" }, [["wide", "Screen"], ["narrow", "Phone"]].map(([key, text]) =>
    h("button", { type: "button", "data-key": key, textContent: text, "aria-pressed": String(key === "wide"), onclick: () => widen(key) })))
  const form = h("form", { method: "dialog", onsubmit: (event) => { event.preventDefault(); now() } },
    h("label", {}, "Title", title),
    h("label", { className: "notes" }, h("span", {}, "Notes", h("small", { textContent: "**bold**, *italic*, - lists, [links](https://…)" })), notes),
    which, standing, others, vendors, problem, about, h("div", { className: "foot" }, tab, take))
  const dialog = titledDialog("Report", h("div", { className: "desk" }, form, h("div", { className: "side" }, sizes, stage)))
  let typing, address = "", wanted = "", saving = false

  const words = () => ({ title: title.value.trim(), notes: notes.value, session: session.value, brushed: brushed.checked && !standing.hidden, inactivities: tried.checked, ids: held.checked && !vendors.hidden })
  const said = () => JSON.stringify(words())

  function wait() {
    clearTimeout(typing)
    typing = setTimeout(now, PAUSE)
  }

  function now() {
    clearTimeout(typing)
    if (said() === wanted) return
    wanted = said()
    busy(true)
    model.send_msg({ show: words() })
  }

  function busy(yes) {
    stage.classList.toggle("busy", yes)
    stage.setAttribute("aria-busy", String(yes))
    about.textContent = yes ? "Writing the report …" : model.page.about ?? ""
    tab.disabled = !address
    take.disabled = !address && !yes
  }

  function widen(key) {
    stage.dataset.width = key
    for (const button of sizes.children) button.setAttribute("aria-pressed", String(button.dataset.key === key))
  }

  // What is typed last is in the file: it is saved when its page is there.
  function download() {
    now()
    saving = true
    if (stage.ariaBusy === "true") return
    saving = false
    saveText(model.page.text, model.page.filename, "text/html")
    keep()
  }

  const keep = () => model.send_msg({ keep: words() })

  // The page comes from data: it runs its own scripts, and reaches nothing of ours.
  function show() {
    if (!model.page.text || !dialog.open) return
    const dark = luminance(getComputedStyle(dialog).backgroundColor) < .5
    const seen = model.page.text.replace('<html lang="en">', `<html lang="en" data-theme="${dark ? "dark" : "light"}">`)
    URL.revokeObjectURL(address)
    address = URL.createObjectURL(new Blob([seen], { type: "text/html" }))
    const before = [...stage.children]
    const frame = h("iframe", { title: "Preview of the report", sandbox: "allow-scripts allow-popups allow-modals", src: address })
    frame.addEventListener("load", () => { before.forEach((each) => each.remove()); frame.classList.add("there") })
    stage.append(frame)
    busy(said() !== wanted)
    if (saving) download()
  }

  function fail() {
    problem.textContent = model.problem
    if (!model.problem) return
    saving = false
    busy(false)
  }

  function open() {
    title.value = model.words.title
    title.placeholder = model.heading
    notes.value = model.words.notes
    setOptions(session, model.sessions)
    session.value = model.words.session
    which.hidden = model.sessions.length < 2
    brushed.checked = model.words.brushed
    tried.checked = model.words.inactivities
    held.checked = model.words.ids
    vendors.hidden = !model.ids
    whose.textContent = `Beside the session ids of ${model.ids}, and which rules they follow`
    standing.hidden = !model.selected
    count()
    problem.textContent = ""
    wanted = said()
    if (!dialog.open) dialog.showModal()
    busy(true)
  }

  function count() {
    counted.textContent = `Open it with the brushes: ${model.selected}`
  }

  function close() {
    clearTimeout(typing)
    saving = false
    model.send_msg({ keep: words(), closed: true })
    stage.replaceChildren()
    URL.revokeObjectURL(address)
    address = ""
  }

  dialog.addEventListener("close", close)
  model.on("turn", open)
  model.on("selected", count)
  model.on("page", show)
  model.on("problem", fail)
  return dialog
}

const luminance = (color) => {
  const [red, green, blue] = color.match(/[\d.]+/g).map((part) => Number(part) / (color.startsWith("rgb") ? 255 : 1))
  return .2126 * red + .7152 * green + .0722 * blue
}
