export function render({ model }) {
  const seconds = h("span", { className: "seconds" })
  const root = h("div", { className: "loading", role: "status" },
    h("b", { textContent: `Reading ${model.file}` }), h("i", { className: "bar" }), seconds)
  const begun = performance.now()
  const clock = setInterval(() => {
    seconds.textContent = `${Math.round((performance.now() - begun) / 1000)}s · the next look at it will be quicker`
  }, 1000)
  model.on("done", () => {
    clearInterval(clock)
    location.reload()
  })
  return root
}
