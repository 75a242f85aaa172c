"""The room of ten: everybody gets everything, and what is lost is counted."""
import bench_load
import nbformat
import pytest

CHECK = "from helpers import check\ncheck.to_hu(lambda stored, slope, intercept: stored * {})"


def notebook(path, *cells):
    made = nbformat.v4.new_notebook()
    for name, source, grade in cells:
        made.cells.append(nbformat.v4.new_code_cell(source, id=name))
        made.cells[-1].metadata["nbgrader"] = {"grade": grade}
    nbformat.write(made, path)
    return path


@pytest.fixture(scope="module")
def sessions(tmp_path_factory):
    path = notebook(tmp_path_factory.mktemp("room") / "lab.ipynb", ("setup", "import time", False),
                    ("slow", "time.sleep(0.3)", False), ("fails", "1 / 0", False),
                    ("wrong", CHECK.format("slope"), True), ("right", CHECK.format("slope + intercept"), True))
    return bench_load.at_once(2, path)


def test_every_cell_of_every_learner_is_timed(sessions):
    assert [len(each.seconds) for each in sessions] == [5, 5]
    assert all(each.seconds[1] >= 0.3 > each.seconds[0] for each in sessions)


def test_a_cell_that_fails_and_an_answer_that_is_not_right_are_lost(sessions):
    assert [each.lost for each in sessions] == [("fails", "wrong")] * 2


def test_memory_of_its_own_is_part_of_what_is_resident(sessions):
    assert all(50 * 2**20 < each.own < each.resident < 2 * 2**30 for each in sessions)


def test_the_table_has_a_line_for_one_and_one_for_all(monkeypatch, capsys):
    asked = []

    def room(learners):
        asked.append(learners)
        return [bench_load.Session((0.1, 0.3), 300 * 2**20, 500 * 2**20, ("ex1-check",))] * learners

    monkeypatch.setattr(bench_load, "at_once", room)
    assert bench_load.bench_load(quick=False) == 11 and asked == [1, 10]
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split()[3:] == ["10", "0.20", "s", "0.30", "s", "0.30", "s", "300,", "500", "MiB", "10"]
