"""`check.<exercise>`: the verdict as a card, the attempts, the hints, and the solution at last."""
import inspect
import os

from IPython.display import display

from .card import Card
from .engine import fingerprint, judge


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
        self.tried, self.outcome, self.checked = set(), "not checked", None
        self.hints_seen, self.revealed = 0, False

    def __repr__(self):
        name = self.exercise.name
        return f"check.{name}: call it with your function, check.{name}({name})"

    def __call__(self, answer):
        card = self.card(answer)
        if os.environ.get("NBGRADER_EXECUTION") and card.look != "right":
            raise CheckFailed(repr(card))
        display(card)

    @property
    def attempts(self):
        return len(self.tried)

    def card(self, answer):
        """Judge an answer, remember it, and return its card."""
        verdict = judge(self.exercise, answer)
        self.outcome, self.checked = verdict.outcome, fingerprint(answer)
        attempted = verdict.outcome != "not attempted" and callable(answer)
        if attempted:
            self.tried.add((self.checked, verdict))
        hint, more = self._staged_hint() if attempted and verdict.outcome != "right" else ("", "")
        return Card(verdict.outcome, self.title, verdict.message, verdict.misconception, verdict.rows, hint, more)

    @property
    def title(self):
        return f"{self.exercise.title}, {self.exercise.name}"

    def _staged_hint(self):
        """From the second attempt on a hint comes with the card; after the last one, the way to the solution."""
        stage, hints = self.attempts - 1, self.exercise.hints
        if stage < 1:
            return "", ""
        number = min(stage, len(hints))
        self.hints_seen = max(self.hints_seen, number)
        more = f"To see a solution: `check.{self.exercise.name}.reveal()`" if stage > len(hints) else ""
        return self._hint_text(number), more

    def _hint_text(self, number):
        return f"Hint {number} of {len(self.exercise.hints)}: {self.exercise.hints[number - 1]}"

    def hint(self):
        """Show the next hint; after the last one, the last again."""
        self.hints_seen = min(self.hints_seen + 1, len(self.exercise.hints))
        last = self.hints_seen == len(self.exercise.hints)
        more = f"That was the last hint. To see a solution: `check.{self.exercise.name}.reveal()`" if last else ""
        display(Card("hint", self.title, self._hint_text(self.hints_seen), more=more))

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
