"""nbgrader's own commands and formgrader, as careful as `unrolled` is.

nbgrader copies all that lies in a student's folder, whatever it is and wherever a link leads, lets the text of timestamp.txt name a file that
is opened, and deletes a release before it looks at the source of the next. It has no setting for any of these, so nbgrader_config.py calls
`guard()`, which puts this course's own ways in the place of nbgrader's.
"""

import tempfile
from datetime import datetime
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default.collect import ExchangeCollect

from unrolled.grading.course import Course, CourseError
from unrolled.grading.files import copy_ordinary
from unrolled.grading.release import sources, try_release
from unrolled.grading.submission import read_timestamp, take_along
from unrolled.grading.summary import show
from unrolled.grading.timestamp import parse_timestamp

copy_all, copy_from_exchange, generate = BaseConverter.init_assignment, ExchangeCollect.do_copy, GenerateAssignment.start


def guard():
    """Let nbgrader, in this process, take ordinary files of a bounded size alone, read dates by our grammar, and try a release before it makes it."""
    CourseDirectory.get_existing_timestamp = _existing_timestamp
    NbGraderAPI.get_submitted_timestamp = _submitted_timestamp
    BaseConverter.init_assignment = _init_assignment
    ExchangeCollect._path_to_record = _path_to_record
    ExchangeCollect.do_copy = _copy_from_exchange
    GenerateAssignment.start = _generate


def _existing_timestamp(directory, folder):
    timestamp, remark = read_timestamp(Path(folder))
    if remark:
        directory.log.warning("%s: %s", show(str(folder)), show(remark))
    return timestamp


def _submitted_timestamp(desk, assignment, student):
    directory = desk.coursedir
    return read_timestamp(Path(directory.format_path(directory.submitted_directory, student, assignment)))[0]


def _init_assignment(converter, assignment, student):
    """Of what lies beside a submission, grading needs what the exchange has laid there; the other converters read folders of the course's own."""
    if isinstance(converter, Autograde):
        take_along(Path(converter._format_source(assignment, student)), Path(converter._format_dest(assignment, student)))
    else:
        copy_all(converter, assignment, student)


def _path_to_record(exchange, path):
    """Whose a folder in the exchange is, and when it came there, by its name; one without a date is older than any other."""
    name = Path(path).name
    student, _, when = name.rsplit("+", 3)[:3]
    try:
        timestamp = parse_timestamp(when)
    except (ValueError, OverflowError):
        timestamp = datetime.min
        exchange.log.warning("%s: its name holds no date", show(str(path)))
    return {"username": student, "filename": name, "timestamp": timestamp}


def _copy_from_exchange(exchange, source, target, log=None):
    with tempfile.TemporaryDirectory() as place:
        ordinary = Path(place, "ordinary")
        for name in copy_ordinary(Path(source), ordinary, 1000 * exchange.coursedir.max_dir_size):
            exchange.log.warning("%s: left out %s, which is no ordinary file or too large", show(str(source)), show(name))
        copy_from_exchange(exchange, ordinary, target, log)


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
