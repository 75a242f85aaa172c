// Input, kernel, products and output of one convolution, side by side. All that happens on the page is decided here,
// so the explorer also works in an exported page without a kernel.

// Sizes in CSS pixels: a slide of 1280 by 720 leaves about 1092 by 440 below its heading. TICK in milliseconds.
const WIDEST = 1092, TALLEST = 290, SIDE = 300, GAP = 22, INDEX = 18, EDGE = 2, LARGEST = 72, TAGGED = 37, PRINT = 9, BESIDE = 900, ROW = 560;
const COLUMN = 170, BETWEEN = 28, TICK = 333, MOST = 9999, BLANK = [236, 236, 236], RED = [178, 24, 43], BLUE = [33, 102, 172];
const CURSOR = "#E69F00", CURRENT = "#0072B2", ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const OPTIONS = { stride: [1, 2, 3], padding: ["none", "same", "full", 1, 2, 3, 4, 5], border: ["zeros", "reflect"], dilation: [1, 2, 3] };
const OPERATIONS = ["cross-correlation (Conv2d)", "true convolution"];
const SYNCED = [...Object.keys(OPTIONS), "image", "kernel", "flip", "preset", "presets", "cursor", "added", "revealed", "visited", "label"];
const STYLE = `
.conv { display: flex; flex-wrap: wrap; gap: 6px 20px; padding: 4px; width: 100%; max-width: 1100px; box-sizing: border-box;
  color: var(--jp-ui-font-color1, inherit); font: 13px/1.4 var(--jp-ui-font-family, system-ui, sans-serif); font-variant-numeric: tabular-nums; }
.conv-grids { flex: 1 1 0; min-width: 0; display: flex; gap: 8px ${GAP}px; justify-content: space-evenly; } .conv.below .conv-grids { flex: 1 1 100%; }
.conv.stack .conv-grids { flex-wrap: wrap; } .conv figure { margin: 0 0 6px; } .conv figcaption { height: 20px; font-weight: 600; white-space: nowrap; }
.conv small { display: block; font-size: 12px; line-height: 16px; white-space: nowrap; opacity: .85; }
.conv canvas { display: block; border-radius: 2px; touch-action: manipulation; cursor: cell; } .conv canvas[role=img] { cursor: default; }
.conv :focus-visible, .conv canvas:focus { outline: 3px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }
.conv-side { flex: 0 0 ${SIDE}px; min-width: 0; display: flex; flex-direction: column; gap: 10px; }
.conv.below .conv-side { flex: 1 1 100%; flex-flow: row wrap; gap: 6px 24px; } .conv.below .conv-acts { flex: 1 1 260px; }
.conv-choices { display: grid; grid-template-columns: max-content 1fr max-content 1fr; gap: 5px 8px; align-items: center; }
.conv-choices label { display: contents; } .conv-choices .wide { grid-column: 2 / -1; } .conv-choices label:last-child span { grid-column: 1; }
.conv select, .conv input, .conv button { font: inherit; color: inherit; padding: 3px 4px; border-radius: 3px; min-width: 0;
  box-sizing: border-box; background: var(--jp-layout-color1, transparent); border: 1px solid var(--jp-border-color0, #8a8a8a); }
.conv option { color: #000; background: #fff; } .conv-edit input { width: 84px; } .conv-play { width: 94px; } .conv-reveal { width: 128px; }
.conv-acts, .conv-edit { display: flex; flex-wrap: wrap; align-content: flex-start; align-items: center; gap: 6px; } .conv-edit { flex: 1 1 100%; }
.conv button { padding: 3px 8px; cursor: pointer; white-space: nowrap; } .conv button.primary { color: #fff; background: #1565c0; border-color: #1565c0; }
.conv p { margin: 2px 0 0; font-size: 12px; } .conv-message:not(:empty)::before { content: "✕ "; color: #D55E00; } .conv-words { flex: 1 1 100%; min-width: 0; }
.conv output { display: block; font-size: 15px; line-height: 21px; font-weight: 600; min-height: 42px; } .conv output.long { font-size: 13px; line-height: 18px; }
.conv-lines { display: flex; flex-wrap: wrap; gap: 0 24px; } .conv code { font: 12px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }`;
const FIGURE = (name, role) => `<figure><figcaption class="conv-of-${name}"></figcaption><canvas class="conv-${name}" role="${role}"
  ${role === "img" ? "" : 'tabindex="0"'}></canvas><small class="conv-range-${name}"></small></figure>`;
