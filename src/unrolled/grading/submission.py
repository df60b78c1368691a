"""What a student handed in: files from a stranger, read without opening anything that is no ordinary file."""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from unrolled.grading.outputs import clean_text
from unrolled.grading.release import write_whole
from unrolled.grading.timestamp import parse_timestamp

# By these nbgrader's exchange finds the way back to the student, so they go from folder to folder with the work.
EXCHANGE_FILES = ("timestamp.txt", "submission_secret.txt")
SMALL = 1000            # bytes that such a file may have
DEEP = 20               # folders inside folders that are looked into
NOTEBOOK = re.compile(r"(.+)\.ipynb(\.txt|\.json)?", re.IGNORECASE)     # browsers add the second ending


@dataclass(frozen=True)
class HandedIn:
    """What a student handed in for one notebook; digest changes whenever that changes."""

    content: bytes | None
    timestamp: datetime | None
    digest: str
    remarks: tuple[str, ...] = ()
    unusable: str | None = None     # why there is nothing to grade


def read_submission(folder, notebook, limit):
    """What lies in a student's folder for a notebook. At most limit bytes and one more are read.

    A browser's "rnn (1).ipynb" or "rnn.ipynb.txt" is taken when it is the only notebook. Links and special files are not opened, and folders
    that are links are not looked into: another's work, or the solutions, may lie behind them.
    """
    path, remarks = folder / f"{notebook}.ipynb", []
    names, unusable = _notebooks(folder)
    others = [name for name in names if name != path.name]
    if path.name not in names:
        if len(others) == 1:
            path = folder / others[0]
            remarks.append(f"{others[0]} was taken for {notebook}.ipynb")
        elif not unusable:
            unusable = f"There is no {notebook}.ipynb" + (f", but {', '.join(others)}: which one counts?" if others else " among the files.")
    elif others:
        remarks.append(f"beside {notebook}.ipynb there is {', '.join(others)}, which was not read")
    content = None
    if not unusable:
        content, unusable = _read_regular(path, limit)
    timestamp, remark = read_timestamp(folder)
    remarks += [remark] if remark else []
    digest = hashlib.sha256(repr((path.name, unusable, str(timestamp))).encode("utf-8", "surrogatepass") + (content or b"")).hexdigest()
    return HandedIn(content, timestamp, digest, tuple(clean_text(remark, 300) for remark in remarks), unusable and clean_text(unusable, 500))


def _notebooks(folder):
    """Names of the notebooks in a student's folder, or why it is not looked into."""
    if is_behind_a_link(folder):
        return [], "The submission's folder is a link."
    try:
        return sorted(name for name in os.listdir(folder) if NOTEBOOK.fullmatch(name) and not name.startswith(".")), None
    except OSError as error:
        return [], f"The submission's folder cannot be read ({error.strerror})."


def _read_regular(path, limit, folder=None, refuse_larger=False):
    """The bytes of an ordinary file, limit and one more at most, or why not; folder is the descriptor of that in which it lies, where it is open."""
    try:
        with open(path if folder is None else path.name, "rb", opener=partial(_open_without_following, folder=folder)) as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                return None, f"{path.name} is no ordinary file."
            if refuse_larger and about.st_size > limit:
                return None, f"{path.name} is too large."
            return file.read(about.st_size if refuse_larger else limit + 1), None
    except OSError as error:
        reason = "is a link" if os.path.islink(path) else f"cannot be read ({error.strerror})"
        return None, f"{path.name} {reason}."


def _open_without_following(path, flags, folder):
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)


def read_timestamp(folder):
    """When the submission in a folder was handed in, in UTC, or None; and a remark where a file is there and does not say it."""
    path = folder / "timestamp.txt"
    if is_behind_a_link(folder) or not os.path.lexists(path):
        return None, None
    content, unreadable = _read_regular(path, SMALL)
    if unreadable:
        return None, f"{unreadable.removesuffix('.')}, so lateness is not known"
    try:
        text = content.decode("utf-8-sig")
        return (parse_timestamp(text), None) if text.strip() else (None, "timestamp.txt is empty")
    except (ValueError, OverflowError):
        return None, "timestamp.txt holds no date, so lateness is not known"


def take_along(source, target):
    """Copy what nbgrader's exchange has laid beside a submission from one step's folder to the next."""
    if is_behind_a_link(source):
        return
    for name in EXCHANGE_FILES:
        content, unreadable = _read_regular(source / name, SMALL)
        if not unreadable:
            write_whole(target / name, content, mode=0o444)


def copy_ordinary(source, target, limit):
    """Copy the ordinary files of a student's folder, at most limit bytes of them, into the new folder target. Returns the paths left out."""
    target.mkdir(parents=True)
    left_out = []
    for place, folders, names, descriptor in os.fwalk(source):      # neither follows a link nor is led through one that is made meanwhile
        inside = Path(place).relative_to(source)
        if len(inside.parts) >= DEEP:
            left_out += [str(inside / name) for name in folders + names]
            folders.clear()
            continue
        for name in sorted(names):
            content, _ = _read_regular(inside / name, limit, descriptor, refuse_larger=True)
            if content is None:
                left_out.append(str(inside / name))
                continue
            limit -= len(content)
            (target / inside).mkdir(parents=True, exist_ok=True)
            (target / inside / name).write_bytes(content)
    return left_out


def is_behind_a_link(folder):
    """Whether a student's folder is a link, or lies in one: what is behind it is not theirs."""
    return os.path.islink(folder) or os.path.islink(folder.parent)
