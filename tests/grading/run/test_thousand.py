"""A thousand submissions in a row: as quick at the end as at the start, in as little memory. `make soak` runs this."""

import functools
import statistics
import time

import psutil
import pytest

from tests.grading.classroom import ASSIGNMENT, new_course, small_class
from unrolled.grading.course.feedback import write_pages
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.run.driver import Run
from unrolled.grading.run.workers import local_results

COUNT = 1000


@pytest.mark.soak
@pytest.mark.xdist_group("thousand")
def test_a_thousand_submissions_take_no_longer_and_no_more(tmp_path):
    made = list(small_class(50).values())       # so every hundred holds the same
    course = new_course(tmp_path, {f"s{place:04}": made[place % len(made)] for place in range(COUNT)})
    ends, memory, driver = [], [], psutil.Process()

    def note(result):
        ends.append(time.perf_counter())
        memory.append(driver.memory_info().rss)

    with open_record(course, ASSIGNMENT) as record:
        run = Run(course, record, ASSIGNMENT)
        run.grade(run.plan().todo, functools.partial(local_results, jobs=2), note)
        assert len(record.entries()) == COUNT
        # medians: the first hundred starts the workers, and any hundred may meet a busy moment of the machine
        gaps = [after - before for before, after in zip(ends, ends[1:], strict=False)]
        assert statistics.median(gaps[-100:]) <= 1.15 * statistics.median(gaps[:100])
        assert memory[-1] - memory[100] < 30e6
        assert write_pages(course, record) == COUNT
