"""Key to picture: what passes between the press of a key and the new picture in a real browser."""
import statistics
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from driver import EXPLORER, NO_BROWSER, NotebookPage, open_browser  # noqa: E402
from lab_server import LabServer  # noqa: E402

KEY_MS, TIMES_FASTER = 60, 3
SCAN = """from helpers import data, explore
scan = data.load_ct("spine")
hu = data.to_hu(scan.values, scan.slope, scan.intercept)"""
# The same picture as explore.window_level, drawn the usual way: a new figure for each value.
INTERACT = SCAN + """
import ipywidgets as widgets
import matplotlib.pyplot as plt
from helpers.explore.intensity import _window_figure

def draw(level, width):
    fig, picture, curve, band, *_ = _window_figure(hu, scan.spacing, "CT")
    picture.set_data(data.window(hu, level, width))
    curve.set_data([-1100, level - width / 2, level + width / 2, 2000], [0, 0, 1, 1])
    band.set_x(level - width / 2)
    band.set_width(width)
    plt.show()

widgets.interact(draw, level=widgets.IntSlider(40, -1000, 1000, 10), width=widgets.IntSlider(400, 10, 3000, 10));"""
CELLS = {
    "window_level": SCAN + "\nexplore.window_level(hu, scan.spacing)",
    "interact": INTERACT,
    "pixel_editor": "from helpers import explore\nimport numpy as np\n"
                    "explore.pixel_editor(np.linspace(0, 1, 196).reshape(14, 14))",
    "volume_viewer": "from helpers import data, explore\nbrain = data.load_brain()\n"
                     "explore.volume_viewer(brain.values, brain.spacing)",
}
# In the page: when the last key went down, and when the first picture after it was there.
WATCH = """
window.keyAt = window.pictureAt = 0;
const seen = () => { if (!window.pictureAt) window.pictureAt = performance.now(); };
addEventListener("keydown", () => { window.keyAt = performance.now(); window.pictureAt = 0; }, true);
document.addEventListener("load", ({ target }) => { if (target.tagName === "IMG") seen(); }, true);
const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (...given) {
  draw.apply(this, given);
  if (this.canvas.isConnected && window.keyAt) requestAnimationFrame(seen);
};
"""
CONTROL = "[role=application][tabindex='0'], .noUi-handle"
ERROR = ".jp-OutputArea-output:is([data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr'])"
PAUSE_MS = 150                                      # between two presses: a person's, so that nothing piles up


def key_to_picture(folder, row, presses):
    """Print a row for each explorer, and how much faster it is than `interact` with `plt.show`."""
    root = folder / "notebooks"
    root.mkdir()
    for name, source in CELLS.items():
        cells = [nbformat.v4.new_code_cell(source)]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), root / f"{name}.ipynb")
    with open_browser() as browser:
        if browser is None:
            print(f"key to picture not measured: {NO_BROWSER}")
            return
        print(f"Browser {browser.version}")
        server = LabServer(root, folder)
        try:
            times = {name: milliseconds(browser, server, name, presses) for name in CELLS}
        finally:
            server.close()
    report(times, row)


def milliseconds(browser, server, name, presses):
    """Of each press, the time until the picture is there."""
    notebook = NotebookPage(browser, server, watch=False)
    notebook.context.add_init_script(WATCH)
    notebook.open_in_lab(f"{name}.ipynb").run_all()
    for error in notebook.page.query_selector_all(ERROR):
        raise RuntimeError(error.inner_text())
    control = notebook.page.wait_for_selector(f"{EXPLORER} :is({CONTROL})")
    notebook.page.wait_for_selector(f"{EXPLORER} :is(img, canvas), .jp-OutputArea-output img")
    control.focus()
    times = []
    for press in range(presses + 2):                # the first two warm up
        notebook.page.wait_for_timeout(PAUSE_MS)
        notebook.page.keyboard.press("ArrowRight" if press % 2 else "ArrowLeft")
        notebook.page.wait_for_function("() => window.pictureAt > window.keyAt", polling="raf")
        times.append(notebook.page.evaluate("() => window.pictureAt - window.keyAt"))
    notebook.close_notebook()
    notebook.close()
    return times[2:]


def report(times, row):
    usual = times.pop("interact")
    for name, measured in times.items():
        row(f"{name}: key to picture, median", KEY_MS, statistics.median(measured), "ms")
        print(f"{name + ': key to picture, 95th percentile':58} {'':12} {percentile(measured, 95):>9.1f} ms")
    print(f"{'the picture of window_level through interact, median':58} {'':12} {statistics.median(usual):>9.1f} ms")
    row("window_level is faster than interact by a factor of", TIMES_FASTER,
        statistics.median(usual) / statistics.median(times["window_level"]), "×", at_least=True)


def percentile(values, percent):
    return sorted(values)[round((len(values) - 1) * percent / 100)]
