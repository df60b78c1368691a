"""What the tables of students' answers share: a function made of its source, that source edited, and what must be said of it."""

import linecache

import pytest

from unrolled import examine, reference


def written(name, source):
    """The function that a student's source defines; errors point into it, as in a notebook's cell."""
    file = f"<a student's {name} {hash(source)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    scope = {other: getattr(reference, other) for other in reference.__all__} | {"np": reference.rnn.np}
    exec(compile(source, file, "exec"), scope)
    return scope[name]


def edited(name, source, pairs):
    """The function of a source in which other texts stand; pairs holds old and new by turns."""
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in source
        source = source.replace(old, new)
    return written(name, source)


def each(rows):
    """A test for each row of a table: the function's name, how it is written, and the words that must be said of it."""
    return pytest.mark.parametrize("name, how, words", rows, ids=[f"{name}-{words[:30]}" for name, _, words in rows])


def assert_told(function, words, seeds=1):
    for seed in range(seeds):
        report = examine(function, seed)
        assert not report.passed
        assert words in report.message, report.message
