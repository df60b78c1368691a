"""What students get, searched for what nobody has printed: lines of functions, word for word and by what they compute,
lines of the text
that a network is graded on."""

import ast
import functools
import html
import inspect
import io
import json
import re
import tarfile
import zipfile

from tests.formulas import formulas_in, formulas_of
from unrolled import reference, withheld

SHORTEST = 12       # characters, blanks not counted, of a line that gives something away
EVERYBODYS = {
    "rng = np.random.default_rng(seed)",
    "h0 = np.zeros((N, H), np.float32)",
    "for name, gradient in gradients.items():",
    "h_prevs = np.concatenate([h0[None], hs[:-1]])",
}
OPERATIONS = 2      # of a formula that gives something away
EVERYBODYS_FORMULAS = """
np.tanh(x @ W_x + h_prev @ W_h + b)
(one * other).sum(axis=0)
"""


def squeezed(text):
    """A text without what differs where a line is set into another: blanks, the kind of quotes, their escapes."""
    return re.sub(r"[\s\\]+", "", text).replace("'", '"')


def body_of(function):
    """The lines of a function's body, squeezed and without their comments."""
    source = re.sub("  +# .*", "", inspect.getsource(function))
    docstring = ast.parse(source).body[0].body[0]
    return set(map(squeezed, source.splitlines()[docstring.end_lineno :]))


def secret_lines():
    """Lines that stand nowhere but in `unrolled.unprinted`; of the text, one in fifty."""
    printed = set(map(squeezed, EVERYBODYS)).union(*(body_of(getattr(reference, name)) for name in reference.__all__))
    code = set().union(*map(body_of, withheld.functions().values())) - printed
    text = map(squeezed, withheld.text().splitlines()[::50])
    return sorted(line for line in {*code, *text} if len(line) >= SHORTEST)


@functools.cache
def secret_formulas():
    """What lines of `unrolled.unprinted` compute and no expression of the reference does: a name of the
    line by fingerprint."""
    taught = "\n".join(inspect.getsource(inspect.getmodule(getattr(reference, name))) for name in reference.__all__)
    printed = dict(formulas_in(f"{taught}{EVERYBODYS_FORMULAS}", OPERATIONS))
    functions = withheld.functions().items()
    found = {value: f"{name}: {line}" for name, function in functions for value, line in formulas_of(function, OPERATIONS)}
    return {value: line for value, line in found.items() if value not in printed}


SECRET = secret_lines()


def formula_leaks_in(name, content):
    """The secret formulas in a file's code, under whatever names: the file, what it says, and what that is."""
    for code in _code_in(name, content):
        for value, line in formulas_in(code, OPERATIONS):
            if value in secret_formulas():
                yield f"{name}: {line} is {secret_formulas()[value]}"


def _code_in(name, content):
    """The Python in a module, a chapter or a notebook."""
    if name.endswith(".ipynb"):
        return ["".join(cell["source"]) for cell in json.loads(content)["cells"] if cell["cell_type"] == "code"]
    if name.endswith(".md"):
        return [re.sub("^:.*", "", block, flags=re.MULTILINE) for block in re.findall(r"^```+.*python3?\n(.*?)^```", content, re.MULTILINE | re.DOTALL)]
    return [content] if name.endswith(".py") else []


def leaks_in(name, content):
    """The secret lines in a file, each after the file's name, and the files that lie in unprinted/."""
    return [leak for file, inner in files_in(name, content) for leak in _leaks_in_file(file, inner)]


def files_in(name, content):
    """(name, content) of a file, or of all that an archive holds, however deep."""
    if content.startswith(b"PK\3\4"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = {member: archive.read(member) for member in archive.namelist()}
    elif name.endswith(".tar.gz"):
        archive = tarfile.open(fileobj=io.BytesIO(content))
        members = {member.name: archive.extractfile(member).read() for member in archive.getmembers() if member.isfile()}
    else:
        yield name, content
        return
    for member, inner in members.items():
        yield from files_in(f"{name}/{member}", inner)


def _leaks_in_file(name, content):
    if "unprinted/" in name:
        yield name
    yield from (f"{name}: {line}" for line in _secret_lines_in(content))


@functools.cache        # most files are in an archive too
def _secret_lines_in(content):
    text = content.decode("utf8", "replace")
    shown = html.unescape(re.sub("<[^>]*>", "", text))      # as a page shows it, whose code is coloured word by word
    kinds = {squeezed(text), squeezed(shown)}
    return [line for line in SECRET if any(line in kind for kind in kinds)]
