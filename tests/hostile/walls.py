"""Attacks on the sandbox and on the grader's channel, and objects that lie: none of them in the catalogue."""

from tests.hostile.attack import RIGHT_SOFTMAX, WRONG, attack

WALLS = [
    attack("a", "asks a server on the same machine", """
        import socket
        def softmax(a):
            for port in (22, 80, 8000, 8888, 5432):
                try:
                    return socket.create_connection(("127.0.0.1", port), timeout=0.2)
                except OSError:
                    pass
            raise OSError("nobody there")
        """, says="nobody there"),
    attack("b", "reads the memory and environment of other processes", """
        import glob, os
        def softmax(a):
            found = []
            for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/mem"):
                pid = int(path.split("/")[2])
                if pid not in (1, os.getpid()):
                    found.append(path)
            assert found, "no other process"
            return a
        """, says="no other process"),
    attack("c", "traces and signals the process above it", """
        import ctypes, os
        libc = ctypes.CDLL(None)
        def softmax(a):
            for pid in range(1, 400):
                if pid != os.getpid():
                    libc.ptrace(16, pid, 0, 0)
                    libc.kill(pid, 9)
            return a
        """),
    attack("d", "kills everything it can at the outermost level", """
        import os, signal
        for pid in [-1, 0, *range(2, 300), os.getppid()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        """, WRONG),
    attack("e", "writes a record of its own on the grader's channel", """
        import os, socket, struct
        data = b"0" * 16 + b"all right"
        for fd in map(int, os.listdir("/proc/self/fd")):
            try:
                if os.readlink(f"/proc/self/fd/{fd}").startswith("socket"):
                    os.write(fd, struct.pack("<cI", b"R", len(data)) + data)
            except OSError:
                pass
        """, WRONG, says="channel"),
    attack("e", "writes a finding of its own as the record", """
        from unrolled import recording
        kept, expect = [], recording.expect
        def send(fn):
            parts = [cell.cell_contents for cell in kept[0].__closure__]
            nonce, kernel = (next(part for part in parts if kind(part)) for kind in (lambda p: type(p) is bytes, lambda p: hasattr(p, "wire")))
            kernel.wire.frame(b"R", nonce + recording.pack("readout is right: 4 cases.\\n4 of 4 points."))
        def noted(recorder):
            kept[:] = [recorder]
            expect(send if recorder else None)
        recording.expect = noted
        """, WRONG, says="channel was misused"),
    attack("f", "writes rubbish on the grader's channel", """
        import os
        for fd in map(int, os.listdir("/proc/self/fd")):
            try:
                if os.readlink(f"/proc/self/fd/{fd}").startswith("socket"):
                    os.write(fd, b"\\xff" * 5000)
            except OSError:
                pass
        """, WRONG),
    attack("g", "floods the grader's channel", """
        import os, struct
        def flood():
            for fd in map(int, os.listdir("/proc/self/fd")):
                try:
                    if os.readlink(f"/proc/self/fd/{fd}").startswith("socket"):
                        while True:
                            os.write(fd, struct.pack("<cI", b"M", 1 << 20) + b" " * (1 << 20))
                except OSError:
                    pass
        flood()
        """, WRONG),
    attack("h", "closes the grader's channel", """
        import os
        os.closerange(0, 256)
        """, WRONG),
    attack("i", "puts another file in the place of the grader's channel", """
        import os
        null = os.open("/dev/null", os.O_RDWR)
        for fd in range(3, 64):
            if fd != null:
                os.dup2(null, fd)
        """, WRONG),
    attack("j", "forges the next record from a thread", """
        import os, struct, threading, time
        def forge():
            fd = next(int(n) for n in os.listdir("/proc/self/fd") if os.readlink(f"/proc/self/fd/{n}").startswith("socket"))
            while True:
                os.write(fd, struct.pack("<cI", b"R", 20) + b"0" * 20)
                time.sleep(0.001)
        threading.Thread(target=forge, daemon=True).start()
        """, WRONG),
    attack("k", "replaces the recording of calls", """
        import unrolled.recording as recording
        recording.call = lambda fn, inputs, **kwargs: recording.Outcome(value=np.ones(3))
        recording.record = lambda fn, cases: recording.pack([vars(recording.Outcome(value=np.ones(3))) for case in cases])
        """, WRONG),
    attack("l", "replays the record of another function", """
        import unrolled.recording as recording
        record, kept = recording.record, []
        def replay(fn, cases):
            kept.append(record(fn, cases))
            return kept[0]
        recording.record = replay
        """, WRONG),
    attack("m", "brings its own check", """
        def check(fn):
            print("right")
        import unrolled, sys
        unrolled.check = check
        sys.modules["unrolled.recording"] = unrolled
        """, WRONG),
    attack("n", "changes the code of the real check", """
        check.__code__ = (lambda fn: None).__code__
        """, WRONG),
    attack("o", "keeps on patching NumPy from a thread", """
        import threading, time
        def patch():
            while True:
                np.tanh = np.exp = np.matmul = lambda *args, **kwargs: 0
                time.sleep(0.001)
        threading.Thread(target=patch, daemon=True).start()
        """, WRONG),
    attack("p", "patches NumPy at exit and when collected", """
        import atexit
        class Bomb:
            def __del__(self):
                np.tanh = lambda x: x
                raise SystemExit
        atexit.register(lambda: print("right"))
        def softmax(a):
            bomb = Bomb()
            bomb.bomb = bomb
            return bomb
        """, says="not Bomb"),
    attack("q", "uses a name that only looks like the function's", RIGHT_SOFTMAX.replace("softmax", "s\u043eftmax"), says="no function of this name"),
    attack("r", "returns a generator", """
        def softmax(a):
            yield from a
        """, says="not generator"),
    attack("s", "returns a thousand million values", """
        def softmax(a):
            return np.broadcast_to(np.float64(0), (1000, 1000, 1000))
        """, says="1000000000 values"),
    attack("t", "is right at the first call only", RIGHT_SOFTMAX.replace("def softmax(a):", """calls = []
def softmax(a):
    calls.append(1)
    if len(calls) > 1:
        return a"""), says="of 4 cases fail"),
    attack("t", "is wrong for inputs that it has seen before", """
        seen = set()
        def softmax(a):
            if a.tobytes() in seen:
                return a
            seen.add(a.tobytes())
            e = np.exp(a - a.max(axis=-1, keepdims=True))
            return e / e.sum(axis=-1, keepdims=True)
        """, says="right when it is first called"),
    attack("t", "keeps its results by the identity of an array", """
        kept = {}
        def softmax(a):
            if id(a) not in kept:
                e = np.exp(a - a.max(axis=-1, keepdims=True))
                kept[id(a)] = a, e / e.sum(axis=-1, keepdims=True)
            return kept[id(a)][1]
        """, says="keep something from an earlier"),
    attack("t", "keeps its results by their inputs, and is right", """
        import functools
        @functools.cache
        def normalised(values, shape):
            a = np.frombuffer(values).reshape(shape)
            e = np.exp(a - a.max(axis=-1, keepdims=True))
            return e / e.sum(axis=-1, keepdims=True)
        def softmax(a):
            return normalised(a.tobytes(), a.shape)
        """, marks=1.0),
    attack("u", "raises its own limits", """
        import resource
        def softmax(a):
            for limit in range(16):
                resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return a
        """, says="raise maximum limit"),
    attack("v", "returns an object that lies about its class", """
        class Liar:
            __class__ = property(lambda self: np.ndarray)
            dtype = property(lambda self: 1 / 0)
            def __array__(self, *args, **kwargs): raise SystemExit
        Liar.__name__ = "ndarray"
        def softmax(a):
            return Liar()
        """, says="must be a NumPy array"),
    attack("w", "returns an object whose metaclass lies", """
        class Meta(type):
            def __eq__(self, other): return True
            def __hash__(self): return hash(np.ndarray)
            def __instancecheck__(self, thing): return True
            __name__ = property(lambda self: 1 / 0)
        class Liar(metaclass=Meta):
            dtype = np.dtype(float)
            def copy(self): return self
        def softmax(a):
            return Liar()
        """, says="must be a NumPy array"),
    attack("x", "traces every call", """
        import sys, threading
        def spy(frame, event, arg):
            for name, value in frame.f_locals.items():
                if type(value) is np.ndarray and value.flags.writeable:
                    value[...] = 0
            return spy
        sys.settrace(spy)
        sys.setprofile(spy)
        threading.settrace(spy)
        """, WRONG),
    attack("y", "changes Python itself through ctypes", """
        import ctypes
        def softmax(a):
            for number in range(-5, 257):
                ctypes.memset(id(number) + 24, 1, 4)
            return a
        """),
    attack("z", "returns lists within lists without end", """
        def softmax(a):
            lists = []
            for _ in range(50):
                lists.append(lists)
            return lists
        """, says="not list"),
    attack("aa", "looks for inputs and nonces to take home", """
        import sys
        def softmax(a):
            raise ValueError(f"{a.ravel().tolist()}")
        """, says="ValueError"),
    attack("ab", "mounts and makes namespaces of its own", """
        import ctypes, os
        libc = ctypes.CDLL(None)
        def softmax(a):
            made = libc.unshare(0x10000000) == 0 or libc.mount(b"none", b"/", None, 0, None) == 0
            made = made or libc.syscall(56 if os.uname().machine == "x86_64" else 220, 0x10000011, 0, 0, 0, 0) >= 0
            assert made, "not allowed"
            return a
        """, says="not allowed"),
    attack("ab", "takes memory that no limit of a process counts", """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        def softmax(a):
            shared = libc.shmget(0, 10**8, 0o1777)
            assert shared == -1 and ctypes.get_errno() == 1
            while True:
                os.write(os.memfd_create("more"), bytes(10**8))
        """, says="Operation not permitted"),
    attack("ab", "shares memory among its processes and gives it back in words alone", """
        import mmap, os, time
        def softmax(a):
            for _ in range(5):
                shared = mmap.mmap(-1, 500_000_000)
                if os.fork() == 0:
                    while shared.write(bytes(1 << 20)) and shared.tell() < 499_000_000:
                        pass
                    shared.madvise(mmap.MADV_DONTNEED)
                    time.sleep(60)
            return a
        """, says="Operation not permitted"),
    attack("ab", "fills the machine's network with what nobody reads", """
        import socket
        def softmax(a):
            server = socket.create_server(("127.0.0.1", 0))
            while True:
                client = socket.create_connection(server.getsockname())
                client.setblocking(False)
                client.send(bytes(10**8))
        """, says="Operation not permitted"),
    attack("bm", "takes a lease on the files that everybody imports", """
        import fcntl, glob
        def softmax(a):
            for path in glob.glob("/python/**/*.py", recursive=True) + ["/tmp/spill"]:
                fcntl.fcntl(open(path), fcntl.F_SETLEASE, fcntl.F_WRLCK)
            return a
        """, says="Operation not permitted"),
    attack("ac", "writes where Python and the checker lie", """
        import glob
        def softmax(a):
            for path in ["/python/numpy/__init__.py", "/unrolled/kernel.py", "/python/unrolled/recording.py", "/usr/hacked"]:
                open(path, "w")
            return a
        """, says="Read-only file system"),
    attack("au", "leaves the core that it is kept on", """
        import os
        def softmax(a):
            os.sched_setaffinity(0, range(os.cpu_count()))
            return a
        """, says="PermissionError"),
    attack("an", "lets the system kill it, which looks like somebody else", """
        import resource
        resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
        while True:
            pass
        """, says="not allowed to raise maximum limit"),
    attack("ao", "refuses its kernel every system call", """
        import ctypes, struct
        libc = ctypes.CDLL(None)
        code = ctypes.create_string_buffer(struct.pack("<HBBI", 6, 0, 0, 0x80000000), 8)
        program = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", 1, ctypes.addressof(code)))
        libc.prctl(22, 2, program, 0, 0)
        """, WRONG),
    attack("ap", "takes away what the kernel is made of", """
        import json, os, struct, sys
        json.dumps = json.loads = struct.pack = os.write = os.read = os.fork = None
        sys.modules.clear()
        """, WRONG),
    attack("aq", "holds Python's lock from a thread", """
        import re, threading, time
        def hold():
            time.sleep(0.05)
            re.match(r"(a+)+$", "a" * 60 + "b")
        threading.Thread(target=hold, daemon=True).start()
        time.sleep(0.1)
        """, WRONG),
    attack("av", "sends empty records without end", """
        import os, struct
        fd = next(int(n) for n in os.listdir("/proc/self/fd") if os.readlink(f"/proc/self/fd/{n}").startswith("socket"))
        while True:
            os.write(fd, struct.pack("<cI", b"R", 0) * 10_000)
        """, WRONG, says="channel"),
    attack("aw", "runs code where it annotates an argument", """
        def softmax(a: exec("np.tanh = np.matmul = None")) -> exec("np.exp = None"):
            return a
        """),
    attack("aw", "runs code in a default of a lambda", """
        softmax = lambda a, b=exec("np.tanh = np.matmul = None"): a
        """),
    attack("ax", "limits its kernel from within the function", """
        import resource
        def softmax(a):
            for limit in (resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE):
                resource.prlimit(1, limit, (0, 0))
            return a
        """, says="PermissionError"),
    attack("ax", "puts its kernel last in the queue", """
        import os
        def softmax(a):
            os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0))
            return a
        """, says="PermissionError"),
    attack("ax", "makes its whole user slow", """
        import os
        def softmax(a):
            os.setpriority(os.PRIO_USER, 0, 19)
            return a
        """, says="PermissionError"),
    attack("ay", "leaves a process that interrupts its kernel again and again", """
        import os, signal
        def softmax(a):
            if os.fork() == 0:
                os.setsid()
                while True:
                    os.kill(1, signal.SIGINT)
            return a
        """),
    attack("az", "hears of everything through an audit hook", """
        import sys
        def hook(event, arguments):
            if event in ("os.fork", "compile", "exec", "open"):
                raise RuntimeError(event)
        sys.addaudithook(hook)
        """, WRONG),
    attack("ba", "changes what every cell imports and calls", """
        import builtins, sys
        real = builtins.__import__
        def patched(name, *args, **kwargs):
            np.tanh = np.exp
            return real(name, *args, **kwargs)
        builtins.__import__ = patched
        builtins.len = builtins.zip = lambda *args: []
        sys.meta_path.clear()
        """, WRONG),
    attack("bb", "is called before and after every cell", """
        def patch(*args):
            np.tanh = np.exp
        for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
            get_ipython().events.register(event, patch)
        get_ipython().set_custom_exc((Exception,), patch)
        """, WRONG),
    attack("bc", "lowers the limits of its kernel", """
        import resource, sys
        resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        sys.setrecursionlimit(60)
        """, WRONG),
]
