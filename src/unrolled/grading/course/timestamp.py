"""When something was handed in, as a text beside it says:
a small grammar, so that no text decides what is opened or how long it takes.

    2027-03-05 16:58:23.948203 UTC                  as nbgrader's exchange writes it; without a zone it is UTC
    2027-03-05 16:58:23 Europe/Berlin               a name of the IANA's, or of this machine's own zone, such as CET
    2027-03-05T16:58:23+01:00, 2027-03-05 16:58     ISO 8601

nbgrader's own parser hands the zone to `dateutil.tz.gettz`, which opens a file of that name.
"""

import re
import time
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

LONGEST = 100  # characters that a moment's text may have
YEARS = range(1970, 2100)  # others are no hand-in's, and near the ends of the calendar nbgrader cannot add a zone
MOMENT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)"
    r"(?: ?(?P<offset>Z|[+-]\d\d(?::?\d\d)?)| (?P<zone>[A-Za-z][\w+/-]*))?",
    re.ASCII,
)


def parse_timestamp(text: str) -> datetime:
    """The moment that a text names, in UTC and without a zone, as nbgrader keeps it.
    Raises ValueError where it names none."""
    text = text.strip()
    found = MOMENT.fullmatch(text) if len(text) <= LONGEST else None
    if not found:
        raise ValueError("no date and time in a form that is known")
    moment = datetime.fromisoformat(f"{found['date']}T{found['time']}{found['offset'] or ''}")
    if moment.year not in YEARS:
        raise ValueError("no year of a hand-in")
    if found["zone"]:
        moment = _in_zone(moment, found["zone"])
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _in_zone(moment, name):
    if name.upper() in ("UTC", "GMT"):
        return moment.replace(tzinfo=UTC)
    if name in time.tzname:
        return moment.replace(
            fold=int(name == time.tzname[0])
        ).astimezone()  # of an hour that comes twice, the second is standard time
    if name in _zones():
        return moment.replace(tzinfo=ZoneInfo(name))
    raise ValueError("no zone that is known")


@cache
def _zones():
    """Names of the zones that this machine knows: only what is among them is looked up."""
    return available_timezones()
