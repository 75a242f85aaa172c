"""The decision boundary: training against torch, what few units cannot do, the picture, every control."""
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from explorers import pixels
from scipy import optimize
from torch import nn

from helpers import ledger
from helpers.explore import boundary, hidden_units
from helpers.explore.boundary import PRESETS
from helpers.explore.hidden_units import CLUSTERS, PEOPLE, PRINTED, RINGS, XOR

pytestmark = pytest.mark.usefixtures("strict_widgets")
SEEDS = range(20)


def inputs(claim):
    return ledger.claim(claim).inputs


def in_torch(row, units, activation):
    """The same network in torch, float64."""
    kind = {"ReLU": nn.ReLU, "tanh": nn.Tanh}[activation]
    layers = [nn.Linear(2, units), kind(), nn.Linear(units, 1)] if units else [nn.Linear(2, 1)]
    network = nn.Sequential(*layers, nn.Flatten(0)).double()
    row = torch.tensor(row)
    with torch.no_grad():
        if units:
            table = row[:-1].reshape(units, 4)
            network[0].weight[:], network[0].bias[:] = table[:, :2], table[:, 2]
            network[2].weight[0], network[2].bias[0] = table[:, 3], row[-1]
        else:
            network[0].weight[0], network[0].bias[0] = row[:2], row[2]
    return network


def as_row(network, units):
    """Weights of the torch network in the order of `row`."""
    first = torch.cat([network[0].weight, network[0].bias[:, None]], dim=1)
    if not units:
        return first[0].detach().numpy()
    table = torch.cat([first, network[2].weight.T], dim=1)
    return torch.cat([table.ravel(), network[2].bias]).detach().numpy()


def answers(name, activation, units, start, step=-1):
    """Per point True where the answer is right."""
    points, labels, _ = hidden_units.problem(name)
    row = hidden_units.train(name, activation, units, start)[0][step]
    return hidden_units.is_right(hidden_units.forward(row, points, activation)[0], labels)


@pytest.mark.parametrize("name, activation, units", [(PEOPLE, "ReLU", 0), (XOR, "tanh", 2), (RINGS, "ReLU", 8)])
def test_training_agrees_with_torch(name, activation, units):
    points, labels = (torch.tensor(part) for part in hidden_units.problem(name)[:2])
    network = in_torch(hidden_units.start_weights(units, 3), units, activation)
    adam, losses = torch.optim.Adam(network.parameters(), lr=0.05), []
    rows, ours = hidden_units.train(name, activation, units, 3)
    for step in range(301):
        value = nn.functional.binary_cross_entropy_with_logits(network(points), labels)
        np.testing.assert_allclose(rows[step], as_row(network, units), atol=1e-6, err_msg=f"step {step}")
        losses.append(value.item())
        adam.zero_grad()
        value.backward()
        adam.step()
    np.testing.assert_allclose(ours, losses, atol=1e-7)


@pytest.mark.parametrize("activation", ["ReLU", "tanh"])
@pytest.mark.parametrize("units", [0, 1, 5])
def test_gradient_agrees_with_autograd(units, activation):
    points, labels, _ = hidden_units.problem(CLUSTERS)
    row = hidden_units.start_weights(units, 11)
    network = in_torch(row, units, activation)
    logits = network(torch.tensor(points))
    nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor(labels)).backward()
    slopes, ours = hidden_units.gradient(row, points, labels, activation)
    for parameter in network.parameters():
        parameter.data = parameter.grad
    np.testing.assert_allclose(slopes, as_row(network, units), atol=1e-12)
    np.testing.assert_allclose(ours, logits.detach().numpy(), atol=1e-12)


def test_units_join_without_changing_those_already_there():
    for start in (0, 7, PRINTED):
        for units in range(1, 8):
            fewer, more = hidden_units.start_weights(units, start), hidden_units.start_weights(units + 1, start)
            assert np.array_equal(fewer[:-1], more[:4 * units]) and fewer[-1] == more[-1]


@pytest.mark.parametrize("units", range(2, 9))
def test_units_that_join_the_printed_solution_have_no_say_at_first(units):
    logits, _ = hidden_units.forward(hidden_units.start_weights(units, PRINTED), hidden_units.problem(XOR)[0], "ReLU")
    assert logits.tolist() == [-0.5, 0.5, 0.5, -0.5]