const CHOICE = (name, title = name) => `<label><span>${title}</span><select class="conv-${name}${title === name ? "" : " wide"}"></select></label>`;
const BUTTON = (name, text = "") => `<button type="button" class="conv-${name}">${text}</button>`;
const PARTS = `<div class="conv-grids">${FIGURE("input", "application")}
  <div>${FIGURE("kernel", "application")}${FIGURE("products", "img")}</div>${FIGURE("output", "application")}</div>
<div class="conv-side"><div class="conv-choices">${CHOICE("preset", "example")}
    ${["kernel_size", ...Object.keys(OPTIONS)].map((name) => CHOICE(name)).join("")}${CHOICE("flip", "operation")}</div>
  <div class="conv-acts">${BUTTON("play")}${BUTTON("step", "Next cell")}${BUTTON("product", "Next product")}${BUTTON("reveal")}${BUTTON("reset", "Reset")}
  <label class="conv-edit"><span class="conv-which"></span><input class="conv-value" type="number" step="any"></label>
  <p class="conv-message" role="alert" style="font-size: 13px; font-weight: 600"></p></div></div>
<div class="conv-words"><output class="conv-sum" aria-live="polite"></output>
  <div class="conv-lines"><span class="conv-size"></span><code class="conv-code"></code></div>
  <p class="conv-hint">Output: hover, click or arrow keys; “.” next product, “,” back, Space plays, Enter shows a hidden cell.
    Input, kernel: choose a cell, type a number or + −. All count from 0.</p></div>`;
const clamp = (value, low, high) => Math.min(high, Math.max(low, value)), sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const table = (rows, columns, make) => Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => make(i, j)));
// The arithmetic, which knows nothing of the page: helpers/conv.py once more, with the same refusals in the same words.
function geometry({ image, kernel, stride, padding, dilation }) {
  const shape = [image.length, image[0].length], size = [kernel.length, kernel[0].length];
  const reach = size.map((cells) => dilation * (cells - 1) + 1);
  const pads = reach.map((span) => ({ none: 0, same: (span - 1) / 2, full: span - 1 }[padding] ?? padding));
  const padded = shape.map((length, axis) => length + 2 * pads[axis]);
  return { shape, size, reach, pads, padded, out: padded.map((length, axis) => Math.floor((length - reach[axis]) / stride) + 1) };
}
function problem(s) {
  const { shape, size, reach, pads, padded } = geometry(s);
  const half = pads.findIndex((wide) => wide % 1), short = padded.findIndex((length, axis) => length < reach[axis]);
  if (half >= 0) return `A kernel of size ${size[half]} would need ${pads[half]} pixels on each side for the same size: take an odd kernel_size.`;
  if (s.border === "reflect" && pads.some((wide, axis) => wide >= shape[axis]))
    return `A mirror image of ${Math.max(...pads)} pixels needs more pixels than that: shape (${shape.join(", ")}).`;
  return short < 0 ? "" : `A window that spans ${reach[short]} pixels does not fit into ${padded[short]}: use a smaller kernel or more padding.`;
}
// What stands at a place of the padded input, counted from its corner. In a mirror image the outermost pixel is the mirror.
function valueAt({ image, border }, { shape, pads }, place) {
  const [i, j] = place.map((at, axis) => at - pads[axis]), fold = (at, length) => (at < 0 ? -at : at < length ? at : 2 * (length - 1) - at);
  return image[i]?.[j] ?? (border === "zeros" ? 0 : image[fold(i, shape[0])][fold(j, shape[1])]);
}
// The products of one output cell, row after row: where each input number stands, and which kernel cell meets it.
function terms(s, [row, column], g = geometry(s)) {
  return table(...g.size, (i, j) => {
    const place = [row * s.stride + i * s.dilation, column * s.stride + j * s.dilation], from = s.flip ? [g.size[0] - 1 - i, g.size[1] - 1 - j] : [i, j];
    const value = valueAt(s, g, place), weight = s.kernel[from[0]][from[1]];
    return { place, from, value, weight, product: value * weight };
  }).flat();
}
const total = (some) => sum(some.map((term) => term.product)), output = (s, g = geometry(s)) => table(...g.out, (i, j) => total(terms(s, [i, j], g)));
function resized(kernel, size) {                               // with more or fewer cells a kernel keeps its middle
  const shift = [kernel.length, kernel[0].length].map((cells) => Math.trunc((size - cells) / 2));
  return table(size, size, (i, j) => kernel[i - shift[0]]?.[j - shift[1]] ?? 0);
}
export const arithmetic = { geometry, problem, terms, total, output, resized };

