"""Hidden tests: what stands between `### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS` in an instructor's own test cell.

The release is without them, so grading takes them from the source, in solutions/; where that is not on this machine,
from what the last release has kept in .unrolled/.
"""

import json
import re

from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.kept import HIDDEN, keep, read_kept
from unrolled.grading.notebook.release import is_test, read_release

REGION = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*\n?", re.MULTILINE | re.DOTALL)


def hidden_tests(course: Course, assignment: str) -> dict[str, dict[str, str]]:
    """The whole sources of the cells with hidden tests, by notebook and grade_id.

    Raises CourseError where such a cell has changed since it was released: nobody knows which of its tests count then.
    """
    found: dict[str, dict[str, str]] = {}
    kept = read_kept(course, HIDDEN).get(assignment, {})
    for notebook, release in course.release_notebooks(assignment).items():
        released = _sources(release)
        whole = _in_source(course, assignment, notebook)
        whole = kept.get(notebook, {}) if whole is None else whole
        for name, source in whole.items():
            if REGION.sub("", source).strip() != released.get(name, "").strip():
                raise CourseError(
                    f"the cell {name} with hidden tests has changed since it was released: run `unrolled release {assignment}`."
                )
        found[notebook] = whole
    return found


def of_unknown_source(course: Course, assignment: str) -> list[str]:
    """Names of test cells of which nobody can tell whether they hide a part: their source is not on this machine,
    and no release has kept anything, as those of the first edition did not."""
    if assignment in read_kept(course, HIDDEN):
        return []
    return [
        cell["metadata"]["nbgrader"]["grade_id"]
        for notebook, release in course.release_notebooks(assignment).items()
        if _in_source(course, assignment, notebook) is None
        for cell in read_release(release)["cells"]
        if is_test(cell)
    ]


def keep_hidden_tests(course: Course, assignment: str) -> None:
    """Keep those of an assignment's source, as it has just been released, for a machine or a day without it."""
    found = {name: _in_source(course, assignment, name) for name in course.release_notebooks(assignment)}
    keep(
        course,
        HIDDEN,
        read_kept(course, HIDDEN) | {assignment: {name: whole for name, whole in found.items() if whole}},
    )


def _in_source(course, assignment, notebook):
    """The source of each cell with hidden tests by grade_id, or None where there is no source."""
    path = course.solutions / assignment / f"{notebook}.ipynb"
    if not path.exists():
        return None
    return {name: source for name, source in _sources(path.read_bytes()).items() if REGION.search(source)}


def _sources(content):
    """The source of each cell that has one, by grade_id."""
    cells = json.loads(content)["cells"]
    return {
        name: "".join(cell["source"])
        for cell in cells
        if (name := cell["metadata"].get("nbgrader", {}).get("grade_id"))
    }
