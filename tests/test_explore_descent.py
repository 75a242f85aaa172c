"""Gradient descent on a line: paths as torch takes them, every named behaviour on the numbers, all controls."""
import ipywidgets as widgets
import numpy as np
import pytest
import torch
from explorers import pixels

from helpers import explore
from helpers.explore import descent
from helpers.explore.batches import BATCHES, WAYS
from helpers.explore.rates import BEHAVIOURS

pytestmark = pytest.mark.usefixtures("strict_widgets")
FACTORIES = {"learning_rate": explore.learning_rate, "batch_size": explore.batch_size}


def points(seed=0, samples=30, low=0.0, high=4.0, slope=1.5, intercept=1.0):
    generator = np.random.default_rng(seed)
    x = generator.uniform(low, high, samples)
    return x, slope * x + intercept + generator.normal(0, 0.5, samples)


DATA = {"lecture": points(), "other seed": points(1), "narrow": points(2, low=2.0, high=3.0),
        "centred": points(3, 40, -2.0, 2.0, -0.7, 0.2), "wide": points(4, 12, 0.0, 100.0, 0.05, 30.0)}


def torch_path(x, y, rate, batches, start):
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    line = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD([line], lr=abs(rate), maximize=rate < 0)  # torch climbs when told to maximise
    path = [line.detach().clone()]
    for batch in batches:
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(line[0] * x[batch] + line[1], y[batch]).backward()
        optimiser.step()
        path.append(line.detach().clone())
    return torch.stack(path).numpy()


def excess(x, y, path):
    """Loss of every point of a path above the least one, which NumPy's least squares knows."""
    columns = np.stack([x, np.ones_like(x)], axis=1)
    least = columns @ np.linalg.lstsq(columns, y, rcond=None)[0]
    return np.array([np.mean((w * x + b - y) ** 2) for w, b in path]) - np.mean((least - y) ** 2)


def preset_path(data, name, start="steep and flat"):
    """Fifty steps of a preset of learning_rate, and its coordinate across the valley."""
    x, y = DATA[data]
    part, direction = BEHAVIOURS[name]
    rate = descent.rates_for(x, descent.RATES)[part] * {"against": 1, "along": -1}[direction]
    best, _, starts = descent.landscape(x, y)
    path = descent.gradient_descent(x, y, rate, 50, starts[start])
    return path, (path - best) @ descent.curvature(x)[1][:, 1]


@pytest.mark.parametrize("data", DATA)
def test_surface_is_the_loss_of_torch(data):
    x, y = DATA[data]
    w, b = np.linspace(-3, 3, 5), np.linspace(-2, 4, 4)
    surface = descent.mse_surface(x, y, w, b[:, None])
    assert surface.shape == (4, 5)
    for row, column in np.ndindex(4, 5):
        predicted = torch.from_numpy(w[column] * x + b[row])
        expected = torch.nn.functional.mse_loss(predicted, torch.from_numpy(y)).item()
        assert surface[row, column] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("data", DATA)
def test_curvature_is_that_of_the_hessian_of_torch(data):
    x, y = (torch.from_numpy(values) for values in DATA[data])
    hessian = torch.autograd.functional.hessian(
        lambda line: torch.nn.functional.mse_loss(line[0] * x + line[1], y), torch.zeros(2, dtype=torch.float64))
    values, vectors = descent.curvature(x.numpy())
    assert values == pytest.approx(torch.linalg.eigvalsh(hessian).numpy(), rel=1e-9)
    assert hessian.numpy() @ vectors == pytest.approx(vectors * values, rel=1e-9)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("part", [0.002, 0.5, 0.95, 1.05, -0.02])
