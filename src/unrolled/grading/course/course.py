"""The course folder as nbgrader sees it: its settings, its places, and the assignments that can be graded."""

import contextlib
import difflib
import glob
import logging
import os
import secrets
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jupyter_core.application import JupyterApp
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from traitlets.config import Config

from unrolled.grading.course.files import find_folder, listed, names_in, plain
from unrolled.grading.notebook.limits import limits_from

SHORTEST_SECRET = 16  # bytes; those that are made here have twice as many


class CourseError(Exception):
    """Something about the course that a person has to mend; the message says what, in one sentence."""


@dataclass(frozen=True)
class Course:
    """A course folder: root, and the settings that nbgrader reads there."""

    root: Path
    config: Config

    @cached_property
    def directory(self) -> CourseDirectory:
        """nbgrader's CourseDirectory, which knows every folder and the gradebook's db_url."""
        return CourseDirectory(root=str(self.root), config=self.config)

    @property
    def solutions(self) -> Path:
        return self.root / self.directory.source_directory

    @property
    def releases(self) -> Path:
        return self.root / self.directory.release_directory

    @property
    def private(self) -> Path:
        """What the course keeps to itself: its secret, its lock."""
        return self.root / ".unrolled"

    @property
    def secret(self) -> bytes:
        """Bytes that only this course knows, made at first use: students' inputs follow from them."""
        path = self.private / "secret"
        if not path.exists():
            self.private.mkdir(mode=0o700, exist_ok=True)
            made = path.with_name(f".secret.{os.getpid()}")
            made.touch(mode=0o600)
            made.write_bytes(secrets.token_bytes(2 * SHORTEST_SECRET))
            with contextlib.suppress(FileExistsError):  # another process was first: its secret holds
                os.link(made, path)
            made.unlink()
        secret = path.read_bytes()
        if len(secret) < SHORTEST_SECRET:
            raise CourseError(
                f"{path} is damaged: it has {len(secret)} bytes. Put back a copy of it; without one, "
                "delete it, and everybody's inputs are drawn anew."
            )
        return secret

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """The folder of a step ("submitted", "autograded", "feedback") for a student's assignment."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(name, student, assignment))

    def release_notebooks(self, assignment: str) -> dict[str, bytes]:
        """The released notebooks of an assignment by name, as bytes. Raises CourseError when there are none."""
        known = sorted({path.parent.name for path in self.releases.glob("*/*.ipynb")})
        if assignment in known:
            return {path.stem: path.read_bytes() for path in sorted((self.releases / assignment).glob("*.ipynb"))}
        has = f"it has {', '.join(known)}" if known else "nothing is released yet: run `unrolled release`"
        raise CourseError(f"{self.directory.release_directory}/ has no assignment {assignment!r}; {has}.")

    def hand_ins(self, assignment: str) -> tuple[list[str], dict[str, str]]:
        """Who handed in something for an assignment, usable or not, in order;
        and by path why something else in submitted/ is not graded.

        What lies there under the name of another assignment is not looked at.
        """
        place = self.root / self.directory.submitted_directory
        if (
            Path(self.directory.directory_structure).parts[1:] != ("{student_id}", "{assignment_id}")
            or not place.is_dir()
        ):
            return self.students("submitted", assignment), {}
        students: list[str] = []
        strays: dict[str, str] = {}
        known = {plain(path.name) for path in [*self.releases.glob("*/"), *self.solutions.glob("*/")]}
        for folder in sorted(place.iterdir()):
            wanted = folder / assignment
            if folder.is_symlink() or os.path.lexists(wanted) or find_folder(wanted)[1]:
                students.append(folder.name)
            elif reason := _no_hand_in(folder, known):
                strays[str(folder.relative_to(self.root))] = reason
        return students, strays

    def students(self, step: str, assignment: str) -> list[str]:
        """Names of the students who have a folder at a step for an assignment, in order."""
        structure = self.directory.directory_structure
        place = Path(structure).parts.index("{student_id}")
        pattern = structure.format(
            nbgrader_step=getattr(self.directory, f"{step}_directory"),
            student_id="*",
            assignment_id=glob.escape(assignment),
        )
        found = [path for path in self.root.glob(pattern) if path.is_dir()]
        return sorted({path.relative_to(self.root).parts[place] for path in found})


def _no_hand_in(folder, assignments):
    """Why what lies in submitted/ is no hand-in for any of the assignments, or None where it is one,
    or where a system hides it."""
    if not folder.is_dir():
        return None if folder.name.startswith(".") else "it is no folder"
    names, obstacle = names_in(folder)
    unknown = [name for name in names if plain(name) not in assignments and not name.startswith(".")]
    if obstacle or not names:
        return obstacle.why if obstacle else "it is empty"
    return f"it holds {listed(unknown)}, which is no assignment's folder" if unknown else None


def open_course(root: str | Path = ".") -> Course:
    """The course in a folder. Raises CourseError when its settings cannot be read or make no sense."""
    put_tools_on_path()
    root = Path(root).resolve()
    if not (root / "nbgrader_config.py").exists():
        raise CourseError(f"{root} has no nbgrader_config.py: run this in the folder of the course.")
    # as nbgrader's are
    app = JupyterApp(config_file_name="nbgrader_config", raise_config_file_errors=True, log_level=logging.ERROR)
    try:
        app.load_config_file(suppress_errors=False)
        for config, _ in app._load_config_files("nbgrader_config", path=str(root), raise_config_file_errors=True):
            app.config.merge(config)
        check_settings(app.config)
    except CourseError:
        raise
    except (Exception, SystemExit) as error:
        raise CourseError(f"nbgrader_config.py cannot be used: {type(error).__name__}: {error}") from error
    return Course(root, app.config)


def put_tools_on_path() -> None:
    """nbgrader calls `alembic` by its name, so it must be found where nobody has activated the environment, too."""
    own, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if own not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, [own, path]))


def check_settings(config: Config) -> None:
    """Raise CourseError for a setting of the course that nbgrader would pass over in silence.

    nbgrader ignores a name that it does not know. A misspelt db_url would then mean an empty SQLite gradebook.
    """
    try:
        limits_from(config)
    except ValueError as error:
        raise CourseError(str(error)) from error
    known = CourseDirectory.class_trait_names(config=True)
    for name in config.CourseDirectory:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else "."
            raise CourseError(f"nbgrader_config.py sets CourseDirectory.{name}, which does not exist{hint}")
    for section, settings in config.items():
        if section != "CourseDirectory" and isinstance(settings, Config) and "db_url" in settings:
            raise CourseError(
                f"nbgrader_config.py sets {section}.db_url: the gradebook's address is CourseDirectory.db_url."
            )
    if "db_url" in config.CourseDirectory:
        address = config.CourseDirectory.db_url
        try:
            make_url(address).get_dialect()
        except Exception as error:
            raise CourseError(f"CourseDirectory.db_url {address!r} is no database's address: {error}") from error
