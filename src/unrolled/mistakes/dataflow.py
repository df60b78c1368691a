"""Which results each line of a reference function reaches."""

import ast
import functools

from unrolled.mistakes.edits import steps_of, tree_of


@functools.cache
def reached(of):
    """By name, in the order of the lines, the places of the results that what is assigned to a name reaches.

    A size that is read off an input is nothing to look at. Nothing of a loop over a step: there everything reaches everything.
    """
    if steps_of(of):
        return {}
    *body, last = tree_of(of).body
    assigned = [node for statement in body for node in ast.walk(statement) if isinstance(node, ast.Assign)]
    sizes = {node.targets[0].id for node in assigned if ast.unparse(node.value).startswith("len(")}
    results = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
    reach = {node.targets[0].id: set() for node in assigned if isinstance(node.targets[0], ast.Name)}
    for place, result in enumerate(results):
        found, left = set(), _names([result])
        while left:
            name = left.pop()
            found.add(name)
            left |= set().union(*(_names([node.value]) for node in assigned if name in _names(node.targets))) - found
        for name in found & reach.keys():
            reach[name].add(place)
    return {name: places for name, places in reach.items() if name not in sizes}


def _names(nodes):
    return {node.id for top in nodes for node in ast.walk(top) if isinstance(node, ast.Name)}