def test_the_printed_solution_is_that_of_the_slide_moved_down_by_a_half():
    slide, points = inputs("xor-mlp-solves"), hidden_units.problem(XOR)[0]
    hidden = np.maximum(points @ np.transpose(slide["W1"]) + slide["b1"], 0)
    outputs = hidden @ slide["w2"] + slide["b2"]
    logits, ours = hidden_units.forward(hidden_units.start_weights(2, PRINTED), points, "ReLU")
    assert outputs.tolist() == [0, 1, 1, 0]
    assert logits.tolist() == [-0.5, 0.5, 0.5, -0.5] == (outputs - 0.5).tolist()
    assert ours.tolist() == hidden.tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]
    assert answers(XOR, "ReLU", 2, PRINTED, step=0).all() and answers(XOR, "ReLU", 2, PRINTED).all()


@pytest.mark.parametrize("units, activation", [(0, "ReLU"), (1, "ReLU"), (1, "tanh")])
def test_one_line_never_gets_more_than_three_points_of_xor_right(units, activation):
    points, labels, _ = hidden_units.problem(XOR)
    most = 0
    for start in (*SEEDS, PRINTED):
        for row in hidden_units.train(XOR, activation, units, start)[0]:
            logits = hidden_units.forward(row, points, activation)[0]
            most = max(most, ((logits > 0) == labels).sum())
    assert most == 3


@pytest.mark.parametrize("start", SEEDS)
def test_without_hidden_units_training_on_xor_ends_undecided(start):
    """The smallest loss a single sigmoid can have is log 2, at weights of 0: the problem is convex and symmetric."""
    rows, losses = hidden_units.train(XOR, "ReLU", 0, start)
    assert losses[-1] == pytest.approx(np.log(2), abs=1e-6)
    np.testing.assert_allclose(rows[-1], 0, atol=1e-3)
    assert not answers(XOR, "ReLU", 0, start).any()
    assert "0 of 4 right" in boundary.describe(XOR, "ReLU", 0, start, 300)[0]


def test_the_stuck_preset_stays_stuck_whatever_goes_on_training():
    """SciPy's BFGS, a far better optimiser, starts where Adam ended and ends at the same loss."""
    name, activation, units, start, step = PRESETS["two units, stuck"]
    points, labels, _ = hidden_units.problem(name)
    row = hidden_units.train(name, activation, units, start)[0][step]

    def value(row):
        slopes, logits = hidden_units.gradient(row, points, labels, activation)
        return nn.functional.binary_cross_entropy_with_logits(torch.tensor(logits), torch.tensor(labels)).item(), slopes

    found = optimize.minimize(value, row, jac=True, method="BFGS")
    two_of_three = -(2 * np.log(2 / 3) + np.log(1 / 3)) / 4  # one point right for sure, p = 2/3 at the other three
    reached = hidden_units.train(name, activation, units, start)[1][step]
    assert found.fun == pytest.approx(two_of_three, abs=1e-3) == reached
    assert answers(name, activation, units, start).sum() == 3
    dead = hidden_units.gradient(row, points, labels, activation)[0][4:8]
    assert not dead.any() and "off at every point: unit 2" in boundary.describe(*PRESETS["two units, stuck"])[0]


@pytest.mark.parametrize("preset", ["two units, another seed", "four units", "eight units on rings",
                                    "four people and P5"])
def test_presets_that_solve_their_problem_solve_it_with_a_margin(preset):
    name, activation, units, start, step = PRESETS[preset]
    assert answers(name, activation, units, start, step).all()
    assert hidden_units.train(name, activation, units, start)[1][step] < 0.05


def test_four_units_join_the_two_that_were_stuck():
    stuck, solved = PRESETS["two units, stuck"], PRESETS["four units"]
    assert (stuck[:2], stuck[3]) == (solved[:2], solved[3]) and stuck[2] < solved[2]


def test_more_units_solve_xor_from_more_starts():
    solved = [sum(answers(XOR, "ReLU", units, start).all() for start in SEEDS) for units in (0, 1, 2, 8)]
    assert solved[0] == solved[1] == 0 < solved[2] <= 10 and solved[3] >= 18


