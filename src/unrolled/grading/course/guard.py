"""nbgrader's own commands and formgrader, as careful as `unrolled` is.

nbgrader copies all that lies in a student's folder, whatever it is and wherever a link leads, lets the text of
timestamp.txt name a file that is opened, deletes a release before it looks at the source of the next, lets run in
formgrader what a student wrote, and shows there what it has read once, whatever was graded since. It has no setting
for any of these, so nbgrader_config.py calls `guard()`, which puts this course's own ways in the place of nbgrader's.
"""

import fnmatch
import functools
import glob
import tempfile
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.server_extensions.formgrader.base import BaseHandler

from unrolled.grading.course import formgrader
from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.hidden import keep_hidden_tests
from unrolled.grading.course.release import sources, try_release
from unrolled.grading.course.submission import read_timestamp, take_along
from unrolled.grading.course.summary import show

copy_all, find_named, generate = BaseConverter.init_assignment, Autograde.init_notebooks, GenerateAssignment.start


def guard() -> None:
    """Let nbgrader, in this process, take ordinary files of a bounded size alone, whatever a student has called the
    notebook, read dates by our grammar, try a release before it makes it, show submissions as harmless pages, and read
    the gradebook anew for each page."""
    CourseDirectory.get_existing_timestamp = _existing_timestamp
    NbGraderAPI.get_submitted_timestamp = _submitted_timestamp
    BaseConverter.init_assignment = _init_assignment
    Autograde.init_notebooks = _init_notebooks
    GenerateAssignment.start = _generate
    BaseHandler.on_finish = _on_finish
    formgrader.protect()


def _existing_timestamp(directory, folder):
    timestamp, remark = read_timestamp(Path(folder))
    if remark:
        directory.log.warning("%s: %s", show(str(folder)), show(remark))
    return timestamp


def _submitted_timestamp(desk, assignment, student):
    directory = desk.coursedir
    return read_timestamp(Path(directory.format_path(directory.submitted_directory, student, assignment)))[0]


def _init_assignment(converter, assignment, student):
    """Of what lies beside a submission, grading needs what the exchange has laid there;
    the other converters read folders of the course's own."""
    if isinstance(converter, Autograde):
        take_along(
            Path(converter._format_source(assignment, student)), Path(converter._format_dest(assignment, student))
        )
    else:
        copy_all(converter, assignment, student)


def _init_notebooks(converter):
    """Of each hand-in, every notebook that was released: under what name it lies there, the exporter finds out."""
    course, directory = Course(Path(converter.coursedir.root), converter.config), converter.coursedir
    released = [path.stem for path in (course.releases / directory.assignment_id).glob("*.ipynb")]
    folders = glob.glob(converter._format_source(directory.assignment_id, directory.student_id))
    names = fnmatch.filter(sorted(released), directory.notebook_id)
    if not names or not folders:
        return find_named(converter)  # which says what is missing
    converter.assignments = {folder: [str(Path(folder, f"{name}.ipynb")) for name in names] for folder in folders}
    converter.notebooks = []
    return None


@functools.wraps(generate)
def _generate(converter):
    course, assignment = Course(Path(converter.coursedir.root), converter.config), converter.coursedir.assignment_id
    if assignment in sources(course):
        try:
            with tempfile.TemporaryDirectory() as place:
                try_release(course, assignment, Path(place), keep=not converter.no_database)
        except CourseError as error:
            converter.log.error("%s", error)
            raise NbGraderException(str(error)) from error
    generate(converter)
    if assignment in sources(course) and not converter.no_database:
        keep_hidden_tests(course, assignment)


def _on_finish(handler):
    """Formgrader has one session as long as it runs: ended with each request, it holds nothing that
    grading then changes."""
    if gradebook := handler.settings.get("nbgrader_gradebook"):
        gradebook.db.remove()
