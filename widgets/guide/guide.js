export function render({ model }) {
  const close = h("button", { className: "icon", type: "button", "aria-label": "Close the guide", onclick: () => panel.hidePopover() }, icon("close"))
  const titles = h("nav", { "aria-label": "Chapters" })
  const text = h("article", { tabIndex: 0 })
  const panel = h("aside", {
    popover: "manual", "aria-label": "Guide",
    // Escape closes the guide and nothing else: a key that goes up would clear the brushes of the charts.
    onkeydown: (event) => { event.stopPropagation(); if (event.key === "Escape") panel.hidePopover() },
    onkeyup: (event) => { if (event.key === "Escape") event.stopPropagation() },
  }, h("header", {}, h("h2", { textContent: "Guide" }), close), titles, text)

  const paint = () => {
    titles.replaceChildren(...model.titles.map(([name, title]) => h("button", {
      type: "button", textContent: title, "aria-current": name === model.name_shown ? "page" : null,
      onclick: () => model.send_msg({ chapter: name }),
    })))
    // Our own pages, made of Markdown in which HTML is text.
    text.innerHTML = model.html
    text.scrollTop = 0
  }
  // The place that was asked for, below its heading.
  const turn = () => {
    const heading = model.anchor && [...text.querySelectorAll("h3, h4, h5")].find((each) => each.textContent === model.anchor)
    text.scrollTop = heading ? heading.offsetTop - text.offsetTop - 8 : 0
  }
  // Where there is room the page makes way for it: theme.py.
  panel.addEventListener("toggle", ({ newState }) =>
    document.documentElement.style.setProperty("--session-explorer-guide", newState === "open" ? "400px" : "0px"))
  model.on("remove", () => document.documentElement.style.removeProperty("--session-explorer-guide"))
  const open = () => {
    if (!panel.matches(":popover-open")) panel.showPopover()
    close.focus()
    queueMicrotask(turn)
  }
  draw(model, ["titles", "name_shown", "html"], paint)
  model.on("turn", open)
  return panel
}
