const NOTHING = new Set(["none", "off"])

// What is set stands in rows; what is not waits below, in as few lines as it needs.
const inOrder = (rows) => [...rows.filter(({ text }) => text), ...rows.filter(({ text }) => !text)]

export function render({ model }) {
  const root = h("div", { className: "rules roving roving-rules" })
  const tell = (message) => model.send_msg(message)

  function entries({ key, label, actions }) {
    return (close) => actions.map(([action, text]) =>
      choice(text, () => { close(); tell({ [action]: key }) }, { danger: action === "remove" }))
  }

  function row(item) {
    const { key, label, text, effect, tone, help, color, actions } = item
    const said = h("span", { className: text ? "text" : "text none", textContent: text || item.none, hidden: !text && NOTHING.has(item.none) })
    const open = h("button", {
      type: "button", className: "open", "data-key": key, "aria-label": text ? `${label}: ${text}. Edit` : `${label}: ${item.none}. Edit`,
      "aria-pressed": String(key === model.opened), title: help, onclick: () => tell({ open: key }),
    }, h("span", { className: "label", textContent: label }), said,
    effect ? h("small", { className: tone, textContent: effect }) : null)
    const more = actions.length ? menu(`More for ${label}`, entries(item)) : [h("span", { className: "pen", "aria-hidden": "true" }, icon(text ? "edit" : "add"))]
    return h("li", { className: [text ? "" : "unset", key === model.opened ? "opened" : ""].join(" ") }, open, ...more)
  }

  function paint() {
    if (root.querySelector(":popover-open")) return later(root, paint)
    const focused = root.getRootNode().activeElement?.dataset?.key
    root.replaceChildren(...model.groups.map(({ title, rows, add }) => h("section", { "aria-label": title },
      h("h4", { textContent: title }),
      rows.length ? h("ul", {}, inOrder(rows).map(row)) : null,
      add ? h("button", { className: "add", type: "button", "data-key": add[0], onclick: () => tell({ open: add[0] }) }, icon("add"), h("span", { textContent: add[1] })) : null)))
    if (focused) [...root.querySelectorAll("[data-key]")].find((button) => button.dataset.key === focused)?.focus()
  }

  draw(model, ["groups", "opened"], paint)
  return root
}
