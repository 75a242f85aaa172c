"""A small network: its forward pass and the number of its parameters."""
import numpy as np

from ..errors import message_of
from ..exercise import Exercise, Misconception
from ..signs import raises


def forward(x, W1, b1, w2, b2):
    """Logits (N,) of a network with one hidden layer of ReLU neurons; x has shape (N, inputs)."""
    hidden = np.maximum(x @ W1.T + b1, 0)  # (N, hidden)
    return hidden @ w2 + b2


def mlp_parameters(inputs, hidden, outputs):
    """Weights and biases of a network with one hidden layer."""
    first = inputs * hidden + hidden
    second = hidden * outputs + outputs
    return first + second


def random_network(seed, count, inputs, hidden):
    """Inputs (N, inputs) and the four parameters of a network, rounded so that a card can show them."""
    numbers = np.random.default_rng(seed)
    shapes = (count, inputs), (hidden, inputs), (hidden,), (hidden,)
    x, W1, b1, w2 = (numbers.normal(0, 1, shape).round(2) for shape in shapes)
    return x, W1, b1, w2, round(float(numbers.normal()), 2)


NETWORKS = (
    (np.array([[1.0, 2.0], [-1.0, 0.5]]), np.array([[1.0, 0.0], [-1.0, 1.0], [2.0, -3.0]]),
     np.array([0.5, 0.25, 1.0]), np.array([1.0, 2.0, -1.0]), -0.5),
    random_network(11, 5, 2, 3),
    random_network(12, 4, 2, 2),
    random_network(13, 3, 3, 3),
    random_network(14, 1, 4, 2),
)


def _hidden(x, W1, b1):
    return np.maximum(x @ W1.T + b1, 0)


def _one_column_per_scan(results):
    """Sign: W1 @ x.T, of shape (3, 2) in the first case and (3, 5) in the second, met b1 or w2, both (3,)."""
    first, second = (message_of(result.error) if result.error else "" for result in results[:2])
    return ("shapes (3,2) (3,)" in first or "at non-singleton dimension 1" in first  # NumPy, torch
            or "size 3 is different from 5" in second or "(3x5 and 3" in second or "(3,5) and (3,)" in second
            or "[5], [3]" in second or "size (5), got" in second)


FORWARD = Exercise(
    title="Exercise 6",
    points=2,
    reference=forward,
    cases=NETWORKS,
    hints=(
        "Row k of W1 belongs to neuron k, so the weighted sums of all scans are `x @ W1.T`, of shape (N, 3). Add b1.",
        "ReLU: `hidden = np.maximum(x @ W1.T + b1, 0)`, still of shape (N, 3).",
        "The output neuron has no ReLU: `return hidden @ w2 + b2`, of shape (N,).",
    ),
    misconceptions=(
        Misconception(
            "ReLU forgotten",
            "Without ReLU two layers are no more than one: the boundary stays a straight line. Cut the hidden sums "
            "off at 0.",
            lambda x, W1, b1, w2, b2: (x @ W1.T + b1) @ w2 + b2),
        Misconception(
            "ReLU on the output",
            "You cut the logit off at 0, so this network could never say benign. ReLU belongs to the hidden neurons.",
            lambda x, W1, b1, w2, b2: np.maximum(_hidden(x, W1, b1) @ w2 + b2, 0)),
        Misconception(
            "ReLU on the output only",
            "You left ReLU out in the hidden layer and cut the logit off instead. ReLU belongs to the hidden neurons, "
            "and only there.",
            lambda x, W1, b1, w2, b2: np.maximum((x @ W1.T + b1) @ w2 + b2, 0)),
        Misconception(
            "probability instead of logit",
            "You apply the sigmoid inside the network. Return the logit: the loss takes logits and is stable.",
            lambda x, W1, b1, w2, b2: 1 / (1 + np.exp(-(_hidden(x, W1, b1) @ w2 + b2)))),
        Misconception(
            "hidden biases forgotten",
            "You left b1 out: every hidden neuron has its own threshold.",
            lambda x, W1, b1, w2, b2: _hidden(x, W1, 0) @ w2 + b2),
        Misconception(
            "output bias forgotten",
            "You left b2 out.",
            lambda x, W1, b1, w2, b2: _hidden(x, W1, b1) @ w2),
        Misconception(
            "both biases forgotten",
            "You left out b1 and b2.",
            lambda x, W1, b1, w2, b2: _hidden(x, W1, 0) @ w2),
        Misconception(
            "bias added after ReLU",
            "You cut off before b1 is added. The bias shifts the threshold, so it comes first.",
            lambda x, W1, b1, w2, b2: (_hidden(x, W1, 0) + b1) @ w2 + b2),
        Misconception(
            "output bias inside the sum",
            "You add b2 to every hidden neuron. The output has one bias: add it last.",
            lambda x, W1, b1, w2, b2: (_hidden(x, W1, b1) + b2) @ w2),
        Misconception(
            "one column per scan",
            "`W1 @ x.T` has one column per scan, (hidden, N), so b1 cannot be added to it, nor w2 multiplied: both run "
            "along the neurons. One row per scan is `x @ W1.T`, (N, hidden).",
            lambda x, W1, b1, w2, b2: np.maximum(W1 @ x.T + b1, 0).T @ w2 + b2,
            sign=_one_column_per_scan),
        Misconception(
            "weights not transposed",
            "W1 has one row per neuron, (hidden, inputs), as in PyTorch. The inputs of x must meet the columns of W1: "
            "`x @ W1.T`.",
            lambda x, W1, b1, w2, b2: np.maximum(x @ W1 + b1, 0) @ w2 + b2,
            sign=lambda results: any(raises(kind, text)(results) for kind, text in (
                (ValueError, "matmul"), (ValueError, "not aligned"), (RuntimeError, "cannot be multiplied")))),
        Misconception(
            "elementwise product",
            "`*` multiplies element by element. The weighted sums of a layer are a matrix product: `x @ W1.T`.",
            lambda x, W1, b1, w2, b2: np.maximum(x * W1 + b1, 0) * w2 + b2,
            sign=raises(ValueError, "broadcast")),
        Misconception(
            "sigmoid in the hidden layer",
            "Your hidden neurons apply the sigmoid. These are ReLU neurons: `np.maximum(…, 0)`.",
            lambda x, W1, b1, w2, b2: 1 / (1 + np.exp(-(x @ W1.T + b1))) @ w2 + b2),
        Misconception(
            "sign dropped",
            "You take the size of the hidden sums. ReLU makes a negative sum 0.",
            lambda x, W1, b1, w2, b2: np.abs(x @ W1.T + b1) @ w2 + b2),
        Misconception(
            "hidden layer returned",
            "You return the hidden neurons, (N, hidden). The output neuron still has to weigh them with w2.",
            lambda x, W1, b1, w2, b2: _hidden(x, W1, b1)),
        Misconception(
            "output neuron does not add",
            "You multiply by w2 and do not add up. `hidden @ w2` does both.",
            lambda x, W1, b1, w2, b2: _hidden(x, W1, b1) * w2 + b2),
        Misconception(
            "an axis too many",
            "Your values are right, in shape (N, 1). One logit per scan is a row of numbers, (N,): with (N, 1) a later "
            "`logits - targets` would make a table of (N, N).",
            lambda x, W1, b1, w2, b2: (_hidden(x, W1, b1) @ w2 + b2)[:, None]),
        Misconception(
            "first scan only",
            "You return one logit. Each of the N scans has its own.",
            lambda x, W1, b1, w2, b2: (_hidden(x, W1, b1) @ w2 + b2)[0]),
        Misconception(
            "all scans added up",
            "You add the logits of all scans. Each of the N scans keeps its own.",
            lambda x, W1, b1, w2, b2: np.sum(_hidden(x, W1, b1) @ w2 + b2)),
    ),
)

