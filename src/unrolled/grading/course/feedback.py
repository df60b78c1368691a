"""What goes back to a student: one page a notebook, with each function's mark, what was found, and their own code.

The page is made from the graded notebook and the gradebook. It holds no script and no network address; everything
that anybody wrote is escaped. `nbgrader generate_feedback` makes the same pages, one gradebook connection a page;
`write_pages` makes them for a class, one query for all.
"""

import functools
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import bleach
from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbconvert.filters import markdown2html
from nbformat import NotebookNode
from nbformat.v4 import reads_json
from nbgrader import api
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer, TextLexer
from traitlets import default

from unrolled.grading.course.collect import ways_back
from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.files import write_whole
from unrolled.grading.course.gradebook import NO_RESPONSE, Mark, Record
from unrolled.grading.course.submission import take_along
from unrolled.grading.course.written import groups, is_for_person
from unrolled.grading.notebook.outputs import IMAGES
from unrolled.grading.notebook.pictures import addresses

MAX_COLOURED = 10_000  # characters of a cell: some sources take Pygments quadratic time
TAGS = {"p", "code", "pre", "em", "strong", "ul", "ol", "li", "a", "br", "blockquote"}


@dataclass(frozen=True)
class Part:
    """One function on the page, or one question that a person marks."""

    name: str
    score: float
    points: float
    finding: str
    answer: str
    comment: str | None
    waits: bool = False  # for a person's mark

    @property
    def says(self) -> bool:
        """Whether there is anything on it but the mark."""
        return bool(self.finding or self.comment or self.answer)


class FeedbackExporter(Exporter):
    """nbconvert's way to the page, for `nbgrader generate_feedback`:
    GetGrades has put scores and comments into the cells."""

    @default("file_extension")
    def _file_extension_default(self):
        return ".html"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        place = resources["nbgrader"]
        with api.Gradebook(place["db_url"]) as gradebook:
            student = gradebook.find_student(place["student"])
            who = _who(student.id, " ".join(filter(None, [student.first_name, student.last_name])))
            grades = gradebook.find_submission_notebook(
                place["notebook"], place["assignment"], place["student"]
            ).grades
            waiting = {grade.name for grade in grades if grade.needs_manual_grade and grade.manual_score is None}
        for cell in nb.cells:
            if (mark := cell.metadata.get("nbgrader", {})).get("grade_id") in waiting:
                mark["waits"] = True
        return render(
            nb, place["assignment"], who, place["score"], place["max_score"], place["late_penalty"]
        ), resources


def _who(student, name):
    return f"{name} ({student})" if name else student


def render(
    notebook: NotebookNode, assignment: str, student: str, score: float, points: float, penalty: float = 0.0
) -> str:
    """The page of one graded notebook, as HTML. Cells carry score, points and comment in their nbgrader metadata."""
    parts, notes = read_parts(notebook)
    return template("feedback.html.j2").render(
        assignment=assignment, student=student, score=score, points=points, penalty=penalty,
        parts=parts, notes=notes, styles=_code_styles(),
    )  # fmt: skip


def read_parts(notebook: NotebookNode) -> tuple[list[Part], list[Markup]]:
    """The Parts of a graded notebook, and what stands on top of it when it could not be graded."""
    notes = [Markup(_clean_markdown(cell.source)) for cell in notebook.cells if cell.get("id") == "ungraded"]
    parts = []
    for cell, answers in groups(notebook):
        mark, for_person = cell.metadata.nbgrader, is_for_person(cell)
        comments = [said.metadata.nbgrader.get("comment") for said in ([cell] if for_person else answers)]
        if notes:  # the note says it all, and what lies there is the release
            comments, answers = [comment for comment in comments if comment != NO_RESPONSE], []
        parts.append(
            Part(
                mark.grade_id,
                mark.get("score") or 0.0,
                mark.get("points") or 0.0,
                "" if notes or for_person else finding_of(cell),
                Markup("".join(map(_show, answers))),
                Markup("".join(_clean_markdown(comment) for comment in comments if comment)),
                bool(mark.get("waits")) and not notes,
            )
        )
    return parts, notes


