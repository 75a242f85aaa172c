"""The small package behind the lectures and labs.

A module imports only from modules to its left::

    conv, loss, metrics, tables <- augment, ct, data, filters, ledger, machine, spreads <- models <- train <- explain
    <- show <- explore <- check, quiz

Start reading at ``conv`` (plain integers) or ``show`` (arrays to figures).
"""
import os

# Idle OpenMP threads that spin make training several times slower on a busy laptop; this must be
# set before torch is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
