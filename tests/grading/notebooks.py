"""Small release notebooks and submissions for the grading's tests, made from the exercises themselves."""

import inspect
import json

from unrolled.exercises import CHECKED
from unrolled.grading.run.standalone import standalone

FUNCTIONS = ("softmax", "rnn_step_forward", "readout")
POINTS = 4


def code(source, **meta):
    """A code cell as it stands in a file."""
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
    if meta:
        cell["metadata"]["nbgrader"] = {"schema_version": 3, "task": False} | meta
    return cell


def answer(name, source):
    return code(source, grade=False, grade_id=f"{name}-code", locked=False, solution=True)


def graded(name, points=POINTS):
    return code(f"check({name})", grade=True, grade_id=name, locked=True, solution=False, points=points)


def notebook(answers):
    """A notebook with an answer cell and a graded cell a function, answers being sources by name."""
    cells = [code("import numpy as np\n\nfrom unrolled import check")]
    for name, source in answers.items():
        cells += [answer(name, source), graded(name)]
    cells = [cell | {"id": f"cell-{place}"} for place, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def right(name):
    """The source of a right answer that needs no other."""
    return standalone(CHECKED[name].reference, name)


def stub(name):
    """The source of an answer cell as released."""
    arguments = inspect.signature(CHECKED[name].reference)
    return f"def {name}{arguments}:\n    raise NotImplementedError()"


def as_bytes(content):
    return json.dumps(content).encode()


def release(names=FUNCTIONS):
    return as_bytes(notebook({name: stub(name) for name in names}))


def right_notebook(names=FUNCTIONS, **answers):
    """A notebook with right answers, but for those given."""
    return notebook({name: answers.get(name) or right(name) for name in names})


def submission(names=FUNCTIONS, **answers):
    return as_bytes(right_notebook(names, **answers))
