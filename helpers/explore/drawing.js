// A pad to draw a digit on, and a small network that reads it while you draw. The network is computed here, on
// the page, so the pad also works in an exported page without a kernel. All state is in the model.

// Sizes in CSS pixels: a slide of 1280 by 720 leaves about 1100 by 430 below its heading and a line of text.
const WIDEST = 1092, PAD = 288, GAP = 24, IN_ONE_COLUMN = 3, CURSOR = "#E69F00";
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const FIXED = ["side", "high", "weights", "biases", "out_weights", "out_bias", "reach", "largest"];
const CHANGING = ["pixels", "cursor", "erasing", "strength"];

const STYLE = `
.drawing-pad { display: flex; flex-wrap: wrap; gap: 8px ${GAP}px; align-items: flex-start; padding: 4px; width: 100%;
  max-width: ${WIDEST}px; box-sizing: border-box; color: var(--jp-ui-font-color1, inherit);
  font: 13px/1.4 var(--jp-ui-font-family, system-ui, sans-serif); font-variant-numeric: tabular-nums; }
.drawing-pad canvas, .drawing-pad img { display: block; border: 1px solid #8a8a8a; }
.drawing-pad :focus-visible, .drawing-pad canvas:focus {
  outline: 3px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }
.draw-left { display: flex; flex-direction: column; gap: 8px; max-width: 100%; }
.draw-left figure { margin: 0; } .draw-left figcaption { display: flex; justify-content: space-between; height: 20px; }
.draw-pad { cursor: crosshair; touch-action: pinch-zoom; }
.draw-tools { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 10px; }
.draw-tools label { display: flex; align-items: center; gap: 6px; }
.draw-tools input[type=range] { width: 84px; margin: 0; accent-color: var(--jp-brand-color1, #1976d2); }
.draw-tools button { font: inherit; color: inherit; padding: 3px 10px; border-radius: 3px; cursor: pointer;
  background: var(--jp-layout-color1, transparent); border: 1px solid var(--jp-border-color0, #8a8a8a); }
.draw-right { flex: 1 1 460px; min-width: 0; display: flex; flex-direction: column; gap: 6px; }
.draw-legend { display: flex; flex-wrap: wrap; gap: 2px 16px; min-height: 20px; }
.draw-legend b { font-weight: 600; } .draw-legend span { display: flex; align-items: center; gap: 5px; }
.draw-legend i { width: 16px; font: 700 14px/16px monospace; text-align: center; color: #fff; background: #B2182B;
  forced-color-adjust: none; } .draw-legend i.negative { background: #2166AC; }
.draw-features { display: grid; gap: 6px 20px; } .draw-features.many { grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); }
.draw-feature { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; min-width: 0; }
.draw-lines { flex: 1 1 240px; min-width: 0; display: grid; grid-template-columns: max-content minmax(40px, 1fr) 92px; gap: 2px 8px;
  align-items: center; }
.draw-lines > .wide { grid-column: 1 / -1; } .draw-lines strong, .draw-right output { font-weight: 600; }
.draw-track { position: relative; height: 14px; border: 1px solid #8a8a8a; forced-color-adjust: none; }
.draw-track i, .draw-track u { position: absolute; top: 0; bottom: 0; }
.draw-track u { top: -3px; bottom: -3px; left: 50%; border-left: 2px solid currentColor; margin-left: -1px; }
.draw-track .less { background: #4393C3; } .draw-track .more { background: #D6604D; }
.draw-track .out { background: #009E73; }
.draw-track .over::after { content: "»"; position: absolute; right: 2px; line-height: 13px; color: #000; }
.draw-track .less.over::after { content: "«"; right: auto; left: 2px; }
.draw-probability { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; white-space: nowrap; }
.draw-probability .draw-track { flex: 1 1 100px; height: 20px; min-width: 40px; }
.draw-probability output { min-width: 165px; font-size: 15px; }
.draw-hint { flex: 1 1 100%; margin: 0; font-size: 12px; opacity: .85; }
`;

