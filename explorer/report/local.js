// The far end of the brush, in the file itself: counts what Python counts for the live page, from the codes of all
// sessions. An actor's sessions are neighbours; one bit of `fails` says that a session is outside a brush.

class Sessions {
  constructor(layout, bytes) {
    const columns = read(layout.columns, bytes);
    const sizes = columns.sessions;
    this.n = layout.sessions;
    this.starts = new Uint32Array(sizes.length + 1);
    sizes.forEach((size, i) => { this.starts[i + 1] = this.starts[i] + size; });
    this.dimensions = layout.dimensions.map(({name, lows, labels, perActor, totals, named}, i) => {
      const own = perActor ? columns[name] : null;
      const codes = own ? this.spread(own) : columns[name];
      return {name, lows, n: labels.length, perActor, named, own, codes, totals, bit: 1 << i};
    });
    this.named = Object.fromEntries(this.dimensions.map((each) => [each.name, each]));
    this.more = columns.more;
    this.scale = {sessions: share(layout.all.sessions, layout.sessions), actors: share(layout.all.actors, layout.actors)};
    this.all = layout.all;
    this.cells = layout.cells.map(([across, down]) => ({across: this.named[across], down: this.named[down]}));
    this.fails = new Uint32Array(this.n);
    this.brushes = {};
  }

  // The value of each actor, for each of the actor's sessions.
  spread(own) {
    const codes = new Uint8Array(this.n);
    own.forEach((code, i) => codes.fill(code, this.starts[i], this.starts[i + 1]));
    return codes;
  }

  brush(spans) {
    for (const [name, span] of Object.entries(spans)) {
      const {codes, bit, n} = this.named[name];
      const held = Uint8Array.from({length: n}, (_, i) => (holds(span, i) ? 1 : 0));
      const {fails} = this;
      for (let i = 0; i < fails.length; i++) {
        if (held[codes[i]]) fails[i] &= ~bit;
        else fails[i] |= bit;
      }
      if (span) this.brushes[name] = span;
      else delete this.brushes[name];
    }
  }

  // Per dimension: `counts` under the brushes of all others, `held` under all. Without a brush they are exact even
  // where the file holds only some actors.
  counted() {
    if (!Object.keys(this.brushes).length) return this.whole();
    const counts = this.bins();
    const held = this.bins();
    const found = {sessions: 0, actors: 0, events: 0, single: 0};
    const {fails, starts, more} = this;
    const counting = this.dimensions.map((each) => ({...each, count: counts[each.name], hold: held[each.name]}));
    const sessions = counting.filter(({perActor}) => !perActor);
    const actors = counting.filter(({perActor}) => perActor);
    const events = this.named.event_count;
    for (let a = 0; a + 1 < starts.length; a++) {
      let [any, met] = [false, 0];
      for (let i = starts[a]; i < starts[a + 1]; i++) {
        const failed = fails[i];
        if (failed & (failed - 1)) continue; // outside two brushes: counted nowhere
        met |= failed;
        for (const {bit, codes, count} of sessions) if (!(failed & ~bit)) count[codes[i]]++;
        if (failed) continue;
        any = true;
        for (const {codes, hold} of sessions) hold[codes[i]]++;
        const size = events.lows[events.codes[i]] + more[i];
        found.events += size;
        found.single += size === 1 ? 1 : 0;
        found.sessions++;
      }
      for (const {bit, own, count, hold} of actors) {
        if (any || met & bit) count[own[a]]++;
        if (any) hold[own[a]]++;
      }
      found.actors += any ? 1 : 0;
    }
    return this.scaled(counts, held, found);
  }

  whole() {
    const totals = Object.fromEntries(this.dimensions.map((each) => [each.name, Float64Array.from(each.totals)]));
    return {...this.all, counts: totals, held: totals};
  }

  // A part of the sessions stands for all.
  scaled(counts, held, found) {
    const {sessions, actors} = this.scale;
    for (const {name, perActor} of this.dimensions) {
      times(counts[name], perActor ? actors : sessions);
      times(held[name], perActor ? actors : sessions);
    }
    const numbers = Object.entries(found).map(([name, x]) => [name, Math.round(x * (name === "actors" ? actors : sessions))]);
    return {...Object.fromEntries(numbers), counts, held};
  }

