"""Zips that are the same bytes whenever they hold the same content of the same edition."""

import datetime
import zipfile

LONG_AGO = datetime.date(1980, 1, 1)  # the earliest date that a zip can say
READABLE = 0o100644 << 16  # a plain file that its owner may write and everybody read


def write_zip(path, files, day=None):
    """Write files, pairs of a name and its bytes, into a new zip at path, dated by day; its folder is made
    where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, (*(day or LONG_AGO).timetuple()[:3], 12, 0, 0))
            info.external_attr = READABLE
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
