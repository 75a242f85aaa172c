"""Loads what every test run needs, notebooks included, and shares the tests out among processes."""
import pytest

pytest_plugins = ["tests.nbval_house"]
# Together on one process: the cells of a notebook share a kernel, the browser tests a JupyterLab.
# The longest come first, so that no process ends long after the others.
LONGEST_FIRST = ("tests/browser", "lectures/", "labs/", "tests/test_learner.py", "tests/test_labs.py",
                 "tests/test_nbval_house.py", "tests/test_course.py")


def place(item):
    """Where an item stands in LONGEST_FIRST."""
    fits = [rank for rank, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start)]
    return fits[0] if fits else len(LONGEST_FIRST)


def pytest_collection_modifyitems(items):
    for item in items:
        file = item.nodeid.split("::")[0]
        if file.endswith(".ipynb"):
            item.add_marker(pytest.mark.xdist_group(file))
        elif file.startswith("tests/browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
    items.sort(key=place)
