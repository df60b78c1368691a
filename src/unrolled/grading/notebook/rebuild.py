"""The notebook that is graded: ours, with the sources of the answer cells taken from the submission,
and the student's own code cells in their place between ours.

Whatever else was handed in (metadata, test cells, points, tags) is left where it is, and a remark tells the instructor
where it differs.
"""

from dataclasses import dataclass, field

from nbformat import from_dict

from unrolled.grading.notebook import pictures
from unrolled.grading.notebook.differences import remark_differences
from unrolled.grading.notebook.handed_in import Unreadable, printable, read_cells
from unrolled.grading.notebook.limits import Limits
from unrolled.grading.notebook.names import MAX_SOURCE, defined_functions
from unrolled.grading.notebook.own_cells import find_own, insert_own, places_of_own
from unrolled.grading.notebook.release import grade_id_of, is_answer, read_release
from unrolled.grading.notebook.remarks import Remark, put_right
from unrolled.quoting import quoted

MAX_REMARKS = 40


@dataclass
class Rebuilt:
    """A notebook ready to run. hints has a sentence for the student by the grade_id of an answer cell."""

    notebook: dict
    remarks: list[Remark] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)
    python: tuple[int, int] | None = None  # with which it was last run


def rebuild(
    release: bytes,
    submission: bytes | None,
    limit: int,
    own_cells: int = Limits.own_cells,
    own_characters: int = Limits.own_characters,
) -> Rebuilt:
    """The Rebuilt notebook of a release (bytes) and a submission (bytes).
    Raises Unreadable when that is no notebook."""
    cells, remarks, python = read_cells(submission, limit)
    notebook = read_release(release)
    rebuilt = Rebuilt(notebook, remarks, python=python)
    answers = [cell for cell in notebook["cells"] if is_answer(cell)]
    marked = any(cell.grade_id for cell in cells)
    if not marked:
        remarks.append(
            put_right(
                "Its cells are without nbgrader's metadata, as some editors leave them: "
                "the answers were found by the functions' names."
            )
        )
    taken = {grade_id_of(cell): _find_answer(cell, cells, notebook, marked, remarks) for cell in answers}
    if not any(taken.values()):
        raise Unreadable(
            "None of this assignment's functions is in the notebook: is it another assignment's, or an empty one?"
        )
    if marked:
        _hint_at_other_versions(answers, taken, cells, rebuilt)
    own = find_own(cells, notebook["cells"], taken, own_cells, own_characters, remarks)
    if marked:
        remark_differences(notebook, cells, remarks)
    places = places_of_own(own, cells, taken, notebook["cells"])
    for cell in answers:
        _set_in(cell, taken[grade_id_of(cell)], remarks)
    filled = [(cell, found) for cell in answers if (found := taken[grade_id_of(cell)])]
    _take_pictures([*filled, *insert_own(own, places, notebook)], remarks)
    rebuilt.remarks = [remark.on_one_line() for remark in remarks[:MAX_REMARKS]]
    return rebuilt


def _find_answer(answer, cells, notebook, marked, remarks):
    """The handed-in cell whose source belongs into an answer cell, or None when there is none.

    A cell has a better claim when it defines the function, then when it differs from what was released, then when it
    has the right grade_id; among equals the last wins, since it is the one that counts when the notebook is run.
    """
    grade_id, names = grade_id_of(answer), defined_functions(answer["source"])
    named = [cell for cell in cells if cell.grade_id == grade_id]
    candidates = named
    if names and answer["cell_type"] == "code":
        definers = [
            cell for cell in cells if names & cell.defines and (cell.kind == "code" or cell.grade_id == grade_id)
        ]
        candidates = definers or named
        others = (
            {grade_id_of(cell) for cell in notebook["cells"]} - {grade_id, None} - names
        )  # its own check may hold it
        pristine = answer["source"].strip()
        candidates = [
            cell for cell in candidates if cell.source.strip() != pristine and cell.grade_id not in others
        ] or candidates
        candidates = [cell for cell in candidates if cell.grade_id == grade_id] or candidates
    if not candidates:
        remarks.append(
            Remark(
                f"The answer cell {grade_id} is missing; {'the function' if names else 'it'} counts as not written."
            )
        )
        return None
    chosen = candidates[-1]
    if len(named) > 1:
        remarks.append(
            put_right(f"The answer cell {grade_id} is there {len(named)} times; cell {chosen.place + 1} was taken.")
        )
    elif chosen.grade_id != grade_id and marked:
        remarks.append(
            put_right(
                f"The answer for {grade_id} was found in cell {chosen.place + 1}, which is not marked as that cell."
            )
        )
    elif chosen.grade_id == grade_id and chosen.kind != answer["cell_type"]:
        remarks.append(
            put_right(
                f"The answer cell {grade_id} was turned into a {quoted(chosen.kind, 20)} cell; it was run as code."
            )
        )
    return chosen


def _hint_at_other_versions(answers, taken, cells, rebuilt):
    """Where a function is written again in a cell outside the answers, tell the student:
    at home, that one may have been checked."""
    for cell in answers:
        chosen = taken[grade_id_of(cell)]
        others = [
            other.defines for other in cells if other.kind == "code" and not other.grade_id and other is not chosen
        ]
        again = defined_functions(cell["source"]).intersection(set().union(*others))
        if chosen and again:
            rebuilt.hints[grade_id_of(cell)] = (
                f"You define {', '.join(sorted(again))} again in a cell of your own: "
                "the version that stands last above its check is checked. "
                "Move the one that counts into the answer cell."
            )


def _set_in(answer, found, remarks):
    """Set the source of the handed-in cell that was found into an answer cell of ours."""
    if found is None:
        return
    grade_id, source = grade_id_of(answer), printable(found.source)
    if len(source) > MAX_SOURCE:
        why = f"it has {len(source):,} characters, and a cell of more than {MAX_SOURCE:,} is not run"
        remarks.append(Remark(f"The answer cell {grade_id} was left out: {why}."))
        answer["source"] = f'raise ValueError("{why}")\n\n{answer["source"]}'
        return
    answer["source"] = source
    if "\ufffd" in source and "\ufffd" not in found.source:
        remarks.append(
            Remark(f"The answer cell {grade_id} holds characters that are none (lone surrogates); they were replaced.")
        )


def _take_pictures(pairs, remarks):
    """Set the pictures that were pasted into handed-in cells into those of our notebook that show their words."""
    room = pictures.ROOM
    for ours, cell in pairs:
        if ours["cell_type"] != "markdown" or not cell.attachments:
            continue
        shown, others = pictures.read_pictures(cell.attachments, room)
        room -= sum(len(data) for kinds in shown.values() for data in kinds.values())
        if shown:
            ours["attachments"] = from_dict(shown)
        if others:
            why = f"what is shown is PNG, JPEG and GIF, of {pictures.ROOM / 1e6:g} MB in all"
            remarks.append(
                Remark(
                    f"Of what was pasted into cell {cell.place + 1}, {others} of {others + len(shown)} are left out: "
                    f"{why}."
                )
            )
