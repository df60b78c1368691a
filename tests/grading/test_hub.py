"""A class on a real JupyterHub, set up as the teaching guide says: a teacher and two students, each with an account,
a server and a browser of their own."""

import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.grading.classroom import ASSIGNMENT, NOTEBOOK, RIGHT, ROOT, new_course
from tests.ordinary_user import give
from unrolled.book.desk import build_wheel

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can start servers of several users"),
]
GUIDE = (ROOT / "chapters" / "teaching.md").read_text(encoding="utf8")
SETTINGS = dict(re.findall(r"```\{code-block\} python\n:caption: (\S+_config\.py), [^\n]*\n\n(.*?)```", GUIDE, re.DOTALL))
PEOPLE = ["teacher", "ada", "bob"]
ANSWERS = {"ada": RIGHT["softmax"], "bob": "def softmax(a):\n    return np.exp(a) / np.exp(a).sum()"}
SAYS = {"ada": "softmax is right", "bob": "softmax: Your softmax is made for a single row"}
MARKS = {"ada": "3 of 20 points", "bob": "0 of 20 points"}
BIN = Path(sys.executable).parent
PASSWORD = secrets.token_hex()
PATIENCE = 240_000       # ms; five servers and a browser may share two cores with other tests

# What a university has otherwise: accounts, the places of settings and packages, ports, the network.
OF_THE_TEST = """
c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_port = {hub}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = "{password}"
c.Authenticator.allowed_users = {people}
c.Spawner.environment = {{
    "JUPYTER_CONFIG_PATH": "{place}/etc/jupyter", "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1",
    "PYTHONPATH": lambda spawner: "" if spawner.user.name == "teacher" else "{place}/students",
}}
c.Spawner.args = ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"]
c.Spawner.http_timeout = 180
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Everybody's home, the course in the teacher's, the exchange, the wheel that students have, and the
    guide's settings."""
    place = tmp_path_factory.mktemp("hub")
    place.chmod(0o755)
    (place / "exchange").mkdir()
    (place / "exchange").chmod(0o777)
    for name in PEOPLE:
        (place / name).mkdir(mode=0o700)
    course = new_course(place / "teacher" / "course")
    shutil.copytree(ROOT / "solutions" / ASSIGNMENT, course.solutions / ASSIGNMENT)
    with zipfile.ZipFile(build_wheel(ROOT, place / "wheel")) as wheel:
        wheel.extractall(place / "students")
    for file, text in SETTINGS.items():
        path = place / file.replace("~", "teacher").removeprefix("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("/home", str(place)).replace("/srv", str(place)))
    for name in PEOPLE:
        give(place / name, name)
    return place


@pytest.fixture(scope="module")
def address(place):
    """Where the hub is. All of its processes end with it, since they have a process namespace of their own."""
    ports = dict(zip(["public", "hub", "proxy"], free_ports(3), strict=True))
    config, url = place / "jupyterhub_config.py", f"http://hub.localhost:{ports['public']}"
    given = config.read_text()
    assert "https://hub.example.edu" in given
    config.write_text(given.replace("https://hub.example.edu", url) + OF_THE_TEST.format(**ports, place=place, password=PASSWORD, people=set(PEOPLE)))
    namespace = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    command = [*namespace, sys.executable, "-m", "tests.ordinary_user", "root", place, BIN / "jupyterhub"]
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    log = place / "log"
    with open(log, "w") as output:
        hub = subprocess.Popen(command, cwd=place, env=environment, stdout=output, stderr=output)
    try:
        wait_until(lambda: hub.poll() is not None or answers_at(f"http://127.0.0.1:{ports['public']}/hub/health"))
        assert hub.poll() is None, log.read_text()
        yield url
    finally:
        hub.kill()
        hub.wait(30)
        print(log.read_text()[-20_000:])         # pytest shows it where something failed


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for free in sockets:
            free.bind(("127.0.0.1", 0))
        return [free.getsockname()[1] for free in sockets]


def answers_at(url):
    try:
        return urllib.request.urlopen(url).status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def wait_until(true):
    end = time.monotonic() + PATIENCE / 1000
    while not true():
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.3)


@pytest.fixture
def new_page(browser, address):
    """new_page() is a page in a browser of its own, for one more person."""
    expect.set_options(timeout=PATIENCE)
    with contextlib.ExitStack() as stack:

        def new_page():
            context = stack.enter_context(browser.new_context(base_url=address, viewport={"width": 1400, "height": 1000}))
            context.set_default_timeout(PATIENCE)
            return context.new_page()

        yield new_page


