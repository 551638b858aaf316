const IS_MAC = /mac|iphone|ipad/i.test(navigator.platform)

// "Mod+Shift+Z" as it stands on this machine's keyboard.
function spelled(keys) {
  const names = IS_MAC ? { Mod: "⌘", Shift: "⇧", Alt: "⌥" } : { Mod: "Ctrl" }
  return keys.split("+").map((key) => names[key] ?? key).join(IS_MAC ? "" : "+")
}

// Whether a text is typed into an element.
function isTyping(target) {
  const silent = ["button", "checkbox", "color", "file", "radio", "range", "reset", "submit"]
  if (target?.tagName === "INPUT") return !silent.includes(target.type)
  return target?.tagName === "TEXTAREA" || Boolean(target?.isContentEditable)
}

// The outermost element that an element is drawn in, outside of every shadow root.
function outermost(element) {
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? outermost(root.host) : element
}

// The element that has the focus, inside of every shadow root.
function focused(root = document) {
  const active = root.activeElement
  return active?.shadowRoot?.activeElement ? focused(active.shadowRoot) : active
}

// "Mod+Z", "Mod+Shift+Z", "?" or "" of a key that was pressed.
function pressed(event) {
  if (event.altKey) return ""
  if (!event.ctrlKey && !event.metaKey) return event.key === "?" ? "?" : ""
  return `Mod+${event.shiftKey ? "Shift+" : ""}${event.key.toUpperCase()}`
}

// The list of shortcuts: a native dialog, which keeps the focus inside and gives it back when it closes.
function shortcutsDialog() {
  const groups = h("div", { className: "groups" })
  const close = h("button", {
    className: "icon", type: "button", "aria-label": "Close", onclick: () => dialog.close(),
  }, icon("close"))
  const dialog = h("dialog", {
    "aria-labelledby": "shortcuts-title",
    onclick: (event) => { if (event.target === dialog) dialog.close() },
    // Escape closes the list and nothing else: a key that goes up would clear the brushes of the charts.
    onkeydown: (event) => {
      event.stopPropagation()
      if (event.key === "Escape") window.addEventListener("keyup", (up) => up.stopImmediatePropagation(), { capture: true, once: true })
      if (event.key === "?") dialog.close()
      if (event.key === "Tab") { event.preventDefault(); close.focus() }
    },
  }, h("header", {}, h("h2", { id: "shortcuts-title", textContent: "Keyboard shortcuts" }), close), groups)

  const fill = (shortcuts) => groups.replaceChildren(...shortcuts.map(([title, rows]) =>
    h("section", {}, h("h3", { textContent: title }), h("dl", {}, rows.map(([keys, words]) => h("div", {},
      h("dt", { textContent: words }),
      h("dd", {}, keys.split(" ").map((one) => h("kbd", { textContent: spelled(one) })))))))))

  return { dialog, fill }
}
