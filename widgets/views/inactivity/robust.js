const WIDE = 260, HIGH = 34, EDGE = 5

export function render({ model }) {
  const tell = (ask) => model.send_msg({ ask })
  const lead = h("ul", { className: "lead" }), told = h("div", { role: "status" }, lead)
  const bar = h("i"), words = h("span"), progress = h("div", { className: "progress", role: "status" }, h("div", {}, bar), words)
  const begin = h("button", { className: "plain", type: "button", onclick: () => tell("begin") })
  const csv = h("button", { className: "plain", type: "button", title: "Every value at every inactivity as a file of CSV", onclick: () => tell("csv") }, icon("save"), h("span", { textContent: "CSV" }))
  const head = h("tr"), body = h("tbody")
  const table = h("table", { "aria-label": "What the choice of inactivity changes" }, h("thead", {}, head), body)
  const { frame } = framed(table, "What the choice of inactivity changes")
  const notes = h("p", { className: "said" }), foot = h("div", { className: "foot" }, notes, csv)

  const ends = () => [model.lengths[0]?.[1] ?? "", model.lengths.at(-1)?.[1] ?? ""]

  function axis() {
    const [first, last] = [model.lengths[0]?.[0] ?? 1, model.lengths.at(-1)?.[0] ?? 2]
    return logAxis(first, Math.max(last, first + 1), EDGE, WIDE - EDGE).at
  }

  // A line of numbers, or a strip of marks that are full where the finding is as it is now; what holds is shaded.
  function picture(row) {
    const at = axis(), x = model.lengths.map(([us]) => at(us))
    const edge = (i, j) => i < 0 || j >= x.length ? (i < 0 ? 0 : WIDE) : (x[i] + x[j]) / 2
    const left = edge(row.from - 1, row.from), right = edge(row.to, row.to + 1)
    const y = (height) => 6 + (1 - height) * (HIGH - 12)
    const points = row.heights.map((height, i) => height == null ? null : [x[i], y(height)])
    const parts = [shape("rect", { class: "holds", x: left, y: 0, width: Math.max(2, right - left), height: HIGH, rx: 4 })]
    parts.push(shape("line", { class: "now", x1: x[model.now], x2: x[model.now], y1: 0, y2: HIGH }))
    if (row.kind === "finding") {
      for (const [i, height] of row.heights.entries()) {
        if (height != null) parts.push(shape("circle", { class: height ? "same" : "other", cx: x[i], cy: HIGH / 2, r: 3.5 }))
      }
    } else {
      parts.push(shape("polyline", { class: "line", points: points.filter(Boolean).map((each) => each.join(",")).join(" ") }))
      if (points[model.now]) parts.push(shape("circle", { class: "dot", cx: points[model.now][0], cy: points[model.now][1], r: 3.5 }))
    }
    const mark = shape("line", { class: "read", x1: 0, x2: 0, y1: 0, y2: HIGH })
    parts.push(mark)
    const said = row.texts.map((text, i) => `${model.lengths[i][1]}: ${text}`).filter((_, i) => row.texts[i]).join(", ")
    const svg = shape("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", role: "img", "aria-label": said }, ...parts)
    return { svg, x, mark }
  }

  function line(row) {
    const { svg, x, mark } = picture(row)
    const value = h("b", { textContent: row.now }), at = h("small", { textContent: `at ${model.lengths[model.now][1]}` })
    const read = (event) => {
      const box = svg.getBoundingClientRect(), over = (event.clientX - box.left) / box.width * WIDE
      const near = x.reduce((best, each, i) => row.texts[i] && Math.abs(each - over) < Math.abs(x[best] - over) ? i : best, model.now)
      value.textContent = row.texts[near]
      at.textContent = `at ${model.lengths[near][1]}`
      place(mark, { x1: x[near], x2: x[near] })
      mark.classList.add("on")
    }
    const rest = () => { value.textContent = row.now; at.textContent = `at ${model.lengths[model.now][1]}`; mark.classList.remove("on") }
    svg.addEventListener("pointermove", read)
    svg.addEventListener("pointerleave", rest)
    const edge = (i) => h("td", { className: "edge", title: row.texts.at(i) }, h("span", { className: "words", textContent: row.texts.at(i) }))
    return h("tr", { className: row.always ? "always" : "" },
      h("th", { scope: "row", className: "left", title: row.what }, h("span", { className: "words", textContent: row.what })),
      h("td", { className: "right" }, value, at), edge(0), h("td", { className: "picture" }, svg), edge(-1),
      h("td", { className: "left for" }, h("span", { textContent: row.holds })))
  }

  function paint() {
    const [first, last] = ends()
    plainHead(head, [
      { title: "What" }, { title: "Now", align: "right", help: "At the inactivity of the definition; point at a line for its values elsewhere" },
      { title: first ? `At ${first}` : "", align: "right" }, { title: `${first} – ${last}`, help: "Shaded: where it holds. The line is at the inactivity of the definition" },
      { title: last ? `At ${last}` : "" }, { title: "Holds from – to", help: "Of the inactivities that were tried" },
    ])
    body.replaceChildren(...model.rows.map(line))
    frame.hidden = model.rows.length === 0
    foot.hidden = frame.hidden
  }

  function tellProgress() {
    const [done, steps] = model.progress
    progress.hidden = steps === 0
    bar.style.setProperty("--done", steps ? done / steps : 0)
    words.textContent = done ? `${done} of ${steps} steps tried` : "Cutting at other inactivities …"
  }

  draw(model, ["rows", "lengths", "now"], paint)
  draw(model, ["progress"], tellProgress)
  draw(model, ["said"], () => { lead.replaceChildren(...model.said.map((text) => h("li", { textContent: text }))); lead.hidden = model.said.length === 0 })
  draw(model, ["notes"], () => { notes.textContent = model.notes.join(" ") })
  draw(model, ["offered"], () => { begin.textContent = model.offered; begin.hidden = !model.offered })
  model.on("handed", () => saveText(model.handed.text, model.handed.name, "text/csv"))
  return h("div", { className: "frame" }, told, begin, progress, frame, foot)
}
