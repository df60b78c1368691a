"""Files: a stranger's looked at without opening what is no ordinary one and without following a link,
ours written whole or not at all."""

import errno
import os
import re
import stat
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from unrolled.grading.notebook.remarks import Remark, put_right
from unrolled.quoting import quoted

DEEP = 20  # folders inside folders that are looked into
SOME = 10  # names that a sentence lists
_PLAIN = re.compile(r"(?=.{1,80}$)[\w.+()-]+( [\w.+()-]+){0,5}")


@dataclass(frozen=True)
class Obstacle:
    """Why something cannot be read, in one sentence.

    of_machine tells that the reason is the machine's and not the student's, such as a disk that is away:
    tomorrow it may be gone.
    """

    why: str
    of_machine: bool = False


def plain(name: str) -> str:
    """A name without what a file system, a mail program or a person adds unseen:
    case, blanks around it, another form of an accent."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


def find_folder(folder: Path) -> tuple[Path, list[Remark]]:
    """The folder in which a student's hand-in lies, which may be written in another case or with blanks;
    and remarks on that."""
    names, _ = ([], None) if os.path.lexists(folder) or is_behind_a_link(folder) else names_in(folder.parent)
    near = [name for name in names if plain(name) == plain(folder.name)]
    if len(near) == 1:
        return folder.with_name(near[0]), [put_right(f"the folder {named(near[0])} was taken for {folder.name}")]
    return folder, [Remark(f"there is {listed(near)}: which folder counts?")] if near else []


def is_behind_a_link(folder: Path) -> bool:
    """Whether a student's folder is a link, or lies in one: what is behind it is not theirs."""
    return os.path.islink(folder) or os.path.islink(folder.parent)


def names_in(folder: Path) -> tuple[list[str], Obstacle | None]:
    """Names of what lies in a folder, in order; and the Obstacle, where they cannot be read."""
    try:
        return sorted(os.listdir(folder)), None
    except OSError as error:
        return [], Obstacle(f"The submission's folder cannot be read ({error.strerror}).", _is_of_machine(error))


def read_regular(path: Path, limit: int, folder: int | None = None, refuse_larger: bool = False) -> bytes | Obstacle:
    """The bytes of an ordinary file, limit and one more at most; else the Obstacle.

    folder is the descriptor of that in which the file lies, where it is open.
    """
    try:
        with open(
            path if folder is None else path.name, "rb", opener=partial(_open_without_following, folder=folder)
        ) as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                return Obstacle(f"{named(path.name)} is no ordinary file.")
            if refuse_larger and about.st_size > limit:
                return Obstacle(
                    f"{named(path.name)} has {about.st_size / 1e6:,.0f} MB, and files of more than {limit / 1e6:g} MB "
                    "are not read."
                )
            return file.read(about.st_size if refuse_larger else limit + 1)
    except OSError as error:
        reason = "is a link" if os.path.islink(path) else f"cannot be read ({error.strerror})"
        return Obstacle(f"{named(path.name)} {reason}.", _is_of_machine(error))


def _is_of_machine(error):
    """Whether an error is the machine's: some are decided by what there is, and those are the student's."""
    return error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO)


def _open_without_following(path, flags, folder):
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)


def copy_ordinary(source: Path, target: Path, limit: int) -> list[str]:
    """Copy the ordinary files of a student's folder, at most limit bytes of them,
    into the new folder target. Returns the paths left out."""
    target.mkdir(parents=True)
    left_out = []
    # neither follows a link nor is led through one that is made meanwhile
    for place, folders, names, descriptor in os.fwalk(source):
        inside = Path(place).relative_to(source)
        if len(inside.parts) >= DEEP:
            left_out += [str(inside / name) for name in folders + names]
            folders.clear()
            continue
        for name in sorted(names):
            content = read_regular(inside / name, limit, descriptor, refuse_larger=True)
            if isinstance(content, Obstacle):
                left_out.append(str(inside / name))
                continue
            limit -= len(content)
            (target / inside).mkdir(parents=True, exist_ok=True)
            (target / inside / name).write_bytes(content)
    return left_out


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write bytes so that whoever reads path, even after a crash, finds the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.chmod(mode)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def listed(names: Iterable[str]) -> str:
    """Names in a sentence, the first of many."""
    names = list(names)
    return ", ".join(map(named, names[:SOME])) + (f" and {len(names) - SOME} more" if len(names) > SOME else "")


def named(name: str) -> str:
    """A file's name in a sentence: as it is where it is plain, else marked,
    for a stranger chose it and it may say anything."""
    return name if _PLAIN.fullmatch(name) else quoted(re.sub(r"^\s|\s$", "␣", name), 100)
