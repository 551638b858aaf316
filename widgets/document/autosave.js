const PREFIX = "session-explorer:"

// A private window keeps nothing, and a full store takes nothing: then there is nothing to go on with, and no harm.
function remember(key, record) {
  try { localStorage.setItem(PREFIX + key, JSON.stringify(record)) } catch { /* see above */ }
}

function remembered(key) {
  try { return JSON.parse(localStorage.getItem(PREFIX + key)) } catch { return null }
}

function ago(then) {
  const minutes = Math.max(0, Math.round((Date.now() - then) / 60_000)) || 0
  const [count, unit] = minutes < 60 ? [minutes, "minute"]
    : minutes < 2880 ? [Math.round(minutes / 60), "hour"] : [Math.round(minutes / 1440), "day"]
  return count ? `${count} ${unit}${count > 1 ? "s" : ""} ago` : "just now"
}

export function render({ model, view }) {
  const title = h("b")
  const more = h("span")
  const buttons = h("div", { className: "buttons" })
  const bar = h("div", { className: "bar", popover: "manual", role: "status" }, h("p", {}, title, more), buttons)
  const before = model.key ? remembered(model.key) : null
  let lost = false

  const button = (text, act, kind = "") => h("button", { type: "button", className: kind, textContent: text, onclick: act })

  function show(first, second, ...controls) {
    title.textContent = first
    more.textContent = second
    buttons.replaceChildren(...controls)
    if (bar.isConnected && !bar.matches(":popover-open")) bar.showPopover()
  }

  function offer() {
    if (lost) return
    if (!model.offer) return bar.matches(":popover-open") && bar.hidePopover()
    show(`Continue where you left off ${ago(before?.at)}?`, model.offer,
      button("Dismiss", () => {
        remember(model.key, { ...before, dismissed: true })
        model.send_msg({ dismissed: true })
      }),
      button("Continue", () => model.send_msg({ continued: true }), "strong"))
  }

  function lose() {
    lost = true
    const reload = button("Reload", async () => {
      reload.disabled = true
      try {
        // Asking for the page itself would make a session on the server that nobody uses.
        await fetch(document.querySelector("script[src]").src, { method: "HEAD", cache: "no-store" })
        return window.location.reload()
      } catch { /* it does not run yet */ }
      reload.disabled = false
      title.textContent = "The server does not answer yet."
    }, "strong")
    show("The connection to the server is lost.", "Nothing is lost: reload when it runs again.", reload)
  }

  model.on("kept", () => { if (model.key) remember(model.key, { ...model.kept, at: Date.now() }) })
  model.on("offer", offer)
  view.model.document?.on_event("connection_lost", lose)
  requestAnimationFrame(offer)
  model.send_msg({ found: before })
  return bar
}
