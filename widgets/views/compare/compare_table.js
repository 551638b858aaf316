export function render({ model }) {
  const head = h("tr")
  const body = h("tbody")
  const table = h("table", { "aria-label": "Key numbers of what is compared" }, h("thead", {}, head), body)
  const { frame } = framed(table, "Key numbers")
  const choose = dropdown({ "aria-label": "A column with session ids", onchange: () => tell({ column: choose.value }) })
  const foot = h("label", { className: "against" }, h("span", { textContent: "Session ids of the column" }), choose)
  const verdict = h("p", { className: "verdict", role: "status" })
  const tell = (message) => model.send_msg(message)

  const title = ([text, help]) => ({ title: text, help, align: "right" })

  function cell({ text, difference, share, tone }) {
    const far = difference === "same" ? "even" : tone
    return h("td", { className: "right" },
      h("b", { textContent: text }),
      difference ? h("small", { className: far }, h("span", { textContent: difference }), share ? h("span", { textContent: share }) : null) : null)
  }

  function name(row) {
    const dot = h("i", { className: row.is_column ? "dot dashed" : "dot", style: `--color: ${row.color}` })
    const words = h("span", { className: "words", textContent: row.name, title: row.about || row.name })
    if (row.is_column) {
      const away = h("button", {
        className: "icon", type: "button", "data-focus": `away ${row.key}`, title: `Do not compare with ${row.name}`,
        "aria-label": `Do not compare with ${row.name}`, onclick: () => tell({ column: "" }),
      }, icon("close"))
      return h("div", { className: "name" }, away, dot, words, h("small", { textContent: "column" }))
    }
    const box = h("input", {
      type: "checkbox", checked: row.ticked, "data-focus": `tick ${row.key}`, "aria-label": `Compare ${row.name}`,
      onchange: () => tell({ tick: [row.key, box.checked] }),
    })
    return h("label", { className: "name" }, h("span", { className: "tick" }, box), dot, words)
  }

  function base(row) {
    if (!row.ticked || row.error) return h("td", { className: "base" })
    const button = h("input", {
      type: "radio", name: "base", checked: row.is_base, "data-focus": `base ${row.key}`, "aria-label": `Measure the others by ${row.name}`,
      onchange: () => tell({ base: row.key }),
    })
    return h("td", { className: "base" }, h("label", {}, button))
  }

  function line(row) {
    const count = model.titles.length
    const cells = row.error ? [h("td", { colSpan: count, className: "problem", role: "alert", textContent: row.error })]
      : row.cells.length ? row.cells.map(cell)
        : [h("td", { colSpan: count, className: "silent", textContent: row.ticked ? "…" : "not compared" })]
    return h("tr", { className: [row.is_base && "is-base", !row.ticked && "left-out"].filter(Boolean).join(" ") },
      h("th", { scope: "row" }, name(row)), base(row), ...cells)
  }

  function paint() {
    const focused = table.getRootNode().activeElement?.dataset?.focus
    body.replaceChildren(...model.rows.map(line))
    if (focused) [...body.querySelectorAll("[data-focus]")].find((each) => each.dataset.focus === focused)?.focus()
  }

  function paintChoice() {
    setOptions(choose, [["", "none"], ...model.columns])
    choose.value = model.columns.includes(model.column) ? model.column : ""
    foot.hidden = model.columns.length === 0
  }

  const root = h("div", { className: "compared" }, frame, verdict, foot)
  draw(model, ["titles"], () => plainHead(head, [{ title: "Definition" }, { title: "Base" }, ...model.titles.map(title)]))
  draw(model, ["rows", "titles"], paint)
  draw(model, ["columns", "column"], paintChoice)
  draw(model, ["verdict"], () => { verdict.textContent = model.verdict; verdict.hidden = !model.verdict })
  draw(model, ["busy"], () => { root.classList.toggle("busy", model.busy); root.setAttribute("aria-busy", model.busy) })
  return root
}
