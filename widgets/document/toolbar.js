export function render({ model, el, view }) {
  const end = new AbortController()
  const { signal } = end
  const say = (message) => model.send_msg(message)
  let lost = false

  const picker = h("input", {
    type: "file", accept: ".yaml,.yml,.json,.html", hidden: true, "aria-label": "Analysis to open",
    onchange: () => { if (picker.files.length) readAnalysis([...picker.files], say); picker.value = "" },
  })
  const { dialog, fill } = shortcutsDialog()
  const live = h("span", { className: "live", role: "status" })

  const acts = {
    undo: () => { if (model.undoable) say({ undo: true }) },
    redo: () => { if (model.redoable) say({ redo: true }) },
    open: () => picker.click(),
    // The server answers when it has taken what was typed last; without a server, what is known is saved.
    save: () => {
      const field = focused()
      if (isTyping(field)) { field.blur(); field.focus() }
      if (lost) downloadYaml()
      else say({ save: true })
    },
    link: async () => {
      if (!linkable()) return
      try {
        await navigator.clipboard.writeText(window.location.href)
        tell("Link copied")
      } catch {
        tell("Copy the link from the address bar: the browser does not allow it here.")
      }
    },
    report: () => say({ report: true }),
    export: () => say({ export: true }),
    code: () => say({ code: true }),
    guide: () => say({ guide: true }),
    keys: () => { say({ listed: true }); dialog.showModal() },
    find: () => { say({ finding: true }); finder.open(focused(), [...ours(), ...model.entries]) },
  }
  // What the buttons do, and so need not be asked of the server.
  const ours = () => Object.entries({ undo, redo, open, save, link, report, export: files, code, keys, guide })
    .filter(([, { place, able }]) => !place.hidden && able())
    .map(([name, each]) => ({ kind: "Actions", key: name, title: each.label, detail: each.words(), keys: each.keys && spelled(each.keys), act: acts[name] }))
  const finder = palette({
    search: (text) => say({ sought: text }),
    choose: (entry) => (entry.act ? entry.act() : say({ chosen: entry.key })),
  })
  const shortcuts = {
    "Mod+Z": acts.undo, "Mod+Shift+Z": acts.redo, "Mod+Y": acts.redo, "Mod+S": acts.save, "Mod+O": acts.open,
    "Mod+K": acts.find, "?": acts.keys,
  }

  const linkable = () => !new URLSearchParams(window.location.search).has("kept")
  const button = (name, label, keys, shown = "") => {
    const words = h("span")
    const tip = h("span", { className: "tip", id: `tip-${name}`, role: "tooltip" }, words, keys ? h("kbd", { textContent: spelled(keys) }) : null)
    const control = h("button", {
      className: "icon", type: "button", "aria-label": label, "aria-describedby": tip.id,
      "aria-keyshortcuts": keys ? keys.replace("Mod", IS_MAC ? "Meta" : "Control") : null, onclick: () => acts[name](),
    }, icon(name), shown ? h("span", { className: "name", "aria-hidden": "true", textContent: shown }) : null)
    const describe = (text, able = true) => {
      words.textContent = text
      control.setAttribute("aria-disabled", String(!able))
    }
    const able = () => control.getAttribute("aria-disabled") !== "true"
    return { place: h("span", { className: "place" }, control, tip), describe, able, label, keys, words: () => words.textContent }
  }
  const find = button("find", "Find anything", "Mod+K", "Find")
  const undo = button("undo", "Undo", "Mod+Z")
  const redo = button("redo", "Redo", "Mod+Shift+Z")
  const open = button("open", "Open", "Mod+O")
  const save = button("save", "Save", "Mod+S")
  const link = button("link", "Copy link", "", "Share")
  const report = button("report", "Report", "", "Report")
  const files = button("export", "Export", "", "Export")
  const code = button("code", "Code", "")
  const keys = button("keys", "Keyboard shortcuts", "?")
  const guide = button("guide", "Guide", "")
  find.describe("Find fields, values, metrics, charts, actions and the guide")
  open.describe("Open a saved analysis; or drop it on the page")
  save.describe("Save the analysis as YAML")
  report.describe("A report: one HTML file that is brushed without a server")
  files.describe("Export sessions, actors or events as a file")
  code.describe("The analysis as code: Python, Polars, SQL, a command, YAML")
  keys.describe("Keyboard shortcuts")
  guide.describe("The guide: what the words mean, and how things are counted")

  // The address follows a change a moment later than the parameters do.
  for (const name of ["pointerenter", "focusin"]) link.place.addEventListener(name, () => describeLink())
  const describeLink = () => link.describe(
    linkable() ? "Copy a link to what you see" : "Too long for a link: save the analysis and send the file", linkable())

  function tell(words) {
    link.describe(words)
    live.textContent = words
    setTimeout(() => { live.textContent = ""; paint() }, 2500)
  }

  const downloadYaml = () => saveText(model.yaml, model.filename, "application/yaml")

  function paint() {
    undo.describe(model.undoable ? `Undo: ${model.undoable}` : "Nothing to undo", Boolean(model.undoable))
    redo.describe(model.redoable ? `Redo: ${model.redoable}` : "Nothing to redo", Boolean(model.redoable))
    describeLink()
    link.place.hidden = !model.whole_page
    fill(model.shortcuts)
  }

  const bar = h("div", { className: "toolbar roving", role: "toolbar", "aria-label": "Analysis" },
    find.place, h("i"), undo.place, redo.place, h("i"), open.place, save.place, link.place, report.place, files.place, code.place, h("i"), guide.place, keys.place)

  // On a page of ours keys and files are the page's; in a notebook they are those of our own element. In the capture
  // phase, so that a notebook does not take the same key for itself.
  const isOurs = (event) => model.whole_page || event.composedPath().includes(outermost(el))
  window.addEventListener("keydown", (event) => {
    const name = pressed(event)
    if (!shortcuts[name] || !isOurs(event) || dialog.open || (!["Mod+S", "Mod+K"].includes(name) && isTyping(event.composedPath()[0]))) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (!event.repeat || name === "Mod+Z" || name === "Mod+Shift+Z") shortcuts[name]()
  }, { signal, capture: true })
  const veil = dropVeil(isOurs, () => (model.whole_page ? null : outermost(el)), say, signal)
  view.model.document?.on_event("connection_lost", () => { lost = true })

  // A question mark opens the guide at what it means.
  const asked = (event) => {
    const mark = event.composedPath().find((each) => each.dataset?.guide)
    if (!mark || !isOurs(event) || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return
    event.preventDefault()
    say({ place: mark.dataset.guide })
  }
  for (const kind of ["click", "keydown"]) window.addEventListener(kind, asked, { signal })

  draw(model, ["undoable", "redoable", "yaml", "shortcuts", "whole_page"], paint)
  model.on("saved", downloadYaml)
  model.on("entries", () => finder.know([...ours(), ...model.entries]))
  model.on("found", () => finder.found(model.found))
  model.on("remove", () => end.abort())
  draw(model, ["whole_page"], () => bar.classList.toggle("whole", model.whole_page))
  bar.append(picker, dialog, finder.dialog, live, veil)
  return bar
}
