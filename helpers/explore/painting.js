// A slice to paint a nodule on or to erase one from, and networks that answer while you do. Networks and heat maps are
// computed here, on the page, so the pad also works in an exported page without a kernel. All state is in the model.

// Sizes in CSS pixels: a slide of 1280 by 720 leaves about 1100 by 430 below its heading and a line of text.
const WIDEST = 1092, GAP = 20, TALLEST = 250, CURSOR = "#E69F00", OPAQUE = 0.7;   // the last as in heat.py
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const CHANGING = ["pixels", "cursor", "erasing", "radius"];

const STYLE = `
.painting-pad { display: flex; flex-wrap: wrap; gap: 8px ${GAP}px; align-items: flex-start; padding: 4px; width: 100%;
  max-width: ${WIDEST}px; box-sizing: border-box; color: var(--jp-ui-font-color1, inherit);
  font: 13px/1.4 var(--jp-ui-font-family, system-ui, sans-serif); font-variant-numeric: tabular-nums; }
.painting-pad canvas { display: block; border: 1px solid #8a8a8a; }
.painting-pad :focus-visible, .painting-pad canvas:focus {
  outline: 3px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }
.painting-pad figure { margin: 0; max-width: 100%; }
.painting-pad figcaption { display: flex; justify-content: space-between; gap: 8px; height: 20px; white-space: nowrap; }
.paint-pad { cursor: crosshair; touch-action: pinch-zoom; }
.paint-tools { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; flex: 1 1 100%; }
.paint-tools label { display: flex; align-items: center; gap: 6px; }
.paint-tools input[type=range] { width: 84px; margin: 0; accent-color: var(--jp-brand-color1, #1976d2); }
.paint-tools button { font: inherit; color: inherit; padding: 3px 10px; border-radius: 3px; cursor: pointer;
  background: var(--jp-layout-color1, transparent); border: 1px solid var(--jp-border-color0, #8a8a8a); }
.paint-answers { display: flex; flex-wrap: wrap; gap: 8px ${GAP}px; }
.paint-bar { position: relative; height: 16px; border: 1px solid #8a8a8a; margin-top: 6px; forced-color-adjust: none; }
.paint-bar i, .paint-bar u { position: absolute; top: 0; bottom: 0; }
.paint-bar i { left: 0; background: #009E73; }
.paint-bar u { top: -3px; bottom: -3px; left: 50%; border-left: 2px solid currentColor; margin-left: -1px; }
.paint-network output { font-weight: 600; } .paint-network p { margin: 2px 0 0; min-height: 20px; }
.paint-hint { flex: 1 1 100%; margin: 0; font-size: 12px; opacity: .85; }
`;

const PARTS = `
<figure><figcaption><strong>Your slice</strong><output class="paint-readout" aria-live="polite"></output></figcaption>
  <canvas class="paint-pad" tabindex="0" role="application"></canvas></figure>
<div class="paint-answers" role="group"></div>
<div class="paint-tools"><label>Brush <input class="paint-radius" type="range" min="0.5" max="4" step="0.5">
  <output class="paint-width"></output></label><label><input class="paint-erasing" type="checkbox">Erase, to lung</label></div>
<p class="paint-hint">Paint with mouse, pen or finger. Keys: arrows move, Space paints, Backspace erases, Shift and arrows
  paint a line. The page computes it all.</p>`;

const NETWORK = `<figcaption><strong></strong></figcaption><canvas role="img"></canvas>
  <div class="paint-bar" aria-hidden="true"><i></i><u></u></div><p><output aria-live="polite"></output></p><p class="paint-peak"></p>`;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
// The same words as chance and peak_told in heat.py, and describe in painting.py.
const chance = (p) => (p < 0.01 ? "below 0.01" : p > 0.99 ? "above 0.99" : p.toFixed(2));
const peakTold = ({ peak }) => (peak ? `peak at row ${peak[0]}, column ${peak[1]}` : "the map is nowhere above 0");

// ---- the networks: each a list of steps, whose numbers lie in one block of float32

function convolve(maps, step, numbers) {
  const { out_channels: out, kernel_size: size, padding, weights, biases } = step, { channels, height, width, data } = maps;
  const rows = height + 2 * padding - size + 1, columns = width + 2 * padding - size + 1;
  const result = new Float32Array(out * rows * columns);
  for (let o = 0, at = weights; o < out; o++) {
    const first = o * rows * columns;
    result.fill(numbers[biases + o], first, first + rows * columns);
    for (let c = 0; c < channels; c++) {
      for (let k = 0; k < size * size; k++, at++) {
        const weight = numbers[at], down = Math.floor(k / size) - padding, across = (k % size) - padding;
        const [top, bottom] = [Math.max(0, -down), Math.min(rows, height - down)];
        const [left, right] = [Math.max(0, -across), Math.min(columns, width - across)];
        for (let i = top; i < bottom; i++) {
          let to = first + i * columns + left, from = (c * height + i + down) * width + left + across;
          for (let j = left; j < right; j++) result[to++] += weight * data[from++];
        }
      }
    }
  }
  return { channels: out, height: rows, width: columns, data: result };
}

