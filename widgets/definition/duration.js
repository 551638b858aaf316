export function render({ model }) {
  let moving = false
  let keys = false
  let wanted = null

  const field = h("input", {
    className: "field", type: "text", id: "field", autocomplete: "off", spellcheck: false,
    "aria-describedby": "error", "aria-errormessage": "error",
    onkeydown: (event) => {
      if (event.key === "Enter") commit()
      if (event.key === "Escape") event.preventDefault()
      if (event.key === "Escape") stand(model.shown.position, model.shown.text)
    },
    onblur: () => { if (field.value.trim() !== model.shown.text) commit() },
  })
  const slider = h("input", {
    type: "range", min: 0, max: model.steps.length - 1, step: 1,
    oninput: () => {
      moving = true
      stand(slider.valueAsNumber, model.steps[slider.valueAsNumber])
      if (wanted == null) requestAnimationFrame(() => { if (moving) say({ step: wanted, moving: true }); wanted = null })
      wanted = slider.valueAsNumber
    },
    onkeydown: () => { keys = true },
    onkeyup: () => { keys = false; release() },
    onblur: () => { keys = false; release() },
    onchange: () => { if (!keys) release() },
  })
  const label = h("label", { htmlFor: "field" })
  const error = h("div", { className: "problem", id: "error", role: "alert" })
  const caption = h("div", { className: "caption", role: "status" })
  const gaps = h("div", { className: "gaps", role: "img", "aria-label": "Histogram of the gaps between events" })
  const scale = h("div", { className: "scale", "aria-hidden": "true" }, model.marks.map(([text, place]) =>
    h("span", { textContent: text, style: `--at: ${place / (model.steps.length - 1)}` })))

  const say = (message) => model.send_msg(message)

  function commit() {
    say({ text: field.value })
  }

  function release() {
    if (!moving) return
    moving = false
    say({ step: slider.valueAsNumber })
  }

  function stand(position, text) {
    slider.value = position
    slider.style.setProperty("--at", position / (model.steps.length - 1))
    slider.setAttribute("aria-valuetext", text)
    gaps.childNodes.forEach((bar, place) => bar.classList.toggle("inside", place <= position))
    field.value = text
    field.removeAttribute("aria-invalid")
    error.textContent = ""
  }

  function paint() {
    if (moving) return
    const typed = field.value
    stand(model.shown.position, model.shown.text)
    if (model.shown.error) {
      if (typed) field.value = typed
      field.setAttribute("aria-invalid", "true")
      error.textContent = model.shown.error
    }
  }

  draw(model, ["heights", "suggested"], () => {
    const last = model.steps.length - 1
    gaps.hidden = model.heights.length === 0
    gaps.replaceChildren(...model.heights.map((height, place) => h("i", {
      className: place === model.suggested ? "suggested" : "", style: `--at: ${place / last}; --height: ${height}; --wide: ${1 / last}`,
    })))
    stand(slider.valueAsNumber, field.value || model.shown.text)
  })
  draw(model, ["label", "caption", "disabled"], () => {
    label.textContent = model.label
    slider.setAttribute("aria-label", model.label)
    field.disabled = slider.disabled = model.disabled
    caption.textContent = model.caption
  })
  draw(model, ["shown"], paint)
  return h("div", { className: "duration" }, h("div", { className: "top" }, label, field), error, gaps, slider, scale, caption)
}
