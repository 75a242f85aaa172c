// The states of an explorer as pictures made beforehand: step through the values of its controls.
// With few states all controls move together; with many, one at a time, and the others stay where the explorer begins.
const STEPPER = `
<span class="film-steps">
  <button type="button" class="film-back" aria-label="one step back">‹</button>
  <input type="range" min="0" step="1">
  <button type="button" class="film-on" aria-label="one step on">›</button>
  <output></output>
</span>`;
const FILM = `
<div class="film-controls"><label class="film-choice"><span>Move</span> <select></select></label></div>
<p class="film-caption" role="status"></p>
<img>
<p class="film-note"></p>`;
const TOGETHER = "Pictures made beforehand, for some values of each control.";
const ONE_BY_ONE = "Pictures made beforehand: one control moves, the others stay. In JupyterLab all of them move.";

// A slider over the values of one control. Returns it with a function that shows another control in its place.
function stepper(moved) {
  const box = document.createElement("div");
  box.className = "film-control";
  box.innerHTML = STEPPER;
  const [back, range, on, output] = box.querySelectorAll("button, input, output");
  let values = [];

  function refresh() {
    const at = range.valueAsNumber;
    output.textContent = values[at];
    range.setAttribute("aria-valuetext", values[at]);
    back.disabled = at === 0;
    on.disabled = at === values.length - 1;
    moved(at);
  }

  function step(by) {
    range.value = range.valueAsNumber + by;
    refresh();
  }

  range.addEventListener("input", refresh);
  back.addEventListener("click", () => step(-1));
  on.addEventListener("click", () => step(1));
  return { box, show(control) {
    values = control.values;
    Object.assign(range, { max: values.length - 1, value: control.now });
    range.setAttribute("aria-label", control.label);
    refresh();
  } };
}

function mountFilm(el, film, root = "") {
  el.insertAdjacentHTML("beforeend", FILM);
  const [bar, choice, caption, picture, note] = [".film-controls", "select", ".film-caption", "img", ".film-note"]
    .map((selector) => el.querySelector(selector));
  const address = (src) => (src.startsWith("data:") ? src : root + src);
  [picture.width, picture.height] = film.size;
  note.textContent = film.grid ? TOGETHER : ONE_BY_ONE;

  function show(number) {
    const frame = film.frames[number];
    Object.assign(picture, { src: address(frame.src), alt: frame.alt });
    caption.textContent = frame.caption;
    caption.hidden = !frame.caption;
  }

  if (film.grid) {
    const places = film.controls.map((control) => control.now);
    const now = () => places.reduce((sum, place, at) => sum * film.controls[at].values.length + place, 0);
    choice.parentElement.remove();
    film.controls.forEach((control, number) => {
      const { box, show: begin } = stepper((at) => { places[number] = at; show(film.grid[now()]); });
      box.prepend(`${control.label} `);
      bar.append(box);
      begin(control);
    });
  } else {
    const { box, show: begin } = stepper((at) => show(film.strips[choice.value][at]));
    choice.append(...film.controls.map((control, number) => new Option(control.label, number)));
    choice.addEventListener("change", () => begin(film.controls[choice.value]));
    bar.append(box);
    begin(film.controls[0]);
  }
  // Arrow keys in here move the film, not the slide; Tab and Escape leave as usual.
  el.addEventListener("keydown", (event) => { if (!["Tab", "Escape"].includes(event.key)) event.stopPropagation(); });
}
