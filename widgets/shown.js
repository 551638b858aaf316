// Says that it is on the page; once Python answers, what is live takes the place of the still picture around it.
export function render({ model, el }) {
  const show = () => {
    const place = outermost(el).closest("[data-session-explorer]")
    if (!place) return
    const [still, live] = place.children
    still.style.display = model.live ? "none" : ""
    live.style.cssText = model.live ? "" : HIDDEN
  }
  model.on("live", show)
  model.on("after_render", () => { show(); model.send_msg("hello") })
  model.on("remove", () => model.send_msg("gone"))
  return h("span", { hidden: true })
}

const HIDDEN = "height: 0; overflow: hidden; visibility: hidden"

// The outermost element that an element is drawn in, outside of every shadow root.
function outermost(element) {
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? outermost(root.host) : element
}
