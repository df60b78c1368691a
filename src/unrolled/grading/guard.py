"""What nbgrader's own commands and formgrader read of a student's folder, read as carefully as `unrolled grade` does.

nbgrader copies all that lies in a folder, whatever it is and wherever a link leads, and lets the text of timestamp.txt name a file that is
opened. It has no setting for either, so nbgrader_config.py calls `guard()`, which puts this course's own reading in the place of nbgrader's.
"""

from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory

from unrolled.grading.submission import read_timestamp, take_along
from unrolled.grading.summary import show

copy_all = BaseConverter.init_assignment


def guard():
    """Let nbgrader, in this process, take ordinary files of a bounded size alone, and read dates by our grammar."""
    CourseDirectory.get_existing_timestamp = _existing_timestamp
    NbGraderAPI.get_submitted_timestamp = _submitted_timestamp
    BaseConverter.init_assignment = _init_assignment


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
