"""From an LMS's zip to submitted/, whatever students have put into their archives."""

import gzip
import io
import stat
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.grading.classroom import ASSIGNMENT, RELEASE, new_course
from unrolled.grading.course.collect import Allowance, BadArchive, collect, keep_names, stem_of, unpack, ways_back
from unrolled.grading.course.course import CourseError
from unrolled.grading.course.downloads import read_name
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.submission import read_submission


@pytest.mark.parametrize(
    ("path", "student", "name", "notebook", "late"),
    [
        ("lovelaceada_12345_67890_rnn.ipynb", "12345", "lovelaceada", "rnn", False),
        ("lovelaceada_LATE_12345_67890_rnn-2.ipynb", "12345", "lovelaceada", "rnn", True),
        ("lovelaceada_12345_67890_rnn (1).ipynb", "12345", "lovelaceada", "rnn", False),
        ("o'neilzoë_12345_67890_my_homework_2.ipynb", "12345", "o'neilzoë", "my_homework_2", False),
        ("lovelaceada_12345_67890_work.zip_/inner/rnn.ipynb", "12345", "lovelaceada", "rnn", False),
        ("lovelaceada_12345_67890_notes.pdf", "12345", "lovelaceada", None, False),
        ("Ada Lovelace_657737_assignsubmission_file_/rnn.ipynb", "657737", "Ada Lovelace", "rnn", False),
        ("Ada Lovelace_657737_assignsubmission_file/rnn.ipynb", "657737", "Ada Lovelace", "rnn", False),
        ("Ada_Lovelace_657737_assignsubmission_file_rnn.ipynb", "657737", "Ada_Lovelace", "rnn", False),
        ("000-x/大江 健三郎_657737_assignsubmission_file_/sub/rnn (3).ipynb", "657737", "大江 健三郎", "rnn", False),
        ("Ada Lovelace_657737_assignsubmission_onlinetext_/onlinetext.html", "657737", "Ada Lovelace", None, False),
        ("Ada Lovelace_657737_assignsubmission_onlinetext.html", "657737", "Ada Lovelace", None, False),
        ("Group A-Ada Lovelace_657737_assignsubmission_file_/rnn.ipynb", "657737", "Group A-Ada Lovelace", "rnn", False),
        ("smith_jonesanna_106_9_rnn.ipynb", "106", "smith_jonesanna", "rnn", False),
        ("smith_jonesanna_LATE_106_9_my_rnn_2_3_x.ipynb", "106", "smith_jonesanna", "my_rnn_2_3_x", True),
        ("group_3_106_9_rnn.ipynb", "106", "group_3", "rnn", False),
        ("group_3_LATE_106_9_3_rnn.ipynb", "106", "group_3", "3_rnn", True),
        ("lovelaceada_12345_67890_3_rnn.ipynb", "12345", "lovelaceada", "3_rnn", False),
        ("anon_Ab3Xz_67890_rnn-1.ipynb", "Ab3Xz", "anon", "rnn", False),
        ("anon_LATE_Ab3Xz_67890_12_rnn.ipynb", "Ab3Xz", "anon", "12_rnn", True),
        ("lovelaceada_12345_link.html", "12345", "lovelaceada", None, False),
        ("smith_jonesanna_LATE_106_text.html", "106", "smith_jonesanna", None, True),
        ("12345-67890 - Ada Lovelace - Nov 3, 2026 1105 AM/rnn.ipynb", "12345", "Ada Lovelace", "rnn", False),
        ("12345-67890 - Zoë O'Neil-Smith- Nov 13, 2026 105 PM/work/rnn (1).ipynb", "12345", "Zoë O'Neil-Smith", "rnn", False),
        ("12345-67890 - Ada Lovelace - Nov 3, 2026 1105 AM/notes.pdf", "12345", "Ada Lovelace", None, False),
        ("12345-67890 - Ada Lovelace - Nov 3, 2026 1105 AM - rnn-1.ipynb", "12345", "Ada Lovelace", "rnn", False),
        ("12345-67890 - Ada - May 1 - 3 août, 2026 11:05/rnn.ipynb", "12345", "Ada - May 1", "rnn", False),
        ("lovelaceada12345_question_678_67890_rnn.ipynb", "12345", "lovelaceada", "rnn", False),
        ("lovelaceada_LATE_12345_question_678_67890_rnn.ipynb", "12345", "lovelaceada", "rnn", True),
        ("RNN 2_ada_attempt_2026-11-03-11-05-22_rnn.ipynb", "ada", "ada", "rnn", False),
        ("RNN 2_12345_attempt_2026-11-03-11-05-22_work_/in/rnn (2).ipynb", "12345", "12345", "rnn", False),
        ("RNN 2_12345_attempt_2026-11-03-11-05-22.txt", "12345", "12345", None, False),
        ("rnn_2_12345_attempt_2026-11-03-11-05-22_rnn.ipynb", "2_12345", "2_12345", "rnn", False),   # and nobody is 2
        ("clones/ada (Git clone)/work/rnn.ipynb", "ada", "ada", "rnn", False),
        ("000/ada (Git clone)/rnn.ipynb", None, None, None, None),
        ("rnn.ipynb", None, None, None, None),
    ],
)
def test_names_as_canvas_and_moodle_make_them(path, student, name, notebook, late):
    found = read_name(path, known={"rnn"})
    if student is None:
        assert found is None
    else:
        assert (found.student, found.name, found.notebook, found.late) == (student, name, notebook, late)


