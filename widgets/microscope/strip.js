// The strip: a stretch of an actor's time with its sessions, events, gaps and boundaries. It draws what it is told.
const ROWS = { begins: 15, ends: 33, top: 44, bottom: 112, pauses: 127, axis: 142, height: 166, notes: 178, noted: 186 }

function tag(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}

const written = (count) => count.toLocaleString("en-US")
const counted = (count, noun) => `${written(count)} ${noun}${count === 1 ? "" : "s"}`

function stripOf(svg) {
  const scale = (view, width) => (time) => (time - view[0]) / (view[1] - view[0]) * width

  function paint({ view, head, data, clock, active }) {
    const width = svg.clientWidth
    if (!width || !head.id || !data.points) return
    const x = scale(view, width)
    const inside = (time) => time >= view[0] && time <= view[1]
    const parts = [tag("rect", { class: "band", x: 0, y: ROWS.top, width, height: ROWS.bottom - ROWS.top })]
    parts.push(...axis(view, clock, x, width))
    parts.push(...spans(data.spans ?? [[head.number, head.start, head.end, true]], head, x, width))
    parts.push(...leftOut(data.left, view, x))
    parts.push(...(data.step ? bars(data, view, head, x) : marks(data, view, head, x)))
    parts.push(...pauses(data.pauses, x, width))
    parts.push(...moments(head.moments ?? [], view, x, width))
    svg.style.height = `${head.moments?.length ? ROWS.noted : ROWS.height}px`
    svg.replaceChildren(...parts)
    if (inside(head.start)) flag(head.begins, head.start, ROWS.begins, x, width, "begins")
    if (inside(head.end)) flag(head.ends, head.end, ROWS.ends, x, width, "ends")
    if (head.end < view[0]) svg.append(tag("text", { class: "flag", x: 4, y: ROWS.begins }, "◂ This session"))
    if (head.start > view[1]) svg.append(tag("text", { class: "flag", x: width - 4, y: ROWS.begins, "text-anchor": "end" }, "This session ▸"))
    const point = active == null ? null : data.points.find(([, , place]) => place === active)
    if (point && inside(point[0])) {
      const at = x(point[0])
      svg.append(tag("line", { class: "now", x1: at, x2: at, y1: ROWS.top - 4, y2: ROWS.bottom + 4 }), tag("circle", { class: `now c${point[1]}`, cx: at, cy: ROWS.top - 6, r: 4 }))
    }
  }

  function axis(view, clock, x, width) {
    const ticks = clock.ticks(...view, (view[1] - view[0]) / width * 84)
    const found = ticks.flatMap(([time, text]) => {
      const at = x(time)
      const line = tag("line", { class: "grid", x1: at, x2: at, y1: ROWS.top, y2: ROWS.axis })
      return at < 24 || at > width - 24 ? [line] : [line, tag("text", { class: "tick", x: at, y: ROWS.axis + 13, "text-anchor": "middle" }, text)]
    })
    return [tag("line", { class: "base", x1: 0, x2: width, y1: ROWS.axis, y2: ROWS.axis }), ...found]
  }

  // Notes on moments of time, below the axis; those whose texts would hide each other have one.
  function moments(all, view, x, width) {
    const groups = []
    for (const [time, text, said] of all) {
      if (time < view[0] || time > view[1]) continue
      const at = x(time), last = groups.at(-1)
      if (last && at - last.at < Math.max(60, last.texts[0].length * 6.4)) last.texts.push(text), last.all.push(said), last.lines.push(at)
      else groups.push({ at, texts: [text], all: [said], lines: [at] })
    }
    return groups.map(({ at, texts, all: said, lines }) => {
      const late = at > width * 0.72, text = texts.length > 1 ? `${texts.length} notes` : texts[0]
      return tag("g", { class: "moment" }, ...lines.map((place) => tag("line", { x1: place, x2: place, y1: ROWS.top, y2: ROWS.notes + 4 })),
        tag("text", { x: at + (late ? -4 : 4), y: ROWS.notes, "text-anchor": late ? "end" : "start" }, tag("title", {}, said.join("; ")), text))
    })
  }

  function spans(all, head, x, width) {
    return all.flatMap(([number, start, end, shown]) => {
      const from = Math.max(x(start), -4), to = Math.min(x(end), width + 4), own = number === head.number
      const wide = Math.max(to - from, 2) + 4
      const rect = tag("rect", {
        class: `span${own ? " own" : ""}${shown ? "" : " hidden-one"}`, x: from - 2, y: ROWS.top, width: wide, height: ROWS.bottom - ROWS.top, rx: 4, "data-number": number,
      }, tag("title", {}, own ? "This session" : `Session ${written(number)}: click to view its events${shown ? "" : ". The definition does not show it"}`))
      const text = `Session ${written(number)}`
      if (own || wide < text.length * 6.4 + 10) return [rect]
      return [rect, tag("text", { class: "named", x: from + wide / 2 - 2, y: ROWS.top + 13, "text-anchor": "middle" }, text)]
    })
  }

  // Of one colour, and of the session or beside it, all marks are one path: thousands of them stay quick to draw.
  function paths(kind, drawn) {
    return [...drawn].map(([key, d]) => tag("path", { class: `${kind} ${key}`, d: d.join("") }))
  }
  function add(drawn, code, own, d) {
    const key = `c${code}${own ? "" : " beside"}`
    if (!drawn.has(key)) drawn.set(key, [])
    drawn.get(key).push(d)
  }

  function marks(data, view, head, x) {
    const drawn = new Map()
    for (const [time, code, place] of data.points) {
      if (time < view[0] || time > view[1]) continue
      const own = place >= head.first && place <= head.last
      add(drawn, code, own, `M${x(time).toFixed(2)} ${ROWS.top + 20}V${ROWS.bottom - 6}`)
    }
    return paths("mark", drawn)
  }

  // What does not exist for the definition: short and pale, at the foot.
  function leftOut(points, view, x) {
    const drawn = new Map()
    for (const [time, code] of points) if (time >= view[0] && time <= view[1]) add(drawn, code, true, `M${x(time).toFixed(2)} ${ROWS.bottom - 12}V${ROWS.bottom}`)
    return paths("mark left", drawn)
  }

  function bars(data, view, head, x) {
    const seen = data.bins.filter(([time]) => time + data.step >= view[0] && time <= view[1])
    const totals = seen.map(([, counts]) => counts.reduce((sum, count) => sum + count, 0))
    const most = Math.max(1, ...totals), drawn = new Map(), high = ROWS.bottom - ROWS.top - 20
    const wide = Math.max(x(view[0] + data.step) - x(view[0]) - 0.5, 0.75)
    for (const [time, counts] of seen) {
      let y = ROWS.bottom
      const own = time + data.step > head.start && time <= head.end
      counts.forEach((count, code) => {
        if (!count) return
        const tall = count / most * high
        add(drawn, code, own, `M${x(time).toFixed(2)} ${y.toFixed(2)}h${wide.toFixed(2)}v${-tall.toFixed(2)}h${-wide.toFixed(2)}z`)
        y -= tall
      })
    }
    return [...paths("bar", drawn), tag("text", { class: "most", x: 6, y: ROWS.top + 13 }, `at most ${counted(most, "event")} per ${data.step_text}`)]
  }

  function pauses(all, x, width) {
    return all.flatMap(([begin, end, text, opens]) => {
      const from = Math.max(x(begin), 0), to = Math.min(x(end), width), room = to - from
      if (room < text.length * 6.2 + 16) return []
      const middle = (from + to) / 2, half = text.length * 3.2 + 5, y = ROWS.pauses - 4
      const kind = `pause${opens ? " between" : ""}`
      return [
        tag("path", { class: kind, d: `M${from + 2} ${y}H${middle - half}M${middle + half} ${y}H${to - 2}` }),
        tag("text", { class: kind, x: middle, y: ROWS.pauses, "text-anchor": "middle" }, text),
      ]
    })
  }

  function flag(words, time, y, x, width, side) {
    const at = x(time), text = tag("text", { class: "flag", y }, words)
    svg.append(tag("line", { class: "edge", x1: at, x2: at, y1: y - 10, y2: ROWS.top + 16 }), text)
    const mark = side === "begins" ? `M${at} ${y - 9}l7 4.500l-7 4.500z` : `M${at} ${y - 9}l-7 4.500l7 4.500z`
    svg.append(tag("path", { class: "arrow", d: mark }))
    for (let room = width - 24; text.getComputedTextLength() > room && text.textContent.length > 8;) text.textContent = `${text.textContent.slice(0, -2).trimEnd()}…`
    text.append(tag("title", {}, words))
    const long = text.getComputedTextLength()
    const wished = side === "begins" ? at + 11 : at - 11 - long
    const fits = wished >= 4 && wished + long <= width - 4
    text.setAttribute("x", fits ? wished : side === "begins" ? Math.max(4, at - 11 - long) : Math.min(Math.max(4, at + 11), width - 4 - long))
  }

  // The event nearest to a point of the strip, within a few pixels.
  function near(offset, view, data, reach = 7) {
    if (data.step) return null
    const x = scale(view, svg.clientWidth)
    let best = null, least = reach
    for (const point of data.points) {
      const distance = Math.abs(x(point[0]) - offset)
      if (distance < least) [best, least] = [point, distance]
    }
    return best
  }

  // How many events are in view, and whether each is seen.
  function said(view, data) {
    const left = data.left.filter(([time]) => time >= view[0] && time <= view[1]).length
    const more = data.left_many ? ` Near here the definition leaves out ${data.left_many} events: too many to draw, zoom in to see them.`
      : left ? ` The short pale marks are ${counted(left, "event")} that the definition leaves out.` : ""
    return shown(view, data) + more
  }

  function shown(view, data) {
    const inside = ([time]) => time >= view[0] && time <= view[1]
    if (!data.step) {
      const count = data.points.filter(inside).length
      return `${counted(count, "event")} in view${count ? ": each mark is one" : ""}.`
    }
    const seen = data.bins.filter(([time]) => time + data.step > view[0] && time <= view[1])
    const count = seen.reduce((sum, [, counts]) => counts.reduce((more, each) => more + each, sum), 0)
    const apart = data.spans ? "" : ` ${written(data.sessions)} sessions are too many to be drawn one by one.`
    return `${counted(count, "event")} in view: counted per ${data.step_text}, not drawn one by one.${apart} Zoom in to see each.`
  }

  return { paint, near, said }
}
