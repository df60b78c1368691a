"""The commands, as an instructor and a student type them."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields

import pytest

from tests.grading.classroom import (
    ASSIGNMENT,
    MISTAKES,
    NAMES,
    NOTEBOOK,
    RELEASE,
    ROOT,
    answers,
    grade,
    hand_in,
    new_course,
    scores,
    unrolled,
)
from unrolled.grading.course.course import open_course
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.summary import summarise
from unrolled.grading.notebook.limits import Limits


def as_a_student(*arguments, without=("typer", "nbgrader", "sqlalchemy")):
    """Run the command where the instructor's libraries are not installed."""
    code = f"import sys; sys.modules.update(dict.fromkeys({without})); sys.argv[0] = 'unrolled'; from unrolled.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd="/")


@pytest.mark.parametrize("without", [("typer", "nbgrader", "sqlalchemy"), ("nbgrader", "sqlalchemy"), ("nbgrader", "")])
def test_a_student_is_told_what_to_install(without):
    done = as_a_student("grade", "02-rnn", without=without)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr == "The command `unrolled grade` needs the instructor's part of the package; in the course's folder: pip install -e '.[grading]'.\n"


def test_the_doctor_needs_nothing_of_the_instructors():
    done = as_a_student("doctor")
    assert done.returncode == 0, done.stdout
    assert "check works" in done.stdout and "All is well." in done.stdout
    done = as_a_student("doctor", "--grading")
    assert done.returncode == 1 and "MEND nbgrader cannot be imported" in done.stdout and "pip install --force-reinstall 'nbgrader==" in done.stdout


def test_the_doctor_names_what_to_install():
    done = as_a_student("doctor", without=("typer", "matplotlib"))
    assert done.returncode == 1 and done.stdout.endswith("1 to mend.\n")
    assert "MEND matplotlib cannot be imported" in done.stdout and "pip install --force-reinstall 'matplotlib>=" in done.stdout


def test_the_doctor_looks_at_the_sandbox_and_the_course(tmp_path):
    new_course(tmp_path)
    done = unrolled(tmp_path, "doctor", "--grading")
    assert "ok   the sandbox runs a cell" in done.stdout and f"ok   its assignments: {ASSIGNMENT}" in done.stdout
    done = unrolled("/", "doctor", "--grading")
    assert done.returncode == 1 and "MEND / has no nbgrader_config.py" in done.stdout


def loaded_by(root, *arguments):
    """The modules that a command has loaded when it ends."""
    code = f"import os, sys; sys.argv = ['unrolled', *{arguments}]; os._exit = lambda code: print(*sys.modules, file=sys.stderr); from unrolled.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root)
    return set(done.stderr.splitlines()[-1].split())


def test_the_command_answers_ctrl_c_before_it_loads_any_library():
    code = "import sys, unrolled.cli; print(*{name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names))"
    loaded = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT / "src")})
    assert set(loaded.stdout.split()) == {"__main__", "unrolled"}, loaded.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["marks", ASSIGNMENT], ["grade", ASSIGNMENT]])
def test_a_command_loads_nothing_of_jupyters_server(tmp_path, arguments):
    course = new_course(tmp_path, {"ada": RELEASE})
    grade(course)
    loaded = loaded_by(tmp_path, *arguments)
    assert ("nbgrader.api" in loaded) == (arguments != ["--help"])
    assert not loaded & {"jupyter_server", "nbclient", "nbconvert", "nbgrader.apps", "lark", "setuptools", "matplotlib"}


def test_a_command_that_computes_nothing_does_not_wait_for_what_computes(tmp_path):
    course = new_course(tmp_path)
    (course.solutions / ASSIGNMENT).mkdir(parents=True)
    (course.solutions / ASSIGNMENT / f"{NOTEBOOK}.py").write_text("# %%\n1 + 1\n")
    loaded = loaded_by(tmp_path, "due", ASSIGNMENT)
    assert "sqlalchemy" in loaded and not loaded & {"numpy", "jupytext", "rich.progress", "packaging.requirements"}


def test_a_process_that_grades_loads_nothing_of_nbgrader():
    code = "import sys, runpy; sys.argv = ['workers', '-1']; runpy.run_module('unrolled.grading.run.workers', run_name='__main__')"
    code = f"import sys\ntry:\n  exec({code!r})\nexcept ValueError:\n  print(*sys.modules)"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split())
    assert "unrolled.grading.notebook.task" in loaded and not loaded & {"nbgrader.api", "sqlalchemy", "lark", "jupyter_server"}


