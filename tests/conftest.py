"""Fixtures and paths that several test modules share."""
import sys
from pathlib import Path

import matplotlib

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]
matplotlib.use("Agg")

import ipywidgets as widgets  # noqa: E402
import matplotlib.pyplot as plt  # noqa: E402
import pytest  # noqa: E402
from ipywidgets.widgets import interaction, widget, widget_output  # noqa: E402


@pytest.fixture
def strict_widgets(monkeypatch):
    """Errors in widget callbacks raise instead of being logged or swallowed; open figures fail."""

    def update(self, *changes):
        self.kwargs = {control._kwarg: control.get_interact_value() for control in self.kwargs_widgets}
        self.result = self.f(**self.kwargs)

    def call_all(self, *args, **kwargs):
        for callback in list(self.callbacks):
            callback(*args, **kwargs)

    monkeypatch.setattr(interaction.interactive, "update", update)
    monkeypatch.setattr(widget_output.Output, "__exit__", lambda self, *error: None)
    monkeypatch.setattr(widget.CallbackDispatcher, "__call__", call_all)
    before = set(plt.get_fignums())
    yield
    leaked = set(plt.get_fignums()) - before
    plt.close("all")
    assert not leaked, f"figures left open: {leaked}"


@pytest.fixture(scope="module")
def stage():
    """A browser for explorers that the page draws: see `widget_page.Stage`."""
    import widget_page

    with widget_page.stage() as opened:
        yield opened


def legal_values(control):
    """Edges and an inner value of any control."""
    if isinstance(control, widgets.SelectionSlider | widgets.Dropdown | widgets.ToggleButtons | widgets.RadioButtons):
        return [value for _, value in control._options_full]
    if isinstance(control, widgets.Checkbox | widgets.ToggleButton):
        return [not control.value, control.value]
    if hasattr(control, "min"):
        middle = control.min + (control.max - control.min) / 3
        return [control.min, control.max, type(control.value)(middle)]
    return []


@pytest.fixture
def drive():
    """Drive each control of an explorer through its legal values; returns how often the view changed."""

    def run(explorer):
        changes = {}
        for name, control in explorer.controls.items():
            seen = set()
            for value in legal_values(control):
                control.value = value
                seen.add((getattr(explorer.view, "png", None) or explorer.preview(), explorer.describe()))
            changes[name] = len(seen)
        return changes

    return run
