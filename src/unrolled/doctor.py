"""What is missing on this machine, and how to mend it. Runs on what a student has installed, NumPy and the
standard library.

What only an instructor needs is looked at by `unrolled.grading.run.machine`.
"""

import argparse
import importlib
import importlib.metadata
import os
import re
import shutil
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
ANEW = (
    "install the course's package anew, in the assignment's folder: pip install --force-reinstall -r requirements.txt"
)


def main(arguments=(), examine_grading=lambda: ()):
    """Print one line a finding; 0 when nothing that this person needs is missing, else 1.

    examine_grading gives the findings that grading adds, where it is installed.
    """
    parser = argparse.ArgumentParser(
        prog="unrolled doctor", description="Say what is missing on this machine and how to mend it."
    )
    parser.add_argument("--grading", action="store_true", help="look at what an instructor needs, too")
    grading = parser.parse_args(arguments).grading
    findings = [*examine_python(), *examine_packages(), *examine_jupyter(), *examine_check()]
    if grading:
        findings += [*examine_packages("grading"), *examine_grading()]
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
        yield (
            False,
            f"{text}: this course runs on Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}; "
            "make the environment with one of these",
        )


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
        except Exception as error:  # whatever hinders an import hinders the student
            yield False, f"{package} cannot be imported ({error}): pip install --force-reinstall '{wanted}'"


def examine_jupyter():
    """Something that opens a notebook; VS Code and hosted services bring their own."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
    found = [name for name in ("jupyter-lab", "jupyter-notebook") if shutil.which(name, path=path)]
    if found:
        yield True, f"{found[0]} opens notebooks"
    else:
        yield (
            False,
            "neither JupyterLab nor Jupyter Notebook is here: pip install jupyterlab (not needed with VS Code or "
            "Colab)",
        )


def examine_check():
    """The checker says of a right function that it is right."""
    try:
        from unrolled import examine, reference

        passed = examine(reference.softmax).passed
        yield passed, "check works" if passed else f"check calls a right function wrong: {ANEW}"
    except Exception as error:
        yield False, f"check does not work ({type(error).__name__}: {error}): {ANEW}"
