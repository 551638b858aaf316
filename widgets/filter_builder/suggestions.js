// One list for all fields. It hangs in the top layer, so that no scrolling drawer cuts it off.

const MOST_SHOWN = 50

function suggestions() {
  const list = h("ul", { id: "suggestions", role: "listbox", "aria-label": "Suggestions" })
  const rest = h("p", { className: "rest" })
  const popup = h("div", { className: "popup suggestions", popover: "manual", onmousedown: (event) => event.preventDefault() }, list, rest)
  let field = null
  let options = []
  let lit = -1

  function show(input, found, choose) {
    options = found.slice(0, MOST_SHOWN)
    if (!options.length) return hide()
    if (field !== input) hide()
    field = input
    list.replaceChildren(...options.map((option, place) =>
      h("li", { id: `suggestion-${place}`, role: "option", onclick: () => { choose(option) } },
        h("span", { textContent: option.title, title: option.title, className: option.quiet ? "quiet" : "" }),
        option.detail ? h("em", { textContent: option.detail, title: option.detail }) : null,
        option.side ? h("small", { textContent: option.side }) : null)))
    rest.textContent = found.length > options.length ? `${(found.length - options.length).toLocaleString("en-US")} more: type to find them.` : ""
    if (!popup.matches(":popover-open")) popup.showPopover()
    hang(popup, anchor(input))
    input.setAttribute("aria-expanded", "true")
    input.setAttribute("aria-controls", "suggestions")
    light(-1)
  }

  function hide() {
    if (popup.matches(":popover-open")) popup.hidePopover()
    field?.setAttribute("aria-expanded", "false")
    field?.removeAttribute("aria-controls")
    field?.removeAttribute("aria-activedescendant")
    field = null
    lit = -1
  }

  function light(place) {
    lit = place
    list.childNodes.forEach((option, at) => option.setAttribute("aria-selected", at === place))
    list.childNodes[place]?.scrollIntoView({ block: "nearest" })
    if (place >= 0) field.setAttribute("aria-activedescendant", `suggestion-${place}`)
    else field.removeAttribute("aria-activedescendant")
  }

  // `find(text)` says what fits, `choose(option)` takes one, `enter()` is Enter on none; `typed` is told of every key.
  // Where `only()`, Enter takes the one thing that fits what was typed.
  function attach(input, { find, choose, enter = () => {}, typed = () => {}, only = () => false }) {
    const pick = (option) => { hide(); choose(option) }
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" })) input.setAttribute(name, value)
    input.autocomplete = "off"
    input.spellcheck = false
    const open = (text) => show(input, find(text), pick)
    input.addEventListener("input", () => { typed(); open(input.value) })
    input.addEventListener("click", () => open(""))
    input.addEventListener("blur", hide)
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step && !event.altKey) {
        event.preventDefault()
        if (field !== input) open("")
        if (field === input) light(lit < 0 && step < 0 ? options.length - 1 : (lit + step + options.length) % options.length)
      } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
        const alone = options.length === 1 && input.value.trim() && only()
        const taken = field !== input ? null : lit >= 0 ? options[lit] : alone ? options[0] : null
        if (taken) event.preventDefault() // an Enter that takes nothing is the owner's
        if (taken) pick(taken)
        else { hide(); enter() }
      } else if (event.key === "Escape" && field === input) {
        hide()
        event.stopPropagation()
      }
    })
    return { open }
  }

  // The list stays with its field while the page scrolls, as it does when the field is brought into view.
  function follow() {
    const box = field?.getBoundingClientRect()
    if (box && (box.bottom < 0 || box.top > innerHeight)) hide()
    else if (box) hang(popup, anchor(field))
  }

  return { element: popup, attach, hide, follow }
}

const anchor = (input) => input.closest(".many") ?? input

// Under an element, or above it where there is more room.
function hang(popup, anchor) {
  const box = anchor.getBoundingClientRect()
  const below = innerHeight - box.bottom - 12
  const up = below < 200 && box.top > below
  popup.style.cssText = `min-width: ${Math.min(box.width, innerWidth - 16)}px; max-height: ${Math.min(300, up ? box.top - 12 : below)}px`
  const { width, height } = popup.getBoundingClientRect()
  popup.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`
  popup.style.top = `${up ? box.top - height - 4 : box.bottom + 4}px`
}

const matching = (options, text) => {
  const wanted = text.trim().toLowerCase()
  const fits = options.filter(({ title }) => title.toLowerCase().includes(wanted))
  return wanted ? fits.sort((a, b) => b.title.toLowerCase().startsWith(wanted) - a.title.toLowerCase().startsWith(wanted)) : fits
}
