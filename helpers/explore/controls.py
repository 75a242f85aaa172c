"""Labelled controls of one look for all explorers."""
from contextlib import contextmanager

import ipywidgets as widgets

WIDE = {"description_width": "initial"}


def slider(label, value, low, high, step=1, *, width="310px", form=None):
    """A slider over [low, high]: whole numbers unless a value or step has decimals."""
    whole = all(float(number).is_integer() for number in (value, low, high, step))
    kind = widgets.IntSlider if whole else widgets.FloatSlider
    settings = {} if form is None else {"readout_format": form}
    return kind(value=value, min=low, max=high, step=step, description=label, style=WIDE,
                layout=widgets.Layout(width=width), **settings)


def steps(label, options, value, *, width="310px"):
    """A slider over a list of values."""
    return widgets.SelectionSlider(options=options, value=value, description=label, style=WIDE,
                                   layout=widgets.Layout(width=width))


def choice(label, options, value=None, *, width="310px"):
    """A drop-down list; the first option unless `value` says otherwise."""
    options = [option if isinstance(option, tuple) else (str(option), option) for option in options]
    first = options[0][1]
    return widgets.Dropdown(options=options, value=first if value is None else value, description=label,
                            style=WIDE, layout=widgets.Layout(width=width))


def tick(label, value=False, *, width="170px"):
    """A box to tick."""
    return widgets.Checkbox(value, description=label, indent=False, layout=widgets.Layout(width=width))


def button(label):
    """A button as wide as its words."""
    return widgets.Button(description=label, layout=widgets.Layout(width="auto"))


def count(label, value, high, *, width="150px"):
    """A box for a whole number from 1 to `high`."""
    return widgets.BoundedIntText(value=value, min=1, max=high, description=label, style=WIDE,
                                  layout=widgets.Layout(width=width))


@contextmanager
def one_picture(control):
    """Set several controls as one movement: a live figure is drawn once, at the end, not once for each.

    control : the one that sets the others; while it lasts it is `busy`.
    """
    control.busy = True
    try:
        yield
    finally:
        control.busy = False


def follow_preset(preset, table, targets, custom="your own"):
    """Tie a drop-down of named settings to the controls it sets, both ways.

    preset : drop-down whose options are the keys of `table` and `custom`.
    table : dict of name to values, in the order of `targets`.
    """

    def apply(change):
        if change["new"] in table and not preset.busy:
            with one_picture(preset):
                for control, value in zip(targets, table[change["new"]], strict=True):
                    control.value = value

    def name():
        now = tuple(control.value for control in targets)
        matches = [key for key, values in table.items() if tuple(values) == now]
        preset.value = matches[0] if matches else custom

    def settle(change):
        if not preset.busy:
            with one_picture(preset):
                name()

    preset.busy = False
    preset.observe(apply, "value")
    for control in targets:
        control.observe(settle, "value")
