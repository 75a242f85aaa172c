// A small image as numbers and as grey levels, side by side. All that happens on the page is decided
// here, so the editor also works in an exported page without a kernel.

// Sizes in CSS pixels: a slide of 1280 by 720 leaves about 1100 by 480 below its heading.
const WIDEST = 1092, TALLEST = 432, SIDE = 212, GAP = 20, INDEX = 20, LARGEST_CELL = 44, SMALLEST_PRINT = 9;
const CURSOR = "#E69F00", CHANGED = "#0072B2";
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const SYNCED = ["shape", "values", "initial", "low", "high", "step", "decimals", "cursor", "revealed", "label"];

const STYLE = `
.pixel-editor { display: flex; flex-wrap: wrap; gap: 12px ${GAP}px; align-items: flex-start; padding: 4px;
  width: 100%; max-width: 1100px; box-sizing: border-box; color: var(--jp-ui-font-color1, inherit);
  font: 13px/1.4 var(--jp-ui-font-family, system-ui, sans-serif); }
.pixel-editor figure { margin: 0; } .pixel-editor figcaption { height: 20px; padding-left: ${INDEX}px; font-weight: 600; }
.pixel-editor canvas { display: block; border-radius: 2px; touch-action: manipulation; cursor: cell; }
.pixel-editor :focus-visible, .pixel-editor canvas:focus {
  outline: 3px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }
.pixel-side { flex: 0 0 ${SIDE}px; display: flex; flex-direction: column; gap: 10px; padding-top: 20px; }
.pixel-editor.below .pixel-side { flex: 1 1 100%; flex-flow: row wrap; align-items: center; gap: 8px ${GAP}px;
  padding: 0 0 0 ${INDEX}px; }
.pixel-readout { font-size: 15px; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.pixel-editor label { display: flex; align-items: center; gap: 8px; }
.pixel-editor input, .pixel-editor button { font: inherit; color: inherit; padding: 4px 10px; border-radius: 3px;
  background: var(--jp-layout-color1, transparent); border: 1px solid var(--jp-border-color0, #8a8a8a); }
.pixel-editor input { width: 78px; box-sizing: border-box; padding: 4px 6px; font-variant-numeric: tabular-nums; }
.pixel-editor button:disabled { opacity: .5; }
.pixel-editor button.primary { color: #fff; background: #1565c0; border-color: #1565c0; }
.pixel-buttons { display: flex; flex-wrap: wrap; gap: 8px; }
.pixel-scale { display: flex; white-space: nowrap; align-items: center; gap: 8px; font-variant-numeric: tabular-nums; }
.pixel-scale i { flex: 1 0 60px; height: 10px; background: linear-gradient(90deg, #000, #fff); border: 1px solid #8a8a8a; }
.pixel-hint { margin: 0; font-size: 12px; line-height: 1.5; opacity: .85; }
`;

const PARTS = `
<figure><figcaption>Numbers</figcaption><canvas class="pixel-numbers" tabindex="0" role="application"></canvas></figure>
<figure><figcaption>Picture</figcaption><canvas class="pixel-picture" role="img"></canvas></figure>
<div class="pixel-side">
  <output class="pixel-readout" aria-live="polite"></output>
  <label>New value <input class="pixel-value" type="number"></label>
  <div class="pixel-buttons">
    <button type="button" class="pixel-reveal"></button><button type="button" class="pixel-reset">Reset</button>
  </div>
  <span class="pixel-changed"></span>
  <div class="pixel-scale"><span class="pixel-low"></span><i aria-hidden="true"></i><span class="pixel-high"></span></div>
  <p class="pixel-hint"></p>
</div>`;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
// The same arithmetic as grey_levels in pixels.py: a fixed range, never stretched to the data.
const greyLevel = (value, { low, high }) => Math.floor(clamp((value - low) / (high - low), 0, 1) * 255 + 0.5);
// Black from this level up, white below: each then has a contrast of at least 4.5 to 1 (WCAG 2.1, 1.4.3).
const inkOn = (level) => (level >= 118 ? "#000" : "#fff");
const plural = (count, noun) => `${count || "No"} ${noun}${count === 1 ? "" : "s"}`;

