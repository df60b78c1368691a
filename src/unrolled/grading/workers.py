"""Grading on this machine: processes that keep a Grader warm, take Tasks and give Results back."""

import functools
import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.util import Finalize

from unrolled.grading.task import Grader, SandboxError, ungraded

PATIENCE = 3    # times the limit on a whole notebook, and a minute more: until then a process may grade it


def local_results(tasks, jobs):
    """Results of Tasks, in any order, from `jobs` processes of this machine, a warm Grader in each.

    A process that dies takes tasks along. They are graded again, one by one, so that it is known which one kills: a task
    whose process dies twice comes back ungraded. Raises SandboxError when a process dies that has no task at all.
    """
    tasks = iter(tasks)
    while lost := (yield from _pool_results(tasks, jobs, ahead=2 * jobs)):
        for task in lost:
            for _ in range(2):
                if not (yield from _pool_results([task], jobs=1, ahead=1)):
                    break
            else:
                if not _processes_start():      # then it is not this notebook's doing, and nobody is marked for it
                    raise SandboxError("the processes that grade do not start on this machine; nothing was written for those left.")
                yield ungraded(task, "The process that graded this notebook ended twice.")


def _pool_results(tasks, jobs, ahead):
    """Results, at most `ahead` tasks under way, until the tasks end or a process dies; returns those then under way."""
    underway, futures = {}, set()
    with _pool(jobs) as pool:
        try:
            for task in tasks:
                underway[task.student, task.notebook] = task
                futures.add(pool.submit(_grade, task))
                if len(futures) >= ahead:
                    yield from _finished(futures, underway)
            while futures:
                yield from _finished(futures, underway)
        except BrokenProcessPool:
            if sys.version_info < (3, 11, 5):
                # There the pool waits for ever to hand the next task to the dead (CPython issue 94777):
                # a pipe that nobody can read ends the wait.
                pool._call_queue._reader.close()
    return list(underway.values())


def _processes_start():
    """Whether a process that is given nothing to grade lives."""
    with _pool(1) as pool:
        try:
            return pool.submit(os.getpid).result() > 0
        except BrokenProcessPool:
            return False


def _finished(futures, underway):
    done, _ = wait(futures, return_when=FIRST_COMPLETED)
    for future in done:
        result = future.result()
        futures.remove(future)
        del underway[result.student, result.notebook]
        yield result


def _pool(jobs):
    """Processes that grade. Of several, each keeps to a core: a submission that busies many processes takes nobody else's time."""
    cores = _fork_server().SimpleQueue()
    here = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    for number in range(jobs):
        cores.put({here[number % len(here)]} if here and jobs > 1 else here)
    return ProcessPoolExecutor(jobs, _fork_server(), _start_worker, [cores])


@functools.cache
def _fork_server():
    """Workers fork from a process that has imported the grader once, and nothing of the gradebook."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["unrolled.grading.workers"])
    return context


def _start_worker(cores):
    """In a new process: stay on the next of cores, end when the driver is gone, leave Ctrl-C to it, keep one Grader warm."""
    global _grader
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if own := cores.get():
        os.sched_setaffinity(0, own)
    threading.Thread(target=_end_with, args=[multiprocessing.parent_process()], daemon=True).start()
    _grader = Grader().__enter__()
    Finalize(None, _grader.__exit__, args=(None, None, None), exitpriority=10)


def _end_with(parent):
    parent.join()
    os._exit(1)


def _grade(task):
    """Grade in this process. Whatever keeps it busy outside the sandbox, such as a parser, is ended in the end with the process."""
    signal.alarm(int(PATIENCE * task.limits.seconds) + 60)
    try:
        return _grader.grade(task)
    finally:
        signal.alarm(0)