const PARTS = `
<div class="draw-left">
  <figure><figcaption><strong>Your digit</strong><output class="draw-readout" aria-live="polite"></output></figcaption>
  <canvas class="draw-pad" tabindex="0" role="application"></canvas></figure>
  <div class="draw-tools"><label>Strength <input class="draw-strength" type="range" min="10" max="100" step="10">
    <output class="draw-percent"></output></label><label><input class="draw-erasing" type="checkbox">Eraser</label></div>
  <div class="draw-tools draw-examples"><button type="button" class="draw-clear">Clear</button></div>
</div>
<div class="draw-right" role="group">
  <div class="draw-legend"><b>Weights</b><span><i aria-hidden="true">+</i>positive</span>
    <span><i aria-hidden="true" class="negative">−</i>negative</span><span class="draw-range"></span></div>
  <div class="draw-features"></div>
  <div class="draw-score"></div>
  <div class="draw-probability"><span>“zero” 0</span>
    <div class="draw-track" aria-hidden="true"><i class="out"></i><u></u></div><span>1 “one”</span><output class="draw-answer" aria-live="polite"></output></div>
</div>
<p class="draw-hint">Draw with mouse, pen or finger. Keys: arrows move, Space paints, Backspace erases, Shift and arrows draw
  a line. The page computes it all.</p>`;

const FEATURE = (number) => `<img><div class="draw-lines"><strong class="wide">Feature ${number}</strong>
  <span>weighted sum</span><div class="draw-track" aria-hidden="true"><i></i><u></u></div><span class="draw-sum"></span>
  <span>after ReLU</span><div class="draw-track" aria-hidden="true"><i></i><u></u></div><span class="draw-output"></span>
  <span class="wide draw-share"></span></div>`;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
// The same words as signed, chance, verdict and describe in drawing.py.
const plain = (value) => Math.abs(value).toFixed(2);
const signed = (value) => (Number(plain(value)) ? (value < 0 ? "−" : "+") : "") + plain(value);
const chance = (p) => (p < 0.001 ? "below 0.001" : p > 0.999 ? "above 0.999" : p.toFixed(3));
const VERDICTS = ["“zero”", "rather “zero”", "undecided", "rather “one”", "“one”"];
const verdict = (p) => VERDICTS[[0.1, 0.4, 0.6, 0.9].filter((step) => p >= step).length];

function read(model) {
  const s = Object.fromEntries([...FIXED, ...CHANGING].map((name) => [name, model.get(name)])), [row, column] = s.cursor;
  return { ...s, row, column, ink: s.pixels[row * s.side + column].toFixed(s.high < 10 ? 2 : 1), ...forward(s) };
}

// The network: as forward in drawing.py.
function forward({ pixels, weights, biases, out_weights, out_bias }) {
  const sums = weights.map((row, k) => row.reduce((sum, weight, at) => sum + weight * pixels[at], biases[k]));
  const features = sums.map((sum) => Math.max(sum, 0));
  const shares = features.map((feature, k) => feature * out_weights[k]);
  const score = shares.reduce((sum, share) => sum + share, out_bias);
  return { sums, features, shares, score, p: 1 / (1 + Math.exp(-score)) };
}

function describe(s) {
  const inked = [...s.pixels.keys()].filter((at) => s.pixels[at] > 0);
  const span = (places) => `${Math.min(...places)} to ${Math.max(...places)}`;
  const drawn = inked.length ? `ink in ${inked.length} of ${s.pixels.length} cells, `
    + `rows ${span(inked.map((at) => Math.floor(at / s.side)))}, columns ${span(inked.map((at) => at % s.side))}` : "nothing is drawn";
  const features = s.sums.map((sum, k) => `Feature ${k + 1}: weighted sum ${signed(sum)}, `
    + `${sum > 0 ? `fires with ${plain(sum)}` : "silent"}. `);
  return `Drawing pad of ${s.side} by ${s.side} cells: ${drawn}. ${features.join("")}`
    + `Probability of “one”: ${chance(s.p)}, ${verdict(s.p)}.`;
}

