// The brush, in the browser. A drag over one chart redraws the others by subtracting two rows of a table of
// running counts, so a frame costs the same at a thousand sessions as at five million.
//
// charts:  returns name -> {figure, ghost, selected, box}, Bokeh models; bin i fills [i, i + 1] of x, or of y where bars lie.
// send:    takes {kind: "table", name}, {kind: "select", spans: {name: brush}}, {kind: "peek", spans}, which is a
//          brush that is dragged still, or {kind: "pick", name, x, y, adding, drag}, a click or drag on a chart that
//          follows; all with edit, generation and seq. The answer, with the same seq, is handed to receive().
// readout: a Bokeh model whose `text` says how much is selected, or null.
//
// Heights are counts; or, while restore() was told `shares`, shares: of all behind, of the counted in front, and the
// axis ends at the lowest of `rungs` that is above both. While it was told `zoomed`, an axis of counts ends at one of
// `zooms`, in a power of ten, above the counted bars in front. A height is `top`, its count `count`.
//
// A brush is [lo, hi], the bins lo up to hi; or {bins: [...]}, some bins in order; or null, none. Numbers and times
// are brushed by a drag. Named values are brushed by their bars: restore() is told of such charts as `bars`. A click
// on a bar takes it alone, or away; with Shift, Ctrl or Cmd it adds or removes one; a drag takes neighbours.
//
// receive() takes {kind: "table", charts: {name: running}, sessions: running, actors: running}, or
// {kind: "select", counts: {name: one per bin}, readout: text}, or {kind: "stale"}, all with seq and generation.
// From the table every [lo, hi] is answered here and now, and so are the counts of sessions of {bins: [...]}; an
// actor may be in several bins, so how many actors are in bins that are not neighbours is known when "select" is
// answered.

const IDLE = 200;            // ms without a move after which a standing brush rests
const GLANCE = 60;           // ms at least from one peek to the next
const LOST = 10000;          // ms after which an answer is not waited for

// A count of things: 1 session, 2,000 sessions.
const many = (count, things) => `${count.toLocaleString("en-US")} ${count === 1 ? things.replace(/s$/, "") : things}`;

class Brushing {
  constructor({charts, send, readout = null, whole = false}) {
    Object.assign(this, {charts, readout, whole}); // whole: nothing else is on the page
    this.post = send;
    this.brushes = {};       // name -> [lo, hi] or {bins: [...]}
    this.bars = new Set();   // the charts that are brushed by their bars
    this.before = {};        // the brushes when the pointer went down
    this.adding = false;     // whether it went down with Shift, Ctrl or Cmd
    this.over = new Set();   // the charts that the pointer is over: one at most
    this.generation = null;  // which data, and which brushes set by the other side, all this is about
    this.edit = 0;           // counts the changes made here
    Object.assign(this, {words: ["sessions", "actors"], faded: 0.3, peeking: false, peeked: 0});
    this.cumulative = new Set(); // the charts whose bars add up what is below them
    Object.assign(this, {shares: false, zoomed: false, rungs: [], zooms: []});
    Object.assign(this, {queue: [], waiting: null, seq: 0});
    Object.assign(this, {resting: null, unsaid: null, pressed: false}); // a timer, the brush it is about
    this.keys = new Keys(this); // keyboard.js
    this.forget();
  }

  restore(state) {
    const {generation, brushes, words, faded, bars = [], cumulative = [], peeking = false, readout = null} = state;
    const {shares = false, zoomed = false, rungs = [], zooms = [], ends = {}} = state;
    // In the same generation only charts have come or gone: what was brushed here meanwhile stands, and is answered.
    if (generation !== this.generation) {
      clearTimeout(this.resting);
      Object.assign(this, {generation, unsaid: null, brushes: {...brushes}});
      this.queue = this.queue.filter(({kind}) => kind === "pick");
      this.edit += 1;
    }
    Object.assign(this, {words, faded, peeking, shares, zoomed, rungs, zooms});
    this.bars = new Set(bars);
    this.cumulative = new Set(cumulative);
    this.forget();
    if (this.unsaid != null) this.follow(this.unsaid);
    for (const [name, end] of Object.entries(ends)) this.lift(name, end);
    for (const [name, {figure}] of Object.entries(this.charts())) {
      if (name !== this.unsaid) this.place(name);
      this.keys.ready(name, figure);
    }
    if (readout != null && same(this.brushes, {...brushes})) this.readout?.setv({text: readout}, {sync: false});
  }

