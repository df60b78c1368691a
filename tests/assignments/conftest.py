"""Every assignment that has a source is held to the same rules."""

from pathlib import Path

import pytest

from unrolled.grading.course import release
from unrolled.grading.course.course import open_course

ROOT = Path(__file__).parents[2]
NAMES = sorted({text.parent.name for text in ROOT.glob("solutions/*/*.py")})


@pytest.fixture(scope="session")
def course():
    return open_course(ROOT)


@pytest.fixture(params=NAMES)
def assignment(request):
    return request.param


@pytest.fixture
def source(course, assignment):
    """The instructor's notebook of the assignment."""
    (text,) = (course.solutions / assignment).glob("*.py")
    return release.read_source(text)
