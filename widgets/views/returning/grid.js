// Who comes back: rows of actors by how they came first, columns by when they come back. Cells, rows and columns brush.
export function render({ model }) {
  const lead = h("ul", { className: "lead" }), caution = h("p", { className: "said" }), of = h("p", { className: "said" }), nothing = h("p", { className: "nothing" })
  const asks = h("div", { className: "asks" })
  const csv = h("button", { type: "button", className: "plain", title: "Save the grid as CSV", onclick: () => model.send_msg({ ask: "csv" }) }, icon("save"), "CSV")
  const keep = h("button", { type: "button", className: "plain", title: "Keep this in the analysis, so that it stands in the report", onclick: () => model.send_msg({ ask: "keep" }) }, icon("report"), "Add to the report")
  const curve = returnCurve()
  const head = h("tr"), body = h("tbody"), foot = h("tfoot")
  const table = h("table", { className: "cells", "aria-label": "Who comes back" }, h("thead", {}, head), body, foot)
  const scroll = framed(table, "Who comes back").frame
  const more = h("p", { className: "said" })
  const hint = h("p", { className: "said hint", textContent: "Click a cell to select all sessions of the actors in it, a row or a column for all of its actors; once more to take that away. Hatched: not yet." })
  const whole = h("div", { className: "whole", role: "status" }, lead)
  const root = h("div", { className: "return" }, whole, h("div", { className: "above" }, asks, h("div", { className: "tools" }, keep, csv)), of, caution, nothing, curve.picture, scroll, more, hint)
  const tell = (row, at) => model.send_msg({ cell: [row, at] })

  function button(props, can, act, ...inside) {
    return can ? h("button", { ...props, type: "button", "aria-pressed": String(props.pressed), onclick: act }, inside) : h("span", props, inside)
  }

  function line({ place: at, label, actors, early, can, pressed, cells }) {
    const about = at < 0 ? "All actors who could be seen so long" : early ? `${label}: the first that the source holds; they may have been there before` : label
    return h("tr", { className: early ? "early" : "" },
      h("th", { scope: "row" }, button({ title: about, pressed, "data-key": `row ${at}` }, can, () => tell(at, -1), h("span", { textContent: at < 0 ? "All actors" : label }))),
      h("td", { className: "count", textContent: actors }),
      cells.map((cell, n) => h("td", { className: cell.share != null ? "" : cell.not ? "not" : "none", style: cell.share == null ? null : `--share: ${cell.share}` },
        button({ title: cell.tip, "aria-label": cell.tip, pressed: cell.pressed, "data-key": `cell ${at} ${n}` }, cell.can, () => tell(at, n), cell.text))))
  }

  function paintAsks() {
    const own = asks.getRootNode().activeElement, key = own && asks.contains(own) ? own.dataset.key : null
    asks.replaceChildren(...Object.entries(model.asks).map(([name, { label, value, options }]) => {
      const select = dropdown({ "data-key": name, "aria-label": label, onchange: () => model.send_msg({ field: [name, select.value] }) }, options.flatMap((each) => (each[0] === "" && Array.isArray(each[1]) ? each[1] : [each])))
      select.value = value
      return h("label", { className: "ask" }, h("span", { textContent: label }), select)
    }))
    if (key) [...asks.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key)?.focus()
  }

  function paint() {
    const { sentences = [], caution: careful = "", of: whose = "", corner = "", heads = [], rows = [], total, more: rest = "", nothing: why = "" } = model.shown
    const own = root.getRootNode().activeElement, key = own && scroll.contains(own) ? own.dataset.key : null
    lead.replaceChildren(...sentences.map((text) => h("li", { textContent: text })))
    lead.hidden = !sentences.length
    for (const [element, text] of [[caution, careful], [of, whose], [nothing, why], [more, rest]]) {
      element.textContent = text
      element.hidden = !text
    }
    for (const each of [scroll, hint, csv]) each.hidden = Boolean(why) || !total
    keep.hidden = !model.keeps || Boolean(why)
    curve.picture.hidden = Boolean(why)
    if (total && !why) {
      plainHead(head, [{ title: corner }, { title: "Actors", look: "count" }, ...heads.map((text, n) => ({
        title: "", before: [button({ title: `All who came back: ${text}`, pressed: total.cells[n].pressed, "data-key": `head ${n}` }, total.cells[n].can, () => tell(-1, n), text)],
      }))])
      body.replaceChildren(...rows.map(line))
      foot.replaceChildren(line(total))
      curve.paint(model.shown)
    }
    if (key) [...scroll.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key)?.focus()
  }

  scroll.addEventListener("keydown", (event) => {
    const [dx, dy] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key] ?? []
    const cell = event.target.closest("td, th"), row = cell?.parentNode
    if (dx == null || !row) return
    const lines = [...table.rows]
    let [x, y] = [cell.cellIndex + dx, lines.indexOf(row) + dy]
    for (; lines[y]?.cells[x]; [x, y] = [x + dx, y + dy]) {
      const next = lines[y].cells[x].querySelector("button")
      if (!next) continue
      next.focus()
      event.preventDefault()
      return
    }
  })
  draw(model, ["asks"], paintAsks)
  draw(model, ["shown", "keeps"], paint)
  fitted(curve.picture, () => curve.paint(model.shown))
  model.on("handed", () => saveText(model.handed.text, model.handed.name, "text/csv"))
  return root
}
