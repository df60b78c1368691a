"""The exercises of every assignment, and the tasks in them that are scored by what they reach."""

from unrolled.exercises import (
    attention,
    bptt,
    deep_bidirectional,
    feedforward_limits,
    forecasting,
    gru,
    language,
    language_model,
    lstm,
    rnn,
    vanishing_gradients,
)
from unrolled.exercises.exercise import Exercise
from unrolled.exercises.scored import Scored

ASSIGNMENTS: dict[str, tuple[Exercise, ...]] = {
    "01-feedforward-limits": feedforward_limits.EXERCISES,
    "02-rnn": rnn.EXERCISES,
    "03-bptt": bptt.EXERCISES,
    "04-vanishing-gradients": vanishing_gradients.EXERCISES,
    "05-lstm": lstm.EXERCISES,
    "06-gru": gru.EXERCISES,
    "07-deep-bidirectional": deep_bidirectional.EXERCISES,
    "08-attention": attention.EXERCISES,
    "09-forecasting": forecasting.EXERCISES,
    "09-language": language.EXERCISES,
}

SCORED: dict[str, tuple[Scored, ...]] = {"09-language": language_model.TASKS}

# What an earlier edition asked: it is asked no more, and goes on being checked and graded in the notebooks of then.
RETIRED: dict[str, tuple[Exercise, ...]] = {
    "01-feedforward-limits": feedforward_limits.RETIRED,
    "04-vanishing-gradients": vanishing_gradients.RETIRED,
    "06-gru": gru.RETIRED,
}

EXERCISES = {
    exercise.name: exercise for exercises in (*ASSIGNMENTS.values(), *RETIRED.values()) for exercise in exercises
}
TASKS = {task.name: task for tasks in SCORED.values() for task in tasks}
CHECKED = EXERCISES | TASKS  # whatever `check` takes


def asked_of(assignment):
    """The exercises that an assignment asks."""
    return ASSIGNMENTS[assignment] + SCORED.get(assignment, ())


def exercises_of(assignment):
    """The exercises that a notebook of an assignment, of whatever edition, may ask for: its own, or all where a course
    has given it a name of its own, since functions' names differ."""
    if assignment not in ASSIGNMENTS:
        return tuple(CHECKED.values())
    return asked_of(assignment) + RETIRED.get(assignment, ())
