const SIGNS = { info: "i", warning: "!", error: "!" }

export function render({ model }) {
  const text = h("p")
  const list = h("ul")
  const trace = h("pre", { tabIndex: 0 })
  const copy = h("button", { className: "copy", type: "button", textContent: "Copy", onclick: async () => {
    copy.textContent = await copyText(trace.textContent, trace)
  } })
  const more = h("details", {}, h("summary", { textContent: "Details" }), list, trace, copy)
  const sign = h("span", { className: "sign", "aria-hidden": "true" })
  const close = h("button", {
    className: "icon", type: "button", "aria-label": "Dismiss", title: "Dismiss", onclick: dismiss,
  }, icon("close"))
  const act = h("button", { className: "act", type: "button", onclick: () => model.send_msg({ act: true }) })
  const banner = h("div", { className: "notice roving roving-notices" }, sign, h("div", { className: "words" }, text, more), act, close)

  function dismiss() {
    model.send_msg({ dismiss: true })
  }

  function paint() {
    const { action = "" } = model.message
    act.hidden = !action
    act.textContent = action
    const { kind = "info", text: words = "", details = [], trace: told = "" } = model.message
    banner.className = `notice roving roving-notices of-${kind}`
    banner.setAttribute("role", kind === "error" ? "alert" : "status")
    sign.textContent = SIGNS[kind]
    text.textContent = words
    more.hidden = details.length === 0 && !told
    trace.textContent = told
    trace.hidden = copy.hidden = !told
    copy.textContent = "Copy"
    list.replaceChildren(...details.map((detail) => h("li", { textContent: detail })))
    close.hidden = !model.dismissible
  }

  draw(model, ["message", "dismissible"], paint)
  return banner
}
