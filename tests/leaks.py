"""What students get, searched for what nobody has printed: lines of functions, lines of the text that a network is graded on."""

import ast
import html
import inspect
import io
import re
import tarfile
import zipfile

from unrolled import reference, withheld

SHORTEST = 12       # characters, blanks not counted, of a line that gives something away
EVERYBODYS = {
    "rng = np.random.default_rng(seed)",
    "h0 = np.zeros((N, H), np.float32)",
    "for name, gradient in gradients.items():",
    "h_prevs = np.concatenate([h0[None], hs[:-1]])",
}


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


SECRET = secret_lines()


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
    text = content.decode("utf8", "replace")
    shown = html.unescape(re.sub("<[^>]*>", "", text))      # as a page shows it, whose code is coloured word by word
    kinds = [squeezed(text), squeezed(shown)]
    yield from (f"{name}: {line}" for line in SECRET if any(line in kind for kind in kinds))