def test_people_are_those_of_the_notes_and_p5_is_called_m():
    table = inputs("person-table-scaled")
    points, labels, unlabelled = hidden_units.problem(PEOPLE)
    printed = np.transpose([table["height"], table["weight"]])
    np.testing.assert_allclose(np.concatenate([points, unlabelled]), printed, atol=5e-5)
    assert ["FM"[int(label)] for label in labels] == table["label"][:4]
    for start in SEEDS:
        row = hidden_units.train(PEOPLE, "ReLU", 0, start)[0][-1]
        assert hidden_units.forward(row, unlabelled, "ReLU")[0][0] > 0
    assert "P5: p(M, ▲) = " in boundary.describe(PEOPLE, "ReLU", 0, 0, 300)[0]


def test_clusters_and_rings_are_what_they_are_called():
    points, labels, _ = hidden_units.problem(CLUSTERS)
    nearest = np.rint(points).clip(0, 1)
    assert len(points) == 80 and ((nearest.sum(axis=1) == 1) == labels).mean() > 0.95
    points, labels, _ = hidden_units.problem(RINGS)
    distance = np.linalg.norm(points - 0.5, axis=1)
    assert distance[labels == 0].max() <= 0.3 and 0.5 <= distance[labels == 1].min() <= distance.max() <= 0.8


@pytest.mark.parametrize("logit, label, right", [
    (2, 1, True), (2, 0, False), (-2, 0, True), (0, 0, False), (1e-8, 1, False)])
def test_no_answer_is_not_right(logit, label, right):
    assert hidden_units.is_right(np.array([logit]), np.array([label])).tolist() == [right]


def test_feet_lie_on_their_lines_at_the_distance_of_the_closed_form():
    generator = np.random.default_rng(0)
    weights, biases, middle = generator.normal(size=(50, 2)), generator.normal(size=50), generator.normal(size=2)
    foot, normal = boundary.feet(weights, biases, middle)
    np.testing.assert_allclose((weights * foot).sum(axis=1) + biases, 0, atol=1e-12)
    distance = np.abs(weights @ middle + biases) / np.hypot(*weights.T)
    np.testing.assert_allclose(np.linalg.norm(foot - middle, axis=1), distance)
    np.testing.assert_allclose(np.linalg.norm(normal, axis=1), 1)
    assert ((weights * (foot + normal)).sum(axis=1) + biases > 0).all()


def drawn(preset):
    """The artists of a preset."""
    name, activation, units, start, step = PRESETS[preset]
    row = hidden_units.train(name, activation, units, start)[0][step]
    fig, artists = boundary._boundary_figure()
    plt.close(fig)
    for draw in (boundary._draw_plane, boundary._draw_hidden):
        draw(artists, hidden_units.problem(name), row, activation)
    return row, artists


def test_the_lines_of_the_printed_solution_are_where_a_hand_puts_them():
    artists = drawn("two units, the printed solution")[1]
    x, y = artists["boundary"].get_data()
    sums = (x + y)[np.isfinite(x)]  # p is a half where x + y is a half or one and a half
    assert np.allclose(np.sort(np.unique(np.round(sums, 6))), [0.5, 1.5])
    lines = artists["units"].get_xydata().reshape(2, 6, 2)[:, [0, 4]].sum(axis=-1)
    np.testing.assert_allclose(lines, [[0, 0], [1, 1]], atol=1e-9)  # x + y = 0 and x + y = 1
    numbers = artists["numbers"].get_offsets()
    assert (numbers[:2].sum(axis=1) > [0, 1]).all(), "a number stands where its unit is on"
    first, second = artists["hidden line"].get_xydata() * 2  # the axes run to 2; the line is h1 - 2 h2 = 1/2
    assert first[0] - 2 * first[1] == pytest.approx(0.5) == second[0] - 2 * second[1]
    assert artists["hidden points"][1].get_xydata().tolist() == [[0.5, 0], [0.5, 0]]