def zip_of(files):
    """A zip as bytes; a value that is no bytes is taken for the target of a link."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            if isinstance(content, str):
                entry.external_attr, entry.create_system = (stat.S_IFLNK | 0o777) << 16, 3
            archive.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)
    return data.getvalue()


def tar_of(*entries):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for name, kind, content in entries:
            entry = tarfile.TarInfo(name)
            entry.type, entry.size = kind, len(content) if kind == tarfile.REGTYPE else 0
            entry.linkname = content.decode() if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            archive.addfile(entry, io.BytesIO(content) if kind == tarfile.REGTYPE else None)
    return data.getvalue()


def unpacked(tmp_path, content, files=1000, size=10_000_000):
    """What unpacking leaves, by name, and what was warned of."""
    warned, path, folder = [], tmp_path / "archive", tmp_path / "outer" / "folder"
    path.write_bytes(content)
    unpack(path, folder, Allowance(files, size), lambda text, *more: warned.append(text % more))
    everything = {str(found.relative_to(tmp_path)) for found in tmp_path.rglob("*") if not found.is_dir()}
    inside = {str(found.relative_to(folder)) for found in folder.rglob("*") if not found.is_dir()}
    assert everything == {"archive"} | {f"outer/folder/{name}" for name in inside}
    assert not any(found.is_symlink() for found in tmp_path.rglob("*"))
    return inside, warned


@pytest.mark.parametrize(
    ("path", "student"),
    [
        # Canvas: what she named her file
        ("evemallory_666_1_12345_assignsubmission_file_rnn.ipynb", "666"),
        # Moodle, without folders
        ("Eve Mallory_666_assignsubmission_file__12345_assignsubmission_file_rnn.ipynb", "666"),
        # what she zipped
        ("Eve Mallory_666_assignsubmission_file_/Ada_12345_assignsubmission_file_/rnn.ipynb", "666"),
        ("evemallory_666_1_work/lovelaceada_12345_1_rnn.ipynb", "666"),
        ("Eve Mallory_666_assignsubmission_file__12345_1_rnn.ipynb", "666"),
        ("evemallory_666_1_ada_12345_text.html", "666"),
        ("evemallory_666_1_x/12345-1 - Ada - Nov 3, 2026 1105 AM/rnn.ipynb", "666"),
        ("evemallory_666_1_x (Git clone)/rnn.ipynb", "666"),
        ("666-1 - 12345_1_2_x - Nov 3, 2026 1105 AM/12345_1_rnn.ipynb", "666"),
        ("anon_Ab3Xz_1_ada_12345_1_rnn.ipynb", "Ab3Xz"),
        ("evemallory_666_1_ada12345_question_1_2_rnn.ipynb", "666"),
        ("evemallory666_question_1_2_ada_12345_1_rnn.ipynb", "666"),
        ("666-1 - Eve - Nov 3, 2026 1105 AM - RNN_ada_attempt_2026-11-03-11-05-22_rnn.ipynb", "666"),
        ("Eve Mallory_666_assignsubmission_file_/RNN_ada_attempt_2026-11-03-11-05-22_rnn.ipynb", "666"),
        ("RNN_eve_attempt_2026-11-03-11-05-22_RNN_ada_attempt_2026-11-03-11-05-22_rnn.ipynb", "eve"),
    ],
)
def test_nobody_hands_in_under_anothers_number(path, student):
    assert read_name(path).student == student


def test_what_one_student_zipped_is_not_the_others_loss(tmp_path):
    """A bomb, a folder named like an archive, names that collide or are too long, a header without end:
    each its owner's alone."""
    header = tarfile.TarInfo("./PaxHeaders/x")
    header.type, header.size = tarfile.XHDTYPE, 40_000_000
    endless = gzip.compress(header.tobuf() + bytes(40_000_000))
    header.size = 1 << 62
    claim = header.tobuf(tarfile.GNU_FORMAT) + bytes(1024)
    content = {f"a_{number}_1_bomb.zip": zip_of({"rnn.ipynb": bytes(3_000_000)}) for number in range(1, 30)}
    content |= {
        "a_30_1_w.zip": zip_of({"w.zip/rnn.ipynb": RELEASE, "w.zip/x.zip/y": b""}),
        "Bea_31_assignsubmission_file_/w_": b"",
        "Bea_31_assignsubmission_file_/w.zip": zip_of({"rnn.ipynb": RELEASE}),
        "Bea_31_assignsubmission_file_/w.tar": b"nothing",
        "Cid_32_assignsubmission_file_/" + "\N{PILE OF POO}" * 100 + ".txt": b"",
        "a_33_1_w.tar.gz": endless,
        "a_33_2_w.tar": claim,
        "a_34_1_w.zip": zip_of({"rnn.ipynb": RELEASE}),
    }
    course = new_course(tmp_path / "course", settings="c.BoundedExtractor.max_bytes = 4_000_000")
    archive = tmp_path / "submissions.zip"
    archive.write_bytes(zip_of(content))
    collected = collect(course, ASSIGNMENT, [archive])
    assert [download.student for download in collected.notebooks] == ["30", "31", "34"]
    assert {download.student for download in collected.without} >= {"1", "29", "33"}
    assert "a_1_1_bomb.zip was not opened: it unpacks to more than is allowed." in collected.warnings


