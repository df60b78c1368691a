"""Every exercise of every assignment: its shapes, its mistakes, and right answers that must pass."""

import importlib
import inspect
import pkgutil
import re

import numpy as np
import pytest

import tests.exercises
from tests.exercises.correct import CORRECT
from unrolled import examine
from unrolled.comparison import compare
from unrolled.exercises import ASSIGNMENTS, EXERCISES, RETIRED, asked_of, exercises_of
from unrolled.exercises.exercise import SIZES, documented_shapes, draw_sizes
from unrolled.findings import examine_call
from unrolled.recording import call, call_all, value_of

for module in pkgutil.iter_modules(tests.exercises.__path__, "tests.exercises."):
    if ".correct_" in module.name:
        importlib.import_module(module.name)

VARIANTS = [(EXERCISES[name], variant) for name, variants in CORRECT.items() for variant in variants]
SEEDS = range(3)

by_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))


def named(exercise, fn):
    """fn under the name that check looks up, as a student's function would be."""

    def student(*inputs):
        return fn(*inputs)

    student.__name__ = exercise.name
    return student


@by_exercise
def test_the_reference_passes(exercise):
    for seed in range(10):
        assert examine(exercise.reference, seed).passed


@by_exercise
def test_sizes_are_capitals_or_words(exercise):
    """A small letter is a value: `n` is a row of the batch, so nothing else is counted by it. Two are
    arguments that count."""
    sizes = {size.strip() for shapes in documented_shapes(exercise.reference) for shape in shapes.values() for size in shape.split(",")}
    assert {size for size in sizes if len(size) == 1 and size.islower()} <= {"k", "p"}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_letter_of_an_array_in_any_shape_is_no_other_arrays(assignment):
    """An input x is (N, D): what may be any array is called otherwise."""
    arrays = [array for exercise in ASSIGNMENTS[assignment] for shapes in documented_shapes(exercise.reference) for array in shapes.items()]
    letters = [(name, shape) for name, shape in arrays if len(name) == 1]
    assert not {name for name, shape in letters if shape == "..."} & {name for name, shape in letters if shape != "..."}


@by_exercise
def test_results_have_the_documented_names_and_shapes(exercise):
    """The number of axes at least; where a shape is in capitals alone, the sizes too."""
    for case in exercise.cases(np.random.default_rng(0)):
        values = exercise.reference(*case.values())
        values = values if len(exercise.results) > 1 else [values]
        sizes = sizes_of(exercise, case)
        for (name, shape), value in zip(exercise.results.items(), values, strict=True):
            axes = [axis.strip() for axis in shape.split(",") if axis.strip()]
            if "..." in axes or isinstance(value, (list, tuple)):
                continue
            assert np.ndim(value) == len(axes), name
            for axis, size in zip(axes, np.shape(value), strict=True):
                assert sizes.get(axis, size) == size, f"{name}: {axis}"


def sizes_of(exercise, case):
    """The numbers behind the letters of the documented input shapes."""
    sizes = {}
    for name, shape in documented_shapes(exercise.reference)[0].items():
        axes = [axis.strip() for axis in shape.split(",") if axis.strip()]
        if isinstance(case.get(name), np.ndarray) and case[name].ndim == len(axes):
            sizes |= {axis: size for axis, size in zip(axes, case[name].shape, strict=True) if axis.isidentifier()}
    return sizes


@by_exercise
def test_cases_differ_by_seed_and_are_the_same_for_the_same_seed(exercise):
    def text(seed):
        return repr(exercise.cases(np.random.default_rng(seed)))

    assert text(1) == text(1)
    assert text(1) != text(2)


@by_exercise
def test_no_case_holds_the_answer(exercise):
    """No input of an exercise equals its results: there is nothing to look up."""
    for case in exercise.cases(np.random.default_rng(0)):
        values = exercise.reference(*case.values())
        for value in values if isinstance(values, tuple) else [values]:
            for name, given in case.items():
                same = isinstance(given, np.ndarray) and np.ndim(value) > 1 and np.size(value) and np.array_equal(given, value)
                assert not same or exercise.may_alias, name


@by_exercise
def test_each_known_mistake_is_told_by_its_own_sentence(exercise):
    cases = exercise.known_cases(np.random.default_rng(0))
    for mistake in exercise.mistakes:
        report = compare(exercise, cases, call_all(mistake.wrong, cases))
        assert not report.passed and report.score == 0, mistake.name
        assert report.mistake == mistake.sentence, report.message
        assert report.mistake[1:] in report.message


def taken_for_another(exercise, seed):
    """The sentences of known mistakes whose results another gives that is told before them, and in other words."""
    cases = exercise.known_cases(np.random.default_rng(seed))[:-1]
    made = [(mistake.sentence, [value_of(mistake.wrong, case) for case in cases]) for mistake in exercise.mistakes]
    told = (next(first for first, others in made if others is values or all(map(exercise.same, others, values))) for _, values in made)
    return [sentence for (sentence, _), first in zip(made, told, strict=True) if first != sentence]


@by_exercise
def test_a_known_mistake_is_not_taken_for_another(exercise):
    for seed in SEEDS:
        assert not taken_for_another(exercise, seed), seed


