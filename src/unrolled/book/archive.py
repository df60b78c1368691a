"""Zips that are the same bytes whenever they hold the same content."""

import zipfile

LONG_AGO = (1980, 1, 1, 0, 0, 0)        # the earliest date that a zip can say


def write_zip(path, files):
    """Write files, pairs of a name and its bytes, into a new zip at path; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
