"""A lecture as one HTML file of slides: reveal.js, formulas, pictures, explorers and notes, all inside."""
import copy
import json
import re
from importlib.util import find_spec
from pathlib import Path

from publish.exporter import CourseExporter, in_script, scripts, terms
from publish.pictures import Inline

PROGRAMS = ("model.js", "film.js", "parts.js", "questions.js")
STYLES = ("cells.css", "deck.css")
LICENSE = """/*! {notice}
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
to permit persons to whom the Software is furnished to do so, subject to the following conditions: The above
copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT
SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION
OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
DEALINGS IN THE SOFTWARE. */"""


def build(lesson, parts):
    """The text of a deck.  parts : of a run of the lecture, see run.run."""
    program, style = reveal()
    exporter = CourseExporter("slides.html.j2", Inline(), link=lambda url: url if url.startswith("http") else None)
    page = exporter.export(
        arranged(lesson.notebook), parts, lesson=lesson, styles=style + "\n" + scripts(*STYLES),
        programs=scripts(*PROGRAMS), reveal=program, deck=scripts("deck.js"))
    parts = {**exporter.parts, "terms": "\n\n".join(terms().values())}
    return page.replace("<!-- PARTS -->", "\n".join(map(embedded, parts.items())))


def embedded(part):
    """A part as an element that `course.load` finds."""
    name, content = part
    kind = "text/plain" if isinstance(content, str) else "application/json"
    return f'<script type="{kind}" id="part-{name}">{in_script(content)}</script>'


def arranged(notebook):
    """A copy whose cells say in metadata.place where columns, slides and fragments begin and end."""
    notebook = copy.deepcopy(notebook)
    shown = [cell for cell in notebook.cells if kind(cell) != "skip"]
    notebook.cells, fragment = shown, False
    for cell, after in zip(shown, [*shown[1:], None], strict=True):
        following = kind(after) if after else "slide"
        ends = following in ("slide", "subslide")
        begins = kind(cell) == "fragment"
        fragment = fragment and kind(cell) not in ("slide", "subslide") or begins
        cell.metadata.place = {
            "kind": kind(cell), "column_begins": cell is shown[0] or kind(cell) == "slide",
            "slide_begins": cell is shown[0] or kind(cell) in ("slide", "subslide"), "fragment_begins": begins,
            "fragment_ends": fragment and (ends or following == "fragment"), "slide_ends": ends,
            "column_ends": following == "slide"}
    return notebook


def kind(cell):
    """The slide type of a cell: slide, subslide, fragment, skip, notes or -."""
    return cell.metadata.get("slideshow", {}).get("slide_type", "-")


def reveal():
    """Program and style of reveal.js, from the copy that jupyterlab-rise presents with.

    The wheel's source maps hold the files of reveal.js as they were published.  Returns text of a module that defines
    Reveal, and CSS.  Raises LookupError where a later version of the wheel no longer has them.
    """
    program = original("reveal.js/dist/reveal.esm.js")
    notice = " ".join(line.strip("* ") for line in program.split("*/")[0].splitlines()[1:] if line.strip("* "))
    program, found = re.subn(r"export default (\w+);\s*//.*\s*$", r"const Reveal = \1;", program)
    style = re.search(r"push\(\[module\.id, `((?:[^`\\]|\\.)*)`", original("reveal.js/dist/reveal.css"), re.DOTALL)
    if not found or not style:
        raise LookupError("reveal.js in jupyterlab-rise looks different from what tools/publish/deck.py expects.")
    css = re.sub(r"url\(\$\{\w+\}\)", "none", style[1])           # three icons, which the wheel keeps elsewhere
    css = re.sub(r"\\(.)", r"\1", css)
    licensed = LICENSE.format(notice=notice)
    return f"{licensed}\n{program}", f"{licensed}\n{css}"


def original(name):
    """A file of reveal.js, found by its name in the source maps of jupyterlab-rise."""
    for path in sorted(Path(find_spec("jupyterlab_rise").origin).parent.glob("static/*.js.map")):
        text = path.read_text(encoding="utf-8")
        if f'node_modules/{name}"' in text:
            sources = json.loads(text)
            return next(content for source, content in zip(sources["sources"], sources["sourcesContent"], strict=True)
                        if source.endswith(name))
    raise LookupError(f"jupyterlab-rise ships no {name}: tools/publish/deck.py needs another way to reveal.js.")