@pytest.mark.parametrize("name", ["../evil.ipynb", "/etc/evil", "a/../../evil", "..\\evil", "C:\\evil", "a\x00b/../../evil"])
def test_nothing_is_written_outside(tmp_path, name):
    inside, warned = unpacked(tmp_path, zip_of({"good.ipynb": b"{}", name: b"evil"}))
    assert "good.ipynb" in inside and len(inside) + len(warned) <= 2
    if "\0" not in name:
        assert inside == {"good.ipynb"} and warned


def test_links_and_devices_are_left_out(tmp_path):
    inside, warned = unpacked(tmp_path, zip_of({"rnn.ipynb": "/etc/passwd", "good.ipynb": b"{}"}))
    assert inside == {"good.ipynb"} and "rnn.ipynb" in warned[0]


def test_tars_are_held_to_the_same(tmp_path):
    content = tar_of(
        ("good.ipynb", tarfile.REGTYPE, b"{}"),
        ("../evil", tarfile.REGTYPE, b"evil"),
        ("link", tarfile.SYMTYPE, b"/etc/passwd"),
        ("hard", tarfile.LNKTYPE, b"/etc/passwd"),
        ("fifo", tarfile.FIFOTYPE, b""),
        ("device", tarfile.CHRTYPE, b""),
    )
    inside, warned = unpacked(tmp_path, content)
    assert inside == {"good.ipynb"} and len(warned) == 5


