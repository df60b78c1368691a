"""A mistake is an edit of the reference's own line: the wrong function is made from the right one, and
two at once too.

    edit(lstm_step_forward, "c = f * c_prev + i * g", "c = c_prev + i * g", "the forget gate is left out: ...")

What no edit can say (structure, reshaping, another algorithm) is a function of its own under `@mistake`.
"""

import ast
import functools
import inspect
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import combinations, pairwise
from types import CodeType, FunctionType

from unrolled import reference, withheld

_KNOWN: dict[Callable, dict[str, "Mistake"]] = {}


class CatalogueError(ValueError):
    """A mistake cannot be made known: the reference does not have its line, or its name is taken."""


@dataclass(frozen=True)
class Edit:
    """Other lines in the place of some lines of a reference function's source; these are counted from its `def`."""

    of: Callable
    start: int
    stop: int
    new: tuple[str, ...]

    def meets(self, other):
        """Whether both change the same line."""
        return self.of is other.of and self.start < other.stop and other.start < self.stop


@dataclass(frozen=True)
class Mistake:
    """A known way to get the reference function `of` wrong, made by edits or, where there are none, a
    function; its sentence."""

    of: Callable
    own_name: str
    sentence: str
    edits: tuple[Edit, ...] = ()
    function: Callable | None = None

    @property
    def name(self):
        """No other mistake of the course has it."""
        return f"{self.of.__name__}-{self.own_name}"

    @property
    def target(self):
        """The name that its first changed line gives a value to."""
        return self.edits[0].new[0].split("=")[0].strip()

    def meets(self, other):
        """Whether both change the same line."""
        return any(one.meets(another) for one in self.edits for another in other.edits)

    @functools.cached_property
    def wrong(self):
        """Takes what `of` takes and returns what the mistaken student's function returns."""
        return self.function or build(self.of, self.edits)


def mistake(of, sentence, name=None):
    """Decorator: the function below is a known way to get the reference function `of` wrong, and gives it its name."""

    def register(wrong):
        _register(Mistake(of, name or wrong.__name__, sentence, function=wrong))
        return wrong

    return register


def edit(of, *lines, name=None, loop=None):
    """edit(of, old, new, sentence): a known mistake is to write the line new where the reference
    function `of` has old.

    Several pairs of old and new may stand before the sentence. A text of several lines stands for as many, the empty
    text for none. Where `of` is a loop, old may also be a line of its step.

    A step's mistake is one of the loops over it too, with the sentence `loop` where one is given, and not at all where
    that is False. The name is made of what the sentence says before its colon, unless it is given.
    """
    *pairs, sentence = lines
    if not pairs or len(pairs) % 2:
        raise CatalogueError(f"an edit of {of.__name__} takes lines in pairs, old and new, and then the sentence.")
    edits = tuple(_find(of, old, new) for old, new in zip(pairs[::2], pairs[1::2], strict=True))
    if any(one.meets(other) for one, other in combinations(edits, 2)):
        raise CatalogueError(f"an edit of {of.__name__} changes one line twice: {sentence}")
    name = name or "_".join(re.findall(r"\w+", re.split(r"[:;]", sentence)[0]))
    _register(Mistake(of, name, sentence, edits))
    for function in loops_over(of) if loop is not False else ():
        _register(Mistake(function, name, loop or sentence, edits))


def variants(of, old, sentences, **options):
    """An edit of one line for each pair of {new: sentence}."""
    for new, sentence in sentences.items():
        edit(of, old, new, sentence, **options)


def inherit(of, inner, but=()):
    """What is done wrong in `inner`, by edits, is done wrong in `of` too, which calls it; but for some, by how
    their sentences begin."""
    for one in registered(inner):
        if one.edits and not one.sentence.startswith(tuple(but)):
            _register(Mistake(of, f"{inner.__name__}_{one.own_name}", one.sentence, one.edits))


def inherit_in_one_call(of, inner, line, where, but=(), backwards=False):
    """As inherit, in one call of `inner` alone, that in a line of `of`; where says which, before the sentence.

    Backwards in time, the step that was read before step t is t + 1.
    """
    mirrored = {"t + 1": "t - 1", "t - 1": "t + 1"} if backwards else {}
    change = _find(of, line, line.replace(f"{inner.__name__}(", "other("))
    code, source = _compile(of, (change,))
    for one in registered(inner):
        if one.edits and not one.sentence.startswith(tuple(but)):
            other = build(inner, one.edits)
            wrong = FunctionType(code, of.__globals__ | {"other": other}, of.__name__)
            wrong.source = f"{source}\n\n\n{getattr(other, 'source', '')}\n\n# {one.sentence}\n"
            name = f"{'_'.join(where.split())}_{one.own_name}"
            sentence = re.sub(r"\bt [+-] 1", lambda match: mirrored.get(match[0], match[0]), one.sentence)
            _register(Mistake(of, name, f"{where}: {sentence}", function=wrong))


def registered(of):
    """The mistakes of a reference function that have been made known, in the order in which they are tried."""
    return tuple(_KNOWN.get(of, {}).values())


def both(first, second):
    """The function that makes both mistakes; None where one is no edit, or they change the same part of a line."""
    if first.of is not second.of or not (first.edits and second.edits):
        return None
    edits = functools.reduce(_joined_by, second.edits, first.edits)
    try:
        return build(first.of, edits) if edits else None
    except SyntaxError:
        return None


def _joined_by(edits, new):
    """Edits and one more, which is merged with the one that it meets; none where that cannot be."""
    met = [one for one in edits if one.meets(new)]
    merged = [_merged(one, new) for one in met] or [new]
    return (*(one for one in edits if one not in met), *merged) if edits and all(merged) and len(merged) == 1 else ()


