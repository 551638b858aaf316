const SIGN_OF = { info: "i", warning: "!", error: "!" }

export function render({ model }) {
  const live = h("span", { className: "live", role: "status" })
  const sign = h("span", { className: "sign", "aria-hidden": "true" })
  const words = h("span", { className: "words-of" })
  const count = h("span", { className: "count" }), many = h("span", { className: "many" })
  const list = h("div", { className: "list", popover: "auto", role: "dialog", "aria-label": "Notices" })
  const line = h("button", { className: "line", type: "button", "aria-haspopup": "dialog", onclick: open }, sign, words, count, many)
  const root = h("div", { className: "roving" }, line, live, list)
  let told = null

  function open() {
    if (list.matches(":popover-open")) return list.hidePopover()
    list.showPopover()
    const at = line.getBoundingClientRect(), { width } = list.getBoundingClientRect()
    list.style.left = `${Math.max(12, Math.min(at.left, innerWidth - width - 12))}px`
    list.style.top = `${at.bottom + 8}px`
  }

  // Neither is said again: what was used is known.
  function let_go({ text, key }, message) {
    if (key) rememberDismissed(key)
    if (shown().length <= 1 || message.act) list.hidePopover()
    model.send_msg({ text, ...message })
    paint()
  }

  const shown = () => model.messages.filter(({ key }) => !key || !dismissedKeys().includes(key))

  function notice(message) {
    const { kind, text, details, action } = message
    const close = h("button", { className: "icon", type: "button", "aria-label": "Dismiss", title: "Dismiss", onclick: () => let_go(message, {}) }, icon("close"))
    const act = action ? [h("button", { className: "act", type: "button", textContent: action, onclick: () => let_go(message, { act: true }) })] : []
    const more = details.length ? [h("details", {}, h("summary", { textContent: "Details" }), h("ul", {}, details.map((textContent) => h("li", { textContent }))))] : []
    return h("div", { className: `notice of-${kind}` }, h("span", { className: "sign", "aria-hidden": "true", textContent: SIGN_OF[kind] }),
      h("div", { className: "words" }, h("p", { textContent: text }), ...more), ...act, close)
  }

  function paint() {
    const all = shown(), [first] = all
    line.hidden = !first
    list.replaceChildren(...all.map(notice))
    if (!first) {
      told ??= []
      if (list.matches(":popover-open")) list.hidePopover()
      return
    }
    line.className = `line of-${first.kind}`
    sign.textContent = SIGN_OF[first.kind]
    words.textContent = first.text
    count.textContent = all.length > 1 ? `+${all.length - 1}` : ""
    many.textContent = `${all.length} notice${all.length > 1 ? "s" : ""}`
    line.setAttribute("aria-label", `${many.textContent}: ${first.text}`)
    const fresh = all.filter(({ text }) => told && !told.includes(text))
    if (fresh.length) live.textContent = fresh.map(({ text }) => text).join(" ")
    told = all.map(({ text }) => text)
  }

  draw(model, ["messages"], paint)
  return root
}
