"""A line: the gradient of its mean squared error, and one step against it."""
import numpy as np

from ..exercise import Exercise, Misconception


def mse_gradient(x, y, w, b):
    """Derivatives of mean((w x + b - y)²) with respect to w and b; x and y have shape (N,)."""
    error = w * x + b - y
    return 2 * np.mean(error * x), 2 * np.mean(error)


def descent_step(w, b, gradient_w, gradient_b, learning_rate):
    """One step of gradient descent; w may be an array."""
    return w - learning_rate * gradient_w, b - learning_rate * gradient_b


def _error(x, y, w, b):
    return w * x + b - y


def _measured(seed, count, w, b):
    numbers = np.random.default_rng(seed)
    x = numbers.uniform(-2, 4, count).round(2)
    return x, (0.3 * x + 0.7 + numbers.normal(0, 0.5, count)).round(2), w, b


MSE_GRADIENT = Exercise(
    title="Exercise 4",
    points=2,
    reference=mse_gradient,
    cases=(
        (np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 9.0]), 1.0, 1.0),
        _measured(5, 6, -0.5, 2.0),
        _measured(6, 9, 1.25, -1.0),
        (np.array([4.0]), np.array([3.0]), 0.5, -2.0),
        (np.array([0.0, 1.0, 2.0, 5.0]), np.array([0.5, 2.5, 4.5, 10.5]), 2.0, 0.5),  # the line fits: 0 and 0
    ),
    hints=(
        "First the error of every point, with its sign: `error = w * x + b - y`.",
        "The derivative of error² is 2 × error × (derivative of the error). That last one is x for w, and 1 for b.",
        "`return 2 * np.mean(error * x), 2 * np.mean(error)`.",
    ),
    misconceptions=(
        Misconception(
            "missing 1/n",
            "You add over all points and do not divide by their number. The loss is a mean, and so is its gradient.",
            lambda x, y, w, b: (2 * np.sum(_error(x, y, w, b) * x), 2 * np.sum(_error(x, y, w, b)))),
        Misconception(
            "factor 2 forgotten",
            "Your direction is right and half as long: the derivative of error² is 2 × error.",
            lambda x, y, w, b: (np.mean(_error(x, y, w, b) * x), np.mean(_error(x, y, w, b)))),
        Misconception(
            "missing 1/n, factor 2 forgotten",
            "You return the bare sums. Two things are missing: the 2 of the derivative, and the division by the "
            "number of points.",
            lambda x, y, w, b: (np.sum(_error(x, y, w, b) * x), np.sum(_error(x, y, w, b)))),
        Misconception(
            "sign turned round",
            "Your gradient points downhill. The error is prediction minus y, and the gradient points uphill; the minus "
            "comes with the step.",
            lambda x, y, w, b: (-2 * np.mean(_error(x, y, w, b) * x), -2 * np.mean(_error(x, y, w, b)))),
        Misconception(
            "x forgotten",
            "Both of your derivatives are the same. A change of w moves the line by x: multiply each error by its x.",
            lambda x, y, w, b: (2 * np.mean(_error(x, y, w, b)), 2 * np.mean(_error(x, y, w, b)))),
        Misconception(
            "x in both",
            "You multiply by x in the second derivative as well. A change of b moves the line by 1 everywhere.",
            lambda x, y, w, b: (2 * np.mean(_error(x, y, w, b) * x), 2 * np.mean(_error(x, y, w, b) * x))),
        Misconception(
            "w and b exchanged",
            "Your two numbers are right and in the wrong order: first the derivative with respect to w.",
            lambda x, y, w, b: (2 * np.mean(_error(x, y, w, b)), 2 * np.mean(_error(x, y, w, b) * x))),
        Misconception(
            "intercept forgotten",
            "Your prediction is w × x. The line has an intercept: w × x + b.",
            lambda x, y, w, b: (2 * np.mean(_error(x, y, w, 0) * x), 2 * np.mean(_error(x, y, w, 0)))),
        Misconception(
            "product of means",
            "You multiply the mean error by the mean x. Multiply point by point first, then take the mean.",
            lambda x, y, w, b: (2 * np.mean(_error(x, y, w, b)) * np.mean(x), 2 * np.mean(_error(x, y, w, b)))),
        Misconception(
            "error still squared",
            "You multiply by the squared error. Its derivative has the error itself: the power falls by one.",
            lambda x, y, w, b: (2 * np.mean(_error(x, y, w, b) ** 2 * x), 2 * np.mean(_error(x, y, w, b) ** 2))),
        Misconception(
            "size of the error only",
            "You take the error without its sign. Too high and too low must pull in opposite directions.",
            lambda x, y, w, b: (2 * np.mean(abs(_error(x, y, w, b)) * x), 2 * np.mean(abs(_error(x, y, w, b))))),
        Misconception(
            "one gradient per point",
            "You return one number for every point. Their mean is the gradient: `np.mean`.",
            lambda x, y, w, b: (2 * _error(x, y, w, b) * x, 2 * _error(x, y, w, b))),
        Misconception(
            "loss instead of gradient",
            "You return the mean squared error. Asked are its two derivatives, with respect to w and to b.",
            lambda x, y, w, b: np.mean(_error(x, y, w, b) ** 2)),
    ),
)