  receive(reply) {
    if (reply.seq !== this.waiting?.seq) return;
    const {request} = this.waiting;
    this.waiting = null;
    if (reply.kind === "table" && request === this.wanted && reply.generation === this.generation) {
      this.table = {name: request.name, ...reply};
      if (this.touched === request.name) this.draw(request.name);
    }
    if (reply.kind === "select" && request.edit === this.edit && reply.generation === this.generation) {
      for (const [name, top] of Object.entries(reply.counts)) this.paint(name, top);
      this.readout?.setv({text: reply.readout}, {sync: false});
    }
    this.pump();
    if (this.unsaid != null) setTimeout(() => { if (this.unsaid != null) this.peek(this.unsaid); }, GLANCE);
  }

  drag(name, x0, x1, final, n = this.size(name)) {
    if (!n) return this.place(name);
    const brush = this.bars.has(name) ? this.neighbours(name, x0, x1, n) : snapped(x0, x1, n);
    this.want(name);
    if (!same(this.brushes[name], brush)) this.change(name, brush);
    this.unsaid = name;
    if (final) this.settle();
    else {
      this.rest();
      this.peek(name);
    }
  }

  // Charts that follow are counted at the other end, while the drag goes on, as fast as it answers.
  peek(name) {
    if (!this.peeking || this.glanced === this.edit || this.waiting || this.queue.length || performance.now() - this.peeked < GLANCE) return;
    this.peeked = performance.now();
    this.glanced = this.edit;
    this.ask({kind: "peek", spans: {[name]: this.brushes[name]}});
  }

  // The bars that a drag has touched, with those of before where it adds.
  neighbours(name, x0, x1, n) {
    const [lo, hi] = [Math.max(0, Math.floor(Math.min(x0, x1))), Math.min(n, Math.ceil(Math.max(x0, x1)))];
    const old = this.adding ? this.before[name]?.bins ?? [] : [];
    return {bins: Array.from({length: n}, (_, i) => i).filter((i) => (i >= lo && i < hi) || old.includes(i))};
  }

  // A click on bar i.
  pick(name, i) {
    const n = this.size(name);
    if (!(i >= 0 && i < n)) return this.clear([name]);
    const old = this.brushes[name]?.bins ?? [];
    const others = old.filter((other) => other !== i);
    const added = old.includes(i) ? others : [...old, i].sort((a, b) => a - b);
    const alone = old.length === 1 && old[0] === i ? [] : [i];
    this.take(name, this.adding ? added : alone);
  }

  // Exactly these bars; none and all are no brush.
  take(name, bins) {
    if (!bins.length || bins.length === this.size(name)) return this.clear([name]);
    this.want(name);
    this.change(name, {bins});
    this.unsaid = name;
    this.settle();
  }

