"""What the unit's trees say beyond their words, so that less is reckoned while a module plays: the same values, fewer steps.

Only whole numbers are rearranged: their sums are exact in any order. No operation of floats is moved, left out or joined.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from sim.engines.sources import with_origin
from sim.engines.types import Type, Typed, Types


def simplified(trees: Iterable[ast.FunctionDef]) -> list[ast.FunctionDef]:
    """Return the functions of a unit with the constants of every index added last, where they cost nothing."""
    return [_Indices().visit(tree) for tree in trees]


class _Indices(ast.NodeTransformer):
    """Add the constants of an index last: `at + 8 + issue` becomes `at + issue + 8`."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.Subscript:
        """Rearrange the sum that is an index; whole numbers add up to the same in any order."""
        self.generic_visit(node)
        parts = list(_parts_of_sum(node.slice))
        constants = [value for part in parts if (value := _whole_of(part)) is not None]
        others = [part for part in parts if _whole_of(part) is None]
        if len(parts) > 1 and constants and others:
            total = others[0]
            for part in others[1:]:
                total = with_origin(ast.BinOp(total, ast.Add(), part), node.slice)
            constant = with_origin(ast.Constant(sum(constants)), node.slice)
            node.slice = with_origin(ast.BinOp(total, ast.Add(), constant), node.slice)
        return node


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


def written_into_callers(trees: Collection[ast.FunctionDef], small: int, once: int) -> set[str]:
    """Return the functions that are written into their callers.

    small   nodes of the syntax tree up to which any is
    once    the same for one that is called from one place alone, so that the text does not grow
    """
    nodes = {tree.name: list(ast.walk(tree)) for tree in trees}
    calls = (node.func for found in nodes.values() for node in found if isinstance(node, ast.Call))
    places = Counter(called.id for called in calls if isinstance(called, ast.Name))
    sizes = {name: len(found) for name, found in nodes.items()}
    return {name for name, size in sizes.items() if size <= small or (size <= once and places[name] == 1)}


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
        for node in ast.walk(typed.tree):
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