// A straight stroke over the cells, soft at its edge: a cell gets about the share of it that the pen covers, as in the
// digits of scikit-learn, whose strokes are one to two and a half cells wide. Positions are (row, column), in cells from
// the upper left corner.
function stroke(s, from, to, erase) {
  const radius = erase ? 0.5 : Math.max(0.75, s.side / 20);    // the eraser is finer: on a key it empties one cell
  const [down, across] = [to[0] - from[0], to[1] - from[1]], length = down * down + across * across || 1;
  return s.pixels.map((value, at) => {
    const y = Math.floor(at / s.side) + 0.5 - from[0], x = (at % s.side) + 0.5 - from[1];
    const along = clamp((y * down + x * across) / length, 0, 1);
    const ink = s.strength * clamp(radius + 0.5 - Math.hypot(y - along * down, x - along * across), 0, 1);
    const wanted = Number((s.high * (erase ? 1 - ink : ink)).toPrecision(6));    // short numbers for the kernel
    return erase ? Math.min(value, wanted) : Math.max(value, Math.min(wanted, s.high));
  });
}

function paintPad(canvas, s, cell) {
  const size = s.side * cell, ratio = window.devicePixelRatio || 1, pen = canvas.getContext("2d");
  const small = new OffscreenCanvas(s.side, s.side), brush = small.getContext("2d");
  const image = brush.createImageData(s.side, s.side), grey = (value) => Math.floor((value / s.high) * 255 + 0.5);
  Object.assign(canvas, { width: Math.round(size * ratio), height: Math.round(size * ratio) });
  Object.assign(canvas.style, { width: `${size}px`, height: `${size}px` });
  s.pixels.forEach((value, at) => image.data.set([...Array(3).fill(grey(value)), 255], 4 * at));
  brush.putImageData(image, 0, 0);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.imageSmoothingEnabled = false;                       // one value, one even square: no seams, no blur
  pen.drawImage(small, 0, 0, size, size);
  pen.fillStyle = `rgb(128 128 128 / ${cell < 16 ? 25 : 50}%)`;
  for (let line = cell; line < size; line += cell) { pen.fillRect(line, 0, 1, size); pen.fillRect(0, line, size, 1); }
  if (document.activeElement !== canvas) return;
  const [x, y] = [s.column * cell, s.row * cell], inset = cell < 16 ? -1 : 2;
  for (const [strokeStyle, lineWidth] of [["#000", 5], [CURSOR, 2.5]]) {   // two colours: one shows on any grey
    Object.assign(pen, { strokeStyle, lineWidth });
    pen.strokeRect(x + inset, y + inset, cell + 1 - 2 * inset, cell + 1 - 2 * inset);
  }
}

// A bar from the zero in the middle; beyond the end of the scale it is cut off and carries an arrow.
function fillBar(bar, value, reach, kind) {
  const half = Math.min(Math.abs(value) / reach, 1) * 50;
  bar.className = kind + (Math.abs(value) > reach ? " over" : "");
  Object.assign(bar.style, { left: `${value < 0 ? 50 - half : 50}%`, width: `${half}%` });
}