MLP_PARAMETERS = Exercise(
    title="Exercise 7",
    points=1,
    reference=mlp_parameters,
    cases=((2, 3, 1), (64, 3, 1), (2, 4, 2), (10, 20, 5), (784, 3, 10)),
    hints=(
        "Count the entries of W1, b1, w2 and b2 of the last exercise: what are their shapes?",
        "W1 holds hidden × inputs weights, b1 one bias per hidden neuron.",
        "`inputs * hidden + hidden` for the first layer, and the same pattern for the second.",
    ),
    misconceptions=(
        Misconception(
            "biases forgotten",
            "You count the weights. Every neuron has a bias too, hidden or output.",
            lambda inputs, hidden, outputs: inputs * hidden + hidden * outputs),
        Misconception(
            "output biases forgotten",
            "You left out the biases of the output: one for each output neuron.",
            lambda inputs, hidden, outputs: inputs * hidden + hidden + hidden * outputs),
        Misconception(
            "hidden biases forgotten",
            "You left out the biases of the hidden layer: one for each hidden neuron.",
            lambda inputs, hidden, outputs: inputs * hidden + hidden * outputs + outputs),
        Misconception(
            "one bias per layer",
            "You add a single bias to each layer. Every neuron has its own.",
            lambda inputs, hidden, outputs: inputs * hidden + hidden * outputs + 2),
        Misconception(
            "one bias per input",
            "You add a bias for every value that comes in. A bias belongs to a neuron: one for each that goes out.",
            lambda inputs, hidden, outputs: inputs * hidden + inputs + hidden * outputs + hidden),
        Misconception(
            "biases of the input counted",
            "You give the inputs biases as well. They are values and have no parameters.",
            lambda inputs, hidden, outputs: inputs * hidden + hidden * outputs + inputs + hidden + outputs),
        Misconception(
            "only the first layer",
            "You count the hidden layer. The output neurons have weights and biases too.",
            lambda inputs, hidden, outputs: inputs * hidden + hidden),
        Misconception(
            "always one output",
            "You count one output neuron, whatever `outputs` says.",
            lambda inputs, hidden, outputs: inputs * hidden + hidden + hidden + 1),
        Misconception(
            "neurons instead of parameters",
            "You add up how many values there are. Parameters sit on the connections between them.",
            lambda inputs, hidden, outputs: inputs + hidden + outputs),
        Misconception(
            "all widths multiplied",
            "You multiply all three together. Only neighbouring layers are connected: add the two layers.",
            lambda inputs, hidden, outputs: inputs * hidden * outputs),
    ),
)
