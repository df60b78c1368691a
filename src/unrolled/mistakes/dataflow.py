"""Which results each line of a reference function reaches."""

import ast
import functools

from unrolled import dataflow
from unrolled.mistakes.edits import steps_of, tree_of


@functools.cache
def reached(of):
    """By name, in the order of the lines, the places of the results that what is assigned to a name reaches.

    A size that is read off an input is nothing to look at. Nothing of a loop over a step: there everything
    reaches everything.
    """
    if steps_of(of):
        return {}
    tree = tree_of(of)
    results = getattr(tree.body[-1].value, "elts", [None])
    places, reach = dataflow.reached(tree, len(results)), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            reach.setdefault(node.targets[0].id, set()).update(places[id(node)])
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    sizes = {node.targets[0].id for node in assigned if ast.unparse(node.value).startswith("len(")}
    return {name: places for name, places in reach.items() if name not in sizes}