  // A standing box that is moved or resized never says that it is final.
  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => (this.pressed ? this.rest() : this.settle()), IDLE);
  }

  // A drag or a move is over: the box gets the snapped edges, the other side hears of it.
  settle() {
    clearTimeout(this.resting);
    const name = this.unsaid;
    this.unsaid = null;
    if (name == null || !this.brushes[name]) return;
    this.place(name);
    this.ask({kind: "select", spans: {[name]: this.brushes[name]}});
  }

  clear(names) {
    const standing = names.filter((name) => this.brushes[name]);
    if (!standing.length) return;
    if (standing.some((name) => name !== this.wanted?.name)) this.forget();
    for (const name of standing) {
      if (this.unsaid === name) this.unsaid = null;
      this.change(name, null);
      this.place(name);
    }
    this.ask({kind: "select", spans: Object.fromEntries(standing.map((name) => [name, null]))});
  }

  change(name, span) {
    if (span) this.brushes[name] = span;
    else delete this.brushes[name];
    this.touched = name;
    this.edit += 1;
    this.fade(name);
    this.draw(name);
  }

  forget() {
    this.wanted = this.table = this.touched = null;
  }

  want(name) {
    if (this.wanted?.name === name || !this.size(name)) return;
    if (this.unsaid !== name) this.settle();
    this.forget();
    this.wanted = {kind: "table", name};
    this.ask(this.wanted);
  }

  // Draw a drag that goes on, as soon as its table is there.
  follow(name) {
    this.want(name);
    this.touched = name;
  }

  size(name) {
    return this.charts()[name]?.selected.data.top?.length ?? 0;
  }

  // How many bins are drawn: not the one of sessions without a value, where it is left out.
  drawn(name) {
    return Math.min(this.size(name), binsAlong(this.charts()[name]?.figure));
  }

  draw(name) {
    const {table} = this;
    if (!table || table.name !== name) return;
    const n = this.size(name);
    const span = inOnePiece(this.brushes[name] ?? [0, n]);
    if (!span) return this.drawApart(table, this.brushes[name].bins, n);
    const [lo, hi] = span;
    for (const [other, running] of Object.entries(table.charts)) {
      this.paint(other, between(running, lo, hi, n, this.size(other)));
    }
    const [sessions] = between(table.sessions, lo, hi, n, 1);
    const [actors] = between(table.actors, lo, hi, n, 1);
    const end = Object.keys(this.brushes).length ? " selected" : "";
    const text = `${many(sessions, this.words[0])} · ${many(actors, this.words[1])}${end}`;
    this.readout?.setv({text}, {sync: false});
  }

  // Bins that are no neighbours: sessions are in one bin each and add up; what counts actors waits for the answer.
  drawApart(table, bins, n) {
    for (const [other, running] of Object.entries(table.charts)) {
      const m = this.size(other);
      if (running.length !== (n + 1) * m) continue;
      const parts = bins.map((i) => between(running, i, i + 1, n, m));
      this.paint(other, Float64Array.from({length: m}, (_, j) => parts.reduce((sum, part) => sum + part[j], 0)));
    }
  }

  // `change.emit` repaints and, unlike a new `data`, sends nothing to the server.
  paint(name, counts) {
    const source = this.charts()[name]?.selected;
    if (!source || source.data.top?.length !== counts.length) return;
    const shown = this.cumulative.has(name) ? added(counts) : Float64Array.from(counts);
    const whole = total(counts) || 1;
    source.data.count = shown;
    source.data.top = this.shares ? shown.map((count) => count / whole) : shown;
    source.change.emit();
    if (this.shares || this.zoomed) this.lift(name, this.ceiling(name));
  }

  // Where the axis of shares ends, or of counts that is zoomed to the selected: on a rung, so that it stands still for
  // most of a drag.
  ceiling(name) {
    const {ghost, selected} = this.charts()[name];
    const n = this.drawn(name);
    if (!this.shares) return zoomCeiling(selected.data.top.slice(0, n).filter((_, i) => selected.data.alpha[i] === 1), this.zooms);
    const highest = Math.max(0, ...ghost.data.top.slice(0, n), ...selected.data.top.slice(0, n));
    return this.rungs.find((rung) => rung > highest) ?? this.rungs.at(-1);
  }

  // The other side hears nothing of it, and says where axes end with every state that it sends.
  lift(name, end) {
    const {figure, box} = this.charts()[name] ?? {};
    const values = figure && (lies(figure) ? figure.x_range : figure.y_range);
    if (!figure || values.end === end) return;
    values.setv({end}, {sync: false});
    if (box.visible && this.unsaid !== name) box.setv({top: end});
  }

  fade(name) {
    const selected = this.charts()[name]?.selected;
    if (!selected) return;
    const brush = this.brushes[name] ?? [0, Infinity];
    const holds = brush.bins ? (i) => brush.bins.includes(i) : (i) => i + 1 > brush[0] && i < brush[1];
    const alpha = (_, i) => (holds(i) ? 1 : this.faded);
    selected.data.alpha = Float64Array.from(selected.data.top, alpha);
    selected.change.emit();
    if (this.zoomed && !this.shares) this.lift(name, this.ceiling(name));
  }

  place(name) {
    const chart = this.charts()[name];
    if (!chart) return;
    const {box, figure} = chart;
    const brush = this.brushes[name];
    if (!brush || brush.bins) box.visible = false;
    else {
      const {start: bottom, end: top} = figure.y_range;
      box.update({left: brush[0], right: brush[1], bottom, top, visible: true});
    }
  }

  // Selections that wait become one, in the place of the first: a table is counted under those before it.
  ask(request) {
    request.edit = this.edit;
    const i = this.queue.findIndex((other) => other.kind === request.kind);
    if (i >= 0 && request.kind === "select") {
      request.spans = {...this.queue[i].spans, ...request.spans};
      this.queue[i] = request;
    } else {
      if (i >= 0) this.queue.splice(i, 1);
      this.queue.push(request);
    }
    this.pump();
  }

  pump() {
    if (!this.queue.length) return;
    if (this.waiting && performance.now() - this.waiting.since < LOST) return;
    const request = this.queue.shift();
    this.seq += 1;
    this.waiting = {request, seq: this.seq, since: performance.now()};
    this.post({...request, generation: this.generation, seq: this.seq});
  }

  // What the page hears; `alive` says whether the charts are still on it.
  listen(alive = () => true) {
    const gone = new AbortController();
    const on = (type, handle, where = document) => where.addEventListener(
      type, (event) => (alive() ? handle(event) : gone.abort()), {capture: true, signal: gone.signal},
    );
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
      on(type, (event) => { this.pressed = event.buttons > 0; });
    }
    on("pointerdown", (event) => {
      this.before = {...this.brushes};
      this.adding = event.shiftKey || event.ctrlKey || event.metaKey;
    });
    // On the window: a notebook takes arrows for itself.
    let taken = "";
    let down = null; // the last Escape, and whether it has something to close
    on("keydown", (event) => {
      if (event.key === "Escape") down = {event, closes: closesSomething(event)};
      taken = this.keys.press(event) ? event.key : "";
      if (!taken) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, window);
    on("keyup", (event) => {
      if (event.key === "Escape" && taken !== "Escape" && !down?.closes && !down?.event.defaultPrevented) this.escape(event);
    });
  }

  // Takes all brushes away, wherever on the page the focus is, unless the key was meant for an input or closed something.
  escape(event) {
    const path = event.composedPath();
    if (path[0].matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    const ours = this.whole || Object.values(this.charts()).some(({figure}) => path.includes(outermost(viewOf(figure)?.el)));
    if (ours || this.over.size || path[0] === document.body) this.clear(Object.keys(this.brushes));
  }

  // What Bokeh hands to a callback: an event of a figure, or a box whose `visible` has changed.
  hear(event) {
    const charts = this.charts();
    const model = event.origin ?? event;
    const mine = ({figure, box}) => figure === model || box === model;
    const name = Object.keys(charts).find((each) => mine(charts[each]));
    if (name == null) return;
    const {box, figure} = charts[name];
    this.keys.ready(name, figure);
    if (model === box && !box.visible && !this.brushes[name]?.bins) this.clear([name]);
    const {type, ...drag} = event.geometry ?? {};
    const [from, to] = lies(charts[name].figure) ? [drag.y0, drag.y1] : [drag.x0, drag.x1];
    const outside = ({x}) => !box.visible || x < box.left || x > box.right;
    const byBar = ({x, y}) => this.pick(name, Math.floor(lies(charts[name].figure) ? y : x));
    const heard = {
      mouseenter: () => { this.over.add(name); this.want(name); quiet(charts[name].figure); },
      mouseleave: () => { this.over.delete(name); },
      selectiongeometry: () => { if (type === "rect") this.drag(name, from, to, event.final, this.drawn(name)); },
      tap: () => { if (this.bars.has(name)) byBar(event); else if (outside(event)) this.clear([name]); },
      // Two clicks on bars come as one click and one double click.
      doubletap: () => { if (this.bars.has(name)) byBar(event); else this.clear([name]); },
    };
    heard[event.event_name]?.();
  }
}

