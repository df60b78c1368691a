"""The kernel inside the sandbox: a real IPython kernel that talks over one socket instead of ZeroMQ.

Runs a notebook's cells as ipykernel does and sends the messages that ipykernel would send. The files of this folder
are all of the grader that enters the sandbox; they import nothing else of it and know no answer.
Nothing sent from here is believed outside: see `unrolled.grading.notebook.sandbox`.
"""

import asyncio
import contextlib
import io
import json
import logging
import os
import select
import signal
import struct
import sys
import threading
import time
import types
import warnings

from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from traitlets.config import Config
from wire import DONE, GONE, HEADER, INPUTS, LARGE, MESSAGE, NONCE, RECORD, RUN, SLOW, send

from unrolled import recording

HALFWAY = b"\xff" * 8  # in the place of a length that no record has
TOO_MUCH = "\n[the rest of this cell's output was left out: it was too much]\n"


def read_exactly(fd, count, wait=lambda: None):
    """count bytes of a file descriptor; raises EOFError when it ends before."""
    data = bytearray()
    while len(data) < count:
        wait()
        part = os.read(fd, min(count - len(data), 1 << 20))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


class Wire(Session):
    """A Jupyter session whose messages go to the grader's socket, so many bytes for each cell."""

    def open(self, fd, limit):
        self.fd, self.limit, self.sent, self.lock = fd, limit, 0, threading.RLock()

    def send(self, stream, msg_or_type, content=None, *args, **kwargs):
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["header"]["msg_type"], msg_or_type["content"]
        self.post({"msg_type": str(msg_or_type), "content": content})

    def post(self, message):
        if self.sent > self.limit:
            return
        data = json.dumps(message, default=repr).encode()
        self.sent += len(data)
        if self.sent > self.limit:
            data = json.dumps({"msg_type": "stream", "content": {"name": "stdout", "text": TOO_MUCH}}).encode()
        self.frame(MESSAGE, data)

    def frame(self, kind, data):
        with self.lock:
            send(self.fd, kind, data)


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr: text becomes stream messages, in order with all other output."""

    encoding = "utf-8"

    def __init__(self, wire, name):
        self.wire, self.name, self.parts, self.size = wire, name, [], 0

    def writable(self):
        return True

    def fileno(self):
        return 2 if self.name == "stderr" else 1

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.parts.append(text)
        self.size += len(text)
        if self.size > 1 << 16:
            self.flush()
        return len(text)

    def close(self):
        """Do nothing: the next cell prints again."""

    def flush(self):
        parts, self.parts, self.size = self.parts, [], 0
        if text := "".join(parts):
            self.wire.send(None, "stream", {"name": self.name, "text": text})


class Shell(ZMQInteractiveShell):
    """ipykernel's shell, but for windows, since there is no screen, and for imports of what is not there."""

    async def run_code(self, code_obj, result=None, **options):
        """Run one statement of a cell. A failed import does not end the cell: what is right without it stays right."""
        failed = await super().run_code(code_obj, result, **options)
        return failed and not isinstance(getattr(result, "error_in_exec", None), ModuleNotFoundError)

    def enable_gui(self, gui=None):
        self.active_eventloop = gui

    def enable_matplotlib(self, gui=None):
        # whatever `%matplotlib` asks for: a window would cost a right answer its marks
        return super().enable_matplotlib("inline")


