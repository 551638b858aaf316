// The live page's transport: Python is at the other end of a channel, a Bokeh model. Follows crossfilter.js.

function brushingOver(channel, readout) {
  const all = (globalThis.sessionExplorerBrushings ??= new WeakMap());
  let brushing = all.get(channel);
  if (!brushing) {
    brushing = new Brushing({
      charts: () => channel.charts,
      send: (request) => { channel.request = request; },
      readout,
    });
    all.set(channel, brushing);
    let reply = channel.reply;
    let state = null;
    const listen = () => {
      if (channel.state !== state) brushing.restore((state = channel.state));
      if (channel.reply !== reply) brushing.receive((reply = channel.reply));
    };
    channel.properties.state.change.connect(listen);
    channel.properties.reply.change.connect(listen);
    listen();
    brushing.listen(() => channel.document != null);
  }
  return brushing;
}

// A click or a drag on a chart that follows: Python says which brushes it means.
function picking(channel, readout, name, event) {
  const brushing = brushingOver(channel, readout);
  if (!event.event_name) return brushing.keys.ready(name, event, true); // the figure itself, laid out anew
  const { type, x0, x1, y0, y1 } = event.geometry ?? {};
  const pick = (x, y, drag) => brushing.ask({ kind: "pick", name, x, y, adding: brushing.adding, drag });
  if (event.event_name !== "selectiongeometry") pick([event.x, event.x], [event.y, event.y], false);
  else if (type === "rect" && event.final) pick([x0, x1], [y0, y1], true);
}
