"""How the tests are shared out among processes, and in which order."""
import re

import psutil
import pytest

# The longest come first, so that no process ends long after the others.
LONGEST_FIRST = ("tests/browser", "tests/test_learner.py", "tests/test_experiments.py", "tests/test_labs.py",
                 "tests/test_check_exercises.py", "tests/test_grading.py", "lectures/", "labs/",
                 "tests/test_nbval_house.py", "tests/test_course.py", "tests/test_widgets")
# One process runs a whole file: the cells of a notebook share a kernel, many tests a fixture. Except where each test
# is long and stands alone, or where those about one notebook do.
ALONE = ("tests/test_learner.py", "tests/test_experiments.py")
BY_NOTEBOOK = "tests/browser/test_browser.py"
NOTEBOOK = re.compile(r"(lectures|labs)/\w+\.ipynb")


def place(nodeid):
    """Where a test stands in LONGEST_FIRST."""
    fits = [rank for rank, start in enumerate(LONGEST_FIRST) if nodeid.startswith(start)]
    return fits[0] if fits else len(LONGEST_FIRST)


def together(nodeid):
    """What the tests that one process runs have in common: most often their file.

    >>> together("tests/test_conv.py::test_sizes"), together("tests/test_learner.py::test_cells[labs/01_a.ipynb]")
    ('tests/test_conv.py', 'tests/test_learner.py::test_cells[labs/01_a.ipynb]')
    """
    file, notebook = nodeid.split("::")[0], NOTEBOOK.search(nodeid)
    if file in ALONE:
        return nodeid
    return f"{file} {notebook[0]}" if file == BY_NOTEBOOK and notebook else file


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: place(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """One process more than there are cores, since browser tests wait as much as they compute."""
    return min(4, (psutil.cpu_count() or 1) + 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return together(nodeid)

    return Scheduling(config, log)
