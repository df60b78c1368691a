"""What a student handed in: files from a stranger, read without opening anything that is no ordinary file."""

import hashlib
import os
import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from unrolled.grading.course.files import (
    Obstacle,
    find_folder,
    is_behind_a_link,
    listed,
    named,
    names_in,
    plain,
    read_regular,
    write_whole,
)
from unrolled.grading.course.timestamp import parse_timestamp
from unrolled.grading.notebook.outputs import clean_text
from unrolled.grading.notebook.remarks import Remark, put_right
from unrolled.grading.notebook.slim import LARGEST, without_outputs

# By these nbgrader's exchange finds the way back to the student, so they go from folder to folder with the work.
EXCHANGE_FILES = ("timestamp.txt", "submission_secret.txt")
SMALL = 1000  # bytes that such a file may have
# browsers add the second ending, a slip of the hand the blank
NOTEBOOK = re.compile(r"(.+)\.ipynb(\.txt|\.json)?\s*", re.IGNORECASE)
GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class HandedIn:
    """What a student handed in for one notebook; digest changes whenever that changes."""

    content: bytes | None
    timestamp: datetime | None
    digest: str
    remarks: tuple[Remark, ...] = ()
    unusable: str | None = None  # why there is nothing to grade
    unreadable: bool = False  # whether that is the machine's fault


def read_submission(folder: Path, notebook: str, limit: int) -> HandedIn:
    """What lies in a student's folder for a notebook: at most limit bytes and one more, of a larger file without its
    outputs.

    A name that differs in case or blanks is taken, and so is a browser's "rnn (1).ipynb" or "rnn.ipynb.txt", when it
    is the only one of its kind. Links and special files are not opened, and folders that are links are not looked
    into: another's work, or the solutions, may lie behind them.
    """
    folder, remarks = find_folder(folder)
    names, obstacle = (
        ([], Obstacle("The submission's folder is a link.")) if is_behind_a_link(folder) else names_in(folder)
    )
    wanted = f"{notebook}.ipynb"
    name, said = _choose(wanted, names)
    if name:
        remarks += said
        read = read_regular(folder / name, max(limit, LARGEST), refuse_larger=True)
    else:
        read = obstacle or Obstacle(said)
    content, obstacle = (None, read) if isinstance(read, Obstacle) else (read, None)
    unusable = obstacle.why if obstacle else None
    if content and content.startswith(GZIP):
        content, remark = _unpacked(name, content, max(limit, LARGEST))
        remarks.append(remark)
    if content and (size := len(content)) > limit:
        content = without_outputs(content)[: limit + 1]
        if len(content) <= limit:
            remarks.append(put_right(f"{named(name)} has {size / 1e6:.0f} MB, so it was read without its outputs"))
    timestamp, remark = read_timestamp(folder)
    remarks += [Remark(remark)] if remark else []
    digest = hashlib.sha256(
        repr((name or wanted, unusable, str(timestamp))).encode("utf-8", "surrogatepass") + (content or b"")
    ).hexdigest()
    return HandedIn(
        content, timestamp, digest, tuple(remark.on_one_line() for remark in remarks),
        unusable and clean_text(unusable, 500), bool(obstacle and obstacle.of_machine),
    )  # fmt: skip


def chosen_name(folder: Path, notebook: str) -> str | None:
    """The name of the file that is read for a notebook in a student's folder, or None."""
    folder, _ = find_folder(folder)
    return None if is_behind_a_link(folder) else _choose(f"{notebook}.ipynb", names_in(folder)[0])[0]


def _choose(wanted, names):
    """Which file is the notebook that is wanted, and remarks on the choice; or None and why.

    It is that with the name, else the only one whose name is nearly it, else the only notebook.
    """
    stems = {name: form[1] for name in names if (form := NOTEBOOK.fullmatch(name)) and not name.startswith(".")}
    found = list(stems)
    near = [name for name in found if name == wanted]
    near = near or [name for name in found if plain(stems[name]) + ".ipynb" == plain(wanted)] or found
    if not found:
        others = listed(name for name in names if name not in EXCHANGE_FILES)
        return None, f"There is no {wanted} among the files" + (f" ({others})." if others else ".")
    if len(near) > 1:
        return None, f"There is no {wanted}, but {listed(found)}: which one counts?"
    (name,) = near
    others = listed(other for other in found if other != name)
    taken = [put_right(f"{named(name)} was taken for {wanted}")] if name != wanted else []
    return name, taken + ([put_right(f"beside {named(name)} there is {others}, which was not read")] if others else [])


def _unpacked(name, content, limit):
    """What gzip has packed, bounded as a file is, and a Remark; what cannot be unpacked stays as it is."""
    try:
        unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, limit + 1)
        return unpacked, put_right(f"{named(name)} was packed by gzip")
    except zlib.error:
        return content, Remark(f"{named(name)} is packed by gzip, but damaged")


def read_timestamp(folder: Path) -> tuple[datetime | None, str | None]:
    """When the submission in a folder was handed in, in UTC, or None;
    and a remark where a file is there and does not say it."""
    path = folder / "timestamp.txt"
    if is_behind_a_link(folder) or not os.path.lexists(path):
        return None, None
    content = read_regular(path, SMALL)
    if isinstance(content, Obstacle):
        return None, f"{content.why.removesuffix('.')}, so lateness is not known"
    try:
        text = content.decode("utf-8-sig")
        return (parse_timestamp(text), None) if text.strip() else (None, "timestamp.txt is empty")
    except (ValueError, OverflowError):
        return None, "timestamp.txt holds no date, so lateness is not known"


def take_along(source: Path, target: Path) -> None:
    """Copy what nbgrader's exchange has laid beside a submission from one step's folder to the next."""
    source, _ = find_folder(source)
    if is_behind_a_link(source):
        return
    for name in EXCHANGE_FILES:
        content = read_regular(source / name, SMALL)
        if not isinstance(content, Obstacle):
            write_whole(target / name, content, mode=0o444)
