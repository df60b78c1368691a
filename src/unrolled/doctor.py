"""What is missing on this machine, and how to mend it. Runs on what a student has installed, NumPy and the standard library."""

import argparse
import importlib
import importlib.metadata
import os
import re
import shutil
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
ANEW = "install the course's package anew, in the assignment's folder: pip install --force-reinstall -r requirements.txt"


def main(arguments=()):
    """Print one line a finding; 0 when nothing that this person needs is missing, else 1."""
    parser = argparse.ArgumentParser(prog="unrolled doctor", description="Say what is missing on this machine and how to mend it.")
    parser.add_argument("--grading", action="store_true", help="look at what an instructor needs, too")
    grading = parser.parse_args(arguments).grading
    findings = [*examine_python(), *examine_packages(), *examine_jupyter(), *examine_check()]
    if grading:
        findings += [*examine_packages("grading"), *examine_sandbox(), *examine_course()]
    for well, text in findings:
        print(f"{'ok  ' if well else 'MEND'} {text}")
    bad = sum(not well for well, _ in findings)
    print("All is well." if not bad else f"{bad} to mend.")
    return 1 if bad else 0


def examine_python():
    """This Python is one that the course runs on."""
    found = sys.version_info[:2]
    text = f"Python {found[0]}.{found[1]}"
    if OLDEST <= found <= NEWEST:
        yield True, text
    else:
        yield False, f"{text}: this course runs on Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}; make the environment with one of these"


def examine_packages(extra=None):
    """Each package that this one requires can be imported: those that everybody needs, or those of an extra."""
    for requirement in importlib.metadata.requires("unrolled"):
        wanted, _, condition = (part.strip() for part in requirement.partition(";"))
        if condition != (f"extra == '{extra}'" if extra else ""):
            continue
        package = re.match(r"[\w-]+", wanted)[0]
        try:
            importlib.import_module(package.replace("-", "_"))
            yield True, f"{package} {importlib.metadata.version(package)}"
        except Exception as error:      # whatever hinders an import hinders the student
            yield False, f"{package} cannot be imported ({error}): pip install --force-reinstall '{wanted}'"


def examine_jupyter():
    """Something that opens a notebook; VS Code and hosted services bring their own."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
    found = [name for name in ("jupyter-lab", "jupyter-notebook") if shutil.which(name, path=path)]
    if found:
        yield True, f"{found[0]} opens notebooks"
    else:
        yield False, "neither JupyterLab nor Jupyter Notebook is here: pip install jupyterlab (not needed with VS Code or Colab)"


def examine_check():
    """The checker says of a right function that it is right."""
    try:
        from unrolled import examine, reference

        passed = examine(reference.softmax).passed
        yield passed, "check works" if passed else f"check calls a right function wrong: {ANEW}"
    except Exception as error:
        yield False, f"check does not work ({type(error).__name__}: {error}): {ANEW}"


def examine_sandbox():
    """A kernel starts in the sandbox and answers: with the mounts, user ids and limits of real grading."""
    if sys.platform != "linux":
        yield False, "bubblewrap, in which submissions run, needs Linux: grade in a virtual machine with Debian or Ubuntu"
        return
    try:
        from unrolled.grading.limits import Limits
        from unrolled.grading.sandbox import Sandbox, SandboxError
    except ImportError:
        return      # said already
    try:
        with Sandbox() as sandbox:
            answered = sandbox.kernel(Limits()).run("1 + 1", seconds=30).count == 1
        yield answered, "the sandbox runs a cell" if answered else "the sandbox starts, but a cell does not run in it"
    except SandboxError as error:
        yield False, f"{error}{_remedy()}"


def _remedy():
    """What lets bubblewrap work on a machine where it is installed and does not: the kinds of machine that forbid it."""
    if not shutil.which("bwrap"):
        return ""       # the error says what to install
    if _reads("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
        return "; Ubuntu forbids it to ordinary users until you say: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
    if _reads("/proc/sys/kernel/unprivileged_userns_clone") == "0":
        return "; this kernel forbids it to ordinary users until you say: sudo sysctl -w kernel.unprivileged_userns_clone=1"
    if _reads("/proc/sys/user/max_user_namespaces") == "0":
        return "; this kernel allows no user namespaces until you say: sudo sysctl -w user.max_user_namespaces=10000"
    if any(map(os.path.exists, ("/.dockerenv", "/run/.containerenv", "/var/run/secrets/kubernetes.io"))):
        return "; a container must be allowed to make namespaces: the teaching guide has the option for Docker and for Kubernetes"
    return ""


def _reads(path):
    """The text of a small file, or None where there is none."""
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return None


def examine_course():
    """The course in this folder can be opened, its gradebook too."""
    try:
        from unrolled.grading.course import CourseError, open_course
    except ImportError:
        return      # said already
    try:
        course = open_course()
        yield True, f"the course at {course.root}"
        yield True, f"its assignments: {', '.join(sorted(path.name for path in course.releases.iterdir()))}"
    except (CourseError, OSError) as error:
        yield False, str(error)
