// What leaves as a file: sessions, actors or events, all or the selected ones, in which format.
export function render({ model }) {
  const chosen = { what: "sessions", which: "all", format: "parquet" }
  const state = h("div", { className: "state", role: "status" })
  const about = h("p", { className: "about" }), problem = h("p", { className: "problem", role: "alert" })
  const stop = h("button", { type: "button", textContent: "Stop", onclick: () => model.send_msg({ stop: true }) })
  const go = h("button", { className: "do", type: "submit", textContent: "Export" })
  const groups = h("div", { style: "display: contents" })
  const form = h("form", {
    method: "dialog",
    onsubmit: (event) => {
      event.preventDefault()
      model.send_msg({ export: { what: chosen.what, selected: chosen.which === "selected", format: chosen.format } })
    },
  }, groups, about, problem, h("div", { className: "foot" }, state, stop, go))
  const dialog = titledDialog("Export", form)

  const option = (group, key, title, detail, disabled = false) => h("label", {},
    h("input", {
      type: "radio", name: group, value: key, checked: chosen[group] === key, disabled,
      onchange: () => { chosen[group] = key; paint() },
    }), h("b", { textContent: title }), h("small", { textContent: detail }))
  const fieldset = (legend, ...options) => h("fieldset", {}, h("legend", { textContent: legend }), h("div", { className: "cards" }, options))

  function paint() {
    const { counts, selected } = model
    if (!selected) chosen.which = "all"
    const shown = (what) => (chosen.which === "selected" ? selected : counts)?.[what] ?? ""
    const focus = groups.getRootNode().activeElement?.value
    groups.replaceChildren(
      fieldset("What", ...model.whats.map(([key, title]) => option("what", key, title, shown(key)))),
      fieldset("Which", option("which", "all", "All", counts.sessions ?? ""),
        option("which", "selected", "Selected", selected ? selected.sessions : "Brush a chart first", !selected)),
      fieldset("Format", ...model.formats.map(([key, title, detail]) => option("format", key, title, detail))),
    )
    if (focus) groups.querySelector(`input[value="${focus}"]`)?.focus()
    const said = model.whats.find(([key]) => key === chosen.what), note = model.formats.find(([key]) => key === chosen.format)
    about.replaceChildren(h("strong", { textContent: shown(chosen.what) }), `, ${said?.[2] ?? ""} ${note?.[3] ?? ""}`)
  }

  function report() {
    const { phase, text, done, total } = model.state
    const writing = phase === "writing"
    problem.textContent = phase === "failed" ? text : ""
    stop.hidden = !writing
    go.disabled = writing
    const bar = writing ? h("progress", { max: 1, value: total ? done / total : 0, "aria-label": "Rows written" }) : null
    state.replaceChildren(...[phase === "failed" ? "" : text ?? "", bar].filter(Boolean))
  }

  draw(model, ["counts", "selected", "whats", "formats"], paint)
  draw(model, ["state"], report)
  model.on("turn", () => { paint(); if (!dialog.open) dialog.showModal() })
  model.on("handed", () => { if (model.handed.address) fetchFile(model.handed.address, model.handed.filename) })
  return dialog
}
