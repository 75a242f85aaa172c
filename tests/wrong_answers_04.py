"""Lab 4 as learners write it: right answers in other words, and known mistakes in other words, by topic."""
import wrong_answers_04_metrics as metrics
import wrong_answers_04_networks as networks
import wrong_answers_04_training as training

RIGHT = networks.RIGHT | training.RIGHT | metrics.RIGHT
WRONG = networks.WRONG | training.WRONG | metrics.WRONG
