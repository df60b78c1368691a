"""Where nbgrader's own autograding meets this course's: `nbgrader autograde` and formgrader's button.

nbgrader reads a submission through an exporter, so that is where the whole grading stands: what the exporter hands on
is the notebook that was rebuilt, run in the sandbox and verified. All that is left for nbgrader is to read the scores
from it and keep them. In nbgrader_config.py:

    c.Autograde.exporter_class = "unrolled.grading.run.exporter.GradingExporter"
    c.Autograde.sanitize_preprocessors = []
    c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties"]

The limits are those of `c.Limits`; `c.GradingExporter.unsafe_no_sandbox = True` runs submissions without a sandbox.
"""

import json
import weakref
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat import from_dict
from traitlets import Bool

from unrolled.grading.course.course import Course
from unrolled.grading.course.deadlines import apply_extension
from unrolled.grading.course.hidden import hidden_tests
from unrolled.grading.course.submission import read_submission
from unrolled.grading.notebook.limits import limits_from
from unrolled.grading.notebook.task import Grader, Task, ungraded


class GradingExporter(NotebookExporter):
    """Hands nbgrader a graded notebook in the place of the submitted one."""

    unsafe_no_sandbox = Bool(False, help="Run submissions as ordinary processes. Only for code that you trust.").tag(
        config=True
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.grader = Grader()
        weakref.finalize(self, self.grader.close)

    def from_filename(self, filename, resources=None, **kwargs):
        """The graded notebook of a submitted file; a file that was graded before is read as it is."""
        if not self.parent._sanitizing:
            return super().from_filename(filename, resources=resources, **kwargs)
        result = self._grade(Path(filename), resources["nbgrader"])
        for text in filter(None, [result.ungraded, *(remark.text for remark in result.remarks)]):
            self.log.warning("%s, %s: %s", result.student, result.notebook, text)
        return self.from_notebook_node(from_dict(json.loads(result.graded)), resources, **kwargs)

    def _grade(self, path, names):
        course = Course(Path(self.parent.coursedir.root), self.config)
        apply_extension(course, names["assignment"], names["student"])
        limits = limits_from(self.config)
        submission = read_submission(path.parent, names["notebook"], limits.submission_bytes)
        task = Task(
            assignment=names["assignment"],
            student=names["student"],
            notebook=names["notebook"],
            release=course.release_notebooks(names["assignment"])[names["notebook"]],
            submission=submission.content,
            secret=course.secret,
            limits=limits,
            unsafe_no_sandbox=self.unsafe_no_sandbox,
            hidden=hidden_tests(course, names["assignment"])[names["notebook"]],
        )
        return ungraded(task, submission.unusable) if submission.unusable else self.grader.grade(task)
