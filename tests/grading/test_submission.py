"""What lies in a student's folder, where it is no folder or no file."""

import os

from unrolled.grading.submission import read_submission


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
