// A pattern of events: a field, and the events that are appended to it by a click.
export function render({ model }) {
  const FEW = 12
  let joins = ".."
  const field = h("input", {
    className: "field", spellcheck: false, autocomplete: "off", placeholder: "view -> add_to_cart .. purchase", "aria-label": "Pattern of events",
    oninput: () => { model.value = field.value },
  })
  const ways = [["..", "Later", "Anything may lie between"], ["->", "Next", "Right after it"], ["|", "Or", "One of them"]]
  const way = h("div", { className: "ways", role: "group", "aria-label": "How the next event follows" }, ways.map(([sign, name, title]) =>
    h("button", { type: "button", className: "way", title, "data-sign": sign, onclick: () => { joins = sign; paintWays() } }, h("code", { textContent: sign }), name)))
  const more = ["[^ … ] any other event", "* + ? {2,5} repeated", "( ) together", "^ $ start and end", "{amount > 10} a condition"]
  const signs = h("p", { className: "signs" }, more.map((text) => { const [sign, ...words] = text.split(/ (?=[a-z])/); return h("span", {}, h("code", { textContent: sign }), ` ${words.join(" ")}`) }))
  const chips = h("div", { className: "chips", role: "group", "aria-label": "Append an event" })

  function append(text) {
    const now = field.value.trimEnd()
    const open = !now || /(->|\.\.|[|([{,^])$/.test(now)
    const closed = / \$$/.test(now) ? now.replace(/ \$$/, "") : now
    model.value = open ? `${now}${now && !/[([^{]$/.test(now) ? " " : ""}${text}` : `${closed} ${joins} ${text}`
    field.focus()
  }

  const paintWays = () => way.querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.sign === joins)))
  paintWays()
  draw(model, ["value"], () => { if (field.value !== model.value) field.value = model.value })
  draw(model, ["offered"], () => chips.replaceChildren(...model.offered.slice(0, FEW).map(([name, text, events]) =>
    h("button", { type: "button", className: "chip", title: text, "aria-label": `Append ${name}`, onclick: () => append(text) }, icon("add"), name, h("small", { textContent: events })))))
  return h("div", { className: "pattern" }, field, h("div", { className: "row" }, way, chips), signs)
}
