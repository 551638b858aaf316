export function render({ model }) {
  const choose = dropdown({ "aria-label": "Compared with", onchange: () => model.send_msg({ other: choose.value }) })
  const chooser = h("label", { className: "chooser" }, h("span", { textContent: "Compared with" }), choose)
  const slow = h("span", { className: "slow", role: "status" })
  const sentence = h("p", { className: "sentence", role: "status" })
  const bars = h("div", { className: "bars" })
  const head = h("tr"), body = h("tbody")
  const table = h("table", { "aria-label": "Kinds of differences" }, h("thead", {}, head), body)
  const { frame: scroller } = framed(table, "Kinds of differences")
  const root = h("section", { className: "kinds" }, h("div", { className: "top" }, chooser, slow), sentence, bars, scroller)
  const choose_kind = (kind) => model.send_msg({ chosen: kind })
  const dot = (color) => h("i", { className: "dot", style: `--color: ${color}` })

  // The parts are for the pointer; a screen reader is told the whole, and the keyboard has the table.
  function bar(side, at, most) {
    const parts = model.shown.rows.filter((row) => row.sessions[at]).map((row) => h("div", {
      className: "part", "data-kind": row.kind, style: `--color: ${row.color}; --on: ${row.ink}; flex-grow: ${row.sessions[at]}`,
      title: `${row.title}: ${row.told[2 * at]} sessions of ${side.name}`, onclick: () => choose_kind(row.kind),
    }, h("span", { textContent: row.title })))
    const told = model.shown.rows.filter((row) => row.sessions[at]).map((row) => `${row.title}: ${row.told[2 * at]}`).join(", ")
    return h("div", { className: "line" },
      h("div", { className: "side" }, dot(side.color), h("span", { textContent: side.name, title: side.name }), h("small", { textContent: side.sessions.toLocaleString("en-US") })),
      h("div", { className: "track" },
        h("div", { className: "stack", role: "img", "aria-label": `Sessions of ${side.name}. ${told || "None."}`, style: `width: ${100 * side.sessions / most}%` }, parts)))
  }

  function row(kind) {
    const some = kind.sessions[0] + kind.sessions[1] > 0
    const open = kind.kind === model.chosen
    const name = some ? h("button", {
      type: "button", className: "kind", "data-kind": kind.kind, "aria-expanded": String(open), onclick: (event) => { event.stopPropagation(); choose_kind(kind.kind) },
    }, h("i", { className: "swatch", style: `--color: ${kind.color}` }), h("span", { textContent: kind.title }))
      : h("span", { className: "kind" }, h("i", { className: "swatch", style: `--color: ${kind.color}` }), h("span", { textContent: kind.title }))
    return h("tr", { className: [some ? "some" : "none", open && "open"].filter(Boolean).join(" "), onclick: () => some && choose_kind(kind.kind) },
      h("th", { scope: "row" }, name, h("p", { textContent: kind.meaning })),
      kind.told.map((text) => h("td", { className: "right", textContent: text })))
  }

  function paint() {
    const { sides = [], rows = [], others = [] } = model.shown
    const focused = table.getRootNode().activeElement?.dataset?.kind
    sentence.textContent = model.shown.sentence ?? ""
    chooser.hidden = others.length < 2
    setOptions(choose, others)
    choose.value = sides[1]?.key ?? ""
    bars.hidden = scroller.hidden = sides.length === 0
    const most = Math.max(1, ...sides.map((side) => side.sessions))
    bars.replaceChildren(...sides.map((side, at) => bar(side, at, most)))
    if (sides.length) {
      plainHead(head, [{ title: "Differences" }, ...sides.flatMap((side) => [
        { title: `Sessions of ${side.name}`, align: "right", before: [dot(side.color)] }, { title: "Events in them", align: "right" }])])
    }
    body.replaceChildren(...rows.map(row))
    if (focused) [...body.querySelectorAll("button")].find((each) => each.dataset.kind === focused)?.focus()
    mark()
  }

  function mark() {
    for (const part of bars.querySelectorAll(".part")) part.classList.toggle("faded", Boolean(model.chosen) && part.dataset.kind !== model.chosen)
  }

  draw(model, ["shown", "chosen"], paint)
  draw(model, ["busy"], () => {
    root.classList.toggle("busy", model.busy)
    root.setAttribute("aria-busy", model.busy)
    slow.textContent = model.busy ? model.slow : ""
  })
  return root
}
