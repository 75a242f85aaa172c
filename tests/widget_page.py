"""A bare page, without JupyterLab and without a kernel, that mounts one widget's ES module on a stand-in model."""
import base64
import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import ipywidgets
import pytest
from playwright.sync_api import sync_playwright

HOME = "http://widget.test/"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--host-resolver-rules=MAP * ~NOTFOUND"]
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>widget</title>
<style>body { margin: 0; font-family: sans-serif } .dark { background: #111; color: #e0e0e0;
  --jp-layout-color1: #212121; --jp-border-color0: #757575; --jp-brand-color1: #64b5f6; --jp-ui-font-color1: #fff }
</style>
<body><main id="home"></main><button id="after">after</button><script type="module">
import widget from "./widget.js";
const bytes = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
const state = STATE, listeners = {};
for (const [name, value] of Object.entries(state)) if (value?.bytes !== undefined) state[name] = bytes(value.bytes);
window.saved = 0;
window.leaked = [];                        // keys that escape from the widget would turn a slide
document.addEventListener("keydown", (event) => window.leaked.push(event.key));
window.model = {
  get: (name) => state[name],
  set(name, value) {
    if (JSON.stringify(state[name]) === JSON.stringify(value)) return;
    state[name] = value;
    (listeners[name] ?? []).forEach((listener) => listener());
  },
  save_changes() { window.saved += 1; },
  on(event, listener) { (listeners[event.slice(7)] ??= []).push(listener); },
  off(event, listener) {
    listeners[event.slice(7)] = (listeners[event.slice(7)] ?? []).filter((other) => other !== listener);
  },
};
window.left = () => Object.values(listeners).flat().length;
window.unmount = widget.render({ model: window.model, el: document.getElementById("home") });
window.ready = true;
</script></body></html>"""


@contextmanager
def stage():
    """A browser to show widgets in: the system's, else Playwright's. Skips where there is none, except in CI."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome") or playwright.chromium.executable_path
        if not Path(path).exists() and os.environ.get("CI") != "true":
            pytest.skip("No Chromium: the widgets were not tried in a browser.")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield Stage(browser)
        browser.close()


class Stage:
    """One page for each pixel ratio, used again for every widget, since a new page takes half a second."""

    def __init__(self, browser):
        self.browser, self.pages, self.files, self.problems = browser, {}, {}, []

    @contextmanager
    def show(self, widget, *, width=1280, height=720, ratio=1, dark=False):
        """A page with the widget; afterwards no error was raised and no request left the page."""
        html = PAGE.replace("STATE", json.dumps(state_of(widget)))
        html = html.replace('<html lang="en">', '<html lang="en" class="dark">') if dark else html
        self.files.update({HOME: (html, "text/html"), f"{HOME}widget.js": (str(widget._esm), "text/javascript")})
        self.problems.clear()
        page = self.pages.get(ratio) or self.new_page(ratio)
        page.set_viewport_size({"width": width, "height": height})
        page.mouse.move(0, 0)
        page.goto(HOME)
        page.wait_for_function("window.ready")
        settle(page)
        yield page
        assert not self.problems, self.problems

    def new_page(self, ratio):
        page = self.pages[ratio] = self.browser.new_context(device_scale_factor=ratio).new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if line.type == "error" else None)
        page.route("**/*", self.answer)
        return page

    def answer(self, route):
        body, kind = self.files.get(route.request.url, (None, None))
        if body is None:
            self.problems.append(f"request to {route.request.url}")
            return route.abort()
        return route.fulfill(body=body, content_type=f"{kind}; charset=utf-8")


def state_of(widget):
    """The synchronised state without the module's own text, bytes as base64."""
    names = [name for name in widget.trait_names(sync=True) if not name.startswith("_")]
    state = {name: getattr(widget, name) for name in names}
    return {name: {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
            for name, value in state.items() if not isinstance(value, ipywidgets.Widget)}


def settle(page):
    """Wait until the browser has painted what it was told."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def get(page, name):
    """The present value of one trait."""
    return page.evaluate(f"model.get('{name}')")


def put(page, name, value):
    """Set one trait as Python would."""
    page.evaluate("([name, value]) => model.set(name, value)", [name, value])


def with_state(explorer, page):
    """The Python side brought to the state of the page, as the messages of the page would."""
    names = [name for name in ("values", "cursor", "revealed", "position", "square", "level", "width", "pixels")
             if explorer.view.has_trait(name)]
    explorer.view.set_state({name: get(page, name) for name in names})
    return explorer


def pixel(page, selector, x, y):
    """RGB of a canvas at CSS pixels (x, y) from its corner."""
    return page.evaluate("""([selector, x, y]) => {
      const canvas = document.querySelector(selector), ratio = canvas.width / canvas.clientWidth;
      const pen = canvas.getContext("2d");
      return [...pen.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data].slice(0, 3);
    }""", [selector, x, y])
