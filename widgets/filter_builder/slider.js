// A range with one thumb or two, in steps that a person would choose.

function niceStep(width, whole) {
  const power = 10 ** Math.floor(Math.log10(width / 100))
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= width / 200)
  return whole ? Math.max(1, Math.round(step)) : step
}

// `put(texts)` gets the ends after every step; the thumbs cannot pass each other.
function rangeSlider({ low, high, whole }, names, put, done) {
  const step = niceStep(high - low, whole)
  const digits = Math.max(0, -Math.floor(Math.log10(step)))
  const min = Math.floor(low / step) * step
  const max = Math.ceil(high / step) * step
  const thumbs = names.map((name, place) => h("input", {
    type: "range", min, max, step, "aria-label": name, oninput: () => slide(place), onchange: done,
  }))
  const element = h("div", { className: "slider" }, h("div", { className: "track", "aria-hidden": "true" }), thumbs)

  function slide(place) {
    const [from, to] = thumbs.map((thumb) => thumb.valueAsNumber)
    if (from > to) thumbs[place].value = place ? from : to
    colour()
    put(thumbs.map((thumb) => String(Number(thumb.valueAsNumber.toFixed(digits)))))
  }

  function colour() {
    const at = thumbs.map((thumb) => (thumb.valueAsNumber - min) / (max - min))
    element.style.setProperty("--from", at.length > 1 ? at[0] : 0)
    element.style.setProperty("--to", at.at(-1))
    thumbs[0].style.zIndex = at[0] > 0.5 ? 1 : 0
  }

  function stand(values) {
    thumbs.forEach((thumb, place) => {
      const number = parseFloat(String(textOf(values[place])).replaceAll(",", ""))
      thumb.value = Number.isFinite(number) ? number : place || thumbs.length < 2 ? max : min
    })
    colour()
  }

  return { element, stand }
}
