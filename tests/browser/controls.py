"""Moves every control of an explorer the way a learner would, by keyboard where there is one.

Explorers and controls are element handles, found once: on a long notebook, looking for them before every key press
takes longer than the press.
"""
from driver import PICTURE

CONTROLS = ".noUi-handle, input, select, textarea, button, canvas:not([role=img]), [tabindex='0']"
SAME_KIND = 5
KEYS = {"slider": ("End", "Home"), "range": ("End", "Home"), "number": ("ArrowUp", "ArrowDown"), "button": ("Enter",),
        "checkbox": ("Space",), "radio": ("Space",), "surface": ("ArrowRight", "ArrowDown", "Enter", "Space")}
KIND = """control => control.matches('.noUi-handle') ? 'slider' : control.tagName === 'INPUT' ? control.type
    : ['SELECT', 'BUTTON', 'TEXTAREA'].includes(control.tagName) ? control.tagName.toLowerCase() : 'surface'"""
# What a screen reader would call the control, or at least the text in it.
NAME = """control => control.ariaLabel ?? control.labels?.[0]?.innerText
    ?? (control.innerText || control.closest('.jupyter-widgets').innerText).slice(0, 40)"""


def controls(explorer):
    """Every control one can reach: (kind, element). Of many equal ones the first few."""
    found = []
    for control in explorer.query_selector_all(CONTROLS):
        if control.is_visible() and control.is_enabled():
            kind = control.evaluate(KIND)
            if sum(kind == other for other, _ in found) < SAME_KIND:
                found.append((kind, control))
    return found


def moves(page, kind, control):
    """The things to do to a control, as functions to call one after the other."""
    if kind == "select":
        options = range(len(control.query_selector_all("option")))
        return [lambda index=index: control.select_option(index=index) for index in options]
    if kind in ("text", "textarea"):
        return [lambda: control.fill("1"), lambda: press(page, control, "Enter")]
    keys = [lambda key=key: press(page, control, key) for key in KEYS[kind]]
    return [control.click, lambda: drag(page, control), *keys] if kind == "surface" else keys


def press(page, control, key):
    control.focus()
    page.keyboard.press(key)


def drag(page, control):
    """Draw the pointer over a surface that takes it."""
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.6 * box["height"], steps=5)
    page.mouse.up()


def drive(notebook, explorer):
    """Move every control; returns what did not work: a list of sentences, empty when all is well."""
    has_picture = explorer.query_selector(PICTURE) is not None
    start = before = notebook.state(explorer)
    new_pictures, dead = False, []
    for kind, control in controls(explorer):
        changed = False
        for move in moves(notebook.page, kind, control):
            move()
            notebook.settle()
            after = notebook.state(explorer)
            changed, new_pictures = changed or after != before, new_pictures or after["pictures"] != before["pictures"]
            before = after
        if has_picture and not changed:
            dead.append(f"the {kind} {control.evaluate(NAME)!r} changes nothing")
    if has_picture and not new_pictures:
        return ["no control changes the picture"]
    return dead if has_picture or before != start else ["nothing happens, whatever one does"]
