"""`check.<exercise>`: the verdict as a card, the attempts, the hints, and the solution at last."""
import inspect
import itertools
import os

from IPython.display import display

from .card import Card
from .engine import fingerprint, judge
from .record import remember

RUNS = itertools.count(1)  # all checks count together, so that the one that ran last is known


class CheckFailed(AssertionError):
    """Raised while nbgrader grades, so that the grade sees the message that the learner saw."""

    def _render_traceback_(self):
        """What Jupyter shows for this error: the message, no frames."""
        return [str(self)]


class Checker:
    """The check of one exercise, and what this session has seen of it.

    Call it with your function. It counts the different answers you tried: checking the same answer
    again shows the same card and counts nothing.
    """

    def __init__(self, exercise):
        self.exercise = exercise
        self.__name__ = exercise.name
        self.__doc__ = f"Check {exercise.name}, {exercise.title}. Also .hint(), .use(answer) and .reveal()."
        self.forget()

    def forget(self):
        """Back to the start: no attempts, no hints, nothing revealed."""
        self.tried, self.outcome, self.checked = {}, "not checked", None  # tried: answer -> whether hints went with it
        self.causes, self.hint_cards, self.hints_seen, self.revealed = set(), 0, 0, False
        self.ran = 0

    def __repr__(self):
        name = self.exercise.name
        return f"check.{name}: call it with your function, check.{name}({name})"

    def __call__(self, *handed):
        card = self.card(handed[0] if len(handed) == 1 else handed or None)
        remember(self.exercise.name, self.outcome)
        if os.environ.get("NBGRADER_EXECUTION") and card.look != "right":
            raise CheckFailed(repr(card))
        display(card)

    @property
    def attempts(self):
        return len(self.tried)

    def card(self, answer):
        """Judge an answer, remember it, and return its card."""
        verdict, self.ran = judge(self.exercise, answer), next(RUNS)
        self.outcome, self.checked = verdict.outcome, fingerprint(answer)
        if verdict.outcome == "not attempted" or not callable(answer):
            return Card(verdict.outcome, self.title, verdict.message)
        is_new = (self.checked, verdict) not in self.tried
        with_hints = self.tried.setdefault((self.checked, verdict), False)
        message, name = verdict.message, verdict.misconception
        if verdict.at_first and self.attempts == 1:
            message, name = verdict.at_first, ""
        if is_new:
            with_hints = self.tried[self.checked, verdict] = self._hints_are_due(verdict, message, name)
        hint, more = self._hints() if with_hints else ("", "")
        return Card(verdict.outcome, self.title, message, name, verdict.rows, hint, more)

    @property
    def title(self):
        return f"{self.exercise.title}, {self.exercise.name}"

    def _hints_are_due(self, verdict, message, name):
        """Whether a new answer gets hints: from the second one on, unless its card names a cause for the first time."""
        if verdict.outcome == "right":
            return False
        cause = name or (message if verdict.outcome == "crashed" else "")
        new_cause = cause and cause not in self.causes
        self.causes.add(cause)
        if new_cause or self.attempts < 2:
            return False
        self.hint_cards += 1
        self.hints_seen = max(self.hints_seen, min(self.hint_cards, len(self.exercise.hints)))
        return True

    def _hints(self):
        """All hints seen so far; after the last one, the way to the solution."""
        after_the_last = self.hint_cards > len(self.exercise.hints)
        more = f"To see a solution: `check.{self.exercise.name}.reveal()`" if after_the_last else ""
        return self._hints_text(), more

    def _hints_text(self):
        hints = self.exercise.hints
        return "\n".join(f"Hint {number} of {len(hints)}: {text}"
                         for number, text in enumerate(hints[:self.hints_seen], start=1))

    def hint(self):
        """Show the next hint below those seen before."""
        self.hints_seen = min(self.hints_seen + 1, len(self.exercise.hints))
        last = self.hints_seen == len(self.exercise.hints)
        more = f"That was the last hint. To see a solution: `check.{self.exercise.name}.reveal()`" if last else ""
        display(Card("hint", self.title, "", hint=self._hints_text(), more=more))

    def reveal(self, now=False):
        """Show a solution, once your answer is right or you have seen every hint.

        now : show it at once.
        """
        left = len(self.exercise.hints) - self.hints_seen
        if left and not now and not self.revealed and self.outcome != "right":
            hints = "hint is" if left == 1 else "hints are"
            display(Card("hint", self.title, f"{left} {hints} left: `check.{self.exercise.name}.hint()`. To see a "
                                             f"solution anyway: `check.{self.exercise.name}.reveal(now=True)`"))
            return
        self.revealed = self.revealed or self.outcome != "right"
        source = inspect.getsource(self.exercise.reference).rstrip()
        display(Card("solution", self.title, "One way to write it. Read it, then write it in your own words.",
                     rows=(("Code", source),)))

    def use(self, answer):
        """Your function if its check said right, else the reference; one printed line says which."""
        name = self.exercise.name
        if self.checked is not None and fingerprint(answer) == self.checked and self.outcome == "right":
            print(f"With your {name}.")
            return answer
        print(f"With the reference {name}, since yours {self._shortcoming(answer)}.")
        return self.exercise.reference

    def _shortcoming(self, answer):
        if self.checked is None or fingerprint(answer) != self.checked:
            return "has not been checked in this version"
        return "is not written yet" if self.outcome == "not attempted" else "is not right yet"
