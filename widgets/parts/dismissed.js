// What this browser was told not to say again; nothing where nothing can be remembered.
const DISMISSED = "session-explorer-dismissed", MOST_DISMISSED = 200

function dismissedKeys() {
  try { return JSON.parse(localStorage.getItem(DISMISSED) ?? "[]") } catch { return [] }
}

function rememberDismissed(key) {
  try { localStorage.setItem(DISMISSED, JSON.stringify([...dismissedKeys().filter((each) => each !== key), key].slice(-MOST_DISMISSED))) } catch { /* it comes back */ }
}
