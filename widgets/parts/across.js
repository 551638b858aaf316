// A drag across a picture: `snap(x)` gives the place under the pointer, `live(from, to)` is told while it moves, and
// `done(from, to)` once it is let go. Escape gives up.
function across(cover, { snap, live, done, over = () => {} }) {
  let from = null
  const where = (event) => snap(event.clientX - cover.getBoundingClientRect().left)
  const stop = (event, act) => {
    if (from == null) return
    const began = from
    from = null
    live(null, null)
    removeEventListener("keydown", escaped, true)
    if (act) done(began, where(event))
  }
  const escaped = (event) => {
    if (event.key !== "Escape") return
    event.stopPropagation()
    event.preventDefault()
    stop(event, false)
  }
  cover.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return
    event.preventDefault()
    cover.setPointerCapture(event.pointerId)
    from = where(event)
    addEventListener("keydown", escaped, true)
    live(from, from)
  })
  cover.addEventListener("pointermove", (event) => {
    if (from == null) over(where(event), event)
    else live(from, where(event))
  })
  cover.addEventListener("pointerup", (event) => stop(event, true))
  cover.addEventListener("pointercancel", (event) => stop(event, false))
  cover.addEventListener("pointerleave", () => over(null))
}

// Draw again whenever the room for it changes.
const fitted = (element, paint) => new ResizeObserver(() => requestAnimationFrame(paint)).observe(element)
