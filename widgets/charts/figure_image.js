// A Bokeh figure as a picture with its title, its question and its legend, on the page's own background.
const PICTURE = { margin: 20, title: 17, question: 13, legend: 12, gap: 6, scale: 2 }

// The figure that is drawn somewhere below a view.
function figureIn(view) {
  if (view?.model?.type === "Figure") return view
  for (const child of view?.child_views ?? []) {
    const found = figureIn(child)
    if (found) return found
  }
  return null
}

// The lines of a text that fit into a width.
function wrapped(context, text, width) {
  const lines = [""]
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word
    if (lines.at(-1) && context.measureText(longer).width > width) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines.filter(Boolean)
}

// What stands above the figure: texts and coloured squares with their places, and how high all of it is.
function heading({ title, question, legend }, width, look) {
  const context = document.createElement("canvas").getContext("2d"), parts = []
  let y = PICTURE.margin - 5
  const say = (text, size, weight, color) => {
    context.font = `${weight} ${size}px ${look.font}`
    for (const line of wrapped(context, text, width)) {
      y += size * 1.3
      parts.push({ text: line, x: PICTURE.margin, y, size, weight, color })
    }
  }
  say(title, PICTURE.title, 600, look.ink)
  if (question) { y += 2; say(question, PICTURE.question, 400, look.muted) }
  if (legend.length) {
    context.font = `400 ${PICTURE.legend}px ${look.font}`
    let x = PICTURE.margin
    y += PICTURE.gap + PICTURE.legend * 1.3
    for (const [color, name] of legend) {
      const wide = context.measureText(name).width + 32
      if (x > PICTURE.margin && x + wide > width + PICTURE.margin) { x = PICTURE.margin; y += PICTURE.legend * 1.5 }
      parts.push({ square: color, x, y: y - 10 }, { text: name, x: x + 16, y, size: PICTURE.legend, weight: 400, color: look.muted })
      x += wide
    }
  }
  return { parts, height: y + 10 }
}

// A colour as every program that reads SVG knows it.
function plainColor(color) {
  const context = h("canvas", { width: 1, height: 1 }).getContext("2d")
  context.fillStyle = color
  context.fillRect(0, 0, 1, 1)
  return `#${[...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((part) => part.toString(16).padStart(2, "0")).join("")}`
}

function lookOf(element) {
  const style = getComputedStyle(element), ink = style.color
  const probe = h("i", { style: "color: var(--muted); background: var(--paper)" })
  element.append(probe)
  const { color: muted, backgroundColor: paper } = getComputedStyle(probe)
  probe.remove()
  return { ink: plainColor(ink), muted: plainColor(muted), paper: plainColor(paper), font: style.fontFamily }
}

// Bokeh paints as finely as the screen is: for a picture it is told that the screen is finer.
function painted(figure, type) {
  const before = Object.getOwnPropertyDescriptor(window, "devicePixelRatio")
  if (type === "png") Object.defineProperty(window, "devicePixelRatio", { configurable: true, get: () => PICTURE.scale })
  try {
    return figure.export(type, true)
  } finally {
    if (type === "png") before ? Object.defineProperty(window, "devicePixelRatio", before) : delete window.devicePixelRatio
  }
}

async function pictureOf(figure, type, words, element) {
  const look = lookOf(element), { width, height } = figure.bbox
  const layer = painted(figure, type), above = heading(words, width, look)
  const whole = { width: width + 2 * PICTURE.margin, height: above.height + height + PICTURE.margin }
  return type === "svg" ? svgOf(layer, above, whole, look) : pngOf(layer, above, whole, look, width, height)
}

function pngOf(layer, above, whole, look, width, height) {
  const canvas = h("canvas", { width: whole.width * PICTURE.scale, height: whole.height * PICTURE.scale })
  const context = canvas.getContext("2d")
  context.scale(PICTURE.scale, PICTURE.scale)
  context.fillStyle = look.paper
  context.fillRect(0, 0, whole.width, whole.height)
  for (const part of above.parts) {
    context.fillStyle = part.square ?? part.color
    if (part.square) context.fillRect(part.x, part.y, 10, 10)
    else {
      context.font = `${part.weight} ${part.size}px ${look.font}`
      context.fillText(part.text, part.x, part.y)
    }
  }
  context.drawImage(layer.canvas, PICTURE.margin, above.height, width, height)
  return new Promise((done) => canvas.toBlob(done, "image/png"))
}

function svgOf(layer, above, whole, look) {
  const make = (tag, props, text) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag)
    for (const [name, value] of Object.entries(props)) node.setAttribute(name, value)
    if (text) node.textContent = text
    return node
  }
  const inner = new DOMParser().parseFromString(layer.ctx.get_serialized_svg(true), "image/svg+xml").documentElement
  inner.setAttribute("x", PICTURE.margin)
  inner.setAttribute("y", above.height)
  const root = make("svg", { xmlns: "http://www.w3.org/2000/svg", width: whole.width, height: whole.height, viewBox: `0 0 ${whole.width} ${whole.height}` })
  root.append(make("rect", { width: "100%", height: "100%", fill: look.paper }))
  for (const part of above.parts) {
    root.append(part.square
      ? make("rect", { x: part.x, y: part.y, width: 10, height: 10, rx: 3, fill: part.square })
      : make("text", { x: part.x, y: part.y, "font-family": look.font, "font-size": part.size, "font-weight": part.weight, fill: part.color }, part.text))
  }
  root.append(document.importNode(inner, true))
  return new Blob([new XMLSerializer().serializeToString(root)], { type: "image/svg+xml" })
}
