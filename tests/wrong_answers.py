"""Answers to every exercise, by lab: RIGHT ones in other words, and WRONG ones beside the name of their mistake."""
import wrong_answers_01
import wrong_answers_02
import wrong_answers_03
import wrong_answers_04
import wrong_answers_05
import wrong_answers_06

ANSWERS = {"Lab 1": wrong_answers_01, "Lab 2": wrong_answers_02, "Lab 3": wrong_answers_03, "Lab 4": wrong_answers_04,
           "Lab 5": wrong_answers_05, "Lab 6": wrong_answers_06}
