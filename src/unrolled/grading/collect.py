"""From an LMS's zip of downloads to submitted/: nbgrader's `zip_collect`, with bounds on archives and the names that
Canvas and Moodle give to files.

Canvas   lovelaceada_LATE_12345_67890_rnn-1.ipynb                         name, user, attachment, file
Moodle   Ada Lovelace_657737_assignsubmission_file_/rnn.ipynb             name, participant, file

The number is the student's id in the course. `unrolled marks` writes it where the LMS looks for it.
"""

import gzip
import os
import re
import shutil
import tarfile
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from nbgrader import api
from nbgrader.apps import ZipCollectApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from sqlalchemy.orm import Session
from traitlets import Integer

from unrolled.grading.course import CourseError
from unrolled.grading.submission import NOTEBOOK
from unrolled.grading.summary import show

ARCHIVES = (".zip", ".tar", ".gz", ".tgz")
CANVAS = re.compile(r"(?P<name>[^_/]*)_(?P<late>LATE_)?(?P<student>\d+)_\d+_(?P<rest>[^/]+)")
MOODLE = re.compile(r"(?P<name>[^/]*?)_(?P<student>\d+)_assignsubmission_file_?(?P<rest>[^/]*)")
COPY_MARK = re.compile(r"(?: ?\(\d+\)|-\d+)$")      # what a browser and Canvas add to the second file of one name
CHUNK = 1 << 20


class BadArchive(Exception):
    """An archive that is not opened; the message says why."""


@dataclass
class Allowance:
    """What may still be written while one download is opened."""

    files: int
    bytes: int

    def take_file(self):
        self.files -= 1
        if self.files < 0:
            raise BadArchive("it holds too many files")

    def take_bytes(self, count):
        self.bytes -= count
        if self.bytes < 0:
            raise BadArchive("it unpacks to more than is allowed")

    @contextmanager
    def part(self, share):
        """An Allowance of one part in so many. What is taken of it counts, unless an error ends it: then nothing stays."""
        given = Allowance(self.files // share, self.bytes // share)
        left = replace(given)
        yield left
        self.files -= given.files - left.files
        self.bytes -= given.bytes - left.bytes


class BoundedExtractor(ExtractorPlugin):
    """nbgrader's extractor with bounds: nothing outside the folder, no links, no devices, no bombs."""

    max_files = Integer(20_000, help="Files that one download may hold, archives inside it included.").tag(config=True)
    max_bytes = Integer(2_000_000_000, help="Bytes that one download may unpack to.").tag(config=True)
    max_depth = Integer(2, help="Archives inside archives that are opened: the download itself, and what a student zipped.").tag(config=True)
    share = Integer(20, help="An archive inside the download may take up one part in so many of what is left, so nobody uses up the others' room.").tag(config=True)

    def extract(self, archive_path, extracted_path):
        """Unpack all that lies in archive_path into extracted_path. What is refused is logged and left out."""
        for path in sorted(Path(archive_path).rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            target = Path(extracted_path) / path.relative_to(archive_path)
            if path.name.lower().endswith(ARCHIVES):
                self._open(path, target.with_name(stem_of(path.name)), Allowance(self.max_files, self.max_bytes))
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)

    def _open(self, path, folder, allowance, depth=1):
        try:
            with allowance.part(self.share if depth > 1 else 1) as part:
                unpack(path, folder, part, self.log.warning)
        except Exception as error:      # whatever is wrong with an archive, the others are opened
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)      # its name still says whose it is
            self.log.warning("Not opened: %s: %s", show(str(path)), show(str(error)))
            return
        for inner in [found for found in sorted(folder.rglob("*")) if found.name.lower().endswith(ARCHIVES) and found.is_file()]:
            if depth < self.max_depth:
                self._open(inner, _new_folder(inner), allowance, depth + 1)
            inner.unlink()


def _new_folder(archive):
    """A folder beside an archive, for what it holds, that does not exist."""
    folder = archive.with_name(stem_of(archive.name) + "_")
    while folder.exists():
        folder = folder.with_name(folder.name + "_")
    return folder


def unpack(path, folder, allowance, warn):
    """The ordinary files of a zip or tar under folder. Entries that point elsewhere are left out and warned of."""
    if zipfile.is_zipfile(path):
        _unpack_zip(path, folder, allowance, warn)
    else:
        with tempfile.TemporaryDirectory() as place:
            _unpack_tar(_without_gzip(path, Path(place, "plain.tar"), allowance.bytes), folder, allowance, warn)


