"""What the unit's trees say beyond their words, so that less is reckoned while a module plays: the same values, fewer steps.

Only whole numbers are rearranged: their sums are exact in any order. No operation of floats is moved, left out or joined.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from sim.engines.sources import walk, with_origin
from sim.engines.types import Type, Typed, Types


def simplified(trees: Iterable[ast.FunctionDef]) -> list[ast.FunctionDef]:
    """Return the functions of a unit with the constants of every index added last, where they cost nothing."""
    trees = list(trees)
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.BinOp):
                node.slice = _constants_last(node.slice)
    return trees


def _constants_last(index: ast.BinOp) -> ast.expr:
    """Return an index with its constants added last, `at + issue + 8` for `at + 8 + issue`: it comes to the same."""
    parts = list(_parts_of_sum(index))
    constants = [value for part in parts if (value := _whole_of(part)) is not None]
    others = [part for part in parts if _whole_of(part) is None]
    if not constants or not others:
        return index
    total = others[0]
    for part in [*others[1:], with_origin(ast.Constant(sum(constants)), index)]:
        total = with_origin(ast.BinOp(total, ast.Add(), part), index)
    return total


def _parts_of_sum(node: ast.expr) -> Iterable[ast.expr]:
    """Yield what a sum adds up, from left to right."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _parts_of_sum(node.left)
        yield from _parts_of_sum(node.right)
    else:
        yield node


def _whole_of(node: ast.expr) -> int | None:
    """Return the whole number that an expression writes out, None if it is anything else."""
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def written_into_callers(trees: Collection[ast.FunctionDef], steps: int, others: int, once: int) -> set[str]:
    """Return the functions that are written into their callers, by the nodes of their trees.

    steps    most nodes of a function over the plan, that is a step: where one traps, its name tells what happened
    others   most nodes of any other
    once     the same where it is called from one place alone, so that the text does not grow
    """
    nodes = {tree.name: list(ast.walk(tree)) for tree in trees}
    calls = (node.func for found in nodes.values() for node in found if isinstance(node, ast.Call))
    places = Counter(called.id for called in calls if isinstance(called, ast.Name))

    def most(tree: ast.FunctionDef) -> int:
        if any(argument.arg == "P" for argument in tree.args.args):
            return steps
        return once if places[tree.name] == 1 else others

    return {tree.name for tree in trees if len(nodes[tree.name]) <= most(tree)}


def heads_of(
    types: Types, entry: Typed, fixed: Collection[Type], settled: Mapping[Type, int]
) -> dict[Type, tuple[int, ...]]:
    """Return the constant places of arrays whose whole numbers are kept in globals beside the array.

    fixed     arrays of floats: how many issues, fighters, pledges and rows there are stands at the head of a sheet, and is
              asked in every loop over them; kept is what is read as a whole number
    settled   arrays of whole numbers, and the place in each before which nothing changes while a replicate is played

    A global needs no conversion to be read, and a store into an array leaves it as it is, so that it need not be read again.
    It is set when the entry is called, and where the place is written. No store with a reckoned index leads there, for what
    is reckoned stands behind the head: the checking mode traps where that is not so.
    """
    found: dict[Type, set[int]] = {}
    reached, waiting = {entry.number}, [entry]
    while waiting:
        typed = waiting.pop()
        for node in walk(typed.tree):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in types.trees:
                    called = types.of(name, types.given(typed, node))
                    if called.number not in reached:
                        reached.add(called.number)
                        waiting.append(called)
                case ast.Call(
                    func=ast.Name(id="int"), args=[ast.Subscript(ast.Name(id=name), ast.Constant(value=int() as place))]
                ) if typed.locals.get(name) in fixed:
                    found.setdefault(typed.locals[name], set()).add(place)
                case ast.Subscript(ast.Name(id=name), ast.Constant(value=int() as place), ast.Load()) if (
                    place < settled.get(typed.locals.get(name), 0)
                ):
                    found.setdefault(typed.locals[name], set()).add(place)
    return {array: tuple(sorted(places)) for array, places in sorted(found.items())}
