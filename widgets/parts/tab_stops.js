// Few stops for the Tab key on a page of many controls: a link to the charts before everything else, and one stop for
// each group of controls. A group is all that is inside of elements of the class `roving`, through every shadow root;
// arrows, Home and End go on inside it. Those of the same class `roving-...` are one group. The app bar is one, too, with
// all that is in it.

const GROUP = ".roving, header.MuiAppBar-root"
const OWN = "[role=tablist], [role=menu], [popover], dialog, [role=application]" // have their own keys
const CONTROL = "button, a[href], select, input, summary, [tabindex]"
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }
const CHART = ".bk-events[role=application]"

// Every element below a root with the group that it is in, through shadow roots, in the order of the page.
function* elements(root, group = null) {
  for (const element of root.children) {
    const inside = element.matches(OWN) ? null : element.matches(GROUP) ? (group ?? groupOf(element)) : group
    yield [element, inside]
    if (element.shadowRoot) yield* elements(element.shadowRoot, inside)
    yield* elements(element, inside)
  }
}

const groupOf = (element) => [...element.classList].find((name) => name.startsWith("roving-")) ?? element

export function render({ model }) {
  const end = new AbortController()
  const silenced = new WeakSet() // the controls that are no stops because of us
  const latest = new Map()       // group -> the control that had the focus last
  const link = h("a", { href: "#charts", className: "skip-link", onclick: skip, onfocus: name })
  const sheet = h("style", { textContent: model.look })
  document.body.prepend(sheet, link)

  const firstOf = (matches) => {
    for (const [element, group] of elements(document.body)) if (matches(element, group) && element.checkVisibility()) return element
    return null
  }
  const aim = () => {
    const chart = firstOf((element) => element.matches(CHART))
    let behind = false // the tabs
    return chart ?? firstOf((element) => {
      behind ||= element.matches("[role=tablist]")
      return behind && isControl(element) && element.role !== "tab"
    })
  }

  function name() {
    link.textContent = firstOf((element) => element.matches(CHART)) ? "Skip to charts" : "Skip to what is shown"
  }

  function skip(event) {
    event.preventDefault()
    const target = aim()
    target?.focus({ focusVisible: true })
    target?.scrollIntoView({ block: "nearest" })
  }

  const isControl = (element) => element.matches(CONTROL) && !element.disabled && (element.tabIndex >= 0 || silenced.has(element))

  function groups() {
    const found = new Map()
    for (const [element, group] of elements(document.body)) {
      if (group && isControl(element) && element.checkVisibility({ visibilityProperty: true })) found.set(group, [...(found.get(group) ?? []), element])
    }
    return found
  }

  // One stop in each group: where the keyboard was last, or what is pressed, or the first.
  function arrange() {
    for (const [group, members] of groups()) {
      const last = latest.get(group)
      const stop = members.includes(last) ? last : members.find((each) => each.ariaPressed === "true") ?? members[0]
      for (const each of members) {
        if (each === stop) each.tabIndex = 0
        else silenced.add(each)
        if (each !== stop) each.tabIndex = -1
      }
    }
  }

  function move(event) {
    const at = event.composedPath()[0], step = STEPS[event.key]
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !(at instanceof Element)) return
    const isField = at.matches("input:not([type=checkbox], [type=radio], [type=button]), textarea, [role=slider]")
    const isChoice = at.matches("select, [role=combobox]") && !["ArrowLeft", "ArrowRight"].includes(event.key)
    if (isField || isChoice) return
    const [group, members] = [...groups()].find(([, all]) => all.includes(at)) ?? []
    if (!group) return
    const to = members[Math.min(members.length - 1, Math.max(0, members.indexOf(at) + step))]
    latest.set(group, to)
    arrange()
    to.focus({ focusVisible: true })
    event.preventDefault()
    event.stopPropagation()
  }

  function remember(event) {
    const at = event.composedPath()[0]
    const [group] = [...groups()].find(([, all]) => all.includes(at)) ?? []
    if (group) latest.set(group, at)
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Tab") arrange()
    else if (event.key in STEPS) move(event)
  }, { capture: true, signal: end.signal })
  addEventListener("focusin", remember, { capture: true, signal: end.signal })
  requestIdleCallback(arrange)
  model.on("remove", () => { end.abort(); link.remove(); sheet.remove() })
  name()
  return h("span", { hidden: true })
}
