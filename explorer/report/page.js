// The page around the brush: figures, chips, key numbers, and the rows that it holds.

const $ = (id) => document.getElementById(id);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const number = (value) => value.toLocaleString("en-US");
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const root = document.documentElement;
const charts = {};
let layout;
let sessions;
let brushing;
let known;                     // what the brushing was told
let heights = "counts";

async function begin() {
  const read = unpacked($("codes"));
  layout = JSON.parse(new TextDecoder().decode(await unpacked($("layout"))));
  sessions = new Sessions(layout, await read);
  brushing = new Brushing({
    charts: () => charts,
    send: (request) => setTimeout(() => answer(request)),
    whole: true,
    readout: {
      setv: ({text}) => { $("readout").textContent = said(text); },
      get text() { return $("readout").textContent; },
    },
  });
  globalThis.sessionReport = brushing;
  const figures = JSON.parse($("figures").textContent);
  const wait = Object.entries(figures).map(async ([name, item]) => {
    const {roots: [view]} = await Bokeh.embed.embed_item(item, figureOf(name));
    charts[name] = modelsOf(view.model);
    view.canvas_view.events_el.style.touchAction = "pan-y"; // a finger that goes up or down scrolls the page
  });
  await Promise.all(wait);
  const bars = sessions.dimensions.filter(({named}) => named).map(({name}) => name);
  const {faded, cumulative, heights: {rungs, zooms}} = layout;
  known = {generation: 1, brushes: {}, words: ["sessions", "actors"], faded, bars, cumulative, rungs, zooms};
  brushing.restore(known);
  brushing.listen();
  show(sessions.counted());
  for (const [name, brush] of Object.entries(layout.brushes)) put(name, brush);
  root.dataset.ready = "true";
}

// Names of dimensions are data: they are compared, never put into a selector.
const cardOf = (name) => all("[data-chart]").find((card) => card.dataset.chart === name);
const figureOf = (name) => cardOf(name).querySelector(".figure");

function modelsOf(figure) {
  const [ghost, selected] = figure.renderers.map((renderer) => renderer.data_source);
  const {overlay: box} = figure.toolbar.tools.find((tool) => tool.type === "BoxSelectTool");
  return {figure, ghost, selected, box, end: columnOf(figure).end};
}

// ---- the brush

const put = (name, brush) => (brush.bins ? brushing.take(name, brush.bins) : brushing.drag(name, ...brush, true));

function answer(request) {
  const reply = {kind: request.kind, seq: request.seq, generation: request.generation};
  if (request.kind === "table") return brushing.receive({...reply, ...sessions.table(request.name)});
  sessions.brush(request.spans);
  const found = counted();
  const end = standing().length ? " selected" : "";
  const readout = `${many(found.sessions, "sessions")} · ${many(found.actors, "actors")}${end}`;
  brushing.receive({...reply, counts: found.counts, readout});
  show(found);
}

// Exact for the selection that the file was made with, also where it holds a part of the sessions only.
function counted() {
  const found = sessions.counted();
  return brushedAs() === "opened" ? {...found, ...layout.opened} : found;
}

// Whether nothing is brushed, what was when the file was made, or something else.
function brushedAs() {
  if (!standing().length) return "none";
  const names = Object.keys(layout.brushes);
  const all = names.length === standing().length && names.every((name) => same(layout.brushes[name], sessions.brushes[name]));
  return all ? "opened" : "other";
}

function standing() {
  return sessions.dimensions.filter(({name}) => sessions.brushes[name]);
}

function said(text) {
  const estimated = layout.sessions < layout.all.sessions && Object.keys(brushing.brushes).length && brushedAs() !== "opened";
  return estimated ? `about ${text}` : text;
}

function words(name, brush) {
  const {texts, labels} = layout.dimensions.find((each) => each.name === name);
  if (!brush.bins) return texts[brush[0]][brush[1] - brush[0] - 1];
  const held = brush.bins.map((i) => labels[i]);
  return held.length > 1 ? `${held.slice(0, -1).join(", ")} or ${held.at(-1)}` : held[0];
}

