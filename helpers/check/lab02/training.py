"""Train a network on zeros and ones, and report honestly: what goes wrong, by name."""
import torch
from torch.nn import functional

from ..exercise import Exercise, Misconception
from ..signs import raises
from .training_mutants import (
    accuracies,
    ascent,
    by_way_of_p,
    fixed,
    learns_nothing_when_sure,
    like_any,
    momentum,
    on_a_copy,
    on_another,
    scaled,
    sigmoid_first,
    summed,
    untouched,
    untrained_but_claimed,
    with_a_column,
    with_steps,
    wrong_report,
    wrong_training,
)
from .training_run import CASES, RTOL, report, train_and_report

SHARES = ("before", "after", "majority")
IN_THE_TRAINING = (
    Misconception(
        "gradients never cleared",
        "PyTorch adds every new gradient to the old one, so your steps carry all earlier ones along. Call "
        "`optimizer.zero_grad()` in every round.",
        wrong_training(clear=False)),
    Misconception(
        "never stepped",
        "Your network is the same after training as before: `backward()` computes gradients and moves nothing. "
        "Call `optimizer.step()` in every round.",
        wrong_training(step=False)),
    Misconception(
        "gradient ascent",
        "Your loss grows: the parameters go with the gradient. Subtract it, or leave that to `optimizer.step()`.",
        wrong_training(optimizer=ascent)),
    Misconception(
        "summed, not averaged",
        "You add the losses of all digits, so each step is as many times too large as there are digits. "
        "`nn.BCEWithLogitsLoss()` averages.",
        wrong_training(loss=summed)),
    Misconception(
        "sigmoid before the loss",
        "`nn.BCEWithLogitsLoss` applies the sigmoid itself; you apply it twice. Hand over the logits.",
        wrong_training(loss=sigmoid_first)),
    Misconception(
        "loss by way of p",
        "Right while the network is in doubt. You take the sigmoid first, then its logarithm, as `nn.BCELoss` does: "
        "where the network is sure and wrong p is rounded to 0 or 1, and no gradient comes back, or nan. Hand the "
        "logits to `nn.BCEWithLogitsLoss()`.",
        wrong_training(loss=by_way_of_p),
        sign=learns_nothing_when_sure),
    Misconception(
        "squared error on the logits",
        "You train with the squared error between logit and label. Use `nn.BCEWithLogitsLoss()`.",
        wrong_training(loss=functional.mse_loss)),
    Misconception(
        "another optimiser",
        "You train with Adam or with momentum, which change the steps. Plain gradient descent is asked: "
        "`torch.optim.SGD(model.parameters(), lr=learning_rate)` and nothing more.",
        wrong_training(optimizer=torch.optim.Adam),
        sign=like_any(wrong_training(optimizer=torch.optim.Adam), wrong_training(optimizer=momentum))),
    Misconception(
        "learning rate fixed",
        "Your learning rate is always the same. Take the one that is handed over: `lr=learning_rate`.",
        fixed(0.5),
        sign=like_any(*map(fixed, (0.5, 0.1, 0.01, 1.0)))),
    Misconception(
        "one step only",
        "You take one step and stop, perhaps by a `return` inside the loop. Take `steps` steps.",
        with_steps(lambda steps: min(steps, 1))),
    Misconception(
        "one step too many",
        "You take one step more than `steps`. `for _ in range(steps)` runs exactly so often, for 0 steps not at all.",
        with_steps(lambda steps: steps + 1)),
    Misconception(
        "trained on the new digits",
        "You train on the digits that are kept for the report, so your report says nothing about new ones. Train on "
        "x and y alone.",
        wrong_training(lambda x, y, new_x, new_y, steps, rate: (new_x, new_y, steps, rate))),
    Misconception(
        "a copy was trained",
        "Your report is right, and the model that was handed over has not moved: you trained a copy. Train the "
        "model itself.",
        on_a_copy,
        sign=untrained_but_claimed),
    Misconception(
        "another model was trained",
        "The model that was handed over has not moved. You made a new one inside the function and trained that, or "
        "none at all. Train and measure `model` itself.",
        on_another,
        sign=untouched),
    Misconception(
        "a column beside a row",
        "`model(x)` has shape (N, 1), y has (N,). Take the axis away: `model(x).squeeze(1)`.",
        with_a_column,
        sign=raises(ValueError, "Target size")),
)
IN_THE_REPORT = (
    Misconception(
        "every digit against every label",
        "`model(new_x)` is (N, 1) and `new_y` is (N,): `==` makes a table of (N, N) of them, each digit against each "
        "label. In the lecture both were (N, 1). Here write `model(new_x).squeeze(1)`.",
        accuracies(lambda logits, y: ((logits[:, None] > 0) == (y == 1)).float().mean())),
    Misconception(
        "measured on the training digits",
        "You report on the digits the network was trained on: it may know them by heart. All three shares are of "
        "new_x and new_y.",
        wrong_report(lambda said, first, last, y: {}, on_training=True)),
    Misconception(
        "majority of the training digits",
        "Your majority is that of y. Beside an accuracy on the new digits belongs the majority of those: new_y.",
        lambda model, x, y, *rest: train_and_report(model, x, y, *rest) | {
            "majority": max(y.mean().item(), 1 - y.mean().item())}),
    Misconception(
        "logits compared with one half",
        "You call a digit 1 where its logit is above 0.5. That is the threshold of a probability; of a logit it "
        "is 0.",
        accuracies(lambda logits, y: ((logits > 0.5) == (y == 1)).float().mean())),
    Misconception(
        "probability compared with 0",
        "You compare p with 0. Every p is above 0, so every digit is called 1. Compare the logit with 0, p with 0.5.",
        accuracies(lambda logits, y: ((torch.sigmoid(logits) > 0) == (y == 1)).float().mean())),
    Misconception(
        "classes exchanged",
        "You call a digit 1 where its logit is negative, so your accuracy is the share of mistakes.",
        wrong_report(lambda said, first, last, y: {"before": 1 - said["before"], "after": 1 - said["after"]})),
    Misconception(
        "measured after training both times",
        "Your two accuracies are the same: you measured both after training. Measure once before the loop.",
        wrong_report(lambda said, first, last, y: {"before": said["after"]})),
    Misconception(
        "measured before training both times",
        "Your two accuracies are the same: you measured both before training. Compute the logits anew after the "
        "loop.",
        wrong_report(lambda said, first, last, y: {"after": said["before"]})),
    Misconception(
        "share of ones, not the majority",
        "You report the share of ones. Where zeros are more frequent, always saying zero scores more: take the "
        "larger share.",
        wrong_report(lambda said, first, last, y: {"majority": y.mean().item()})),
    Misconception(
        "share of zeros, not the majority",
        "You report the share of zeros. Where ones are more frequent, always saying one scores more: take the "
        "larger share.",
        wrong_report(lambda said, first, last, y: {"majority": 1 - y.mean().item()})),
    Misconception(
        "one half, not the majority",
        "Your majority is always 0.5. Count: it is the larger share of the two classes in new_y.",
        wrong_report(lambda said, first, last, y: {"majority": 0.5})),
    Misconception(
        "numbers of digits instead of shares",
        "You count the digits, perhaps with `.sum()`. Divide by how many there are, or take `.float().mean()`: only "
        "shares between 0 and 1 can be compared.",
        scaled(len, *SHARES),
        sign=like_any(scaled(len, *SHARES), scaled(len, "before", "after"), scaled(len, "majority"))),
    Misconception(
        "percent",
        "Your shares are in percent. Return them between 0 and 1; a percent sign is added where they are printed.",
        scaled(lambda y: 100, *SHARES),
        sign=like_any(scaled(lambda y: 100, *SHARES), scaled(lambda y: 100, "before", "after"))),
)

TRAIN_AND_REPORT = Exercise(
    title="Exercise 10",
    points=3,
    reference=train_and_report,
    observe=report,
    cases=CASES,
    rtol=RTOL,
    hints=(
        "Accuracy, training, accuracy again. `optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)`.",
        "Each step: `optimizer.zero_grad()`, `loss_of(model(x).squeeze(1), y).backward()`, `optimizer.step()`.",
        "Accuracy: `((model(new_x).squeeze(1) > 0) == (new_y == 1)).float().mean().item()`; a logit of 0 is p = 0.5.",
        "Majority: `max(new_y.mean().item(), 1 - new_y.mean().item())`. Return the dictionary with all three.",
    ),
    misconceptions=(*IN_THE_TRAINING, *IN_THE_REPORT),
)
