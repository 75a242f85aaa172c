"""Lab 4: its exercises are in order; what they have in common with other labs is in test_check_mistakes."""
import pytest

from helpers.check.lab04 import LAB

EXERCISES = {exercise.name: exercise for exercise in LAB.exercises}
each_exercise = pytest.mark.parametrize("exercise", LAB.exercises, ids=list(EXERCISES))


def test_exercises_are_numbered_in_their_order():
    assert [exercise.title for exercise in LAB.exercises] == [f"Exercise {number}" for number in range(1, 13)]
    assert sum(exercise.points for exercise in LAB.exercises) == 22