def _without_gzip(path, plain, limit):
    """The tar file itself: of a compressed one, tarfile would read a header of any length into memory."""
    with open(path, "rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return path
    with gzip.open(path) as source:
        _write(source, plain, Allowance(1, limit))
    return plain


def _unpack_zip(path, folder, allowance, warn):
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            allowance.take_file()
            ordinary = entry.external_attr >> 28 in (0, 8)      # the file type of Unix: not said, or a regular file
            target = _target(folder, entry.filename, ordinary and not entry.flag_bits & 1, warn)
            if target and not entry.is_dir():
                with archive.open(entry) as source:
                    _write(source, target, allowance)


def _unpack_tar(path, folder, allowance, warn):
    try:
        archive = tarfile.open(path, "r:")
    except tarfile.ReadError:
        raise BadArchive("it is neither a zip nor a tar file") from None
    with archive:
        for entry in archive:
            allowance.take_file()
            target = _target(folder, entry.name, entry.isfile() or entry.isdir(), warn)
            if target and entry.isfile():
                _write(archive.extractfile(entry), target, allowance)


def _target(folder, name, ordinary, warn):
    """Where an entry belongs, or None for one that is to be left out."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not ordinary or not parts or name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name:
        warn("Left out: %s (a link, encrypted, or outside the folder)", show(name))
        return None
    if parts[0] == "__MACOSX" or any(part.startswith(".") for part in parts):
        return None
    if len(parts) > 20 or max(len(os.fsencode(part)) for part in parts) > 200:
        warn("Left out: %s (too long a name)", show(name))
        return None
    target = folder.joinpath(*parts)
    plain = target.with_name(NOTEBOOK.sub(r"\1.ipynb", target.name))
    return target if plain.exists() else plain


def _write(source, target, allowance):
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "wb") as file:
        while chunk := source.read(CHUNK):
            allowance.take_bytes(len(chunk))
            file.write(chunk)


def stem_of(name):
    """An archive's name without its ending: work.tar.gz, work.zip -> work."""
    return re.sub(r"(\.tar)?\.(zip|tar|gz|tgz)$", "", name, flags=re.IGNORECASE)


@dataclass(frozen=True)
class Download:
    """A file of an LMS's zip: whose it is, and the name of the notebook in it, if it is one."""

    student: str
    name: str
    notebook: str | None = None
    late: bool = False


def read_name(path, known=()):
    """The Download that a path in an unpacked zip stands for, or None when it has no name as Canvas or Moodle give it.

    A mark of a second copy, "rnn (1)" or "rnn-1", is taken off when that gives a known notebook's name.
    """
    path = PurePosixPath(path)
    for place, part in enumerate(path.parts):
        found = CANVAS.fullmatch(part) or MOODLE.fullmatch(part)    # Canvas's first: there, what follows is the student's to name
        if found:
            download = Download(found["student"], found["name"], late=bool(found.groupdict().get("late")))
            if path.suffix != ".ipynb":
                return download
            stem = PurePosixPath(found["rest"] if place == len(path.parts) - 1 else path.name).stem
            plain = COPY_MARK.sub("", stem)
            return replace(download, notebook=plain if plain in known else stem)
    return None


class LmsCollector(FileNameCollectorPlugin):
    """nbgrader's collector for Canvas's and Moodle's names: of two files with one name, the first in order counts."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.found = {}

    def collect(self, submitted_file):
        """What nbgrader asks of each unpacked file: the student's id and the notebook's name, or None to skip it."""
        directory = self.parent.coursedir
        released = Path(directory.format_path(directory.release_directory, ".", directory.assignment_id))
        unpacked = Path(self.parent._format_collect_path(self.parent.extracted_directory))
        relative = Path(submitted_file).relative_to(unpacked).as_posix()
        download = read_name(relative, {path.stem for path in released.glob("*.ipynb")})
        if download is None or download.notebook is None:
            return None
        key = download.student, download.notebook
        if key in self.found:
            self.log.warning("A second %s.ipynb by %s was left out: %s", download.notebook, download.student, show(relative))
            return None
        self.found[key] = download
        return {"student_id": download.student, "file_id": f"{download.notebook}.ipynb"}


def collect(course, assignment, archives):
    """Put the notebooks of downloaded archives into submitted/.

    Returns the Downloads that were collected, and one for each student who handed in no notebook. A student's earlier
    files for the assignment are replaced. Raises CourseError when nothing can be collected.
    """
    course.release_notebooks(assignment)
    missing = [str(path) for path in archives if not path.is_file()]
    if missing:
        raise CourseError(f"there is no file {', '.join(missing)}.")
    directory = CourseDirectory(root=str(course.root), assignment_id=assignment, config=course.config)
    app = ZipCollectApp(config=course.config, coursedir=directory, force=True)
    app.collector_plugin, app.extractor_plugin = LmsCollector, BoundedExtractor
    app.init_plugins()
    waiting, unpacked = (Path(app._format_collect_path(step)) for step in (app.archive_directory, app.extracted_directory))
    shutil.rmtree(waiting, ignore_errors=True)
    waiting.mkdir(parents=True)
    for place, path in enumerate(archives):
        shutil.copyfile(path, waiting / f"{place:03}-{path.name}")
    app.extract_archive_files()
    app.process_extracted_files()
    found = app.collector_plugin_inst.found.values()
    if not found:
        raise CourseError("no notebook in these archives has a name as Canvas or Moodle give it; see `unrolled collect --help`.")
    everybody = {seen.student: seen for path in unpacked.rglob("*") if (seen := read_name(path.relative_to(unpacked).as_posix()))}
    without = everybody.keys() - {download.student for download in found}
    return sorted(found, key=_by_number), sorted((everybody[student] for student in without), key=_by_number)


def _by_number(download):
    return int(download.student)


def keep_names(engine, downloads):
    """Give the gradebook the names that the downloads carry, for students who have none there yet."""
    for download in downloads:
        with Session(engine) as session, session.begin():
            student = session.get(api.Student, download.student)
            if student is None:
                student = api.Student(id=download.student)
                session.add(student)
            if not (student.first_name or student.last_name):
                first, _, last = download.name.rpartition(" ")
                student.first_name, student.last_name = first or None, last
