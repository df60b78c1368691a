"""A log of marks: what changed whose mark or comment, when, and by whom, in the transaction that changes it.

It is kept wherever this course's settings are read: by our commands, nbgrader's, and formgrader.
"""

import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import Column, DateTime, Integer, String, Text, event, insert, inspect, select

from unrolled.grading.course.gradebook.tables import OwnBase

PROGRAMS = ("unrolled", "nbgrader")
LOGGED = {
    api.Grade: {"manual_score": "points by hand", "extra_credit": "extra credit", "auto_score": "points by grading"},
    api.Comment: {"manual_comment": "comment"},
    api.SubmittedNotebook: {"late_submission_penalty": "taken off for lateness"},
}


class Change(OwnBase):
    __tablename__ = "unrolled_changes"

    id = Column(Integer, primary_key=True)
    at = Column(DateTime, nullable=False)  # in UTC
    by = Column(String(128), nullable=False)  # the account
    way = Column(String(128), nullable=False)  # the command, or formgrader
    student = Column(String(128), nullable=False, index=True)
    assignment = Column(String(128), nullable=False, index=True)
    cell = Column(String(128))
    what = Column(String(32), nullable=False)
    before = Column(Text)
    after = Column(Text)


def who() -> str:
    """The account that this process has: on a hub, the name that it has there."""
    try:
        return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):  # a number that has no name
        return str(os.getuid())


def way() -> str:
    """The command that this process is: "unrolled grade"; else it is formgrader's server."""
    program = Path(sys.argv[0]).name
    return " ".join([program, *sys.argv[1:2]]) if program in PROGRAMS else "formgrader"


def _new(mapper, connection, row):
    """What a row holds from the beginning is no change, nor what is written in the same breath."""
    vars(row)["_is_new"] = True


def _log(mapper, connection, row):
    """Write down what an update of one of nbgrader's rows changes."""
    state: Any = inspect(row)
    histories = {what: state.attrs[name].history for name, what in LOGGED[type(row)].items()}
    changed = {
        what: history for what, history in histories.items() if history.has_changes() and not vars(row).get("_is_new")
    }
    pairs = {what: (_text(history.deleted), _text(history.added)) for what, history in changed.items()}
    pairs = {what: (before, after) for what, (before, after) in pairs.items() if before != after}
    if pairs:
        Change.__table__.create(connection, checkfirst=True)
        place = connection.execute(_place_of(row)).mappings().one()
        about = dict(place) | {"at": datetime.now(UTC).replace(tzinfo=None), "by": who()[:128], "way": way()[:128]}
        connection.execute(
            insert(Change),
            [about | {"what": what, "before": before, "after": after} for what, (before, after) in pairs.items()],
        )


def _text(values):
    """The value in a history as a text, or None for none."""
    value = values[0] if values else None
    return None if value in (None, "") else f"{value:g}" if isinstance(value, float | int) else str(value)


def _place_of(row):
    """A query for the student, assignment and cell that a row is about."""
    notebook = row.id if isinstance(row, api.SubmittedNotebook) else row.notebook_id
    names = [api.SubmittedAssignment.student_id.label("student"), api.Assignment.name.label("assignment")]
    query = select(*names, *([] if isinstance(row, api.SubmittedNotebook) else [api.BaseCell.name.label("cell")]))
    query = query.select_from(api.SubmittedNotebook).where(api.SubmittedNotebook.id == notebook)
    query = query.join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
    query = query.join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
    return (
        query if isinstance(row, api.SubmittedNotebook) else query.join(api.BaseCell, api.BaseCell.id == row.cell_id)
    )


for table in LOGGED:
    event.listen(table, "after_insert", _new)
    event.listen(table, "after_update", _log)
