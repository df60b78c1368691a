"""What all commands of `unrolled` share: the program, its two streams,
and how a command ends where something is wrong."""

import functools
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

app = typer.Typer(
    name="unrolled",
    help="The instructor's desk: release an assignment, collect and grade what a class hands in, return feedback, "
    "export marks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out, err = Console(), Console(stderr=True)

Assignment = Annotated[str, typer.Argument(help="The assignment's name, such as 02-rnn.")]
Folder = Annotated[Path, typer.Option("--course", help="The folder of the course, where nbgrader_config.py is.")]
HERE = Path(".")


def command(function):
    """A command that ends with one sentence and exit code 1 where the course itself is at fault."""

    @app.command()
    @functools.wraps(function)
    def run(*args, **kwargs):
        try:
            function(*args, **kwargs)
        except Exception as error:
            if (said := _said_of(error)) is None:
                raise
            err.print(Text(said), soft_wrap=True)
            sys.exit(1)

    return run


def _said_of(error):
    """One sentence on an error that a person can mend, or None. Its kinds are imported only here: most
    commands need none."""
    from sqlalchemy.exc import SQLAlchemyError

    from unrolled.exercises.recorded import ReferenceMissing
    from unrolled.grading.course.course import CourseError
    from unrolled.grading.notebook.bubblewrap import SandboxError

    if isinstance(error, CourseError | SandboxError | ReferenceMissing):
        return str(error)
    if isinstance(error, OSError | SQLAlchemyError):  # a full disk, a gradebook that went away
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        return f"{reason}. What is done is kept; run the same command again when this is mended."
    return None


def counted(number, thing):
    """Such as "1 page" and "2 pages"."""
    return f"{number} {thing}{'' if str(number) == '1' else 's'}"
