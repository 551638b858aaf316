// One menu for the less frequent actions of rules and groups.

function actionMenu() {
  const popup = h("div", { className: "popup menu", popover: "auto", role: "menu", "aria-label": "Actions", onkeydown: keys })
  let opener = null
  popup.addEventListener("toggle", (event) => { if (event.newState === "closed") opener?.setAttribute("aria-expanded", "false") })

  function open(button, actions) {
    if (popup.matches(":popover-open") && opener === button) return popup.hidePopover()
    opener = button
    popup.replaceChildren(...actions.map(({ title, keys, run, danger }) => h("button", {
      type: "button", role: "menuitem", tabIndex: -1, className: danger ? "danger" : "",
      onclick: () => { popup.hidePopover(); button.focus(); run() },
    }, h("span", { textContent: title }), keys ? h("kbd", { textContent: keys, "aria-hidden": "true" }) : null)))
    popup.showPopover()
    hang(popup, button)
    button.setAttribute("aria-expanded", "true")
    popup.firstChild.focus()
  }

  function keys(event) {
    const items = [...popup.children]
    const at = items.indexOf(event.target)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key]
    if (next != null) items[next % items.length].focus()
    else if (event.key === "Escape" || event.key === "Tab") {
      popup.hidePopover()
      opener.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return { element: popup, open, hide: () => { if (popup.matches(":popover-open")) popup.hidePopover() } }
}