def test_a_bomb_is_stopped_early(tmp_path):
    bomb = zip_of({"zeros.ipynb": bytes(50_000_000)})
    assert len(bomb) < 100_000
    with pytest.raises(BadArchive, match="unpacks to more"):
        unpacked(tmp_path, bomb, size=1_000_000)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.ipynb")) <= 1_000_000
    with pytest.raises(BadArchive, match="too many files"):
        unpacked(tmp_path, zip_of({f"{i}.ipynb": b"" for i in range(20)}), files=10)


def test_what_is_no_archive_is_refused(tmp_path):
    with pytest.raises(BadArchive, match="neither a zip nor a tar"):
        unpacked(tmp_path, b"<html>sign in</html>")


def test_stems():
    assert [stem_of(name) for name in ("a.zip", "a.tar.gz", "a.tgz", "a.b.tar")] == ["a", "a", "a", "a.b"]


CANVAS = {
    "lovelaceada_12345_1_rnn.ipynb": RELEASE,
    "babbagecharles_LATE_222_2_rnn-1.ipynb": RELEASE,
    "hamiltonmargaret_666_6_rnn.ipynb.txt": RELEASE,
    "johnsonkatherine_777_7_WORK.ZIP": zip_of({"work/rnn.ipynb": RELEASE, "work/rnn.ipynb.json": b"{}"}),
    "hoppergrace_333_3_work.zip": zip_of({"work/rnn.ipynb": RELEASE, "work/rnn copy.ipynb": b"{}", "../../evil": b"evil"}),
    "turingalan_444_4_bomb.zip": zip_of({"rnn.ipynb": bytes(3_000_000)}),
    "noetheremmy_555_5_essay.pdf": b"%PDF",
    "__MACOSX/._lovelaceada_12345_1_rnn.ipynb": b"junk",
}


def submitted(course):
    return {str(path.relative_to(course.root / "submitted")) for path in course.root.glob("submitted/**/*") if path.is_file()}


def test_a_class_from_canvas(tmp_path):
    course = new_course(tmp_path / "course", settings="c.BoundedExtractor.max_bytes = 4_000_000")
    archive = tmp_path / "submissions.zip"
    archive.write_bytes(zip_of(CANVAS))
    collected = collect(course, ASSIGNMENT, [archive])
    found, without = collected.notebooks, collected.without
    assert [download.student for download in found] == ["222", "333", "333", "666", "777", "12345"]
    assert [download.student for download in without] == ["444", "555"]
    assert collected.warnings == [
        "In hoppergrace_333_3_work.zip: left out ../../evil (a link, encrypted, or outside the folder)",
        "turingalan_444_4_bomb.zip was not opened: it unpacks to more than is allowed.",
    ]
    assert submitted(course) == {f"{student}/{ASSIGNMENT}/{name}" for student, name in [
        # fmt: skip
        ("666", "rnn.ipynb"), ("777", "rnn.ipynb"), ("222", "rnn.ipynb"), ("333", "rnn.ipynb"), ("333", "rnn copy.ipynb"), ("555", "essay.pdf"), ("12345", "rnn.ipynb")]}
    assert (course.folder("submitted", "12345", ASSIGNMENT) / "rnn.ipynb").read_bytes() == RELEASE
    assert (course.folder("submitted", "777", ASSIGNMENT) / "rnn.ipynb").read_bytes() == RELEASE
    assert not list(tmp_path.rglob("evil"))
    with open_record(course, ASSIGNMENT) as record:
        keep_names(record, [*found, *without])
        keep_names(record, found)
        assert record.names()["12345"] == "lovelaceada"


