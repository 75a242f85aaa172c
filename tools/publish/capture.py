"""Runs inside a notebook's kernel: what each explorer and question needs to live on in a page without a kernel."""
import base64
import gzip
import inspect
import time
from pathlib import Path

import ipywidgets as widgets

from helpers import quiz
from helpers.explore.live import Explorer
from publish.film import film

PART = "application/vnd.course.part+json"


def install():
    """From now on every explorer and question that is shown also carries its part (see `part`)."""
    for kind in (Explorer, quiz.Question, quiz.Recall):
        kind._repr_mimebundle_ = with_part(kind._repr_mimebundle_)


def with_part(show):
    """A `_repr_mimebundle_` that adds the part, and the seconds that making it took."""
    def bundle(self, **options):
        shown, start = show(self, **options), time.perf_counter()
        made = part(self)
        return {**shown, PART: {**made, "seconds": time.perf_counter() - start}}

    return bundle


def part(shown):
    """An explorer or question as a dict for JSON; its key `kind` says what else is in it."""
    if isinstance(shown, quiz.Recall):
        return {"kind": "questions", "questions": [question(child) for child in shown.children]}
    if isinstance(shown, quiz.Question):
        return {"kind": "questions", "questions": [question(shown)]}
    return film(shown) if hasattr(shown.view, "png") else module(shown.view)


def question(asked):
    """Kind, text, options, and the reply to each of them."""
    return {"title": asked.kind, "text": asked.text, "options": asked.options,
            "replies": [asked.react(option) for option in asked.options]}


def module(view):
    """A view whose ES module works without a kernel: the module's name, and the state that it starts from."""
    name = Path(inspect.getfile(type(view))).stem
    names = [name for name in view.trait_names(sync=True) if not name.startswith("_")]
    state = {name: getattr(view, name) for name in names}
    return {"kind": "module", "module": name,
            "state": {name: packed(value) for name, value in state.items() if not isinstance(value, widgets.Widget)}}


def packed(value):
    """Bytes compressed and as text, everything else as it is."""
    if isinstance(value, bytes):
        return {"gzip": base64.b64encode(gzip.compress(value, mtime=0)).decode()}
    return value