def test_gradient_descent_takes_the_steps_of_torch(data, part):
    x, y = DATA[data]
    rate = 2 * part / descent.curvature(x)[0][1]
    path = descent.gradient_descent(x, y, rate, 50, (0.3, -1.0))
    expected = torch_path(x, y, rate, [torch.arange(len(x))] * 50, (0.3, -1.0))
    assert path.shape == (51, 2)
    assert path == pytest.approx(expected, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("size", [1, 7, 8, 30])
@pytest.mark.parametrize("seed", [1, 2])
def test_batches_take_the_steps_of_torch(size, seed):
    x, y = DATA["lecture"]
    batches = descent.shuffled_batches(30, size, 3, seed)
    path = descent.stochastic_descent(x, y, 0.02, batches, (0, 0))
    expected = torch_path(x, y, 0.02, [torch.from_numpy(batch) for batch in batches], (0.0, 0.0))
    assert path == pytest.approx(expected, rel=1e-9, abs=1e-10)


def test_no_step_is_only_the_start():
    x, y = DATA["lecture"]
    assert descent.gradient_descent(x, y, 0.1, 0, (1, 2)).tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize("rate, w, b", [(0.001, 0.3455, 0.6112), (0.01, 0.3208, 0.6877), (0.1, 0.3, 0.7)])
def test_the_example_of_a_deck_depends_on_its_learning_rate(rate, w, b):
    """Claim gd-example-03-07 of the ledger: 1000 steps from (0, 0) on 100 points without noise."""
    x = np.random.default_rng(0).uniform(0, 1, 100)
    assert descent.gradient_descent(x, 0.3 * x + 0.7, rate, 1000, (0, 0))[-1] == pytest.approx([w, b], abs=1e-4)


@pytest.mark.parametrize("data", DATA)
def test_minimum_is_least_squares_and_every_start_is_on_the_map(data):
    x, y = DATA[data]
    best, half, starts = descent.landscape(x, y)
    assert best == pytest.approx(np.linalg.lstsq(np.stack([x, np.ones_like(x)], axis=1), y, rcond=None)[0], rel=1e-6)
    assert not descent.outside(np.stack([best, *starts.values()]), best, half).any()
    assert descent.outside(best[None] + half * [[1.01, 0]], best, half).all()


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("start", ["steep and flat", "steep side", "flat valley", "w = 0, b = 0"])
def test_crawl_has_hardly_left_after_fifty_steps(data, start):
    path, _ = preset_path(data, "crawl", start)
    above = excess(*DATA[data], path)
    assert above[-1] > 0.6 * above[0] and (np.diff(above) < 0).all()


def test_after_fifty_steps_the_crawl_is_far_from_the_least_loss():
    path, _ = preset_path("lecture", "crawl")
    least = descent.mse_surface(*DATA["lecture"], *descent.landscape(*DATA["lecture"])[0])
    assert excess(*DATA["lecture"], path)[-1] > 10 * least


@pytest.mark.parametrize("data", ["lecture", "other seed", "centred"])
def test_converge_arrives_without_crossing_the_valley(data):
    path, steep = preset_path(data, "converge")
    above = excess(*DATA[data], path)
    assert above[-1] < 0.01 * above[0] and (np.diff(above) < 1e-12).all()
    assert (steep * np.sign(steep[0]) > -1e-6 * abs(steep[0])).all()


@pytest.mark.parametrize("data", DATA)
def test_oscillate_changes_side_at_every_step_and_shrinks(data):
    path, steep = preset_path(data, "oscillate")
    assert (steep[1:] * steep[:-1] < 0).all() and (np.diff(np.abs(steep)) < 0).all()
    assert abs(steep[-1]) < 0.02 * abs(steep[0])
    assert (np.diff(excess(*DATA[data], path)) < 0).all()


@pytest.mark.parametrize("data", DATA)
def test_diverge_jumps_farther_every_time(data):
    path, steep = preset_path(data, "diverge")
    assert (steep[1:] * steep[:-1] < 0).all() and (np.diff(np.abs(steep)) > 0).all()
    above = excess(*DATA[data], path)
    assert above[-1] > 3 * above[0] and above[-1] > 2 * above[25]


@pytest.mark.parametrize("data", DATA)
def test_the_sign_slip_of_a_deck_climbs_at_every_step(data):
    path, _ = preset_path(data, "wrong sign")
    assert (np.diff(excess(*DATA[data], path)) > 0).all()


@pytest.mark.parametrize("data", ["lecture", "wide"])
def test_every_preset_says_what_it_does(data):
    explorer = explore.learning_rate(*DATA[data])
    explorer.controls["taken"].value = 50
    for preset, words in {"crawl": "it crawls", "converge": "it converges", "oscillate": "it oscillates",
                          "diverge": "it diverges", "wrong sign": "it climbs"}.items():
        explorer.controls["preset"].value = preset
        assert words in explorer.view.caption
        assert ("off the map since step" in explorer.view.caption) == (preset in ("diverge", "wrong sign"))
        assert f"50 steps {'along' if preset == 'wrong sign' else 'against'} the gradient" in explorer.describe()
    explorer.controls["direction"].value = "against"
    assert "it converges" in explorer.view.caption and explorer.controls["preset"].value == "your own"


def test_caption_tells_what_is_left_of_the_avoidable_loss():
    explorer = explore.learning_rate(*DATA["lecture"])
    explorer.controls["taken"].value = 50
    above = excess(*DATA["lecture"], preset_path("lecture", "converge")[0])
    assert f"{100 * above[-1] / above[0]:.3g} % of the avoidable loss left" in explorer.view.caption


@pytest.mark.parametrize("part, grows", [(0.99, False), (1.01, True)])
def test_the_limit_parts_arriving_from_running_away(part, grows):
    x, y = DATA["lecture"]
    path = descent.gradient_descent(x, y, 2 * part / descent.curvature(x)[0][1], 1000, (0, 0))
    above = excess(x, y, path)
    assert (above[-1] > 1e6 * above[0]) if grows else (above[-1] < 1e-6 * above[0])


def test_rates_are_parts_of_the_limit_and_keep_their_behaviour():
    for x, _ in DATA.values():
        rates = descent.rates_for(x, descent.RATES)
        limit = 2 / descent.curvature(x)[0][1]
        for part, rate in rates.items():
            assert 0.99 * part * limit < rate <= part * limit
            assert (rate > limit) == (part > 1)
        assert len({f"{rate:.3g}" for rate in rates.values()}) == len(descent.RATES)


@pytest.mark.parametrize("rate", [1e3, 1e30, -1e30])
def test_nothing_overflows(rate):
    x, y = DATA["lecture"]
    path = descent.gradient_descent(x, y, rate, 300, (5, 5))
    losses = descent.mse_surface(x, y, *path.T)
    assert np.isfinite(path).all() and np.isfinite(losses).all() and losses.max() > 1e100
    best, half, _ = descent.landscape(x, y)
    drawn = descent.drawable(path, best, half)
    assert (np.abs(drawn - best) <= 50.001 * half).all()
    assert (descent.outside(drawn, best, half) == descent.outside(path, best, half)).all()


@pytest.mark.parametrize("samples, size, epochs, updates", [(100, 32, 5, 20), (100, 100, 1, 1), (100, 1, 1, 100),
                                                            (100, 32, 1, 4), (30, 8, 0, 0)])
def test_batches_are_counted_and_cover_every_sample_once_an_epoch(samples, size, epochs, updates):
    batches = descent.shuffled_batches(samples, size, epochs, 3)
    assert len(batches) == updates
    seen = np.concatenate([*batches, []])
    assert (np.sort(seen.reshape(epochs, samples)) == np.arange(samples)).all()
    assert all(len(batch) <= size for batch in batches)


def test_another_seed_shuffles_otherwise_and_the_same_seed_alike():
    orders = [np.concatenate(descent.shuffled_batches(30, 8, 2, seed)).tolist() for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2] and orders[0][:30] != orders[0][30:]


def batch_paths(name, seed):
    """The three paths of a preset of batch_size."""
    x, y = DATA["lecture"]
    part, epochs, size = BATCHES[name]
    rate, start = descent.rates_for(x, descent.RATES)[part], descent.landscape(x, y)[2]["steep and flat"]
    return [descent.stochastic_descent(x, y, rate, descent.shuffled_batches(30, samples, epochs, seed), start)
            for samples in (30, size, 1)]


@pytest.mark.parametrize("seed", range(1, 11))
@pytest.mark.parametrize("name", ["five epochs", "large steps"])
def test_small_batches_update_more_often_and_less_smoothly(name, seed):
    paths = batch_paths(name, seed)
    assert [len(path) - 1 for path in paths] == [5, 20, 150]
    above = [excess(*DATA["lecture"], path) for path in paths]
    rises = [(np.diff(each) > 0).mean() for each in above]
    assert rises[0] == 0 and rises[2] > 0.15 and rises[1] < rises[2]
    assert above[0][-1] > above[1][-1] > above[2][-1]


@pytest.mark.parametrize("seed", range(1, 11))
def test_a_rate_below_the_limit_of_all_samples_can_be_too_large_for_single_ones(seed):
    paths = batch_paths("too large for single samples", seed)
    best, half, _ = descent.landscape(*DATA["lecture"])
    assert not descent.outside(paths[0], best, half).any()
    assert descent.outside(paths[2], best, half).any()


def test_caption_counts_updates_and_samples_and_alt_text_says_where_paths_end():
    explorer = explore.batch_size(*DATA["lecture"])
    assert explorer.view.caption == ("5 epochs, 150 samples seen by each: 5 updates with all 30, "
                                     "20 updates with 8 (4 an epoch), 150 updates with 1")
    losses = [descent.mse_surface(*DATA["lecture"], *path[-1]) for path in batch_paths("five epochs", 1)]
    for way, loss in zip(WAYS, losses, strict=True):
        assert f"{way} loss {loss:.3g}" in explorer.describe()
    explorer.controls["preset"].value = "one epoch"
    assert explorer.view.caption.startswith("1 epoch, 30 samples seen by each: 1 update with all 30, ")


@pytest.mark.parametrize("name", FACTORIES)
def test_every_control_changes_picture_and_alt_text(name, drive):
    for control, states in drive(FACTORIES[name](*DATA["lecture"])).items():
        assert states >= 2, f"{control} changes nothing"


@pytest.mark.parametrize("data", ["narrow", "wide"])
@pytest.mark.parametrize("name", FACTORIES)
def test_every_preset_can_be_chosen_for_any_data(name, data):
    explorer = FACTORIES[name](*DATA[data])
    for preset in explorer.controls["preset"].options[:-1]:
        explorer.controls["preset"].value = preset[0]
        assert explorer.controls["preset"].value == preset[0]
        assert len(explorer.view.caption) < 130


@pytest.mark.parametrize("name", FACTORIES)
def test_the_live_picture_is_what_a_full_drawing_gives(name):
    """Drawing only what changes must leave no trace of an earlier state."""
    explorer, fresh = (FACTORIES[name](*DATA["lecture"]) for _ in range(2))
    for control in explorer.controls.values():
        start = control.value
        if isinstance(control, widgets.Dropdown | widgets.SelectionSlider):
            control.index = (control.index + 1) % len(control.options)
        else:
            control.value = control.max
        assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png)), control.description
        control.value = start
        for key, other in fresh.controls.items():  # a preset sets others: bring them back as well
            explorer.controls[key].value = other.value
        assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png)), control.description


