export function render({ model }) {
  const tell = () => model.send_msg(window.location.search)
  window.addEventListener("popstate", tell)
  model.on("remove", () => window.removeEventListener("popstate", tell))
  return h("span", { hidden: true })
}
