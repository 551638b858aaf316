const SIGNS = { text: "Abc", number: "123", time: "t", duration: "Δt", "truth value": "T/F" }

export function render({ model }) {
  const body = h("tbody")
  const head = ["Column", "Type", "Missing", "For example"].map((title) => h("th", { scope: "col", textContent: title }))
  const table = h("table", { "aria-label": "Columns of the events" }, h("thead", {}, h("tr", {}, head)), body)

  function row({ name, kind, missing, examples, roles }) {
    const called = h("span", { className: "name", textContent: name, title: name })
    return h("tr", {},
      h("th", { scope: "row" }, h("div", { className: "called" }, called, roles.map((role) => h("span", { className: "role", textContent: role })))),
      h("td", { className: "kind" }, h("span", { className: "sign", "aria-hidden": "true", textContent: SIGNS[kind] ?? "…" }), h("span", { textContent: kind })),
      h("td", { className: `missing ${missing ? "" : "none"}`, textContent: missing || "–" }),
      h("td", { className: "examples" }, h("div", { title: examples.join("\n") }, examples.map((text) => h("code", { textContent: text })))))
  }

  draw(model, ["rows"], () => body.replaceChildren(...model.rows.map(row)))
  return h("div", { className: "frame" }, table)
}
