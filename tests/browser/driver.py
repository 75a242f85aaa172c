"""Drives one notebook in the browser: in JupyterLab, and as a slide show."""
import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright
from traffic import Traffic

SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
NO_BROWSER = ("no browser found. Install one: `apt install chromium` (Debian, Ubuntu), Google Chrome, "
              "or `playwright install chromium` in this environment")
# Nothing but this machine can be resolved; and the browser's own errands are off.
OFFLINE = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-background-networking",
           "--disable-component-update", "--disable-sync", "--no-first-run", "--no-pings", "--disable-gpu"]
DRIVER = Path(__file__).with_name("driver.js")
SIZE = {"width": 1280, "height": 720}
EXPLORER = ".jp-OutputArea-output:has(> .jupyter-widgets):not(:has(.widget-hprogress))"
TRAINING_BAR = ".jp-OutputArea-output .widget-hprogress .progress-bar"          # shows, and takes nothing
PICTURE = "img, canvas, svg"
KERNEL_IDLE = """notebook => {
    const shown = window.jupyterapp?.shell.currentWidget;
    return shown?.context?.path === notebook && shown.sessionContext?.session?.kernel?.status === "idle";
}"""
IN_SIGHT = """control => {
    const box = control.getBoundingClientRect();
    const middle = [(box.left + box.right) / 2, Math.max(0, Math.min(innerHeight - 1, (box.top + box.bottom) / 2))];
    const seen = document.elementFromPoint(...middle);
    return seen !== null && (control.contains(seen) || seen.contains(control) && seen.matches(".jupyter-widgets *"));
}"""
SLIDE = ".slides > section.present > section.present"


def browser_executable(playwright):
    """Path of a Chromium: the system's, else Playwright's own; None if there is neither."""
    found = filter(None, map(shutil.which, SYSTEM_BROWSERS))
    own = Path(playwright.chromium.executable_path)
    return next(found, None) or (str(own) if own.exists() else None)


@contextmanager
def open_browser():
    """A headless Chromium without network, or None."""
    with sync_playwright() as playwright:
        executable = browser_executable(playwright)
        browser = executable and playwright.chromium.launch(executable_path=executable, args=OFFLINE)
        yield browser
        if browser:
            browser.close()


class NotebookPage:
    """A page of the browser with one notebook in it.

    browser : from open_browser().  server : a LabServer.  size : of the window.
    watch : False listens to nothing, so that nothing but the page takes time.
    """

    def __init__(self, browser, server, size=SIZE, watch=True):
        self.server, self.notebook = server, None
        self.context = browser.new_context(viewport=size, reduced_motion="reduce")
        self.context.add_init_script(path=DRIVER)
        self.page = self.context.new_page()
        self.traffic = Traffic(self.page if watch else None)

    def close(self):
        self.context.close()

    # --- JupyterLab ---------------------------------------------------------------------------------------------

    def open_in_lab(self, notebook):
        """Open a notebook, given by its path below the server's root, and wait for its kernel."""
        if self.notebook is None:
            self.page.goto(self.server.url("lab/tree", notebook))
        else:                                          # JupyterLab is there: much faster than loading it again
            self.command("docmanager:open", path=notebook)
        self.notebook = notebook
        self.page.wait_for_function(KERNEL_IDLE, arg=notebook, timeout=60_000)
        return self

    def run_all(self, seconds=120):
        """Run every cell, and wait until the kernel has nothing left to say."""
        self.page.set_default_timeout(seconds * 1000)
        self.command("notebook:run-all-cells")
        self.page.set_default_timeout(30_000)
        self.settle(seconds)

    def save(self):
        self.command("docmanager:save")

    def close_notebook(self):
        """Close the notebook and its kernel; JupyterLab stays."""
        self.save()                                    # or JupyterLab would ask
        self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.command("application:close")

    def command(self, name, **arguments):
        self.page.evaluate("([name, given]) => jupyterapp.commands.execute(name, given).then(() => null)",
                           [name, arguments])

    @contextmanager
    def resized(self, size):
        """Another size of the window for a while; without the side bar, which a small one does not keep open."""
        self.command("application:toggle-left-area")
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.settle()
        yield
        self.page.set_viewport_size(SIZE)
        self.command("application:toggle-left-area")
        self.settle()

    def can_be_reached(self, control):
        """Whether scrolling brings a control into the window from its left to its right end, its middle to sight."""
        control.scroll_into_view_if_needed()
        box, size = control.bounding_box(), self.page.viewport_size
        return box["x"] >= -1 and box["x"] + box["width"] <= size["width"] + 1 and control.evaluate(IN_SIGHT)

    def cell_errors(self):
        """Error outputs in the notebook, as 'cell 3: ValueError: …'."""
        return self.page.evaluate("""() => jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, index) =>
            (cell.model.outputs?.toJSON() ?? []).filter((output) => output.output_type === "error")
                .map((output) => `cell ${index}: ${output.ename}: ${output.evalue}`))""")

    # --- the slide show -----------------------------------------------------------------------------------------

    def open_as_slides(self, notebook, explorers=0):
        """Open a notebook as slides, and wait until as many groups of widgets as in JupyterLab are drawn."""
        self.notebook = notebook
        self.page.goto(self.server.url("rise", notebook))
        self.page.wait_for_selector(f".jp-NotebookPanel.reveal.ready {SLIDE}", timeout=60_000)
        self.page.wait_for_function("([part, count]) => document.querySelectorAll(part).length >= count",
                                    arg=[EXPLORER, explorers], timeout=20_000)
        self.settle()
        return self

    def slides(self, with_part="*"):
        """Ids of all slides and sub-slides, in order; or of those that contain a part, given by its selector."""
        return self.page.eval_on_selector_all(f".slides > section > section:has({with_part})",
                                              "all => all.map(slide => slide.id)")

    def current_slide(self):
        return self.page.locator(SLIDE).get_attribute("id")

    def go_to(self, slide):
        """Turn to a slide; returns its locator."""
        self.page.wait_for_function("slide => courseDriver.goTo(slide)", arg=slide, polling=50)
        return self.page.locator(f"{SLIDE}#{slide}")

    def measure(self, slide):
        """Title of a slide and how far it leaves the window, all fragments shown: a dict, see driver.js."""
        return self.go_to(slide).evaluate("slide => courseDriver.measure(slide)")

    # --- explorers, in both ---------------------------------------------------------------------------------------

    def settle(self, seconds=30):
        """Wait until every message to the kernel is answered and the page has drawn twice."""
        give_up, quiet = time.monotonic() + seconds, 0
        while quiet < 2:
            self.page.evaluate("() => courseDriver.frames(1)")
            quiet = 0 if self.traffic.busy else quiet + 1
            if time.monotonic() > give_up:
                raise TimeoutError(f"the kernel of {self.notebook} was still busy after {seconds} s")

    def explorers(self, within=""):
        """Every group of widgets on the page, quizzes included, as element handles."""
        return [group for group in self.page.query_selector_all(f"{within} {EXPLORER}") if group.is_visible()]

    def state(self, explorer):
        """What an explorer shows: {"pictures": …, "words": …}, to be compared."""
        return explorer.evaluate("explorer => courseDriver.state(explorer)")

    def source(self, explorer):
        """The code of the cell an explorer stands in."""
        return explorer.evaluate("explorer => explorer.closest('.jp-Cell').querySelector('.cm-content').textContent")


def in_ci():
    return os.environ.get("CI", "").lower() not in ("", "0", "false")
