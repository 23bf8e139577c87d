"""What the unit's trees say beyond their words, so that less is reckoned while a module plays: the same values, fewer steps.

Only whole numbers are rearranged: their sums are exact in any order. No operation of floats is moved, left out or joined.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable

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
                total = ast.copy_location(ast.BinOp(total, ast.Add(), part), node.slice)
            constant = ast.copy_location(ast.Constant(sum(constants)), node.slice)
            node.slice = ast.copy_location(ast.BinOp(total, ast.Add(), constant), node.slice)
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


def calls_of(trees: Iterable[ast.FunctionDef]) -> Counter[str]:
    """Return from how many places each function is called."""
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    return Counter(node.func.id for node in calls if isinstance(node.func, ast.Name))


def heads_of(types: Types, entry: Typed, arrays: Collection[Type]) -> dict[Type, tuple[int, ...]]:
    """Return the constant places of some arrays of numbers that are read as whole numbers.

    How many issues, fighters, pledges and rows there are stands at the head of a sheet, and is asked in every loop over
    them. Such a number is kept in a global beside the array, for that is no conversion to read, and no store into an array
    can change it. It is set when the entry is called, and where the place is written. No store with a reckoned index leads
    there, for what is reckoned stands behind the head: the checking mode traps where that is not so.
    """
    found: dict[Type, set[int]] = {}
    for typed in _reached(types, entry):
        for node in ast.walk(typed.tree):
            match node:
                case ast.Call(
                    func=ast.Name(id="int"),
                    args=[ast.Subscript(value=ast.Name() as array, slice=ast.Constant(value=int() as at))],
                ) if types.type(typed, array) in arrays:
                    found.setdefault(types.type(typed, array), set()).add(at)
    return {array: tuple(sorted(places)) for array, places in sorted(found.items())}


def _reached(types: Types, entry: Typed) -> list[Typed]:
    """Return the typed functions that an entry calls, itself or through others, and the entry."""
    reached = {entry.number: entry}
    waiting = [entry]
    while waiting:
        typed = waiting.pop()
        for node in ast.walk(typed.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in types.trees:
                called = types.of(node.func.id, types.given(typed, node))
                if called.number not in reached:
                    reached[called.number] = called
                    waiting.append(called)
    return list(reached.values())
