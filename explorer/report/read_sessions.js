// What a reader does besides brushing: themes, sorting, copying, printing. Follows page.js.

$("print").onclick = () => print();
$("theme").onclick = () => paint(dark() ? "light" : "dark");
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint(root.dataset.theme));
paint();

function dark() {
  return (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
}

// The axes take their colours from the page when they are painted.
function paint(theme) {
  if (theme) root.dataset.theme = theme;
  $("theme").textContent = dark() ? "Light" : "Dark";
  for (const {figure} of Object.values(charts)) viewOf(figure).request_repaint();
}

for (const head of all("table.rows thead")) {
  head.addEventListener("click", (event) => {
    const heading = event.target.closest("th");
    if (heading) sort(head.parentElement, heading);
  });
}

// Numbers begin with the greatest, texts with the first; what is empty comes last.
function sort(table, heading) {
  const place = heading.cellIndex;
  const numeric = heading.classList.contains("number");
  const was = heading.ariaSort;
  const descending = was === "none" ? numeric : was === "ascending";
  for (const other of all("th", heading.parentElement)) other.ariaSort = "none";
  heading.ariaSort = descending ? "descending" : "ascending";
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({row, order: row.cells[place].dataset.order, text: row.cells[place].textContent}));
  const compare = (a, b) => (a.order == null || b.order == null ? a.text.localeCompare(b.text) : a.order - b.order);
  rows.sort((a, b) => (!a.text - !b.text) || (descending ? compare(b, a) : compare(a, b)));
  body.append(...rows.map(({row}) => row));
}

for (const button of all(".copy")) {
  button.onclick = async () => {
    const text = button.closest("figure").querySelector("code");
    getSelection().selectAllChildren(text);
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl+C";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };
}

// Paper is as wide as it is: there the charts are pictures that fit.
addEventListener("beforeprint", () => {
  const was = root.dataset.theme;
  root.dataset.theme = "light";
  for (const [name, {figure}] of Object.entries(charts)) {
    const view = viewOf(figure);
    view.repaint();
    const {canvas} = view.export("png");
    canvas.className = "printed";
    canvas.removeAttribute("style");
    figureOf(name).append(canvas);
  }
  if (was) root.dataset.theme = was;
  else delete root.dataset.theme;
});
addEventListener("afterprint", () => {
  for (const canvas of all("canvas.printed")) canvas.remove();
  paint();
});
