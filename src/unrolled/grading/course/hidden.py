"""Hidden tests: what stands between `### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS` in an instructor's own test cell.

The release is without them, so grading takes them from the source, in solutions/.
"""

import json
import re

from unrolled.grading.course.course import Course, CourseError

REGION = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*\n?", re.MULTILINE | re.DOTALL)


def hidden_tests(course: Course, assignment: str) -> dict[str, dict[str, str]]:
    """The whole sources of the cells with hidden tests, by notebook and grade_id.

    Raises CourseError where such a cell has changed since it was released: nobody knows which of its tests count then.
    """
    found: dict[str, dict[str, str]] = {}
    for notebook, release in course.release_notebooks(assignment).items():
        path = course.solutions / assignment / f"{notebook}.ipynb"
        released = _sources(release)
        whole = (
            {name: source for name, source in _sources(path.read_bytes()).items() if REGION.search(source)}
            if path.exists()
            else {}
        )
        for name, source in whole.items():
            if REGION.sub("", source).strip() != released.get(name, "").strip():
                raise CourseError(
                    f"the cell {name} with hidden tests has changed since it was released: run `unrolled release {assignment}`."
                )
        found[notebook] = whole
    return found


def _sources(content):
    """The source of each cell that has one, by grade_id."""
    cells = json.loads(content)["cells"]
    return {
        name: "".join(cell["source"])
        for cell in cells
        if (name := cell["metadata"].get("nbgrader", {}).get("grade_id"))
    }
