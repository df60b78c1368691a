"""What a course keeps for itself beside the gradebook: small JSON files in .unrolled/."""

import json
from datetime import timedelta

from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.files import write_whole

EXTENSIONS = "extensions"  # by assignment and student: seconds
HIDDEN = "hidden"  # by assignment, notebook and cell: the source of a cell with hidden tests


def read_kept(course: Course, name: str) -> dict:
    """The dict that was kept under a name; empty when nothing was. Raises CourseError when it cannot be read."""
    path = course.private / f"{name}.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError:
        kept = None
    if not isinstance(kept, dict):
        raise CourseError(f"{path} is damaged: put back your copy of it, or delete it and enter anew what it held.")
    return kept


def keep(course: Course, name: str, values: dict) -> None:
    """Keep a dict under a name, whole or not at all."""
    course.private.mkdir(mode=0o700, exist_ok=True)
    write_whole(
        course.private / f"{name}.json",
        json.dumps(values, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n",
        mode=0o600,
    )


def extension_of(course: Course, assignment: str, student: str) -> timedelta | None:
    """How much longer than others a student may take, as was granted, or None."""
    seconds = read_kept(course, EXTENSIONS).get(assignment, {}).get(student)
    return None if seconds is None else timedelta(seconds=seconds)
