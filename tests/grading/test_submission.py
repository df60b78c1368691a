"""What lies in a student's folder, where it is no folder or no file."""

import os

from unrolled.grading.files import copy_ordinary
from unrolled.grading.submission import read_submission, read_timestamp, take_along


def test_what_is_no_folder_is_said_to_be_none(tmp_path):
    (tmp_path / "f").write_text("no folder")
    found = read_submission(tmp_path / "f", "rnn", 1000)
    assert (found.content, found.timestamp, found.unusable) == (None, None, "The submission's folder cannot be read (Not a directory).")


def test_no_file_stays_open(tmp_path):
    (tmp_path / "rnn.ipynb").mkdir()
    os.mkfifo(tmp_path / "timestamp.txt")
    before = os.listdir("/proc/self/fd")
    assert read_submission(tmp_path, "rnn", 1000).unusable == "rnn.ipynb cannot be read (Is a directory)."
    assert os.listdir("/proc/self/fd") == before


def test_names_without_end_are_cut(tmp_path):
    for number in range(100):
        (tmp_path / f"{number:03}{'x' * 100}.ipynb").write_bytes(b"{}")
    assert len(read_submission(tmp_path, "rnn", 1000).unusable) == 500


def test_a_date_and_a_secret_behind_a_link_are_not_the_students(tmp_path):
    ada, eve = tmp_path / "ada", tmp_path / "eve"
    ada.mkdir()
    (ada / "timestamp.txt").write_text("2026-03-01 10:00:00 UTC")
    (ada / "submission_secret.txt").write_text("secret")
    eve.symlink_to(ada)
    assert read_timestamp(ada)[0] and read_timestamp(eve) == (None, None)
    take_along(eve, tmp_path / "graded")
    assert not (tmp_path / "graded").exists()


def test_what_is_copied_is_bounded_as_a_whole(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / "from" / name).mkdir(parents=True)
        (tmp_path / "from" / name / "file").write_bytes(b"x" * 400)
    left_out = copy_ordinary(tmp_path / "from", tmp_path / "to", 1000)
    assert len(left_out) == 1 and sum(path.stat().st_size for path in (tmp_path / "to").rglob("file")) == 800