class Desk:
    """A person's JupyterLab on the hub."""

    def __init__(self, page, name):
        self.page = page
        self.page.goto("/hub/login")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        menu = self.page.get_by_role("menubar").get_by_text("Nbgrader", exact=True)
        expect(menu.or_(self.page.get_by_text("Spawn failed"))).to_be_visible()
        expect(menu).to_be_visible()

    def choose(self, menu, *items):
        self.page.get_by_role("menubar").get_by_text(menu, exact=True).click()
        for item in items:
            self.page.locator(".lm-Menu-itemLabel").get_by_text(item, exact=True).click()

    def policy(self):
        """Who may show a page of this person's server within a page."""
        server = self.page.url.partition("/lab")[0]
        policy = self.page.context.new_page().goto(f"{server}/api/status").header_value("content-security-policy")
        return policy.partition(";")[0]


class TeachersDesk(Desk):
    """With formgrader in a tab."""

    def __init__(self, *person):
        super().__init__(*person)
        self.choose("Nbgrader", "Formgrader")
        self.formgrader = self.page.frame_locator('iframe[src*="formgrader"]')
        self.row = self.formgrader.locator("tr", has_text=ASSIGNMENT)

    def press(self, button, says):
        self.row.locator(f".{button} a").click()
        expect(self.formgrader.get_by_text(says)).to_be_visible()
        self.formgrader.get_by_role("button", name="OK").click()

    def type(self, command):
        self.choose("File", "New", "Terminal")
        self.page.locator(".xterm").click()
        self.page.keyboard.type(f"{command}\n")

    def marks(self):
        """What formgrader says of each submission."""
        self.page.get_by_role("tab", name="Formgrader").click()
        for link in ["Manual Grading", ASSIGNMENT, NOTEBOOK]:
            self.formgrader.get_by_role("link", name=link, exact=True).click()
        marks = self.formgrader.locator("tbody td:nth-child(3)")
        expect(marks).to_have_count(len(ANSWERS))
        self.formgrader.get_by_role("link", name="Manage Assignments").first.click()
        return sorted(marks.all_inner_texts())


class StudentsDesk(Desk):
    """With the list of assignments in a tab."""

    def __init__(self, *person):
        super().__init__(*person)
        self.choose("Nbgrader", "Assignment List")

    def press(self, button):
        self.page.get_by_role("button", name=button, exact=True).click()

    def open_notebook(self):
        self.page.locator(".assignment-notebooks-link").click()
        self.page.locator("[id^=nbgrader-]").get_by_text(NOTEBOOK, exact=True).first.click()
        expect(self.page.get_by_text("| Idle")).to_be_visible()

    def answer(self, code):
        """What `check` says of an answer that is typed into the notebook."""
        self.run("from unrolled import check")
        self.run("def softmax", code)
        verdict = self.run("check(softmax)").locator(".jp-OutputArea")
        self.page.keyboard.press("Control+S")
        expect(self.page.locator(".jp-mod-dirty")).to_have_count(0)
        self.page.get_by_role("tab", name="Assignments").click()
        return verdict

    def run(self, has, code=None):
        cell = self.page.locator(".jp-CodeCell", has_text=has).first
        cell.locator(".cm-content").click()
        if code:
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Shift+Enter")
        expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"))
        return cell

    def feedback(self):
        """The page that has come back, as JupyterLab shows it."""
        self.page.get_by_text("(view feedback)").click()
        self.page.locator(".jp-DirListing-item", has_text=f"{NOTEBOOK}.html").dblclick()
        return self.page.frame_locator(".jp-HTMLViewer iframe")


def test_an_assignment_goes_out_and_comes_back_as_a_mark(new_page, place):
    teacher = TeachersDesk(new_page(), "teacher")
    teacher.press("release", "Successfully released")
    students = {name: StudentsDesk(new_page(), name) for name in ANSWERS}
    for name, student in students.items():
        student.press("Fetch")
        student.open_notebook()
        expect(student.answer(ANSWERS[name])).to_contain_text(SAYS[name])
        student.press("Submit")
        expect(student.page.get_by_role("button", name="Fetch Feedback")).to_be_visible()
    teacher.press("collect", "Successfully collected")
    teacher.type(f"cd course && {BIN}/unrolled grade {ASSIGNMENT} && {BIN}/unrolled feedback {ASSIGNMENT} && touch ~/graded")
    wait_until((place / "teacher" / "graded").exists)
    assert teacher.marks() == ["0 / 20", "3 / 20"]
    teacher.press("release-feedback", "Successfully released feedback")
    for name, student in students.items():
        student.press("Fetch Feedback")
        expect(student.feedback().get_by_text(MARKS[name])).to_be_visible()
    assert teacher.policy() == "frame-ancestors 'self'"
    assert {student.policy() for student in students.values()} == {"frame-ancestors 'none'"}
