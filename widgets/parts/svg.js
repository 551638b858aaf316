// An SVG element from a tag, its attributes and its children; texts become text nodes.
function shape(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value)
    else if (value != null) element.setAttribute(name, value)
  }
  element.append(...children.flat().filter((child) => child != null))
  return element
}

const place = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
}

const UNITS = [["w", 604800e6], ["d", 86400e6], ["h", 3600e6], ["m", 60e6], ["s", 1e6], ["ms", 1e3], ["us", 1]]

// Microseconds in the two largest units that they have, as a text that can be read back: "28m 10s".
function lengthText(us) {
  if (us < 59.5e6) return `${Number((us / 1e6).toFixed(us < 1e3 ? 6 : us < 1e6 ? 3 : us < 10e6 ? 1 : 0))}s`
  const first = Math.max(0, UNITS.findIndex(([, size]) => us >= size))
  const least = UNITS[Math.min(first + 1, UNITS.length - 1)][1]
  let rest = Math.max(1, Math.round(us / least)) * least
  const parts = []
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size)
    if (count) parts.push(`${count}${unit}`)
    rest -= count * size
  }
  return parts.join(" ")
}

// The same as people say it everywhere on the page: "2m 05s", days at most.
function durationText(us) {
  if (us == null) return "–"
  if (us < 59.5e6) return lengthText(us)
  for (const [unit, size, rest, least, digits] of [["d", 86400e6, "h", 3600e6, 1], ["h", 3600e6, "m", 60e6, 2], ["m", 60e6, "s", 1e6, 2]]) {
    const whole = Math.round(us / least) * least
    if (whole < size) continue
    const left = Math.round(whole % size / least)
    return `${Math.floor(whole / size).toLocaleString("en-US")}${unit}${left ? ` ${String(left).padStart(digits, "0")}${rest}` : ""}`
  }
}

const lengthOf = (text) => text.split(" ").reduce((sum, part) => {
  const [, count, unit] = part.match(/^([\d.]+)(\D+)$/) ?? [null, 0, "us"]
  return sum + count * UNITS.find(([name]) => name === unit)[1]
}, 0)

const countText = (n) => n == null ? "–" : Math.round(n).toLocaleString("en-US")
const percentText = (share) => share == null ? "–" : share > 0 && share < 0.0005 ? "< 0.1 %" : `${(100 * share).toFixed(1)} %`

// Exact below a million, then in millions and more.
function shortCount(n) {
  for (const [letter, size] of [["B", 1e9], ["M", 1e6]]) {
    if (n >= size) return `${n >= 9.95 * size ? Math.round(n / size) : Math.round(10 * n / size) / 10}${letter}`
  }
  return countText(n)
}

// The same places on a logarithmic axis of so many pixels.
function logAxis(low, high, left, right) {
  const from = Math.log(low), wide = Math.log(high) - from
  return {
    at: (value) => left + (Math.log(Math.max(value, Number.MIN_VALUE)) - from) / wide * (right - left),
    value: (x) => Math.exp(from + (x - left) / (right - left) * wide),
  }
}

// A table's column at a length between two that it has; `exact` where it has that one.
function read(table, column, length) {
  const { lengths } = table
  let low = 0, high = lengths.length - 1
  if (high < 0) return { value: null, exact: false }
  while (low < high) {
    const middle = (low + high) >> 1
    if (lengths[middle] < length) low = middle + 1
    else high = middle
  }
  const values = table[column]
  if (lengths[low] === length) return { value: values[low], exact: true }
  if (low === 0 || length > lengths[low]) return { value: values[low], exact: false }
  const share = Math.log(length / lengths[low - 1]) / Math.log(lengths[low] / lengths[low - 1])
  const [before, after] = [values[low - 1], values[low]]
  return { value: before == null || after == null ? null : before + share * (after - before), exact: false }
}
