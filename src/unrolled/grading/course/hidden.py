"""Hidden tests: what stands between `### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS` in an
instructor's own test cell.

The release is without them, so grading takes them from the source, in solutions/; where that is not on this machine,
from what the last release has kept in .unrolled/.
"""

import json
import re

from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.kept import HIDDEN, keep, read_kept
from unrolled.grading.notebook.release import grade_id_of, is_test, read_release

REGION = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*\n?", re.MULTILINE | re.DOTALL)


def hidden_tests(course: Course, assignment: str) -> dict[str, dict[str, str]]:
    """The whole sources of the cells with hidden tests, by notebook and grade_id.

    Raises CourseError where such a cell has changed since it was released: nobody knows which of its tests count then.
    """
    found: dict[str, dict[str, str]] = {}
    kept = read_kept(course, HIDDEN).get(assignment, {})
    for notebook, release in course.release_notebooks(assignment).items():
        released = _sources(json.loads(release))
        whole = _in_source(course, assignment, notebook) if _tests(release) else {}
        whole = kept.get(notebook, {}) if whole is None else whole
        for name, source in whole.items():
            if REGION.sub("", source).strip() != released.get(name, "").strip():
                raise CourseError(
                    f"the cell {name} with hidden tests has changed since it was released: "
                    f"run `unrolled release {assignment}`."
                )
        found[notebook] = whole
    return found


def of_unknown_source(course: Course, assignment: str) -> list[str]:
    """Names of test cells of which nobody can tell whether they hide a part: their source is not on this machine,
    and no release has kept anything, as those of the first edition did not."""
    if assignment in read_kept(course, HIDDEN):
        return []
    return [
        name
        for notebook, release in course.release_notebooks(assignment).items()
        for name in _tests(release)
        if _in_source(course, assignment, notebook) is None
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
    """The source of each cell with hidden tests by grade_id, or None where there is no source: its
    text, or a notebook."""
    from unrolled.grading.course.release import read_source  # which keeps them

    text, path = (course.solutions / assignment / f"{notebook}.{kind}" for kind in ("py", "ipynb"))
    if not text.exists() and not path.exists():
        return None
    whole = read_source(text) if text.exists() else json.loads(path.read_bytes())
    return {name: source for name, source in _sources(whole).items() if REGION.search(source)}


def _tests(release):
    """The names of a release's cells with tests of an instructor's own, of which a part may be hidden."""
    return [grade_id_of(cell) for cell in read_release(release)["cells"] if is_test(cell)]


def _sources(notebook):
    """The source of each cell that has one, by grade_id."""
    return {
        name: "".join(cell["source"])
        for cell in notebook["cells"]
        if (name := cell["metadata"].get("nbgrader", {}).get("grade_id"))
    }
