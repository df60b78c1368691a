"""What a sandbox sees and may do, as bubblewrap's arguments: a list of what is let in, not of what is hidden.

That is the system's libraries, Python, NumPy, matplotlib and ipykernel with what they need, and the student-facing
files of this package. There is no network, no other process, no course, no gradebook, no environment of the grader's.
"""

import contextlib
import functools
import importlib.metadata
import os
import shutil
import sys
from pathlib import Path

INSIDE = Path(__file__).with_name("inside")
PACKAGE = INSIDE.parents[2]
STUDENT_FILES = ("recording.py", "operands.py", "plots.py", "palette.py", "text.py", "data/language_reference.txt")
STUDENT_PACKAGES = ("numpy", "matplotlib", "ipykernel")
NO_BUBBLEWRAP = (
    "bubblewrap (bwrap) is not installed, so submissions cannot be run safely: install Debian's package `bubblewrap`. "
    "--unsafe-no-sandbox runs them without protection, as ordinary programs of yours."
)


class SandboxError(Exception):
    """The sandbox cannot be had on this machine; the message says why."""


def has_root() -> bool:
    """Whether this process has root's rights: a container's root may lack those that
    matter here, and is then as anybody."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    rights = int(status["CapEff"], 16)
    return all(rights >> number & 1 for number in ROOTS_RIGHTS)


ROOTS_RIGHTS = (5, 6, 7, 8, 21)  # CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP, CAP_SYS_ADMIN, see capabilities(7)


def user_id(number: int) -> int | None:
    """A user id for a kernel that nobody else has, or None where this process may not change to one."""
    if not has_root():
        return None
    last = Path("/proc/self/uid_map").read_text().split()
    span = int(last[2])
    if span < 65536:
        return None
    base, room = (1_900_000_000, 200_000_000) if span > 1 << 31 else (40_000, 20_000)
    return base + os.getpid() * 1000 % room + number % 1000


ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "{home}",
    "TMPDIR": "{home}",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPLCONFIGDIR": "{home}",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


def sandbox_command() -> list[str]:
    """The bubblewrap command that starts the warm process. Raises SandboxError when there is no bubblewrap."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxError(NO_BUBBLEWRAP)
    root = has_root()
    rights = ["CAP_SYS_ADMIN", "CAP_SETPCAP"] + (["CAP_SETUID", "CAP_SETGID", "CAP_KILL"] if root else [])
    command = [bwrap, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    command += ["--die-with-parent", "--new-session", "--hostname", "sandbox", "--cap-drop", "ALL"]
    command += [] if root else ["--unshare-user"]
    command += [part for right in rights for part in ("--cap-add", right)]
    command += [part for name, value in ENVIRONMENT.items() for part in ("--setenv", name, value.format(home="/tmp"))]
    command += [*mounts(), "--proc", "/proc", *DEVICES, "--tmpfs", "/tmp", "--chdir", "/tmp", "--remount-ro", "/"]
    return [*command, "--", python(), "-I", "-c", START.format(path=["/unrolled", "/python"])]


# Of /dev/zero one can map memory that no process shows.
DEVICES = ["--dev", "/dev", "--dev-bind", "/dev/null", "/dev/zero"]


def unsafe_command(home: str) -> list[str]:
    """The same warm process, as an ordinary process."""
    package = Path(home, "python", "unrolled")
    for name, path in student_files().items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, package / name)
    for name, place in allowed_packages().items():
        package.with_name(name).symlink_to(place)
    return [python(), "-I", "-c", START.format(path=[str(INSIDE), str(package.parent)])]


START = (
    "import sys, runpy; sys.path[:0] = {path}; sys.argv[0] = 'zygote'; runpy.run_module('zygote', run_name='__main__')"
)


def python() -> str:
    """The interpreter itself, not a virtual environment's link to it."""
    return os.path.realpath(sys.executable)


def student_files() -> dict[str, Path]:
    """The files of `unrolled` that exist inside, by their place in the package."""
    return {"__init__.py": INSIDE / "package.py"} | {name: PACKAGE / name for name in STUDENT_FILES}


def mounts() -> list[str]:
    """bubblewrap's arguments for all that can be seen inside, read-only."""
    pairs: list[tuple[str | Path, str | Path]] = [
        (path, path) for path in SYSTEM if os.path.exists(path) and not os.path.islink(path)
    ]
    links = [
        ("--symlink", os.readlink(path), path) for path in ("/lib", "/lib64", "/bin", "/sbin") if os.path.islink(path)
    ]
    home = Path(sys.base_prefix)
    library = f"lib/python{sys.version_info.major}.{sys.version_info.minor}"
    if home != Path("/usr"):
        pairs += [(path, path) for path in [Path(python()), *home.glob("lib/libpython*"), home / library]]
    hidden = [
        home / library / "site-packages",
        home / library / "dist-packages",
        Path("/usr/lib/python3"),
        Path("/usr/lib") / library[4:] / "dist-packages",
    ]
    pairs += [(path, f"/python/{name}") for name, path in allowed_packages().items()]
    pairs += [(path, f"/python/unrolled/{name}") for name, path in student_files().items()]
    pairs += [(INSIDE / f"{name}.py", f"/unrolled/{name}.py") for name in ("kernel", "syscalls", "wire", "zygote")]
    # bubblewrap makes missing parents for its own user alone
    parents = sorted({str(parent) for _, place in pairs for parent in Path(place).parents} - {"/"})
    folders = [("--perms", "0755", "--dir", parent) for parent in parents]
    bound = [("--ro-bind", os.path.realpath(source), str(place)) for source, place in pairs]
    covers = [("--tmpfs", str(path)) for path in hidden if path.is_dir()]
    return [part for group in (folders, bound, links, covers) for words in group for part in words]


# fmt: skip
SYSTEM = (
    "/usr/lib",
    "/usr/lib64",
    "/usr/lib32",
    "/usr/bin",
    "/usr/share/fonts",
    "/usr/share/zoneinfo",
    "/lib",
    "/lib64",
    "/bin",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/fonts",
)


@functools.cache
def allowed_packages() -> dict[str, str]:
    """The files and folders in site-packages of the packages that student code may use, by name."""
    found = {}
    for name in _with_dependencies(STUDENT_PACKAGES):
        distribution = importlib.metadata.distribution(name)
        for file in distribution.files or ():
            top = file.parts[0]
            if top not in ("..", "__pycache__") and not top.endswith(".pth"):
                found[top] = str(distribution.locate_file(top))
    return found


def _with_dependencies(names):
    from packaging.requirements import Requirement  # which only who grades needs

    wanted, known = list(names), set()
    while wanted:
        name = wanted.pop()
        if name in known or name == "debugpy":  # a debugger is no use here
            continue
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            requirements = map(Requirement, importlib.metadata.requires(name) or ())
            known.add(name)
            wanted += [r.name for r in requirements if r.marker is None or r.marker.evaluate({"extra": ""})]
    return sorted(known)
