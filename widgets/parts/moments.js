// Notes on moments of time as dashed lines with their texts, over an axis from `left` to `right`.
const momentShapes = (notes, left, right, top, bottom) => (notes?.lines ?? []).map(({ place: share, label, said, row }) => {
  const x = left + share * (right - left), late = share > 0.72
  return shape("g", { class: "moment" },
    shape("line", { x1: x, x2: x, y1: top, y2: bottom }),
    shape("text", { x: x + (late ? -4 : 4), y: top + 10 + 13 * row, "text-anchor": late ? "end" : "start" }, shape("title", {}, said), label))
})
