export function render({ model }) {
  let open = false
  const edit = h("button", { className: "plain", type: "button", onclick: () => turn(!open) }, icon("edit"), "Edit the steps")
  const hint = h("p", { className: "hint", textContent: "Name what should happen in a session, one step after the other: click events in their order." })
  const body = h("div", { className: "funnel" })
  const problem = h("p", { className: "problem", role: "alert" })
  const note = h("p", { className: "note" })
  const result = h("p", { className: "result" })
  const more = h("button", { className: "plain", type: "button", onclick: () => model.send_msg({ more: true }) }, icon("add"), "Add a funnel")
  const numbers = numbersOf(model, "steps", "the funnel", () => model.shown.table)
  const asks = funnelAsks(model)
  const foot = h("div", { className: "foot" }, edit, more)
  const editor = funnelEditor(model, () => turn(false))
  const root = h("div", { className: "panel" }, asks, problem, result, body, note, numbers, funnelSides(model), funnelTrend(model), hint, foot, editor)

  function turn(to) {
    open = to
    const none = !model.steps.length
    hint.hidden = !none
    editor.hidden = !(open || none)
    foot.hidden = none
    edit.setAttribute("aria-expanded", String(open))
  }

  function rowOf(row, at, last, can) {
    const act = can ? (event) => model.send_msg({ reached: event.shiftKey && at < last ? [at, at] : [at, last] }) : null
    const element = barRow({ ...row, label: at ? `${at}  ${row.label}` : row.label, tip: row.tip ?? `${row.label}: ${row.count}` }, act)
    if (can) element.dataset.key = `row ${at}`
    return element
  }

  function between({ went, wait, lost, lost_share, pressed }, at, can) {
    if (!lost) can = false
    const said = lost ? [lost, ` (${lost_share})`] : []
    const stop = can
      ? h("button", { type: "button", className: "stop", title: `Select these sessions`, "aria-pressed": String(pressed), "data-key": `stop ${at}`, onclick: () => model.send_msg({ reached: [at, at] }) }, said)
      : h("span", { className: "stop" }, said)
    return h("div", { className: "between" }, icon("down"), h("b", { textContent: went }), h("span", { textContent: wait }), stop)
  }

  function paint() {
    const { rows, between: steps = [], note: said = "", result: comes = "", can_brush: can, ghosts } = model.shown
    root.classList.toggle("ghosts", Boolean(ghosts))
    problem.textContent = model.problem
    note.textContent = rows && !model.problem ? said : ""
    result.textContent = rows && !model.problem ? comes : ""
    result.hidden = !result.textContent
    body.hidden = numbers.hidden = !rows || Boolean(model.problem)
    if (body.hidden) return
    keepFocus(body, () => body.replaceChildren(...rows.flatMap((row, at) =>
      [rowOf(row, at, rows.length - 1, can), ...(steps[at] ? [between(steps[at], at, can)] : [])])))
  }

  draw(model, ["shown", "problem"], paint)
  draw(model, ["steps", "limits", "turn"], () => turn(false))
  model.on("handed", () => saveText(model.handed.text, `${model.handed.name}.csv`, "text/csv"))
  draw(model, ["last"], () => { more.hidden = !model.last })
  draw(model, ["busy"], () => root.classList.toggle("busy", model.busy))
  return root
}
