// A native dialog with a title: it keeps the focus inside and gives it back when it closes. A click beside it closes it.
function titledDialog(title, ...content) {
  const id = `title-${title.toLowerCase().replaceAll(" ", "-")}`
  const close = h("button", { className: "icon", type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))
  const dialog = h("dialog", {
    "aria-labelledby": id, onclick: (event) => { if (event.target === dialog) dialog.close() },
  }, h("header", {}, h("h2", { id, textContent: title }), close), ...content)
  return dialog
}