function shrink({ channels, height, width, data }, size) {
  const [rows, columns] = [Math.floor(height / size), Math.floor(width / size)];
  const result = new Float32Array(channels * rows * columns).fill(-Infinity);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < rows * size; i++) {
      for (let j = 0; j < columns * size; j++) {
        const to = (c * rows + Math.floor(i / size)) * columns + Math.floor(j / size);
        result[to] = Math.max(result[to], data[(c * height + i) * width + j]);
      }
    }
  }
  return { channels, height: rows, width: columns, data: result };
}

// One number of a map: its mean, or a smooth maximum, log of the mean of exp(sharpness x), divided by sharpness.
function pool(values, sharpness) {
  if (!sharpness) return values.reduce((sum, value) => sum + value, 0) / values.length;
  const most = Math.max(...values);
  const total = values.reduce((sum, value) => sum + Math.exp(sharpness * (value - most)), 0);
  return most + Math.log(total / values.length) / sharpness;
}

// Grad-CAM of the last maps. Behind a mean or a smooth maximum the gradients of a map add up to its weight, so that
// their mean, the weight in Grad-CAM, is that weight over the number of pixels.
function answer(network, numbers, pixels, [height, width]) {
  let maps = { channels: 1, height, width, data: Float32Array.from(pixels) };
  for (const step of network.steps) {
    if (step.kind === "conv") maps = convolve(maps, step, numbers);
    else if (step.kind === "pool") maps = shrink(maps, step.size);
    else maps = { ...maps, data: maps.data.map((value) => Math.max(value, 0)) };
  }
  const { weights, bias, sharpness, pooled_first: pooledFirst, channels } = network.head, area = maps.height * maps.width;
  const evidence = new Float32Array(area), vector = [];
  for (let c = 0; c < channels; c++) {
    const map = maps.data.subarray(c * area, (c + 1) * area), weight = numbers[weights + c];
    if (pooledFirst) vector.push(weight * pool(map, sharpness));
    for (let at = 0; at < area; at++) evidence[at] += weight * map[at];
  }
  const score = bias + (pooledFirst ? vector.reduce((sum, part) => sum + part, 0) : pool(evidence, sharpness));
  const map = enlarge(evidence.map((value) => Math.max(value, 0) / area), [maps.height, maps.width], [height, width]);
  const most = Math.max(...map), at = map.indexOf(most);
  return { score, p: 1 / (1 + Math.exp(-score)), map, peak: most > 0 ? [Math.floor(at / width), at % width] : null };
}

// Bilinear between the centres of the pixels, as PyTorch with align_corners=False.
function enlarge(values, [rows, columns], [height, width]) {
  const places = (few, many) => Array.from({ length: many }, (_, index) => {
    const at = Math.max((index + 0.5) * few / many - 0.5, 0), low = Math.min(Math.floor(at), few - 1);
    return [low, Math.min(low + 1, few - 1), at - low];
  });
  const [down, across] = [places(rows, height), places(columns, width)], result = new Float32Array(height * width);
  down.forEach(([top, bottom, below], i) => across.forEach(([left, right, beside], j) => {
    const line = (row) => values[row * columns + left] * (1 - beside) + values[row * columns + right] * beside;
    result[i * width + j] = line(top) * (1 - below) + line(bottom) * below;
  }));
  return result;
}

// A straight stroke, soft at its edge: a pixel becomes nodule, or lung, to the share of it that the brush covers.
// Positions are (row, column), in pixels from the upper left corner.
function stroke(s, from, to, erase) {
  const [down, across] = [to[0] - from[0], to[1] - from[1]], length = down * down + across * across || 1, [lung, nodule] = s.levels;
  return s.pixels.map((value, at) => {
    const y = Math.floor(at / s.columns) + 0.5 - from[0], x = (at % s.columns) + 0.5 - from[1];
    const along = clamp((y * down + x * across) / length, 0, 1);
    const share = clamp(s.radius + 0.5 - Math.hypot(y - along * down, x - along * across), 0, 1);
    if (!share) return value;
    const wanted = Number((erase ? nodule + share * (lung - nodule) : lung + share * (nodule - lung)).toFixed(4));
    return erase ? Math.min(value, wanted) : Math.max(value, wanted);
  });
}

