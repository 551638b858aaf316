export function render({ model }) {
  const tell = (ask) => model.send_msg({ ask })
  const find = h("button", { className: "plain", type: "button", onclick: () => tell("find") })
  const lead = h("ul", { className: "lead", role: "status" })
  const head = h("tr"), body = h("tbody")
  const table = h("table", { "aria-label": "Rules that were found" }, h("thead", {}, head), body)
  const { frame } = framed(table, "Rules that were found")
  const take = h("button", { className: "plain", type: "button", onclick: () => tell("take") })
  const csv = h("button", { className: "plain csv", type: "button", title: "The rules that were tried as a file of CSV", onclick: () => tell("csv") }, icon("save"), h("span", { textContent: "CSV" }))
  const foot = h("div", { className: "foot" }, take, csv)

  function line(step, at) {
    return h("tr", {},
      h("th", { scope: "row", className: "left" }, h("span", { textContent: at ? `+ ${step.what}` : step.what })),
      h("td", { className: "right share" }, h("i", { "aria-hidden": "true", style: `--share: ${step.share}` }), h("span", { textContent: step.same })),
      h("td", { className: "right", textContent: step.wrong }))
  }

  function paint() {
    lead.replaceChildren(...model.said.map((text) => h("li", { textContent: text })))
    lead.hidden = model.said.length === 0
    body.replaceChildren(...model.steps.map(line))
    frame.hidden = model.steps.length === 0
    foot.hidden = frame.hidden
    take.textContent = model.taken ? "Added, and compared with the ids" : "Add as a definition"
    take.disabled = model.taken
    find.hidden = !frame.hidden
    find.textContent = model.busy ? "Looking for rules …" : `Find the rules that ${model.column} follows`
    find.disabled = model.busy
  }

  plainHead(head, [
    { title: "Rules" }, { title: "Sessions that are the same", align: "right" },
    { title: "Wrong places", align: "right", help: "Where an id changes and no session begins, or a session begins within an id" },
  ])
  draw(model, ["column", "steps", "said", "busy", "taken"], paint)
  model.on("handed", () => saveText(model.handed.text, model.handed.name, "text/csv"))
  return h("div", { className: "frame" }, find, lead, frame, foot)
}