// Whether Escape is for what is open: a dialog, a menu, a list of choices.
function closesSomething(event) {
  const own = "dialog, [popover], [role=menu], [role=listbox], .MuiModal-root, .MuiPopper-root";
  const isOpen = (root) => Boolean(root.querySelector("dialog[open], :popover-open:not([popover=manual]), .MuiModal-root:not([aria-hidden=true]) [role=listbox]"))
    || [...root.querySelectorAll("*")].some((each) => each.shadowRoot && isOpen(each.shadowRoot));
  return event.composedPath().some((each) => each.matches?.(own)) || isOpen(document);
}

// The element in the page itself that another is drawn in, outside of every shadow root.
function outermost(element) {
  const root = element?.getRootNode();
  return root instanceof ShadowRoot ? outermost(root.host) : element;
}

// Bars with names lie, read from top to bottom: their y axis is upside down, and bins are along it.
function lies(figure) {
  return figure.y_range.start > figure.y_range.end;
}

// How many bins are drawn along their axis.
function binsAlong(figure) {
  return figure ? (lies(figure) ? figure.y_range.start : figure.x_range.end) : Infinity;
}

function total(counts) {
  return counts.reduce((sum, count) => sum + count, 0);
}

function zoomCeiling(tops, steps) {
  const highest = Math.max(0, ...tops);
  if (!highest) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  return 1.06 * power * (steps.find((step) => step * power >= highest) ?? steps.at(-1));
}