// ---- drawing

function prepare(canvas, columns, rows, cell) {
  const ratio = window.devicePixelRatio || 1, [width, height] = [columns * cell, rows * cell];
  Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.imageSmoothingEnabled = false;                       // one value, one even square: no seams, no blur
  return pen;
}

// The slice in grey; with a map over it: the higher it is, the less of the slice shines through.
function paint(canvas, s, cell, map, limit) {
  const pen = prepare(canvas, s.columns, s.rows, cell), small = new OffscreenCanvas(s.columns, s.rows);
  const brush = small.getContext("2d"), image = brush.createImageData(s.columns, s.rows), [low, high] = s.ends;
  s.pixels.forEach((value, at) => {
    const grey = Math.round(255 * clamp((value - low) / (high - low), 0, 1));
    const share = map ? clamp(map[at] / limit, 0, 1) : 0, solid = OPAQUE * Math.sqrt(share), colour = 3 * Math.round(255 * share);
    for (let c = 0; c < 3; c++) image.data[4 * at + c] = Math.round(grey + solid * (s.palette[colour + c] - grey));
    image.data[4 * at + 3] = 255;
  });
  brush.putImageData(image, 0, 0);
  pen.drawImage(small, 0, 0, s.columns * cell, s.rows * cell);
  return pen;
}

function ring(pen, [row, column], cell) {
  for (const [strokeStyle, lineWidth] of [["#000", 4], ["#fff", 2]]) {     // two colours: one shows on any grey
    Object.assign(pen, { strokeStyle, lineWidth });
    pen.beginPath();
    pen.arc((column + 0.5) * cell, (row + 0.5) * cell, 12, 0, 2 * Math.PI);
    pen.stroke();
  }
}

function frame(pen, s, cell) {
  const reach = Math.max(s.radius, 0.5) * cell, [x, y] = [(s.column + 0.5) * cell, (s.row + 0.5) * cell];
  for (const [strokeStyle, lineWidth] of [["#000", 4], [CURSOR, 2]]) {
    Object.assign(pen, { strokeStyle, lineWidth });
    pen.strokeRect(x - reach, y - reach, 2 * reach, 2 * reach);
  }
}

