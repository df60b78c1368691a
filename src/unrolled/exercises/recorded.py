"""What `check` knows at home of a function that nobody has printed: its results for a few inputs, no
line of its source.

A record is made where the reference is, `python -m unrolled.unprinted`, and lies in unrolled/recorded. It holds cases
with their right results, and for each known mistake its sentence and a sketch of its results, a few numbers by which
they are known again. Grading draws its inputs anew, and needs the reference.
"""

import functools
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from unrolled.exercises.ruler import Ruler, is_numeric
from unrolled.recording import pack, unpack, value_of

RECORDED = Path(__file__).parents[1] / "recorded"
SEED = 0
PROJECTIONS = 3


class ReferenceMissing(LookupError):
    """The reference of a function that nobody has printed is asked for where it is not."""


def missing(name):
    """Say that a reference is not here."""
    raise ReferenceMissing(f"the reference of {name} is not in this installation: use the folder of the course.")


@dataclass(frozen=True)
class RecordedMistake:
    """A known mistake by its sentence and, a row for each case and each result, the sketches of what it makes."""

    sentence: str
    sketches: np.ndarray
    edits = ()  # it is made by none here, so never together with another


@dataclass(frozen=True)
class Record:
    """The documented shapes of inputs and results by name, which inputs the reference reads, the inputs of each case
    with what is right for them, and the known mistakes."""

    inputs: dict
    results: dict
    reads: frozenset
    cases: list
    expected: list
    mistakes: tuple


@dataclass(frozen=True)
class RecordedExercise(Ruler):
    """An exercise whose reference is not here: a record takes its place, in all but grading."""

    name: str
    printed = False
    slips, misreadings, reached = (), (), {}  # which the reference's lines tell

    @functools.cached_property
    def record(self):
        return read_record(RECORDED / f"{self.name}.npz")

    @property
    def inputs(self):
        return self.record.inputs

    @property
    def results(self):
        return self.record.results

    @property
    def reads(self):
        return self.record.reads

    @property
    def mistakes(self):
        return self.record.mistakes

    @property
    def reference(self):
        return missing(self.name)

    def cases(self, rng):
        """Nobody knows what would be right for other inputs than the recorded ones."""
        return self.reference

    def known_cases(self, rng):
        """The recorded ones, whatever is drawn."""
        return self.record.cases

    def expected(self, case):
        return self.record.expected[self._place(case)]

    def explained(self, mistake, case, value):
        """Which results of a value are as a known mistake makes them, by place."""
        known = mistake.sketches[self._place(case)]
        return {i for i in range(len(self.results)) if self._is_sketched(known[i], self.part(value, i))}

    def reshaped(self, mistake, case, value):
        """Which results a known mistake makes in another form than a value has, by place; none where it raises."""
        known = mistake.sketches[self._place(case)]
        forms = ((i, known[i][0], sketch(self.part(value, i))[0]) for i in range(len(self.results)))
        return {i for i, one, other in forms if not np.isnan(one) and one != other}

    def _place(self, case):
        return next(place for place, known in enumerate(self.record.cases) if known is case)

    @np.errstate(all="ignore")  # whatever was returned
    def _is_sketched(self, known, result):
        """Whether a result is the one that a sketch was made of, as nearly as the tolerance asks."""
        found, values = sketch(result), _values(_arrays(result))
        tolerance = self.rtol * np.linalg.norm(values) + self.atol * len(values) ** 0.5
        return found[0] == known[0] and bool(np.all(np.abs(found - known) <= tolerance))


def sketch(result):
    """Numbers by which a result, an array or a list of such, is known again: a checksum of its form, and
    random projections.

    Where two results differ, all projections agree only by the rarest chance. What is no array of real numbers has nan
    for a sketch, which equals nothing.
    """
    arrays = _arrays(result)
    if not arrays:
        return np.full(1 + PROJECTIONS, np.nan)
    form = [(array.shape, array.ndim > 0 and array.dtype.kind in "biu") for array in arrays]
    values = _values(arrays)
    return np.array([zlib.crc32(repr(form).encode()), *_directions(len(values)) @ values])


def _arrays(result):
    """A result's arrays, of real numbers all; else none."""
    parts = result if isinstance(result, (tuple, list)) else [result]
    arrays = [np.asarray(part) for part in parts if is_numeric(part)]
    return arrays if len(arrays) == len(parts) and all(array.dtype.kind in "biuf" for array in arrays) else []


def _values(arrays):
    """The numbers of arrays end to end; nan and what is infinite are numbers like others, and the same each time."""
    values = np.concatenate([np.zeros(0), *(array.ravel().astype(float) for array in arrays)])
    return np.nan_to_num(values, nan=1.1, posinf=2.2, neginf=-2.2)


@functools.lru_cache(100)
def _directions(count):
    """Of RandomState, since its numbers alone stay the same in every version of NumPy."""
    return np.random.RandomState(0).normal(size=(PROJECTIONS, count))


def make_record(exercise):
    """The Record of an exercise whose reference is here."""
    cases = exercise.cases(np.random.default_rng(SEED))
    mistakes = [
        RecordedMistake(mistake.sentence, _sketches(exercise, mistake, cases)) for mistake in exercise.mistakes
    ]
    expected = [exercise.expected(case) for case in cases]
    shapes = exercise.inputs, dict(exercise.results)
    return Record(*shapes, exercise.reads, cases, expected, tuple(mistakes))


def _sketches(exercise, mistake, cases):
    made = [value_of(mistake.wrong, case) for case in cases]
    return np.array([[sketch(exercise.part(value, i)) for i in range(len(exercise.results))] for value in made])


def write_record(record, path):
    """Write a Record to a file, the same bytes for the same record."""
    shapes = {"inputs": record.inputs, "results": record.results}
    sentences = [mistake.sentence for mistake in record.mistakes]
    about = shapes | {"reads": sorted(record.reads), "sentences": sentences}
    parts = {"about": json.dumps(about).encode(), "cases": pack(record.cases), "expected": pack(record.expected)}
    arrays = {name: np.frombuffer(content, np.uint8) for name, content in parts.items()}
    np.savez_compressed(path, **arrays, sketches=np.array([mistake.sketches for mistake in record.mistakes]))


def read_record(path):
    """The Record that write_record made a file of."""
    with np.load(path) as file:
        about, cases, expected = (file[name].tobytes() for name in ("about", "cases", "expected"))
        about = json.loads(about)
        mistakes = tuple(map(RecordedMistake, about["sentences"], file["sketches"]))
    shapes = about["inputs"], about["results"]
    return Record(*shapes, frozenset(about["reads"]), unpack(cases), unpack(expected), mistakes)