def _merged(one, other):
    """The Edit that changes of the same lines what either of two changes, where these are parts apart; else None."""
    if (one.start, one.stop) != (other.start, other.stop):
        return None
    text = _words("\n".join(map(_bare, _lines(one.of)[0][one.start : one.stop])))
    changes = sorted(_changes(text, one.new) + _changes(text, other.new))
    if any(before[1] > after[0] or before[:2] == after[:2] for before, after in pairwise(changes)):
        return None
    for start, stop, new in reversed(changes):
        text[start:stop] = new
    return replace(one, new=tuple("".join(text).splitlines()))


def _changes(text, lines):
    """Where other lines differ from a text in words, as (start, stop, the words that stand there instead)."""
    new = _words("\n".join(lines))
    codes = SequenceMatcher(None, text, new, autojunk=False).get_opcodes()
    return [(i, j, new[k:m]) for what, i, j, k, m in codes if what != "equal"]


def _words(text):
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def build(of, edits):
    """The reference function `of` with edits made in itself and in what it calls, its step above all;
    `source` keeps its text."""
    own = tuple(one for one in edits if one.of is of)
    inside = {step: tuple(one for one in edits if one.of in with_called(step)) for step in _called(of)}
    wrong_steps = {step.__name__: build(step, some) for step, some in inside.items() if some}
    code, source = _compile(of, own) if own else (of.__code__, None)
    function = FunctionType(code, of.__globals__ | wrong_steps, of.__name__)
    if source:
        function.source = source
    return function


@functools.cache
def _called(of):
    """The functions that a function calls by their names."""
    called = (of.__globals__.get(name) for name in of.__code__.co_names)
    return tuple(function for function in called if isinstance(function, FunctionType))


@functools.cache
def with_called(of):
    """A function, the functions that it calls, those that these call, and so on, each once."""
    return tuple(dict.fromkeys([of, *(inner for one in _called(of) for inner in with_called(one))]))


def last_line(of):
    """The last line of a reference function, what it returns."""
    return _code_of(of)[0][-1]


def before_first_line(of):
    """Where the body of a function begins after its docstring, and how its lines are indented."""
    lines, first = _lines(of)
    return first, lines[first][: -len(lines[first].lstrip())]


@functools.cache
def steps_of(loop):
    """The reference's functions that a function calls for each input of a sequence, or for each layer or window, and
    their own steps.

    One that is called for each layer or window has the end of the caller's name: `overlapping_rnn_backward`
    calls `rnn_backward`.
    """
    names = [name for name in loop.__code__.co_names if "_step_" in name or loop.__name__.endswith(f"_{name}")]
    called = [loop.__globals__[name] for name in names]
    return (*called, *(step for one in called for step in steps_of(one)))


@functools.cache
def loops_over(step):
    """The functions that call a step, of the reference and of what nobody has printed."""
    functions = [*(getattr(reference, name) for name in reference.__all__), *withheld.functions().values()]
    return tuple(function for function in functions if step in steps_of(function))


def _register(new):
    mistakes = _KNOWN.setdefault(new.of, {})
    if new.own_name in mistakes:
        raise CatalogueError(f"{new.of.__name__} has two mistakes called {new.own_name}: give one another name.")
    mistakes[new.own_name] = new


def _find(of, old, new):
    """The Edit that puts new in the place of old, in `of` or in the step that it calls."""
    wanted = [_code(line) for line in old.splitlines()]
    places = [(function, place) for function in (of, *steps_of(of)) for place in _places(function, wanted)]
    if len(places) != 1:
        count = f"{len(places)} times" if places else "nowhere"
        raise CatalogueError(f"`{old}` stands {count} in {of.__name__}: an edit takes a line that stands there once.")
    if [_code(line) for line in new.splitlines()] == wanted:
        raise CatalogueError(f"`{old}` becomes itself: an edit of {of.__name__} writes another line in its place.")
    ((function, start),) = places
    lines, _ = _lines(function)
    indent = lines[start][: -len(lines[start].lstrip())]
    return Edit(function, start, start + len(wanted), tuple(indent + line for line in new.splitlines()))


def _places(function, wanted):
    """Where some lines stand in a function's body."""
    code, first = _code_of(function)
    return [start for start in range(first, len(code)) if code[start : start + len(wanted)] == wanted]


@functools.cache
def _code_of(function):
    """The lines of a function without indentation and comments, and where its body begins."""
    lines, first = _lines(function)
    return [_code(line) for line in lines], first


@functools.cache
def _lines(function):
    """The lines of a function's source, and where its body begins after the docstring."""
    source = inspect.getsource(function)
    docstring = ast.parse(source).body[0].body[0]
    return source.splitlines(), docstring.end_lineno


@functools.cache
def tree_of(function):
    """The syntax tree of a function, its lines counted from its `def`."""
    return ast.parse(inspect.getsource(function)).body[0]


def _code(line):
    """A line without its indentation and its comment."""
    return _bare(line).strip()


def _bare(line):
    """A line without its comment."""
    return re.sub(r"\s+#.*", "", line)


@functools.lru_cache(1000)
def _compile(of, edits):
    lines = list(_lines(of)[0])
    for one in sorted(edits, key=lambda one: one.start, reverse=True):
        lines[one.start : one.stop] = one.new
    source = "\n".join(lines)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)      # two mistakes together may be what nobody would write
        module = compile(source, f"<{of.__name__} with a mistake>", "exec")
    (code,) = (constant for constant in module.co_consts if isinstance(constant, CodeType))
    return code, source
