"""A course of one short lecture and its lab, with every kind of thing that a page can show."""
import nbformat
from publish import lessons, run
from refresh import normalise

TITLE = """# 1 · A small lecture

**Does a page work without a kernel?**

1. It does.

About 5 minutes."""
NOTES = "**For the instructor.** 2 minutes. Common wrong answer: *no*."
SETUP = """import matplotlib.pyplot as plt
import numpy as np
from helpers import explore, ledger, quiz, show"""
IDEA = r"""## 1 · The only idea

A loss is $-\log p$, see [the lab](../labs/01_small.ipynb) and [a page](https://example.org/):

$$J = \frac{1}{n} \sum_i x_i^2$$

| a | b |
|---|---|
| `1` | 2 |"""
FIGURE = """fig, axis = plt.subplots(figsize=(9, 2))
axis.plot([0, 1])
show.figure(fig, "A line that rises from zero to one.")"""
CELLS = [  # (id, type of the slide, source); code unless the id ends in text
    ("title-text", "slide", TITLE), ("title-notes-text", "notes", NOTES), ("setup", "skip", SETUP),
    ("idea-text", "slide", IDEA),
    ("ask", "-", 'quiz.predict("How many ones?", options=[0, 3, 9])'),
    ("tell", "fragment", 'print("counted")\nquiz.reveal(int(np.eye(3).sum()))'),
    ("pixels-text", "subslide", "Numbers:"),
    ("pixels", "-", "explore.pixel_editor(np.arange(9).reshape(3, 3) / 8)"),
    ("convolution-text", "subslide", "Slide:"), ("convolution", "-", "explore.convolution()"),
    ("volume-text", "subslide", "A volume:"),
    ("volume", "-", "explore.volume_viewer(np.arange(480.0).reshape(6, 10, 8), (3, 2, 2), low=0, high=479)"),
    ("pad-text", "subslide", "Draw:"),
    ("pad", "-", "explore.draw_digit(np.eye(64)[:3] - 0.01, np.zeros(3), [1, -1, 0.5], 0.1, start=np.eye(8) * 16)"),
    ("strips-text", "subslide", "Count:"), ("strips", "-", "explore.parameter_counter()"),
    ("grid-text", "subslide", "Shrink:"), ("grid", "-", "explore.shrinking_nodule()"),
    ("figure-text", "subslide", "A figure, and a claim:"),
    ("figure", "-", FIGURE),
    ("claim", "-", 'ledger.check("ct-pixel-counts", {"pixels": [256 ** 2, 512 ** 2]})'),
    ("recall-text", "slide", "## Recall"), ("recall", "-", 'quiz.recall("lecture 1")'),
]
LAB = """# Lab 1 · A small lab

**And this one?**

Two exercises, 10 to 20 minutes."""
ANSWER = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
FOLD = "<details><summary>Answer</summary>\n\nTwice $x$.\n\n</details>"
LAB_CELLS = [("title-text", "-", LAB), ("ex1-text", "-", "## Exercise 1 · Twice (1 min)\n\nDouble it."),
             ("ex1-answer", "-", ANSWER), ("fold-text", "-", FOLD)]


def notebook(cells):
    """A notebook of (id, type of the slide, source)."""
    made = nbformat.v4.new_notebook()
    for cell_id, kind, source in cells:
        new = nbformat.v4.new_markdown_cell if cell_id.endswith("text") else nbformat.v4.new_code_cell
        made.cells.append(new(source, id=cell_id, metadata={"slideshow": {"slide_type": kind}}))
    return made


def make(folder):
    """Write the course, run the lecture once.  Returns lecture, lab and the lecture's run."""
    for kind, cells in (("lectures", CELLS), ("labs", LAB_CELLS)):
        (folder / kind).mkdir(parents=True)
        nbformat.write(notebook(cells), folder / kind / "01_small.ipynb")
    path = folder / "lectures" / "01_small.ipynb"
    stored = nbformat.read(path, as_version=4)
    result = run.execute(stored, path.parent)
    for cell in stored.cells:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(run.PART, None)
    nbformat.write(normalise(stored, path.stem), path)
    return *lessons.lessons(folder), result
