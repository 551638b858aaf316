// Zoom and pan of the strip by wheel, drag and keyboard. It knows the stretch in view and asks when it needs more.
function movesOf({ svg, limits, start, changed, ask, step, press, leave }) {
  const SHORTEST = 20
  let view = [0, 1], waiting = 0

  function go(next) {
    const [low, high] = limits()
    const longest = (high - low) * 1.06 + 1e6
    let length = Math.min(Math.max(next[1] - next[0], SHORTEST), longest)
    let begin = next[0] + (next[1] - next[0] - length) / 2
    begin = Math.min(Math.max(begin, low - (length - SHORTEST) * 0.9), high - length * 0.1)
    view = [begin, begin + length]
    changed()
    clearTimeout(waiting)
    waiting = setTimeout(() => ask(view), 90)
  }

  function zoom(factor, at = 0.5) {
    const length = view[1] - view[0], fixed = view[0] + length * at
    go([fixed - length * factor * at, fixed + length * factor * (1 - at)])
  }

  const pan = (share) => go(view.map((edge) => edge + (view[1] - view[0]) * share))
  const whole = () => go([limits()[0] - (limits()[1] - limits()[0]) * 0.02, limits()[1] + (limits()[1] - limits()[0]) * 0.02])

  svg.addEventListener("wheel", (event) => {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY)
    // Without a click before, the page scrolls on under the pointer.
    if (!sideways && !event.ctrlKey && svg.getRootNode().activeElement !== svg) return
    event.preventDefault()
    if (sideways) pan(event.deltaX / svg.clientWidth)
    else zoom(Math.exp(Math.max(-300, Math.min(300, event.deltaY)) * 0.002), event.offsetX / svg.clientWidth)
  }, { passive: false })

  let held = null
  svg.addEventListener("pointerdown", (event) => {
    if (event.button) return
    held = { x: event.clientX, view, moved: false, target: event.target }
    svg.setPointerCapture(event.pointerId)
  })
  svg.addEventListener("pointermove", (event) => {
    if (!held) return
    const by = (event.clientX - held.x) / svg.clientWidth
    held.moved ||= Math.abs(event.clientX - held.x) > 3
    if (!held.moved) return
    svg.classList.add("held")
    go(held.view.map((edge) => edge - (held.view[1] - held.view[0]) * by))
  })
  const release = (event) => {
    const was = held
    held = null
    svg.classList.remove("held")
    if (was && !was.moved && event.type === "pointerup") press(event, was.target)
  }
  svg.addEventListener("pointerup", release)
  svg.addEventListener("pointercancel", release)

  svg.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.ctrlKey) return
    const act = {
      "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), _: () => zoom(2),
      ArrowLeft: () => event.shiftKey ? step(-1) : pan(-0.2), ArrowRight: () => event.shiftKey ? step(1) : pan(0.2),
      Home: home, End: whole, Enter: () => press(null, null),
    }[event.key]
    if (!act) return
    act()
    event.preventDefault()
  })
  svg.addEventListener("blur", leave)

  function home() { go(start()) }
  return {
    get view() { return view },
    set view(next) { view = next },
    get busy() { return Boolean(held?.moved) },
    go, zoom, pan, whole, home,
  }
}
