"""A command run by a real other user, one without any right, whatever user the tests have.

    python -m tests.ordinary_user NAME HOME COMMAND...      as root: becomes a user whom nobody knew, then the command
    python -m tests.ordinary_user root HOMES COMMAND...     as root, who stays root, to start servers of such users

That user must reach its home, Python and this checkout, though they may lie in a folder that only root may enter. So
what the command sees is a file system of its own, where they lie at the same places and all may enter, and where such
users have names.
"""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
USERS = {"ordinary": 54321, "teacher": 54322, "ada": 54323, "bob": 54324, "eve": 54325}
NEW_MOUNTS, MS_BIND, MS_REC, MS_PRIVATE = 0x00020000, 1 << 12, 1 << 14, 1 << 18
libc = ctypes.CDLL(None, use_errno=True)


def run_as_ordinary_user(home, *command, name="ordinary", cwd=ROOT, **options):
    """The CompletedProcess of a command that an ordinary user ran; home becomes theirs, with all that lies in it."""
    line = [sys.executable, "-m", "tests.ordinary_user", name, str(home), *map(str, command)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}
    return subprocess.run(line, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


def become_ordinary_user(number):
    """Give up root for good."""
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)


def see_a_machine_of_our_own(homes, readable):
    """A file system in which the users have names and homes, and may reach what they need. Raises OSError where
    even root may not."""
    system("unshare", NEW_MOUNTS)
    system("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    name_users(homes)
    for closed in {folder for path in readable if (folder := closed_folder(path))}:
        open_up(closed, [path for path in readable if path.is_relative_to(closed)])


def name_users(homes):
    """Let the system, as far as the command can see, know the users by name, and their homes by the same name.

    It sees a copy of /etc. A file that is mounted over /etc/passwd alone goes away when somebody, elsewhere, puts a
    new file in its place, as whoever adds a user does: PostgreSQL's server, when it first starts.
    """
    with tempfile.TemporaryDirectory() as place:
        system("mount", b"tmpfs", os.fsencode(place), b"tmpfs", 0, b"mode=0755")
        shutil.copytree("/etc", place, symlinks=True, dirs_exist_ok=True, copy_function=copy_if_there)
        with open(f"{place}/passwd", "a") as known:
            known.writelines(f"{name}:x:{number}:{number}::{homes / name}:/bin/sh\n" for name, number in USERS.items())
        system("mount", os.fsencode(place), b"/etc", None, MS_BIND, None)
        system("umount", os.fsencode(place))


def copy_if_there(source, target):
    """Copy a file, but for one that is gone meanwhile, as a lock may be."""
    with contextlib.suppress(FileNotFoundError):
        shutil.copy2(source, target)


def closed_folder(path):
    """The topmost folder above a path that others may not enter, or None."""
    return next((folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None)


def open_up(folder, wanted):
    """Cover a folder by an empty one that all may enter, in which only the wanted paths lie."""
    held = {path: os.open(path, os.O_PATH) for path in wanted}
    system("mount", b"tmpfs", os.fsencode(folder), b"tmpfs", 0, b"mode=0755")
    for path, fd in held.items():
        path.mkdir(parents=True, exist_ok=True)
        system("mount", b"/proc/self/fd/%d" % fd, os.fsencode(path), None, MS_BIND | MS_REC, None)
        os.close(fd)


def system(name, *arguments):
    if getattr(libc, name)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def main(name, home, *command):
    here, home = os.getcwd(), Path(home)
    if name == "root":
        homes, own = home, {}
    else:
        homes, own = home.parent, {"HOME": str(home), "TMPDIR": str(home), "USER": name, "LOGNAME": name}
        give(home, name)
    see_a_machine_of_our_own(homes, [home, ROOT, *{Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix)}])
    if name != "root":
        become_ordinary_user(USERS[name])
    os.chdir(here)      # the same place, now by way of what was opened up
    os.environ |= own | {"PYTHONDONTWRITEBYTECODE": "1"}
    os.execvp(command[0], command)


def give(home, name):
    """Let a home, with all that lies in it, be a user's."""
    for path in [home, *home.rglob("*")]:
        os.chown(path, USERS[name], USERS[name], follow_symlinks=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
