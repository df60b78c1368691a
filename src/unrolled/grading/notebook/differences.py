"""Where a hand-in differs from the release in more than its answers. All of that is ignored, and
told the instructor."""

from unrolled.grading.notebook.handed_in import HandedInCell
from unrolled.grading.notebook.release import grade_id_of, is_answer
from unrolled.grading.notebook.remarks import put_right
from unrolled.quoting import quoted


def remark_differences(notebook, cells, remarks):
    """Say where the submission's cells differ from ours in more than their answers. All of that is ignored."""
    claims: dict[str | None, list[HandedInCell]] = {}
    for cell in cells:
        claims.setdefault(cell.grade_id, []).append(cell)
    ours = {grade_id_of(cell): cell for cell in notebook["cells"] if grade_id_of(cell)}
    for grade_id, cell in ours.items():
        copies = claims.get(grade_id, [])
        if is_answer(cell):
            continue
        if not copies:
            remarks.append(put_right(f"The cell {grade_id} was deleted; ours was used."))
        elif len(copies) > 1:
            remarks.append(put_right(f"The cell {grade_id} is there {len(copies)} times; ours was used."))
        elif copies[0].source.strip() != cell["source"].strip() or copies[0].kind != cell["cell_type"]:
            remarks.append(put_right(f"The cell {grade_id} was changed; ours was used."))
    for grade_id, cell in ours.items():
        meta = cell["metadata"]["nbgrader"]
        for copied in claims.get(grade_id, []):
            changed = [
                key
                for key in ("points", "grade", "solution", "locked", "task")
                if key in copied.meta and copied.meta[key] != meta.get(key)
            ]
            if changed:
                remarks.append(
                    put_right(f"The cell {grade_id} came with other settings ({', '.join(changed)}); ours were used.")
                )
            if copied.meta.get("tags") and copied.meta["tags"] != cell["metadata"].get("tags"):
                remarks.append(put_right(f"The cell {grade_id} came with tags; they were ignored."))
    for grade_id in claims:
        if grade_id is not None and grade_id not in ours:
            remarks.append(
                put_right(
                    f"A cell calls itself {quoted(grade_id, 60)}, which the release does not have; "
                    "it was taken for one of the student's own."
                )
            )
