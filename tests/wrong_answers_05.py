"""Lab 5 as learners write it: right answers in other words, and known mistakes in other words, by topic."""
import wrong_answers_05_masks as masks
import wrong_answers_05_networks as networks
import wrong_answers_05_patients as patients

RIGHT = masks.RIGHT | networks.RIGHT | patients.RIGHT
WRONG = masks.WRONG | networks.WRONG | patients.WRONG
