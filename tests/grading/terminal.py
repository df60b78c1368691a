"""A real terminal: a command as the leader of a session of its own, its keyboard and its screen in our hands."""

import os
import pty
import select
import signal
import termios
import time

CTRL_C = b"\x03"


def keep_what_is_printed(terminal):
    """Without this Ctrl-C throws away what is on its way to the screen, and a test would see more or less as it
    is quick or slow."""
    settings = termios.tcgetattr(terminal)
    settings[3] |= termios.NOFLSH
    termios.tcsetattr(terminal, termios.TCSANOW, settings)


class Terminal:
    """A command on a terminal, a context manager: `shown` is what the terminal was sent so far."""

    def __init__(self, command, folder, environment):
        self.shown = b""
        self.pid, self.keyboard = pty.fork()
        if self.pid == 0:
            try:
                keep_what_is_printed(0)
                os.chdir(folder)
                # as on any terminal, also where the tests run in the background
                signal.signal(signal.SIGINT, signal.SIG_DFL)
                os.execve(command[0], command, environment)
            finally:
                os._exit(127)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.keyboard)

    def press(self, keys):
        os.write(self.keyboard, keys)

    def read(self, seconds=0.0, until=b"\0"):
        """Go on reading for some seconds, or until something is shown; whether the command goes on."""
        end = time.monotonic() + seconds
        while until not in self.shown:
            if not select.select([self.keyboard], [], [], max(0.0, end - time.monotonic()))[0]:
                return True
            try:
                part = os.read(self.keyboard, 1 << 16)
            except OSError:     # Linux's way to say that the last program has left the terminal
                part = b""
            if not part:
                return False
            self.shown += part
        return True

    def end(self, seconds=120):
        """(exit code, text) once the command has ended: a signal's number, negative, where one ended it."""
        assert not self.read(seconds), f"it goes on: {self.shown.decode()}"
        _, status = os.waitpid(self.pid, 0)
        self.pid = None
        # a line may be cut short in a letter
        return os.waitstatus_to_exitcode(status), self.shown.decode(errors="replace")
