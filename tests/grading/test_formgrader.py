"""nbgrader's own formgrader on a class that this course has graded, in a real browser.

UNROLLED_SCREENSHOTS=1 writes the pictures of the teaching guide into chapters/_images.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from nbgrader import api
from playwright.sync_api import expect

from tests.grading.classroom import ASSIGNMENT, NOTEBOOK, RELEASE, ROOT, answers, grade, hand_in, new_course, scores

pytestmark = pytest.mark.xdist_group("formgrader")
IMAGES = ROOT / "chapters" / "_images"
NEVER_CARRIED = """
def rnn_forward(xs, h0, W_x, W_h, b):
    hs = []
    for x in xs:
        h = rnn_step_forward(x, h0, W_x, W_h, b)
        hs.append(h)
    return np.stack(hs)
"""

MALLORY = "<img src=x onerror=owned=1>"
NASTY = """\
<script>owned = 1</script> <img src=x onerror="owned = 1"> <svg onload="owned = 1"></svg> [here](javascript:owned=1)

```mermaid
<img src=x onerror="owned = 1">
```

<iframe srcdoc="<script>parent.owned = 1</script>"></iframe> <form action="/formgrader/"><button>go</button></form>
</div></div></div></div> ![spy](http://spy.invalid/x.png) <img src="http://spy.invalid/y.png"> <style>* { display: none }</style>

<a id="honest" href="/formgrader/?path=/tmp">my figure</a> and [a page](https://arxiv.org/abs/1506.00019), since $a_i < b^2$.

![loss](attachment:loss.png)
"""
OUTPUTS = {
    "text/html": "<img src=x onerror='owned = 1'><script>owned = 1</script>",
    "application/javascript": "owned = 1",
    "text/markdown": NASTY,
    "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='owned = 1'/>",
    "text/latex": "<img src=x onerror='owned = 1'>",
    "text/plain": "<img src=x onerror='owned = 1'>",
}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    class_ = {"ada": answers(), "bob": RELEASE, "eve": answers(rnn_forward=NEVER_CARRIED.strip()), MALLORY: RELEASE}
    course = new_course(tmp_path_factory.mktemp("formgrader"), class_)
    with api.Gradebook(course.directory.db_url) as book:
        for student, first, last in [("ada", "Ada", "Lovelace"), ("bob", "Bob", "Taylor"), ("eve", "Eve", "Winter"), ("lou", "Lou", "Young"), (MALLORY, MALLORY, MALLORY)]:
            book.update_or_create_student(student, first_name=first, last_name=last)
    shutil.copytree(ROOT / "solutions" / ASSIGNMENT, course.solutions / ASSIGNMENT)
    assert grade(course) == 4
    hand_in(course.root, "lou", answers())
    return course


@pytest.fixture(scope="module")
def address(course, tmp_path_factory):
    """Where a Jupyter server shows the course."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--allow-root", "--no-browser"]
    environment = os.environ | {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_DATA_DIR": str(home)}
    with open(home / "log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "server", *options], cwd=course.root, env=environment, stdout=log, stderr=log
        )
    url, end = f"http://127.0.0.1:{port}", time.monotonic() + 120
    try:
        while True:
            try:
                urllib.request.urlopen(f"{url}/formgrader/manage_assignments")
                break
            except (urllib.error.URLError, ConnectionError):
                assert server.poll() is None and time.monotonic() < end, (home / "log").read_text()
                time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def page(address, browser):
    view = browser.new_page(viewport={"width": 1000, "height": 900}, device_scale_factor=2, base_url=address)
    view.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    yield view
    view.close()


def picture(page, name, first, last, margin=2):
    """What stands on the page from one element to another, in its full width."""
    if os.environ.get("UNROLLED_SCREENSHOTS"):
        page.evaluate("down => scrollBy(0, down)", first.bounding_box()["y"] - 80)      # below formgrader's own bar
        boxes = first.bounding_box(), last.bounding_box()
        left, top = (min(box[edge] for box in boxes) - margin for edge in "xy")
        right, bottom = (max(box[edge] + box[size] for box in boxes) + margin for edge, size in [("x", "width"), ("y", "height")])
        page.screenshot(path=IMAGES / f"formgrader-{name}.png", clip={"x": left, "y": top, "width": right - left, "height": bottom - top})


def write_into_graded(course, student):
    """Set into a graded notebook what nobody's notebook should hold, so that the page alone stands between
    it and the grader."""
    path = course.folder("autograded", student, ASSIGNMENT) / f"{NOTEBOOK}.ipynb"
    notebook = json.loads(path.read_text())
    words = {"cell_type": "markdown", "id": "words", "source": NASTY, "attachments": {"loss.png": {"image/png": PIXEL}}}
    shown = [{"output_type": "display_data", "metadata": {}, "data": {kind: data}} for kind, data in OUTPUTS.items()]
    code = {"cell_type": "code", "id": "code", "source": "'</div><script>owned = 1</script>'", "outputs": shown, "execution_count": None}
    notebook["cells"] += [cell | {"metadata": {}} for cell in (words, code, {"cell_type": "raw", "id": "raw", "source": NASTY})]
    path.chmod(0o644)
    path.write_text(json.dumps(notebook))


def test_nothing_of_a_submission_runs_or_loads_in_the_graders_browser(page, course):
    write_into_graded(course, MALLORY)
    with api.Gradebook(course.directory.db_url) as book:
        identity = book.find_submission_notebook(NOTEBOOK, ASSIGNMENT, MALLORY).id
    asked, name = [], urllib.parse.quote(MALLORY)
    page.on("request", lambda request: asked.append(request.url))
    pages = [f"submissions/{identity}/", f"manage_students/{name}", f"manage_students/{name}/{ASSIGNMENT}", f"gradebook/{ASSIGNMENT}/{NOTEBOOK}"]
    for there in pages[::-1]:
        page.goto(f"/formgrader/{there}", wait_until="networkidle")
        assert page.evaluate("typeof owned") == "undefined", there
    expect(page.locator("input.score").first).to_have_attribute("placeholder", "0")
    assert page.evaluate("typeof owned") == "undefined" and not any("spy.invalid" in url for url in asked)
    assert page.locator("#notebook-container iframe, #notebook-container form, #notebook-container a[href*=path]").count() == 0
    shown = page.locator("#notebook-container").first
    assert shown.is_visible() and "since $a_i < b^2$" in shown.inner_text()
    assert page.locator("img[alt=loss]").evaluate("image => image.naturalWidth") == 1


def test_it_lists_the_class_and_its_marks(page):
    page.goto("/formgrader/manage_assignments")
    expect(page.get_by_role("link", name=ASSIGNMENT).first).to_be_visible()
    page.goto(f"/formgrader/gradebook/{ASSIGNMENT}/{NOTEBOOK}")
    expect(page.locator("tbody tr", has_text="/ 20")).to_have_count(4)
    assert set(re.findall(r"([\d.]+) / 20", page.locator("tbody").inner_text())) == {"0", "16", "20"}


def test_a_person_changes_a_mark_and_leaves_a_comment(page, course):
    with api.Gradebook(course.directory.db_url) as book:
        identity = book.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "eve").id
    page.goto(f"/formgrader/submissions/{identity}/")
    expect(page.get_by_text("is never carried: every step starts from h0 again").first).to_be_visible()
    fourth = page.locator("input.score").nth(3)
    comment = page.locator("textarea.comment").nth(3)
    # formgrader writes both placeholders once it listens
    expect(fourth).to_have_attribute("placeholder", "0")
    expect(comment).to_have_attribute("placeholder", re.compile("."))
    fourth.fill("2.5")
    fourth.press("Tab")
    comment.fill("The loop is right; the state must go round it.")
    comment.press("Tab")
    wanted, end = (2.5, "The loop is right; the state must go round it."), time.monotonic() + 30
    while (found := said_by_a_person(course)) != wanted and time.monotonic() < end:
        time.sleep(0.2)
    assert found == wanted
    assert scores(course)["eve"] == 18.5
    answer = comment.locator("xpath=ancestor::*[contains(@class, 'panel-primary')][1]")
    picture(page, "comment", answer, page.get_by_text("is never carried: every step starts from h0 again").first)
    hand_in(course.root, "eve", answers(rnn_forward="h0_is_ignored"))
    assert grade(course, ["eve"]) == 1
    assert said_by_a_person(course) == wanted and scores(course)["eve"] == 18.5


def said_by_a_person(course):
    with api.Gradebook(course.directory.db_url) as book:
        grade_ = book.find_grade("rnn_forward", NOTEBOOK, ASSIGNMENT, "eve")
        comment = book.find_comment("rnn_forward-code", NOTEBOOK, ASSIGNMENT, "eve")
        return grade_.manual_score, comment.manual_comment


def test_its_button_grades_as_this_course_does(page, course):
    page.goto(f"/formgrader/manage_submissions/{ASSIGNMENT}")
    row = page.locator("tr", has=page.get_by_text("lou", exact=True))
    expect(row).to_be_visible()
    table = page.locator("table")
    picture(page, "submissions", table, table)
    row.locator(".autograde a, .glyphicon-flash").first.click()
    end = time.monotonic() + 120
    while scores(course).get("lou") != 20 and time.monotonic() < end:
        time.sleep(0.5)
    assert scores(course)["lou"] == 20
    assert Path(course.folder("autograded", "lou", ASSIGNMENT) / f"{NOTEBOOK}.ipynb").exists()


def test_a_page_shows_what_another_process_has_written_since(page, course):
    with api.Gradebook(course.directory.db_url) as book:
        first = page.locator("input.score").first
        page.goto(f"/formgrader/submissions/{book.find_submission_notebook(NOTEBOOK, ASSIGNMENT, 'bob').id}/")
        expect(first).to_have_attribute("placeholder", "0")
        expect(first).to_have_value("")
        book.find_grade("softmax", NOTEBOOK, ASSIGNMENT, "bob").manual_score = 1.5
        book.db.commit()
    page.reload()
    expect(first).to_have_value("1.5")
