"""An assignment with questions of an instructor's own, from its source to what comes back: tests, a
written answer, a task."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader import api

from tests.grading.classroom import ASSIGNMENT, NOTEBOOK, ROOT, grade, hand_in, new_course, unrolled
from unrolled.exercises import CHECKED
from unrolled.grading.course.course import open_course
from unrolled.grading.course.feedback import write_pages
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.hidden import hidden_tests
from unrolled.grading.course.marks import as_csv, as_moodle
from unrolled.grading.course.release import release
from unrolled.grading.course.summary import in_order, summarise
from unrolled.grading.run.demo import fill
from unrolled.grading.run.standalone import standalone

pytestmark = pytest.mark.xdist_group("own_questions")
(FROM_THE_GUIDE,) = re.findall(
    r"```\{code-block\} python\n:caption: in solutions/02-rnn/rnn.py\n\n(.*?)```", (ROOT / "chapters" / "teaching.md").read_text(encoding="utf8"), re.DOTALL
)
SOURCE = f'''\
# %%
import numpy as np

from unrolled import check

# %% nbgrader={{"grade": false, "grade_id": "softmax-code", "locked": false, "schema_version": 3, "solution": true, "task": false}}
def softmax(a):
    """Softmax."""
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={{"grade": true, "grade_id": "softmax", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}}
check(softmax)

{FROM_THE_GUIDE}
# %% [markdown] nbgrader={{"grade": true, "grade_id": "why", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}}
# ### BEGIN SOLUTION
# Because.
# ### END SOLUTION

# %% [markdown] nbgrader={{"grade": false, "grade_id": "explore", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": true}}
# Explore, in cells of your own below this one.

# %% [markdown]
# ## The end
'''
WHY = "Since $a = b$, <script>alert(1)</script> it *must* be."
DRAW = "import matplotlib.pyplot as plt\n\nplt.plot([1, 2])\nplt.show()\nprint('explored', 6 * 7)"


def words(text):
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def drawn():
    return {"cell_type": "code", "metadata": {}, "source": DRAW, "outputs": [], "execution_count": None}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Ada has done all, Bob trusts in positive numbers, Eve has done nothing; Ada's words are marked."""
    root = new_course(tmp_path_factory.mktemp("course")).root
    (root / "solutions" / ASSIGNMENT).mkdir(parents=True)
    (root / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.py").write_text(SOURCE)
    course = open_course(root)
    release(course, ASSIGNMENT)
    released = course.release_notebooks(ASSIGNMENT)[NOTEBOOK]
    right = {"softmax": standalone(CHECKED["softmax"].reference, "softmax"), "perplexity": "def perplexity(loss):\n    return np.exp(loss)"}
    ada = json.loads(fill(released, right | {"why": WHY}))
    ada["cells"][-1:-1] = [words("My exploration says 42."), drawn()]
    ada["cells"] += [words("Thank you for the course.")]
    hand_in(root, "ada", json.dumps(ada).encode())
    hand_in(root, "bob", fill(released, right | {"perplexity": "def perplexity(loss):\n    return 1"}))
    hand_in(root, "eve", released)
    grade(course)
    with api.Gradebook(course.directory.db_url) as book:
        book.find_grade("why", NOTEBOOK, ASSIGNMENT, "ada").manual_score = 2.5
        book.find_comment("why", NOTEBOOK, ASSIGNMENT, "ada").manual_comment = "Say <i>why</i> it must."
        book.find_comment("explore", NOTEBOOK, ASSIGNMENT, "ada").manual_comment = "=a plot"
        book.db.commit()
    with open_record(course, ASSIGNMENT) as record:
        write_pages(course, record)
    return course


def page(course, student, section):
    html = (course.folder("feedback", student, ASSIGNMENT) / f"{NOTEBOOK}.html").read_text()
    return re.search(rf'<section id="{section}">.*?</section>', html, re.S)[0]


def rows(course, form):
    with open_record(course, ASSIGNMENT) as record:
        names = in_order(ASSIGNMENT, {mark.name for mark in record.marks()})
        header, *lines = csv.reader(io.StringIO(form(record, names)))
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_tests_of_the_guide_give_points_and_the_hidden_one_finds_bob(course):
    with open_record(course, ASSIGNMENT) as record:
        summary = summarise(record)
    assert {row.student: row.marks["test-perplexity"] for row in summary.rows} == {"ada": 1, "bob": 0, "eve": 0}
    assert "a hidden test failed" in page(course, "bob", "test-perplexity")


def test_a_hidden_test_counts_where_there_is_no_source_any_more(course, tmp_path):
    source, away = course.solutions / ASSIGNMENT, tmp_path / "away"
    before = hidden_tests(course, ASSIGNMENT)
    source.rename(away)
    try:
        assert hidden_tests(course, ASSIGNMENT) == before and "np.log(27)" in before[NOTEBOOK]["test-perplexity"]
    finally:
        away.rename(source)


def test_where_nobody_can_know_what_was_hidden_it_is_said(course, tmp_path):
    """As with a release of the first edition, which kept nothing, on a machine without the source."""
    places = [course.solutions / ASSIGNMENT, course.private / "hidden.json"]
    for place in places:
        place.rename(tmp_path / place.name)
    try:
        done = unrolled(course.root, "grade", ASSIGNMENT)
    finally:
        for place in places:
            (tmp_path / place.name).rename(place)
    said = f"Neither solutions/{ASSIGNMENT}/ nor what a release kept of it is here, so hidden tests of test-perplexity, if there are any, do not count"
    assert done.returncode == 0 and said in done.stderr


def test_the_summary_names_what_was_decided_inside(course):
    done = unrolled(course.root, "grade", ASSIGNMENT)
    assert "hidden tests" not in done.stderr
    assert "By tests of your own, which a student's code can reach where they run: test-perplexity." in done.stdout


def test_what_hides_is_in_no_students_hands(course):
    for path in [*(course.root / "exercises").rglob("*.ipynb"), *(course.root / "feedback").rglob("*.html")]:
        assert "np.log(27)" not in path.read_text()


def test_a_written_answer_comes_back_with_its_mark_and_its_comment(course):
    part = page(course, "ada", "why")
    assert "2.5 / 3" in part and "Say why it must." in part
    assert "Since $a = b$, &lt;script&gt;alert(1)&lt;/script&gt; it *must* be." in part


def test_what_stands_under_a_task_comes_back_and_nothing_else(course):
    part = page(course, "ada", "explore")
    assert "My exploration says 42." in part and "data:image/png;base64," in part
    assert "not marked yet, of 4" in part and "=a plot" in part
    html = (course.folder("feedback", "ada", ASSIGNMENT) / f"{NOTEBOOK}.html").read_text()
    assert "Thank you for the course." not in html


def test_the_grader_sees_the_cells_under_a_task_in_their_order(course):
    cells = json.loads((course.folder("autograded", "ada", ASSIGNMENT) / f"{NOTEBOOK}.ipynb").read_text())["cells"]
    place = next(place for place, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("grade_id") == "explore")
    assert [cell["source"] for cell in cells[place + 1 :]] == ["My exploration says 42.", DRAW, "## The end"]
    assert "explored 42" in json.dumps(cells[place + 2]["outputs"])


def test_the_tables_have_answer_mark_and_comment(course):
    ada, bob, eve = rows(course, as_csv)
    assert (ada["why"], ada["why: answer"], ada["why: comment"]) == ("2.5", WHY, "Say <i>why</i> it must.")
    assert ada["explore: answer"].startswith("My exploration says 42.\n\nimport") and ada["explore: comment"] == "'=a plot"
    assert eve["why: answer"] == "" and bob["test-perplexity"] == "0"
    said = {row["Full name"]: row["Feedback comments"] for row in rows(course, as_moodle)}["ada"]
    assert "why (2.5 of 3)<br>You wrote: Since $a = b$, &lt;script&gt;" in said and "Your instructor: Say &lt;i&gt;why&lt;/i&gt; it must." in said
    assert "explore (not marked yet, of 4)<br>You wrote: My exploration says 42." in said


def test_nbgraders_own_command_makes_the_same_pages(course):
    before = {path: path.read_text() for path in (course.root / "feedback").rglob("*.html")}
    command = [str(Path(sys.executable).with_name("nbgrader")), "generate_feedback", ASSIGNMENT, "--force"]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert before == {path: path.read_text() for path in before}
