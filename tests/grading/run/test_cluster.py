"""A real scheduler and three workers, each a process of its own on the loopback."""

import json
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest
from distributed import Client

from tests.grading.classroom import ASSIGNMENT, answers, findings, grade, new_course, small_class, snapshot, unrolled
from unrolled.digest import files_of
from unrolled.grading.course.course import CourseError
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.run.cluster import _result_of, cluster_results
from unrolled.grading.run.driver import Run, only_one

pytestmark = pytest.mark.xdist_group("cluster")


def start(*arguments):
    command = [str(Path(sys.executable).with_name("dask")), *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """(the scheduler's address, three workers): `dask scheduler` and `dask worker` as an instructor starts them."""
    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    workers = []
    try:
        while not file.exists():
            assert scheduler.poll() is None
            time.sleep(0.1)
        common = ["--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        workers += [start("worker", *common, "--local-directory", str(folder / str(i))) for i in range(3)]
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(3, timeout=120)
            yield client.scheduler.address, workers
    finally:
        for process in [*workers, scheduler]:
            process.kill()
            process.wait()


def two_courses(tmp_path, class_):
    courses = [new_course(tmp_path / where, class_) for where in ("here", "there")]
    for course in courses:
        course.private.mkdir()
        (course.private / "secret").write_bytes(b"the same for both")
    return courses


def test_a_result_that_is_lost_with_its_worker_is_made_again(cluster):
    """Between a result's being announced and its being fetched, the worker that holds it may go."""
    address, workers = cluster

    def slowly(value):      # to be made anew takes so long that it is seen
        time.sleep(1)
        return pickle.dumps(value)

    with Client(address, set_as_default=False) as client:
        holder = next(address for address, pid in client.run(os.getpid).items() if pid == workers[1].pid)
        future = client.submit(slowly, "the result", pure=False, workers=[holder], allow_other_workers=True)
        future.exception()
        workers[1].kill()
        while future.status == "finished":
            time.sleep(0.01)
        assert _result_of(future, {future.key: None}) == "the result"


def test_a_cluster_grades_as_one_machine_does_also_when_a_worker_is_lost(tmp_path, cluster):
    address, workers = cluster
    class_ = small_class() | {f"more{i}": answers() for i in range(12)}
    here, there = two_courses(tmp_path, class_)
    assert grade(here) == 18
    killed = []

    def results(tasks):
        for place, result in enumerate(cluster_results(tasks, address)):
            if place == 3:
                workers[0].kill()
                killed.append(workers[0].wait())
            yield result

    with only_one(there), open_record(there, ASSIGNMENT) as record:
        run = Run(there, record, ASSIGNMENT)
        run.grade(run.plan().todo, results)
    assert killed
    assert snapshot(there) == snapshot(here)
    assert findings(there) == findings(here)


def test_the_command_grades_on_a_cluster(tmp_path, cluster):
    course = new_course(tmp_path, {"ada": answers()})
    done = unrolled(course.root, "grade", ASSIGNMENT, "--scheduler", cluster[0])
    assert done.returncode == 0 and "Graded 1 in" in done.stdout, done.stderr


def test_workers_whose_code_differs_are_refused(cluster, monkeypatch):
    """This machine's package has one file more, and the same version."""
    there = files_of()
    monkeypatch.setattr("unrolled.grading.run.cluster.files_of", lambda: [*there, (Path("more.py"), b"")])
    with pytest.raises(CourseError, match="hold other code of the package `unrolled` than this machine: tcp://"):
        next(cluster_results(iter(()), cluster[0]))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", "no address"])
def test_no_scheduler_is_one_sentence(tmp_path, address, monkeypatch):
    monkeypatch.setattr("unrolled.grading.run.cluster.CONNECT_SECONDS", 1)
    with pytest.raises(CourseError, match="there is no Dask scheduler at"):
        next(cluster_results(iter(()), address))


def test_an_address_that_makes_no_sense_starts_no_client(monkeypatch):
    monkeypatch.setattr("distributed.Client", lambda *_, **__: pytest.fail("a client was made"))
    with pytest.raises(CourseError, match="unknown address scheme"):
        next(cluster_results(iter(()), "http://x:1"))


def test_a_scheduler_without_workers_is_one_sentence(tmp_path):
    file = tmp_path / "scheduler.json"
    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    try:
        while not file.exists():
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        with pytest.raises(CourseError, match="has no workers: start some with `dask worker"):
            next(cluster_results(iter(()), address))
    finally:
        scheduler.kill()
        scheduler.wait()