function read(model, old) {
  const s = Object.fromEntries(SYNCED.map((name) => [name, model.get(name)])), why = problem(s), g = geometry(s);
  if (why) return { ...s, why };
  const key = JSON.stringify([s.image, s.kernel, s.flip, s.preset, ...Object.keys(OPTIONS).map((name) => s[name])]);
  s.cursor = s.cursor.map((at, axis) => clamp(at, 0, g.out[axis] - 1));
  if (key === old?.key) return { ...old, ...s };               // only the place has changed, or what is shown
  const known = [...s.image, ...s.presets[s.preset].image].flat(), low = Math.min(0, ...known), high = Math.max(0, ...known);
  return { ...s, ...g, g, key, results: output(s, g), scales: scalesOf(s.kernel.flat(), low, high > low ? high : low + 1), cells: g.size[0] * g.size[1] };
}
// Colours follow what can come out, not what does: all that this kernel makes of inputs from the darkest to the brightest.
function scalesOf(kernel, low, high) {
  const signed = kernel.some((weight) => weight < 0), ends = kernel.map((weight) => [weight * low, weight * high].sort((a, b) => a - b));
  const [least, most] = [0, 1].map((end) => ends.map((pair) => pair[end])), reach = (...numbers) => Math.max(...numbers.map(Math.abs)) || 1;
  const scale = (from, to) => (signed ? { low: -reach(from, to), high: reach(from, to), signed } : { low: from, high: to > from ? to : from + 1 });
  return { input: { low, high }, kernel: { low: -reach(...kernel), high: reach(...kernel), signed: true },
    products: scale(Math.min(...least), Math.max(...most)), output: scale(sum(least), sum(most)) };
}
const shown = (s, [row, column]) => s.revealed || s.visited.includes(row * s.out[1] + column);
const stepping = (s, at) => s.added >= 0 && s.added < s.cells && String(at) === String(s.cursor);
// Words: the readout is the same as in convolution.py.
const rounded = (value, digits = 3) => Math.sign(value) * Math.floor(Math.abs(value) * 10 ** digits + 0.5) / 10 ** digits;
const print = (value, digits) => String(rounded(value, digits)).replace("-", "−");
const factor = (value, digits) => print(value, digits).replace(/^−.*/, "($&)"), times = ([rows, columns]) => `${rows} × ${columns}`;
function readout(s, at = s.cursor) {
  const all = terms(s, at, s.g), partly = stepping(s, at), some = partly ? all.slice(0, s.added) : all, result = partly || shown(s, at) ? print(total(some)) : "?";
  const exact = [total(some), ...some.flatMap((term) => [term.value, term.weight])].every((value) => Math.abs(value - rounded(value)) < 1e-9);
  return `Row ${at[0]}, column ${at[1]}${partly ? `, ${some.length} of ${all.length} products` : ""}: `
    + some.map(({ value, weight }) => `${factor(value)}×${factor(weight)}`).join(" + ") + (some.length ? ` ${exact || result === "?" ? "=" : "≈"} ` : "") + result;
}
function sizeFormula({ shape, pads, dilation, size, stride, out }) {
  const [rows, columns] = [0, 1].map((axis) => `floor((${shape[axis]} + 2·${pads[axis]} − ${dilation}·(${size[axis]} − 1) − 1) / ${stride}) + 1 = ${out[axis]}`);
  return rows === columns ? `Output size: ${rows}` : `Rows: ${rows}. Columns: ${columns}`;
}
function codeLine({ size, stride, pads, dilation, border, flip }) {
  const pair = ([rows, columns]) => (rows === columns ? rows : `(${rows}, ${columns})`);
  return `nn.Conv2d(1, 1, kernel_size=${pair(size)}, stride=${stride}, padding=${pair(pads)}${dilation > 1 ? `, dilation=${dilation}` : ""}`
    + `${border === "reflect" ? ', padding_mode="reflect"' : ""}, bias=False)${flip ? "  # kernel turned by 180°" : ""}`;
}