@pytest.mark.parametrize("name", FACTORIES)
def test_the_picture_fits_on_a_slide(name):
    explorer = FACTORIES[name](*DATA["lecture"])
    height = explorer.view.size[1] + 36 * (len(explorer.children) - 1)
    assert height <= 470 and explorer.view.size[0] <= 1037


@pytest.mark.parametrize("name", FACTORIES)
@pytest.mark.parametrize("x, y, words", [
    ([1.0] * 9, range(9), "All x are the same"), (range(9), range(8), "equally long"),
    ([1.0], [1.0], "at least"), (np.eye(9), np.eye(9), "equally long"),
    ([*range(8), np.nan], range(9), "finite numbers"), (range(9), [*range(8), np.inf], "finite numbers")])
def test_bad_points_get_one_sentence(name, x, y, words):
    with pytest.raises(ValueError, match=words):
        FACTORIES[name](x, y)


@pytest.mark.parametrize("name", FACTORIES)
@pytest.mark.parametrize("slope, intercept", [(0, 0), (0, 3), (0.3, 0.7)])
def test_flat_and_noiseless_data_have_a_map_too(name, slope, intercept):
    x = np.linspace(-1, 1, 9)
    explorer = FACTORIES[name](x, slope * x + intercept)
    assert "nan" not in explorer.describe() and explorer.view.png
