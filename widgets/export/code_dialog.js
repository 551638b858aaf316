// The analysis as code: one tab for each tongue, a button that copies it, one that saves it.
export function render({ model }) {
  const tabs = h("div", { className: "tabs", role: "tablist", "aria-label": "Language", onkeydown: walk })
  const dialect = dropdown({ className: "dialect", "aria-label": "Database", onchange: () => ask({ dialect: dialect.value }) })
  const pre = h("pre", { tabIndex: 0, role: "tabpanel", id: "code-text" }), note = h("p", { className: "note" })
  const problem = h("p", { className: "problem", role: "alert" }), said = h("span", { className: "said", role: "status" })
  const box = h("div", { className: "text" }, pre)
  const copy = h("button", { className: "do", type: "button", onclick: async () => tell(await copyText(model.text, pre)) }, icon("copy"), "Copy")
  const keep = h("button", { type: "button", onclick: () => { saveText(model.text, model.filename, "text/plain"); tell(`Saved as ${model.filename}`) } }, icon("save"), "Save")
  const dialog = titledDialog("Code", h("div", { className: "bar" }, tabs, dialect), note, problem, box, h("div", { className: "foot" }, said, keep, copy))
  let gap

  function ask(wanted) {
    box.classList.add("waiting")
    model.send_msg({ tongue: model.tongue, dialect: model.dialect, ...wanted })
  }

  function tell(words) {
    said.textContent = words
    clearTimeout(gap)
    gap = setTimeout(() => { said.textContent = "" }, 3000)
  }

  function walk(event) {
    const all = [...tabs.children], at = all.findIndex((tab) => tab.dataset.key === model.tongue)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to == null) return
    const next = all[(to + all.length) % all.length]
    next.focus()
    next.click()
    event.preventDefault()
  }

  function paint() {
    if (tabs.children.length !== model.tongues.length) {
      tabs.replaceChildren(...model.tongues.map(([key, title]) => h("button", {
        type: "button", role: "tab", "data-key": key, "aria-controls": "code-text", textContent: title, onclick: () => ask({ tongue: key }),
      })))
      setOptions(dialect, model.dialects)
    }
    for (const tab of tabs.children) {
      const chosen = tab.dataset.key === model.tongue
      tab.setAttribute("aria-selected", String(chosen))
      tab.tabIndex = chosen ? 0 : -1
    }
    dialect.hidden = model.tongue !== "sql"
    dialect.value = model.dialect
    pre.textContent = model.text
    pre.scrollTop = 0
    box.hidden = !model.text
    copy.disabled = keep.disabled = !model.text
    note.textContent = model.note
    problem.textContent = model.problem
    box.classList.remove("waiting")
  }

  draw(model, ["text", "tongue", "dialect", "problem", "note", "tongues", "dialects", "answered"], paint)
  model.on("turn", () => { said.textContent = ""; if (!dialog.open) dialog.showModal() })
  return dialog
}