// Painting. The largest cells that fit: side column beside the grids, below them, or one grid under the other.
function arrange(width, s, pen, css) {
  const stack = width < ROW, below = width < BESIDE, middle = Math.floor(Math.min(60, (TALLEST - BETWEEN) / (2 * s.size[0]), COLUMN / s.size[1]));
  const room = Math.min(width, WIDEST) - (below ? 0 : SIDE + 20) - 2 * INDEX - 2 * GAP - s.size[1] * middle - 4 * EDGE, [across, wide] = [s.padded[1], s.out[1]];
  const largest = (most, rows) => Math.floor(clamp(Math.min(most, (TALLEST - INDEX) / rows), 4, LARGEST));
  const cell = largest(stack ? (width - INDEX - EDGE) / Math.max(across, wide) : room / (across + wide), Math.max(s.padded[0], s.out[0]));
  const size = (numbers, side) => fit(pen, numbers.flat(), side, css), results = size(s.results, cell);
  const out = results ? cell : largest(stack ? (width - INDEX - EDGE) / wide : (room - across * cell) / wide, s.out[0]);     // larger for long numbers
  return { stack, below, middle, cell, out, prints: { input: size(s.image, cell), kernel: size(s.kernel, middle), output: results ?? size(s.results, out) } };
}
// The size of print at which all numbers fit into their cells, with as many digits as possible; undefined where none fits.
function fit(pen, numbers, cell, css) {
  const most = Math.max(...numbers.map(Math.abs)), near = (digits) => numbers.every((number) => Math.abs(number - rounded(number, digits)) <= 0.05 * most + 1e-9);
  pen.font = `100px ${css.fontFamily}`;
  return [3, 2, 1, 0].filter(near).map((digits) => {
    const texts = new Set(numbers.map((number) => print(number, digits))), widest = Math.max(...[...texts].map((text) => pen.measureText(text).width));
    return { digits, px: Math.min(cell * 0.46, (cell - 3) / widest * 100, 26) };
  }).find(({ px }) => px >= PRINT);
}
function colour(value, { low, high, signed }) {
  const share = clamp((value - low) / (high - low), 0, 1), end = share < 0.5 ? BLUE : RED;
  return signed ? end.map((part) => Math.round(255 + (part - 255) * Math.abs(2 * share - 1))) : Array(3).fill(Math.floor(share * 255 + 0.5));
}
function inkOn(rgb) {                                          // at least 4.5 to 1 (WCAG 2.1, 1.4.3)
  const [r, g, b] = rgb.map((part) => (part < 10.02 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
function prepare(canvas, sides, css) {
  const ratio = window.devicePixelRatio || 1;
  ["width", "height"].forEach((name, axis) => { canvas[name] = Math.round(sides[axis] * ratio); canvas.style[name] = `${sides[axis]}px`; });
  const pen = Object.assign(canvas.getContext("2d"), { textAlign: "center", textBaseline: "middle", css });
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}
const write = (pen, text, x, y, px, style = "", widest = undefined) =>
  Object.assign(pen, { font: `${style} ${px}px ${pen.css.fontFamily}` }).fillText(text, x, y + 0.5, widest);
// The cells of a grid; between them its bed shows as lines. Returns the corner of a cell.
function paintGrid(pen, [rows, columns], edge, cell, paint) {
  const corner = ([i, j]) => [edge + j * cell, edge + i * cell];
  pen.fillStyle = "#8a8a8a";
  pen.fillRect(edge - 1, edge - 1, columns * cell + 1, rows * cell + 1);
  table(rows, columns, (i, j) => tile(pen, ...corner([i, j]), cell, paint(i, j)));
  return corner;
}
function tile(pen, x, y, cell, { rgb, text, px, style = "", hatched, up = 0, above }) {
  const end = cell < 10 ? cell : cell - 1, half = end / 2, shade = hatched ? rgb.map((part) => Math.round(0.5 * part + 105)) : rgb;
  pen.fillStyle = `rgb(${shade})`;
  pen.fillRect(x, y, end, end);
  if (hatched) {                                               // padding is pale, hatched and in italics: it is no part of the image
    Object.assign(pen, { lineWidth: 1, strokeStyle: "rgb(0 0 0 / 35%)" }).beginPath();
    for (const [near, far] of [[0, half], [0, end], [half, end]]) { pen.moveTo(x + near, y + far); pen.lineTo(x + far, y + near); }
    pen.stroke();
    if (text) pen.fillRect(x + 0.2 * cell, y + 0.2 * cell, 0.6 * cell, 0.6 * cell);
  }
  pen.fillStyle = inkOn(shade);
  if (text) write(pen, text, x + cell / 2, y + cell / 2 - up, px, hatched ? "italic" : style);
  if (above) write(pen, above, x + cell / 2, y + cell * 0.24, Math.min(cell * 0.26, 13), "", cell - 3);
}
function paintIndices(pen, counts, starts, cell) {
  Object.assign(pen, { fillStyle: pen.css.color, globalAlpha: 0.8 });
  counts.forEach((count, axis) => { for (let index = 0; index < count; index += cell < 18 ? 2 : 1) {
    const along = INDEX + (starts[axis] + index + 0.5) * cell;
    write(pen, index, axis ? along : INDEX / 2 - 1, axis ? INDEX / 2 - 1 : along, 12);
  } });
  pen.globalAlpha = 1;
}
function frame(pen, [x, y], width, height, inner, dash = []) {   // two colours, so that one shows on any cell
  pen.setLineDash(dash);
  for (const [strokeStyle, lineWidth] of [["#000", 4.5], [inner, 2.5]]) Object.assign(pen, { strokeStyle, lineWidth }).strokeRect(x + 0.5, y + 0.5, width - 2, height - 2);
}
function tag(pen, text, right, bottom, cell, rgb) {            // the kernel entry that meets this number
  const px = clamp(cell * 0.25, 10, 15), width = Math.min((text.length + 1) * px * 0.62, cell - 6);
  Object.assign(pen, { fillStyle: "#000" }).fillRect(right - width - 1, bottom - px - 2, width + 2, px + 3);
  Object.assign(pen, { fillStyle: `rgb(${rgb})` }).fillRect(right - width, bottom - px - 1, width, px + 1);
  pen.fillStyle = inkOn(rgb);
  write(pen, text, right - width / 2, bottom - px / 2, px, 600, width - 2);
}
const look = (value, scale, size) => ({ rgb: colour(value, scale), text: size && print(value, size.digits), px: size?.px });
const hidden = (cell) => ({ rgb: BLANK, text: "?", px: Math.min(cell * 0.5, 20) });
function paintInput(pen, s, { cell, prints }, all, now) {
  const met = new Set(cell >= TAGGED ? all.map(({ place }) => String(place)) : []);
  const corner = paintGrid(pen, s.padded, INDEX, cell, (i, j) => ({ ...look(valueAt(s, s.g, [i, j]), s.scales.input, prints.input),
    hatched: s.image[i - s.pads[0]]?.[j - s.pads[1]] === undefined, up: met.has(`${i},${j}`) ? cell * 0.13 : 0 }));
  paintIndices(pen, s.shape, s.pads, cell);
  if (s.pads.some(Boolean)) frame(pen, corner(s.pads), s.shape[1] * cell + 1, s.shape[0] * cell + 1, "#fff", [5, 4]);
  frame(pen, corner(all[0].place), s.reach[1] * cell, s.reach[0] * cell, CURSOR, s.dilation > 1 ? [6, 4] : []);
  all.forEach(({ place, weight }, index) => {
    const [x, y] = corner(place);
    if (s.dilation > 1 || index === now) frame(pen, [x, y], cell, cell, index === now ? CURRENT : CURSOR);
    if (met.size) tag(pen, `×${print(weight, 2)}`, x + cell - 3, y + cell - 3, cell, colour(weight, s.scales.kernel));
  });
  return corner;
}
function paintProducts(pen, s, { middle: cell }, all, count, now) {
  const size = fit(pen, all.map((term) => term.product), cell, pen.css), both = cell * 0.26 >= PRINT;
  const corner = paintGrid(pen, s.size, EDGE, cell, (i, j) => {
    const index = i * s.size[1] + j, { value, weight, product } = all[index];
    return { ...(index < count ? look(product, s.scales.products, size && { ...size, px: Math.min(size.px, cell * 0.4) }) : hidden(cell * 0.7)),
      style: 600, up: both ? -0.14 * cell : 0, above: both && `${print(value, 2)}×${factor(weight, 2)}` };
  });
  if (now >= 0) frame(pen, corner([Math.floor(now / s.size[1]), now % s.size[1]]), cell, cell, CURRENT);
}
function paintOutput(pen, s, { out: cell, prints }, at) {
  const corner = paintGrid(pen, s.out, INDEX, cell, (i, j) => {
    const partly = stepping(s, [i, j]), value = partly ? total(terms(s, [i, j], s.g).slice(0, s.added)) : s.results[i][j];
    return partly || shown(s, [i, j]) ? look(value, s.scales.output, prints.output) : hidden(cell);
  });
  paintIndices(pen, s.out, [0, 0], cell);
  frame(pen, corner(at), cell, cell, CURSOR, stepping(s, at) ? [5, 3] : []);
}

function render({ model, el }) {
  const root = Object.assign(document.createElement("div"), { className: "conv", role: "group", innerHTML: `<style>${STYLE}</style>${PARTS}` });
  root.dataset.lmSuppressShortcuts = "true";                   // JupyterLab's shortcuts listen before any canvas does
  el.append(root);
  const part = (name) => root.querySelector(`.conv-${name}`), say = (name, text) => { part(name).textContent = text; };
  const [input, kernel, products, out, field] = ["input", "kernel", "products", "output", "value"].map(part);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)"), ruler = document.createElement("canvas").getContext("2d");
  // The cells chosen for a new number, what the pointer is over and the clock are the page's own; all else is in the model.
  const selected = { image: [0, 0], kernel: [0, 0] };
  let edited = "kernel", hovered = null, timer = 0, knownWidth = 0, saving = false, s = null, plan = null, css = null;
  function refresh() {
    const next = saving || read(model, s);                      // one drawing for several changes at once
    if (next.why) say("message", next.why);                    // the last possible one stays
    if (saving || next.why) return;
    s = next;
    css = (({ color, fontFamily }) => ({ color, fontFamily }))(getComputedStyle(root));
    const width = (knownWidth || root.clientWidth || WIDEST) - 8, key = `${s.key} ${width} ${css.fontFamily}`;
    if (plan?.key !== key) plan = { key, ...arrange(width, s, ruler, css) };
    for (const name of ["below", "stack"]) root.classList.toggle(name, plan[name]);
    for (const [name, shape] of [["image", s.shape], ["kernel", s.size]]) selected[name] = selected[name].map((at, axis) => clamp(at, 0, shape[axis] - 1));
    if (hovered?.some((at, axis) => at >= s.out[axis])) hovered = null;
    draw();
    refreshWords();
  }
  function draw() {
    const { cell, middle } = plan, at = hovered ?? s.cursor, all = terms(s, at, s.g), partly = stepping(s, at), now = partly ? s.added - 1 : -1;
    const grid = ([rows, columns], side, edge = INDEX) => [edge + columns * side + EDGE, edge + rows * side + EDGE], small = grid(s.size, middle, EDGE);
    const pens = { image: prepare(input, grid(s.padded, cell), css), kernel: prepare(kernel, small, css) };
    const corners = { image: paintInput(pens.image, s, plan, all, now), kernel: paintGrid(pens.kernel, s.size, EDGE, middle, (i, j) =>
      look(s.kernel[i][j], s.scales.kernel, plan.prints.kernel)) };
    if (now >= 0) frame(pens.kernel, corners.kernel(all[now].from), middle, middle, CURRENT);
    paintProducts(prepare(products, small, css), s, plan, all, partly ? s.added : shown(s, at) ? all.length : 0, now);
    paintOutput(prepare(out, grid(s.out, plan.out), css), s, plan, at);
    const mark = selected[edited].map((index, axis) => index + (edited === "image" ? s.pads[axis] : 0)), side = edited === "image" ? cell : middle;
    if ([input, kernel, field].includes(root.getRootNode().activeElement)) frame(pens[edited], corners[edited](mark), side, side, "#fff", [3, 3]);
    say("sum", readout(s, at));
    part("sum").classList.toggle("long", s.cells > 9);
  }

  const place = (name) => `${name === "image" ? "Input" : "Kernel"}, row ${selected[name][0]}, column ${selected[name][1]}`;
  const valueOf = (name) => s[name][selected[name][0]][selected[name][1]];
  function refreshWords() {
    const range = ({ low, high, signed }) => `${print(low)} ${signed ? "blue" : "black"} … ${print(high)} ${signed ? "red" : "white"}`;
    Object.entries({ "of-input": `Input ${times(s.shape)}${s.pads.some(Boolean) ? `, padded ${times(s.padded)}` : ""}`, "of-products": "Products",
      "of-kernel": `Kernel ${times(s.size)}${s.flip ? ", turned" : ""}`, "of-output": `Output ${times(s.out)}`, size: sizeFormula(s), code: codeLine(s),
      "range-input": range(s.scales.input), "range-output": range(s.scales.output), play: timer ? "❚❚ Pause" : calm.matches ? "▶\uFE0E One cell" : "▶\uFE0E Play",
      reveal: `${s.revealed ? "Hide" : "Show"} the output`, which: place(edited) }).forEach(([name, text]) => say(name, text));
    [[root, s.label], [out, `Output ${times(s.out)}. ${readout(s)}`], [products, `Products of window and kernel. ${readout(s)}`],
      [input, `${place("image")}: ${print(valueOf("image"))}`], [kernel, `${place("kernel")}: ${print(valueOf("kernel"))}`]]
      .forEach(([element, label]) => element.setAttribute("aria-label", label));
    const kernel_size = s.size[0] === s.size[1] ? s.size[0] : times(s.size), sizes = [...new Set([1, 2, 3, 4, 5, kernel_size])];
    const now = { ...s, kernel_size, padding: s.padding || "none", flip: OPERATIONS[Number(s.flip)] };
    for (const [name, options] of Object.entries({ ...OPTIONS, preset: Object.keys(s.presets), kernel_size: sizes, flip: OPERATIONS })) {
      if ([...part(name).options].map(({ value }) => value).join() !== options.join()) part(name).replaceChildren(...options.map((text) => new Option(text)));
      part(name).value = now[name];
    }
    part("reveal").classList.toggle("primary", !s.revealed);
    part("sum").setAttribute("aria-live", timer ? "off" : "polite");
    field.value = rounded(valueOf(edited));
  }

  function show(cursor, changes) {                             // all changes of the state go through here
    [hovered, saving] = [null, true];
    Object.entries({ added: -1, ...changes, cursor }).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
    refresh(saving = false);
  }
  // Another picture, kernel or geometry: refused in one sentence where it is impossible; else the work starts again.
  function change(changes) {
    const next = { ...s, ...changes }, why = problem(next);
    say("message", why);
    if (!why) show(geometry(next).out.map((count, axis) => clamp(next.cursor[axis], 0, count - 1)), { visited: [], ...changes });
  }
  function setCell(value) {
    const [row, column] = selected[edited], number = clamp(rounded(value), -MOST, MOST);
    if (Number.isFinite(value)) change({ [edited]: s[edited].map((line, i) => line.map((old, j) => (i === row && j === column ? number : old))) });
    else refreshWords();
  }
  const choose = (name, cell) => { edited = name; selected[name] = cell; refresh(); };
  const visit = ([row, column]) => (s.revealed ? [] : [...new Set([...s.visited, row * s.out[1] + column])]);
  const after = ([row, column] = s.cursor) => (column + 1 < s.out[1] ? [row, column + 1] : row + 1 < s.out[0] ? [row + 1, 0] : null);
  const goTo = (row, column) => show([clamp(row, 0, s.out[0] - 1), clamp(column, 0, s.out[1] - 1)]);
  const fill = () => show(s.cursor, { visited: visit(s.cursor) });
  const step = () => (shown(s, s.cursor) ? goTo(...(after() ?? [0, 0])) : fill());     // a hidden cell waits, to be predicted
  const stop = () => { clearInterval(timer); timer = 0; }, pause = () => { stop(); refreshWords(); };
  function addProduct(more) {
    const next = s.added < 0 ? (more > 0 ? 1 : s.cells - 1) : Math.max(s.added + more, 0);
    if (next > s.cells) show(after() ?? [0, 0], { added: 1 });
    else show(s.cursor, { added: next, ...(next === s.cells && { visited: visit(s.cursor) }) });
  }
  function tick() {
    const next = shown(s, s.cursor) ? after() : s.cursor, seen = !document.hidden && root.offsetParent;
    if (next && seen) show(next, { visited: visit(next) });
    if (!after() || !seen) pause();
  }
  function play() {
    if (timer) return pause();
    if (!after() && shown(s, s.cursor)) show([0, 0], { visited: [] });                 // once more from the start
    else tick();
    if (!calm.matches && after()) timer = setInterval(tick, TICK);
    return refreshWords();
  }
  const typeIn = () => { field.focus(); field.select(); }, more = () => setCell(valueOf(edited) + 1), less = () => setCell(valueOf(edited) - 1);
  const editing = { Enter: typeIn, "+": more, "=": more, "-": less, _: less, Delete: () => setCell(0), Backspace: () => setCell(0) };
  const walking = { ".": () => addProduct(1), ",": () => addProduct(-1), " ": play, Enter: fill, Home: () => goTo(s.cursor[0], 0),
    End: () => goTo(s.cursor[0], Infinity) };
  function onKey(event, name) {
    const { key } = event, move = ARROWS[key], to = move && (selected[name] ?? s.cursor).map((at, axis) => at + move[axis]), acts = selected[name] ? editing : walking;
    if (event.ctrlKey || event.metaKey || event.altKey || !(move || acts[key] || /^[0-9.,]$/.test(key))) return;
    if (selected[name] && /^[0-9.,]$/.test(key)) { typeIn(); return; }                 // the browser then types it there
    event.preventDefault();
    if (!move) acts[key]?.();
    else if (selected[name]) choose(name, to);
    else goTo(...to);
  }
  function under({ target, clientX, clientY }, name) {         // as it is seen: a slide may be scaled
    const [edge, cell, counts] = { image: [INDEX, plan.cell, s.padded], kernel: [EDGE, plan.middle, s.size], output: [INDEX, plan.out, s.out] }[name];
    const box = target.getBoundingClientRect(), scale = target.offsetWidth / box.width || 1;
    const found = [clientY - box.top, clientX - box.left].map((at) => Math.floor((at * scale - edge) / cell));
    return found.every((at, axis) => at >= 0 && at < counts[axis]) ? found : null;
  }
  for (const [canvas, name] of [[input, "image"], [kernel, "kernel"], [out, "output"]]) {
    canvas.setAttribute("aria-describedby", part("hint").id ||= `conv-hint-${Math.random().toString(36).slice(2)}`);
    canvas.addEventListener("pointerdown", (event) => {
      const found = under(event, name);
      event.preventDefault();
      canvas.focus({ preventScroll: true });
      if (found && canvas === out) goTo(...found);
      else if (found) choose(name, found.map((at, axis) => at - (canvas === input ? s.pads[axis] : 0)));
    });
    canvas.addEventListener("focus", () => (selected[name] ? choose(name, selected[name]) : draw()));
    canvas.addEventListener("blur", draw);
    canvas.addEventListener("keydown", (event) => onKey(event, name));
  }
  for (const kind of ["pointermove", "pointerleave"]) out.addEventListener(kind, (event) => {
    const found = timer || kind === "pointerleave" ? null : under(event, "output");
    if (String(found) !== String(hovered)) { hovered = found; draw(); }
  });
  field.addEventListener("change", () => setCell(field.valueAsNumber));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") refreshWords();                // else what was typed is taken as the field is left
    if (["Enter", "Escape"].includes(event.key)) (edited === "image" ? input : kernel).focus(event.preventDefault());
  });
  const chosen = { preset: (preset) => ({ preset, ...s.presets[preset], cursor: [0, 0] }), flip: (text) => ({ flip: text === OPERATIONS[1] }),
    kernel_size: (size) => ({ kernel: size > 0 ? resized(s.kernel, Number(size)) : s.kernel }) };
  for (const name of [...Object.keys(OPTIONS), ...Object.keys(chosen)]) {
    const make = chosen[name] ?? ((value) => ({ [name]: value > 0 ? Number(value) : value }));
    part(name).addEventListener("change", ({ target }) => change(make(target.value)));
    part(name).addEventListener("blur", refreshWords);         // a refused choice stands, so that the arrow keys go past it
  }
  Object.entries({ play, step, product: () => addProduct(1), reveal: () => show(s.cursor, { revealed: !s.revealed, visited: [] }),
    reset: () => { stop(); change(chosen.preset(s.preset)); } }).forEach(([name, act]) => part(name).addEventListener("click", act));
  // A key typed in here must not turn the slide or select another notebook cell; Tab leaves as usual, and so does Escape.
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target !== field) { pause(); event.target.blur(); }
    if (event.key !== "Tab") event.stopPropagation();
  });
  const resize = new ResizeObserver(() => requestAnimationFrame(() => {
    if (root.clientWidth && root.clientWidth !== knownWidth) { knownWidth = root.clientWidth; refresh(); }
  })), theme = new MutationObserver(refresh);
  resize.observe(root);
  theme.observe(document.body, { attributes: true, attributeFilter: ["class", "data-jp-theme-light"] });
  SYNCED.forEach((name) => model.on(`change:${name}`, refresh));
  refresh();
  return () => { stop(); resize.disconnect(); theme.disconnect(); SYNCED.forEach((name) => model.off(`change:${name}`, refresh)); };
}
export default { render };
