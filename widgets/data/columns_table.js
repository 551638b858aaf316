const SIGNS = { text: "Abc", number: "123", time: "t", duration: "Δt", "truth value": "T/F" }

export function render({ model }) {
  const head = h("tr"), body = h("tbody")
  const { frame } = framed(h("table", { "aria-label": "Columns of the events" }, h("thead", {}, head), body))
  const pages = pagesOf("Pages of columns", (rows) => body.replaceChildren(...rows.map(row)))
  plainHead(head, [{ title: "Column" }, { title: "Type" }, { title: "Missing", align: "right" }, { title: "For example" }])

  function row({ name, kind, missing, examples, roles }) {
    const called = h("span", { className: "name", textContent: name, title: name })
    return h("tr", {},
      h("th", { scope: "row" }, h("div", { className: "called" }, called, roles.map((role) => h("span", { className: "role", textContent: role })))),
      h("td", { className: "kind" }, h("span", { className: "sign", "aria-hidden": "true", textContent: SIGNS[kind] ?? "…" }), h("span", { textContent: kind })),
      h("td", { className: `right missing ${missing ? "" : "none"}`, textContent: missing || "–" }),
      h("td", { className: "examples" }, h("div", { title: examples.join("\n") }, examples.map((text) => h("code", { textContent: text })))))
  }

  draw(model, ["rows"], () => pages.of(model.rows))
  return h("div", { className: "frame" }, frame, pages.root)
}
