"""The cells that a student added to ours: which they are, and where they stand between ours."""

from nbformat import from_dict

from unrolled.grading.notebook.handed_in import HandedInCell, printable
from unrolled.grading.notebook.names import MAX_SOURCE
from unrolled.grading.notebook.release import grade_id_of, is_graded
from unrolled.grading.notebook.remarks import Remark


def find_own(cells, ours, taken, count, characters, remarks):
    """The code cells that the student added to ours, or made of a cell of ours that nobody grades; and
    words under a task."""
    sources = (
        {cell["source"].strip() for cell in ours} | {cell.source.strip() for cell in taken.values() if cell} | {""}
    )
    graded = {grade_id_of(cell) for cell in ours if is_graded(cell)}
    words = _words_under_tasks(cells, ours)
    skipped = {cell.get("id") for cell in ours if "skip-execution" in cell["metadata"].get("tags", ())}
    added = [
        cell
        for cell in cells
        if (cell.kind == "code" or cell.place in words)
        and cell.source.strip() not in sources
        and cell.grade_id not in graded
        and not (type(cell.id) is str and cell.id in skipped)
    ]
    own: list[HandedInCell] = []
    left = characters
    for cell in added:
        left -= len(cell.source)
        if len(own) < count and left >= 0 and len(cell.source) <= MAX_SOURCE:
            own.append(cell)
    if len(own) < len(added):
        remarks.append(
            Remark(f"Of the student's own {len(added)} cells, {len(own)} were run: they are too many or too long.")
        )
    return own


def _words_under_tasks(cells, ours):
    """Places of the handed-in Markdown cells between a task and what is ours again."""
    tasks = {grade_id_of(cell) for cell in ours if cell["metadata"].get("nbgrader", {}).get("task")}
    known = {grade_id_of(cell) for cell in ours} - {None}
    sources, under, found = {cell["source"].strip() for cell in ours}, False, set()
    for cell in cells:
        if cell.grade_id in known or cell.source.strip() in sources:
            under = cell.grade_id in tasks
        elif under and cell.kind == "markdown":
            found.add(cell.place)
    return found


def places_of_own(own, cells, taken, ours):
    """By its place in the submission, each own cell's place in ours: that of the cell after which it comes, or -1."""
    by_grade_id = {grade_id_of(cell): place for place, cell in enumerate(ours) if grade_id_of(cell)}
    by_id = {cell.get("id"): place for place, cell in enumerate(ours) if cell.get("id")}
    by_source = {cell["source"].strip(): place for place, cell in enumerate(ours)}
    chosen = {cell.place: by_grade_id[grade_id] for grade_id, cell in taken.items() if cell}
    added, places, last = {cell.place for cell in own}, {}, -1
    for cell in cells:
        known = chosen.get(cell.place, by_grade_id.get(cell.grade_id))
        if known is None and cell.place not in added:
            known = by_source.get(cell.source.strip())
        if known is None and type(cell.id) is str:
            known = by_id.get(cell.id)
        last = known if known is not None else last
        if cell.place in added:
            places[cell.place] = last
    return places


def insert_own(own, places, notebook):
    """Set the student's own cells between ours. Returns each as it was made, and as it was handed in."""
    after: dict[int, list[dict]] = {}
    pairs = []
    for cell in own:
        made: dict = {
            "cell_type": cell.kind,
            "id": f"own-{cell.place}",
            "metadata": {"unrolled": "own"},
            "source": printable(cell.source),
        }
        made |= {"execution_count": None, "outputs": []} if cell.kind == "code" else {}
        pairs.append((from_dict(made), cell))
        after.setdefault(places[cell.place], []).append(pairs[-1][0])
    ours = [[cell, *after.get(place, ())] for place, cell in enumerate(notebook["cells"])]
    notebook["cells"] = sum(ours, after.get(-1, []))
    return pairs
