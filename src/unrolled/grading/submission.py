"""What a student handed in: files from a stranger, read without opening anything that is no ordinary file."""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from datetime import datetime

from nbgrader.utils import parse_utc

from unrolled.grading.outputs import clean_text
from unrolled.grading.release import write_whole

# By these nbgrader's exchange finds the way back to the student, so they go from folder to folder with the work.
EXCHANGE_FILES = ("timestamp.txt", "submission_secret.txt")
SMALL = 1000            # bytes that such a file may have
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
    timestamp, remark = _read_timestamp(folder / "timestamp.txt")
    remarks += [remark] if remark else []
    digest = hashlib.sha256(repr((path.name, unusable, str(timestamp))).encode("utf-8", "surrogatepass") + (content or b"")).hexdigest()
    return HandedIn(content, timestamp, digest, tuple(clean_text(remark, 300) for remark in remarks), unusable and clean_text(unusable, 500))


def _notebooks(folder):
    """Names of the notebooks in a student's folder, or why it is not looked into."""
    if os.path.islink(folder) or os.path.islink(folder.parent):
        return [], "The submission's folder is a link."
    try:
        return sorted(name for name in os.listdir(folder) if NOTEBOOK.fullmatch(name) and not name.startswith(".")), None
    except OSError as error:
        return [], f"The submission's folder cannot be read ({error.strerror})."


def _read_regular(path, limit):
    """The bytes of an ordinary file, or why not."""
    try:
        with open(path, "rb", opener=_open_without_following) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None, f"{path.name} is no ordinary file."
            return file.read(limit + 1), None
    except OSError as error:
        reason = "is a link" if os.path.islink(path) else f"cannot be read ({error.strerror})"
        return None, f"{path.name} {reason}."


def _open_without_following(path, flags):
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _read_timestamp(path):
    """When the submission was handed in, in UTC, or None and a remark when the file does not say it."""
    if not os.path.isfile(path) or os.path.islink(path):      # pathlib's own raise where the folder may not be looked into
        return None, None
    content, _ = _read_regular(path, SMALL)
    try:
        text = content.decode().strip()
        return (parse_utc(text), None) if text else (None, "timestamp.txt is empty")
    except (ValueError, OverflowError, AttributeError):
        return None, "timestamp.txt holds no date, so lateness is not known"


def take_along(source, target):
    """Copy what nbgrader's exchange has laid beside a submission from one step's folder to the next."""
    for name in EXCHANGE_FILES:
        content, unreadable = _read_regular(source / name, SMALL)
        if not unreadable:
            write_whole(target / name, content, mode=0o444)
