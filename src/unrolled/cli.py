"""The command `unrolled`: what an instructor types. `unrolled doctor` works for students too, without its libraries."""

import sys

MISSING = "The command `unrolled {0}` needs the instructor's part of the package; in the course's folder: pip install -e '.[grading]'."


def main():
    """Entry point. Only `doctor` runs on what a student has installed."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")       # a terminal that knows few letters is told of the others, not stopped by them
    try:
        from unrolled.grading.commands import app

        app()
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "unrolled":
            raise
        command, *arguments = sys.argv[1:] or [""]
        if command == "doctor":
            from unrolled import doctor

            sys.exit(doctor.main(arguments))
        sys.exit(MISSING.format(command))
