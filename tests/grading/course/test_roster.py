"""The class's list: what Canvas and Moodle export, whose line is whose, sections, and files that are no roster."""

import json

import pytest
from nbgrader import api

from tests.grading.classroom import ASSIGNMENT, NOTEBOOK, RELEASE, new_course, result, unrolled
from unrolled.grading.course.course import CourseError
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.marks import as_canvas, as_csv, as_moodle, canvas_column
from unrolled.grading.course.roster import enter, read_roster, students_of

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,RNN (12345)
,,,,,Manual Posting
    Points Possible,,,,,20
"Lovelace, Ada",4711,S1,ada,"Section A, and Lab 1",
"Noether, Emmy",4712,S2,emmy@uni.example,Section B,
"Student, Test",99,,abc,Section A,
"""
MOODLE = """"First name","Last name","ID number","Email address",Groups
Ada,Lovelace,S1,ada@uni.example,"Group 1, Group 2"
Emmy,Noether,,emmy@uni.example,Group 1
"""
WORKSHEET = """Identifier,"Full name","ID number","Email address",Grade
"Participant 657737","Ada Lovelace",S1,ada@uni.example,
"""


@pytest.fixture
def course(tmp_path):
    return new_course(tmp_path / "course")


@pytest.fixture
def roster(course, tmp_path):
    """roster(text) enters a file of that text: (student's id, first name, last name, address,
    number in the LMS) of all students then."""

    def run(text, encoding="utf-8"):
        path = tmp_path / "roster.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        with open_record(course) as record:
            enter(course, record, read_roster(path))
        return students(course)

    return run


def students(course):
    with api.Gradebook(course.directory.db_url) as book:
        return sorted((s.id, s.first_name, s.last_name, s.email, s.lms_user_id) for s in book.students)


def add(course, *names, **more):
    with api.Gradebook(course.directory.db_url) as book:
        for name in names:
            book.add_student(name, **more)


def test_canvas(roster, course):
    assert roster(CANVAS) == [("4711", "Ada", "Lovelace", None, "4711"), ("4712", "Emmy", "Noether", "emmy@uni.example", "4712")]
    assert students_of(course, "Section A") == {"4711"} == students_of(course, "Lab 1") and students_of(course, "Section B") == {"4712"}


def test_moodles_participants(roster, course):
    assert roster(MOODLE) == [
        ("S1", "Ada", "Lovelace", "ada@uni.example", None), ("emmy@uni.example", "Emmy", "Noether", "emmy@uni.example", None),
    ]  # fmt: skip
    assert students_of(course, "Group 1") == {"S1", "emmy@uni.example"} and students_of(course, "Group 2") == {"S1"}


def test_moodles_grading_worksheet_has_the_number_that_collected_files_carry(roster):
    assert roster(WORKSHEET) == [("657737", "Ada", "Lovelace", "ada@uni.example", "657737")]


@pytest.mark.parametrize("known", ["ada", "S1", "4711"])
def test_a_student_is_known_by_any_of_their_ids(roster, course, known):
    add(course, known)
    assert roster(CANVAS)[0 if known == "4711" else 1] == (known, "Ada", "Lovelace", None, "4711")
    assert roster(CANVAS) == roster(CANVAS)


def test_a_student_is_known_by_their_name_where_no_id_says_it(roster, course):
    """As after `unrolled collect` from Moodle, whose files carry a number that the
    list of participants does not have."""
    add(course, "657737", first_name="Ada", last_name="Lovelace")
    assert ("657737", "Ada", "Lovelace", "ada@uni.example", None) in roster(MOODLE)
    add(course, "657738", first_name="Ada", last_name="Lovelace")
    with pytest.raises(CourseError, match=r"several called Ada Lovelace \(657737, 657738\); nothing was entered"):
        roster(MOODLE)


@pytest.mark.parametrize("change", [("utf-8-sig", ","), ("utf-16", ","), ("utf-8", ";"), ("utf-8", "\t")])
def test_as_other_programs_save_it(roster, change):
    encoding, separator = change
    text = 'Student,ID,SIS User ID,SIS Login ID,Section\r\nŌe Žižka,7,,žižka,A\r\n'.replace(",", separator)
    assert roster(text, encoding) == [("7", "Ōe", "Žižka", None, "7")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no roster"),
        (b"a,b,c\n1,2,3\n", "is no roster. It has neither Canvas's columns"),
        (CANVAS.encode("utf-8").replace(b"Ada", b"Ad\xe4"), "is no CSV file in UTF-8"),
        (b"PK\x03\x04\0\0", "is no CSV file"),
        (b'Student,ID\n"Lovelace, Ada,1\n', "is no CSV file"),
        (b"Student,ID\n", "names nobody"),
        (b'Student,ID\n"Lovelace, Ada",\n', "line 2:  ?Lovelace, Ada has neither a number nor a login"),
        (b'Student,ID\n"Lovelace, Ada",1\n"Noether, Emmy",1\n', "lines 2 and 3 are of one student, 1"),
        (b'Student,ID\n"Lovelace, Ada",' + b"1" * 200 + b"\n", "an id that no gradebook can hold"),
    ],
)
def test_a_bad_file_changes_nothing(roster, course, content, said):
    before = roster(CANVAS)
    with pytest.raises(CourseError, match=said) as error:
        roster(content)
    assert "\n" not in str(error.value)
    assert students(course) == before and students_of(course, "Section B") == {"4712"}


def test_marks_of_one_section(roster, course):
    roster(CANVAS)
    with open_record(course, ASSIGNMENT) as record:
        record.register({NOTEBOOK: RELEASE})
        for student in ("4711", "4712"):
            record.write(result(student), "h", "a")
        only = students_of(course, "Section A")
        for form in (as_csv, as_canvas, as_moodle):
            assert "Ada" in form(record, [], only) and "Emmy" not in form(record, [], only) and "Emmy" in form(record, [])
    with pytest.raises(CourseError, match="no section 'C'; there are Lab 1, Section A, Section B"):
        students_of(course, "C")


def test_canvas_s_own_column_name_is_kept(course):
    assert canvas_column(course, ASSIGNMENT) is None
    assert canvas_column(course, ASSIGNMENT, "RNN (12345)") == "RNN (12345)" == canvas_column(course, ASSIGNMENT)
    assert canvas_column(course, "05-lstm") is None
    (course.private / "canvas-columns.json").write_text("{")
    with pytest.raises(CourseError, match="canvas-columns.json is damaged"):
        canvas_column(course, ASSIGNMENT)


def test_the_commands(course, tmp_path):
    (tmp_path / "canvas.csv").write_text(CANVAS)
    done = unrolled(course.root, "roster", tmp_path / "canvas.csv")
    assert (done.returncode, done.stdout) == (0, "2 students, in 3 sections: Lab 1, Section A, Section B.\n")
    done = unrolled(course.root, "roster", "none.csv")
    assert (done.returncode, done.stderr) == (1, "none.csv cannot be read: No such file or directory.\n")
    with open_record(course, ASSIGNMENT) as record:
        record.register({NOTEBOOK: RELEASE})
        record.write(result("4711"), "h", "a")
    options = ["marks", ASSIGNMENT, "--section", "Section A", "--format", "canvas"]
    first, second = unrolled(course.root, *options, "--column", "RNN (12345)").stdout, unrolled(course.root, *options).stdout
    assert first == second == 'Student,ID,SIS User ID,SIS Login ID,Section,RNN (12345)\n    Points Possible,,,,,20\n"Lovelace, Ada",4711,,,,20\n'
    assert json.loads((course.private / "canvas-columns.json").read_text()) == {ASSIGNMENT: "RNN (12345)"}
