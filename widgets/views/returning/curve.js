// The share of all actors by return, with its interval; grey is everybody where some are selected.
function returnCurve() {
  const HIGH = 150, ROOM = { left: 46, right: 12, top: 10, bottom: 22 }
  const svg = shape("svg", { height: HIGH, role: "img", "aria-label": "" })
  const picture = h("div", { className: "picture" }, svg)

  function paint({ curve = [], ghost = [], heads = [], total }) {
    const wide = Math.floor(picture.clientWidth), n = heads.length
    picture.hidden = n < 2
    if (n < 2 || wide < 80) return
    const right = wide - ROOM.right, bottom = HIGH - ROOM.bottom, room = (right - ROOM.left) / n
    const most = [0.02, 0.04, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8].find((each) => each >= Math.max(0, ...curve.map(({ high }) => high ?? 0), ...ghost.map(({ share }) => share ?? 0))) ?? 1
    const x = (at) => (ROOM.left + (at + 0.5) * room).toFixed(1), y = (value) => (bottom - value / most * (bottom - ROOM.top)).toFixed(1)
    const known = (each) => each.flatMap((point, at) => point.share == null ? [] : [{ ...point, at }])
    const line = (each) => known(each).map(({ share, at }, i) => `${i ? "L" : "M"}${x(at)} ${y(share)}`).join("")
    const points = known(curve)
    const band = points.length > 1 ? `M${points.map(({ high, at }) => `${x(at)} ${y(high)}`).join("L")}L${[...points].reverse().map(({ low, at }) => `${x(at)} ${y(low)}`).join("L")}Z` : ""
    const apart = Math.ceil(n / Math.max(1, Math.floor((right - ROOM.left) / 74)))
    place(svg, { viewBox: `0 0 ${wide} ${HIGH}`, width: wide, "aria-label": total?.cells.map(({ tip }) => tip).join(" ") ?? "" })
    svg.replaceChildren(
      ...[0, 0.5, 1].flatMap((part) => [
        shape("line", { class: "rule", x1: ROOM.left, x2: right, y1: y(part * most), y2: y(part * most) }),
        shape("text", { x: ROOM.left - 6, y: Number(y(part * most)) + 4, "text-anchor": "end" }, `${Number((100 * part * most).toFixed(1))} %`)]),
      ...heads.map((text, at) => at % apart ? null : shape("text", { x: x(at), y: HIGH - 6, "text-anchor": "middle" }, text)).filter(Boolean),
      shape("path", { class: "band", d: band }),
      shape("path", { class: "line grey", d: line(ghost) }),
      shape("path", { class: "line", d: line(curve) }),
      ...points.map(({ share, at }) => shape("circle", { class: "dot", r: 3.5, cx: x(at), cy: y(share) }, shape("title", {}, total.cells[at].tip))))
  }

  return { picture, paint }
}
