"""The lectures' experiments keep their promises for other seeds, with one and with two threads."""
import experiments
import pytest


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", experiments.EXPERIMENTS)
def test_two_more_seeds_keep_what_the_lecture_asserts(name, threads):
    results = experiments.spread(name, seeds=(101, 102), threads=threads)
    for result, (least, most) in experiments.EXPERIMENTS[name][2].items():
        assert least <= min(results[result]) and max(results[result]) <= most, (result, results[result])


def test_training_changes_what_an_untrained_network_scores():
    results = experiments.spread("zero-against-one", seeds=(0, 1), threads=1)
    assert max(results["before"]) < 0.6
    assert min(results["after"]) - max(results["before"]) > 0.35
