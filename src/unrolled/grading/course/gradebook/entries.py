"""What a gradebook holds, as plain values: entries and what was found in them, marks, comments, students, lateness."""

import json
from dataclasses import dataclass, field

from unrolled.grading.notebook.remarks import Remark

NO_RESPONSE = "No response."  # nbgrader's comment on a cell that nobody changed
LONGEST_NAME = 128  # characters that nbgrader's tables have for a student's id


@dataclass(frozen=True)
class Found:
    """What grading one notebook found, as the summary shows it; the keys are names of functions."""

    messages: dict[str, str] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    ungraded: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Entry:
    """What the gradebook holds of one student's notebook; found is None when nbgrader's own command graded it."""

    student: str
    notebook: str
    handed_in: str | None
    against: str | None
    found: Found | None


@dataclass(frozen=True)
class Mark:
    """One student's mark for one graded cell."""

    student: str
    notebook: str
    name: str
    score: float
    points: float
    needs_person: bool
    by_person: bool  # the score is one that a person gave

    @property
    def waits(self) -> bool:
        """Whether it is a person's to give, and nobody has."""
        return self.needs_person and not self.by_person


@dataclass(frozen=True)
class Comment:
    """What stands under one cell for its student."""

    student: str
    notebook: str
    name: str
    text: str | None
    by_person: bool


@dataclass(frozen=True)
class Student:
    """One student of the course, as the gradebook knows them; lms_number is what Canvas or Moodle calls them by."""

    id: str
    first: str | None = None
    last: str | None = None
    email: str | None = None
    lms_number: str | None = None

    @property
    def name(self) -> str:
        return " ".join(filter(None, [self.first, self.last]))


@dataclass(frozen=True)
class Lateness:
    """How long after the deadline, extension included, a student handed in, and the points that it cost."""

    seconds: float
    penalty: float


def can_be_kept(name: str) -> bool:
    """Whether a folder's name can be a student's id in every gradebook: proper text, and not too long."""
    try:
        return bool(name.encode()) and len(name) <= LONGEST_NAME
    except UnicodeEncodeError:
        return False


def read_found(text: str | None) -> Found | None:
    """The Found that a row holds, or None where there is none or it is damaged: then the notebook is graded again."""
    try:
        found = json.loads(text or "null")
        remarks = tuple(Remark(**remark) for remark in found.pop("remarks", ()))
        return Found(**found, remarks=remarks)
    except (AttributeError, ValueError, TypeError):
        return None
