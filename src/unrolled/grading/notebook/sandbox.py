"""The sandbox: student code runs in bubblewrap, and all that comes out of it is bytes on one socket.

One bubblewrap serves many submissions: a warm process inside it (`inside/zygote.py`) forks a kernel for each, in
namespaces of its own.

What a kernel sends is never believed: frames are bounded and counted, and `Kernel.run` says what arrived while one
cell ran and nothing more.
"""

import contextlib
import dataclasses
import itertools
import json
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from typing import Self

from unrolled.grading.notebook.bubblewrap import ENVIRONMENT, SandboxError, sandbox_command, unsafe_command, user_id
from unrolled.grading.notebook.inside.wire import DONE, HEADER, INPUTS, MESSAGE, RECORD, RUN
from unrolled.grading.notebook.limits import Limits, in_words

START_SECONDS = 60
_numbers = itertools.count()  # of kernels
STARTS = 5  # of a warm process that somebody ends: then it is said, and not tried again


class Disturbed(Exception):
    """A kernel was killed from outside its sandbox: what it was doing must be done again."""


@dataclasses.dataclass
class Ran:
    """What arrived while one cell ran. ended says why the kernel is gone, if it is;
    attack, how the channel was misused.

    timed_out tells that it is gone because its time was up.
    """

    messages: list = dataclasses.field(default_factory=list)
    records: list[bytes] = dataclasses.field(default_factory=list)
    count: int | None = None
    ended: str | None = None
    attack: str | None = None
    timed_out: bool = False


