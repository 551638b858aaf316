const NOTHING = new Set(["none", "off"])

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
    return h("li", { className: key === model.opened ? "opened" : "" }, open, ...more)
  }

  // What is set, or being edited, stands in rows; what is not waits in one menu.
  const stands = ({ key, text }) => text || key === model.opened

  function waiting(groups) {
    return (close) => groups.flatMap(({ title, rows }) => {
      const left = rows.filter((item) => !stands(item))
      return left.length ? [h("h4", { role: "presentation", textContent: title }), ...left.map(({ key, label, none, help }) => {
        const entry = choice(label, () => { close(); tell({ open: key }) }, { detail: NOTHING.has(none) ? "" : none })
        entry.title = help
        return entry
      })] : []
    })
  }

  function paint() {
    if (root.querySelector(":popover-open")) return later(root, paint)
    const focused = root.getRootNode().activeElement?.dataset?.key
    const section = ({ title, rows, add }) => h("section", { "aria-label": title },
      h("h4", { textContent: title }),
      rows.some(stands) ? h("ul", {}, rows.filter(stands).map(row)) : null,
      add ? h("button", { className: "add", type: "button", "data-key": add[0], onclick: () => tell({ open: add[0] }) }, icon("add"), h("span", { textContent: add[1] })) : null)
    const folded = model.groups.findLastIndex(({ rows }) => !rows.every(stands))
    const face = [icon("add"), h("span", { textContent: "Add a rule" })]
    const more = folded < 0 ? null : h("div", {}, ...menu("Add a rule", waiting(model.groups), { face, className: "add" }))
    const shown = model.groups.map((group) => group.rows.some(stands) || group.add ? section(group) : null)
    root.replaceChildren(...[...shown.slice(0, folded + 1), more, ...shown.slice(folded + 1)].filter(Boolean))
    if (focused) [...root.querySelectorAll("[data-key]")].find((button) => button.dataset.key === focused)?.focus()
  }

  draw(model, ["groups", "opened"], paint)
  return root
}
