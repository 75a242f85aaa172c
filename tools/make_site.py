"""The course as a static site: open index.html, or put the folder on any web server.

    python3 course.py site [--out FOLDER] [--still] [notebook ...]      build/site, all lectures and labs

Every lecture and every solved lab runs once, for its explorers and its timing; a run is kept in build/cache until
something changes.  --still : run nothing; explorers are then the pictures that the notebooks store.
"""
import argparse
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from publish import lessons  # noqa: E402
from publish.run import run  # noqa: E402
from publish.site import Site  # noqa: E402


def runs(chosen):
    """The run of each lesson by its name; of a lab, the run of its solution."""
    found = {}
    for lesson in chosen:
        path = lesson.path.parent / "solutions" / lesson.path.name if lesson.kind == "lab" else lesson.path
        found[lesson.name] = run(path)
    return found


def clear(folder):
    """Empty a folder that an earlier run made; any other folder with something in it is refused."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / "course.js").exists():
            sys.exit(f"{folder} holds something else than an earlier site: name an empty folder.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="*", type=Path, help="e.g. lectures/03_convolution.ipynb")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site", help="the folder for the site")
    parser.add_argument("--still", action="store_true", help="run nothing")
    options = parser.parse_args(arguments)
    try:
        chosen = [lessons.lesson(path) for path in options.notebooks] or lessons.lessons()
    except ValueError as error:
        parser.error(error)
    start = time.perf_counter()
    found = {} if options.still else runs(chosen)
    clear(options.out)
    middle = time.perf_counter()
    Site(options.out, chosen, found).write()
    files = [path for path in options.out.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"{options.out / 'index.html'}: {len(files)} files, {size:.1f} MB; {middle - start:.0f} s to run notebooks, "
          f"{time.perf_counter() - middle:.0f} s to write pages")


if __name__ == "__main__":
    sys.exit(main())
