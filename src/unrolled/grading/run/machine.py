"""What grading needs of the place where it runs, looked at before anything is started,
and by `unrolled doctor --grading`."""

import os
import resource
import shutil
import sys
from collections.abc import Iterator

from unrolled.grading.course.course import CourseError, open_course
from unrolled.grading.notebook.bubblewrap import SandboxError
from unrolled.grading.notebook.limits import Limits
from unrolled.grading.notebook.sandbox import Sandbox

OPEN_FILES = 256  # that a kernel is allowed in the sandbox, and the driver needs no more


def refuse_cramped() -> None:
    """Raise CourseError where too few files may be open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        raise CourseError(
            f"only {hard} files may be open at a time, and grading needs {OPEN_FILES}: see `ulimit -Hn`, "
            "or ask who runs this machine."
        )
    if soft != resource.RLIM_INFINITY and soft < OPEN_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))


def examine() -> Iterator[tuple[bool, str]]:
    """What a doctor finds here: whether it is well, and a line on it,
    for the sandbox and for the course in this folder."""
    yield from examine_sandbox()
    yield from examine_course()


def examine_sandbox() -> Iterator[tuple[bool, str]]:
    """A kernel starts in the sandbox and answers: with the mounts, user ids and limits of real grading."""
    if sys.platform != "linux":
        yield (
            False,
            "bubblewrap, in which submissions run, needs Linux: grade in a virtual machine with Debian or Ubuntu",
        )
        return
    try:
        with Sandbox() as sandbox:
            answered = sandbox.kernel(Limits()).run("1 + 1", seconds=30).count == 1
        yield answered, "the sandbox runs a cell" if answered else "the sandbox starts, but a cell does not run in it"
    except SandboxError as error:
        yield False, f"{error}{_remedy()}"


def _remedy():
    """What lets bubblewrap work on a machine where it is installed and does not:
    the kinds of machine that forbid it."""
    if not shutil.which("bwrap"):
        return ""  # the error says what to install
    if _reads("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            "; Ubuntu forbids it to ordinary users until you say: "
            "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        )
    if _reads("/proc/sys/kernel/unprivileged_userns_clone") == "0":
        return (
            "; this kernel forbids it to ordinary users until you say: "
            "sudo sysctl -w kernel.unprivileged_userns_clone=1"
        )
    if _reads("/proc/sys/user/max_user_namespaces") == "0":
        return "; this kernel allows no user namespaces until you say: sudo sysctl -w user.max_user_namespaces=10000"
    if any(map(os.path.exists, ("/.dockerenv", "/run/.containerenv", "/var/run/secrets/kubernetes.io"))):
        return (
            "; a container must be allowed to make namespaces: the teaching guide has the option for Docker and for "
            "Kubernetes"
        )
    return ""


def _reads(path):
    """The text of a small file, or None where there is none."""
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return None


def examine_course() -> Iterator[tuple[bool, str]]:
    """The course in this folder can be opened."""
    try:
        course = open_course()
        yield True, f"the course at {course.root}"
        yield True, f"its assignments: {', '.join(sorted(path.name for path in course.releases.iterdir()))}"
    except (CourseError, OSError) as error:
        yield False, str(error)
