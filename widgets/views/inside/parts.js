// One bar: a name, a length beside that of all sessions, a number. With `act` it is a button.
function barRow({ label, count, share, width, ghost, tip, pressed = false, faded = false }, act) {
  const inside = [
    h("span", { className: "label", textContent: label }),
    h("span", { className: "track" }, h("i", { className: "ghost", style: `--width: ${ghost}` }), h("i", { className: "now", style: `--width: ${width}` })),
    h("span", { className: "count", textContent: count }),
    h("span", { className: "share", textContent: share }),
  ]
  const look = { className: `bar${faded ? " faded" : ""}`, title: tip ?? "" }
  return act
    ? h("button", { ...look, type: "button", "aria-pressed": String(pressed), "aria-label": tip ?? label, onclick: act }, inside)
    : h("div", look, inside)
}

// Put the focus back on what took the place of the element that had it.
function keepFocus(root, paint) {
  const own = root.getRootNode().activeElement
  const key = own && root.contains(own) ? own.dataset.key : null
  paint()
  if (key) [...root.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key)?.focus()
}

const empty = (text) => h("p", { className: "nothing", textContent: text })
const waiting = (rows) => Array.from({ length: rows }, (_, at) => h("div", { className: "waiting shimmer", style: `--at: ${at}` }, "0"))
