// An element from a tag, its properties and its children. Texts become text nodes: data is never read as HTML.
function h(tag, props = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value)
    else if (name in element && !name.includes("-")) element[name] = value
    else if (value != null) element.setAttribute(name, value)
  }
  element.append(...children.flat().filter((child) => child != null))
  return element
}

const PATHS = {
  close: "M19 6.41 17.59 5 12 10.59 6.41 5 5 6.41 10.59 12 5 17.59 6.41 19 12 13.41 17.59 19 19 17.59 13.41 12z",
  first: "M18.41 16.59 13.82 12l4.59-4.59L17 6l-6 6 6 6zM6 6h2v12H6z",
  previous: "M15.41 7.41 14 6l-6 6 6 6 1.41-1.41L10.83 12z",
  next: "M10 6 8.59 7.41 13.17 12l-4.58 4.59L10 18l6-6z",
  last: "M5.59 7.41 10.18 12l-4.59 4.59L7 18l6-6-6-6zM16 6h2v12h-2z",
  up: "m4 12 1.41 1.41L11 7.83V20h2V7.83l5.58 5.59L20 12l-8-8z",
  down: "m20 12-1.41-1.41L13 16.17V4h-2v12.17l-5.58-5.59L4 12l8 8z",
  add: "M19 13h-6v6h-2v-6H5v-2h6V5h2v6h6z",
  folder: "M10 4H4a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2h-8z",
  file: "M6 2a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8l-6-6zm7 7V3.5L18.5 9z",
  upload: "M5 20h14v-2H5zM5 10h4v6h6v-6h4l-7-7z",
  check: "M9 16.17 4.83 12l-1.42 1.41L9 19 21 7l-1.41-1.41z",
  look: "M15.5 14h-.79l-.28-.27a6.5 6.5 0 1 0-.7.7l.27.28v.79l5 4.99L20.49 19zm-6 0a4.500 4.500 0 1 1 0-9 4.500 4.500 0 0 1 0 9m.75-7h-1.500v1.750H7v1.500h1.750V12h1.500v-1.750H12v-1.500h-1.750z",
  find: "M15.500 14h-.790l-.280-.270A6.471 6.471 0 0 0 16 9.500 6.500 6.500 0 1 0 9.500 16c1.610 0 3.090-.590 4.230-1.570l.270.280v.790l5 4.990L20.490 19zm-6 0a4.500 4.500 0 1 1 0-9 4.500 4.500 0 0 1 0 9",
  remove: "M19 13H5v-2h14z",
  home: "M4 5h2v14H4zm14 0h2v14h-2zM8 11h8v2H8z",
  whole: "M3 11h18v2H3zM3 7h2v10H3zm16 0h2v10h-2z",
  info: "M11 7h2v2h-2zm0 4h2v6h-2zm1-9a10 10 0 1 0 0 20 10 10 0 0 0 0-20m0 18a8 8 0 1 1 0-16 8 8 0 0 1 0 16",
  warning: "M11 6h2v8h-2zm0 10h2v2h-2z",
  undo: "M12.5 8c-2.65 0-5.05.99-6.9 2.6L2 7v9h9l-3.62-3.62c1.39-1.16 3.16-1.88 5.12-1.88 3.54 0 6.55 2.31 7.6 5.5l2.37-.78C21.08 11.03 17.15 8 12.5 8z",
  redo: "M18.4 10.6C16.55 8.99 14.15 8 11.5 8c-4.65 0-8.58 3.03-9.96 7.22L3.9 16c1.05-3.19 4.05-5.5 7.6-5.5 1.95 0 3.73.72 5.12 1.88L13 16h9V7z",
  open: "M20 6h-8l-2-2H4c-1.1 0-2 .9-2 2v12c0 1.1.9 2 2 2h16c1.1 0 2-.9 2-2V8c0-1.1-.9-2-2-2zm0 12H4V8h16z",
  save: "M19 9h-4V3H9v6H5l7 7zm-8 2V5h2v6h1.17L12 13.17 9.83 11zm-6 7h14v2H5z",
  link: "M3.9 12c0-1.71 1.39-3.1 3.1-3.1h4V7H7a5 5 0 0 0 0 10h4v-1.9H7A3.1 3.1 0 0 1 3.9 12zM8 13h8v-2H8zm9-6h-4v1.9h4a3.1 3.1 0 0 1 0 6.2h-4V17h4a5 5 0 0 0 0-10z",
  report: "M19 3H5c-1.100 0-2 .900-2 2v14c0 1.100.900 2 2 2h14c1.100 0 2-.900 2-2V5c0-1.100-.900-2-2-2zm0 16H5V5h14zM7 10h2v7H7zm4-3h2v10h-2zm4 6h2v4h-2z",
  export: "m16 5-1.420 1.420-1.590-1.590V16h-1.980V4.830L9.420 6.420 8 5l4-4zm4 5v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V10c0-1.110.890-2 2-2h3v2H6v11h12V10h-3V8h3a2 2 0 0 1 2 2z",
  code: "M9.400 16.600 4.800 12l4.600-4.600L8 6l-6 6 6 6zm5.200 0 4.600-4.600-4.600-4.600L16 6l6 6-6 6z",
  keys: "M20 5H4c-1.1 0-2 .9-2 2v10c0 1.1.9 2 2 2h16c1.1 0 2-.9 2-2V7c0-1.1-.9-2-2-2zm0 12H4V7h16zM11 8h2v2h-2zm0 3h2v2h-2zM8 8h2v2H8zm0 3h2v2H8zm-3 0h2v2H5zm0-3h2v2H5zm3 6h8v2H8zm6-3h2v2h-2zm0-3h2v2h-2zm3 3h2v2h-2zm0-3h2v2h-2z",
  guide: "M11 18h2v-2h-2zm1-16a10 10 0 1 0 0 20 10 10 0 0 0 0-20m0 18a8 8 0 1 1 0-16 8 8 0 0 1 0 16m0-14a4 4 0 0 0-4 4h2a2 2 0 1 1 4 0c0 2-3 1.750-3 5h2c0-2.250 3-2.500 3-5a4 4 0 0 0-4-4",
  tip: "M9 21c0 .55.45 1 1 1h4c.55 0 1-.45 1-1v-1H9zm3-19a7 7 0 0 0-4 12.74V17c0 .55.45 1 1 1h6c.55 0 1-.45 1-1v-2.26A7 7 0 0 0 12 2zm2.85 11.1-.85.6V16h-4v-2.3l-.85-.6A5 5 0 1 1 17 9a5 5 0 0 1-2.15 4.1z",
  edit: "M3 17.25V21h3.75L17.81 9.94l-3.75-3.75zM20.71 7.04a1 1 0 0 0 0-1.41l-2.34-2.34a1 1 0 0 0-1.41 0l-1.83 1.83 3.75 3.75z",
  brush: "M4 6h2v12H4zm14 0h2v12h-2zM8 11h8v2H8z",
  table: "M3 4v16h18V4zm2 5h4v3H5zm0 5h4v4H5zm14 4h-8v-4h8zm0-6h-8V9h8z",
  more: "M6 10a2 2 0 100 4 2 2 0 000-4zm6 0a2 2 0 100 4 2 2 0 000-4zm6 0a2 2 0 100 4 2 2 0 000-4z",
  copy: "M16 1H4a2 2 0 00-2 2v14h2V3h12zm3 4H8a2 2 0 00-2 2v14a2 2 0 002 2h11a2 2 0 002-2V7a2 2 0 00-2-2zm0 16H8V7h11z",
  grip: "M9 4a2 2 0 100 4 2 2 0 000-4zm6 0a2 2 0 100 4 2 2 0 000-4zM9 10a2 2 0 100 4 2 2 0 000-4zm6 0a2 2 0 100 4 2 2 0 000-4zm-6 6a2 2 0 100 4 2 2 0 000-4zm6 0a2 2 0 100 4 2 2 0 000-4z",
  shown: "M12 5C7 5 2.7 8 1 12c1.700 4 6 7 11 7s9.300-3 11-7c-1.700-4-6-7-11-7zm0 12a5 5 0 110-10 5 5 0 010 10zm0-8a3 3 0 100 6 3 3 0 000-6z",
  muted: "M12 7a5 5 0 015 5c0 .600-.100 1.200-.300 1.800l2.900 2.900c1.500-1.300 2.700-2.900 3.400-4.700-1.700-4-6-7-11-7-1.400 0-2.700.200-4 .700l2.200 2.200C10.800 7.100 11.400 7 12 7zM2 4.300l2.700 2.700A11.800 11.800 0 001 12c1.700 4 6 7 11 7 1.500 0 3-.300 4.400-.800l3.300 3.300 1.300-1.300L3.300 3zm5.500 5.500l1.600 1.500a3 3 0 003.700 3.700l1.500 1.600A5 5 0 017.500 9.800z",
}