@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "no hidden unit, on XOR"])
def test_the_boundary_passes_where_p_is_a_half(preset):
    row, artists = drawn(preset)
    points = artists["boundary"].get_xydata()
    logits = hidden_units.forward(row, points[np.isfinite(points[:, 0])], "ReLU")[0]
    across = np.abs(hidden_units.forward(row, boundary.PLANE, "ReLU")[0]).max()
    assert len(logits) > 20 and np.abs(logits).max() < 0.02 * across


def test_the_plane_shows_p_with_low_inputs_at_the_lower_left():
    row, artists = drawn("four people and P5")
    shown = artists["picture"].pixels
    network = in_torch(row, 4, "ReLU")
    for column, line in ((0, 0), (59, 0), (17, 40), (59, 59)):
        x, y = (boundary.LOW + (index + 0.5) * 2 / 60 for index in (column, line))
        p = torch.sigmoid(network(torch.tensor([[x, y]], dtype=torch.float64))).item()
        assert np.array_equal(shown[line, column], boundary.TINTS[int(255 * p)])
    whole = pixels(boundary.decision_boundary("four people and P5").view.png)
    left, bottom = 56 + 20, 372 - 46 - 20
    assert whole[bottom, left, 2] > whole[bottom, left, 0], "P2, the only F, lies in blue at the lower left"
    assert whole[372 - 46 - 280, left + 260, 0] > whole[372 - 46 - 280, left + 260, 2]


def test_undecided_points_are_ringed_and_no_line_is_drawn():
    _, artists = drawn("no hidden unit, on XOR")
    assert not np.isfinite(artists["boundary"].get_xydata()).any()
    assert len(artists["wrong"].get_xydata()) == 4
    assert len(drawn("four units")[1]["wrong"].get_xydata()) == 0


@pytest.mark.parametrize("preset", ["no hidden unit, on XOR", "two units, the printed solution", "four people and P5"])
def test_every_control_changes_picture_and_alt_text(preset, drive):
    explorer = boundary.decision_boundary(preset)
    for control, states in drive(explorer).items():
        assert states >= 2, f"{control} changes nothing"
    for control in explorer.controls.values():
        assert control.description.strip() and (hasattr(control, "options") or control.min < control.max)


@pytest.mark.parametrize("name", hidden_units.DATA)
@pytest.mark.parametrize("units, parameters", [(0, 3), (1, 5), (3, 13), (8, 33)])
def test_every_data_set_is_drawn_with_any_number_of_units(name, units, parameters):
    explorer = boundary.decision_boundary()
    explorer.controls["data"].value, explorer.controls["units"].value = name, units
    explorer.controls["activation"].value = "tanh"
    assert f"· {parameters} parameters" in explorer.view.caption
    assert explorer.describe().startswith(f"{name}; hidden tanh units: {units}; start: 3; training step 300 of 300.")


def test_presets_set_the_controls_and_follow_them():
    explorer = boundary.decision_boundary()
    for preset, values in PRESETS.items():
        explorer.controls["preset"].value = preset
        assert tuple(control.value for control in list(explorer.controls.values())[1:]) == values
    explorer.controls["step"].value = 1
    assert explorer.controls["preset"].value == "your own"


def test_the_live_picture_is_what_a_full_drawing_gives():
    explorer, fresh = boundary.decision_boundary("four people and P5"), boundary.decision_boundary("four people and P5")
    explorer.controls["preset"].value = "eight units on rings"
    assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    explorer.controls["preset"].value = "four people and P5"
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    assert explorer.view.size[0] <= 10.8 * 96 and explorer.view.size[1] <= 4.4 * 96


def test_the_docstring_names_the_prediction():
    assert "Serves the prediction:" in boundary.decision_boundary.__doc__


def test_training_cannot_be_changed_by_those_who_use_it():
    with pytest.raises(ValueError, match="read-only"):
        hidden_units.train(XOR, "ReLU", 2, 3)[0][0, 0] = 1


@pytest.mark.parametrize("make, words", [
    (lambda: boundary.decision_boundary("xor"), "no preset called 'xor'"),
    (lambda: hidden_units.problem("moons"), "no data set called 'moons'")])
def test_bad_input_gets_one_sentence(make, words):
    with pytest.raises(ValueError, match=words) as caught:
        make()
    assert "\n" not in str(caught.value)
