"""A place where grading cannot work is said to be one before anything is started."""

import resource
import subprocess
import sys
from pathlib import Path

from tests.grading.classroom import ASSIGNMENT, RELEASE, new_course, scores, unrolled
from unrolled.grading.run.machine import OPEN_FILES


def unrolled_with(root, soft, hard):
    command = [str(Path(sys.executable).with_name("unrolled")), "grade", ASSIGNMENT, "--jobs", "1"]
    limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))      # noqa: E731
    return subprocess.run(command, cwd=root, preexec_fn=limit, capture_output=True, text=True, timeout=300)


def test_few_open_files_are_refused_unless_more_may_be_asked_for(tmp_path):
    course = new_course(tmp_path, {"ada": RELEASE})
    done = unrolled_with(tmp_path, 64, 64)
    assert done.returncode == 1 and done.stderr.startswith("only 64 files may be open at a time, and grading needs 256: ")
    assert not scores(course) and not (tmp_path / "autograded").exists()
    done = unrolled_with(tmp_path, 64, OPEN_FILES)
    assert done.returncode == 0 and scores(course) == {"ada": 0}, done.stderr


def test_the_folder_for_temporary_files_may_have_any_name(tmp_path, monkeypatch):
    course, folder = new_course(tmp_path / "course", {"ada": RELEASE}), tmp_path / ("t" * 200) / "名前"
    folder.mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(folder))
    done = unrolled(course.root, "grade", ASSIGNMENT, "--jobs", "1")
    assert done.returncode == 0 and scores(course) == {"ada": 0}, done.stderr
