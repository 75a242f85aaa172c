"""Tests reach the processes in the right groups and order."""
from pathlib import Path

from tests import sharing

ROOT = Path(__file__).resolve().parent.parent

FITS = "tests/browser/test_browser.py::test_fits[lectures/04_cnn_stacks.ipynb]"
MOVES = "tests/browser/test_browser.py::test_moves[1024 x 768-lectures/04_cnn_stacks.ipynb]"
OTHER = "tests/browser/test_browser.py::test_fits[lectures/05_unet_segmentation.ipynb]"


def test_the_browsers_tests_of_one_notebook_share_its_kernel():
    assert sharing.together(FITS) == sharing.together(MOVES) != sharing.together(OTHER)
    assert sharing.together("tests/browser/test_published.py::test_a[x]") == "tests/browser/test_published.py"


def test_the_cells_of_a_notebook_stay_together():
    assert sharing.together("lectures/01_x.ipynb::Cell 1") == sharing.together("lectures/01_x.ipynb::Cell 2")


def test_a_long_test_that_stands_alone_may_go_to_any_process():
    for file in sharing.ALONE:
        assert sharing.together(f"{file}::test_x[a]") != sharing.together(f"{file}::test_x[b]")


def test_the_longest_come_first():
    ranks = [sharing.place(nodeid) for nodeid in (FITS, "tests/test_learner.py::test_x", "tests/test_conv.py::test_x")]
    assert ranks == sorted(set(ranks)) and ranks[-1] == len(sharing.LONGEST_FIRST)


def test_every_file_that_is_named_exists():
    for start in (*sharing.LONGEST_FIRST, *sharing.ALONE, sharing.BY_NOTEBOOK):
        assert list(ROOT.glob(f"{start}*")), start