  // The sessions in each cell of two dimensions under all brushes, row by row.
  countedCells({across, down}) {
    const counts = new Float64Array(across.n * down.n);
    const {fails} = this;
    for (let i = 0; i < fails.length; i++) {
      if (!fails[i]) counts[down.codes[i] * across.n + across.codes[i]]++;
    }
    return times(counts, this.scale.sessions);
  }

  bins() {
    return Object.fromEntries(this.dimensions.map(({name, n}) => [name, new Float64Array(n)]));
  }

  // ---- what a drag over one chart needs: see crossfilter/table.py

  table(name) {
    const active = this.named[name];
    const charts = {};
    for (const other of this.dimensions) {
      if (other !== active) charts[other.name] = other.perActor ? this.distinct(active, other) : this.running(active, other);
    }
    return {charts, sessions: this.running(active), actors: this.distinct(active)};
  }

  running(active, other = null) {
    const m = other?.n ?? 1;
    const counts = new Float64Array((active.n + 1) * m);
    const ignored = ~(active.bit | (other?.bit ?? 0));
    const {fails} = this;
    for (let i = 0; i < fails.length; i++) {
      if (!(fails[i] & ignored)) counts[(active.codes[i] + 1) * m + (other ? other.codes[i] : 0)]++;
    }
    summed(counts, m, active.n + 1);
    return times(counts, this.scale.sessions);
  }

  distinct(active, other = null) {
    const [n, m] = [active.n + 1, other?.n ?? 1];
    const pairs = new Float64Array(n * n * m);
    const ignored = ~(active.bit | (other?.bit ?? 0));
    const {fails, starts} = this;
    for (let a = 0; a + 1 < starts.length; a++) {
      let [low, high] = [0, 0]; // one bit for each active bin that the actor has a session in
      for (let i = starts[a]; i < starts[a + 1]; i++) {
        if (fails[i] & ignored) continue;
        const code = active.codes[i];
        if (code < 32) low |= 1 << code;
        else high |= 1 << (code - 32);
      }
      let before = 0;
      for (const [word, from] of [[low, 0], [high, 32]]) {
        for (let rest = word; rest; rest &= rest - 1) {
          const after = from + 32 - Math.clz32(rest & -rest);
          pairs[(before * n + after) * m + (other ? other.own[a] : 0)]++;
          before = after;
        }
      }
    }
    summed(pairs, n * m, n);
    for (let row = 0; row < n; row++) summed(pairs.subarray(row * n * m, (row + 1) * n * m), m, n);
    return times(pairs, this.scale.actors);
  }
}

// Whether a brush, [lo, hi] or {bins: [...]} or none, holds bin i.
function holds(brush, i) {
  if (!brush) return true;
  return brush.bins ? brush.bins.includes(i) : i >= brush[0] && i < brush[1];
}

// Each row of m values becomes the sum of those up to it.
function summed(values, m, rows) {
  for (let i = m; i < rows * m; i++) values[i] += values[i - m];
}

function times(values, scale) {
  if (scale !== 1) for (let i = 0; i < values.length; i++) values[i] = Math.round(values[i] * scale);
  return values;
}

function share(all, some) {
  return some ? all / some : 1;
}

// Columns one behind the other, each as the planes of its bytes, the lowest first.
function read(columns, bytes) {
  const found = {};
  let at = 0;
  for (const [name, length, planes] of columns) {
    if (planes === 1) found[name] = bytes.subarray(at, at + length);
    else {
      found[name] = new Float64Array(length);
      for (let plane = 0; plane < planes; plane++) {
        for (let i = 0; i < length; i++) found[name][i] += bytes[at + plane * length + i] * 256 ** plane;
      }
    }
    at += length * planes;
  }
  return found;
}

// Base64 of deflated bytes.
async function unpacked(element) {
  const text = atob(element.textContent.trim());
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
