"""What the page's Python is made of: the committed packs, and this package's own modules, zipped anew at each build.

Nothing here is listed by hand: the modules that go are those that the students' notebooks import, and
whatever these import.
"""

import ast
import base64
import gzip
import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path

from unrolled import es_modules

HERE = Path(__file__).parent
PACKAGE = HERE.parent
PACKS = HERE / "packs"
RUNNER = "unrolled.page.runner"
CHUNK = 1_000_000  # characters in a script: small enough for any host, and one step of the bar that shows the loading


def zipped(files, method=zipfile.ZIP_DEFLATED):
    """Files by name as the bytes of a zip, the same bytes for the same files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], method)  # its date is always the same
    return target.getvalue()


def scripts(name, content):
    """A part as classic scripts by file name: gzipped, then base64, since a page opened from a folder cannot fetch.

    The names carry the content's digest, so a script of one name never changes.
    """
    digest = hashlib.sha256(content).hexdigest()[:12]
    text = base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()
    pieces = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
    return {
        f"{name}-{digest}-{place}.js": f'unrolledPiece("{name}",{place},"{piece}")\n'
        for place, piece in enumerate(pieces)
    }


def content_of(files):
    """The bytes that `scripts` made these scripts of, given as texts in their order."""
    return gzip.decompress(base64.b64decode("".join(text.split('"')[3] for text in files)))


def packs(folder=PACKS):
    """What packs.json says: "info", Pyodide's description of itself, and "parts", each with its name,
    digest and scripts."""
    return json.loads((folder / "packs.json").read_text(encoding="utf8"))


def packed_modules(sources):
    """The files of this package that the page needs, by their name in it: all that the sources import, directly or
    not, and the runner.

    Where a package is imported as a whole, all of its modules go: catalogues are found, not listed. Data beside the
    modules go where a module names them or their folder.
    """
    due = [RUNNER, "unrolled", *(name for source in sources for name in imported(source))]
    taken = {}
    while due:
        for path in files_of(due.pop()):
            name = str(path.relative_to(PACKAGE.parent))
            if name not in taken:
                taken[name] = path.read_bytes()
                due += imported(taken[name])
    text = b"".join(taken.values())
    data = {
        str(path.relative_to(PACKAGE.parent)): path.read_bytes()
        for path in sorted(PACKAGE.rglob("*.npz")) + sorted(PACKAGE.rglob("*.txt"))
        if _is_named(path, text)
    }
    return taken | data


def _is_named(path, text):
    """Whether the modules' text names a file of data that stands in the package, or the folder of
    data that it is in."""
    return any(f'"{name}"'.encode() in text for name in (path.name, path.relative_to(PACKAGE).parts[0]))


def imported(source):
    """What a module's source imports of this package, dotted; a name that is no module is left out when its
    file is looked for."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "unrolled")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "unrolled":
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files_of(name):
    """The files of a module: itself and its packages' __init__, and all below it when it is a package of ours,
    but for the root."""
    parts = name.split(".")[1:]
    place = PACKAGE.joinpath(*parts)
    if place.with_suffix(".py").is_file() and parts:
        files = [place.with_suffix(".py")]
    elif (place / "__init__.py").is_file():
        files = sorted(place.rglob("*.py")) if parts else [place / "__init__.py"]
    else:
        return []
    return files + [path for parent in Path(*parts).parents if (path := PACKAGE / parent / "__init__.py").is_file()]


def python_scripts(sources):
    """What the page's Python is told of its parts, and the scripts of the one that is made anew, this
    package, by file name."""
    known = packs()
    unrolled = scripts("unrolled", zipped(packed_modules(sources)))
    parts = {part["name"]: part["files"] for part in known["parts"]} | {"unrolled": list(unrolled)}
    sizes = {file: (PACKS / file).stat().st_size for part in known["parts"] for file in part["files"]}
    sizes |= {file: len(script) for file, script in unrolled.items()}
    worker = (HERE / "worker.js").read_text(encoding="utf8")
    # less where the server compresses
    size = f"{0.76 * sum(sizes.values()) / 1e6:.0f} to {sum(sizes.values()) / 1e6:.0f} MB"
    return {"info": known["info"], "parts": parts, "sizes": sizes, "size": size, "worker": worker}, unrolled


def write_scripts(folder, sources):
    """Write all that runs code in a page into folder: the scripts, desk.css, and the parts in python/; older
    ones are taken away."""
    told, unrolled = python_scripts(sources)
    parts = folder / "python"
    shutil.rmtree(parts, ignore_errors=True)
    shutil.copytree(PACKS, parts)
    for name, text in unrolled.items():
        (parts / name).write_text(text, encoding="utf8")
    texts = {
        "python.js": f"const unrolledSupply = {json.dumps(told)};\n" + (HERE / "python.js").read_text(encoding="utf8"),
        **{name: f"{es_modules.script(HERE / name)};\n" for name in ("desk.js", "run_here.js")},
        "desk.css": (HERE / "desk.css").read_text(encoding="utf8"),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf8")
