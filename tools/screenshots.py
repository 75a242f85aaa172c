"""Pictures of a notebook as learners and audiences see it, taken in a real browser.

    python tools/screenshots.py lectures/01_pixels_and_tensors.ipynb FOLDER      slides, notebook and explorers
    python tools/screenshots.py --explorer window_level --out docs/explorer.png  one explorer, as in the README
"""
import argparse
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from driver import NO_BROWSER, PICTURE, NotebookPage, open_browser  # noqa: E402
from lab_server import LabServer, copy_course  # noqa: E402

PART = {"width": 1280, "height": 2400}            # of a long notebook: as much as one can look at at once
MARGIN = 8
INK = "img, canvas, svg, label, input, select, button, .slider, .widget-readout, .widget-html-content"
BOUNDS = """(explorer, ink) => {
    const parts = [...explorer.querySelectorAll(ink)].map((part) => part.getBoundingClientRect());
    const boxes = parts.filter((box) => box.width);
    const [left, top] = ['left', 'top'].map((side) => Math.min(...boxes.map((box) => box[side])));
    const [right, bottom] = ['right', 'bottom'].map((side) => Math.max(...boxes.map((box) => box[side])));
    return {x: left, y: top, width: right - left, height: bottom - top};
}"""


@contextmanager
def opened(notebook):
    """The notebook, run in JupyterLab."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "course"
        root.mkdir()
        server = LabServer(copy_course(root), scratch)
        try:
            with open_browser() as browser:
                if browser is None:
                    sys.exit(NO_BROWSER)
                page = NotebookPage(browser, server, size=PART).open_in_lab(notebook)
                page.run_all()
                yield page, browser
        finally:
            server.close()


def explorers(page):
    """(name, element) of every explorer with a picture; the name is that of its factory."""
    for group in page.explorers():
        if group.query_selector(PICTURE):
            source = page.source(group).split("explore.")[-1]
            yield source.split("(")[0].strip(), group


def save_explorer(page, explorer, path):
    explorer.scroll_into_view_if_needed()
    page.settle()
    box = explorer.evaluate(BOUNDS, INK)
    clip = {"x": box["x"] - MARGIN, "y": box["y"] - MARGIN,
            "width": box["width"] + 2 * MARGIN, "height": box["height"] + 2 * MARGIN}
    path.parent.mkdir(parents=True, exist_ok=True)
    page.page.screenshot(path=path, clip=clip)
    print(path)


def save_notebook(page, folder):
    """The notebook from top to bottom, in parts."""
    panel = page.page.query_selector(".jp-WindowedPanel-outer")
    step, height = panel.evaluate("panel => [panel.clientHeight - 40, panel.scrollHeight]")
    for part, top in enumerate(range(0, height, step)):
        panel.evaluate("(panel, top) => { panel.scrollTop = top }", top)
        page.settle()
        panel.screenshot(path=folder / f"notebook-{part:02}.png")
    print(f"{part + 1} parts of the notebook")


def save_slides(page, browser, folder):
    page.save()
    show = NotebookPage(browser, page.server).open_as_slides(page.notebook, explorers=len(page.explorers()))
    for slide in show.slides():
        measured = show.measure(slide)
        show.settle()
        show.page.screenshot(path=folder / f"{slide}.png")
        print(f"{slide}: {measured['title']}", *measured["sides"], *measured["cut"], sep="  ")


def everything(notebook, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with opened(notebook) as (page, browser):
        for number, (name, explorer) in enumerate(explorers(page)):
            save_explorer(page, explorer, folder / f"explorer-{number:02}-{name}.png")
        save_notebook(page, folder)
        save_slides(page, browser, folder)


def one_explorer(name, path):
    call = f"explore.{name}("
    homes = [source for source in sorted(ROOT.glob("lectures/*.ipynb")) if call in source.read_text(encoding="utf-8")]
    if not homes:
        sys.exit(f"No lecture calls {call}…). Name an explorer that one of them shows.")
    with opened(homes[0].relative_to(ROOT).as_posix()) as (page, _):
        save_explorer(page, dict(reversed(list(explorers(page))))[name], path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebook", nargs="?", help="e.g. lectures/01_pixels_and_tensors.ipynb")
    parser.add_argument("folder", nargs="?", type=Path, help="where the pictures go")
    parser.add_argument("--explorer", help="name of one explorer, e.g. window_level")
    parser.add_argument("--out", type=Path, help="the file its picture goes to")
    options = parser.parse_args()
    if options.explorer and options.out:
        one_explorer(options.explorer, options.out)
    elif options.notebook and options.folder:
        everything(options.notebook, options.folder)
    else:
        parser.error("name a notebook and a folder, or --explorer and --out")


if __name__ == "__main__":
    main()
