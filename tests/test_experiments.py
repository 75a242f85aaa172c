"""The lectures' experiments keep their promises for other seeds, on one thread and two; what is stored is true."""
import json
import re

import experiments
import numpy as np
import pytest
from lecture_experiments import LECTURE_4, LECTURE_5, LECTURE_6

from helpers import spreads

SHOWN = [name for name, (path, _, _) in experiments.EXPERIMENTS.items() if path in experiments.SHOWN]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", [name for name in experiments.EXPERIMENTS if name not in experiments.SLOW])
def test_two_more_seeds_keep_what_the_lecture_asserts(name, threads):
    one_each = experiments.EXPERIMENTS[name][0] in (LECTURE_5, LECTURE_6)  # half a minute each
    seeds = (100 + threads,) if one_each else (101, 102)
    results = experiments.spread(name, seeds=seeds, threads=threads)
    promised = experiments.EXPERIMENTS[name][2]
    assert promised.keys() <= results.keys()
    for result, ends in promised.items():
        assert experiments.keeps(results[result], *ends), (result, results[result])


def test_training_changes_what_an_untrained_network_scores():
    results = experiments.spread("zero-against-one", seeds=(0, 1), threads=1)
    assert max(results["before"]) < 0.6
    assert min(results["after"]) - max(results["before"]) > 0.35


# ---- the stored spreads


def test_every_experiment_of_a_lecture_that_shows_them_is_stored_and_shown():
    assert list(spreads.stored()["experiments"]) == SHOWN
    for path in experiments.SHOWN:
        text = (experiments.ROOT / path).read_text(encoding="utf-8")
        calls = re.findall(r"spreads\.table\(([^)]*)\)", text)
        asked = {name for call in calls for name in re.findall(r'\\"([\w-]+)\\"', call)}
        assert asked == {name for name in SHOWN if experiments.EXPERIMENTS[name][0] == path}


@pytest.mark.parametrize("name", SHOWN)
def test_the_stored_spread_belongs_to_the_present_code_and_keeps_the_promises(name):
    stored = spreads.stored()["experiments"][name]
    assert stored["code"] == experiments.code_of(name), f"run: python3 course.py bench seeds {name} --store"
    assert stored["promised"] == json.loads(json.dumps(experiments.EXPERIMENTS[name][2]))
    seeds = len(experiments.seeds_of(name))
    assert name in stored["made"] and stored["made"].startswith(f"{seeds} seeds") and seeds >= 5
    for result, runs in stored["results"].items():
        assert runs.keys() == set(map(str, experiments.threads_of(name)))
        assert all(len(values) == seeds for values in runs.values())
        for values in runs.values():
            assert experiments.keeps(values, *stored["promised"].get(result, (None, None))), result


@pytest.mark.parametrize("name", ["nodule-classifier", "capacity", "residual"])
def test_a_stored_seed_comes_out_again(name):
    """In double precision, whatever the processor: to the digits that the lecture prints."""
    again = experiments.spread(name, seeds=(7,), threads=1)
    for result, runs in spreads.stored()["experiments"][name]["results"].items():
        np.testing.assert_allclose(again[result][0], runs["1"][7], rtol=0.02, atol=0.005, err_msg=result)


def test_code_that_changes_changes_the_fingerprint_and_a_comment_does_not(monkeypatch):
    before = experiments.code_of("residual")
    cells = experiments.sources(LECTURE_4)
    monkeypatch.setattr(experiments, "sources", lambda path: [*cells[:-1], cells[-1] + "  # said again"])
    assert experiments.code_of("residual") == before
    monkeypatch.setattr(experiments, "sources", lambda path: [*cells[:-1], cells[-1] + "\nseed = 1"])
    assert experiments.code_of("residual") != before


# ---- the table


@pytest.fixture
def three_runs(monkeypatch):
    held = {"residual": {"made": "3 seeds <here>", "code": "", "promised": {"a": [0.5, None]},
                         "results": {"a": {"1": [0.9, 0.7], "2": [0.8, 0.6]}, "b & c": {"1": [19.4], "2": [-0.001]}}}}
    monkeypatch.setattr(spreads, "stored", lambda: {"experiments": held})


def test_the_table_shows_least_median_and_most_of_all_runs(three_runs):
    table = spreads.table("residual")
    assert table.cells() == [spreads.HEAD, ("a", "above 0.5", "0.60", "0.75", "0.90"),
                             ("b & c", "", "0.00", "9.70", "19")]
    assert repr(table).splitlines() == [
        "result   promised  least  median  most", "a       above 0.5   0.60    0.75  0.90",
        "b & c               0.00    9.70    19", "3 seeds <here>"]


def test_the_table_in_html_has_a_head_and_says_how_it_was_made(three_runs):
    text = spreads.table("residual")._repr_html_()
    assert text.count("<tr>") == 3 and text.count('<th scope="col"') == 5 and text.count("</th>") == 5
    assert "b &amp; c" in text and "3 seeds &lt;here&gt;" in text


def test_an_unknown_experiment_gets_one_sentence(three_runs):
    with pytest.raises(ValueError, match=r"^No spread of 'resdual' is stored; choose one of residual\.$"):
        spreads.table("resdual")


def test_a_missing_file_gets_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(spreads, "SPREADS_FILE", tmp_path / "spreads.json")
    with pytest.raises(FileNotFoundError, match="restore it with `git checkout data/spreads.json`"):
        spreads.stored.__wrapped__()


# ---- storing


def test_storing_keeps_the_other_experiments_and_the_order(monkeypatch, tmp_path):
    monkeypatch.setattr(spreads, "SPREADS_FILE", tmp_path / "spreads.json")
    runs = {1: {"plain": [17.123456, 16.0]}, 2: {"plain": [17.5, 16.5]}}
    for name in ("transfer", "residual", "transfer"):
        experiments.keep(name, runs, seeds=2)
    held = json.loads(spreads.SPREADS_FILE.read_text(encoding="utf-8"))["experiments"]
    assert list(held) == ["residual", "transfer"]
    assert held["residual"]["results"] == {"plain": {"1": [17.123, 16.0], "2": [17.5, 16.5]}}
    assert held["residual"]["made"].startswith("2 seeds, each with one and with two threads: python3 course.py")
    assert "[17.123, 16.0]" in spreads.SPREADS_FILE.read_text(encoding="utf-8")


def test_bench_counts_the_promises_that_are_not_kept(monkeypatch, capsys):
    results = {"plain": [17.0, 8.0], "shortcuts": [1.0, 2.0]}
    monkeypatch.setattr(experiments, "spread", lambda name, seeds, threads: results)
    assert experiments.bench_seeds(quick=True, names=["residual"]) == 2          # on one thread and on two
    told = capsys.readouterr().out.splitlines()
    assert told[1].endswith("above 9, not kept") and told[2].endswith("below 3")
