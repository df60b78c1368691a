"""What this package's files hold and what its functions do, as texts of which a digest can be made."""

import functools
import inspect
import re
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import numpy as np

PACKAGE = Path(__file__).parent
KINDS = (".py", ".npz", ".txt", ".gz", ".json")
_PLAIN = (bool, int, float, complex, str, bytes, type(None), np.generic)


def files_of(package=PACKAGE):
    """(path in the package, bytes) of each module and of the data beside it, in order."""
    for path in sorted(package.rglob("*")):
        if path.suffix in KINDS:
            yield path.relative_to(package), path.read_bytes()


def sources_of(*functions):
    """The texts of functions, and of all that they use of this package, each once: functions,
    classes and constants."""
    texts, seen, waiting = [], set(), list(reversed(functions))
    while waiting:
        value = waiting.pop()
        value = inspect.unwrap(value) if callable(value) else value
        if isinstance(value, (*_PLAIN, re.Pattern)):
            texts.append(repr(value))
        elif isinstance(value, np.ndarray):
            texts.append(f"{value.dtype} {value.shape} {value.tobytes().hex()}")
        elif id(value) not in seen:
            seen.add(id(value))
            text, used = _read(value)
            texts.append(text)
            waiting += reversed(used)
    return texts


def _read(value):
    """The text of a value that is no plain one, and the values that it uses."""
    if isinstance(value, functools.partial):
        return "partial", [value.func, *value.args, *_items(value.keywords)]
    if isinstance(value, dict):
        return "dict", _items(value)
    if isinstance(value, (tuple, list)):
        return type(value).__name__, list(value)
    if not getattr(value, "__module__", "").startswith("unrolled"):
        return "", []  # another library's: its version is not ours to watch
    if isinstance(value, FunctionType):
        return getattr(value, "source", None) or inspect.getsource(value), _used_by(value)
    if isinstance(value, type):
        members = [
            getattr(member, "fget", None) or getattr(member, "func", None) or member for member in vars(value).values()
        ]
        return inspect.getsource(value), [member for member in members if _is_written_in(value, member)]
    return "", []


def _is_written_in(class_, member):
    """Whether a member is a method that stands in the class's source: a dataclass has others, which follow from it."""
    return isinstance(member, FunctionType) and member.__code__.co_filename == inspect.getfile(class_)


def _items(mapping):
    return [part for pair in mapping.items() for part in pair]


def _used_by(function):
    """What a function's body names of what stands outside it, and the values that its arguments have by default."""
    names = _names(function.__code__)
    outside = function.__globals__ | inspect.getclosurevars(function).nonlocals
    found = [outside[name] for name in names if name in outside]
    modules = [value for value in found if isinstance(value, ModuleType) and value.__name__.startswith("unrolled")]
    owner = function.__globals__.get(function.__qualname__.partition(".")[0])  # of a method: it may call others
    for holder in [*modules, *([owner] if isinstance(owner, type) else [])]:
        found += [vars(holder)[name] for name in names if name in vars(holder)]
    defaults = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    return [value for value in found if not isinstance(value, ModuleType)] + defaults


def _names(code):
    """The names that a code and those inside it look up, in order."""
    inner = [name for constant in code.co_consts if isinstance(constant, CodeType) for name in _names(constant)]
    return list(dict.fromkeys([*code.co_names, *code.co_freevars, *inner]))