function added(counts) {
  let sum = 0;
  return Float64Array.from(counts, (count) => (sum += count));
}

// Whole bins, at least one.
function snapped(x0, x1, n) {
  const within = (x, most) => Math.min(most, Math.max(0, x));
  const [lo, hi] = [x0, x1].map((x) => within(Math.round(x), n));
  if (lo < hi) return [lo, hi];
  const only = within(Math.floor((x0 + x1) / 2), n - 1);
  return [only, only + 1];
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// The bins of a brush as [lo, hi], or null where there are others between them.
function inOnePiece(brush) {
  if (!brush.bins) return brush;
  const [lo, hi] = [brush.bins[0], brush.bins.at(-1) + 1];
  return hi - lo === brush.bins.length ? [lo, hi] : null;
}

// The m counts of the active bins lo up to hi, of n. Sessions have n + 1 rows; actors have (n + 1) x (n + 1),
// because one actor can be in many bins and must be counted once.
function between(running, lo, hi, n, m) {
  const square = running.length === (n + 1) * (n + 1) * m;
  const to = (square ? lo * (n + 1) + hi : hi) * m;
  const from = (square ? lo * (n + 1) + lo : lo) * m;
  return Float64Array.from({length: m}, (_, i) => running[to + i] - running[from + i]);
}

function viewOf(model) {
  return Bokeh.index.find_one(model);
}

// A pointer that is held for 300 ms before it moves is a press to Bokeh, and no drag: nothing here is pressed, so never.
function quiet(figure) {
  const canvas = viewOf(figure)?.canvas_view;
  const element = canvas?.events_el;
  if (!element) return;
  const gestures = canvas.ui_event_bus?.ui_gestures?.constructor;
  if (gestures) gestures.press_threshold = 2 ** 31 - 1;
}
