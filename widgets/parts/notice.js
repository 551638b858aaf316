const DISMISSED = "session-explorer-dismissed", MOST_DISMISSED = 200

// Nothing where nothing can be remembered.
function dismissedKeys() {
  try { return JSON.parse(localStorage.getItem(DISMISSED) ?? "[]") } catch { return [] }
}

function rememberDismissed(key) {
  try { localStorage.setItem(DISMISSED, JSON.stringify([...dismissedKeys().filter((each) => each !== key), key].slice(-MOST_DISMISSED))) } catch { /* it comes back */ }
}

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
    if (model.message.key) rememberDismissed(model.message.key)
    model.send_msg({ dismiss: true })
  }

  function paint() {
    const { action = "", key = "" } = model.message
    act.hidden = !action
    act.textContent = action
    banner.hidden = Boolean(key) && dismissedKeys().includes(key)
    if (banner.hidden) return model.send_msg({ dismiss: true })
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
