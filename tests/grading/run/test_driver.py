"""A class graded by several processes: what is handed in, what is left to do, and what a kill may not break."""

import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from nbgrader import api

from tests.grading.classroom import (
    ASSIGNMENT,
    NOTEBOOK,
    RELEASE,
    answers,
    bound_by_modes,
    findings,
    grade,
    hand_in,
    new_course,
    result,
    scores,
    small_class,
    snapshot,
    start_unrolled,
    unrolled,
)
from tests.grading.notebooks import release
from unrolled.grading.course.course import CourseError, open_course
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.notebook.task import Task
from unrolled.grading.run.driver import Run, only_one, state_of
from unrolled.grading.run.workers import local_results
from unrolled.mistakes import known_mistakes
from unrolled.reference import softmax
from unrolled.reference.gru import gru_step_forward

pytestmark = pytest.mark.xdist_group("driver")

def test_a_changed_assignment_has_another_state():
    assert state_of(ASSIGNMENT, RELEASE) == state_of(ASSIGNMENT, RELEASE)
    assert len({state_of(ASSIGNMENT, RELEASE), state_of(ASSIGNMENT, RELEASE + b" "), state_of("05-lstm", RELEASE)}) == 3
    assert state_of("02-rnn-2027", RELEASE) == state_of(ASSIGNMENT, RELEASE)


@pytest.mark.parametrize(
    "place",
    ["unrolled.reference.rnn.rnn_step_forward", "unrolled.exercises.exercise.draw_array", "unrolled.exercises.ruler.is_numeric"],
)
def test_a_state_changes_with_what_the_reference_the_drawing_and_the_comparison_call(monkeypatch, place):
    before = state_of(ASSIGNMENT, RELEASE)
    monkeypatch.setattr(place, gru_step_forward)
    assert state_of(ASSIGNMENT, RELEASE) != before


@pytest.mark.parametrize("change", [{"sentence": "said otherwise"}, {"function": gru_step_forward}])
def test_a_state_changes_with_a_mistake(monkeypatch, change):
    before = state_of(ASSIGNMENT, RELEASE)
    known = known_mistakes(softmax)
    monkeypatch.setattr("unrolled.exercises.exercise.known_mistakes", lambda of: (replace(known[0], **change), *known[1:]) if of is softmax else known_mistakes(of))
    assert state_of(ASSIGNMENT, RELEASE) != before