def test_a_class_from_moodle_hands_in_again(tmp_path):
    course = new_course(tmp_path / "course")
    archive = tmp_path / "Course-Recurrent-657.zip"
    folder = "Ada Lovelace_657737_assignsubmission_file_"
    for content in (b"first", b"second"):
        archive.write_bytes(zip_of({f"{folder}/rnn.ipynb": content, "Grace Hopper_657738_assignsubmission_file_/rnn.ipynb": RELEASE}))
        collected = collect(course, ASSIGNMENT, [archive])
        assert (course.folder("submitted", "657737", ASSIGNMENT) / "rnn.ipynb").read_bytes() == content
    assert [download.name for download in collected.notebooks] == ["Ada Lovelace", "Grace Hopper"] and not collected.without


@pytest.mark.parametrize(
    ("files", "laid"),
    [
        ({"A_1_assignsubmission_file_/rnn (1).ipynb": b"copy", "A_1_assignsubmission_file_/rnn.ipynb": b"own"}, [b"own", b"copy"]),
        ({"A_1_assignsubmission_file_/old/rnn.ipynb": b"copy", "A_1_assignsubmission_file_/rnn.ipynb": b"own"}, [b"own", b"copy"]),
        ({"a_1_7_rnn-2.ipynb": b"copy", "a_1_8_rnn.ipynb": b"own"}, [b"own", b"copy"]),
        ({"a_1_1_w.zip": zip_of({"a/rnn.ipynb": b"first", "b/rnn.ipynb": b"second", "c/rnn (2).ipynb": b"third"})}, [b"first", b"second", b"third"]),
    ],
)
def test_of_several_files_that_with_the_notebooks_name_counts_and_the_others_lie_beside_it(tmp_path, files, laid):
    course = new_course(tmp_path / "course")
    archive = tmp_path / "submissions.zip"
    archive.write_bytes(zip_of(files))
    collected = collect(course, ASSIGNMENT, [archive])
    folder = course.folder("submitted", "1", ASSIGNMENT)
    names = ["rnn.ipynb", "rnn (2).ipynb", "rnn (3).ipynb"][: len(laid)]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == dict(zip(names, laid, strict=True))
    assert len(collected.warnings) == len(laid) - 1 and "(1) handed in several: " in collected.warnings[0]
    assert "which was not read" in read_submission(folder, "rnn", 1000).remarks[0].text      # so grading tells it, too


def test_names_that_students_make_collide_stop_nobody(tmp_path):
    course = new_course(tmp_path / "course")
    archive = tmp_path / "submissions.zip"
    work = {"a/x.ipynb": b"1", "b/x.ipynb": b"2", "x (2).ipynb": b"3", "c/x (2).ipynb": b"4"}
    archive.write_bytes(zip_of({"a_1_1_w.zip": zip_of(work), "b_2_2_rnn.ipynb": RELEASE}))
    assert len(collect(course, ASSIGNMENT, [archive]).notebooks) == 5
    assert {path.read_bytes() for path in course.folder("submitted", "1", ASSIGNMENT).iterdir()} == set(work.values())


EVERYBODY = {
    "smith_jonesanna_106_9_rnn.ipynb": RELEASE,
    "lovelaceada_1_link.html": b"<a>",
    "turingalan_LATE_2_text.html": b"<p>",
    "hoppergrace_3_4_essay.pdf": b"%PDF",
    "hoppergrace_3_5_essay.pdf": b"%PDF",
    "hoppergrace_3_6_timestamp.txt": b"2026-03-01 10:00 UTC",
    "zusekonrad_4_4_work.zip": b"nothing",
    "noetheremmy_5_5_work.zip": zip_of({"a/inner.zip": zip_of({"rnn.ipynb": RELEASE})}),
    "curiemarie_6_6_work.zip": zip_of({"a.zip": zip_of({"b.zip": zip_of({"rnn.ipynb": RELEASE})})}),
    "anon_Ab3Xz_67890_rnn.ipynb": RELEASE,
    "Lise_7_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
    "holiday.jpg": b"jpg",
}


