const TALL = 400, GAP = 15, THICK = 10, ROOM = 180, TOP = 26
const SVG = "http://www.w3.org/2000/svg"

function s(tag, props = {}, ...children) {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value)
    else if (value != null) element.setAttribute(name, value)
  }
  element.append(...children.flat().filter((child) => child != null))
  return element
}

// Places of nodes and links: x, y and heights in pixels, for columns of nodes with numbers of sessions.
function placed({ columns, links, total }, width) {
  const most = Math.max(...columns.map(({ nodes }) => nodes.length))
  const tall = Math.max(TALL, 30 * most) // many values have room to be read
  const scale = (tall - GAP * Math.max(0, most - 1)) / Math.max(1, total)
  const apart = columns.length > 1 ? (width - ROOM - THICK) / (columns.length - 1) : 0
  const nodes = columns.map(({ nodes }, column) => {
    let y = TOP
    return new Map(nodes.map((node) => {
      const place = { ...node, x: column * apart, y, high: node.n * scale, out: y, into: y }
      y += place.high + GAP
      return [node.at, place]
    }))
  })
  const ribbons = links.flatMap((some, column) => [...some].sort((one, other) => one.a - other.a || one.b - other.b).map((link) => {
    const from = nodes[column].get(link.a), to = nodes[column + 1].get(link.b)
    const high = link.n * scale
    const ribbon = { ...link, high, from, to, y0: from.out + high / 2, x0: from.x + THICK, x1: to.x }
    from.out += high
    return ribbon
  }))
  for (const ribbon of [...ribbons].sort((one, other) => one.b - other.b || one.a - other.a)) {
    ribbon.y1 = ribbon.to.into + ribbon.high / 2
    ribbon.to.into += ribbon.high
  }
  const low = Math.max(...nodes.map((some) => Math.max(TOP, ...[...some.values()].map(({ y, high }) => y + high))))
  return { nodes: nodes.flatMap((some) => [...some.values()]), ribbons, low: low + 8, apart }
}

function curve({ x0, y0, x1, y1 }) {
  const middle = (x0 + x1) / 2
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`
}
