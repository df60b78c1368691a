"""Marks as CSV that comes back as it went in, in the columns that nbgrader, Canvas and Moodle know."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader import api

from tests.grading.classroom import ASSIGNMENT, NAMES, NOTEBOOK, RELEASE, new_course, result
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.marks import PLAIN, _table, as_canvas, as_csv, as_moodle

PEOPLE = {
    "12345": ("Ada, Countess", 'Love"lace'),
    "o'neil": ("Zoë\nMarie", "O'Neil; DROP"),
    "名前": ("健三郎", "大江"),
    "=1+1": (None, None),
}


@pytest.fixture
def record(tmp_path):
    with open_record(new_course(tmp_path), ASSIGNMENT) as record:
        record.register({NOTEBOOK: RELEASE})
        with api.Gradebook(record.course.directory.db_url) as book:
            for student, (first, last) in PEOPLE.items():
                book.add_student(student, first_name=first, last_name=last, email=f"{student}@example.org")
            book.add_student("absent", first_name="Not", last_name="There")
        for student in PEOPLE:
            record.write(result(student, wrong=["softmax"]), "h", "a")
        yield record


def read(text):
    header, *rows = csv.reader(io.StringIO(text))
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_nbgraders_columns_and_one_a_function(record):
    rows = {row["student_id"]: row for row in read(as_csv(record, NAMES))}
    assert list(rows["12345"]) == [*PLAIN, *NAMES]
    for student, (first, last) in PEOPLE.items():
        row = rows[student]
        assert (row["first_name"], row["last_name"]) == (first or "", last or "")
        assert (row["score"], row["max_score"], row["softmax"], row["cross_entropy"]) == ("17", "20", "0", "4")
    assert rows["absent"]["score"] == "0" and rows["absent"]["timestamp"] == ""


def test_what_canvas_imports(record):
    points, *rows = read(as_canvas(record, NAMES))
    assert list(points) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", ASSIGNMENT]
    assert points["Student"].strip() == "Points Possible" and points[ASSIGNMENT] == "20"
    by_name = {row["Student"]: row for row in rows}
    assert by_name['Love"lace, Ada, Countess'] | {"ID": "12345", "SIS Login ID": "", ASSIGNMENT: "17"} == by_name['Love"lace, Ada, Countess']
    assert by_name["=1+1"]["SIS Login ID"] == "=1+1" and len(rows) == len(PEOPLE)


def test_what_moodle_imports(record):
    rows = {row["Full name"]: row for row in read(as_moodle(record, NAMES))}
    ada = rows['Ada, Countess Love"lace']
    assert (ada["Identifier"], ada["Grade"], ada["Maximum Grade"]) == ("Participant 12345", "17", "20")
    assert ada["Feedback comments"].startswith("softmax (0 of 3): what was found in softmax<br>cross_entropy (4 of 4)")
    assert rows["=1+1"]["Identifier"] == "" and rows["=1+1"]["ID number"] == "=1+1"


def test_moodles_comments_have_a_persons_words_and_why_there_is_no_mark(record):
    record.write(result("12345", ungraded="This is no <notebook>."), "h", "a")
    with api.Gradebook(record.course.directory.db_url) as book:
        book.find_comment("softmax-code", NOTEBOOK, ASSIGNMENT, "名前").manual_comment = "See <lecture> 2"
        book.db.commit()
    said = {row["Full name"]: row["Feedback comments"] for row in read(as_moodle(record, NAMES))}
    assert said['Ada, Countess Love"lace'].startswith("This is no &lt;notebook&gt;.<br>softmax (0 of 3)<br>")
    assert "<br>Your instructor: See &lt;lecture&gt; 2<br>cross_entropy" in said["健三郎 大江"]
    assert sum("Your instructor" in text for text in said.values()) == 1


def test_a_name_is_no_formula(record):
    with api.Gradebook(record.course.directory.db_url) as book:
        book.update_or_create_student("名前", first_name="@SUM(1)", last_name='=HYPERLINK("http://evil.example", "mark")')
    for text in (as_csv(record, NAMES), as_canvas(record, NAMES), as_moodle(record, NAMES)):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row if "evil" in cell or "SUM" in cell]
        assert cells and all(cell.startswith("'") for cell in cells)


def test_an_lms_number_in_the_gradebook_counts(record):
    with api.Gradebook(record.course.directory.db_url) as book:
        book.update_or_create_student("名前", lms_user_id="777")
    (row,) = [row for row in read(as_moodle(record, NAMES)) if "健三郎" in row["Full name"]]
    assert row["Identifier"] == "Participant 777"


@settings(deadline=None)
@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=2), min_size=1))
def test_any_text_comes_back(rows):
    assert list(csv.reader(io.StringIO(_table(["a", "b"], rows), newline=""))) == [["a", "b"], *rows]


def test_nbgraders_own_export_is_quoted(record):
    root = record.course.root
    done = subprocess.run([str(Path(sys.executable).with_name("nbgrader")), "export"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = {row["student_id"]: row for row in read((root / "grades.csv").read_text(encoding="utf-8"))}
    assert rows["12345"]["last_name"] == 'Love"lace' and rows["名前"]["score"] == "17" and list(rows["absent"]) == list(PLAIN)