@pytest.mark.soak
@by_exercise
def test_a_known_mistake_is_not_taken_for_another_whatever_the_seed(exercise):
    for seed in range(200):
        assert not taken_for_another(exercise, seed), seed


def unseen(exercise, cases):
    """The names of the known mistakes that no case shows: who makes one of them passes."""
    left = list(exercise.mistakes)
    for case in cases:
        right = exercise.expected(case)
        left = [mistake for mistake in left if not examine_call(exercise, case, right, call(mistake.wrong, exercise.given(case)), False)]
    return [mistake.name for mistake in left]


def smallest(size):
    """Sizes of all cases, of which one is each time as small as it is ever drawn."""
    for case, sizes in enumerate(draw_sizes(np.random.default_rng(0))):
        least = 1 if sizes[size] == 1 else {(0, "T"): 4, (0, "N"): 5}.get((case, size), 2)
        other = next((name for name in SIZES if sizes[name] == least), size)
        yield sizes | {other: sizes[size], size: least}


def test_the_smallest_sizes_are_those_that_are_drawn():
    for size in SIZES:
        drawn = [[sizes[size] for sizes in draw_sizes(np.random.default_rng(seed))] for seed in range(200)]
        assert [min(column) for column in zip(*drawn, strict=True)] == [sizes[size] for sizes in smallest(size)]


@by_exercise
def test_every_known_mistake_shows_whatever_size_is_small(exercise):
    rng = np.random.default_rng(0)
    for size in SIZES:
        assert not unseen(exercise, [exercise.drawn(rng, sizes) for sizes in smallest(size)]), size


@pytest.mark.soak
@by_exercise
def test_every_known_mistake_shows_whatever_the_seed(exercise):
    for seed in range(200):
        assert not unseen(exercise, exercise.cases(np.random.default_rng(seed))), seed


@pytest.mark.parametrize("exercise, variant", VARIANTS, ids=lambda part: getattr(part, "__name__", None))
def test_a_right_answer_is_never_flagged(exercise, variant):
    for seed in SEEDS:
        assert examine(named(exercise, variant), seed).passed, examine(named(exercise, variant), seed).message


@by_exercise
def test_every_exercise_has_right_answers_in_other_words(exercise):
    assert len(CORRECT[exercise.name]) >= 2


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_an_assignment_knows_enough_mistakes(assignment):
    known = {exercise.name: len(exercise.mistakes) for exercise in ASSIGNMENTS[assignment]}
    assert min(known.values()) >= 5
    assert min([count for name, count in known.items() if name.endswith("_backward")], default=10) >= 10


BACKWARD = [
    "readout_backward", "rnn_backward", "truncated_rnn_backward", "lstm_backward", "gru_backward",
    "bidirectional_backward", "stacked_backward", "stacked_dropout_backward",
    "jordan_step_backward", "overlapping_rnn_backward", "embedded_window_backward", "leaky_rnn_backward",
]


@pytest.mark.parametrize("name", BACKWARD)
def test_gradients_that_are_clipped_on_the_way_back_never_pass(name):
    """`np.clip(dparam, -5, 5)`, as in min-char-rnn, changes nothing where gradients are small."""

    def clipped(*inputs):
        return [np.clip(gradient, -5, 5) for gradient in EXERCISES[name].reference(*inputs)]

    report = examine(named(EXERCISES[name], clipped))
    assert not report.passed
    assert "cut off at 5 and -5" in report.message


@pytest.mark.parametrize("seed", range(10))
def test_where_a_text_starts_is_heard_in_every_case(seed):
    """Words follow one another from the draws, so a wrong start is soon forgotten, unless the draws are
    such that it is not."""
    sample_tokens = EXERCISES["sample_tokens"]
    starts = [mistake for mistake in sample_tokens.mistakes if "`first` is ignored" in mistake.sentence or "the first step's input is all zeros" in mistake.sentence]
    assert len(starts) == 2
    for case in sample_tokens.known_cases(np.random.default_rng(seed)):
        tokens = sample_tokens.reference(**case)
        assert not any(np.array_equal(tokens, mistake.wrong(**case)) for mistake in starts)


def test_no_two_exercises_share_a_name():
    names = [exercise.name for exercises in (*ASSIGNMENTS.values(), *RETIRED.values()) for exercise in exercises]
    assert len(names) == len(set(names))


def test_what_is_asked_no_more_goes_on_being_graded():
    for assignment, retired in RETIRED.items():
        assert set(retired) <= set(exercises_of(assignment)) and not set(retired) & set(asked_of(assignment))
        assert all(EXERCISES[exercise.name] is exercise for exercise in retired)


@by_exercise
def test_a_sentence_may_begin_with_a_capital(exercise):
    """It is shown with one. A name that would become another stands in backticks, which have none."""
    for mistake in exercise.mistakes:
        first = re.match(r"\w*", mistake.sentence)[0]
        assert first in ("a", "A") or not re.fullmatch(r"d?[a-zW]s?\d?(_\w+)?", first) or first[0].isupper(), mistake.name


@by_exercise
def test_a_mistake_takes_the_reference_functions_arguments(exercise):
    for mistake in exercise.mistakes:
        assert list(inspect.signature(mistake.wrong).parameters) == list(inspect.signature(exercise.reference).parameters), mistake.name
