"""The command `unrolled`: what an instructor types. `unrolled doctor` works for students too, without its libraries.

It answers Ctrl-C from its first line to its last: with one sentence, and nothing else on the terminal. So that first
line imports next to nothing, and the last ends the process at once.
"""

import os
import signal
import sys
import time

MISSING = (
    "The command `unrolled {0}` needs the instructor's part of the package; in the course's folder: "
    "pip install -e '.[grading]'."
)
STOPPED = "Stopped: what is done is kept, and the same command goes on from here."
SHOW_CURSOR = "\x1b[?25h"  # a progress bar hides it
PATIENCE = (
    0.3  # seconds until Ctrl-C is answered without the main thread, which may wait in a library, such as SQLite's
)


def main():
    """Entry point. Only `doctor` runs on what a student has installed."""
    _answer_signals()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a name stops nobody
    try:
        code = _run()
    except SystemExit as end:
        code = end.code
    if isinstance(code, str):
        print(code, file=sys.stderr)
        code = 1
    _leave(code or 0)


def _run():
    try:
        from unrolled.grading.run.lean import start_lean

        start_lean()
        from unrolled.grading.commands import app

        return app()
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "unrolled":
            raise
        command, *arguments = sys.argv[1:] or [""]
        if command == "doctor":
            from unrolled import doctor

            return doctor.main(arguments)
        return MISSING.format(command)


def _leave(code):
    """End with what was printed and without the interpreter's farewell, in which Ctrl-C would be a traceback."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # who read it has gone, as in `unrolled marks 02-rnn | head`
        code = code or 1
    os._exit(code)


_first = iter([True])


def _stop(number, frame=None):
    """Say so and go, at once: processes that grade see this one go, and go too."""
    if not next(_first, False):  # a second Ctrl-C, while the first is answered
        time.sleep(PATIENCE)
        return
    text = f"{SHOW_CURSOR}\n{STOPPED}\n" if os.isatty(2) else f"{STOPPED}\n"
    try:
        os.write(2, text.encode("ascii"))
    finally:  # nobody may be there to read it
        os._exit(128 + number)


def _answer_signals():
    """Answer Ctrl-C and a request to end, but for one that whoever started this has had ignored."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    from threading import Thread

    heard, hears = os.pipe()
    os.set_blocking(hears, False)
    Thread(target=_listen, args=[heard], daemon=True).start()
    signal.set_wakeup_fd(hears, warn_on_full_buffer=False)


def _listen(heard):
    """Answer for the main thread where that does not come to it. Only the numbers of signals with a handler arrive."""
    number = os.read(heard, 1)[0]
    time.sleep(PATIENCE)
    _stop(number)
