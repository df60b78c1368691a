"""Grading on an existing Dask cluster: a task's bytes go out, a result's bytes come back.

Workers need this package and bubblewrap, no shared disk and no database. A worker that is lost loses nothing: the
scheduler gives its tasks to another.
"""

import contextlib
import hashlib
import pickle
import threading
from collections.abc import Iterable, Iterator

from unrolled.digest import files_of
from unrolled.grading.course.course import CourseError
from unrolled.grading.notebook.task import Grader, Result, SandboxError, Task, ungraded

CONNECT_SECONDS = 15
_of_thread = threading.local()


def cluster_results(tasks: Iterable[Task], address: str) -> Iterator[Result]:
    """Results of Tasks, in any order, from the workers of the scheduler at address.

    Raises CourseError when there is no such scheduler, when it has no workers,
    or when their package holds other code than this one.
    """
    try:
        from distributed import Client, as_completed
        from distributed.comm import parse_address
        from distributed.comm.registry import get_backend
    except ModuleNotFoundError as error:
        raise CourseError(
            "--scheduler needs dask.distributed; in the course's folder: pip install -e '.[cluster]'."
        ) from error
    try:
        # for a scheme that it does not know, a Client is made that cannot be closed
        get_backend(parse_address(address)[0])
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CourseError(f"there is no Dask scheduler at {address}: {error}") from error
    with client:
        ahead = 2 * _threads_of_workers(client, address)
        underway, futures = {}, as_completed(loop=client.loop)
        for task in tasks:
            future = client.submit(grade_bytes, pickle.dumps(task), pure=False)
            underway[future.key] = task
            futures.add(future)
            if len(underway) >= ahead:
                yield _result_of(next(futures), underway)
        for future in futures:
            yield _result_of(future, underway)


def grade_bytes(data: bytes) -> bytes:
    """On a worker: the bytes of a Task to the bytes of its Result. Each thread keeps a Grader warm."""
    if not hasattr(_of_thread, "grader"):
        _of_thread.grader = Grader().__enter__()
    return pickle.dumps(_of_thread.grader.grade(pickle.loads(data)))


def _threads_of_workers(client, address):
    """How many tasks the cluster can do at a time, once it is known to be able to do any."""
    with contextlib.suppress(TimeoutError):  # workers that were started a moment ago
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    workers = client.nthreads()
    if not workers:
        raise CourseError(f"the Dask scheduler at {address} has no workers: start some with `dask worker {address}`.")
    here, there = code_digest(), client.run(code_digest, on_error="return")  # an older package may not even have it
    others = sorted(worker for worker, found in there.items() if found != here)
    if others:
        raise CourseError(
            f"these workers hold other code of the package `unrolled` than this machine: {', '.join(others)}. "
            "Install the same there."
        )
    return sum(workers.values())


def code_digest() -> str:
    """A digest of this package's files: between two releases, a version says nothing of what is inside."""
    return hashlib.sha256(repr([(str(path), content) for path, content in files_of()]).encode()).hexdigest()


def _result_of(future, underway):
    from distributed import KilledWorker

    task = underway.pop(future.key)
    error = future.exception()  # waits where what was finished was lost with its worker, and is made again
    if error is None:
        return pickle.loads(future.result())
    if isinstance(error, SandboxError):
        raise error
    if isinstance(error, KilledWorker):
        return ungraded(task, "The worker that graded this notebook was lost several times.")
    raise CourseError(
        f"the cluster stopped grading ({type(error).__name__}: {error}); the same command goes on from here."
    ) from error
