"""Questions before answers: predict what a cell will show, recall what a lecture taught."""
import html
import tomllib
from pathlib import Path

import ipywidgets as widgets

QUESTIONS_FILE = Path(__file__).parent / "quiz_questions.toml"
# The widgets' own 13 pixels cannot be read from the back of a lecture hall; and a long option must not push its circle
# away where the window is narrow.
LARGER = """<style>.course-question { --jp-widgets-font-size: 18px; font-size: 18px }
.course-question .widget-radio-box { flex-wrap: wrap; height: auto }
.course-question .widget-radio-box label { display: flex; height: auto }
.course-question .widget-radio-box input { flex: none; order: -1 }</style>"""
_chosen = {}  # question -> option, so that a cell that runs again keeps what you answered
_asked = {}  # question -> options, in the order in which they were first asked


class Question(widgets.VBox):
    """A question with its options; stored in a notebook as plain text, alive when the cell has run."""

    def __init__(self, kind, text, options, react):
        self.kind, self.text, self.options = kind, text, list(map(str, options))
        before = _chosen.get(text)
        self.choice = widgets.RadioButtons(
            options=self.options, value=before if before in self.options else None, description="Your answer",
            orientation="horizontal" if max(map(len, self.options)) < 24 else "vertical",
            layout=widgets.Layout(width="auto"), style={"description_width": "initial"})
        self.reply = widgets.HTML(react(before) if before in self.options else "")
        self.choice.observe(self._answered, "value")
        self.react = react
        super().__init__([widgets.HTML(f"{LARGER}<b>{kind}.</b> {html.escape(text)}"), self.choice, self.reply])
        self.add_class("course-question")

    def _answered(self, change):
        _chosen[self.text] = change["new"]
        self.reply.value = self.react(change["new"])

    def __repr__(self):
        return f"{self.kind}. {self.text}\n" + "\n".join(f"( ) {option}" for option in self.options)

    def _repr_mimebundle_(self, **settings):
        items = " &emsp; ".join(f"○ {html.escape(option)}" for option in self.options)
        static = f"<p><b>{self.kind}.</b> {html.escape(self.text)}<br>{items}</p>"
        return {**super()._repr_mimebundle_(**settings), "text/plain": repr(self), "text/html": static}


def predict(question, options):
    """Ask what the next cell will show, before it runs.

    question : one sentence.  options : at least two possible answers, shown as text.
    Returns a widget; your choice is kept and `reveal` holds the computed value against it.
    Raises ValueError for fewer than two or repeated options.
    """
    options = list(map(str, options))
    if len(options) < 2 or len(set(options)) < len(options):
        raise ValueError("A prediction needs at least two options, all different.")
    _asked[question] = options
    return Question("Predict", question, options, lambda choice: "Noted. Now run the next cell.")


class Revealed:
    """The computed answer beside the prediction."""

    def __init__(self, question, value):
        chosen = _chosen.get(question)
        if question is None:
            self.text = f"Computed: {value}, which was not among the options."
        elif chosen is None:
            self.text = f"Computed: {value}."
        elif chosen == str(value):
            self.text = f"Computed: {value}, as you predicted."
        else:
            self.text = f"Computed: {value}. You predicted {chosen}: what did you assume?"

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        return f'<p role="status"><b>{html.escape(self.text)}</b></p>'


def reveal(value):
    """Show a computed value beside your prediction.

    value : compared as text with the option you chose. It belongs to the last question that offers it, so that
        this cell can be run again after later questions were asked.
    Raises RuntimeError when nothing was asked yet.
    """
    if not _asked:
        raise RuntimeError("No prediction was asked yet: run the cell with quiz.predict first.")
    offering = [question for question, options in _asked.items() if str(value) in options]
    return Revealed(offering[-1] if offering else None, value)


def recall(topic):
    """The recall questions of a lecture or lab, each with an explanation after you answer.

    topic : a heading of `quiz_questions.toml`, for example "lecture 1".
    Returns a widget.  Raises KeyError for an unknown topic.
    """
    bank = questions()
    if topic not in bank:
        raise KeyError(f"There are no recall questions for {topic!r}; there are some for {', '.join(bank)}.")
    return Recall([_recall_question(entry) for entry in bank[topic]])


def questions():
    """All recall questions by topic: question, options, answer (one of them), because, where (a part of a lecture)."""
    return tomllib.loads(QUESTIONS_FILE.read_text(encoding="utf-8"))


class Recall(widgets.VBox):
    """Several questions below each other."""

    def _repr_mimebundle_(self, **settings):
        parts = [child._repr_mimebundle_() for child in self.children]
        static = {kind: "\n".join(part[kind] for part in parts) for kind in ("text/plain", "text/html")}
        return {**super()._repr_mimebundle_(**settings), **static}


def _recall_question(entry):
    def react(choice):
        right = choice == entry["answer"]
        verdict = "✓ Right." if right else "✗ Not quite."
        taught = f"<i>Taught in {html.escape(entry['where'])}.</i>"
        return f'<span role="status"><b>{verdict}</b> {html.escape(entry["because"])} {taught}</span>'

    return Question("Recall", entry["question"], entry["options"], react)
