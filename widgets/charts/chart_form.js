// Fields in a row, each with one value; a change is told at once.
export function render({ model }) {
  const form = h("div", { className: "form", role: "group" })
  const say = (name, value) => model.send_msg({ name, value })

  function field(each) {
    const id = `field-${each.name}`
    if (each.kind === "check") {
      return h("label", { className: "check" }, h("input", { type: "checkbox", id, checked: each.value, onchange: (event) => say(each.name, event.target.checked) }), each.label)
    }
    const control = each.kind === "select"
      ? dropdown({ id, onchange: (event) => say(each.name, event.target.value) }, each.options.flatMap(([group, list]) => (group ? [[group, list]] : list)))
      : h("input", {
        className: "field", id, type: "text", value: each.value, placeholder: each.hint ?? "", spellcheck: false,
        onchange: (event) => say(each.name, event.target.value.trim()),
      })
    if (each.kind === "select") control.value = each.value
    if (each.error) control.setAttribute("aria-invalid", "true")
    return h("div", { className: each.wide ? "one wide" : "one" }, h("label", { htmlFor: id, textContent: each.label }), control,
      each.error ? h("span", { className: "problem", role: "alert", textContent: each.error }) : null)
  }

  function paint() {
    const focused = form.getRootNode().activeElement?.id
    form.replaceChildren(...model.fields.map(field))
    if (focused) form.querySelector(`#${CSS.escape(focused)}`)?.focus()
  }

  draw(model, ["fields"], paint)
  draw(model, ["label"], () => form.setAttribute("aria-label", model.label))
  return form
}