function show(found) {
  root.dataset.brushed = brushedAs();
  showChips();
  showNumbers(found);
  showBehind(found.counts);
  showCells();
  showRows();
  if (!standing().length) $("readout").textContent = `${many(found.sessions, "sessions")} · ${many(found.actors, "actors")}`;
}

function showChips() {
  const had = $("chips").contains(document.activeElement);
  const chips = standing().map(({name}) => {
    const {called, named} = layout.dimensions.find((each) => each.name === name);
    const text = `${called}${named ? " =" : ""} ${words(name, sessions.brushes[name])}`;
    const label = make("span", {textContent: text, title: text});
    const close = make("button", {type: "button", textContent: "×", title: "Clear this brush", onclick: () => brushing.clear([name])});
    close.setAttribute("aria-label", `Clear the brush ${text}`);
    return make("li", {}, label, close);
  });
  $("chips").replaceChildren(...chips);
  $("hint").hidden = chips.length > 0;
  $("clear").hidden = !chips.length;
  showHeights();
  if (had) (chips[0]?.lastChild ?? $("theme")).focus();
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Counts are exact; a median is told by the bin that it lies in, unless it was known when the file was made.
function showNumbers(found) {
  const opened = brushedAs() === "opened" ? layout.opened.numbers : null;
  const brushed = standing().length > 0;
  const whole = layout.all;
  const shares = {sessions: found.sessions / whole.sessions, actors: found.actors / whole.actors, events: found.events / whole.events};
  const values = opened ?? {
    sessions: number(found.sessions),
    actors: number(found.actors),
    events: number(found.events),
    mean: found.sessions ? (found.events / found.sessions).toLocaleString("en-US", {minimumFractionDigits: 1, maximumFractionDigits: 1}) : "–",
    single: found.sessions ? percent(found.single / found.sessions) : "–",
    duration: middle("duration", found.held.duration),
    time_in_session: middle("time_in_session", found.held.time_in_session),
  };
  for (const card of all("#numbers > li")) {
    const name = card.dataset.number;
    const [strong, small, share] = ["strong", "small", ".share"].map((part) => card.querySelector(part));
    strong.dataset.all ??= strong.textContent;
    strong.textContent = brushed ? values[name] : strong.dataset.all;
    if (card.dataset.selected) {
      const label = card.querySelector("span");
      label.dataset.all ??= label.textContent;
      label.textContent = brushed ? card.dataset.selected : label.dataset.all;
    }
    strong.classList.toggle("long", strong.textContent.length > 9);
    const part = brushed && shares[name] >= 0;
    small.hidden = !brushed;
    card.classList.toggle("of", brushed);
    small.textContent = !brushed ? "" : part ? `${percent(shares[name])} of ${strong.dataset.all}` : `${card.dataset.selected ? "all actors" : "all"}: ${strong.dataset.all}`;
    share.style.visibility = part ? "visible" : "hidden";
    share.firstChild.style.width = `${100 * Math.min(1, shares[name] || 0)}%`;
  }
}

function middle(name, counts) {
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (!n) return "–";
  const binOf = (place) => {
    let passed = 0;
    return counts.findIndex((count) => (passed += count) > place);
  };
  return words(name, [binOf(Math.floor((n - 1) / 2)), binOf(Math.floor(n / 2)) + 1]);
}

function showBehind(counts) {
  for (const card of all("[data-chart]")) {
    const name = card.dataset.chart;
    const shown = layout.cumulative.includes(name) ? added(counts[name]) : counts[name];
    all("tbody tr", card).forEach((row, i) => { row.lastElementChild.textContent = number(shown[i]); });
    const brush = sessions.brushes[name];
    const [from, to] = all("select", card);
    if (!to) for (const option of from.options) option.selected = Boolean(brush) && holds(brush, Number(option.value));
    else [from.value, to.value] = brush ?? [0, sessions.named[name].n];
  }
}

// Cells keep the strength of their colour for all sessions: a brush does not change the scale.
function showCells() {
  for (const pair of sessions.cells) {
    const counts = sessions.countedCells(pair);
    const tables = all("[data-cells]").filter((each) => each.dataset.cells === `${pair.across.name} ${pair.down.name}`);
    for (const cell of tables.flatMap((table) => all("tbody td", table))) {
      const at = (cell.parentElement.rowIndex - 1) * pair.across.n + cell.cellIndex - 1;
      cell.dataset.all ??= cell.textContent.replaceAll(",", "");
      cell.dataset.share ??= parseFloat(cell.style.getPropertyValue("--share"));
      cell.textContent = counts[at] ? number(counts[at]) : "";
      cell.style.setProperty("--share", `${cell.dataset.all ? (cell.dataset.share * counts[at]) / Number(cell.dataset.all) : 0}%`);
    }
  }
}

function showRows() {
  const rows = all("tr[data-codes]");
  let shown = 0;
  for (const row of rows) {
    const codes = row.dataset.codes.split(" ");
    row.hidden = sessions.dimensions.some(({name}, i) => {
      return !holds(sessions.brushes[name], Number(codes[i]));
    });
    shown += row.hidden ? 0 : 1;
  }
  $("matching").textContent = standing().length ? `The brushes hold ${number(shown)} of these ${number(rows.length)}.` : "";
}

// A finger that turns out to scroll the page has begun a brush already: all are put back as they stood.
let before = {};
addEventListener("pointerdown", () => { before = {...brushing?.brushes}; }, {capture: true});
addEventListener("pointercancel", () => setTimeout(() => {
  for (const name of Object.keys(charts)) {
    if (!before[name]) brushing.clear([name]);
    else put(name, before[name]);
  }
}), {capture: true});

// ---- counts, zoomed or not, or shares

const columnOf = (figure) => (lies(figure) ? figure.x_range : figure.y_range);

function drawAs(chosen) {
  heights = chosen;
  const shares = chosen === "shares";
  const {gap, inset, [shares ? "shares" : "counts"]: {format, tip}} = layout.heights;
  for (const [name, {figure, ghost, selected, end}] of Object.entries(charts)) {
    const {total} = ghost.data;
    const whole = addedUp(sessions.named[name].totals) || 1;
    const axis = lies(figure) ? figure.below[0] : figure.left[0];
    axis.formatter.format = format;
    axis.ticker.min_interval = shares ? 0 : 1;
    figure.toolbar.tools.find((tool) => tool.type === "HoverTool").tooltips = tip;
    ghost.data.top = Float64Array.from(total, (count) => (shares ? count / whole : count));
    selected.data.left = Float64Array.from(total, (_, i) => i + gap + (shares ? inset : 0));
    selected.data.right = Float64Array.from(total, (_, i) => i + 1 - gap - (shares ? inset : 0));
    ghost.change.emit();
    if (chosen === "counts") columnOf(figure).end = end;
  }
  brushing.restore({...known, shares, zoomed: chosen === "zoomed"});
  const {counts} = counted();
  for (const name of Object.keys(charts)) {
    brushing.paint(name, counts[name]);
    brushing.place(name);
  }
  showHeights();
}

const addedUp = (counts) => counts.reduce((sum, count) => sum + count, 0);

function showHeights() {
  $("heights").hidden = !standing().length && heights === "counts";
  for (const button of all("#heights button")) button.ariaPressed = String(button.dataset.heights === heights);
}

for (const button of all("#heights button")) button.onclick = () => brushing && drawAs(button.dataset.heights);

// ---- what else can be touched

if ($("reopen")) $("reopen").onclick = () => {
  brushing.clear(Object.keys(brushing.brushes));
  for (const [name, brush] of Object.entries(layout.brushes)) put(name, brush);
};
$("clear").onclick = () => brushing?.clear(Object.keys(brushing.brushes));

for (const card of all("[data-chart]")) {
  const [from, to] = all("select", card);
  card.addEventListener("change", () => {
    const name = card.dataset.chart;
    if (!to) return brushing.take(name, [...from.selectedOptions].map((option) => Number(option.value)));
    const [lo, hi] = [Number(from.value), Number(to.value)];
    if (lo === 0 && hi === sessions.named[name].n) brushing.clear([name]);
    else brushing.drag(name, Math.min(lo, hi - 1), Math.max(hi, lo + 1), true);
  });
}

begin();
