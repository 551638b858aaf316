// The other face: the same filter as text. `tell(text)` sends it.

const REST = 80 // milliseconds after the last key

function sqlFace(model, tell) {
  let timer = null
  let typing = false
  const text = h("textarea", {
    className: "field", rows: 3, spellcheck: false, placeholder: "event = 'login' AND amount > 10", "aria-describedby": "sql-note",
    oninput: () => { typing = true; clearTimeout(timer); timer = setTimeout(send, REST) },
    onblur: () => { if (timer || typing) apply() },
    onkeydown: (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) apply() },
  })
  const problem = h("div", { className: "problem", role: "alert" })
  const hint = h("div", { className: "hint" })
  const element = h("div", { className: "sql" }, text, h("div", { id: "sql-note" }, problem, hint))

  function send() {
    clearTimeout(timer)
    timer = null
    tell(text.value)
  }

  function apply() {
    typing = false
    send()
  }

  // While somebody types, the text stays as typed and what is wrong with it is said quietly.
  function update(mine) {
    const { sql, problem: why, notes } = model.shown
    text.setAttribute("aria-label", `${model.label} as SQL`)
    if (!mine) typing = false
    if (!mine || (!why && !typing)) text.value = sql
    mark(text, why && !typing)
    problem.textContent = typing ? "" : why
    const left = Object.values(notes).filter((note) => note.missing).length
    hint.textContent = typing && why ? `Not applied yet: ${why}` : left && !why ? `${left === 1 ? "One condition is" : `${left} conditions are`} not complete and not part of this text.` : ""
  }

  return { element, update, focus: () => text.focus() }
}
