const LARGEST = 2_000_000
const LARGEST_REPORT = 50_000_000
const ANALYSIS = /\.(ya?ml|json)$/i
const REPORT = /\.html?$/i
const INSIDE_REPORT = /<script\b[^>]*\bid="analysis"[^>]*>[\s\S]*?<\/script>/i

// Read a file as an analysis; what is none is said, not opened.
async function readAnalysis(files, say) {
  const [file] = files
  if (files.length > 1) return say({ refused: `${files.length} files were given. Open one analysis at a time.` })
  const isReport = REPORT.test(file.name)
  if (!isReport && !ANALYSIS.test(file.name)) {
    return say({ refused: `${file.name} is no analysis. Open a file that ends in .yaml, .yml, .json, or a report (.html).` })
  }
  const largest = isReport ? LARGEST_REPORT : LARGEST
  if (file.size > largest) {
    return say({ refused: `${file.name} is ${Math.round(file.size / 1e6)} MB, too large for an analysis. The largest is ${largest / 1e6} MB.` })
  }
  try {
    const text = await file.text()
    // Of a report only what made it is sent.
    say({ opened: isReport ? (INSIDE_REPORT.exec(text)?.[0] ?? "") : text, name: file.name })
  } catch {
    say({ refused: `${file.name} could not be read.` })
  }
}

// A veil that shows over `around` (null: the whole page) while files hover; those dropped on it are read.
function dropVeil(isOurs, around, say, signal) {
  const veil = h("div", { className: "veil", popover: "manual" },
    h("div", {}, icon("open"), h("b", { textContent: "Drop to open the analysis" }),
      h("span", { textContent: "A .yaml, .yml or .json file, as Save makes it, or a report" })))
  let leaving = null

  const show = () => {
    clearTimeout(leaving)
    if (veil.matches(":popover-open")) return
    const { left = 0, top = 0, width = innerWidth, height = innerHeight } = around()?.getBoundingClientRect() ?? {}
    Object.assign(veil.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` })
    veil.showPopover()
  }
  const hide = () => { if (veil.matches(":popover-open")) veil.hidePopover() }

  // What an element inside has taken for itself, such as a place for data, is not ours.
  const on = (name, heard) => window.addEventListener(name, (event) => {
    if (event.dataTransfer?.types.includes("Files") && !event.defaultPrevented && isOurs(event)) heard(event)
  }, { signal })
  on("dragover", (event) => { event.preventDefault(); event.dataTransfer.dropEffect = "copy"; show() })
  on("drop", (event) => { event.preventDefault(); readAnalysis([...event.dataTransfer.files], say) })
  // Leaving one element is told before the next one is entered.
  window.addEventListener("dragleave", () => { clearTimeout(leaving); leaving = setTimeout(hide, 80) }, { signal })
  window.addEventListener("drop", hide, { signal, capture: true })
  return veil
}