function read(model) {
  const state = Object.fromEntries(SYNCED.map((name) => [name, model.get(name)]));
  const [rows, columns] = state.shape, [row, column] = state.cursor;
  return { ...state, rows, columns, row, column, at: row * columns + column,
    changed: state.values.map((value, index) => value !== state.initial[index]),
    print: (value) => value.toFixed(state.decimals) };
}

const readout = (s) => `row ${s.row}, column ${s.column}: ${s.print(s.values[s.at])}`;

// The same words as describe in pixels.py. A hidden picture must not be given away in words.
function describe(s) {
  const changed = s.changed.filter(Boolean).length;
  const place = (value) => {
    const index = s.values.indexOf(value);
    return `${s.print(value)} at row ${Math.floor(index / s.columns)}, column ${index % s.columns}`;
  };
  return `${s.label}: ${s.rows} rows and ${s.columns} columns of numbers from ${s.print(s.low)} (black) to `
    + `${s.print(s.high)} (white). ` + (s.revealed ? `Darkest ${place(Math.min(...s.values))}; brightest `
    + `${place(Math.max(...s.values))}. ` : "The picture is hidden. ")
    + `Selected: ${readout(s)}. ${plural(changed, "cell")} changed.`;
}

// The largest cell that fits: side column beside two panels, below them, or one panel under the other.
function arrange(width, s, textWidth) {
  const tall = Math.min(LARGEST_CELL, Math.floor(TALLEST / s.rows));
  const readable = Math.min(tall, Math.ceil(textWidth * SMALLEST_PRINT) + 4);
  let cell = 1;
  for (const [panels, side] of [[2, SIDE + GAP], [2, 0], [1, 0]]) {
    const room = (Math.min(width, WIDEST) - side - (panels - 1) * GAP) / panels - INDEX;
    cell = clamp(Math.floor(room / s.columns), 1, tall);
    if (cell >= readable || panels === 1) return { cell, below: !side, print: Math.min(cell * 0.5, (cell - 4) / textWidth) };
  }
}

