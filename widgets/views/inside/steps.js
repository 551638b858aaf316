export function render({ model }) {
  const svg = s("svg", { role: "group", "aria-label": "First steps of sessions" })
  const tip = h("div", { className: "tip", role: "status" })
  const stage = h("div", { className: "stage" }, svg, tip)
  const scroller = h("div", { className: "scroller", tabIndex: 0, role: "region", "aria-label": "First steps" }, stage)
  const nothing = empty("No session is selected.")
  const note = h("p", { className: "note" })
  const count = dropdown({ id: "steps", onchange: () => model.send_msg({ steps: Number(count.value) }) }, [2, 3, 4, 5, 6])
  const once = h("input", { type: "checkbox", id: "once", onchange: () => model.send_msg({ once: once.checked }) })
  const asked = h("div", { className: "asked" },
    h("label", {}, "Steps", count),
    h("label", { title: "Equal events that follow each other directly are one step" }, once, "Merge consecutive repeats"))
  const root = h("div", { className: "panel" }, asked, scroller, nothing, note)

  let letters = 18

  function say(element, text) {
    element.addEventListener("pointerenter", () => { tip.textContent = text; tip.classList.add("seen") })
    element.addEventListener("pointermove", (event) => {
      const box = stage.getBoundingClientRect()
      const x = event.clientX - box.left, y = event.clientY - box.top
      tip.style.left = `${Math.max(0, Math.min(x + 14, box.width - tip.offsetWidth - 4))}px`
      tip.style.top = `${y + 18}px`
    })
    element.addEventListener("pointerleave", () => tip.classList.remove("seen"))
    return element
  }

  function lit(test) {
    for (const path of svg.querySelectorAll(".ribbon")) path.classList.toggle("off", !test(path.dataset))
  }

  function nodeOf(place) {
    const { step, at, kind, x, y, high, label, share, color, bin, pressed } = place
    const brush = bin != null ? () => model.send_msg({ bin }) : null
    const group = s("g", {
      class: `node ${kind}${brush ? " brush" : ""}${pressed ? " pressed" : ""}`, role: brush ? "button" : "img", tabindex: brush ? 0 : null,
      "aria-label": place.tip, "aria-pressed": brush ? String(Boolean(pressed)) : null, "data-key": `${step} ${at}`,
      onclick: brush, onkeydown: (event) => {
        if (brush && (event.key === "Enter" || event.key === " ")) { brush(); event.preventDefault() }
      },
    },
      s("rect", { class: "hit", x: x - 4, y: y - 6, width: ROOM, height: Math.max(high, 2) + 12 }),
      s("rect", { class: "block", x, y, width: THICK, height: Math.max(high, 1.5), rx: 2, style: color ? `fill: ${color}` : null }),
      s("text", { x: x + THICK + 6, y: y + Math.max(high, 2) / 2, dy: "0.34em" }, clipped(label), s("tspan", { dx: 6, class: "few" }, share)))
    group.addEventListener("pointerenter", () => lit((data) => data.from === `${step} ${at}` || data.to === `${step} ${at}`))
    group.addEventListener("pointerleave", () => lit(() => true))
    return say(group, place.tip + (brush ? ". Click to select." : ""))
  }

  // As many letters as there is room for up to the next column.
  const clipped = (text) => text.length > letters ? `${text.slice(0, letters - 1)}…` : text

  function ribbonOf(ribbon) {
    const path = s("path", {
      class: `ribbon ${ribbon.to.kind === "end" ? "end" : ribbon.from.kind}`, d: curve(ribbon), "stroke-width": Math.max(ribbon.high, .75),
      style: ribbon.from.color && ribbon.to.kind !== "end" ? `stroke: ${ribbon.from.color}` : null,
      "data-from": `${ribbon.step} ${ribbon.a}`, "data-to": `${ribbon.step + 1} ${ribbon.b}`, "aria-hidden": "true",
    })
    return say(path, ribbon.tip)
  }

  function paint() {
    const { columns, total, note: said = "" } = model.shown
    note.textContent = said
    nothing.hidden = !columns || total > 0
    scroller.hidden = !columns || !total
    tip.classList.remove("seen")
    if (!columns || !total) return
    const width = Math.max(scroller.clientWidth, columns.length * 150)
    const { nodes, ribbons, low, apart } = placed(model.shown, width)
    letters = Math.max(18, Math.min(36, Math.floor((apart - 80) / 7)))
    svg.setAttribute("width", width)
    svg.setAttribute("height", low)
    keepFocus(stage, () => svg.replaceChildren(
      ...columns.map(({ title }, step) => s("text", { class: "title", x: step * apart, y: 12 }, title)),
      ...ribbons.map(ribbonOf), ...nodes.map(nodeOf)))
  }

  draw(model, ["shown"], paint)
  draw(model, ["steps"], () => { count.value = model.steps })
  draw(model, ["once"], () => { once.checked = model.once })
  draw(model, ["busy"], () => root.classList.toggle("busy", model.busy))
  let wide = 0
  const seen = new ResizeObserver(() => {
    if (scroller.clientWidth !== wide) { wide = scroller.clientWidth; paint() }
  })
  seen.observe(root)
  model.on("remove", () => seen.disconnect())
  return root
}
