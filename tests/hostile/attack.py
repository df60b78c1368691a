"""A submission that cheats, attacks or simply breaks, as the source of one answer cell.

`number` is the one of the catalogue of cheats and faults in nbgrader's grading that the course was built against (1 to
53), or a letter for one that we added. Unless a case says otherwise, the answer cell is softmax's, that function
loses its marks and every other keeps them.
"""

from dataclasses import dataclass
from textwrap import dedent

RIGHT_SOFTMAX = """
def softmax(a):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""
WRONG = """
def softmax(a):
    return a * 1.0
"""


@dataclass(frozen=True)
class Attack:
    """source is the answer cell for `function`; says is part of the student's feedback;
    marks is what the function gets."""

    number: str
    title: str
    source: str
    says: str = ""
    marks: float = 0.0
    function: str = "softmax"

    def __str__(self):
        return f"{self.number} {self.title}"


def attack(number, title, source, then="", **expected):
    return Attack(number, title, dedent(source).strip("\n") + "\n" + then, **expected)
