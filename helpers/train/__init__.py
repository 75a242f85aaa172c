"""One seeded training loop for every network of the course: it knows no model, and can be interrupted.

`loop` trains and predicts, `schedule` sets the pace, `history` remembers, `checks` refuses what cannot be trained,
`device` says where.
A function `progress(state)` may watch a training; `show.training_bar()` makes one. Nothing is stored on disk.
"""
from helpers.train.device import choose_device, one_thread
from helpers.train.history import History, State
from helpers.train.loop import fit, predict
from helpers.train.schedule import one_cycle

__all__ = ["History", "State", "choose_device", "fit", "one_cycle", "one_thread", "predict"]
