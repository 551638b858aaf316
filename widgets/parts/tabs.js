export function render({ model }) {
  const list = h("div", { className: "tabs", role: "tablist", onkeydown: walk, onscroll: hint })

  const tab = ([key, title]) => h("button", {
    type: "button", role: "tab", "data-key": key, textContent: title, onclick: () => choose(key),
  })

  function choose(key) {
    if (key !== model.chosen) model.send_msg({ chosen: key })
  }

  function walk(event) {
    const all = [...list.children], at = all.indexOf(list.getRootNode().activeElement)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to == null) return
    const next = all[(to + all.length) % all.length]
    next.focus()
    choose(next.dataset.key)
    event.preventDefault()
  }

  function hint() {
    list.classList.toggle("before", list.scrollLeft > 2)
    list.classList.toggle("behind", list.scrollLeft + list.clientWidth < list.scrollWidth - 2)
  }

  new ResizeObserver(hint).observe(list)

  function mark() {
    for (const each of list.children) {
      const chosen = each.dataset.key === model.chosen
      each.setAttribute("aria-selected", String(chosen))
      each.tabIndex = chosen ? 0 : -1
      if (chosen && list.clientWidth) list.scrollLeft = Math.max(0, each.offsetLeft - list.offsetLeft - (list.clientWidth - each.offsetWidth) / 2)
    }
    hint()
  }

  draw(model, ["titles"], () => { list.replaceChildren(...model.titles.map(tab)); mark() })
  draw(model, ["chosen"], mark)
  draw(model, ["label"], () => list.setAttribute("aria-label", model.label))
  return list
}
