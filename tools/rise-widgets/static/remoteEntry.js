// A prebuilt JupyterLab extension, written by hand: it is one module-federation container, so it needs no build step.
// It mends two things in the slide show of jupyterlab-rise (/rise/...) and leaves JupyterLab itself alone.

// 1. Widgets. The ipywidgets manager asks for the shared module @jupyterlab/console, which JupyterLab has and the RISE
//    app has not; so the manager fails to load and no widget appears (github.com/jupyterlab-contrib/rise/issues/119).
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

// 2. Keys. Reveal and JupyterLab's shortcuts both listen on the page: ArrowRight on a slider would turn the slide.
//    Keys typed in a widget stay there. Two exceptions keep the presenter moving: Escape leaves the widget, and on
//    buttons and check boxes, which have no use for them, the arrow and page keys still turn the slide.
const WIDGET = ".jupyter-widgets, .jp-OutputArea-output canvas";
const CLICKED = "button, input[type=checkbox], input[type=radio]";
const TURNS = ["ArrowLeft", "ArrowRight", "PageUp", "PageDown"];

function inRise() {
  const config = document.getElementById("jupyter-config-data");
  return Boolean(config && JSON.parse(config.textContent).notebookPath);
}

function keepKeysInWidgets() {
  // Lumino reads shortcuts before the widget sees the key, and looks for this attribute.
  document.addEventListener("focusin", ({ target }) => {
    if (target.closest?.(WIDGET)) target.setAttribute("data-lm-suppress-shortcuts", "true");
  }, true);
  // Reveal listens on the document, after the widget: stop the key one step before.
  document.body.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!target.closest?.(WIDGET) || (target.matches(CLICKED) && TURNS.includes(key))) return;
    event.stopPropagation();
    if (key === "Escape") target.blur();
  });
}

const plugin = {
  id: "rise-widgets:plugin",
  autoStart: true,
  activate: () => { if (inRise()) keepKeysInWidgets(); },
};

window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB["rise-widgets"] = {
  init: shareConsole,
  get: async () => () => ({ __esModule: true, default: plugin }),
};