class Server:
    """An IPython kernel made ahead of need. In a fork of its process,
    `open` and then `serve` run the cells of one notebook."""

    def __init__(self):
        config = Config()
        config.HistoryManager.enabled = False
        self.wire = Wire()
        self.ipython = IPythonKernel(session=self.wire, iopub_socket=object(), shell_class=Shell, config=config)
        self.ipython.log = logging.getLogger("kernel")
        # no thread listens for interrupts
        self.ipython.shell_channel_thread = types.SimpleNamespace(parent_thread=None)
        import matplotlib.pyplot  # warm, and after the shell, so that figures are shown inline

        matplotlib.use = lambda *args, **kwargs: None  # as with `%matplotlib` above

    def open(self, fd, limits):
        """Get ready to run the cells that arrive on fd: all that needs a socket or a file, while they can be had."""
        self.limits = limits
        self.wire.open(fd, limits["output_bytes"])
        self.runner = asyncio.Runner()
        self.runner.get_loop()  # it wakes itself by a pair of sockets
        self.streams = Stream(self.wire, "stdout"), Stream(self.wire, "stderr")
        self.spill = os.open("spill", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)  # what goes past sys.stdout
        for standard in (1, 2):
            os.dup2(self.spill, standard)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # nobody interrupts; a function's own process could, later on

    def serve(self):
        """Run cells until the grader closes the wire."""
        with contextlib.suppress(EOFError, OSError):
            self.runner.run(self._serve())

    async def _serve(self):
        waiting = None
        while True:
            kind, length = HEADER.unpack(read_exactly(self.wire.fd, HEADER.size))
            data = read_exactly(self.wire.fd, length)
            if kind == INPUTS:
                waiting = data
            elif kind == RUN:
                recording.expect(waiting and self._recorder(*_split(waiting)))
                waiting = None
                await self._run(json.loads(data))

    async def _run(self, request):
        self.wire.sent = 0
        sys.stdout, sys.stderr = self.streams
        message = self.wire.msg("execute_request", {"code": request["source"]})
        self.ipython.set_parent([], message)
        self.ipython.shell.set_parent(message)
        reply = await self.ipython.do_execute(request["source"], silent=False, store_history=True, allow_stdin=False)
        for stream in self.streams:
            stream.flush()
        self._publish_spill()
        recording.expect(None)
        sweep()
        done = {"status": reply.get("status"), "execution_count": reply.get("execution_count")}
        self.wire.frame(DONE, json.dumps(done).encode())

    def _publish_spill(self):
        if size := os.fstat(self.spill).st_size:
            text = os.pread(self.spill, min(size, self.limits["output_bytes"]), 0).decode(errors="replace")
            os.ftruncate(self.spill, 0)
            self.wire.send(None, "stream", {"name": "stdout", "text": text})

    def _recorder(self, nonce, cases):
        """Runs a function on the cases, in a process of its own that ends with it, and sends the record."""

        def record(fn):
            outcomes = run_in_fork(
                lambda halfway: recording.record(fn, cases, halfway),
                self.limits["cell_seconds"],
                self.limits["record_bytes"],
            )
            self.wire.frame(RECORD, nonce + outcomes)

        return record


def _split(data):
    return data[:NONCE], recording.unpack(data[NONCE:])


def run_in_fork(work, seconds, limit, again=True):
    """The bytes that work(halfway) returns, made in a fork, so that nothing it does to its process stays.

    It has so many seconds, and as many again when it has called halfway. A failure gives one of the wire's words
    instead, which says what happened to the process.
    """
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads: the fork has none of them
        child = os.fork()
    if child == 0:
        _work_and_exit(work, reader, writer)
    os.close(writer)
    deadline = time.monotonic() + seconds

    def wait():
        if not select.select([reader], [], [], max(0, deadline - time.monotonic()))[0]:
            raise TimeoutError

    try:
        first = read_exactly(reader, 8, wait)
        if first == HALFWAY:
            deadline = time.monotonic() + seconds
            first = read_exactly(reader, 8, wait)
        (length,) = struct.unpack("<Q", first)
        if length > limit:
            return recording.pack(LARGE)
        return read_exactly(reader, length, wait)
    except TimeoutError:
        return recording.pack(SLOW)
    except EOFError:
        if again and os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL:
            return run_in_fork(work, seconds, limit, again=False)  # somebody outside may have killed it
        return recording.pack(GONE)
    finally:
        os.close(reader)
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        sweep()


def _work_and_exit(work, reader, writer):
    try:
        os.close(reader)
        null = os.open(os.devnull, os.O_RDWR)
        # prints whatever a notebook prints
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8", errors="replace")
        kept = os.dup(writer)
        for fd in range(kept):  # the socket too: a function has no way to the grader
            os.dup2(null, fd)
        try:
            data = work(lambda: os.write(kept, HALFWAY))
        except MemoryError:
            data = recording.pack(LARGE)
        data = memoryview(struct.pack("<Q", len(data)) + data)
        while data:
            data = data[os.write(kept, data) :]
    finally:
        os._exit(0)


def sweep():
    """End every other process of this sandbox. Only its first process may: there, -1 means no one outside."""
    if os.getpid() == 1:
        with contextlib.suppress(OSError):
            os.kill(-1, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