def _in_place(w, b, gradient_w, gradient_b, learning_rate):
    w -= learning_rate * gradient_w
    b -= learning_rate * gradient_b
    return w, b


DESCENT_STEP = Exercise(
    title="Exercise 5",
    points=1,
    reference=descent_step,
    cases=(
        (1.0, 0.5, -4.0, 2.0, 0.1),
        (-0.75, 2.0, 1.5, -0.25, 0.02),
        (3.0, -1.0, 0.0, 5.0, 1.5),
        (np.array([0.5, -1.0, 2.0]), 0.25, np.array([1.0, -2.0, 4.0]), -0.5, 0.25),
        (np.random.default_rng(7).normal(0, 1, (2, 3)).round(2), -0.3,
         np.random.default_rng(8).normal(0, 1, (2, 3)).round(2), 0.8, 0.05),
    ),
    hints=(
        "The gradient points uphill. To lower the loss, go the other way.",
        "The learning rate says how far: `learning_rate * gradient_w`.",
        "`return w - learning_rate * gradient_w, b - learning_rate * gradient_b`.",
    ),
    misconceptions=(
        Misconception(
            "gradient ascent",
            "You go with the gradient, and the gradient points uphill: the loss grows with every step. Subtract.",
            lambda w, b, gradient_w, gradient_b, learning_rate:
            (w + learning_rate * gradient_w, b + learning_rate * gradient_b)),
        Misconception(
            "learning rate forgotten",
            "You subtract the whole gradient. The learning rate makes the step small: multiply.",
            lambda w, b, gradient_w, gradient_b, learning_rate: (w - gradient_w, b - gradient_b)),
        Misconception(
            "divided by the learning rate",
            "You divide by the learning rate, so a small one makes a huge step. Multiply.",
            lambda w, b, gradient_w, gradient_b, learning_rate:
            (w - gradient_w / learning_rate, b - gradient_b / learning_rate)),
        Misconception(
            "step instead of place",
            "You return how far to go. Asked is where you then are: the old value minus the step.",
            lambda w, b, gradient_w, gradient_b, learning_rate:
            (-learning_rate * gradient_w, -learning_rate * gradient_b)),
        Misconception(
            "other way round",
            "You subtract the old value from the step. Old value first, minus the step.",
            lambda w, b, gradient_w, gradient_b, learning_rate:
            (learning_rate * gradient_w - w, learning_rate * gradient_b - b)),
        Misconception(
            "only w moved",
            "You move w and leave b where it is. Every parameter takes its own step.",
            lambda w, b, gradient_w, gradient_b, learning_rate: (w - learning_rate * gradient_w, b)),
        Misconception(
            "only b moved",
            "You move b and leave w where it is. Every parameter takes its own step.",
            lambda w, b, gradient_w, gradient_b, learning_rate: (w, b - learning_rate * gradient_b)),
        Misconception(
            "gradients exchanged",
            "You move w by the derivative with respect to b, and b by that of w. Each has its own.",
            lambda w, b, gradient_w, gradient_b, learning_rate:
            (w - learning_rate * gradient_b, b - learning_rate * gradient_w)),
        Misconception(
            "w and b exchanged",
            "Your two values are right and in the wrong order: `return w, b`.",
            lambda w, b, gradient_w, gradient_b, learning_rate:
            (b - learning_rate * gradient_b, w - learning_rate * gradient_w)),
        Misconception(
            "only the sign of the gradient",
            "Your steps all have the same length. Where the slope is steep the step is longer: multiply by the "
            "gradient itself.",
            lambda w, b, gradient_w, gradient_b, learning_rate:
            (w - learning_rate * np.sign(gradient_w), b - learning_rate * np.sign(gradient_b))),
        Misconception(
            "weights changed in place",
            "The values are right, and `-=` also changed the array w of whoever called you. Write "
            "`w = w - learning_rate * gradient_w`.",
            _in_place),
    ),
)
