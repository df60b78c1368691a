"""The exercises of every assignment."""

from unrolled.exercises import attention, bptt, feedforward_limits, gru, lstm, rnn, vanishing_gradients
from unrolled.exercises.exercise import Exercise

ASSIGNMENTS: dict[str, tuple[Exercise, ...]] = {
    "01-feedforward-limits": feedforward_limits.EXERCISES,
    "02-rnn": rnn.EXERCISES,
    "03-bptt": bptt.EXERCISES,
    "04-vanishing-gradients": vanishing_gradients.EXERCISES,
    "05-lstm": lstm.EXERCISES,
    "06-gru": gru.EXERCISES,
    "08-attention": attention.EXERCISES,
}

EXERCISES = {exercise.name: exercise for exercises in ASSIGNMENTS.values() for exercise in exercises}


def exercises_of(assignment):
    """The exercises that an assignment may ask for: its own, or all where a course has given it a name of its own,
    since functions' names differ."""
    return ASSIGNMENTS.get(assignment, tuple(EXERCISES.values()))
