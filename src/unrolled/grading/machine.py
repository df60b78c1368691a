"""What grading needs of the place where it runs, looked at before anything is started."""

import os
import resource
import tempfile

from unrolled.grading.course import CourseError

OPEN_FILES = 256        # that a kernel is allowed in the sandbox, and the driver needs no more
LONGEST_PLACE = 70      # bytes of the folder for temporary files: a socket's whole path may have 107


def refuse_cramped():
    """Raise CourseError where too few files may be open, or where no socket fits into the folder for temporary files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        raise CourseError(f"only {hard} files may be open at a time, and grading needs {OPEN_FILES}: see `ulimit -Hn`, or ask who runs this machine.")
    if soft != resource.RLIM_INFINITY and soft < OPEN_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))
    place = tempfile.gettempdir()
    if len(os.fsencode(place)) > LONGEST_PLACE:
        raise CourseError(f"the folder for temporary files, {place}, has too long a name for a socket in it: grade with TMPDIR=/tmp.")
