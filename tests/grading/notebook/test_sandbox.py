"""The walls, in the real bubblewrap: what a kernel can see, reach, keep and leave behind."""

import json
import os
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest

import unrolled.grading.notebook.sandbox as sandbox_module
from unrolled.grading.notebook import bubblewrap
from unrolled.grading.notebook.bubblewrap import SandboxError, allowed_packages, student_files
from unrolled.grading.notebook.limits import Limits
from unrolled.grading.notebook.sandbox import Sandbox

PATIENCE = 30        # seconds for a cell that needs none: others may have the machine
LIMITS = Limits(seconds=120, cell_seconds=PATIENCE, memory_mb=512, processes=16)
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def sandbox():
    """A sandbox of the user who runs these tests; tests/hostile/test_ordinary_user.py
    has a user without root run them too."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def run(sandbox):
    """run(source) is what the last expression of a cell shows, in a kernel of its own."""
    kernels = []

    def run(source, kernel=None):
        if kernel is None:
            kernels.append(sandbox.kernel(LIMITS))
        ran = (kernel or kernels[-1]).run(source, PATIENCE)
        assert ran.ended is None and not ran.records
        shown = [m["content"]["data"]["text/plain"] for m in ran.messages if m["msg_type"] == "execute_result"]
        errors = [f"{m['content']['ename']}: {m['content']['evalue']}" for m in ran.messages if m["msg_type"] == "error"]
        return (shown or errors or [None])[-1]

    yield run
    for kernel in kernels:
        kernel.close()


def evaluate(text):
    return json.loads(text.strip("'").replace("\\\\", "\\"))


def test_only_what_is_let_in_can_be_seen(run):
    seen = evaluate(run("import os, json; json.dumps(sorted(os.listdir('/')))"))
    home = Path(sys.base_prefix).parts[1]
    assert set(seen) <= {"usr", "bin", "lib", "lib64", "sbin", "etc", "dev", "proc", "tmp", "python", "unrolled", home}
    below = "import json, pathlib; json.dumps([str(path.relative_to('/python/unrolled')) for path in pathlib.Path('/python/unrolled').rglob('*') if path.is_file()])"
    assert sorted(evaluate(run(below))) == sorted(student_files())
    assert not [name for name in student_files() if name.startswith("reference")] and not {"scipy", "sklearn", "torch", "nbgrader", "unrolled"} & set(allowed_packages())


@pytest.mark.parametrize("path", [ROOT, ROOT / "src", ROOT / "solutions", ROOT / "exercises", ROOT / "src/unrolled/reference", "/etc/passwd", "/etc/shadow"])
def test_the_course_and_the_machine_are_not_there(run, path):
    assert run(f"import os; os.path.exists({str(path)!r})") == "False"


@pytest.mark.parametrize("name", ["reference", "exercises", "comparison", "grading", "check"])
def test_no_answer_can_be_imported(run, name):
    assert run(f"import unrolled.{name}").startswith("ModuleNotFoundError")


def test_the_student_facing_modules_can_be_imported(run):
    for name in student_files():
        if name.endswith(".py") and name != "__init__.py":
            assert run(f"import unrolled.{name.removesuffix('.py')}; 'there'") == "'there'"
    assert run("from unrolled.text import corpus; len(corpus())") == "305253"


def test_the_environment_is_not_the_graders(run):
    seen = evaluate(run("import os, json; json.dumps(sorted(os.environ))"))
    of_ipykernel = {"TERM", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "PAGER", "GIT_PAGER"}
    assert set(seen) <= {*bubblewrap.ENVIRONMENT, *of_ipykernel, "PWD"}


def test_there_are_no_other_processes(run):
    assert run("import os; [n for n in os.listdir('/proc') if n.isdigit()]") == "['1']"


def test_there_is_no_network(run):
    assert run("open('/proc/net/dev').read().count(':')") == "1"     # the loopback
    for make in ("socket.socket()", "socket.socket(socket.AF_UNIX)", "socket.socketpair()"):
        assert run(f"import socket; {make}") == "PermissionError: [Errno 1] Operation not permitted"


def test_no_rights_are_left(run):
    status = run("open('/proc/self/status').read()")
    assert "CapEff:\\t0000000000000000" in status and "CapBnd:\\t0000000000000000" in status and "NoNewPrivs:\\t1" in status


@pytest.mark.parametrize("way", ["resource.prlimit(1, 7, (9, 9))", "os.setpriority(0, 1, 19)", "os.sched_setscheduler(1, 5, os.sched_param(0))"])
def test_no_process_sets_the_limits_or_the_rank_of_another(run, way):
    assert run(f"import os, resource; {way}").startswith("PermissionError")
    # its own it may
    assert run("import resource; resource.setrlimit(7, (99, 99)); resource.getrlimit(7)") == "(99, 99)"


@pytest.mark.parametrize("way", [
    "import fcntl; fcntl.fcntl(open('/tmp/own', 'w'), fcntl.F_SETLEASE, fcntl.F_WRLCK)",
    "import fcntl; fcntl.fcntl(open('/tmp/own', 'w').close() or open('/tmp/own'), fcntl.F_NOTIFY, 1)",
    "import fcntl; fcntl.flock(open('/python/numpy/__init__.py'), fcntl.LOCK_EX)",
    "import fcntl; fcntl.lockf(open('/tmp/own', 'w'), fcntl.LOCK_EX)",
    "import ctypes, os\nif ctypes.CDLL(None, use_errno=True).inotify_init1(0) < 0: raise PermissionError(ctypes.get_errno())",
])  # fmt: skip
def test_nobody_is_stalled_by_what_is_done_to_a_file(run, way):
    assert run(way).startswith("PermissionError")


@pytest.mark.parametrize("way", [
    "import mmap; mmap.mmap(-1, 4096)",
    "import mmap, os; mmap.mmap(os.open('/dev/zero', os.O_RDWR), 4096)",
    "import os; os.memfd_create('more')",
    "import fcntl, os; fcntl.fcntl(os.pipe()[1], fcntl.F_SETPIPE_SZ, 1 << 20)",
    # a byte of a huge page that waits in a pipe holds all of it, when its owner has given it back
    "import ctypes, os\nvector = (ctypes.c_size_t * 2)(id(os), 1)\nif ctypes.CDLL(None).vmsplice(os.pipe()[1], vector, 1, 0) < 0: raise OSError",
])  # fmt: skip
def test_there_is_no_memory_that_nobody_counts(run, way):
    assert "Error: " in run(way)


def test_memory_is_shown_to_the_page(run):
    """Of a huge page, all but one byte may be given back: then it holds two megabytes and is shown
    as four kilobytes."""
    assert run("import ctypes; ctypes.CDLL(None).prctl(41, 0, 0, 0, 0)") == "-1"  # nobody asks for them again
    take = "import mmap; taken = mmap.mmap(-1, 1 << 26, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS); taken.madvise(14); taken.write(bytes(1 << 26))"
    assert run(f"{take}\n[line.split()[1] for line in open('/proc/self/smaps_rollup') if 'AnonHuge' in line]") == "['0']"


def test_nobody_takes_what_the_machine_has_few_of(run):
    """All users of a machine share 65,536 places for reads and writes that wait."""
    first = {"x86_64": 206, "aarch64": 0}[os.uname().machine]
    assert run(f"import ctypes; ctypes.CDLL(None, use_errno=True).syscall({first}, 1000, ctypes.byref(ctypes.c_ulong())), ctypes.get_errno()") == "(-1, 1)"


def test_terminals_are_few_and_nobody_elses(run):
    assert run("import os, pty; os.ttyname(pty.openpty()[1])") == "'/dev/pts/0'"
    assert "OSError" in run("import pty; kept = [pty.openpty() for _ in range(40)]")


def test_a_kernel_whose_name_is_no_text_is_still_watched(sandbox):
    kernel = sandbox.kernel(LIMITS)
    assert kernel.run("import ctypes; ctypes.CDLL(None).prctl(15, b'\\xff\\xfe', 0, 0, 0)", PATIENCE).ended is None
    assert kernel.run("import time; time.sleep(0.5)", PATIENCE).ended is None
    kernel.close()


def test_a_result_for_which_there_is_no_memory_is_too_large(run):
    source = "import kernel\ndef work(halfway): raise MemoryError\nkernel.recording.unpack(kernel.run_in_fork(work, 5, 1000))"
    assert run(source) == "'large'"


def test_nothing_stays_for_the_next(run, sandbox):
    run("open('/tmp/left', 'w').write('x'); open('/dev/shm/left', 'w').write('x'); import numpy as np; np.left = 1")
    run("import subprocess; subprocess.Popen(['sleep', '100']); import threading; None")
    assert "Error" in run("open('/dev/left', 'w')")
    assert run("import os; os.path.exists('/tmp/left'), os.path.exists('/dev/shm/left')") == "(False, False)"
    assert run("import numpy as np; hasattr(np, 'left')") == "False"


def test_kernels_at_the_same_time_do_not_see_each_other(sandbox, run):
    first, second = sandbox.kernel(LIMITS), sandbox.kernel(LIMITS)
    run("secret = 'of the first'; open('/tmp/secret', 'w').write(secret)", first)
    assert run("import os, glob; glob.glob('/tmp/*'), [p for p in os.listdir('/proc') if p.isdigit()]", second) == "(['/tmp/spill'], ['1'])"
    first.close()
    second.close()


def test_a_closed_kernel_takes_all_its_processes_along(sandbox):
    marker = f"sleep 98765{os.getpid()}"
    kernel = sandbox.kernel(LIMITS)
    kernel.run(f"import subprocess; [subprocess.Popen('exec {marker}', shell=True, start_new_session=True) for _ in range(5)]", PATIENCE)
    kernel.close()
    kernel = sandbox.kernel(LIMITS)
    kernel.run("import os, subprocess\nif os.fork() == 0:\n    os.setsid(); subprocess.run('exec " + marker + "', shell=True)", 1)
    kernel.close()
    assert no_process(marker)


def test_a_kernel_that_leaves_its_group_ends_with_its_lease(sandbox):
    name = f"left{os.getpid()}"[-15:]
    kernel = sandbox.kernel(LIMITS)
    leave = """
        import ctypes, os, time
        libc = ctypes.CDLL(None)
        libc.prctl(15, b"NAME", 0, 0, 0)    # what ps shows
        libc.prctl(1, 0, 0, 0, 0)           # it would be told of its keeper's end
        child = os.fork()
        if child == 0:
            time.sleep(60)
        os.setpgid(child, child)
        os.setpgid(0, child)
        while True:
            pass
    """
    kernel.run(textwrap.dedent(leave).replace("NAME", name), 1)
    kernel.close()
    assert no_process(name, "comm")


def test_the_memory_of_a_threads_children_is_counted(sandbox):
    kernel = sandbox.kernel(replace(LIMITS, memory_mb=128))
    forks = """
        import os, threading, time
        def parent():
            for _ in range(6):
                if os.fork() == 0:
                    kept = bytearray(b"1") * 80_000_000
                    time.sleep(60)
            time.sleep(60)
        threading.Thread(target=parent).start()
        time.sleep(60)
    """
    assert kernel.run(textwrap.dedent(forks), 20).ended == "it used more than 128 MB of memory"


def test_nothing_survives_the_sandbox(sandbox):
    marker = f"sleep 98764{os.getpid()}"
    with Sandbox() as other:
        other.kernel(LIMITS).run("import subprocess; subprocess.Popen('exec " + marker + "', shell=True); import time; time.sleep(9)", 0.5)
        process = other._process.pid
    assert no_process(marker)
    assert not Path(f"/proc/{process}").exists()


def no_process(marker, column="args"):
    """Whether, within two seconds, no process of this machine has marker as its command."""
    for _ in range(20):
        if marker not in subprocess.run(["ps", "-eo", column], capture_output=True, text=True).stdout:
            return True
        time.sleep(0.1)
    return False


def test_a_sandbox_that_died_is_started_again(sandbox):
    sandbox.kernel(LIMITS).close()
    sandbox._process.kill()
    sandbox._process.wait()
    assert sandbox.kernel(LIMITS).run("1 + 1", PATIENCE).count == 1


def test_a_sandbox_that_is_killed_while_it_starts_is_started_again(monkeypatch, tmp_path):
    """The first two times, what would become the warm process kills itself instead."""
    count, killed = tmp_path / "count", "import os, pathlib; count = pathlib.Path(COUNT); n = len(count.read_text()); count.write_text('x' * (n + 1))\nif n < TIMES: os.kill(os.getpid(), 9)\n"
    for times, fate in ((2, "starts"), (99, "does not")):
        count.write_text("")
        start = killed.replace("COUNT", repr(str(count))).replace("TIMES", str(times)) + bubblewrap.START
        monkeypatch.setattr(bubblewrap, "START", start)
        with Sandbox(unsafe=True) as sandbox:
            if fate == "starts":
                sandbox.kernel(LIMITS).close()
            else:
                with pytest.raises(SandboxError, match="was ended 5 times while it started: did somebody kill it"):
                    sandbox.kernel(LIMITS)
        monkeypatch.undo()


def test_without_bubblewrap_there_is_no_sandbox_and_a_sentence_says_so(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    with Sandbox() as sandbox, pytest.raises(SandboxError, match="bubblewrap .* is not installed.*--unsafe-no-sandbox"):
        sandbox.kernel(LIMITS)


def test_a_sandbox_that_cannot_start_says_why(monkeypatch):
    monkeypatch.setattr(bubblewrap, "python", lambda: "/nonexistent/python")
    with Sandbox() as sandbox, pytest.raises(SandboxError, match="does not start on this machine: .*nonexistent"):
        sandbox.kernel(LIMITS)


def test_a_kernel_that_cannot_be_walled_in_is_no_students_fault(monkeypatch):
    command = bubblewrap.sandbox_command()
    monkeypatch.setattr(sandbox_module, "sandbox_command", lambda: without_right(command, "CAP_SYS_ADMIN"))
    with Sandbox() as sandbox, pytest.raises(SandboxError, match="does not work on this machine: .*not permitted"):
        sandbox.kernel(LIMITS)


def without_right(command, right):
    place = command.index(right)
    return command[: place - 1] + command[place + 1 :]


def test_the_unsafe_way_runs_the_same_cells():
    with Sandbox(unsafe=True) as sandbox:
        kernel = sandbox.kernel(LIMITS)
        ran = kernel.run("import numpy as np\nfrom unrolled import check\nnp.ones(2)", PATIENCE)
        assert ran.messages[0]["content"]["data"]["text/plain"] == "array([1., 1.])"
        assert kernel.run("import unrolled.reference", PATIENCE).messages[0]["content"]["ename"] == "ModuleNotFoundError"
        kernel.close()


def test_file_descriptors_do_not_pile_up(sandbox):
    sandbox.kernel(LIMITS).close()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        kernel = sandbox.kernel(LIMITS)
        kernel.run("1", PATIENCE)
        kernel.close()
    assert len(os.listdir("/proc/self/fd")) <= before