def test_help_names_every_command():
    said = unrolled("/", "--help").stdout
    for name in ("release", "grade", "feedback", "marks", "collect", "demo", "doctor", "roster", "due", "extend", "history"):
        assert re.search(rf"\b{name}\b", said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["grade", "02-rrn"], "exercises/ has no assignment '02-rrn'; it has 02-rnn."),
        (["grade", ""], "exercises/ has no assignment ''; it has 02-rnn."),
        (["grade", "../exercises/02-rnn"], "exercises/ has no assignment '../exercises/02-rnn'; it has 02-rnn."),
        (["grade", "02-rnn"], "submitted/ holds nothing of 02-rnn by anybody."),
        (["feedback", "none"], "exercises/ has no assignment 'none'; it has 02-rnn."),
        (["feedback", "02-rnn"], "nothing of 02-rnn is graded yet: run `unrolled grade 02-rnn`."),
        (["marks", "02-rnn"], "nothing of 02-rnn is graded yet: run `unrolled grade 02-rnn`."),
        (["collect", "02-rnn", "none.zip"], "there is no file none.zip."),
        (["release", "02-rnn"], "solutions/ has no assignment '02-rnn'; it has none."),
        (["demo", "none"], "exercises/ has no assignment 'none'; it has 02-rnn."),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path, arguments, said):
    new_course(tmp_path)
    done = unrolled(tmp_path, *arguments)
    assert done.returncode == 1
    assert done.stderr.strip() == said
    assert {path.name for path in tmp_path.iterdir()} <= {"nbgrader_config.py", "exercises", "gradebook.db", ".unrolled"}


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("c.CourseDirectory.db_ulr = 'x'", "CourseDirectory.db_ulr, which does not exist"),
        ("import no_such_module", "nbgrader_config.py cannot be used: ModuleNotFoundError"),
        ("c.Limits.seconds = 'long'", "sets Limits.seconds to 'long'"),
        ("1 +", "nbgrader_config.py cannot be used: SyntaxError"),
    ],
)
def test_a_wrong_config_is_one_sentence_and_nothing_is_graded(tmp_path, config, said):
    new_course(tmp_path, {"ada": RELEASE})
    (tmp_path / "gradebook.db").unlink()
    with open(tmp_path / "nbgrader_config.py", "a") as file:
        file.write(f"\n{config}\n")
    done = unrolled(tmp_path, "grade", ASSIGNMENT)
    assert done.returncode == 1 and said in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"nbgrader_config.py", "exercises", "submitted"}


@pytest.mark.parametrize("arguments", [["grade", "--json"], ["marks", "--to"], ["feedback", "--zip"]])
def test_a_folder_is_no_file_to_write(tmp_path, arguments):
    course = new_course(tmp_path, {"ada": RELEASE})
    command, option = arguments
    done = unrolled(tmp_path, command, ASSIGNMENT, option, ".")
    assert done.returncode == 2 and "is a directory" in done.stderr and "Traceback" not in done.stderr
    assert not scores(course)


def test_outside_of_a_course():
    done = unrolled("/", "grade", ASSIGNMENT)
    assert done.returncode == 1 and done.stderr.strip() == "/ has no nbgrader_config.py: run this in the folder of the course."


def test_without_bubblewrap_it_refuses_and_says_how_to_go_on(tmp_path, monkeypatch):
    course = new_course(tmp_path, {"ada": answers()})
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    done = unrolled(tmp_path, "grade", ASSIGNMENT)
    assert done.returncode == 1 and "bubblewrap (bwrap) is not installed" in done.stderr and "--unsafe-no-sandbox" in done.stderr
    assert not scores(course) and not (tmp_path / "autograded").exists()
    done = unrolled(tmp_path, "grade", ASSIGNMENT, "--unsafe-no-sandbox")
    assert done.returncode == 0 and "without a sandbox" in done.stderr, done.stderr
    assert scores(course) == {"ada": 20}


def test_the_whole_way_from_a_zip_to_marks(tmp_path):
    course = new_course(tmp_path)
    hand_in(tmp_path, "early", RELEASE)
    archive = shutil.make_archive(str(tmp_path / "moodle"), "zip", root_dir=_moodle_folder(tmp_path / "download"))
    done = unrolled(tmp_path, "collect", ASSIGNMENT, archive)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 notebook of 1 student in submitted/\n", "No notebook by Alan Turing (8).\n")
    assert unrolled(tmp_path, "grade", ASSIGNMENT, "--json", "summary.json").returncode == 0
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert [(row["student"], row["name"], row["score"]) for row in summary["students"]] == [("7", "Ada Ōe", 20), ("8", "Alan Turing", 0), ("early", "", 0)]
    assert summary["students"][1]["look"] == ["ungraded: There is no rnn.ipynb among the files (essay.txt)."]
    done = unrolled(tmp_path, "marks", ASSIGNMENT, "--format", "moodle", "--to", "marks.csv")
    assert done.returncode == 1 and not (tmp_path / "marks.csv").exists()
    assert done.stderr == "Not all marks of 02-rnn are final. Could not be graded: 8. Nothing was written; with --anyway it is.\n"
    done = unrolled(tmp_path, "marks", ASSIGNMENT, "--format", "moodle", "--to", "marks.csv", "--anyway")
    assert done.returncode == 0 and done.stderr == "Not all marks of 02-rnn are final. Could not be graded: 8.\n"
    assert "Participant 7,Ada Ōe,,,20,20,Yes,-," in (tmp_path / "marks.csv").read_text()
    done = unrolled(tmp_path, "feedback", ASSIGNMENT, "--zip", "pages.zip")
    assert done.stdout == "3 pages in feedback/\n2 pages in pages.zip\n" and "`unrolled collect`: early." in done.stderr
    assert "<p class=\"quiet\">Ada Ōe (7)</p>" in (course.folder("feedback", "7", ASSIGNMENT) / f"{NOTEBOOK}.html").read_text()
    assert scores(course) == {"7": 20, "8": 0, "early": 0}


