// Three planes through one volume, linked by a crosshair. The whole volume comes once, as bytes; cutting,
// windowing and pointing happen here, so the viewer also works in an exported page without a kernel.

// Sizes in CSS pixels: a slide of 1280 by 720 leaves about 1100 by 470 below its heading.
const WIDEST = 1092, TALLEST = 314, NARROW = 680, MARGIN = 20, GAP = 12;
const SYNCED = ["data", "shape", "spacing", "names", "low", "high", "unit", "decimals", "position", "start", "square",
  "level", "width"];

// Axes: 0 depth (feet to head), 1 rows (front to back), 2 columns (patient's right to left). A plane cuts one
// axis and shows the two others, down and across; depth is shown upside down, so that the head is on top.
const PLANES = [
  { key: "axial", cut: 0, down: 1, across: 2, letters: "ARPL", colour: "#56B4E9" },
  { key: "coronal", cut: 1, down: 0, across: 2, letters: "SRIL", colour: "#E69F00" },
  { key: "sagittal", cut: 2, down: 0, across: 1, letters: "SAIP", colour: "#2FC79B" },
];

const STYLE = `
.volume-viewer { padding: 4px; width: 100%; max-width: 1100px; box-sizing: border-box; color: var(--jp-ui-font-color1, inherit);
  font: 13px/1.4 var(--jp-ui-font-family, system-ui, sans-serif); font-variant-numeric: tabular-nums; }
.volume-planes { display: flex; flex-wrap: wrap; gap: 8px ${GAP}px; }
.volume-planes figure { margin: 0; }
.volume-planes figcaption { display: flex; align-items: center; gap: 7px; height: 22px; font-weight: 600; }
.volume-planes figcaption i { width: 14px; height: 4px; border-radius: 2px; }
.volume-planes figcaption small { font-size: 13px; font-weight: 400; }
.volume-viewer canvas { display: block; border-radius: 3px; background: #000; cursor: crosshair; touch-action: pinch-zoom; }
.volume-viewer :focus-visible, .volume-viewer canvas:focus {
  outline: 3px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }
.volume-readout { display: block; min-height: 21px; margin: 8px 0 6px; font-size: 15px; font-weight: 600; }
.volume-controls { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 22px; }
.volume-controls label { display: flex; align-items: center; gap: 7px; }
.volume-controls input[type=range] { width: 150px; margin: 0; accent-color: var(--jp-brand-color1, #1976d2); }
.volume-controls output { min-width: 42px; }
.volume-controls button { font: inherit; color: inherit; padding: 3px 10px; border-radius: 3px; cursor: pointer;
  background: var(--jp-layout-color1, transparent); border: 1px solid var(--jp-border-color0, #8a8a8a); }
.volume-hint { font-size: 12px; opacity: .85; }
`;

const PARTS = `
<div class="volume-planes"></div>
<output class="volume-readout" aria-live="polite"></output>
<div class="volume-controls">
  <label>Level <input class="volume-level" type="range"><output></output></label>
  <label>Width <input class="volume-width" type="range"><output></output></label>
  <label><input class="volume-square" type="checkbox">square voxels (ignore the spacing)</label>
  <button type="button" class="volume-reset">Reset</button>
  <span class="volume-hint">Click, drag or use the arrow keys (Shift: 10 steps). Page Up, Page Down or the wheel change the slice.</span>
</div>`;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

function read(model) {
  const s = Object.fromEntries(SYNCED.map((name) => [name, model.get(name)]));
  const [, rows, columns] = s.shape, bytes = s.data;
  s.strides = [rows * columns, columns, 1];
  s.voxels = new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength);
  s.voxel = s.square ? [1, 1, 1] : s.spacing;
  s.print = (value) => value.toFixed(s.decimals) + (s.unit && ` ${s.unit}`);
  return s;
}