class Sandbox:
    """A warm sandbox, a context manager; `kernel` starts a fresh kernel in it.
    Raises SandboxError when it cannot be had."""

    def __init__(self, unsafe: bool = False) -> None:
        self.unsafe = unsafe
        self._process: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._home: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_):
        self.close()

    def kernel(self, limits: Limits) -> "Kernel":
        """A fresh Kernel with these limits."""
        for _ in range(STARTS):
            with contextlib.suppress(OSError, EOFError):  # it ended, or ends meanwhile
                return self._ask_for_kernel(self._warm(), limits)
            self.close()
        raise SandboxError(
            f"the sandbox was ended {STARTS} times while it started: did somebody kill it, "
            "or is the machine short of memory?"
        )

    def close(self) -> None:
        """End the sandbox and everything in it."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with self._process:  # until its end, which closes its standard error, too
                self._process.kill()
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
        self._process = self._control = self._home = None

    def _warm(self) -> socket.socket:
        """The way to the warm process, which is started where it does not run."""
        if self._control and self._process and self._process.poll() is None:
            return self._control
        self.close()
        return self._start()

    def _start(self) -> socket.socket:
        """Start the warm process. Raises EOFError when somebody kills it meanwhile,
        SandboxError when it does not work here."""
        command, environment = self._unsafe_command() if self.unsafe else (sandbox_command(), {})
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno())],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment, start_new_session=True,
            )  # fmt: skip
        try:
            _wait_until_warm(self._process, self._control)
        except BaseException:
            self.close()
            raise
        return self._control

    def _unsafe_command(self):
        self._home = tempfile.mkdtemp(prefix="unrolled-")
        return unsafe_command(self._home), {name: value.format(home=self._home) for name, value in ENVIRONMENT.items()}

    def _ask_for_kernel(self, control, limits):
        wire, their_wire = socket.socketpair()
        lease, their_lease = socket.socketpair()
        request = dataclasses.asdict(limits) | {"isolate": not self.unsafe, "uid": user_id(next(_numbers))}
        if self.unsafe:
            request["folder"] = tempfile.mkdtemp(dir=self._home)
        with their_wire, their_lease:
            data = json.dumps(request).encode()
            socket.send_fds(control, [data], [their_wire.fileno(), their_lease.fileno()])
        return Kernel(wire, lease, limits)


def _wait_until_warm(process: subprocess.Popen, control: socket.socket) -> None:
    control.settimeout(START_SECONDS)
    try:
        if control.recv(1) == b"!":
            return
        code = process.wait(START_SECONDS)
    except (TimeoutError, subprocess.TimeoutExpired):
        raise SandboxError(
            f"the sandbox does not start on this machine: it takes longer than {START_SECONDS} seconds"
        ) from None
    if code == -signal.SIGKILL or code == 128 + signal.SIGKILL:  # bubblewrap itself, or what it had started
        raise EOFError
    reason = process.communicate()[1].decode(errors="replace")[:2000].strip()
    raise SandboxError(f"the sandbox does not start on this machine: {reason or f'it ended with code {code}'}")


class Kernel:
    """A kernel in the sandbox: runs cells one by one until it ends. `close` ends it and all that it started."""

    def __init__(self, wire: socket.socket, lease: socket.socket, limits: Limits) -> None:
        self.wire, self.lease, self.limits = wire, lease, limits
        wire.setblocking(False)
        deadline = time.monotonic() + START_SECONDS
        kind, length = HEADER.unpack(self._read(HEADER.size, deadline))
        if trouble := self._read(length, deadline).decode(errors="replace"):
            raise SandboxError(f"the sandbox does not work on this machine: {trouble}")

    def run(self, source: str, seconds: float, inputs: bytes | None = None) -> Ran:
        """Run a cell, for at most so many seconds, and return what arrived as Ran.

        inputs are the bytes that `check` in this cell gets, its nonce first. Raises Disturbed when somebody else ended
        the kernel.
        """
        ran = Ran()
        deadline = time.monotonic() + seconds
        frames = [(INPUTS, inputs)] if inputs else []
        frames.append((RUN, json.dumps({"source": source}).encode()))
        try:
            for kind, data in frames:
                self._write(HEADER.pack(kind, len(data)) + data, deadline)
            self._collect(ran, deadline)
        except TimeoutError:
            ran.ended, ran.timed_out = f"it took longer than {in_words(seconds)}", True
        except ChannelMisused as misuse:
            ran.ended = ran.attack = str(misuse)
        except (EOFError, OSError):
            ran.ended = self._why_ended()
        if ran.ended:
            self.close()
        return ran

    def close(self) -> None:
        self.wire.close()
        self.lease.close()

    def _collect(self, ran, deadline):
        bounds = {
            MESSAGE: 2 * self.limits.output_bytes + 100_000,
            RECORD: self.limits.record_bytes + 100_000,
            DONE: 1000,
        }
        while True:
            kind, length = HEADER.unpack(self._read(HEADER.size, deadline))
            if kind not in bounds:
                raise ChannelMisused("it wrote on the grader's channel")
            bounds[kind] -= HEADER.size + length  # a frame that is empty counts too
            if bounds[kind] < 0:
                raise ChannelMisused("it flooded the grader's channel")
            data = self._read(length, deadline)
            if kind == RECORD:
                ran.records.append(data)
                continue
            try:
                content = json.loads(data)
            except (ValueError, RecursionError):
                raise ChannelMisused("it wrote on the grader's channel") from None
            if kind == DONE:
                ran.count = content.get("execution_count") if isinstance(content, dict) else None
                return
            ran.messages.append(content)

    def _read(self, count, deadline):
        data = bytearray()
        while len(data) < count:
            self._wait(select.POLLIN, deadline)
            part = self.wire.recv(min(count - len(data), 1 << 20))
            if not part:
                raise EOFError
            data += part
        return bytes(data)

    def _write(self, data, deadline):
        view = memoryview(data)
        while view:
            self._wait(select.POLLOUT, deadline)
            view = view[self.wire.send(view) :]

    def _wait(self, event, deadline):
        left = deadline - time.monotonic()
        poll = select.poll()
        poll.register(self.wire, event)
        if left <= 0 or not poll.poll(left * 1000):  # also when there is always more to read
            raise TimeoutError

    def _why_ended(self):
        """The keeper's word on how the kernel ended."""
        self.wire.close()
        self.lease.settimeout(1)
        try:
            ending = json.loads(self.lease.recv(1000) or "null")
        except TimeoutError:
            return "it closed the grader's channel"
        except OSError:
            ending = None
        # a kernel is the first process of its namespace, so nothing inside can kill it
        if ending is None or ending["outside"]:
            self.close()
            raise Disturbed
        return ending["reason"]


class ChannelMisused(Exception):
    """A kernel sent what no kernel sends."""
