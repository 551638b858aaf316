export function render({ model }) {
  // Other data are another page: they are opened by opening it.
  const data = () => new URLSearchParams(window.location.search).get("data") ?? ""
  const tell = () => (data() === model.data ? model.send_msg(window.location.search) : window.location.reload())
  window.addEventListener("popstate", tell)
  // Panel's pages do not follow the title of their Bokeh document.
  draw(model, ["title"], () => { if (model.title) document.title = model.title })
  model.on("remove", () => window.removeEventListener("popstate", tell))
  return h("span", { hidden: true })
}
