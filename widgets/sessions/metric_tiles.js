export function render({ model }) {
  const list = h("ul", { className: "roving", "aria-label": "Metrics" })
  let known = null

  function tile({ name, value, sub, help }) {
    const button = h("button", {
      className: "tile", type: "button", title: `${help} Show its chart`, "data-name": name, onclick: () => model.send_msg({ name }),
    }, h("span", { className: "name", textContent: name }),
    h("span", { className: "said" }, h("strong", { textContent: value }), h("small", { textContent: sub })))
    return h("li", {}, button)
  }

  function paint() {
    const focused = list.getRootNode().activeElement?.dataset?.name
    const more = model.more ? [h("li", { className: "more", textContent: model.more })] : []
    list.replaceChildren(...model.tiles.map(tile), ...more)
    const at = (name) => [...list.querySelectorAll("button")].find((each) => each.dataset.name === name)
    at(focused)?.focus()
    const names = model.tiles.map(({ name }) => name), added = names.filter((name) => known && !known.includes(name))
    known = names
    if (added.length === 1) light(at(added[0]))
  }

  // What was just made is shown where it is.
  function light(button) {
    button.scrollIntoView({ block: "nearest", inline: "nearest" })
    button.animate([{ boxShadow: "0 0 0 3px var(--accent)" }, { boxShadow: "0 0 0 3px transparent" }], { duration: 1600, easing: "ease-in" })
  }

  draw(model, ["tiles", "more"], paint)
  return list
}
