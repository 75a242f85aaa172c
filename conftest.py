"""Loads what every test run needs, notebooks included, and sets the order in which files are shared out."""
import os

import pytest

os.environ["DL_COURSE_HOME"] = ""  # no test and no notebook it runs touches a learner's results
pytest_plugins = ["tests.nbval_house"]
collect_ignore_glob = ["*conftest.py"]  # no doctests there, and two files of one name
# Each file goes to one process as a whole: the cells of a notebook share a kernel, the browser tests a JupyterLab.
# The longest come first, so that no process ends long after the others.
LONGEST_FIRST = ("tests/browser", "tests/test_learner.py", "lectures/", "labs/", "tests/test_labs.py",
                 "tests/test_nbval_house.py", "tests/test_course.py", "tests/test_widgets")


def place(item):
    """Where an item stands in LONGEST_FIRST."""
    fits = [rank for rank, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start)]
    return fits[0] if fits else len(LONGEST_FIRST)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=place)
