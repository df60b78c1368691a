"""A text beside a notebook says when it was handed in, and decides nothing else."""

import os
import subprocess
import sys
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nbgrader.utils import parse_utc

from unrolled.grading.course.timestamp import YEARS, parse_timestamp


@pytest.mark.parametrize(
    "text",
    [
        "2015-02-02 15:58:23.948203 UTC",
        "2015-02-02 15:58:23.948203 America/Los_Angeles",
        "2015-07-02 15:58:23 Europe/Berlin",
        "2015-02-02 15:58:23",
        "2015-02-02 15:58",
        "2015-02-02T15:58:23Z",
        "2015-02-02T15:58:23.948203+01:00",
        "2015-02-02 15:58:23-0530",
        "2015-02-02 15:58 Etc/GMT+5",
        "  2015-02-02 15:58:23.948203 UTC\n",
    ],
)
def test_what_is_written_for_nbgrader_means_what_it_means_there(text):
    assert parse_timestamp(text) == parse_utc(text.strip())


def test_an_offset_after_a_blank_is_in_hours():
    assert parse_timestamp("2015-02-02 15:58:23 +0100") == datetime(2015, 2, 2, 14, 58, 23)


def test_the_short_name_of_this_machines_zone_is_known():
    program = "from unrolled.grading.course.timestamp import parse_timestamp as p; print(*(p(f'2026-{day} 02:30 {zone}').isoformat() for day, zone in"
    program += " [('07-01', 'CEST'), ('01-01', 'CET'), ('10-25', 'CEST'), ('10-25', 'CET')]))"
    done = subprocess.run([sys.executable, "-c", program], env=os.environ | {"TZ": "Europe/Berlin"}, capture_output=True, text=True)
    assert done.stdout.split() == ["2026-07-01T00:30:00", "2026-01-01T01:30:00", "2026-10-25T00:30:00", "2026-10-25T01:30:00"], done.stderr


NAUGHTY = [
    "", "never", "2026-03-01", "2026-13-01 10:00", "2026-03-01 25:00", "2026-03-01 10:00 +99:00", "2026-03-01 10:00:61",
    "0001-01-01 00:00 +14:00", "9999-12-31 23:59 -12:00", "9999999-01-01 10:00", "1969-12-31 23:59 UTC",
    *(f"2026-03-01 10:00:00 {zone}" for zone in ["../x", "/proc/self/mem", "/etc/shadow", "x" * 300, "a/" * 400, "9" * 30, "posixrules", "Moon/Sea", "UTC UTC"]),
    "9" * 30 + "36m", "2026-03-01 10:00 " + "9" * 30 + "36m", "2026-03-01\0 10:00", "\udcff", "٢٠٢٦-٠٣-٠١ ١٠:٠٠",
]  # fmt: skip


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_what_is_no_date_is_a_value_error(text):
    with pytest.raises((ValueError, OverflowError)):
        parse_timestamp(text)


def test_no_file_that_a_text_names_is_opened():
    """The interpreter itself tells of every file that is opened."""
    program = "import sys\nfrom unrolled.grading.course.timestamp import parse_timestamp, _zones\n_zones()\nopened = []\n"
    program += "sys.addaudithook(lambda event, what: opened.append(what) if event in ('open', 'os.listdir', 'os.scandir') else None)\n"
    program += "for text in sys.stdin.read().split('|'):\n    try: parse_timestamp(text)\n    except (ValueError, OverflowError): pass\nprint(opened)"
    texts = "|".join(text.replace("\0", "").replace("\udcff", "") for text in NAUGHTY)
    done = subprocess.run([sys.executable, "-c", program], input=texts, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


DIGITS = st.text("0123456789-:.+TZ ", max_size=40)


@given(st.one_of(st.text(max_size=40), DIGITS, DIGITS.map(lambda text: f"2026-03-01 10:00:00 {text}"), st.datetimes().map(str)))
@example("2099-12-31 23:59:59.999999-23:59")
def test_any_text_is_a_moment_of_a_term_or_a_value_error(text):
    try:
        found = parse_timestamp(text)
    except (ValueError, OverflowError):
        return
    assert found.tzinfo is None and YEARS[0] - 1 <= found.year <= YEARS[-1] + 1