const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function render({ model, el }) {
  const root = document.createElement("div"), networks = model.get("networks");
  root.className = "painting-pad";
  root.dataset.lmSuppressShortcuts = "true";               // JupyterLab's shortcuts listen before any canvas does
  root.innerHTML = `<style>${STYLE}</style>${PARTS}`;
  el.append(root);
  const part = (name) => root.querySelector(`.paint-${name}`), pad = part("pad"), answers = part("answers");
  pad.setAttribute("aria-describedby", part("hint").id = `paint-hint-${Math.random().toString(36).slice(2)}`);
  const cards = networks.map(({ name }) => {
    const card = Object.assign(document.createElement("figure"), { className: "paint-network", innerHTML: NETWORK });
    card.querySelector("strong").textContent = name;
    return answers.appendChild(card);
  });
  // Copies, so that the bytes begin where float32 may begin.
  const numbers = new Float32Array(bytes(model.get("numbers")).slice().buffer), palette = bytes(model.get("palette")).slice();
  // Where the pointer was, while it paints; all else is in the model.
  let last = null, knownWidth = 0, due = 0;

  function read() {
    const s = Object.fromEntries([...CHANGING, "shape", "ends", "levels"].map((name) => [name, model.get(name)]));
    const [rows, columns] = s.shape, [row, column] = s.cursor;
    return { ...s, palette, rows, columns, row, column };
  }

  function layout(s) {
    const room = Math.min(knownWidth || root.clientWidth || WIDEST, WIDEST) - 8, panels = networks.length + 1;
    const beside = Math.floor((room - (panels - 1) * GAP) / panels) - 2;
    return Math.max(1, Math.floor(Math.min(TALLEST / s.rows, (beside >= 200 ? beside : room - 2) / s.columns)));
  }

  function draw(s = read()) {
    const pen = paint(pad, s, layout(s));
    if (document.activeElement === pad) frame(pen, s, layout(s));
  }

  function refresh() {
    cancelAnimationFrame(due);
    due = 0;
    const s = read(), cell = layout(s), found = networks.map((network) => answer(network, numbers, s.pixels, s.shape));
    draw(s);
    cards.forEach((card, index) => {
      const { score, p, map, peak } = found[index], canvas = card.querySelector("canvas");
      const pen = paint(canvas, s, cell, map, networks[index].limit);
      if (peak) ring(pen, peak, cell);
      card.style.width = `${s.columns * cell + 2}px`;
      card.dataset.score = score;
      card.querySelector(".paint-bar i").style.width = `${100 * p}%`;
      card.querySelector("output").textContent = `probability ${chance(p)}`;
      card.querySelector(".paint-peak").textContent = peakTold(found[index]);
      canvas.setAttribute("aria-label", `Heat map over the slice: ${peakTold(found[index])}`);
    });
    part("readout").textContent = `row ${s.row}, column ${s.column}: ${s.pixels[s.row * s.columns + s.column].toFixed(2)}`;
    part("radius").value = s.radius;
    part("width").textContent = `${2 * s.radius} pixels wide`;
    part("erasing").checked = s.erasing;
    pad.setAttribute("aria-label", `Your slice, ${part("readout").textContent}${s.erasing ? ", eraser" : ""}`);
    answers.setAttribute("aria-label", describe(s, found));
  }

  function describe(s, found) {
    const start = model.get("start"), changed = s.pixels.filter((value, at) => value !== start[at]).length;
    const said = found.map((each, index) => ` ${networks[index].name}: probability ${chance(each.p)}, ${peakTold(each)}.`);
    return `A slice of ${s.rows} by ${s.columns} pixels, ${changed || "none"} of them painted.${said.join("")}`;
  }

  const soon = () => { due ||= requestAnimationFrame(refresh); };          // one answer for all changes of a frame

  function save(changes) {
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  }

  // The box as it is seen: a slide that RISE scales is painted on where the pen is.
  function under(event) {
    const box = pad.getBoundingClientRect(), scale = pad.offsetWidth / box.width, [rows, columns] = model.get("shape");
    return [[event.clientY - box.top, pad.clientTop, pad.clientHeight, rows],
      [event.clientX - box.left, pad.clientLeft, pad.clientWidth, columns]].map(([at, edge, length, cells]) =>
      (at * scale - edge) / length * cells);
  }

  function follow(event) {
    if (!last || !event.isPrimary) return;
    const s = read();
    for (const step of event.getCoalescedEvents?.().concat(event) ?? [event]) {
      const now = under(step);
      s.pixels = stroke(s, last, now, s.erasing || (event.buttons & 32) > 0);     // 32: the other end of the pen
      last = now;
    }
    model.set("pixels", s.pixels);                         // sent to the kernel when the pen is lifted
    model.set("cursor", [clamp(Math.floor(last[0]), 0, s.rows - 1), clamp(Math.floor(last[1]), 0, s.columns - 1)]);
  }

  function lift() {
    if (last) model.save_changes();
    last = null;
  }

  pad.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || ![0, 5].includes(event.button)) return;
    event.preventDefault();
    pad.focus({ preventScroll: true });
    pad.setPointerCapture(event.pointerId);
    last = under(event);
    follow(event);
  });
  pad.addEventListener("pointermove", follow);
  for (const kind of ["pointerup", "pointercancel"]) pad.addEventListener(kind, lift);
  for (const kind of ["focus", "blur"]) pad.addEventListener(kind, () => draw());

  pad.addEventListener("keydown", (event) => {
    const s = read(), move = ARROWS[event.key], erase = ["Backspace", "Delete"].includes(event.key);
    const next = move && s.cursor.map((at, axis) => clamp(at + move[axis], 0, s.shape[axis] - 1));
    const [from, to] = [s.cursor, next ?? s.cursor].map((place) => place.map((at) => at + 0.5));
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (move) save({ cursor: next, ...(event.shiftKey && { pixels: stroke(s, from, to, s.erasing) }) });
    else if (erase || [" ", "Enter"].includes(event.key)) save({ pixels: stroke(s, from, to, erase || s.erasing) });
    else return;
    event.preventDefault();
  });

  part("radius").addEventListener("input", (event) => save({ radius: Number(event.target.value) }));
  part("erasing").addEventListener("change", (event) => save({ erasing: event.target.checked }));
  model.get("names").forEach((name, index) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
    const pixels = () => [...model.get("examples")[index]];
    button.addEventListener("click", () => save({ start: pixels(), pixels: pixels() }));
    part("tools").append(button);
  });
  // A key typed in here must not turn the slide or select another notebook cell; Tab leaves as usual.
  root.addEventListener("keydown", (event) => { if (event.key !== "Tab") event.stopPropagation(); });

  const resize = new ResizeObserver(() => requestAnimationFrame(() => {
    if (root.clientWidth && root.clientWidth !== knownWidth) { knownWidth = root.clientWidth; refresh(); }
  }));
  resize.observe(root);
  CHANGING.forEach((name) => model.on(`change:${name}`, soon));
  refresh();
  return () => {
    resize.disconnect();
    cancelAnimationFrame(due);
    CHANGING.forEach((name) => model.off(`change:${name}`, soon));
  };
}

export default { render };
