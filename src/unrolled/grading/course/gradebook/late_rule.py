"""What lateness costs: nbgrader's plugin for late submissions, or a rule of the course's own in its place."""

import math
import sys

from unrolled.grading.course.course import Course, CourseError


class LateRule:
    """The plugin that a course's settings name; its module may lie in the course's folder.
    Raises CourseError when it cannot be used."""

    def __init__(self, course: Course) -> None:
        from nbgrader.preprocessors import AssignLatePenalties

        if str(course.root) not in sys.path:
            sys.path.append(str(course.root))
        try:
            assign = AssignLatePenalties(config=course.config)
            assign.init_plugin()
        except Exception as error:  # whatever is wrong with a module of the instructor's
            rule = course.config.AssignLatePenalties.get("plugin_class")
            raise CourseError(
                f"AssignLatePenalties.plugin_class, {rule!r}, cannot be used: {type(error).__name__}: {error}"
            ) from error
        self._plugin = assign.plugin_inst

    def penalty(self, student: str, score: float, seconds: float) -> float | None:
        """The points that a student's notebook of some score loses for so many seconds: from 0 to all
        of them, or None.
        Raises CourseError when the rule fails."""
        name = type(self._plugin).__name__
        try:
            penalty = self._plugin.late_submission_penalty(student, score, seconds)
            penalty = None if penalty is None else float(penalty)
        except Exception as error:
            raise CourseError(f"the late rule {name} fails: {type(error).__name__}: {error}") from error
        if penalty is not None and math.isnan(penalty):
            raise CourseError(f"the late rule {name} gives no number of points for {student}.")
        return None if penalty is None else min(max(penalty, 0.0), score)
