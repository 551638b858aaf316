// Links to other tools and notes on moments of time, a row each; every change is told as all rows are then.
export function render({ model }) {
  const KINDS = {
    links: { title: "Links", add: "Add a link", fields: [["name", "Name", "Replay"], ["url", "Address", "https://replay.example.com/{session_id}"]] },
    annotations: { title: "Notes on moments of time", add: "Add a note", fields: [["at", "When", "2026-03-01 or 2026-03-01 12:30"], ["text", "What happened", "New checkout"]] },
  }
  let rows = { links: [], annotations: [] }
  const places = h("p", { className: "small" })
  const parts = Object.entries(KINDS).map(([kind, { title, add, fields }]) => {
    const list = h("ol", { className: kind, "aria-label": title })
    const more = h("button", { className: "plain", type: "button", onclick: () => { rows[kind].push({}); paint(kind); focusLast(list) } }, icon("add"), add)
    return { kind, fields, list, root: h("section", {}, h("h3", { textContent: title }), kind === "links" ? places : h("p", { className: "small", textContent: "A line with its text in every chart over time, and in the report." }), list, more) }
  })
  const dialog = titledDialog("Links and notes", h("div", { className: "context" }, parts.map(({ root }) => root)))

  const focusLast = (list) => list.lastElementChild?.querySelector("input")?.focus()
  const filled = (row) => Object.values(row).some((text) => String(text ?? "").trim())
  const tell = () => model.send_msg({ kept: Object.fromEntries(Object.entries(rows).map(([kind, some]) => [kind, some.filter(filled)])) })

  function paint(kind) {
    const { fields, list } = parts.find((part) => part.kind === kind)
    list.replaceChildren(...rows[kind].map((row, at) => {
      const inputs = fields.map(([name, label, example]) => {
        const input = h("input", {
          className: `field ${name}`, type: "text", value: row[name] ?? "", placeholder: example, "aria-label": `${label}, ${at + 1}`, spellcheck: false, autocomplete: "off",
          onchange: () => { row[name] = input.value; tell() },
        })
        return input
      })
      const remove = h("button", { className: "icon", type: "button", title: "Remove", "aria-label": `Remove ${row[fields[0][0]] || at + 1}`, onclick: () => { rows[kind].splice(at, 1); paint(kind); tell() } }, icon("close"))
      return h("li", {}, inputs, remove, h("p", { className: "problem", role: "alert" }))
    }))
    complain()
  }

  // Problems are of the rows with something in them, by their places.
  function complain() {
    for (const { kind, fields, list } of parts) {
      let at = 0
      rows[kind].forEach((row, place) => {
        const said = filled(row) ? model.problems[`${kind}[${at++}]`] ?? ["", ""] : ["", ""], item = list.children[place]
        if (!item) return
        item.querySelector(".problem").textContent = said[1]
        fields.forEach(([name], each) => item.querySelectorAll("input")[each].setAttribute("aria-invalid", String(Boolean(said[1]) && (said[0] === name || !said[0]))))
      })
    }
  }

  function open() {
    rows = structuredClone(model.rows)
    const { kind, list } = parts.find((part) => part.kind === model.asked) ?? parts[0]
    if (model.fresh.at !== undefined || !rows[kind].length) rows[kind].push({ ...model.fresh })
    for (const part of parts) paint(part.kind)
    places.replaceChildren("Of each session, in a new tab. In the address stand ", ...model.places.flatMap((name, at) => [at ? ", " : "", h("code", { textContent: `{${name}}` })]), "; times also as ", h("code", { textContent: "{start:ms}" }), ".")
    if (!dialog.open) dialog.showModal()
    focusLast(list)
  }

  model.on("turn", open)
  model.on("problems", complain)
  return dialog
}
