"""What lies in a student's folder: what of it is read, and what is said where it is no folder or no file."""

import gzip
import json
import os

import pytest

from tests.grading.classroom import ASSIGNMENT
from unrolled.grading.course.files import copy_ordinary
from unrolled.grading.course.submission import read_submission, read_timestamp, take_along
from unrolled.grading.notebook.remarks import put_right
from unrolled.grading.notebook.slim import LARGEST

LIMIT = 10_000_000


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "f").mkdir()
    return tmp_path / "f"


class TestWhatIsHandedIn:
    def test_the_named_notebook_is_read(self, folder):
        (folder / "rnn.ipynb").write_bytes(b"{}")
        found = read_submission(folder, "rnn", LIMIT)
        assert (found.content, found.remarks, found.unusable, found.timestamp) == (b"{}", (), None, None)

    @pytest.mark.parametrize("name", ["rnn (1).ipynb", "rnn-1.ipynb", "Copy of rnn.ipynb", "RNN.IPYNB", "rnn.ipynb.txt", "rnn.ipynb.json", "rnn.ipynb ", " Rnn.ipynb.TXT ", "meine Lösung.ipynb"])
    def test_the_only_notebook_is_taken_with_a_remark(self, folder, name):
        (folder / name).write_bytes(b"{}")
        found = read_submission(folder, "rnn", LIMIT)
        assert found.content == b"{}"
        assert bool(found.remarks) == (name != "rnn.ipynb")

    def test_of_two_notebooks_the_named_one_counts(self, folder):
        (folder / "rnn.ipynb").write_bytes(b"1")
        (folder / "rnn (1).ipynb").write_bytes(b"2")
        found = read_submission(folder, "rnn", LIMIT)
        assert found.content == b"1" and "rnn (1).ipynb" in found.remarks[0].text

    @pytest.mark.parametrize("name", ["rnn.ipynb ", "RNN.IPYNB", "rnn.ipynb.txt", "rnn .ipynb"])
    def test_of_several_notebooks_the_one_that_is_nearly_named_counts(self, folder, name):
        (folder / name).write_bytes(b"1")
        (folder / "notes.ipynb").write_bytes(b"2")
        found = read_submission(folder, "rnn", LIMIT)
        assert found.content == b"1" and "was taken for rnn.ipynb" in found.remarks[0].text and "notes.ipynb" in found.remarks[1].text
        (folder / "Rnn.ipynb").write_bytes(b"3")
        assert "which one counts?" in read_submission(folder, "rnn", LIMIT).unusable

    def test_what_gzip_has_packed_is_unpacked_to_just_above_the_limit(self, folder):
        for content, length in [(b"{}", 2), (bytes(10**8), LIMIT + 1)]:
            (folder / "rnn.ipynb").write_bytes(gzip.compress(content))
            found = read_submission(folder, "rnn", LIMIT)
            assert len(found.content) == length and found.remarks == (put_right("rnn.ipynb was packed by gzip"),)
        (folder / "rnn.ipynb").write_bytes(b"\x1f\x8b and no more")
        assert "damaged" in read_submission(folder, "rnn", LIMIT).remarks[0].text

    @pytest.mark.parametrize("name", ["02-RNN", " 02-rnn ", "02-Rnn"])
    def test_an_assignments_folder_may_be_written_otherwise(self, tmp_path, name):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rnn.ipynb").write_bytes(b"{}")
        (tmp_path / name / "timestamp.txt").write_text("2026-03-01 10:00")
        found = read_submission(tmp_path / ASSIGNMENT, "rnn", LIMIT)
        assert found.content == b"{}" and found.timestamp and "was taken for 02-rnn" in found.remarks[0].text
        (tmp_path / "02-RnN").mkdir()
        found = read_submission(tmp_path / ASSIGNMENT, "rnn", LIMIT)
        assert found.unusable and "which folder counts?" in found.remarks[0].text
        (tmp_path / ASSIGNMENT).mkdir()
        assert read_submission(tmp_path / ASSIGNMENT, "rnn", LIMIT).unusable == "There is no rnn.ipynb among the files."

    def test_two_notebooks_with_other_names_are_for_a_person(self, folder):
        for name in ("a.ipynb", "b.ipynb"):
            (folder / name).write_bytes(b"{}")
        assert "a.ipynb, b.ipynb: which one counts?" in read_submission(folder, "rnn", LIMIT).unusable

    def test_no_notebook(self, folder):
        (folder / "rnn.pdf").write_bytes(b"%PDF")
        assert read_submission(folder, "rnn", LIMIT).unusable == "There is no rnn.ipynb among the files (rnn.pdf)."

    def test_links_and_special_files_are_not_opened(self, folder):
        secret = folder.parent / "secret"
        secret.write_bytes(b"secret")
        (folder / "rnn.ipynb").symlink_to(secret)
        assert read_submission(folder, "rnn", LIMIT).unusable == "rnn.ipynb is a link."
        (folder / "rnn.ipynb").unlink()
        os.mkfifo(folder / "rnn.ipynb")
        found = read_submission(folder, "rnn", LIMIT)
        assert found.content is None and found.unusable == "rnn.ipynb is no ordinary file."
        (folder / "rnn.ipynb").unlink()
        (folder / "rnn.ipynb").mkdir()
        assert read_submission(folder, "rnn", LIMIT).content is None

    def test_a_huge_file_is_read_to_just_above_the_limit(self, folder):
        (folder / "rnn.ipynb").write_bytes(b"x" * 5000)
        assert len(read_submission(folder, "rnn", 1000).content) == 1001

    def test_a_large_one_is_read_without_its_outputs_and_one_of_more_than_100_mb_is_named(self, folder):
        cells = [{"cell_type": "code", "source": "x = 1", "outputs": [{"text": ["x ]\n"] * 2000}]}, {"cell_type": "markdown", "source": '"outputs": ['}]
        whole = {"cells": cells, "nbformat": 4}
        (folder / "rnn.ipynb").write_text(json.dumps(whole))
        found = read_submission(folder, "rnn", 1000)
        cells[0]["outputs"] = []
        assert json.loads(found.content) == whole and "without its outputs" in found.remarks[0].text and found.remarks[0].put_right
        os.truncate(folder / "rnn.ipynb", LARGEST + 10**6)
        assert read_submission(folder, "rnn", 1000).unusable == "rnn.ipynb has 101 MB, and files of more than 100 MB are not read."

    @pytest.mark.parametrize(
        ("text", "year", "remark"),
        [
            (b"2026-03-01 10:00:00 UTC", 2026, ""),
            (b"", None, "empty"),
            (b"yesterday", None, "no date"),
            (b"\xff\xfe\x00", None, "no date"),
            (b"9" * 500, None, "no date"),
        ],
    )
    def test_a_timestamp_that_says_nothing_hinders_nobody(self, folder, text, year, remark):
        (folder / "rnn.ipynb").write_bytes(b"{}")
        (folder / "timestamp.txt").write_bytes(text)
        found = read_submission(folder, "rnn", LIMIT)
        assert (found.timestamp and found.timestamp.year) == year
        assert remark in "".join(remark.text for remark in found.remarks) and bool(found.remarks) == bool(remark)

    def test_the_digest_changes_with_what_is_handed_in(self, folder):
        digests = set()
        for content in (b"1", b"2"):
            (folder / "rnn.ipynb").write_bytes(content)
            digests.add(read_submission(folder, "rnn", LIMIT).digest)
        (folder / "timestamp.txt").write_text("2026-03-01 10:00:00 UTC")
        digests.add(read_submission(folder, "rnn", LIMIT).digest)
        assert len(digests) == 3


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
