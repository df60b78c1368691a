"""What goes back to students: complete, safe to open, readable on a phone."""

import json
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from nbformat.v4 import reads_json
from nbgrader import api

from tests.grading.classroom import ASSIGNMENT, MISTAKES, NAMES, NOTEBOOK, RELEASE, answers, grade, new_course, result
from unrolled.grading.course.course import CourseError
from unrolled.grading.course.feedback import render, write_pages, zip_pages
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.notebook.rebuild import rebuild
from unrolled.grading.notebook.release import read_release, write_notebook
from unrolled.grading.notebook.verify import write_ungraded

pytestmark = pytest.mark.xdist_group("feedback")

NASTY = '</code><script>document.title = "owned"</script><img src=x onerror="document.title=\'owned\'">'


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose pages are written: a mistake, a comment, a nasty answer, a late and an ungraded one."""
    (name, (of, _)), *_ = MISTAKES.items()
    class_ = {"eve": answers(**{of: name}), "mallory": answers(readout=f"def readout(hs, W_y, b_y):\n    return '''{NASTY}'''\n")}
    course = new_course(tmp_path_factory.mktemp("feedback"), class_)
    assert grade(course) == 2
    with open_record(course, ASSIGNMENT) as record:
        broken = result("nobody", ungraded="The file is empty.")
        broken = type(broken)(**vars(broken) | {"graded": write_notebook(write_ungraded(read_release(RELEASE), "The file is empty."))})
        record.write(broken, "h", "a")
        path = course.folder("autograded", "nobody", ASSIGNMENT) / f"{NOTEBOOK}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(broken.graded)
        with api.Gradebook(course.directory.db_url) as book:
            book.find_comment("softmax-code", NOTEBOOK, ASSIGNMENT, "mallory").manual_comment = f"**Well** done {NASTY} [x](javascript:alert(1))"
            book.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "mallory").late_submission_penalty = 2.5
            book.db.commit()
        assert write_pages(course, record) == 3
    return course


def page(course, student):
    return (course.folder("feedback", student, ASSIGNMENT) / f"{NOTEBOOK}.html").read_text()


def test_mark_finding_and_sentence_of_each_function(course):
    (_, (of, mistake)), *_ = MISTAKES.items()
    html = page(course, "eve")
    for name in NAMES:
        assert f'<section id="{name}">' in html
    section = re.search(rf'<section id="{of}">.*?</section>', html, re.S)[0]
    sentence = re.sub(r"`([^`]*)`", r"<code>\1</code>", mistake.sentence)
    assert sentence[1:] in section and "0 / 3" in section
    assert "17 of 20 points" in html and "rnn_forward is right" in html


def test_it_holds_nothing_that_is_not_the_students(course):
    html = page(course, "eve")
    assert "BEGIN SOLUTION" not in html and "np.searchsorted(np.cumsum" not in html
    assert "http://" not in html and "https://" not in html and "<script" not in html


def test_a_name_is_text():
    notebook = read_release(RELEASE)
    assert "<b>" not in render(notebook, "<b>02-rnn</b>", "<b>eve</b>", 0.0, 20.0)


def test_an_ungraded_notebook_says_why(course):
    html = page(course, "nobody")
    assert "This notebook was not graded." in html and "The file is empty." in html and "0 of 20 points" in html
    assert "What you handed in" not in html     # the notebook is the released one
    assert html.count("The file is empty.") == 1 and "No response." not in html and "<section" not in html


def test_an_ungraded_notebook_that_a_person_looked_at_has_their_comment(course):
    notebook = write_ungraded(read_release(RELEASE), "The file is empty.")
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "softmax-code":
            cell.metadata.nbgrader["comment"] = "Sent by mail."
    html = render(reads_json(write_notebook(notebook).decode()), ASSIGNMENT, "eve", 0, 20)
    assert html.count("<section") == 1 and "Sent by mail." in html and 'href="#softmax"' in html


def test_a_zip_takes_the_pages_back_to_the_students_of_an_lms(course, tmp_path):
    to = tmp_path / "pages.zip"
    with pytest.raises(CourseError, match="no zip is written"):
        zip_pages(course, ASSIGNMENT, to)
    assert not to.exists()
    ways = {"eve": "eve_LATE_1_2_", "mallory": "Mal Ōry_7_assignsubmission_file_/", "gone": "x_3_4_"}
    (course.private / f"{ASSIGNMENT}.lms.json").write_text(json.dumps(ways))
    assert zip_pages(course, ASSIGNMENT, to) == (2, ["nobody"])
    with zipfile.ZipFile(to) as archive:
        assert archive.namelist() == [f"eve_LATE_1_2_{NOTEBOOK}.html", f"Mal Ōry_7_assignsubmission_file_/{NOTEBOOK}.html"]
        assert archive.read(archive.namelist()[0]).decode() == page(course, "eve")


def test_a_files_name_is_no_markup():
    notebook = write_ungraded(read_release(RELEASE), "There is [a](http:b) <img src=x>.ipynb")
    html = render(reads_json(write_notebook(notebook).decode()), ASSIGNMENT, "eve", 0, 20)
    assert "There is [a](http:b) &lt;img src=x&gt;.ipynb" in html and "<a href=\"http" not in html


def test_comments_and_lateness(course):
    html = page(course, "mallory")
    assert "<strong>Well</strong> done" in html and "javascript:" not in html
    assert "15.5 of 20 points" in html and "2.5 points were taken off" in html


@pytest.mark.parametrize("nasty", ["\n\t", "\n\x1c"])
def test_no_source_keeps_the_page_from_being_made(nasty):
    rebuilt = rebuild(RELEASE, answers(softmax="def softmax(a): pass\n" + nasty * (45_000 // len(nasty))), 1_000_000)
    before = time.process_time()
    render(reads_json(write_notebook(rebuilt.notebook).decode()), ASSIGNMENT, "eve", 0, 20)
    assert time.process_time() - before < 2


def test_nbgraders_exchange_gives_the_pages_back(tmp_path):
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    course = new_course(tmp_path / "course", {"ada": answers()}, settings=f"c.Exchange.root = {str(exchange)!r}")
    beside = course.folder("submitted", "ada", ASSIGNMENT)
    (beside / "timestamp.txt").write_text("2026-03-05 17:00:00 UTC")
    (beside / "submission_secret.txt").write_text("of ada's hand-in")
    assert grade(course) == 1
    with open_record(course, ASSIGNMENT) as record:
        write_pages(course, record)
    command = [sys.executable, "-m", "nbgrader", "release_feedback", ASSIGNMENT]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (given,) = exchange.rglob("*.html")
    assert given.read_text() == page(course, "ada")


def test_nbgraders_own_command_makes_the_same_pages(course):
    ours = {student: page(course, student) for student in ("eve", "mallory", "nobody")}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("nbgrader")), "generate_feedback", ASSIGNMENT, "--force"],
        cwd=course.root, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert ours == {student: page(course, student) for student in ours}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser(course, browser, scheme):
    complaints = []
    for student in ("mallory", "eve"):
        view = browser.new_page(viewport={"width": 360, "height": 800}, color_scheme=scheme)
        view.on("pageerror", lambda error: complaints.append(str(error)))
        view.goto(f"file://{course.folder('feedback', student, ASSIGNMENT)}/{NOTEBOOK}.html")
        view.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert view.title() == f"{ASSIGNMENT}: feedback for {student}"
        assert view.evaluate("document.documentElement.scrollWidth") == 360
        assert view.locator("img, script").count() == 0 and not complaints