// The same arithmetic as window_table in volume.py: one grey level for each of the 256 stored steps.
function windowTable({ low, high, level, width }) {
  return Uint8Array.from({ length: 256 }, (_, step) => {
    const value = low + step / 255 * (high - low);
    return Math.floor(clamp((value - (level - width / 2)) / width, 0, 1) * 255 + 0.5);
  });
}

function valueAt(s) {
  const step = s.voxels[s.position.reduce((sum, index, axis) => sum + index * s.strides[axis], 0)];
  return s.low + step / 255 * (s.high - s.low);
}

// The same words as readout in volume.py. Where the spacing is ignored, nobody knows a millimetre.
function readout(s) {
  const [slice, row, column] = s.position;
  const [z, y, x] = s.position.map((index, axis) => (index * s.spacing[axis]).toFixed(1));
  const place = s.square ? "no spacing, no millimetres" : `(x, y, z) = (${x}, ${y}, ${z}) mm`;
  return `slice ${slice}, row ${row}, column ${column}: value about ${s.print(valueAt(s))}; ${place}`;
}

function slicePicture(s, plane, table) {
  const width = s.shape[plane.across], height = s.shape[plane.down], image = new ImageData(width, height);
  const words = new Uint32Array(image.data.buffer), greys = Uint32Array.from(table, (g) => 0xff000000 | g << 16 | g << 8 | g);
  const first = s.position[plane.cut] * s.strides[plane.cut];
  for (let i = 0; i < height; i++) {
    const row = plane.down === 0 ? height - 1 - i : i;
    let at = first + row * s.strides[plane.down];
    for (let j = 0; j < width; j++, at += s.strides[plane.across]) words[i * width + j] = greys[s.voxels[at]];
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

const extent = (s, plane, voxel) => [plane.across, plane.down].map((axis) => s.shape[axis] * voxel[axis]);

// Boxes for the true millimetres, one scale for all three; square voxels are fitted into the same boxes.
function arrange(pageWidth, s) {
  const true_ = PLANES.map((plane) => extent(s, plane, s.spacing)), page = Math.min(pageWidth, WIDEST);
  const [axial, coronal, sagittal] = true_.map(([width]) => width), tall = Math.max(...true_.map(([, height]) => height));
  const across = page < NARROW ? (page - GAP - 4 * MARGIN) / Math.max(axial + coronal, sagittal)
    : (page - 2 * GAP - 6 * MARGIN) / (axial + coronal + sagittal);
  const scale = Math.min(across, TALLEST / tall);
  const now = PLANES.map((plane) => extent(s, plane, s.voxel));
  const zoom = s.square ? Math.min(...now.flatMap(([width, height], p) => [true_[p][0] * scale / width,
    tall * scale / height])) : scale;
  return PLANES.map((plane, p) => {
    const box = [true_[p][0] * scale + 2 * MARGIN, tall * scale + 2 * MARGIN].map(Math.floor);   // never wider than the row
    const size = now[p].map((length) => length * zoom);
    return { box, size, zoom, left: (box[0] - size[0]) / 2, top: (box[1] - size[1]) / 2 };
  });
}

const lineAt = (s, plane, { size, left, top }) => {        // centre of the crosshair in the canvas
  const column = s.position[plane.across], row = s.position[plane.down], rows = s.shape[plane.down];
  return [left + (column + 0.5) * size[0] / s.shape[plane.across],
    top + ((plane.down === 0 ? rows - 1 - row : row) + 0.5) * size[1] / rows];
};

function paintCrosshair(pen, s, plane, place) {
  const [x, y] = lineAt(s, plane, place), { left, top, size: [width, height] } = place, gap = 7;
  const across = PLANES.find((other) => other.cut === plane.down), down = PLANES.find((other) => other.cut === plane.across);
  for (const [thickness, shade] of [[3, "rgba(0, 0, 0, .55)"], [1.5, null]]) {
    pen.lineWidth = thickness;
    pen.strokeStyle = shade ?? across.colour;              // each line has the colour of the plane that it stands for
    pen.stroke(new Path2D(`M${left} ${y}H${x - gap}M${x + gap} ${y}H${left + width}`));
    pen.strokeStyle = shade ?? down.colour;
    pen.stroke(new Path2D(`M${x} ${top}V${y - gap}M${x} ${y + gap}V${top + height}`));
  }
}

function paintLetters(pen, plane, { box: [width, height], left, top, size }, font) {
  const [up, start, bottom, end] = plane.letters, half = MARGIN / 2;
  pen.font = `700 13px ${font}`;
  pen.fillText(up, width / 2, top - half + 1);
  pen.fillText(bottom, width / 2, top + size[1] + half);
  pen.fillText(start, left - half, height / 2);
  pen.fillText(end, left + size[0] + half, height / 2);
}

function paintScale(pen, s, { box: [width, height], zoom }, font) {
  pen.font = `12px ${font}`;
  pen.textAlign = "left";
  const y = height - MARGIN / 2;
  if (s.square) { pen.fillText("no scale", 8, y); return; }
  const fits = (length) => 8 + length * zoom + 6 + pen.measureText(`${length} mm`).width < width / 2 - 12;
  const length = [200, 100, 50, 20, 10, 5, 2, 1].find(fits);
  if (!length) return;
  pen.fillRect(8, y - 1, length * zoom, 2);
  for (const end of [0, length * zoom]) pen.fillRect(8 + end - 1, y - 4, 2, 8);
  pen.fillText(`${length} mm`, 8 + length * zoom + 6, y + 0.5);
}

function paintPlane(canvas, s, plane, place, table, font) {
  const [width, height] = place.box, ratio = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  Object.assign(pen, { imageSmoothingEnabled: false, fillStyle: "#000", textAlign: "center", textBaseline: "middle" });
  pen.fillRect(0, 0, width, height);
  pen.drawImage(slicePicture(s, plane, table), place.left, place.top, ...place.size);
  paintCrosshair(pen, s, plane, place);
  pen.fillStyle = "#fff";
  paintLetters(pen, plane, place, font);
  paintScale(pen, s, place, font);
}

function figureFor(plane) {
  const figure = document.createElement("figure");
  figure.innerHTML = `<figcaption><i style="background:${plane.colour}"></i><span></span><small></small></figcaption>
    <canvas class="volume-plane" data-plane="${plane.key}" tabindex="0" role="application"></canvas>`;
  return figure;
}

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "volume-viewer";
  root.dataset.lmSuppressShortcuts = "true";               // JupyterLab's shortcuts listen before any canvas does
  root.innerHTML = `<style>${STYLE}</style>${PARTS}`;
  const part = (name) => root.querySelector(`.volume-${name}`);
  const figures = PLANES.map(figureFor), canvases = figures.map((figure) => figure.querySelector("canvas"));
  part("planes").append(...figures);
  el.append(root);
  let places = [], saving = false, knownWidth = 0, turned = 0;

  function refresh() {
    if (saving) return;                                    // one drawing for several changes at once
    const s = read(model), table = windowTable(s), font = getComputedStyle(root).fontFamily;
    places = arrange((knownWidth || root.clientWidth || WIDEST) - 8, s);
    PLANES.forEach((plane, p) => {
      paintPlane(canvases[p], s, plane, places[p], table, font);
      const axis = ["slice", "row", "column"][plane.cut], at = `${axis} ${s.position[plane.cut]}`;
      figures[p].querySelector("span").textContent = s.names[p];
      figures[p].querySelector("small").textContent = `${at} of 0 to ${s.shape[plane.cut] - 1}`;
      canvases[p].setAttribute("aria-label", `${s.names[p]} plane at ${at}. ${readout(s)}. Arrow keys move the `
        + "crosshair, Page Up and Page Down change the slice.");
    });
    refreshControls(s);
  }

  function refreshControls(s) {
    const span = s.high - s.low, step = span / 200;
    const ranges = { level: [s.low, s.high], width: [step, span] };
    for (const [name, [min, max]] of Object.entries(ranges)) {
      Object.assign(part(name), { min, max, step, value: s[name] });
      part(name).nextElementSibling.textContent = s.print(s[name]);
      part(name).setAttribute("aria-valuetext", s.print(s[name]));
    }
    part("square").checked = s.square;
    part("readout").textContent = readout(s);
  }

  function save(changes) {
    saving = true;
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
    saving = false;
    refresh();
  }

  function move(axis, steps) {
    const position = [...model.get("position")], last = model.get("shape")[axis] - 1;
    position[axis] = clamp(position[axis] + steps, 0, last);
    save({ position });
  }

  function point(event, plane, place) {
    const shape = model.get("shape"), position = [...model.get("position")], box = event.target.getBoundingClientRect();
    const scale = event.target.offsetWidth / box.width;      // the box as it is seen: a slide may be scaled
    const inside = (distance, length, count) => clamp(Math.floor(distance / length * count), 0, count - 1);
    const row = inside((event.clientY - box.top) * scale - place.top, place.size[1], shape[plane.down]);
    position[plane.across] = inside((event.clientX - box.left) * scale - place.left, place.size[0], shape[plane.across]);
    position[plane.down] = plane.down === 0 ? shape[0] - 1 - row : row;
    save({ position });
  }

  function onKey(event, plane) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const up = plane.down === 0 ? 1 : -1, steps = event.shiftKey ? 10 : 1;
    const keys = { ArrowUp: [plane.down, up], ArrowDown: [plane.down, -up], ArrowLeft: [plane.across, -1],
      ArrowRight: [plane.across, 1], PageUp: [plane.cut, 1], PageDown: [plane.cut, -1] };
    if (!(event.key in keys)) return;
    event.preventDefault();
    move(keys[event.key][0], keys[event.key][1] * steps);
  }

  function onWheel(event, plane) {
    if (event.target !== event.target.getRootNode().activeElement || event.ctrlKey) return;   // the page scrolls
    event.preventDefault();
    turned -= event.deltaY * (event.deltaMode === 1 ? 40 : 1);   // lines to pixels; a notch is about 100
    const steps = Math.trunc(turned / 100);
    turned -= steps * 100;
    if (steps) move(plane.cut, steps);
  }

  canvases.forEach((canvas, p) => {
    const drag = (event) => { if (event.buttons & 1) point(event, PLANES[p], places[p]); };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      canvas.focus({ preventScroll: true });
      drag(event);
    });
    canvas.addEventListener("pointermove", drag);
    canvas.addEventListener("keydown", (event) => onKey(event, PLANES[p]));
    canvas.addEventListener("wheel", (event) => onWheel(event, PLANES[p]), { passive: false });
    canvas.addEventListener("focus", () => { turned = 0; });
  });
  for (const name of ["level", "width"]) part(name).addEventListener("input", (e) => save({ [name]: e.target.valueAsNumber }));
  part("square").addEventListener("change", (event) => save({ square: event.target.checked }));
  part("reset").addEventListener("click", () => save({ position: [...model.get("start")], square: false,
    level: (model.get("low") + model.get("high")) / 2, width: model.get("high") - model.get("low") }));
  // A key typed in here must not turn the slide or select another notebook cell; Tab leaves as usual.
  root.addEventListener("keydown", (event) => { if (event.key !== "Tab") event.stopPropagation(); });

  const resize = new ResizeObserver(() => requestAnimationFrame(() => {
    if (root.clientWidth && root.clientWidth !== knownWidth) { knownWidth = root.clientWidth; refresh(); }
  }));
  resize.observe(root);
  SYNCED.forEach((name) => model.on(`change:${name}`, refresh));
  refresh();
  return () => {
    resize.disconnect();
    SYNCED.forEach((name) => model.off(`change:${name}`, refresh));
  };
}

export default { render };
