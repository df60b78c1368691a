"""A digest changes with all that a function does: its own text, and what it calls and uses of this package."""

import functools
import re

import numpy as np
import pytest

from unrolled.digest import files_of, sources_of
from unrolled.exercises import bptt
from unrolled.exercises.exercise import Exercise
from unrolled.mistakes import known_mistakes
from unrolled.reference import lstm, rnn


def other(*arguments):
    return 0.0


other.__module__ = "unrolled.other"


@pytest.mark.parametrize(
    "function, place",
    [
        (rnn.rnn_forward, "unrolled.reference.rnn.rnn_step_forward"),
        (bptt._draw_sequence, "unrolled.exercises.bptt._draw_net"),
        (bptt._draw_sequence, "unrolled.exercises.bptt.draw_array"),                    # called by what is called
        # of a module that is called by its name
        (bptt._draw_sequence, "unrolled.reference.rnn.rnn_step_forward"),
        (Exercise.cases, "unrolled.exercises.exercise.Exercise._zeroed"),               # of its own class
        (bptt._draw_probe, "unrolled.recording.Probe.__call__"),                        # of a class that is used
        (functools.partial(rnn.rnn_forward, b=0), "unrolled.reference.rnn.rnn_step_forward"),
    ],
)
def test_what_is_called_counts(monkeypatch, function, place):
    before = sources_of(function)
    assert sources_of(function) == before
    monkeypatch.setattr(place, other)
    assert sources_of(function) != before


def test_a_constant_counts_and_another_library_does_not(monkeypatch):
    before = sources_of(Exercise.cases)
    monkeypatch.setattr(np, "arange", other)
    assert sources_of(Exercise.cases) == before
    monkeypatch.setattr("unrolled.exercises.exercise.SIZES", "NTDHO")
    assert sources_of(Exercise.cases) != before


def test_a_pattern_counts_also_in_a_function_whose_results_are_kept(monkeypatch):
    before = sources_of(Exercise.cases)
    monkeypatch.setattr("unrolled.exercises.exercise._ARRAY", re.compile("another"))
    assert sources_of(Exercise.cases) != before


def test_a_default_counts():
    def made_with(size):
        def made(a, size=size):
            return a

        made.__module__ = "unrolled.other"
        return made

    assert sources_of(made_with(1)) != sources_of(made_with(2))


def test_each_mistake_of_a_function_has_a_text_of_its_own():
    texts = {tuple(sources_of(mistake.wrong)) for mistake in known_mistakes(lstm.lstm_forward)}
    assert len(texts) == len(known_mistakes(lstm.lstm_forward)) > 20


def test_the_files_are_those_that_compute(tmp_path):
    for name in ("a.py", "b/c.npz", "b/c.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [(str(path), content) for path, content in files_of(tmp_path)] == [("a.py", b"a.py"), ("b/c.npz", b"b/c.npz")]