def _moodle_folder(folder):
    for name, file, content in [("Ada Ōe_7", f"{NOTEBOOK}.ipynb", answers()), ("Alan Turing_8", "essay.txt", b"...")]:
        path = folder / f"{name}_assignsubmission_file_" / file
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    return folder


def test_a_terminal_that_has_only_ascii_gets_all_of_it(tmp_path, monkeypatch):
    hand_ins = {"Zoë 王": answers(), "名前": answers(softmax="your_softmax_overflows"), "ada": RELEASE, "bob": b"no notebook"}
    course = new_course(tmp_path, hand_ins)
    for name, value in {"PYTHONIOENCODING": "ascii", "LANG": "C", "LC_ALL": "C"}.items():
        monkeypatch.setenv(name, value)
    done = unrolled(tmp_path, "grade", ASSIGNMENT)
    assert done.returncode == 0 and "Zo\\xeb \\u738b" in done.stdout and "####" in done.stdout, done.stderr
    assert scores(course)["Zoë 王"] == 20 and scores(course)["ada"] == 0
    done = unrolled(tmp_path, "grade", ASSIGNMENT, "--student", "名前", "--again")
    assert done.returncode == 0 and "17 of 20 points" in done.stdout and "Mean" not in done.stdout, done.stderr
    for arguments in (["--help"], ["feedback", ASSIGNMENT], ["grade", "Ōe"], ["grade", ASSIGNMENT, "--student", "Ōe"]):
        assert "Traceback" not in unrolled(tmp_path, *arguments).stderr
    done = unrolled(tmp_path, "grade", ASSIGNMENT, "--student", "Zo")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    done = unrolled(tmp_path, "marks", ASSIGNMENT, "--anyway", encoding="utf-8")
    assert done.returncode == 0 and "名前" in done.stdout and "Zoë 王" in done.stdout     # a file's bytes are the same everywhere


def test_release_writes_what_is_committed(tmp_path):
    course = new_course(tmp_path)
    shutil.copytree(ROOT / "solutions" / ASSIGNMENT, tmp_path / "solutions" / ASSIGNMENT)
    shutil.rmtree(course.releases)
    done = unrolled(tmp_path, "release")
    assert done.returncode == 0 and done.stdout == f"exercises/{ASSIGNMENT}\n", done.stderr
    assert [path.name for path in (course.releases / ASSIGNMENT).iterdir()] == [f"{NOTEBOOK}.ipynb"]
    assert (course.releases / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_bytes() == (ROOT / "exercises" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_bytes()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The made-up class, graded: (its course, what the command printed)."""
    root = tmp_path_factory.mktemp("demo")
    new_course(root)
    done = unrolled(root, "demo")
    assert done.returncode == 0, done.stderr
    return open_course(root / "_build" / "demo"), done.stdout


@pytest.mark.xdist_group("demo")
def test_in_the_demo_each_mistake_loses_exactly_its_function(demo):
    course, printed = demo
    with open_record(course, ASSIGNMENT) as record:
        points = summarise(record).points
    expected = {"right": 20, "blank": 0, "no-notebook": 0, "cheat": 20 - points[NAMES[0]], "endless": 20 - points[NAMES[0]]}
    expected |= {f"wrong-{name}": 20 - points[of] for name, (of, _) in MISTAKES.items()}
    assert scores(course) == expected
    for student in expected:
        assert student in printed
    assert "no-notebook" in printed.partition("A person should look at these")[2]


@pytest.mark.xdist_group("demo")
def test_in_the_demo_each_mistakes_page_carries_its_sentence(demo):
    course, _ = demo
    with open_record(course, ASSIGNMENT) as record:
        found = {student: entry.found.mistakes for (student, _), entry in record.entries().items()}
    for name, (of, mistake) in MISTAKES.items():
        assert found[f"wrong-{name}"] == {of: mistake.sentence}
        page = (course.folder("feedback", f"wrong-{name}", ASSIGNMENT) / f"{NOTEBOOK}.html").read_text()
        assert _plain(mistake.sentence)[1:] in _plain(page)


def _plain(text):
    text = re.sub(r"</?code>|`", "", text)
    return text.replace("&gt;", ">").replace("&lt;", "<").replace("&#39;", "'").replace("&amp;", "&")


def test_every_setting_of_the_limits_is_documented_with_its_default():
    config = (ROOT / "nbgrader_config.py").read_text()
    found = {name: float(value.replace("_", "")) for name, value in re.findall(r"# c\.Limits\.(\w+) = ([\d_.]+)", config)}
    assert found == {field.name: field.default for field in fields(Limits)}
