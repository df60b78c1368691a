"""`make experiments`: what is measured once is kept, goes on where it stopped, and is made anew when
its source changes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COUNTS = '''
"""A run leaves a mark, so that it is seen how often it was made."""
import time
from pathlib import Path
from experiments import shared
SETTINGS = [{"seed": seed} for seed in range(3)]

def measure(seed):
    with open(Path(__file__).with_name("marks"), "a") as marks:
        marks.write(f"{seed}\\n")
    time.sleep(PAUSE)
    return {"twice": shared.FACTOR * seed}
'''


@pytest.fixture
def bench(tmp_path):
    """The real command beside an experiment of three runs."""
    folder = tmp_path / "experiments"
    (folder / "results").mkdir(parents=True)
    for name in ("__init__", "__main__", "rates", "runner"):
        shutil.copy(ROOT / "experiments" / f"{name}.py", folder)
    (folder / "shared.py").write_text("FACTOR = 2\n")
    (folder / "counts.py").write_text(COUNTS.replace("PAUSE", "0"))
    return tmp_path


def run(bench, *arguments):
    return subprocess.run([sys.executable, "-m", "experiments", "--jobs", "1", *arguments], cwd=bench, capture_output=True, text=True)


def marks(bench):
    return (bench / "experiments" / "marks").read_text().split()


def results(bench):
    return json.loads((bench / "experiments" / "results" / "counts.json").read_text())["runs"]


def test_every_setting_is_measured_once_and_kept(bench):
    for _ in range(2):
        assert run(bench).returncode == 0
    assert marks(bench) == ["0", "1", "2"]
    assert [run["result"]["twice"] for run in results(bench)] == [0, 2, 4]


@pytest.mark.parametrize("changed", ["counts", "shared"])
def test_changed_code_makes_its_results_anew(bench, changed):
    run(bench)
    with open(bench / "experiments" / f"{changed}.py", "a") as source:
        source.write("another = 'line'\n")
    run(bench)
    assert len(marks(bench)) == 6


def test_other_words_and_more_settings_leave_what_was_measured(bench):
    run(bench)
    source = bench / "experiments" / "counts.py"
    changed = source.read_text().replace("seen how often", "counted how many times").replace("range(3)", "range(\n    4)")
    source.write_text(changed.replace("time.sleep(0)", "time.sleep(0)       # no pause"))
    run(bench)
    assert marks(bench) == ["0", "1", "2", "3"]
    assert [run["result"]["twice"] for run in results(bench)] == [0, 2, 4, 6]


def test_who_is_best_at_the_highest_rate_gets_higher_ones_until_they_are_worse(bench):
    source = bench / "experiments" / "counts.py"
    source.write_text(
        '"The best rate of a is 1, that of b 7."\nSETTINGS = [{"cell": cell, "rate": rate, "seed": 0} for cell in "ab" for rate in (1, 2)]\n'
        'BEST = {"a": 1, "b": 7}\n'
        'def measure(cell, rate, seed):\n    return {"validation": abs(rate - BEST[cell])}\n'
    )
    assert run(bench).returncode == 0
    assert [tuple(run["setting"].values())[:2] for run in results(bench)] == [
        ("a", 1), ("a", 2), ("b", 1), ("b", 2), ("a", 0.5), ("b", 4), ("b", 8), ("b", 16)
    ]


def test_a_stopped_command_goes_on_where_it_was(bench):
    unhurried = "60 * (seed > 0 and not Path(__file__).with_name('hurry').exists())"
    (bench / "experiments" / "counts.py").write_text(COUNTS.replace("PAUSE", unhurried))
    stopped = subprocess.Popen(
        [sys.executable, "-m", "experiments", "--jobs", "1"], cwd=bench, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # which a shell ignores in what it puts behind `&`
    )
    while not (bench / "experiments" / "results" / "counts.json").exists():
        time.sleep(0.05)
    os.killpg(stopped.pid, signal.SIGINT)       # as a terminal sends it, to all its processes
    assert "goes on from there" in stopped.communicate()[1]
    assert stopped.returncode == 1
    assert len(results(bench)) == 1
    (bench / "experiments" / "marks").unlink()
    (bench / "experiments" / "hurry").touch()
    assert run(bench).returncode == 0
    assert marks(bench) == ["1", "2"]


def test_a_name_that_no_experiment_has_is_said_in_a_sentence(bench):
    failed = run(bench, "kettle")
    assert failed.returncode == 1
    assert failed.stderr == "There is no experiment 'kettle': there are counts.\n"