def test_who_handed_in_something_else_is_in_every_later_table(tmp_path):
    course = new_course(tmp_path / "course")
    archive = tmp_path / "submissions.zip"
    archive.write_bytes(zip_of(EVERYBODY))
    collected = collect(course, ASSIGNMENT, [archive])
    assert [download.student for download in collected.notebooks] == ["5", "106", "Ab3Xz"]
    assert [download.student for download in collected.without] == ["1", "2", "3", "4", "6", "7"]
    said = " ".join(collected.warnings)
    assert "work.zip was not opened: it is neither" in said and "b.zip was not opened: it lies too deep" in said and "whose it is: holiday.jpg." in said
    students, strays = course.hand_ins(ASSIGNMENT)
    assert students == sorted(["5", "106", "Ab3Xz", "1", "2", "3", "4", "6", "7"]) and not strays
    reasons = {student: read_submission(course.folder("submitted", student, ASSIGNMENT), "rnn", 10**6).unusable for student in students}
    assert [student for student in students if reasons[student] is None] == ["106", "5", "Ab3Xz"]
    assert "(essay (2).pdf, essay.pdf)" in reasons["3"] and "lovelaceada_1_link.html" in reasons["1"]
    assert read_submission(course.folder("submitted", "3", ASSIGNMENT), "rnn", 10**6).timestamp is None
    assert ways_back(course, ASSIGNMENT)["7"] == "Lise_7_assignsubmission_file_/" and "1" not in ways_back(course, ASSIGNMENT)


def test_what_the_lms_called_a_hand_in_is_kept_from_one_collection_to_the_next(tmp_path):
    course = new_course(tmp_path / "course")
    archive = tmp_path / "submissions.zip"
    for files in [
        {"a_LATE_1_7_rnn-1.ipynb": b"", "Zoë_2_assignsubmission_file_rnn.ipynb": b"", "b_3_3_w.zip": zip_of({"in/rnn.ipynb": b""})},
        {"a_1_9_rnn.ipynb": b"", "Ōe_4_assignsubmission_file_/in/rnn.ipynb": b""},
    ]:
        archive.write_bytes(zip_of(files))
        collect(course, ASSIGNMENT, [archive])
    expected = {"1": "a_1_9_", "2": "Zoë_2_assignsubmission_file_/", "3": "b_3_3_", "4": "Ōe_4_assignsubmission_file_/"}
    assert ways_back(course, ASSIGNMENT) == expected
    assert course.private.stat().st_mode & 0o777 == 0o700


def test_nothing_to_collect_is_said(tmp_path):
    course = new_course(tmp_path / "course")
    with pytest.raises(CourseError, match="there is no file"):
        collect(course, ASSIGNMENT, [tmp_path / "none.zip"])
    with pytest.raises(CourseError, match="is a folder"):
        collect(course, ASSIGNMENT, [tmp_path])
    archive = tmp_path / "other.zip"
    archive.write_bytes(zip_of({"holiday.jpg": b"jpg"}))
    with pytest.raises(CourseError, match="^No notebook in these archives"):
        collect(course, ASSIGNMENT, [archive])
    archive.write_bytes(b"<html>")
    with pytest.raises(CourseError, match="other.zip was not opened: it is neither a zip nor a tar file. No notebook"):
        collect(course, ASSIGNMENT, [archive])


