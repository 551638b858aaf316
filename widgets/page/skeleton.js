{
  const skeleton = document.getElementById("skeleton")
  const began = performance.now()

  const fail = (words) => {
    const line = document.getElementById("skeleton-error")
    line.textContent = words
    line.hidden = false
    skeleton.classList.add("failed")
  }

  const followTheme = (page) => page.data.properties.dark_theme.change.connect(() => {
    const theme = page.data.dark_theme ? "dark" : "light"
    document.documentElement.dataset.theme = theme
    try { localStorage.setItem("session-explorer-theme", theme) } catch { /* a private window keeps nothing */ }
  })

  // A page that is filled later is idle while it is still empty.
  const isDrawn = (root) => {
    const { main, sidebar } = root?.model.data ?? {}
    const filled = !main || (main.length > 0 && root.child_views.length >= main.length + sidebar.length)
    return filled && root?.is_idle
  }

  const look = () => {
    const waited = performance.now() - began
    const root = window.Bokeh?.index?.roots?.[0]
    if (isDrawn(root) || (root && waited > 30000)) {
      if (root.model.data?.properties.dark_theme) followTheme(root.model)
      performance.mark("session-explorer-ready")
      skeleton.classList.add("done")
      setTimeout(() => skeleton.remove(), 200)
      return
    }
    if (!window.Bokeh && waited > 10000) return fail("The page's scripts could not be loaded. Reload the page to try again.")
    if (_wsError && !root) return fail("The server cannot be reached. Check that it is running, then reload the page.")
    setTimeout(look, 30)
  }
  look()
}
