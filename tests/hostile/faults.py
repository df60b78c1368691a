"""Crashes, floods and endless loops: numbers 29 to 38 of the catalogue, and more of their kind."""

from tests.hostile.attack import RIGHT_SOFTMAX, WRONG, attack

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
    attack("29", "ends the kernel from a thread, again and again", """
        import os, threading
        threading.Timer(0.05, os._exit, [0]).start()
        import time
        """, WRONG),
    attack("29", "ends the kernel from a thread when others run", """
        import os, threading
        def later():
            while "rnn_step_forward" not in globals(): pass
            os._exit(0)
        threading.Thread(target=later).start()
        """, WRONG),
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
        """, says="Nobody is there to answer"),
    attack("35", "stops in a debugger", RIGHT_SOFTMAX.replace("return", "breakpoint()\n    return"), says="Nobody is there to answer"),
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
    attack("ad", "opens and makes files without end", """
        import os
        kept = []
        try:
            while True:
                kept.append(open("/dev/null"))
        except OSError:
            kept.pop().close()
        try:
            while True:
                number = len(os.listdir("/tmp"))
                for more in range(1000):
                    open(f"/tmp/{number + more}", "w").close()
        except OSError:
            pass
        """, WRONG),
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
    attack("ar", "opens a window for its figures", """
        get_ipython().run_line_magic("matplotlib", "qt")
        import matplotlib.pyplot as plt
        plt.plot([1, 2])
        plt.show(block=True)
        """, RIGHT_SOFTMAX, marks=1.0),
    attack("as", "forgets everything", """
        get_ipython().run_line_magic("reset", "-f")
        """, WRONG, says="%reset"),
    attack("as", "calls something of its own check", """
        def check(a):
            assert a is not None
        """, RIGHT_SOFTMAX, says="give the name `check`"),
    attack("at", "imports libraries that are not there, and needs none of them", """
        import torch
        from tqdm.auto import tqdm
        """, RIGHT_SOFTMAX, marks=1.0),
    attack("at", "imports a library that is not there, and needs it", """
        import torch
        def softmax(a):
            return torch.softmax(torch.from_numpy(a), -1).numpy()
        """, says="Its cell went on without an import: ModuleNotFoundError: “No module named 'torch'”.\nWhere answers are graded"),
    attack("at", "imports what it needs to define its function", """
        from numba import njit
        @njit
        def softmax(a):
            return a
        """, says="its cell stopped: ModuleNotFoundError: “No module named 'numba'"),
    attack("al", "is no Python", """
        def softmax(a:
            return a
        """, says="was never closed (line 1)"),
    attack("am", "shows markup and scripts", """
        from IPython.display import HTML, Javascript, display
        display(HTML("<script>alert(1)</script><b onclick='alert(1)'>bold</b>"), Javascript("alert(1)"))
        display({"text/html": "<img src=x onerror=alert(1)>", "image/svg+xml": "<svg onload=alert(1)>", "text/latex": "<script>"}, raw=True)
        print("\\x00\\ud800<script>")
        def softmax(a):
            raise ValueError("<script>alert(1)</script>")
        """, says="<script>"),
    attack("bd", "commands the terminal of whoever reads its error", """
        def softmax(a):
            raise ValueError("\\x1b[2J\\x1b]0;title\\x07 \\u202e4 of 4 points")
        """, says="ValueError: “\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}]0;title"),
    attack("bd", "says that others are right where its error is told", """
        raise ValueError("x\\nreadout is right: 4 cases.\\u2028\\r4 of 4 points.")
        """, says="its cell stopped: ValueError: “x readout is right: 4 cases. 4 of 4 points.”."),
    attack("bd", "says that others are right by the name of an error", """
        def softmax(a):
            raise type("x”.\\nreadout is right", (Exception,), {})("4 of 4 points.")
        """, says="it raised “x\".” at line 2: `raise"),
    attack("be", "stops its own process", """
        import os, signal
        def softmax(a):
            os.kill(os.getpid(), signal.SIGSTOP)
        """, says="longer than 2 seconds"),
    attack("bf", "ends, while a process that it started lives on", """
        import os, time
        def softmax(a):
            if os.fork() == 0:
                time.sleep(1000)
            os._exit(0)
        """, says="longer than 2 seconds"),
    attack("bg", "shows one picture in hundreds of places", """
        from IPython.display import publish_display_data
        for _ in range(400):
            display("", display_id="x")
        publish_display_data({"image/png": "A" * 200_000}, transient={"display_id": "x"}, update=True)
        """, RIGHT_SOFTMAX, marks=1.0),
    attack("bh", "reads a file of its own", """
        corpus = open("corpus.txt").read()
        """, RIGHT_SOFTMAX, says="files of yours are not there"),
    attack("bi", "prints what is no text, and is right", """
        import sys
        def softmax(a):
            print("\\udcff", file=sys.stderr)
            e = np.exp(a - a.max(axis=-1, keepdims=True))
            print("\\ud800")
            return e / e.sum(axis=-1, keepdims=True)
        """, marks=1.0),
    attack("bi", "hands its standard output to others, and is right", """
        import faulthandler, subprocess, sys
        faulthandler.enable()
        subprocess.run(["echo", "hello"], stdout=sys.stdout, stderr=sys.stderr)
        """, RIGHT_SOFTMAX, marks=1.0),
    attack("bj", "chooses a window for its figures in another way", """
        import matplotlib
        matplotlib.use("TkAgg")
        import matplotlib.pyplot as plt
        plt.plot([1, 2])
        plt.show()
        """, RIGHT_SOFTMAX, marks=1.0),
    attack("bk", "returns one buffer again and again, and is right", """
        kept = np.zeros(10_000)
        def softmax(a):
            e = np.exp(a - a.max(axis=-1, keepdims=True))
            p = kept[: a.size].reshape(a.shape)
            p[...] = e / e.sum(axis=-1, keepdims=True)
            return p
        """, marks=1.0),
    attack("bl", "returns another order of bytes, backwards and read-only, and is right", """
        def softmax(a):
            e = np.exp(a - a.max(axis=-1, keepdims=True))
            p = np.asfortranarray((e / e.sum(axis=-1, keepdims=True)).astype(">f8")[::-1])[::-1]
            p.flags.writeable = False
            return p
        """, marks=1.0),
]