function showFeature(row, s, k) {
  const [sum, output] = row.querySelectorAll(".draw-track i"), fires = s.sums[k] > 0, share = s.shares[k];
  const write = (name, text) => { row.querySelector(`.draw-${name}`).textContent = text; };
  fillBar(sum, s.sums[k], s.reach, fires ? "more" : "less");
  fillBar(output, s.features[k], s.reach, "out");
  write("sum", signed(s.sums[k]));
  write("output", `${plain(s.features[k])} ${fires ? "fires" : "silent"}`);
  write("share", `× output weight ${signed(s.out_weights[k])} = ${signed(share)}`
    + (share ? ` → “${share > 0 ? "one" : "zero"}”` : ""));
}

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "drawing-pad";
  root.dataset.lmSuppressShortcuts = "true";               // JupyterLab's shortcuts listen before any canvas does
  root.innerHTML = `<style>${STYLE}</style>${PARTS}`;
  el.append(root);
  const part = (name) => root.querySelector(`.draw-${name}`), pad = part("pad"), features = part("features");
  pad.setAttribute("aria-describedby", part("hint").id = `draw-hint-${Math.random().toString(36).slice(2)}`);
  features.classList.toggle("many", model.get("weights").length > IN_ONE_COLUMN);
  const rows = model.get("weights").map((_, k) => {
    const row = Object.assign(document.createElement("div"), { className: "draw-feature", innerHTML: FEATURE(k + 1) });
    Object.assign(row.querySelector("img"), model.get("portraits")[k]);
    return features.appendChild(row);
  });
  // Where the pointer was, while it draws; all else is in the model.
  let last = null, knownWidth = 0, saving = false;

  const drawPad = (s = read(model)) =>
    paintPad(pad, s, Math.max(1, Math.floor(Math.min(PAD, (knownWidth || root.clientWidth || WIDEST) - 8) / s.side)));

  function refresh() {
    if (saving) return;                                    // one drawing for several changes at once
    const s = read(model);
    drawPad(s);
    rows.forEach((row, k) => showFeature(row, s, k));
    part("range").textContent = `up to ±${plain(s.largest)}; bars from −${s.reach} to +${s.reach}`;
    part("score").textContent = `Score: ${s.shares.map(signed).join(" ")} ${signed(s.out_bias)} (bias) = ${signed(s.score)}. `
      + `Its sigmoid is the probability of “one”:`;
    root.querySelector(".draw-probability i").style.width = `${100 * s.p}%`;
    part("answer").textContent = `${chance(s.p)}: ${verdict(s.p)}`;
    part("readout").textContent = `row ${s.row}, column ${s.column}: ${s.ink} of ${s.high}`;
    part("strength").value = part("percent").textContent = Math.round(100 * s.strength);
    part("percent").textContent += " %";
    part("erasing").checked = s.erasing;
    pad.setAttribute("aria-label", `Your digit, ${part("readout").textContent}${s.erasing ? ", eraser" : ""}`);
    part("right").setAttribute("aria-label", describe(s));
  }

  function save(changes) {
    saving = true;
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
    saving = false;
    refresh();
  }

  // The box as it is seen: a slide that RISE scales is drawn on where the pen is.
  function under(event) {
    const box = pad.getBoundingClientRect(), scale = pad.offsetWidth / box.width;
    return [event.clientY - box.top, event.clientX - box.left].map((at) =>
      (at * scale - pad.clientLeft) / pad.clientWidth * model.get("side"));
  }

  function follow(event) {
    if (!last || !event.isPrimary) return;
    const s = read(model);
    for (const step of event.getCoalescedEvents?.().concat(event) ?? [event]) {
      const now = under(step);
      s.pixels = stroke(s, last, now, s.erasing || (event.buttons & 32) > 0);     // 32: the other end of the pen
      last = now;
    }
    save({ pixels: s.pixels, cursor: last.map((at) => clamp(Math.floor(at), 0, s.side - 1)) });
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
  for (const kind of ["pointerup", "pointercancel"]) pad.addEventListener(kind, () => { last = null; });
  for (const kind of ["focus", "blur"]) pad.addEventListener(kind, () => drawPad());

  pad.addEventListener("keydown", (event) => {
    const s = read(model), move = ARROWS[event.key], erase = ["Backspace", "Delete"].includes(event.key);
    const next = move && s.cursor.map((at, axis) => clamp(at + move[axis], 0, s.side - 1));
    const [from, to] = [s.cursor, next ?? s.cursor].map((cell) => cell.map((at) => at + 0.5));
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (move) save({ cursor: next, ...(event.shiftKey && { pixels: stroke(s, from, to, s.erasing) }) });
    else if (erase || [" ", "Enter"].includes(event.key)) save({ pixels: stroke(s, from, to, erase || s.erasing) });
    else return;
    event.preventDefault();
  });

  part("strength").addEventListener("input", (event) => save({ strength: Number(event.target.value) / 100 }));
  part("erasing").addEventListener("change", (event) => save({ erasing: event.target.checked }));
  part("clear").addEventListener("click", () => save({ pixels: model.get("pixels").map(() => 0) }));
  model.get("names").forEach((name, index) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
    button.addEventListener("click", () => save({ pixels: [...model.get("examples")[index]] }));
    part("examples").append(button);
  });
  // A key typed in here must not turn the slide or select another notebook cell; Tab leaves as usual.
  root.addEventListener("keydown", (event) => { if (event.key !== "Tab") event.stopPropagation(); });

  const resize = new ResizeObserver(() => requestAnimationFrame(() => {
    if (root.clientWidth && root.clientWidth !== knownWidth) { knownWidth = root.clientWidth; drawPad(); }
  }));
  resize.observe(root);
  CHANGING.forEach((name) => model.on(`change:${name}`, refresh));
  refresh();
  return () => { resize.disconnect(); CHANGING.forEach((name) => model.off(`change:${name}`, refresh)); };
}

export default { render };
