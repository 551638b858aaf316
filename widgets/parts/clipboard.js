// Puts a text on the clipboard and says so; where that is not allowed, the text is selected in `shown`.
async function copyText(text, shown) {
  try {
    await navigator.clipboard.writeText(text)
    return "Copied"
  } catch {
    const range = document.createRange()
    range.selectNodeContents(shown)
    const selection = (shown.getRootNode().getSelection?.() ?? document.getSelection())
    selection.removeAllRanges()
    selection.addRange(range)
    shown.focus()
    return document.execCommand("copy") ? "Copied" : "Selected: press Ctrl+C"
  }
}