def test_a_state_changes_with_what_a_scored_task_is_measured_by(monkeypatch):
    asked = release(["train_language_model"])
    before = state_of("term", asked)
    monkeypatch.setattr("unrolled.exercises.language_model.cross_entropy", gru_step_forward)
    assert state_of("term", asked) != before


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The course of a small class, graded without disturbance."""
    root = tmp_path_factory.mktemp("graded")
    course = new_course(root, small_class())
    assert grade(course) == 6
    return course


def plan(course, *arguments, **more):
    with open_record(course, ASSIGNMENT) as record:
        return Run(course, record, ASSIGNMENT).plan(*arguments, **more)


def test_right_has_all_points_blank_none_and_a_mistake_loses_its_own(graded):
    found = scores(graded)
    assert found.pop("ada") == 20 and found.pop("bob") == 0
    assert all(16 <= score < 20 for score in found.values())


def test_what_is_graded_is_left_alone(graded):
    found = plan(graded)
    assert not found.todo and len(found.done) == 6 and not found.stale
    assert len(plan(graded, again=True).todo) == 6
    assert plan(graded, ["ada"], again=True).todo == [("ada", NOTEBOOK)]


def test_nothing_to_grade_is_said(tmp_path):
    course = new_course(tmp_path)
    with pytest.raises(CourseError, match="holds nothing of 02-rnn by anybody"):
        plan(course)
    hand_in(tmp_path, "ada", RELEASE)
    with pytest.raises(CourseError, match="by eve"):
        plan(course, ["ada", "eve"])


def copy_of(graded, tmp_path):
    """A second course with the same class and the same secret, nothing graded."""
    course = new_course(tmp_path / "copy", small_class())
    course.private.mkdir()
    (course.private / "secret").write_bytes(graded.secret)
    return course


def test_a_resubmission_is_graded_alone_and_a_changed_assignment_is_said(graded, tmp_path):
    course = copy_of(graded, tmp_path)
    assert grade(course) == 6 and grade(course) == 0
    before = snapshot(course)
    assert before == snapshot(graded)
    hand_in(course.root, "bob", answers())
    assert grade(course) == 1
    after = snapshot(course)
    assert after["said"].pop("bob") != before["said"].pop("bob") and after == before
    release = course.releases / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    release.write_bytes(release.read_bytes().replace(b"How to work", b"How you work"))
    done = unrolled(course.root, "grade", ASSIGNMENT)
    assert "Graded 0 in" in done.stdout and "has changed since these were graded: ada, bob" in done.stdout and "--again" in done.stdout
    assert grade(course, again=True) == 6
    assert not plan(course).stale


def test_all_that_lies_in_submitted_is_graded_or_named_with_its_reason(tmp_path):
    course = new_course(tmp_path, {"ada": answers()})
    (tmp_path / "exercises" / "05-lstm").mkdir()
    place = tmp_path / "submitted"
    for student in ("loop", "nowhere", "file", "fifo", "case", "other", "empty", "misplaced"):
        (place / student).mkdir()
    (place / "loop" / ASSIGNMENT).symlink_to(ASSIGNMENT)
    (place / "nowhere" / ASSIGNMENT).symlink_to("/nowhere")
    (place / "file" / ASSIGNMENT).write_bytes(answers())
    os.mkfifo(place / "fifo" / ASSIGNMENT)
    hand_in(tmp_path, "case", answers()).parent.rename(place / "case" / "02-RNN")
    (place / "other" / "05-LSTM").mkdir()
    (place / "misplaced" / "rnn.ipynb").write_bytes(answers())
    (place / "list.csv").write_text("ada")
    (place / ".DS_Store").write_text("")
    (place / "link").symlink_to("link")
    done = unrolled(tmp_path, "grade", ASSIGNMENT, "--json", "summary.json")
    assert done.returncode == 0, done.stderr
    assert scores(course) == {"ada": 20, "case": 20} | dict.fromkeys(["file", "fifo", "link", "loop", "nowhere"], 0)
    found = {student: said["ungraded"] or said["remarks"] for student, said in findings(course).items()}
    assert found == {
        "ada": [],
        "case": ["the folder 02-RNN was taken for 02-rnn"],
        "file": "The submission's folder cannot be read (Not a directory).",
        "fifo": "The submission's folder cannot be read (Not a directory).",
        "link": "The submission's folder is a link.",
        "loop": "The submission's folder is a link.",
        "nowhere": "The submission's folder is a link.",
    }
    refused = json.loads((tmp_path / "summary.json").read_text())["refused"]
    assert refused == {
        "submitted/empty": "it is empty",
        "submitted/list.csv": "it is no folder",
        "submitted/misplaced": "it holds rnn.ipynb, which is no assignment's folder",
    }
    for path in refused:
        assert path in done.stdout.partition("A person should look at these")[2]


def test_what_cannot_be_read_today_keeps_its_mark(tmp_path):
    course = new_course(tmp_path, {"ada": answers(), "eve": answers(), "new": RELEASE})
    assert grade(course, ["ada", "eve"]) == 2
    before = snapshot(course)
    unreadable = course.folder("submitted", "ada", ASSIGNMENT), course.folder("submitted", "eve", ASSIGNMENT) / "rnn.ipynb"
    for path in unreadable:
        path.chmod(0)
    program = """if True:
        from unrolled.grading.course.course import open_course
        from unrolled.grading.course.gradebook import open_record
        from unrolled.grading.run.driver import Run
        course = open_course()
        with open_record(course, "02-rnn") as record:
            for again in (False, True):
                plan = Run(course, record, "02-rnn").plan(again=again)
                print([student for student, _ in plan.todo], plan.refused)
    """
    done = subprocess.run(bound_by_modes([sys.executable, "-c", program]), cwd=tmp_path, capture_output=True, text=True)
    for path in unreadable:
        path.chmod(0o700)       # whoever runs this without root could not clear it up
    why = {
        "submitted/ada": "The submission's folder cannot be read (Permission denied). What was graded before stays.",
        "submitted/eve": "rnn.ipynb cannot be read (Permission denied). What was graded before stays.",
    }
    assert done.stdout == f"['new'] {why}\n" * 2, done.stderr
    assert snapshot(course) == before


@pytest.mark.parametrize("content", [b"", b"x" * 15])
def test_a_damaged_secret_is_refused_before_anybody_is_graded(tmp_path, content):
    course = new_course(tmp_path, {"ada": answers()})
    course.private.mkdir()
    (course.private / "secret").write_bytes(content)
    done = unrolled(tmp_path, "grade", ASSIGNMENT)
    assert done.returncode == 1 and f"secret is damaged: it has {len(content)} bytes. Put back a copy of it" in done.stderr
    assert not scores(course) and not (tmp_path / "autograded").exists()


def test_where_nothing_can_be_graded_what_lies_there_is_said(tmp_path):
    new_course(tmp_path)
    (tmp_path / "submitted").mkdir()
    (tmp_path / "submitted" / "ada").write_bytes(answers())
    done = unrolled(tmp_path, "grade", ASSIGNMENT)
    assert done.returncode == 1 and done.stderr == "submitted/ holds nothing of 02-rnn by anybody. submitted/ada is not graded: it is no folder.\n"
def test_again_names_those_whose_files_are_gone(graded, tmp_path):
    course = copy_of(graded, tmp_path)
    grade(course)
    shutil.rmtree(course.root / "submitted" / "bob")
    assert plan(course, again=True).gone == ["bob"] and not plan(course).gone and not plan(course, ["ada"], again=True).gone
    done = unrolled(course.root, "grade", ASSIGNMENT, "--again")
    assert "nothing of theirs is left in submitted/; their marks stay: bob.\n" in done.stdout
    assert snapshot(course) == snapshot(graded)


def test_a_folder_whose_name_is_no_text_stops_nobody(tmp_path):
    course = new_course(tmp_path, {"ada": answers(), "x" * 129: answers()})
    broken = Path(os.fsdecode(os.fsencode(tmp_path / "submitted") + b"/bob\xff")) / ASSIGNMENT
    broken.mkdir(parents=True)
    (broken / "rnn.ipynb").write_bytes(answers())
    hand_in(tmp_path, "eve", b"", name=os.fsdecode(b"a\xff.ipynb"))
    hand_in(tmp_path, "eve", b"", name="b.ipynb")
    found = plan(course)
    assert [student for student, _ in found.todo] == ["ada", "eve"] and len(found.refused) == 2
    done = unrolled(tmp_path, "grade", ASSIGNMENT)
    assert done.returncode == 0 and done.stdout.count("name is too long or no text") == 2 and "bob\\udcff" in done.stdout, done.stderr
    assert scores(course) == {"ada": 20, "eve": 0}


def test_a_second_driver_is_refused(tmp_path):
    course = new_course(tmp_path, {"ada": RELEASE})
    with only_one(course), pytest.raises(CourseError, match="another `unrolled grade`"), only_one(course):
        pass
    with only_one(course):
        done = unrolled(tmp_path, "grade", ASSIGNMENT)
    assert done.returncode == 1 and "another `unrolled grade`" in done.stderr
    assert not (tmp_path / "autograded").exists()


class _Killer(Task):
    """A task that ends the process that receives it."""

    def __reduce__(self):
        return os._exit, (1,)


def test_a_task_that_kills_its_process_takes_nobody_along():
    tasks = [kind(ASSIGNMENT, f"s{i}", NOTEBOOK, RELEASE, b"no notebook", b"secret") for i, kind in enumerate([Task, _Killer, Task, Task])]
    results = {result.student: result.ungraded for result in local_results(tasks, jobs=2)}
    assert results.keys() == {"s0", "s1", "s2", "s3"}
    assert "ended 3 times" in results.pop("s1")
    assert all("ended" not in reason for reason in results.values())


WHERE = """
def softmax(a):
    import os, time
    time.sleep(0.3)
    raise ValueError(f"cores {sorted(os.sched_getaffinity(0))}")
