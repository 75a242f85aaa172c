"""What a learner sees: a card in text and in HTML, readable on light and dark pages."""
import html
from dataclasses import dataclass

# Icon, words, colour. White on these colours has a contrast of at least 5 to 1, on any page; the
# text beside it takes the colour of the page.
LOOKS = {
    "right": ("✓", "Right", "#1B6E33"),
    "wrong": ("✗", "Not right yet", "#A3281E"),
    "crashed": ("⚠", "Stopped with an error", "#8A4B00"),
    "not attempted": ("○", "Not attempted yet", "#4F5B66"),
    "hint": ("➜", "Hint", "#005A96"),
    "solution": ("☰", "Solution", "#5B3A8C"),
}
PLACE = "Stopped in"  # the label of the row with a line of code
BADGE = "display:inline-block;padding:0 .6em;border-radius:1em;background:{};color:#FFFFFF;font-weight:bold"
BOX = "border-left:5px solid {};padding:.2em 0 .2em .9em;margin:.4em 0;max-width:56em;line-height:1.5"
GRID = "display:grid;grid-template-columns:max-content 1fr;gap:.1em 1em;margin:.4em 0"
CODE = ("margin:0;font-family:monospace;font-size:.95em;white-space:pre-wrap;overflow-wrap:anywhere;"
        "background:transparent;color:inherit")


@dataclass(frozen=True)
class Card:
    """look : a key of LOOKS.  title : the exercise.  rows : (label, text) pairs, shown as they are, but for PLACE.

    hint : one hint on each line.
    """

    look: str
    title: str
    message: str
    name: str = ""
    rows: tuple = ()
    hint: str = ""
    more: str = ""

    def __repr__(self):
        icon, words, _ = LOOKS[self.look]
        lines = [f"{icon} {words} · {self.title}", self._sentence()]
        width = max((len(label) for label, _ in self.rows), default=0)
        for label, text in self.rows:
            lines.append(f"{label:<{width}}  " + text.replace("\n", "\n" + " " * (width + 2)))
        lines += [line for line in (self.hint, self.more) if line]
        return "\n".join([lines[0], *("  " + part for line in lines[1:] if line for part in line.split("\n"))])

    def _sentence(self):
        return f"{self.heading()}. {self.message}" if self.name else self.message

    def heading(self):
        """The name of the mistake, as the start of a sentence."""
        return self.name[:1].upper() + self.name[1:]

    def _repr_html_(self):
        icon, words, colour = LOOKS[self.look]
        name = f"<b>{in_html(self.heading())}.</b> " if self.name else ""
        rows = "".join(f'<dt style="margin:0;font-weight:bold">{html.escape(label)}</dt>'
                       f'<dd style="{CODE}">{in_html(text) if label == PLACE else html.escape(text)}</dd>'
                       for label, text in self.rows)
        hints = "".join(f"<div>{in_html(text)}</div>" for text in (*self.hint.split("\n"), self.more) if text)
        return (f'<div role="status" style="{BOX.format(colour)}">'
                f'<div><span style="{BADGE.format(colour)}"><span aria-hidden="true">{icon}</span> {words}</span> '
                f"{html.escape(self.title)}</div><div>{name}{in_html(self.message)}</div>"
                + (f'<dl style="{GRID}">{rows}</dl>' if rows else "") + f"{hints}</div>")

    def _repr_mimebundle_(self, **settings):
        return {"text/plain": repr(self), "text/html": self._repr_html_()}


def in_html(text):
    """Escaped text in which `code` stands in a code font; odd backticks stay as they are.

    >>> in_html("use `a < b`")
    'use <code style="background:transparent;color:inherit">a &lt; b</code>'
    """
    parts = html.escape(text, quote=False).split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    style = 'style="background:transparent;color:inherit"'
    return "".join(f"<code {style}>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
