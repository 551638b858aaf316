const SIGNS = { info: "i", warning: "!", error: "!" }

export function render({ model }) {
  const text = h("p")
  const list = h("ul")
  const more = h("details", {}, h("summary", { textContent: "Details" }), list)
  const sign = h("span", { className: "sign", "aria-hidden": "true" })
  const close = h("button", {
    className: "icon", type: "button", "aria-label": "Dismiss", title: "Dismiss", onclick: () => model.send_msg({ dismiss: true }),
  }, icon("close"))
  const banner = h("div", { className: "notice" }, sign, h("div", { className: "words" }, text, more), close)

  function paint() {
    const { kind = "info", text: words = "", details = [] } = model.message
    banner.className = `notice of-${kind}`
    banner.setAttribute("role", kind === "error" ? "alert" : "status")
    sign.textContent = SIGNS[kind]
    text.textContent = words
    more.hidden = details.length === 0
    list.replaceChildren(...details.map((detail) => h("li", { textContent: detail })))
    close.hidden = !model.dismissible
  }

  draw(model, ["message", "dismissible"], paint)
  return banner
}
