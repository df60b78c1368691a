"""What nbgrader's own commands and formgrader read of a student's folder, read as carefully as `unrolled grade` does.

nbgrader copies all that lies in a folder, whatever it is and wherever a link leads, and lets the text of timestamp.txt name a file that is
opened. It has no setting for either, so nbgrader_config.py calls `guard()`, which puts this course's own reading in the place of nbgrader's.
"""

import tempfile
from datetime import datetime
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default.collect import ExchangeCollect

from unrolled.grading.files import copy_ordinary
from unrolled.grading.submission import read_timestamp, take_along
from unrolled.grading.summary import show
from unrolled.grading.timestamp import parse_timestamp

copy_all, copy_from_exchange = BaseConverter.init_assignment, ExchangeCollect.do_copy


def guard():
    """Let nbgrader, in this process, take ordinary files of a bounded size alone, and read dates by our grammar."""
    CourseDirectory.get_existing_timestamp = _existing_timestamp
    NbGraderAPI.get_submitted_timestamp = _submitted_timestamp
    BaseConverter.init_assignment = _init_assignment
    ExchangeCollect._path_to_record = _path_to_record
    ExchangeCollect.do_copy = _copy_from_exchange


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