// A small drawing that follows the colour of the text around it; silent for screen readers.
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("viewBox", "0 0 24 24")
  svg.setAttribute("aria-hidden", "true")
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
  path.setAttribute("d", PATHS[name])
  svg.append(path)
  return svg
}

// The one drop-down, of texts, [value, text] pairs, or [title, pairs] in groups.
function dropdown({ className = "", ...props } = {}, options = []) {
  const select = h("select", { className: `field ${className}`.trim(), ...props })
  setOptions(select, options)
  return select
}

// What can be chosen in it.
function setOptions(select, options) {
  const entry = (each) => {
    const [value, text = value] = [each].flat()
    return Array.isArray(each) && Array.isArray(each[1]) ? h("optgroup", { label: value }, each[1].map(entry)) : h("option", { value, textContent: text })
  }
  select.replaceChildren(...options.map(entry))
}

// The one field that searches; `label` says what.
const searchField = (label, { className = "", ...props } = {}) => h("input", {
  className: `field search ${className}`.trim(), type: "search", placeholder: label, "aria-label": label, spellcheck: false, autocomplete: "off", ...props,
})

// Draw now, and once more, whenever one of the named parameters changes.
function draw(model, names, paint) {
  let waiting = false
  const later = () => {
    if (waiting) return
    waiting = true
    queueMicrotask(() => { waiting = false; paint() })
  }
  for (const name of names) model.on(name, later)
  paint()
}
