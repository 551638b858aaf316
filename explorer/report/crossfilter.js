// The brush, in the browser. A drag over one chart redraws the others by subtracting two rows of a table of
// running counts, so a frame costs the same at a thousand sessions as at five million.
//
// charts:  returns name -> {figure, ghost, selected, box}, Bokeh models; bin i fills [i, i + 1] of x.
// send:    takes {kind: "table", name} or {kind: "select", spans: {name: [lo, hi] or null}}, both with edit,
//          generation and seq; the answer, with the same seq, is handed to receive().
// readout: a Bokeh model whose `text` says how much is selected, or null.

const IDLE = 200;            // ms without a move after which a standing brush rests
const LOST = 10000;          // ms after which an answer is not waited for

class Brushing {
  constructor({charts, send, readout = null}) {
    Object.assign(this, {charts, readout});
    this.post = send;
    this.brushes = {};       // name -> [lo, hi]
    this.over = new Set();   // the charts that the pointer is over: one at most
    this.generation = 0;     // which data, and which brushes set by the other side, all this is about
    this.edit = 0;           // counts the changes made here
    Object.assign(this, {words: ["sessions", "actors"], faded: 0.3});
    Object.assign(this, {queue: [], waiting: null, seq: 0});
    Object.assign(this, {resting: null, unsaid: null, pressed: false}); // a timer, the brush it is about
    this.forget();
  }

  restore({generation, brushes, words, faded}) {
    clearTimeout(this.resting);
    Object.assign(this, {generation, words, faded, unsaid: null, queue: [], brushes: {}});
    for (const [name, [lo, hi]] of Object.entries(brushes)) this.brushes[name] = [lo, hi];
    this.edit += 1;
    this.forget();
    for (const name of Object.keys(this.charts())) this.place(name);
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
  }

  drag(name, x0, x1, final) {
    const n = this.size(name);
    if (!n) return this.place(name);
    const [lo, hi] = snapped(x0, x1, n);
    const [oldLo, oldHi] = this.brushes[name] ?? [];
    this.want(name);
    if (oldLo !== lo || oldHi !== hi) this.change(name, [lo, hi]);
    this.unsaid = name;
    if (final) this.settle();
    else this.rest();
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

  size(name) {
    return this.charts()[name]?.selected.data.top?.length ?? 0;
  }

  draw(name) {
    const {table} = this;
    if (!table || table.name !== name) return;
    const n = this.size(name);
    const [lo, hi] = this.brushes[name] ?? [0, n];
    for (const [other, running] of Object.entries(table.charts)) {
      this.paint(other, between(running, lo, hi, n, this.size(other)));
    }
    const [sessions] = between(table.sessions, lo, hi, n, 1);
    const [actors] = between(table.actors, lo, hi, n, 1);
    const count = (value) => value.toLocaleString("en-US");
    const end = Object.keys(this.brushes).length ? " selected" : "";
    const text = `${count(sessions)} ${this.words[0]} · ${count(actors)} ${this.words[1]}${end}`;
    this.readout?.setv({text}, {sync: false});
  }

  // `change.emit` repaints and, unlike a new `data`, sends nothing to the server.
  paint(name, top) {
    const source = this.charts()[name]?.selected;
    if (!source || source.data.top?.length !== top.length) return;
    source.data.top = top;
    source.change.emit();
  }

  fade(name) {
    const {selected} = this.charts()[name];
    const [lo, hi] = this.brushes[name] ?? [0, Infinity];
    const alpha = (_, i) => (i + 1 > lo && i < hi ? 1 : this.faded);
    selected.data.alpha = Float64Array.from(selected.data.top, alpha);
    selected.change.emit();
  }

  place(name) {
    const {box, figure} = this.charts()[name];
    const span = this.brushes[name];
    if (!span) box.visible = false;
    else {
      const {start: bottom, end: top} = figure.y_range;
      box.update({left: span[0], right: span[1], bottom, top, visible: true});
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
    const on = (type, handle) => document.addEventListener(
      type, (event) => (alive() ? handle(event) : gone.abort()), {capture: true, signal: gone.signal},
    );
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
      on(type, (event) => { this.pressed = event.buttons > 0; });
    }
    on("keyup", (event) => { if (event.key === "Escape") this.escape(event); });
  }

  // Takes all brushes away, unless the key was meant for an input or for another part of the page.
  escape(event) {
    const path = event.composedPath();
    if (path[0].matches?.("input, textarea, select, [contenteditable]")) return;
    const ours = Object.values(this.charts()).some(({figure}) => path.includes(viewOf(figure)?.el));
    if (ours || this.over.size || path[0] === document.body) this.clear(Object.keys(this.brushes));
  }

  // What Bokeh hands to a callback: an event of a figure, or a box whose `visible` has changed.
  hear(event) {
    const charts = this.charts();
    const model = event.origin ?? event;
    const mine = ({figure, box}) => figure === model || box === model;
    const name = Object.keys(charts).find((each) => mine(charts[each]));
    if (name == null) return;
    const {box} = charts[name];
    if (model === box && !box.visible) this.clear([name]);
    const {x0, x1, type} = event.geometry ?? {};
    const heard = {
      mouseenter: () => { this.over.add(name); this.want(name); quiet(charts[name].figure); },
      mouseleave: () => { this.over.delete(name); },
      selectiongeometry: () => { if (type === "rect") this.drag(name, x0, x1, event.final); },
      tap: () => { if (box.visible && (event.x < box.left || event.x > box.right)) this.clear([name]); },
      doubletap: () => { this.clear([name]); },
    };
    heard[event.event_name]?.();
  }
}

// Whole bins, at least one.
function snapped(x0, x1, n) {
  const within = (x, most) => Math.min(most, Math.max(0, x));
  const [lo, hi] = [x0, x1].map((x) => within(Math.round(x), n));
  if (lo < hi) return [lo, hi];
  const only = within(Math.floor((x0 + x1) / 2), n - 1);
  return [only, only + 1];
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

// Bokeh outlines the figure that has the focus, also when a click gave it: keep that for the keyboard.
function quiet(figure) {
  const element = viewOf(figure)?.canvas_view.events_el;
  if (!element) return;
  element.onfocus = () => { element.style.outline = element.matches(":focus-visible") ? "" : "none"; };
}
