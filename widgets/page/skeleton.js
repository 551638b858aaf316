{
  const skeleton = document.getElementById("skeleton")
  const line = document.getElementById("skeleton-error")
  const words = line.querySelector("span")
  const began = performance.now()
  let loaded = null
  let broken = false
  for (const kind of ["error", "unhandledrejection"]) window.addEventListener(kind, () => { broken = true })
  line.querySelector("button").onclick = () => location.reload()

  const say = (text) => {
    if (words.textContent !== text) words.textContent = text
    line.hidden = !text
    skeleton.classList.toggle("failed", Boolean(text))
  }

  const followTheme = (page) => page.data.properties.dark_theme.change.connect(() => {
    const theme = page.data.dark_theme ? "dark" : "light"
    document.documentElement.dataset.theme = theme
    try { localStorage.setItem("session-explorer-theme", theme) } catch { /* a private window keeps nothing */ }
  })

  // A page that is filled later is idle while it is still empty.
  const isFilled = (root) => {
    const { main, sidebar } = root?.model.data ?? {}
    return root && (!main || (main.length > 0 && root.child_views.length >= main.length + sidebar.length))
  }

  // Whatever is late may come still: what is said goes when it does.
  const problem = (root, waited) => {
    if (!window.Bokeh) return waited > 10000 ? "The page's scripts have not come yet. Wait, or reload the page." : ""
    if (_wsError && !root) return "The server cannot be reached. Check that it is running, then reload the page."
    return waited - loaded > (broken ? 5000 : 30000) ? "The page was not filled. Reload it." : ""
  }

  const look = () => {
    const waited = performance.now() - began
    if (window.Bokeh) loaded ??= waited
    const root = window.Bokeh?.index?.roots?.[0]
    if (isFilled(root) && (root.is_idle || waited - loaded > 30000)) {
      if (root.model.data?.properties.dark_theme) followTheme(root.model)
      performance.mark("session-explorer-ready")
      skeleton.classList.add("done")
      setTimeout(() => skeleton.remove(), 200)
      return
    }
    say(problem(root, waited))
    setTimeout(look, line.hidden ? 30 : 250)
  }
  look()
}
