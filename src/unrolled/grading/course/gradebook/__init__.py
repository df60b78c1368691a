"""The one place that reads and writes nbgrader's gradebook:
one engine, one transaction a submission, and no SQL elsewhere.

The rows are those that nbgrader's own `autograde` would have written, so that formgrader, feedback and export go on
from there. Beside them stands one table of ours: of each graded notebook, what was handed in, against which state of
the assignment it was graded, and what was found. It is written in the same transaction, so it is never ahead of the
marks nor behind them, whenever a run is stopped.
"""

from unrolled.grading.course.gradebook.entries import NO_RESPONSE, Found, Lateness, Mark, Student, can_be_kept
from unrolled.grading.course.gradebook.record import Record, open_record

__all__ = ["NO_RESPONSE", "Found", "Lateness", "Mark", "Record", "Student", "can_be_kept", "open_record"]