"""


def test_each_of_several_processes_grades_on_a_core_of_its_own():
    tasks = [Task(ASSIGNMENT, f"s{number}", NOTEBOOK, RELEASE, answers(softmax=WHERE), b"secret") for number in range(8)]
    here = sorted(os.sched_getaffinity(0))
    found = {re.search(r"cores \[([\d, ]+)\]", result.messages["softmax"])[1] for result in local_results(tasks, jobs=2)}
    assert found == {str(core) for core in here[:2]}
    assert sorted(os.sched_getaffinity(0)) == here


def test_a_notebook_that_keeps_the_grader_itself_busy_is_given_up():
    busy = """
        import time, types
        from unrolled.grading.run import workers
        workers.MORE = 1
        workers._grader = types.SimpleNamespace(grade=lambda task: time.sleep(60))
        workers._grade(types.SimpleNamespace(limits=types.SimpleNamespace(seconds=0.01)))
    """
    assert subprocess.run([sys.executable, "-c", textwrap.dedent(busy)], timeout=30).returncode == -signal.SIGALRM


def test_where_no_process_starts_nobody_is_marked(tmp_path):
    new_course(tmp_path, {"ada": answers(), "bob": RELEASE})
    broken = tmp_path / "python"        # what every worker is started with
    broken.write_text("#!/bin/sh\necho 'no library libpython' >&2\nexit 1\n")
    broken.chmod(0o755)
    program = f"import sys; sys.argv = ['unrolled', 'grade', '02-rnn']; sys.executable = {str(broken)!r}; from unrolled.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    said = "the processes that grade do not start on this machine (no library libpython); nothing was written for those left."
    assert done.returncode == 1 and done.stderr.splitlines()[-1] == said
    course = open_course(tmp_path)
    assert not scores(course) and len(plan(course).todo) == 2


def descendants(process):
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def kill_something(process, what, chance):
    """Kill -9 the driver itself, one of its workers, or something that a worker started, such as a kernel."""
    if what == "driver":
        process.kill()
        return
    workers = [child for child in descendants(process) if "unrolled.grading.run.workers" in _words(child)]
    below = [child for child in descendants(process) if child not in workers]
    for victim in chance.sample(workers if what == "worker" else below, k=1) if (workers if what == "worker" else below) else []:
        try:
            victim.kill()
        except psutil.NoSuchProcess:
            pass


def _words(process):
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def disturb(course, what, chance, longest):
    """Grade, and at a random moment kill; then grade again, undisturbed."""
    process = start_unrolled(course.root, "grade", ASSIGNMENT, "--jobs", "2")
    time.sleep(chance.uniform(0.1, 1) * longest)
    kill_something(process, what, chance)
    process.communicate(timeout=600)
    gone = time.monotonic() + 30
    while any(str(course.root) in " ".join(_words(p)) for p in psutil.process_iter()) and time.monotonic() < gone:
        time.sleep(0.1)
    done = unrolled(course.root, "grade", ASSIGNMENT, "--jobs", "2")
    assert done.returncode == 0, done.stderr


def assert_undisturbed(course, graded):
    assert snapshot(course) == snapshot(graded)
    assert findings(course) == findings(graded)
    parts = list(Path(course.root).rglob("*.part"))
    for student in scores(graded):
        ours, theirs = (c.folder("autograded", student, ASSIGNMENT) / f"{NOTEBOOK}.ipynb" for c in (course, graded))
        assert ours.read_bytes() == theirs.read_bytes()
    assert len(parts) <= 1      # a killed writer may leave its unfinished part, under another name


def time_of_a_run(graded, tmp_path):
    course = copy_of(graded, tmp_path)
    start = time.perf_counter()
    assert unrolled(course.root, "grade", ASSIGNMENT, "--jobs", "2").returncode == 0
    return time.perf_counter() - start


@pytest.mark.parametrize("what", ["driver", "worker", "kernel"])
def test_killed_at_any_moment_the_same_command_goes_on(graded, tmp_path, what):
    chance = random.Random(what)
    course = copy_of(graded, tmp_path)
    disturb(course, what, chance, longest=4)
    assert_undisturbed(course, graded)


@pytest.mark.soak
@pytest.mark.parametrize(("moment", "what"), list(zip(range(20), itertools.cycle(["driver", "worker", "kernel"]))))
def test_killed_at_twenty_moments(graded, tmp_path, moment, what):
    longest = time_of_a_run(graded, tmp_path / "timed")
    course = copy_of(graded, tmp_path)
    disturb(course, what, random.Random(moment), longest)
    assert_undisturbed(course, graded)


def bubblewrap_that_dies(folder, times):
    """A folder to be looked into first for programs: its bwrap is killed as it starts,
    so many times, and then does its work."""
    folder.mkdir()
    program = folder / "bwrap"
    program.write_text(f"""#!/bin/sh
        for n in $(seq {times}); do mkdir {folder}/$n 2>/dev/null && kill -9 $$; done
        exec {shutil.which("bwrap")} "$@"
    """)
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_sandboxes_that_are_killed_are_started_anew(graded, tmp_path, monkeypatch):
    course = copy_of(graded, tmp_path)
    monkeypatch.setenv("PATH", bubblewrap_that_dies(tmp_path / "tools", times=4))
    done = unrolled(course.root, "grade", ASSIGNMENT, "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "tools").iterdir())) == 5
    assert_undisturbed(course, graded)


def test_where_every_sandbox_is_killed_nobody_is_marked(tmp_path, monkeypatch):
    course = new_course(tmp_path, {"ada": answers(), "bob": RELEASE})
    monkeypatch.setenv("PATH", bubblewrap_that_dies(tmp_path / "tools", times=1000))
    done = unrolled(tmp_path, "grade", ASSIGNMENT, "--jobs", "2")
    assert done.returncode == 1 and done.stderr.splitlines()[-1].startswith("the sandbox") and "Traceback" not in done.stderr
    assert not scores(course) and len(plan(course).todo) == 2


def test_workers_end_with_their_driver(tmp_path):
    course = new_course(tmp_path, {f"s{i}": answers() for i in range(8)})
    process = start_unrolled(course.root, "grade", ASSIGNMENT, "--jobs", "2")
    workers, end = [], time.monotonic() + 60
    while len(workers) < 3 and time.monotonic() < end:
        workers = descendants(process)
        time.sleep(0.05)
    assert workers
    process.send_signal(signal.SIGKILL)
    process.communicate()
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert not alive


def test_what_is_not_final_is_said_by_kind(tmp_path):
    course = new_course(tmp_path, dict.fromkeys(("ada", "bob", "cy", "new"), RELEASE))
    with open_record(course, ASSIGNMENT) as record:
        run = Run(course, record, ASSIGNMENT)

        def write(name, against=None, **made):
            digest = run._read(name, NOTEBOOK).digest
            record.write(result(name, **made), digest, against or run.states[NOTEBOOK])
            run._write_notebook(result(name, **made))

        for name in ("ada", "bob", "cy"):
            write(name)
        assert run.not_final() == "handed in, but not graded as it is now: new"
        write("new")
        assert run.not_final() == ""
        write("bob", ungraded="This is no notebook.")
        write("cy", against="another state")
        hand_in(tmp_path, "new", RELEASE + b" ")
        assert run.not_final() == (
            "could not be graded: bob; handed in, but not graded as it is now: new; graded before the assignment changed: cy"
        )
        with api.Gradebook(course.directory.db_url) as book:
            for grade in book.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "bob").grades:
                grade.manual_score = 1
            book.find_grade("softmax", NOTEBOOK, ASSIGNMENT, "ada").needs_manual_grade = True
            book.db.commit()
        assert run.not_final().startswith("waiting for a person's mark: ada; handed in")
