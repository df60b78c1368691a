"""What surrounds the notebook: names, links, timestamps, archives.
A class with such hand-ins is graded as if without."""

import io
import os
import stat
import tarfile
import zipfile

import pytest

from tests.grading.classroom import answers, findings, hand_in, new_course, scores, snapshot, unrolled
from unrolled.grading.course.collect import Allowance, BadArchive, unpack

NUMBERS = {"45", "46", "47", "48", "49", "50", "51", "52"}
STRANGE_NAMES = [
    "o'neil, \"ada\"", "josé müller 王", "a\nb", "=1+1", "-rf", "--help", " ", "...", ".hidden", "%s{0}", "$(true)", "[bold]x", "NaN",
    "jose\u0301", "\x1b[2J\u202eeve", "x" * 128,
]  # fmt: skip
BROKEN_TIMESTAMPS = {
    "never": b"never", "empty": b"", "binary": b"\xff\x00", "far": b"9999999-01-01", "before": b"0001-01-01 00:00:00 +14:00", "nul": b"2026-03-01\0 10:00 UTC",
    "file": b"2026-03-01 10:00:00 ../x", "memory": b"2026-03-01 10:00:00 /proc/self/mem", "shadow": b"2026-03-01 10:00:00 /etc/shadow",
    "long": b"2026-03-01 10:00:00 " + b"x" * 300, "deep": b"2026-03-01 10:00:00 " + b"a/" * 400, "minutes": b"9" * 30 + b"36m", "endless": b"9" * 10_000_000,
}  # fmt: skip


def copied_name(root):                                                      # 45
    hand_in(root, "copied", answers(), "rnn (1).ipynb")


def two_notebooks(root):                                                    # 52
    hand_in(root, "two", answers())
    hand_in(root, "two", b"{}", "rnn (1).ipynb")


def which_one(root):                                                        # 52
    hand_in(root, "which", answers(), "rnn (1).ipynb")
    hand_in(root, "which", answers(), "rnn (2).ipynb")


def broken_timestamps(root):                                                # 46
    for name, content in BROKEN_TIMESTAMPS.items():
        hand_in(root, f"time-{name}", answers())
        hand_in(root, f"time-{name}", content, "timestamp.txt")
    hand_in(root, "time-link", answers()).with_name("timestamp.txt").symlink_to("/proc/self/mem")
    (hand_in(root, "time-folder", answers()).with_name("timestamp.txt")).mkdir()


def links(root):                                                            # 47
    for name, target in {"solution": "../../../exercises/02-rnn/rnn.ipynb", "secret": "/etc/passwd", "loop": "rnn.ipynb"}.items():
        path = hand_in(root, f"link-{name}", b"")
        path.unlink()
        path.symlink_to(target)
    for name, target in {"folder": "../../exercises/02-rnn", "neighbour": "../ada/02-rnn"}.items():
        folder = root / "submitted" / f"link-{name}" / "02-rnn"
        folder.parent.mkdir()
        folder.symlink_to(target)
    (root / "submitted" / "link-student").symlink_to("ada")
    pipe = hand_in(root, "pipe", b"")
    pipe.unlink()
    os.mkfifo(pipe)


def no_ordinary_files(root):
    hand_in(root, "folder", b"").unlink()
    (root / "submitted" / "folder" / "02-rnn" / "rnn.ipynb").mkdir()
    path = hand_in(root, "socket", b"")
    path.unlink()
    os.mknod(path, stat.S_IFSOCK | 0o600)
    os.truncate(hand_in(root, "hole", b"{"), 10**11)
    os.mkfifo(hand_in(root, "time-pipe", answers()).with_name("timestamp.txt"))
    hand_in(root, "commands", answers(), "\x1b[2J.ipynb")


def strange_names(root):                                                    # 51
    for name in STRANGE_NAMES:
        hand_in(root, name, answers())


def markup(root):                                                           # 50
    hand_in(root, "<b>bold", answers(softmax="print('<script>alert(1)</script>')"))


def test_a_class_with_strange_hand_ins_is_graded_as_if_they_were_not_there(tmp_path):
    plain = new_course(tmp_path / "plain", {"ada": answers(), "bob": answers(softmax="def softmax(a):\n    return a * 1.0")})
    strange = new_course(tmp_path / "strange", {"ada": answers(), "bob": answers(softmax="def softmax(a):\n    return a * 1.0")})
    (strange.root / ".unrolled").mkdir()
    (strange.root / ".unrolled" / "secret").write_bytes(plain.secret)
    for add in (copied_name, two_notebooks, which_one, broken_timestamps, links, no_ordinary_files, strange_names, markup):
        add(strange.root)
    for course in (plain, strange):
        ran = unrolled(course.root, "grade", "02-rnn", "--jobs", "2")
        assert ran.returncode == 0, ran.stderr
    before, after = snapshot(plain), snapshot(strange)
    assert {name: after["said"][name] for name in before["said"]} == before["said"]
    marks, found = scores(strange), findings(strange)
    full = marks["ada"]
    for student in ["copied", "two", "commands", "time-pipe", "time-link", "time-folder", *(f"time-{name}" for name in BROKEN_TIMESTAMPS), *STRANGE_NAMES]:
        assert marks[student] == full, student
        assert student[:5] != "time-" or any("timestamp.txt" in remark for remark in found[student]["remarks"]), student
    for student in ["which", "link-solution", "link-secret", "link-loop", "link-folder", "link-neighbour", "link-student", "pipe", "folder", "socket", "hole"]:
        assert marks.get(student, 0) == 0 and found[student]["ungraded"], student
    said = ran.stdout + ran.stderr + str([found[student] for student in marks])
    assert "\x1b" not in said and "\u202e" not in said      # nothing commands the terminal of whoever reads it


def archive_that_climbs(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../escaped.ipynb", "{}")


def tar_that_climbs(path):
    with tarfile.open(path, "w") as archive:
        entry = tarfile.TarInfo("../../escaped.ipynb")
        entry.size = 2
        archive.addfile(entry, io.BytesIO(b"{}"))


def tar_with_a_link(path):
    with tarfile.open(path, "w") as archive:
        entry = tarfile.TarInfo("rnn.ipynb")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(entry)


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rnn.ipynb", b"0" * 50_000_000)


@pytest.mark.parametrize("make", [archive_that_climbs, tar_that_climbs, tar_with_a_link, bomb])     # 48, 49
def test_an_archive_writes_nothing_outside_its_folder_and_no_more_than_allowed(tmp_path, make):
    path, folder = tmp_path / ("a.tar" if "tar" in make.__name__ else "a.zip"), tmp_path / "in" / "here"
    make(path)
    folder.mkdir(parents=True)
    try:
        unpack(path, folder, Allowance(files=10, bytes=1_000_000), print)
    except BadArchive:
        pass
    written = [found for found in tmp_path.rglob("*") if found != path and not found.is_dir()]
    assert all(folder in found.parents and not found.is_symlink() for found in written)
    assert sum(found.stat().st_size for found in written) <= 1_000_000
