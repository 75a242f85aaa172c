"""Lectures as slides, each in one file that opens without a network and without a kernel.

    python3 course.py slides [notebook ...] [--out FOLDER]      all lectures into build/slides unless you say otherwise

Each lecture runs once, so that its explorers come along; a run is kept in build/cache until something changes.
"""
import argparse
import sys
import time
from pathlib import Path

from publish import deck, lessons
from publish.run import run

ROOT = Path(__file__).resolve().parents[1]


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="*", type=Path, help="e.g. lectures/03_convolution.ipynb")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "slides", help="the folder for the decks")
    options = parser.parse_args(arguments)
    try:
        chosen = [lessons.lesson(path) for path in options.notebooks]
    except ValueError as error:
        parser.error(error)
    others = [lesson.name for lesson in chosen if lesson.kind != "lecture"]
    if others:
        parser.error(f"only lectures are slides, and {others[0]} is none.")
    options.out.mkdir(parents=True, exist_ok=True)
    for lesson in chosen or [lesson for lesson in lessons.lessons() if lesson.kind == "lecture"]:
        start, path = time.perf_counter(), options.out / f"{lesson.path.stem}.html"
        path.write_text(deck.build(lesson, run(lesson.path)["parts"]), encoding="utf-8", newline="\n")
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB in {time.perf_counter() - start:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
