"""The tables of a gradebook: nbgrader's own, and ours beside them; how they are opened, made and looked over."""

from nbgrader import api
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import Column, Engine, String, Text, create_engine, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from unrolled.grading.course.course import Course, CourseError

SQLITE_WAIT = 60  # seconds that a write waits while somebody else, such as formgrader, holds the gradebook


class OwnBase(DeclarativeBase):
    """Of our tables, which are none of nbgrader's."""


class Graded(OwnBase):
    __tablename__ = "unrolled_graded"

    notebook_id = Column(String(32), primary_key=True)  # of nbgrader's submitted_notebook
    handed_in = Column(String(64), nullable=False)
    against = Column(String(64), nullable=False)
    found = Column(Text, nullable=False)  # a Found as JSON


def open_tables(course: Course) -> Engine:
    """An engine for the course's gradebook, in which all tables are. Raises CourseError when it cannot be opened."""
    url = course.directory.db_url
    try:
        _refuse_damaged(url)
        engine = create_engine(url, connect_args={"timeout": SQLITE_WAIT} if url.startswith("sqlite") else {})
        make_tables(engine)
        api.Gradebook(url, course.directory.course_id).close()  # makes the course known
    except (SQLAlchemyError, ImportError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise CourseError(f"the gradebook {hide_password(url)} cannot be opened: {reason}") from error
    return engine


def make_tables(engine: Engine) -> None:
    """Make the tables that are not there yet: nbgrader's, with the version of nbgrader's that they have, and ours.

    nbgrader asks another program for the version, `alembic`, which takes seconds and has a word of its own on Ctrl-C.
    """
    for tables in (api.Base, OwnBase):
        tables.metadata.create_all(engine)
    if "alembic_version" not in inspect(engine).get_table_names():
        from alembic.script import ScriptDirectory

        version = ScriptDirectory(ALEMBIC_DIR).get_current_head()
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})


def _refuse_damaged(url):
    """Raise CourseError for a gradebook that has lost a table:
    nbgrader would make it anew, empty, and all its marks would be gone in silence."""
    engine, wanted = create_engine(url), api.Base.metadata.tables
    try:
        present = set(inspect(engine).get_table_names())
        with engine.connect() as connection:
            if present >= wanted.keys() or not any(
                connection.execute(select(wanted[name]).limit(1)).first() for name in present & wanted.keys()
            ):
                return  # or one that was stopped while it was made: it holds nothing yet
    finally:
        engine.dispose()
    missing = ", ".join(sorted(wanted.keys() - present))
    raise CourseError(f"the gradebook {hide_password(url)} has lost its table {missing}: put back a copy of it.")


def hide_password(url: str) -> str:
    """A database's address without its password, as far as it can be read."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "(its address cannot be read)"
