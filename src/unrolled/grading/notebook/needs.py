"""Which of a student's cells a function needs, and which may disturb it,
read from what their sources define and use."""

import builtins
from functools import cached_property

from unrolled.grading.notebook.names import binds_unseen, bound_names, defined_functions, free_names, may_disturb
from unrolled.grading.notebook.release import is_answer, is_graded, is_own, is_test


class Needs:
    """What each cell of a rebuilt notebook is there for. Cells are named by their places."""

    def __init__(self, cells: list[dict]) -> None:
        self.cells = cells
        self.own = {
            p: bound_names(cell["source"]) | defined_functions(cell["source"])
            for p, cell in enumerate(cells)
            if is_own(cell)
        }
        self.answers = _answers_names(cells)
        self.functions = {name_of(cell) for cell in cells if is_graded(cell)}
        self._needed: dict[int, set[int]] = {}

    @cached_property
    def names_of_ours(self) -> set[str]:
        """Names that are there without the student: np, check, and Python's own."""
        ours = (
            cell for p, cell in enumerate(self.cells) if runs(cell) and p not in self.answers and p not in self.own
        )
        return set(dir(builtins)).union(*(bound_names(cell["source"]) for cell in ours))

    def of(self, place: int) -> set[int]:
        """Places of the student's cells that the graded cell at a place needs: the answer itself, and what that uses.

        Tests need what they name. A name is taken from the answers above; where none of them is there for it,
        from the student's own cells above, else below.
        """
        if place not in self._needed:
            cell, seen, needed = self.cells[place], set[str](), set[int]()
            wanted = set(free_names(cell["source"])) - self.names_of_ours if is_test(cell) else {name_of(cell)}
            while wanted:
                seen |= wanted
                found = set().union(*(self._definers(name, place) for name in wanted)) - needed
                needed |= found
                wanted = set().union(*(free_names(self.cells[p]["source"]) for p in found)) - self.names_of_ours - seen
            self._needed[place] = needed
        return self._needed[place]

    def _definers(self, name, place):
        """Places of the cells from which a name is taken."""
        answers = {p for p, names in self.answers.items() if p < place and name in names}
        own = [p for p, names in self.own.items() if name in names]
        return (
            answers
            or {p for p in own if p < place}
            or set(own)
            or {p for p in self.own if binds_unseen(self.cells[p]["source"])}
        )

    def may_be_disturbed(self, place: int, spoilt: set[int]) -> bool:
        """Whether a cell that the graded cell at a place does not need may have changed something for it,
        or one of its own is spoilt.

        Cells that are spoilt ended their kernel or were not run.
        """
        needed = self.of(place)
        if any(p in spoilt and p in self.own for p in needed):
            return True
        others = [p for p in [*self.answers, *self.own] if p < place and p not in needed]
        return any(p in spoilt or may_disturb(self.cells[p]["source"], self._protected(p, place)) for p in others)

    def _protected(self, other, place):
        """Names that a cell at another place has no business to define."""
        return self.names_of_ours | self.functions - self.answers.get(other, set()) | {name_of(self.cells[place])}


def _answers_names(cells):
    """By the place of each answer cell, the names that it is there to define:
    no function that another is checked for."""
    defined, owners = {}, {}
    for place, cell in enumerate(cells):
        if is_answer(cell) and runs(cell):
            defined[place] = defined_functions(cell["source"])
        elif is_graded(cell):  # the last cell before its check is the function's own
            owners[name_of(cell)] = next((p for p in reversed(defined) if name_of(cell) in defined[p]), None)
    return {place: {name for name in names if owners.get(name, place) == place} for place, names in defined.items()}


def runs(cell: dict) -> bool:
    """Whether a cell of a rebuilt notebook is run."""
    return cell["cell_type"] == "code" and "skip-execution" not in cell["metadata"].get("tags", ())


def name_of(cell: dict) -> str:
    """The grade_id of a graded cell: its function's name."""
    return cell["metadata"]["nbgrader"]["grade_id"]