def _show(cell):
    """A cell of the student's: code in colours and its pictures, words as they were typed, since nobody's
    markup is parsed,
    and what was pasted between them."""
    if cell.cell_type != "code":
        pasted = (Markup('<img alt="{}" src="{}">').format(*picture) for picture in addresses(cell))
        return Markup('<div class="words">{}</div>').format(cell.source) + Markup("").join(pasted)
    pictures = [
        (kind, data) for output in cell.outputs for kind, data in output.get("data", {}).items() if kind in IMAGES
    ]
    shown = (
        Markup('<img alt="A picture that this cell draws" src="data:{};base64,{}">').format(
            kind, "".join(data.split())
        )
        for kind, data in pictures
    )
    return Markup("").join([Markup(_highlight(cell.source)), *shown])


def finding_of(cell: NotebookNode) -> str:
    """What the grader said under a graded cell."""
    said = [
        output.data.get("text/plain", "") for output in cell.get("outputs", ()) if output.output_type == "display_data"
    ]
    return "\n".join(said)


def write_pages(course: Course, record: Record, on_page: Callable[[Path], object] = lambda path: None) -> int:
    """Write the page of every graded notebook of the record's assignment; returns how many.
    Stopped, it can be run again."""
    count, names = 0, record.names()
    for (student, name), sheet in _sheets(record).items():
        graded = course.folder("autograded", student, record.assignment) / f"{name}.ipynb"
        if not graded.exists():
            continue
        notebook = reads_json(graded.read_text(encoding="utf-8"))
        for cell in notebook.cells:
            mark = cell.metadata.get("nbgrader", {})
            if given := sheet.marks.get(mark.get("grade_id")):
                mark |= {"score": given.score, "points": given.points, "waits": given.waits}
            mark["comment"] = sheet.comments.get(mark.get("grade_id"))
        page = render(
            notebook, record.assignment, _who(student, names.get(student)), sheet.score, sheet.points, sheet.penalty
        )
        path = course.folder("feedback", student, record.assignment) / f"{name}.html"
        write_whole(path, page.encode("utf-8", "replace"))
        take_along(graded.parent, path.parent)
        count += 1
        on_page(path)
    return count


def zip_pages(course: Course, assignment: str, path: Path) -> tuple[int, list[str]]:
    """Write a zip of the pages of those who handed in by an LMS, named as it takes them back.

    Returns how many pages are in it, and the students whose pages are not. Raises CourseError when
    there would be none.
    """
    names, content, count, without = ways_back(course, assignment), io.BytesIO(), 0, []
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for student in course.students("feedback", assignment):
            if student not in names:
                without.append(student)
                continue
            for page in sorted(course.folder("feedback", student, assignment).glob("*.html")):
                archive.writestr(names[student] + page.name, page.read_bytes())
                count += 1
    if not count:
        raise CourseError("no page is for a student whose work came by `unrolled collect`, so no zip is written.")
    write_whole(path, content.getvalue())
    return count, without


@dataclass
class _Sheet:
    """A notebook's marks and comments by grade_id, and what lateness cost."""

    marks: dict[str, Mark]
    comments: dict[str, str | None]
    penalty: float

    @property
    def score(self):
        return max(0.0, sum(mark.score for mark in self.marks.values()) - self.penalty)

    @property
    def points(self):
        return sum(mark.points for mark in self.marks.values())


def _sheets(record):
    """A _Sheet by (student, notebook) for all that was graded."""
    sheets = {key: _Sheet({}, {}, penalty) for key, penalty in record.penalties().items()}
    for comment in record.comments():
        sheets[comment.student, comment.notebook].comments[comment.name] = comment.text
    for mark in record.marks():
        sheets[mark.student, mark.notebook].marks[mark.name] = mark
    return sheets


def _clean_markdown(text):
    return bleach.clean(
        markdown2html(text), tags=TAGS, attributes={"a": ["href"]}, protocols={"http", "https", "mailto"}, strip=True
    )


@functools.cache
def template(name: str) -> Template:
    """A page's template: what is set into it is escaped."""
    folder = Path(__file__).with_name("templates")
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["finding"] = _mark_code
    return environment.get_template(name)


def _mark_code(text):
    """A finding as HTML: what stands in backticks is code."""
    pieces = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if place % 2 else piece for place, piece in enumerate(pieces)
    )


@functools.cache
def _formatter():
    return HtmlFormatter(nowrap=False, cssclass="code")


def _highlight(source):
    return highlight(source, PythonLexer() if len(source) <= MAX_COLOURED else TextLexer(), _formatter())


@functools.cache
def _code_styles():
    """Pygments' colours, for a light page and for a dark one."""
    light = HtmlFormatter(style="default").get_style_defs(".code")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".code")
    return Markup(f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}")