def test_nbgraders_own_command_collects_the_same(tmp_path):
    course = new_course(tmp_path)
    waiting = tmp_path / "downloaded" / ASSIGNMENT / "archive"
    waiting.mkdir(parents=True)
    (waiting / "submissions.zip").write_bytes(zip_of(CANVAS))
    done = subprocess.run(
        [str(Path(sys.executable).with_name("nbgrader")), "zip_collect", ASSIGNMENT, "--force"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert f"12345/{ASSIGNMENT}/rnn.ipynb" in submitted(course) and not list(tmp_path.rglob("evil"))


def test_a_class_from_brightspace_of_which_the_later_hand_in_counts(tmp_path):
    course = new_course(tmp_path / "course")
    archive = tmp_path / "downloads.zip"
    ada, bob = "12-90 - Ada Lovelace - {}, 2026 {}", "13-90 - Bob Taylor - Nov 2, 2026 905 AM"
    files = {
        "index.html": b"<html>",
        f"{ada.format('Nov 3', '905 AM')}/rnn.ipynb": b"second", f"{ada.format('Nov 3', '105 AM')}/rnn.ipynb": b"first",
        f"{ada.format('Oct 30', '1105 PM')}/rnn.ipynb": b"before", f"{bob}/essay.pdf": b"%PDF",
    }  # fmt: skip
    archive.write_bytes(zip_of(files))
    collected = collect(course, ASSIGNMENT, [archive])
    assert (course.folder("submitted", "12", ASSIGNMENT) / "rnn.ipynb").read_bytes() == b"second"
    assert [download.name for download in collected.without] == ["Bob Taylor"] and not any("index" in text for text in collected.warnings)
    assert ways_back(course, ASSIGNMENT) == {"12": f"{ada.format('Nov 3', '905 AM')}/", "13": f"{bob}/"}


def test_a_class_from_blackboard(tmp_path):
    course = new_course(tmp_path / "course")
    archive, when = tmp_path / "gradebook.zip", "attempt_2026-11-{}-11-05-22"
    files = {
        f"rnn_1_12_{when.format('03')}_rnn.ipynb": b"second", f"rnn_1_12_{when.format('02')}_rnn.ipynb": b"first",
        f"rnn_1_12_{when.format('03')}.txt": b"Name: Ada", f"rnn_1_13_{when.format('03')}.txt": b"Name: Bob",
        f"rnn_1_14_{when.format('03')}_work.zip": zip_of({"in/rnn.ipynb": RELEASE}), f"rnn_.._{when.format('03')}_rnn.ipynb": RELEASE,
    }  # fmt: skip
    archive.write_bytes(zip_of(files))
    collected = collect(course, ASSIGNMENT, [archive])
    assert (course.folder("submitted", "1_12", ASSIGNMENT) / "rnn.ipynb").read_bytes() == b"second"
    assert [download.student for download in collected.without] == ["1_13"]
    assert {path.parts[-3] for path in course.root.rglob("rnn.ipynb") if "submitted" in path.parts} == {"1_12", "1_14"}
    assert "whose it is: rnn_.._" in collected.warnings[-1] and not (course.root / ASSIGNMENT).exists()


def test_a_class_of_git_clones_in_which_no_link_hook_or_date_of_theirs_counts(tmp_path):
    course, clones = new_course(tmp_path / "course"), tmp_path / "clones"
    hook = "#!/bin/sh\ntouch ../../../hooked\n"
    for student, files in {
        "ada": {"work/rnn.ipynb": RELEASE, "rnn.ipynb": b"top", "data.csv": b"1", "timestamp.txt": b"2026-03-01"},
        "bob": {"a/b/rnn (1).ipynb": RELEASE, ".hidden/rnn.ipynb": b"hidden"},
        "eve": {"readme.md": b"nothing"},
    }.items():
        for name, content in (files | {".git/hooks/post-checkout": hook.encode(), ".git/rnn.ipynb": b"of git"}).items():
            path = clones / student / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    (clones / "eve" / "rnn.ipynb").symlink_to(clones / "ada" / "rnn.ipynb")
    (clones / "eve" / "all").symlink_to(clones / "ada")
    (clones / "mallory").symlink_to(clones / "ada")
    (clones / "no-clone").mkdir()
    collected = collect(course, ASSIGNMENT, [clones])
    assert {download.student for download in collected.notebooks} == {"ada", "bob"}
    assert [download.student for download in collected.without] == ["eve"]
    assert submitted(course) == {f"ada/{ASSIGNMENT}/rnn.ipynb", f"ada/{ASSIGNMENT}/rnn (2).ipynb", f"bob/{ASSIGNMENT}/rnn.ipynb"}
    assert (course.folder("submitted", "ada", ASSIGNMENT) / "rnn.ipynb").read_bytes() == b"top"
    assert not list(tmp_path.rglob("hooked"))
