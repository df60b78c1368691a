"""Whatever a student's code does to the page's Python: a readable sentence, and Python is there again."""

import pytest

pytestmark = pytest.mark.xdist_group("page_worker")

GREEDY = "memory that is never given back"         # takes all the gigabytes that there may be, and so its time
HOSTILE = {
    "os._exit": ("import os\nos._exit(3)", "The code ended Python itself."),
    "recursion without a limit": (
        "import sys\nsys.setrecursionlimit(10**9)\ndef f(n):\n    return [f(m) for m in [n + 1]]\nf(0)",
        "called itself",
    ),
    "recursion through NumPy": (
        "import sys\nimport numpy as np\nsys.setrecursionlimit(10**9)\ndef f(n):\n    return np.apply_along_axis(f, 0, n)\nf(np.ones(3))",
        "called itself",
    ),
    "recursion": ("def f(n):\n    return f(n + 1)\nf(0)", "called itself"),
    "an array larger than memory": ("import numpy as np\nnp.ones(10**12)", "ValueError: Maximum allowed dimension exceeded"),
    GREEDY: ("hoard = []\nwhile True:\n    hoard.append(bytearray(10**8))", "MemoryError"),
    "input": ("input('name? ')", "input() has nobody to ask here"),
    "threads": ("import threading\nthreading.Thread(target=print).start()", "RuntimeError: can't start new thread"),
    "the network": ("import js\nawait_me = js.fetch('/x')\nfrom urllib.request import urlopen", "no urllib.request"),
    "an object that is no text": ("class Loud:\n    def __repr__(self): raise ValueError('no')\nLoud()", "ValueError: no"),
    "an error that cannot be told": ("class Mute(Exception):\n    def __str__(self): raise SystemExit\nraise Mute", "Mute"),
}


def lives(python):
    result, printed = python("print(6 * 7)", desk="afterwards")
    return result["error"] is None and printed == "42\n"


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.soak) if name == GREEDY else name for name in HOSTILE])
def test_python_is_there_again_after(python, name):
    source, words = HOSTILE[name]
    result, _ = python(source)
    assert words in result["error"]
    assert "\n" not in result["error"].split("\n\n")[0], "one sentence, not a traceback"
    assert lives(python)


def test_an_endless_loop_is_stopped_and_python_is_there_again(python):
    python.page.evaluate("""() => {
        window.stopped = unrolledPython.run("test", [["a", "print('begun', flush=True)\\nwhile True: pass"]], null, {
            onPrint: (text) => (window.begun = text),
        });
    }""")
    python.page.wait_for_function("window.begun")
    python.page.evaluate("unrolledPython.stop()")
    assert python.page.evaluate("stopped")["stopped"]
    assert lives(python)


def test_output_without_end_neither_floods_the_page_nor_stops_it(python):
    result, printed = python("for i in range(1_000_000): print('line', i)")
    assert result["error"] is None
    assert len(printed) < 21_000 and printed.endswith("\nline 999999\n")


def test_what_is_printed_before_the_end_is_shown(python):
    result, printed = python("print('before')\n1 / 0")
    assert printed == "before\n" and "ZeroDivisionError" in result["error"]


def test_runs_take_turns(python):
    ran = python.page.evaluate("""() => Promise.all([3, 1, 2].map(async (n) => {
        let printed = "";
        await unrolledPython.run("test", [["a", `print(${n})`]], null, { onPrint: (text) => (printed += text) });
        return printed;
    }))""")
    assert ran == ["3\n", "1\n", "2\n"]


def test_the_pages_python_is_told_of_no_network(python):
    result, printed = python("import js\nprint([name for name in ('XMLHttpRequest', 'WebSocket', 'EventSource') if hasattr(js, name)])")
    assert (result["error"], printed) == (None, "[]\n")