function prepare(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const pen = Object.assign(canvas.getContext("2d"), { textAlign: "center", textBaseline: "middle" });
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

function paintCells(pen, s, cell) {
  const small = new OffscreenCanvas(s.columns, s.rows), brush = small.getContext("2d");
  const image = brush.createImageData(s.columns, s.rows);
  s.values.forEach((value, index) => {
    image.data.fill(s.revealed ? greyLevel(value, s) : 255, 4 * index, 4 * index + 3);
    image.data[4 * index + 3] = 255;
  });
  brush.putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = false;                       // one value, one even square: no seams, no blur
  pen.drawImage(small, INDEX, INDEX, s.columns * cell, s.rows * cell);
  Object.assign(pen, { strokeStyle: "#8a8a8a", lineWidth: 1 });
  pen.strokeRect(INDEX - 0.5, INDEX - 0.5, s.columns * cell + 1, s.rows * cell + 1);
  pen.fillStyle = "#ddd";                                  // lines between the cells of a bare table
  for (let j = 1; j < s.columns && !s.revealed; j++) pen.fillRect(INDEX + j * cell, INDEX, 1, s.rows * cell);
  for (let i = 1; i < s.rows && !s.revealed; i++) pen.fillRect(INDEX, INDEX + i * cell, s.columns * cell, 1);
}

function paintIndices(pen, s, cell, look) {
  const every = cell < 14 ? 2 : 1;                         // narrow cells have room for every second number
  const write = (index, selected, x, y) => {
    if (index % every && !selected) return;
    Object.assign(pen, { font: `${selected ? 700 : 400} 11px ${look.fontFamily}`, globalAlpha: selected ? 1 : 0.75 });
    pen.fillText(index, x, y);
  };
  pen.fillStyle = look.color;
  for (let i = 0; i < s.rows; i++) write(i, i === s.row, INDEX / 2 - 1, INDEX + (i + 0.5) * cell + 0.5);
  for (let j = 0; j < s.columns; j++) write(j, j === s.column, INDEX + (j + 0.5) * cell, INDEX / 2);
  pen.globalAlpha = 1;
}

function paintNumbers(pen, s, cell, print, look) {
  pen.font = `${print}px ${look.fontFamily}`;
  s.values.forEach((value, index) => {
    pen.fillStyle = s.revealed ? inkOn(greyLevel(value, s)) : "#000";
    const row = Math.floor(index / s.columns), column = index % s.columns;
    pen.fillText(s.print(value), INDEX + (column + 0.5) * cell, INDEX + (row + 0.5) * cell + 0.5);
  });
}

function frame(pen, index, s, cell, [outer, inner]) {      // two colours, so that one shows on any grey
  const x = INDEX + (index % s.columns) * cell, y = INDEX + Math.floor(index / s.columns) * cell;
  for (const [strokeStyle, lineWidth] of [[outer, 3], [inner, 1.5]]) {
    Object.assign(pen, { strokeStyle, lineWidth });
    pen.strokeRect(x + 0.5, y + 0.5, cell - 1, cell - 1);
  }
  return [x, y];
}

function paintMarks(pen, s, cell, hovered) {
  s.changed.forEach((changed, index) => {
    if (!changed) return;
    const [x, y] = frame(pen, index, s, cell, ["#fff", CHANGED]), right = x + cell, corner = Math.max(4, cell * 0.25);
    pen.fillStyle = CHANGED;                               // a corner too: never by colour alone
    pen.fill(new Path2D(`M${right - corner} ${y}H${right}V${y + corner}Z`));
  });
  if (hovered >= 0) frame(pen, hovered, s, cell, ["#000", "#fff"]);
  const [x, y] = frame(pen, s.at, s, cell, ["#000", CURSOR]);
  Object.assign(pen, { strokeStyle: CURSOR, lineWidth: 2 });
  pen.strokeRect(x - 0.5, y - 0.5, cell + 1, cell + 1);
}

function paintHidden(pen, s, cell, look) {
  const width = s.columns * cell, height = s.rows * cell, middle = INDEX + height / 2;
  pen.clearRect(INDEX, INDEX, width, height);
  Object.assign(pen, { fillStyle: look.color, globalAlpha: 0.08 });
  pen.fillRect(INDEX, INDEX, width, height);
  Object.assign(pen, { font: `600 14px ${look.fontFamily}`, globalAlpha: 1 });
  pen.fillText("The picture is hidden.", INDEX + width / 2, middle - 10, width - 8);
  pen.fillText("Predict it from the numbers.", INDEX + width / 2, middle + 12, width - 8);
}

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "pixel-editor";
  root.dataset.lmSuppressShortcuts = "true";               // JupyterLab's shortcuts listen before any canvas does
  root.innerHTML = `<style>${STYLE}</style>${PARTS}`;
  el.append(root);
  const part = (name) => root.querySelector(`.pixel-${name}`);
  const numbers = part("numbers"), picture = part("picture"), input = part("value");
  numbers.setAttribute("aria-describedby", part("hint").id = `pixel-hint-${Math.random().toString(36).slice(2)}`);
  // The width is the observer's: while a theme loads, the page has no style and a wrong width.
  let cell = 20, hovered = -1, knownWidth = 0, saving = false;

  function draw() {
    const s = read(model), look = getComputedStyle(root), ruler = picture.getContext("2d");
    ruler.font = `100px ${look.fontFamily}`;
    const texts = [s.low, s.high, ...s.values].map((value) => ruler.measureText(s.print(value)).width / 100);
    const plan = arrange((knownWidth || root.clientWidth || WIDEST) - 8, s, Math.max(...texts));
    cell = plan.cell;
    root.classList.toggle("below", plan.below);
    for (const canvas of [numbers, picture]) {
      const pen = prepare(canvas, INDEX + s.columns * cell + 2, INDEX + s.rows * cell + 2);
      paintCells(pen, s, cell);
      paintIndices(pen, s, cell, look);
      if (canvas === numbers) paintNumbers(pen, s, cell, plan.print, look);
      if (canvas === numbers || s.revealed) paintMarks(pen, s, cell, hovered);
      else paintHidden(pen, s, cell, look);
    }
    return s;
  }

  function refresh() {
    if (saving) return;                                    // one drawing for several changes at once
    const s = draw();
    const fine = 10 ** -s.decimals, changed = s.changed.filter(Boolean).length;
    part("readout").textContent = readout(s);
    Object.assign(input, { min: s.low, max: s.high, step: fine, value: s.print(s.values[s.at]) });
    part("reveal").textContent = `${s.revealed ? "Hide" : "Show"} the picture`;
    part("reveal").classList.toggle("primary", !s.revealed);
    part("reset").disabled = !changed;
    part("changed").textContent = `${plural(changed, "cell")} changed.`;
    for (const [end, grey] of [["low", "black"], ["high", "white"]]) part(end).textContent = `${Number(s.print(s[end]))} ${grey}`;
    part("hint").textContent = "Click a cell or move with the arrow keys. Type a number and press Enter, or step with "
      + `+ and − (${s.print(fine)}), Page Up and Page Down (${s.print(s.step)}). Delete restores a cell. `
      + "Rows and columns count from 0.";
    numbers.setAttribute("aria-label", `${s.label}, ${readout(s)}`);
    picture.setAttribute("aria-label", describe(s));
  }

  function save(changes) {
    saving = true;
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
    saving = false;
    refresh();
  }

  function change(value) {
    const s = read(model), values = [...s.values];
    if (Number.isFinite(value)) values[s.at] = value === s.initial[s.at] ? value
      : clamp(Number(s.print(value)), s.low, s.high);
    save({ values });
  }

  function cellUnder(event) {                                // the box as it is seen: a slide may be scaled
    const s = read(model), box = event.target.getBoundingClientRect(), scale = event.target.offsetWidth / box.width;
    const row = Math.floor(((event.clientY - box.top) * scale - INDEX) / cell);
    const column = Math.floor(((event.clientX - box.left) * scale - INDEX) / cell);
    return row >= 0 && column >= 0 && row < s.rows && column < s.columns ? [row, column] : null;
  }

  function hover(event) {
    const found = event.type === "pointermove" ? cellUnder(event) : null;
    const index = found ? found[0] * read(model).columns + found[1] : -1;
    if (index !== hovered) { hovered = index; draw(); }
  }

  for (const canvas of [numbers, picture]) {
    for (const kind of ["pointermove", "pointerleave"]) canvas.addEventListener(kind, hover);
    canvas.addEventListener("pointerdown", (event) => {
      const found = cellUnder(event);
      event.preventDefault();                              // the picture takes no focus: the keys belong to the numbers
      numbers.focus({ preventScroll: true });
      if (found) save({ cursor: found });
    });
  }

  function onKey(event) {
    const s = read(model), value = s.values[s.at], fine = 10 ** -s.decimals, move = ARROWS[event.key];
    const steps = { PageUp: s.step, PageDown: -s.step, "+": fine, "=": fine, "-": -fine, "_": -fine };
    const goTo = (row, column) => save({ cursor: [clamp(row, 0, s.rows - 1), clamp(column, 0, s.columns - 1)] });
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[0-9.,]$/.test(event.key)) { input.focus(); input.select(); return; }   // the browser then types it there
    if (move) goTo(s.row + move[0], s.column + move[1]);
    else if (event.key in steps) change(value + steps[event.key]);
    else if (event.key === "Home") goTo(s.row, 0);
    else if (event.key === "End") goTo(s.row, s.columns - 1);
    else if (event.key === "Delete" || event.key === "Backspace") change(s.initial[s.at]);
    else if (event.key === "Enter") { input.focus(); input.select(); }
    else return;
    event.preventDefault();
  }

  numbers.addEventListener("keydown", onKey);
  input.addEventListener("change", () => change(input.valueAsNumber));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") refresh();
    else if (event.key === "Enter") change(input.valueAsNumber);
    else return;
    event.preventDefault();
    numbers.focus();
  });
  part("reveal").addEventListener("click", () => save({ revealed: !model.get("revealed") }));
  part("reset").addEventListener("click", () => { numbers.focus(); save({ values: [...model.get("initial")] }); });
  // A key typed in here must not turn the slide or select another notebook cell; Tab leaves as usual.
  root.addEventListener("keydown", (event) => { if (event.key !== "Tab") event.stopPropagation(); });

  const resize = new ResizeObserver(() => requestAnimationFrame(() => {
    if (root.clientWidth && root.clientWidth !== knownWidth) { knownWidth = root.clientWidth; draw(); }
  }));
  const theme = new MutationObserver(draw);
  resize.observe(root);
  theme.observe(document.body, { attributes: true, attributeFilter: ["class", "data-jp-theme-light"] });
  SYNCED.forEach((name) => model.on(`change:${name}`, refresh));
  refresh();
  return () => {
    [resize, theme].forEach((watch) => watch.disconnect());
    SYNCED.forEach((name) => model.off(`change:${name}`, refresh));
  };
}

export default { render };
