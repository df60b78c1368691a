"""Grading on this machine: processes that keep a Grader warm, take Tasks and give Results back.

Each is a program of its own in a session of its own, so that Ctrl-C in a terminal is the driver's alone. It ends when
its connection does, and so with the driver, however that ends.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait

from unrolled.grading.run.lean import start_lean

if __name__ == "__main__":
    start_lean()
from unrolled.grading.notebook.task import Grader, Result, SandboxError, Task, ungraded

PATIENCE, MORE = 3, 60  # times the limit on a whole notebook, and seconds more: until then a process may grade it
DEATHS = 3  # of processes that grade one notebook: then it is this notebook's doing
IN_VAIN = 5  # processes and sandboxes, one after another, that end before they have graded: then it is this machine's
TO_END = 10  # seconds that a process has to take its sandbox down
READY = "ready"
_grader: Grader  # in a process that grades, its own


def local_results(tasks: Iterable[Task], jobs: int) -> Iterator[Result]:
    """Results of Tasks, in any order, from `jobs` processes of this machine, a warm Grader in each.

    A process that dies is replaced and its task graded again: a task that loses three comes back ungraded. Raises
    SandboxError when processes do not even start, or have no sandbox, several times in a row.
    """
    again: list[Task] = []
    deaths: dict[tuple[str, str], int] = {}
    tasks, in_vain = iter(tasks), 0
    with _Crew(jobs) as crew:
        while True:
            while crew.has_room() and (task := again.pop() if again else next(tasks, None)):
                crew.give(task)
            if not crew.busy():
                return
            for worker in crew.heard():
                task, result = worker.task, None
                try:
                    result = worker.take()
                except SandboxError:  # whoever has it graded is not to blame
                    crew.dismiss(worker)
                    in_vain += 1
                    if in_vain == IN_VAIN:
                        raise
                    again.append(task)
                except EOFError:
                    crew.dismiss(worker)
                    key = task.student, task.notebook
                    deaths[key] = deaths.get(key, 0) + 1
                    if worker.took_too_long:
                        result = ungraded(
                            task, f"Grading this notebook took longer than {_longest(task)} seconds and was given up."
                        )
                    elif deaths[key] == DEATHS:
                        result = ungraded(task, f"The process that graded this notebook ended {DEATHS} times.")
                    else:
                        again.append(task)
                if result:
                    in_vain = 0
                    yield result


class _Crew:
    """The processes that grade; they start as they are needed. Of several, each keeps to a core:
    a submission that busies many
    processes takes nobody else's time.
    """

    def __init__(self, jobs):
        here = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") and jobs > 1 else [None]
        self.places = [here[number % len(here)] for number in reversed(range(jobs))]
        self.workers = []

    def __enter__(self):
        self.log = tempfile.TemporaryFile()  # what they say on standard error is for nobody's terminal
        return self

    def __exit__(self, *_):
        for worker in self.workers:
            worker.connection.close()
        for worker in self.workers:
            worker.end()
        self.log.close()

    def busy(self):
        return [worker for worker in self.workers if worker.task]

    def heard(self):
        """The busy ones from which something has come, or will not come any more; waits for the first."""
        ready = wait([worker.connection for worker in self.busy()])
        return [worker for worker in self.busy() if worker.connection in ready]

    def has_room(self):
        return bool(self.places) or len(self.busy()) < len(self.workers)

    def give(self, task):
        """Have a task graded, by a new process where all are busy."""
        worker = next((worker for worker in self.workers if not worker.task), None)
        if worker is None:
            worker = _Worker(self.places.pop(), self.log)
            self.workers.append(worker)
        worker.give(task)

    def dismiss(self, worker):
        """End one; another takes its place when there is something to do."""
        self.workers.remove(worker)
        self.places.append(worker.core)
        worker.end()


class _Worker:
    """A process that grades one task at a time."""

    def __init__(self, core, log):
        self.core, self.log, self.ready, self.has_task = core, log, False, False
        self.task: Task | None = None
        self.connection, theirs = Pipe()
        command = [sys.executable, "-P", "-m", "unrolled.grading.run.workers", str(theirs.fileno())]
        with theirs:
            self.process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        if core is not None:
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(self.process.pid, {core})

    def give(self, task: Task) -> None:
        """Have it grade a task: now, or once it has started."""
        self.task, self.has_task = task, False
        if self.ready:
            with contextlib.suppress(OSError):  # it is gone, which `take` will find
                self.connection.send(task)
                self.has_task = True

    def take(self) -> Result | None:
        """The Result of its task, or None when it has only just started.
        Raises EOFError when it died of its task, else SandboxError."""
        try:
            answer = self.connection.recv()
        except (EOFError, OSError):
            if self.has_task:
                raise EOFError from None
            said = self._last_words()
            raise SandboxError(
                f"the processes that grade do not start on this machine{said}; nothing was written for those left."
            ) from None
        if isinstance(answer, SandboxError):
            raise answer
        if answer == READY:
            self.ready = True
            if self.task:
                self.give(self.task)
            return None
        self.task = None
        return answer

    def end(self):
        self.connection.close()
        try:
            self.process.wait(TO_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def took_too_long(self):
        return self.process.returncode == -signal.SIGALRM

    def _last_words(self):
        """The last line that such processes have written on standard error, in brackets."""
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").split("\n")
        return next((f" ({line.strip()})" for line in reversed(lines) if line.strip()), "")


def main(connection):
    """In a process of its own: grade what comes by the connection until it closes."""
    global _grader
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for all that it starts, too
    tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
    _grader = Grader().__enter__()
    threading.Thread(target=_receive, args=[connection, tasks], daemon=True).start()
    connection.send(READY)
    while True:
        try:
            answer = _grade(tasks.get())
        except SandboxError as error:
            answer = error
        connection.send(answer)


def _receive(connection, tasks):
    """Take tasks in. When no more can come, end at once, whatever is being done: nobody waits for it."""
    try:
        while True:
            tasks.put(connection.recv())
    finally:
        _grader.close()
        os._exit(0)


def _grade(task):
    """Grade in this process. Whatever keeps it busy outside the sandbox, such as a parser,
    is ended in the end with the process."""
    signal.alarm(_longest(task))
    try:
        return _grader.grade(task)
    finally:
        signal.alarm(0)


def _longest(task):
    return int(PATIENCE * task.limits.seconds) + MORE


if __name__ == "__main__":
    main(Connection(int(sys.argv[1])))
