"""What a training remembers: its numbers, epoch by epoch, and its best weights."""
import copy
import math
import time
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass
class History:
    """What the epochs of one training brought; entry k of a list belongs to epoch k + 1.

    training_loss : mean over the inputs of an epoch, measured while the weights change and dropout is at work.
    validation_loss, validation_score : measured after the epoch; empty lists where there was nothing to measure.
    seconds : how long each epoch took.
    interrupted : somebody stopped it.  kept_best : the network has the weights of `best_epoch`, not the last ones.
    """

    training_loss: list = field(default_factory=list)
    validation_loss: list = field(default_factory=list)
    validation_score: list = field(default_factory=list)
    seconds: list = field(default_factory=list)
    interrupted: bool = False
    kept_best: bool = False

    def __len__(self):
        return len(self.training_loss)

    @property
    def best_epoch(self):
        """The first epoch, from 1, with the highest score, else the lowest validation loss; None without either."""
        gains = self.validation_score or [-loss for loss in self.validation_loss]
        known = [gain for gain in gains if not math.isnan(gain)]
        return gains.index(max(known)) + 1 if known else None

    def __repr__(self):
        texts = [f"{len(self)} epoch{'' if len(self) == 1 else 's'} in {sum(self.seconds):.1f} s"]
        for name in ("training_loss", "validation_loss", "validation_score"):
            texts += [f"{name.replace('_', ' ')} ≈ {value:.2f}" for value in getattr(self, name)[-1:]]
        texts += ["interrupted"] * self.interrupted + [f"weights of epoch {self.best_epoch}"] * self.kept_best
        return f"History({', '.join(texts)})"


@dataclass(frozen=True)
class State:
    """Where a training stands: what `progress` receives after every batch, after every epoch and at the end.

    epoch, batch : the present ones, from 1, of `epochs` and `batches`.  loss : mean of this epoch so far.
    seconds : since the start.  history : the History so far.  finished : nothing more will come.
    """

    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float
    seconds: float
    history: History
    finished: bool = False

    @property
    def share(self):
        """How much of the planned work is done, above 0 and up to 1."""
        return ((self.epoch - 1) * self.batches + self.batch) / (self.epochs * self.batches)

    @property
    def seconds_left(self):
        """Seconds to go if the rest takes as long per batch as what is done; 0 once finished."""
        return 0.0 if self.finished else self.seconds * (1 - self.share) / self.share


class Books:
    """Writes the History of a training while it runs, and hands a State to `progress` after every change.

    epoch, batch : the present ones, from 1, of `epochs` and `batches`.  total : sum of the losses of the `count` inputs
    that this epoch has seen.
    """

    def __init__(self, history, epochs, progress):
        self.history, self.epochs, self.progress = history, epochs, progress
        self.epoch = self.batch = self.batches = self.total = self.count = 0
        self.started = time.perf_counter()

    def begin(self, batches):
        """Begin an epoch of these batches, a list, and return it."""
        self.epoch, self.batch, self.batches, self.total, self.count = self.epoch + 1, 0, len(batches), 0.0, 0
        self.epoch_started = time.perf_counter()
        return batches

    def step(self, loss, count):
        """After a batch of `count` inputs, with its mean loss.  Raises ValueError when that is no longer a number."""
        if not math.isfinite(loss):
            what = "NaN" if math.isnan(loss) else "infinite"
            raise ValueError(f"The loss became {what} in epoch {self.epoch}: lower the learning rate.")
        self.batch, self.total, self.count = self.batch + 1, self.total + loss * count, self.count + count
        self.tell()

    def end(self, *judged):
        """After an epoch.  judged : validation loss and score, as far as they were measured."""
        self.history.training_loss.append(self.total / self.count)
        for values, value in zip((self.history.validation_loss, self.history.validation_score), judged, strict=False):
            values.append(value)
        self.history.seconds.append(time.perf_counter() - self.epoch_started)
        self.tell()

    def interrupt(self):
        """Somebody has stopped the training."""
        self.history.interrupted = True
        print(f"Interrupted in epoch {self.epoch}: the network keeps what it has learned so far.")

    def finish(self):
        """After the last epoch."""
        with suppress(KeyboardInterrupt):  # too late to matter: the training is over
            self.tell(finished=True)

    def tell(self, finished=False):
        """Hand the present State to `progress`, once there is a loss to tell."""
        if self.progress is not None and self.count:
            self.progress(State(self.epoch, self.epochs, self.batch, self.batches, self.total / self.count,
                                time.perf_counter() - self.started, self.history, finished))


class Best:
    """Remembers the best weights, in memory, where `patience` asks for them."""

    def __init__(self, model, history, patience):
        self.model, self.history, self.patience, self.weights = model, history, patience, None

    def is_final(self):
        """After each epoch: keep the weights if they are the best so far, and say whether patience is at its end."""
        if self.patience is None:
            return False
        best = self.history.best_epoch or 0
        if best == len(self.history):
            self.weights = copy.deepcopy(self.model.state_dict())
        return len(self.history) - best >= self.patience

    def restore(self):
        """Give the network the best weights, where any were kept."""
        if self.weights is not None:
            self.model.load_state_dict(self.weights)
            self.history.kept_best = True
