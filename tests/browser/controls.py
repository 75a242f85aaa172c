"""Moves every control of an explorer the way a learner would, by keyboard where there is one."""
from driver import PICTURE

CONTROLS = ".noUi-handle, input, select, textarea, button, canvas:not([role=img]), [tabindex='0']"
SAME_KIND = 8
KEYS = {"slider": ("End", "Home"), "range": ("End", "Home"), "number": ("ArrowUp", "ArrowDown"),
        "surface": ("ArrowRight", "ArrowDown", "Enter", "Space")}
KIND = """control => control.matches('.noUi-handle') ? 'slider' : control.tagName === 'INPUT' ? control.type
    : ['SELECT', 'BUTTON', 'TEXTAREA'].includes(control.tagName) ? control.tagName.toLowerCase() : 'surface'"""


def controls(explorer):
    """Every control one can reach: (kind, locator). Of many equal ones the first few."""
    found = []
    for control in explorer.locator(CONTROLS).all():
        if control.is_visible() and control.is_enabled():
            kind = control.evaluate(KIND)
            if sum(kind == other for other, _ in found) < SAME_KIND:
                found.append((kind, control))
    return found


def moves(kind, control):
    """The things to do to a control, as functions to call one after the other."""
    if kind == "select":
        options = range(control.locator("option").count())
        return [lambda i=i: control.select_option(index=i) for i in options]
    if kind in ("button", "checkbox", "radio"):
        return [control.click]
    if kind in ("text", "textarea"):
        return [lambda: control.fill("1"), lambda: control.press("Enter")]
    keys = [lambda key=key: press(control, key) for key in KEYS[kind]]
    return pointer(control) + keys if kind == "surface" else keys


def press(control, key):
    control.focus()
    control.press(key)


def pointer(control):
    """Clicks and a drag over a surface that takes the pointer."""
    def at(x, y):
        box = control.bounding_box()
        return {"x": box["width"] * x, "y": box["height"] * y}

    return [lambda: control.hover(position=at(0.4, 0.4)), lambda: control.click(position=at(0.3, 0.6)),
            lambda: control.drag_to(control, source_position=at(0.3, 0.3), target_position=at(0.7, 0.6))]


def name(control):
    """What a screen reader would call the control, or its tag."""
    return control.evaluate("""control => control.ariaLabel ?? control.labels?.[0]?.innerText
        ?? document.getElementById(control.getAttribute('aria-labelledby'))?.innerText
        ?? (control.innerText || control.closest('.jupyter-widgets')?.innerText || control.tagName).slice(0, 40)""")


def drive(notebook, explorer):
    """Move every control; returns what did not work: a list of sentences, empty when all is well."""
    has_picture = explorer.locator(PICTURE).count() > 0
    start = before = notebook.state(explorer)
    new_pictures, dead = False, []
    for kind, control in controls(explorer):
        changed = False
        for move in moves(kind, control):
            move()
            notebook.settle()
            after = notebook.state(explorer)
            changed, new_pictures = changed or after != before, new_pictures or after["pictures"] != before["pictures"]
            before = after
        if has_picture and not changed:
            dead.append(f"the {kind} {name(control)!r} changes nothing")
    if has_picture and not new_pictures:
        return ["no control changes the picture"]
    return dead if has_picture or before != start else ["nothing happens, whatever one does"]
