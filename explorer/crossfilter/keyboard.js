// Brushing with the keyboard. Follows crossfilter.js, whose Brushing has one of these.
//
// A chart that has the focus is brushed by arrows: the first one takes the bar at its end, or goes on from the brush
// that stands. An arrow takes the next bar or cell alone, with Shift those between as well; Home and End go to the ends.
// Of named values Ctrl and an arrow pass by, and Space adds or removes one. Enter keeps, Escape clears. A brush that is
// left alone, or left for something else, is kept, too. What is selected is spoken once the keys rest.

const HOW = "Arrow keys select, Shift extends, Enter keeps, Escape clears";
const SPOKEN = 350;          // ms without a key or an answer after which the selection is spoken
const MOST_SPOKEN = 4;       // names that are spoken before "and 3 more"
const MOVES = {
  ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 1], ArrowDown: [1, -1], Home: [0, -Infinity], End: [0, Infinity],
};
// Where bars lie, the next one is below.
const DOWN = { ArrowUp: [0, -1], ArrowDown: [0, 1] };
const RING = "2px solid var(--panel-primary-color, var(--accent, #2f7de1))";

class Keys {
  constructor(brushing) {
    this.brushing = brushing;
    this.known = new WeakMap(); // the element that has the focus -> {name, figure, follows}
    this.cursor = null;         // {chart, from, to}: cells, one number for each axis; `from` stays while Shift is held
    this.speaking = null;       // a timer
  }

  // A figure can be reached by keys: one of ours, or one that `follows` and is brushed at the other end.
  ready(name, figure, follows = false) {
    const canvas = viewOf(figure)?.canvas_view;
    const element = canvas?.events_el;
    if (!element || this.known.has(element)) return;
    const {html_attributes: said} = figure;
    this.known.set(element, {name, figure, follows, title: said.get?.("aria-label") ?? said["aria-label"] ?? name});
    element.setAttribute("role", "application");
    element.setAttribute("aria-roledescription", "chart");
    element.setAttribute("aria-label", `${this.known.get(element).title}. ${HOW}`);
    // Bokeh outlines the figure that has the focus, also when a click gave it: keep that for the keyboard.
    element.addEventListener("focus", () => {
      Object.assign(element.style, {outline: element.matches(":focus-visible") ? RING : "none", outlineOffset: "-1px", borderRadius: "6px"});
    });
    element.addEventListener("blur", () => {
      element.style.outline = "none";
      this.leave();
    });
    element.addEventListener("pointerdown", () => this.leave());
  }

  // A key that was pressed; true where it was meant for a chart.
  press(event) {
    const chart = this.known.get(event.composedPath()[0]);
    if (!chart || event.altKey || event.metaKey) return false;
    const axes = this.axes(chart);
    const move = (lies(chart.figure) && axes.length === 1 && DOWN[event.key]) || MOVES[event.key];
    const named = !chart.follows && this.brushing.bars.has(chart.name);
    if (move && axes[move[0]]?.n) this.move(chart, axes, move, event.shiftKey, named && event.ctrlKey);
    else if (event.key === " " && named) this.toggle(chart, axes);
    else if (event.key === "Enter" && axes[0].n) this.keep(chart, axes);
    else if (event.key === "Escape") return this.clear(chart);
    else return false;
    return true;
  }

  // The cells along each axis: from where, how many, and whether they are counted from top to bottom.
  axes({name, figure, follows}) {
    if (!follows) return [{low: 0, n: this.brushing.drawn(name), falls: false}];
    const {dimensions} = toolOf(figure);
    if (dimensions === "height") return [{low: 0, n: binsAlong(figure), falls: false}];
    return [figure.x_range, ...(dimensions === "both" ? [figure.y_range] : [])].map(({start, end}) => {
      return {low: Math.min(start, end), n: Math.round(Math.abs(end - start)), falls: end < start};
    });
  }

  move(chart, axes, [axis, by], extend, passing) {
    const step = axes[axis].falls ? -by : by;
    const {from, to} = this.at(chart) ?? {};
    const within = (place, i) => Math.min(axes[i].n - 1, Math.max(0, i === axis ? place + step : place));
    const next = to ? to.map(within) : axes.map(({n}, i) => (i === axis && (step === -1 || step === Infinity) ? n - 1 : 0));
    this.cursor = {chart, from: extend && from ? from : next, to: next};
    if (passing) this.point(axes);
    else this.select(axes);
  }

  // Where the keys stand: where they were, or at the brush.
  at(chart) {
    if (this.cursor?.chart === chart) return this.cursor;
    const brush = chart.follows ? null : this.brushing.brushes[chart.name];
    if (!brush) return null;
    const [lo, hi] = brush.bins ? [brush.bins[0], brush.bins.at(-1) + 1] : [Math.floor(brush[0]), Math.ceil(brush[1])];
    return {chart, from: [lo], to: [hi - 1]};
  }

  // The cells between the two ends of the cursor.
  spans() {
    const {from, to} = this.cursor;
    return to.map((place, i) => [Math.min(place, from[i]), Math.max(place, from[i]) + 1]);
  }

  select(axes, words = "") {
    const {brushing, cursor: {chart: {name, figure, follows}}} = this;
    const spans = this.spans();
    if (follows) {
      const [x, y] = [0, 1].map((i) => (spans[i] ?? [0, 1]).map((end, side) => (axes[i]?.low ?? 0) + end + (side ? -0.25 : 0.25)));
      const [across, up] = axes.length === 1 && lies(figure) ? [y, x] : [x, y];
      brushing.ask({kind: "pick", name, x: across, y: up, adding: false, drag: true, exact: true});
    } else {
      brushing.adding = false;
      brushing.drag(name, ...spans[0], false, axes[0].n);
      brushing.place(name);
    }
    this.point(axes);
    this.speak(words);
  }

