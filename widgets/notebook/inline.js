// Says that it is on the page; once Python answers, what is live takes the place of the still picture around it.
// Whatever says it before the kernel listens is not heard, hence more than once.
export function render({ model, el }) {
  let line = null
  let waiting = null

  const show = () => {
    const place = placeOf(el)
    if (!place) return
    const [still, live] = place.children
    still.style.display = model.live ? "none" : ""
    live.style.cssText = model.live ? "" : HIDDEN
    line ??= deletions(live)
  }
  const hello = (pause) => {
    show()
    if (model.live || pause > 60_000) return
    model.send_msg("hello")
    waiting = setTimeout(() => hello(2 * pause), pause)
  }
  model.on("live", show)
  model.on("after_render", () => hello(500))
  model.on("remove", () => {
    clearTimeout(waiting)
    line?.()
  })
  return h("span", { hidden: true })
}

const HIDDEN = "height: 0; overflow: hidden; visibility: hidden"

function placeOf(element) {
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? placeOf(root.host) : element.closest("[data-session-explorer]")
}

// Tells the kernel that an output is gone. JupyterLab's own part of Panel means to, and does not.
function deletions(live) {
  const id = live.firstElementChild?.id
  const comm = globalThis.PyViz?.kernels?.[id]?.connectToComm("hv-extension-comm")
  if (!comm?.active) return () => {}
  comm.open()
  return () => comm.send({ event_type: "delete", id })
}
