"""Lab 6 as learners write it: right answers in other words, and known mistakes in other words, by topic."""
import wrong_answers_06_maps as maps
import wrong_answers_06_trust as trust

RIGHT = maps.RIGHT | trust.RIGHT
WRONG = maps.WRONG | trust.WRONG