  // Named values and cells are shown by a box for as long as the keys are at them; other brushes are boxes themselves.
  point(axes) {
    const {chart: {name, figure, follows}, to} = this.cursor;
    if (!follows && !this.brushing.bars.has(name)) return;
    const spans = follows ? this.spans() : [[to[0], to[0] + 1]];
    const [along, up] = spans.map((span, i) => span.map((end) => axes[i].low + end));
    const lying = !up && lies(figure), whole = lying ? figure.x_range : figure.y_range;
    const other = up ?? [whole.start, whole.end];
    const [[left, right], [bottom, top]] = lying ? [other, along] : [along, other];
    toolOf(figure).overlay.update({left, right, bottom, top, visible: true});
  }

  toggle(chart, axes) {
    const [at] = this.at(chart)?.to ?? [0];
    const {brushing} = this;
    this.cursor = {chart, from: [at], to: [at]};
    brushing.adding = true;
    brushing.pick(chart.name, at);
    brushing.adding = false;
    this.point(axes);
    this.speak();
  }

  keep(chart, axes) {
    const begun = this.at(chart);
    this.cursor = begun ?? {chart, from: axes.map(() => 0), to: axes.map(() => 0)};
    if (!begun) this.select(axes);
    this.brushing.settle();
    this.speak("Kept. ");
  }

  // Only what the keys have brushed: otherwise Escape takes all brushes away.
  clear(chart) {
    const {brushing} = this;
    if (this.cursor?.chart !== chart) return false;
    this.hide();
    this.cursor = null;
    if (chart.follows) brushing.ask({kind: "pick", name: chart.name, x: [0, 0], y: [0, 0], adding: false, drag: false, clear: true});
    else brushing.clear([chart.name]);
    this.speak("", `${chart.title}: nothing selected`);
    return true;
  }

  leave() {
    if (!this.cursor) return;
    this.brushing.settle();
    this.hide();
    this.cursor = null;
  }

  hide() {
    const {name, figure, follows} = this.cursor.chart;
    if (follows || this.brushing.bars.has(name)) toolOf(figure).overlay.visible = false;
  }

  speak(before = "", words = null) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => {
      if (words == null && !this.cursor) return;
      const {waiting, queue} = this.brushing;
      if (waiting || queue.length) return this.speak(before, words); // not counted yet
      const said = words ?? `${this.cursor.chart.title}: ${this.words(this.cursor.chart)}`;
      const counted = this.brushing.readout?.text;
      spoken().textContent = `${before}${said}${counted ? `. ${counted}` : ""}`;
    }, SPOKEN);
  }

  words({name, figure, follows}) {
    if (follows) return cellWords(figure, this.spans(), this.axes(this.cursor.chart));
    const {ghost} = this.brushing.charts()[name];
    const labels = [...ghost.data.label];
    const brush = this.brushing.brushes[name];
    if (!brush) return "all";
    return brush.bins ? listed(brush.bins.map((i) => labels[i])) : fromTo(labels, ...brush);
  }
}

const toolOf = (figure) => figure.toolbar.tools.find(({type}) => type === "BoxSelectTool");

// From the beginning of the first bin to the end of the last one.
function fromTo(labels, lo, hi) {
  const [first, last] = [labels[Math.floor(lo)], labels[Math.ceil(hi) - 1]];
  return first === last ? first : `${first.split(" to ")[0]} to ${last.split(" to ").at(-1)}`;
}

function listed(names) {
  if (names.length > MOST_SPOKEN) return `${names.slice(0, MOST_SPOKEN).join(", ")} and ${names.length - MOST_SPOKEN} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : (names[0] ?? "");
}

// What hovering calls the cells: of "@across · @up: @said" the columns before the colon.
function cellWords(figure, spans, axes) {
  const hover = figure.toolbar.tools.find(({type}) => type === "HoverTool");
  const {data} = hover.renderers[0].data_source;
  const places = [data.left ?? data.x ?? [], data.bottom ?? data.y ?? []].slice(0, axes.length);
  const holds = (row) => places.every((place, i) => {
    const at = place[row] - axes[i].low;
    return at >= spans[i][0] && at < spans[i][1];
  });
  const rows = [...places[0].keys()].filter(holds);
  const columns = [...String(hover.tooltips).replace(/<[^>]*>/g, "").split(":")[0].matchAll(/@(\w+)/g)].map(([, column]) => column);
  const said = columns.map((column, i) => {
    const place = places[Math.min(i, places.length - 1)];
    const inOrder = rows.toSorted((one, other) => place[one] - place[other]);
    const names = [...new Set(inOrder.map((row) => String(data[column][row]).replace(/^ · /, "")))].filter(Boolean);
    return names.length > MOST_SPOKEN ? fromTo(names, 0, names.length) : listed(names);
  });
  return said.filter(Boolean).join(" · ") || "nothing here";
}

// What screen readers read out, one for the whole page.
function spoken() {
  const id = "session-explorer-spoken";
  const there = document.getElementById(id);
  if (there) return there;
  const region = Object.assign(document.createElement("div"), {id});
  region.setAttribute("aria-live", "polite");
  region.setAttribute("aria-atomic", "true");
  region.style.cssText = "position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap";
  document.body.append(region);
  return region;
}
