// A prebuilt JupyterLab extension, written by hand: it is one module-federation container, so it needs no build step.

// 1. Widgets in the slide show. The ipywidgets manager asks for the shared module @jupyterlab/console. JupyterLab has
//    it, the RISE app has not, so no widget appears there (github.com/jupyterlab-contrib/rise/issues/119).
//    A slide show has no console: an empty stand-in is enough.
const CONSOLE = "@jupyterlab/console";
const emptyConsole = {
  IConsoleTracker: { name: "rise-widgets:IConsoleTracker" },
  CodeConsole: class {},
  ConsolePanel: class {},
};

function shareConsole(scope) {
  if (scope[CONSOLE]) return;
  // Newer than any 4.x the manager may ask for.
  scope[CONSOLE] = { "4.99.0": { get: async () => () => emptyConsole, from: "rise-widgets", loaded: 1 } };
}

// 2. Keys in the slide show. JupyterLab's shortcuts and Reveal both listen on the page, in this order.
//    In a widget neither may hear a key, or ArrowRight on a slider would turn the slide. Escape leaves the widget; and
//    from buttons and check boxes, which have no use for arrows, the arrows and page keys still turn the slide.
//    Outside a widget the keys that turn slides belong to Reveal alone: JupyterLab would jump to the next heading, past
//    answers that are not shown yet.
const WIDGET = ".jupyter-widgets, .jp-OutputArea-output canvas";
const CLICKED = "button, input[type=checkbox]";
const EDITOR = ".cm-content";
const TURNS = ["ArrowLeft", "ArrowRight", "PageUp", "PageDown", " "];

function shareOutKeys() {
  window.addEventListener("keydown", ({ target, key }) => {
    const inWidget = Boolean(target.closest?.(WIDGET));
    const forReveal = TURNS.includes(key) && !target.closest?.(EDITOR);
    target.toggleAttribute?.("data-lm-suppress-shortcuts", inWidget || forReveal);   // Lumino looks for this attribute
    if (inWidget && key === "Escape") setTimeout(() => target.blur());               // after the widget has seen it
  }, true);
  document.body.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!target.closest?.(WIDGET)) return;
    if (target.matches(CLICKED) && TURNS.includes(key) && key !== " ") target.blur();  // Reveal ignores an active input
    else event.stopPropagation();                                                      // Reveal listens one step up
  });
}

// 3. The look of the slide show: slides.css, beside this file.
const here = document.currentScript.src;

function addStyle() {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("slides.css", here) });
  document.head.append(link);
}

// 4. Widgets that come late. ipywidgets waits two seconds for a widget that was made before the page was opened. On a
//    busy machine the widgets of a long notebook need longer, and the last ones stay "model not found" although they
//    arrive. Those are drawn once more.
const LATE = "Error displaying widget: model not found";
const drawnAgain = new WeakSet();

function drawAgain(node, app) {
  if (drawnAgain.has(node)) return;
  drawnAgain.add(node);
  for (const panel of app.shell.widgets("rise")) {
    for (const { outputArea } of panel.content.widgets) {
      outputArea?.widgets.forEach((output, index) => {
        const renderer = output.widgets.find((part) => part.node === node);
        renderer?.removeClass("jupyter-widgets");
        renderer?.renderModel(outputArea.model.get(index));
      });
    }
  }
}

// 5. Names of sliders, everywhere. ipywidgets prints a slider's label beside it but does not tie the two together, so
//    a screen reader says "slider, 50" and not which one. The label becomes the handle's name.
function nameSlider(handle) {
  const label = handle.closest(".widget-slider")?.querySelector(".widget-label")?.textContent;
  if (label) handle.ariaLabel = label;
}

function watchPage(app) {
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      for (const node of addedNodes) {
        node.querySelectorAll?.(".noUi-handle").forEach(nameSlider);
        if (node.data === LATE && inSlideShow()) drawAgain(target, app);
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
}

function inSlideShow() {
  const config = document.getElementById("jupyter-config-data");
  return Boolean(config && JSON.parse(config.textContent).notebookPath);
}

function activate(app) {
  watchPage(app);
  if (!inSlideShow()) return;
  shareOutKeys();
  addStyle();
}

window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB["rise-widgets"] = {
  init: shareConsole,
  get: async () => () => ({ __esModule: true, default: { id: "rise-widgets:plugin", autoStart: true, activate } }),
};
