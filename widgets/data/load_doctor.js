const TONES = { good: ["check", "Good"], info: ["info", "To know"], warning: ["warning", "Look here"] }

export function render({ model }) {
  const list = h("ul")
  const waiting = h("p", { className: "waiting", role: "status", textContent: "Looking at the events …" })

  function item({ sentence, tone, key, action, in_force, is_shown_first }, place) {
    const [sign, said] = TONES[tone]
    const tick = h("span", { className: "sign", role: "img", "aria-label": said, title: said }, icon(sign))
    const words = h("span", { className: "words", id: `said-${place}`, textContent: sentence })
    const button = action && h("button", {
      type: "button", className: in_force ? "undo" : "mend", "data-key": key, "aria-describedby": `said-${place}`, disabled: model.busy,
      onclick: () => model.send_msg({ wanted: key }),
    }, in_force ? icon("undo") : null, h("span", { textContent: action }))
    const look = action && is_shown_first && h("button", {
      type: "button", className: "look", "data-key": `look ${key}`, "aria-describedby": `said-${place}`, disabled: model.busy, textContent: "Preview",
      title: `What "${action}" does to the first rows`, onclick: () => model.send_msg({ tried: key }),
    })
    return h("li", { className: `of-${tone} ${in_force ? "in-force" : ""}` }, tick, words, look || button ? h("span", { className: "actions" }, look || null, button || null) : null)
  }

  function paint() {
    const focused = list.getRootNode().activeElement?.dataset?.key
    list.replaceChildren(...model.findings.map(item))
    list.hidden = !model.findings.length
    list.setAttribute("aria-busy", model.busy)
    waiting.hidden = model.findings.length > 0 || !model.busy
    if (focused) [...list.querySelectorAll("button")].find((button) => button.dataset.key === focused)?.focus()
  }

  draw(model, ["findings", "busy"], paint)
  return h("div", { className: "doctor" }, waiting, list)
}
