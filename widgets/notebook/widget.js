// Shows in a notebook a Bokeh document that Python keeps; both tell each other what changes by the messages of one widget.
// Scripts and other long texts come once for each page of the browser, whatever shows there.
const page = (globalThis.sessionExplorerPage ??= { texts: new Map(), turn: Promise.resolve() })
const TEXT = "\u0000text "
const SEEN = ["selection", "text"]
const PATIENCE = 5000
const BEAT = 4000
const LOST = ["restarting", "autorestarting", "terminating", "dead"]
const GONE = "Not connected: run the cell again."

function render({ model, el }) {
  const id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`
  const own = element("div", {})
  const gone = element("p", { role: "status", hidden: true }, GONE)
  const live = element("div", { hidden: true })
  const key = model.get("key")
  const stills = () => [...el.getRootNode().querySelectorAll(`[data-session-explorer="${key}"]`)]
  own.innerHTML = stills().length ? "" : model.get("still")
  el.classList.add("session-explorer")
  el.append(gone, own, live)
  gone.style.cssText = "margin: 4px 0; font-weight: 600"

  let shown = null
  let line = Promise.resolve()
  let answered = () => {}
  let left = false

  const say = (content, binary) => {
    // A kernel that is gone: Jupyter throws, marimo's answer is a promise.
    try {
      Promise.resolve(model.send({ ...content, view: id }, undefined, binary)).catch(lose)
    } catch {
      lose()
    }
  }
  const lose = () => {
    shown?.close()
    shown = null
    show(false, true)
  }
  const show = (isLive, isGone = false) => {
    live.hidden = !isLive
    own.hidden = isLive
    gone.hidden = !isGone
    stills().forEach((still) => (still.hidden = isLive))
  }
  const hello = () => {
    // One after the other, since what the first brings the others need not ask for.
    page.turn = page.turn.then(() => {
      if (left) return null // nobody answers one that went while it waited
      const plugins = ["Widgets", "Tables", "Panel"].filter((name) => globalThis.Bokeh?.[name])
      if (globalThis.importShim) plugins.push("Modules")
      const bokeh = globalThis.Bokeh?.version ?? ""
      return new Promise((resolve) => {
        answered = resolve
        setTimeout(resolve, PATIENCE)
        say({ kind: "hello", bokeh, plugins, known: [...page.texts.keys()] })
      })
    })
  }
  const take = async (content, buffers) => {
    if (content.kind === "open") {
      const [json, ...texts] = await Promise.all(buffers.map(inflated))
      keep(content.texts, texts)
      content.libraries.forEach(run)
      shown?.close()
      shown = await open(parsed(json), live, (patch, binary) => {
        say({ kind: "patch", content: patch }, binary)
      })
      show(true)
      answered()
    } else if (content.kind === "patch") {
      const at = 1 + content.refs.length
      if (content.texts.length) keep(content.texts, await Promise.all(buffers.slice(at).map(inflated)))
      const binary = buffers.slice(1, at).map((each) => bytes(each).slice().buffer)
      const named = new Map(content.refs.map((ref, i) => [ref, binary[i]]))
      shown?.patch(parsed(new TextDecoder().decode(bytes(buffers[0]))), named)
    } else if (content.kind === "heard") {
      shown?.heard()
    } else if (content.kind === "closed") {
      shown?.close()
      shown = null
      show(false)
      answered()
    }
  }
  const hear = (content, buffers) => {
    if (content.kind === "who") say({ kind: "here" })
    if (content.view !== id) return
    line = line.then(() => take(content, buffers)).catch((error) => console.error(error))
  }
  const connection = () => {
    if (el.closest(".jupyter-widgets-disconnected")) lose()
    else if (!gone.hidden) hello()
  }
  // Only what the browser says itself lets marimo run again the cells that read this widget.
  const seen = () => {
    model.set("seen", SEEN.map((name) => model.get(name)).join(" "))
    model.save_changes()
  }
  const kernel = model.widget_manager?.kernel
  const restarting = (_, status) => {
    if (LOST.includes(status)) lose()
  }
  kernel?.statusChanged?.connect(restarting)
  // Where nobody tells of the kernel it is asked for.
  const beat = kernel ? 0 : setInterval(() => shown && say({ kind: "here" }), BEAT)
  model.on("msg:custom", hear)
  model.on("comm_live_update", connection)
  SEEN.forEach((name) => model.on(`change:${name}`, seen))
  show(false)
  hello()
  return () => {
    left = true
    clearInterval(beat)
    kernel?.statusChanged?.disconnect(restarting)
    model.off("msg:custom", hear)
    model.off("comm_live_update", connection)
    SEEN.forEach((name) => model.off(`change:${name}`, seen))
    say({ kind: "bye" })
    answered()
    show(false)
    shown?.close()
    shown = null
  }
}

export default { render }

// A Bokeh document in an element; `send` gets what the browser changes, one message at a time.
async function open(json, place, send) {
  const Bokeh = globalThis.Bokeh
  const made = Bokeh.require("document").Document.from_json(json)
  let waiting = []
  let asked = false

  const flush = () => {
    asked = waiting.length > 0
    if (!asked) return
    const events = waiting
    waiting = []
    const binary = []
    const text = JSON.stringify(made.create_json_patch(events), (_, value) => {
      if (!(value?.buffer instanceof ArrayBuffer && value.to_base64)) return value
      binary.push(value.buffer)
      return { id: `${binary.length - 1}` }
    })
    send(text, binary)
  }
  const changed = (event) => {
    const events = (event.events ? (event.sync ? event.events : []) : [event]).filter((each) => each.sync)
    waiting.push(...events)
    if (!asked && waiting.length) flush()
  }
  place.replaceChildren()
  await Bokeh.embed.add_document_standalone(made, place)
  made.on_change(changed, true)
  return {
    patch: (patch, binary) => made.apply_json_patch(patch, binary),
    heard: flush,
    close: () => {
      made.remove_on_change(changed)
      for (const root of [...made.roots()]) made.remove_root(root)
      const at = Bokeh.documents.indexOf(made)
      if (at >= 0) Bokeh.documents.splice(at, 1)
      place.replaceChildren()
    },
  }
}

function run({ name, text }) {
  if (name === "Modules" && !document.querySelector('script[type="esms-options"]')) {
    document.head.append(element("script", { type: "esms-options" }, '{"shimMode": true}'))
  }
  if (name === "Bokeh") delete globalThis.Bokeh
  // Names that a loader of modules would take the script by.
  new Function("define", "exports", "module", page.texts.get(text)).call(globalThis)
}

function keep(names, texts) {
  names.forEach((name, i) => page.texts.set(name, texts[i]))
}

function parsed(json) {
  return JSON.parse(json, (_, value) =>
    typeof value === "string" && value.startsWith(TEXT) ? (page.texts.get(value.slice(TEXT.length)) ?? value) : value,
  )
}

function bytes(view) {
  return view instanceof ArrayBuffer ? new Uint8Array(view) : new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function inflated(view) {
  return new Response(new Blob([bytes(view)]).stream().pipeThrough(new DecompressionStream("deflate"))).text()
}

function element(name, properties, text = "") {
  return Object.assign(document.createElement(name), properties, { textContent: text })
}
