"""What grading needs of the place where it runs, looked at before anything is started."""

import resource

from unrolled.grading.course import CourseError

OPEN_FILES = 256        # that a kernel is allowed in the sandbox, and the driver needs no more


def refuse_cramped():
    """Raise CourseError where too few files may be open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        raise CourseError(f"only {hard} files may be open at a time, and grading needs {OPEN_FILES}: see `ulimit -Hn`, or ask who runs this machine.")
    if soft != resource.RLIM_INFINITY and soft < OPEN_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))
