// What an explorer's module asks of its kernel, answered without one: the state lives in the page.
class WidgetModel {
  constructor(state) {
    this.state = state;
    this.listeners = {};
  }

  get(name) { return this.state[name]; }

  set(name, value) {
    if (same(this.state[name], value)) return;
    this.state[name] = value;
    for (const listener of [...this.listeners[`change:${name}`] ?? []]) listener();
  }

  save_changes() {}                                        // there is nobody to send them to

  on(event, listener) { (this.listeners[event] ??= []).push(listener); }

  off(event, listener) {
    this.listeners[event] = (this.listeners[event] ?? []).filter((other) => other !== listener);
  }
}

const same = (one, other) => one === other || (!ArrayBuffer.isView(other) && JSON.stringify(one) === JSON.stringify(other));

// Bytes travel compressed and as text; a module expects a DataView, as it gets it from ipywidgets.
async function unpack(value) {
  if (value?.gzip === undefined) return value;
  const packed = Uint8Array.from(atob(value.gzip), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new DataView(await new Response(stream).arrayBuffer());
}

// Runs a module, given as text, in an element. Returns its model.
async function mountModule(el, source, state) {
  const entries = Object.entries(state).map(async ([name, value]) => [name, await unpack(value)]);
  const model = new WidgetModel(Object.fromEntries(await Promise.all(entries)));
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { default: widget } = await import(address);
  URL.revokeObjectURL(address);
  widget.render({ model, el });
  return model;
}
