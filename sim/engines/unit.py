"""The compilation unit: rules, search and lowered steps as functions that need nothing but one another.

Constants stand as literals, functions go by their full names, and those that only return an expression stand in their
callers. The rules themselves are not changed by a bit, and the open engine runs them as they stand. The unit can be looked
at, and run by Python, as text; the module is written from its trees, which know in which file and line they were written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from math import copysign
from typing import Any

from sim.engines.sources import copied, copied_tree, scope_of, spread_origins, walk, with_origin

LITERALS = (bool, int, float)
HEADER = '"""Generated from the rules and the compiled loops; do not edit."""\n\nfrom math import nan, sqrt\n'


class Namer(ast.NodeTransformer):
    """Replace names of constants by their values and names of rules and loops by their full names."""

    def __init__(self, function: Callable[..., Any], names: dict[Callable[..., Any], str]) -> None:
        """Read names as `function` would, given the full `names` of everything that is compiled."""
        self.names = names
        self.scope = scope_of(function)
        self.local = set(function.__code__.co_varnames)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return a literal or a full name for a global."""
        if node.id in self.local or node.id not in self.scope:
            return node
        return with_origin(self.written(self.scope[node.id], node), node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Return a literal or a full name for an attribute of a module or of a tuple of places."""
        if isinstance(node.value, ast.Name) and node.value.id in self.scope and node.value.id not in self.local:
            return self.written(getattr(self.scope[node.value.id], node.attr), node)
        return node

    def written(self, value: Any, node: ast.expr) -> ast.expr:
        """Return how a global value stands in the text."""
        if isinstance(value, float) and value != value:
            return ast.Name("nan", ast.Load())
        if isinstance(value, int | float) and not isinstance(value, bool) and copysign(1.0, value) < 0.0:
            return ast.UnaryOp(ast.USub(), ast.Constant(-value))  # as it would be read from a text
        if isinstance(value, LITERALS):
            return ast.Constant(value)
        if isinstance(value, tuple):
            return ast.Tuple([self.written(one, node) for one in value], ast.Load())
        if callable(value) and value in self.names:
            return ast.Name(self.names[value], ast.Load())
        return node


class Inliner(ast.NodeTransformer):
    """Put the expressions of functions that only return one in the place of their calls."""

    def __init__(self, expressions: dict[str, tuple[list[str], ast.expr]]) -> None:
        """Take the parameters and the expression of each such function by its full name."""
        self.expressions = expressions

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Return the expression a call stands for, if its arguments can stand in it."""
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name) or node.func.id not in self.expressions:
            return node
        parameters, expression = self.expressions[node.func.id]
        given = dict(zip(parameters, node.args, strict=True))
        if any(not is_simple(one) and uses(expression, name) > 1 for name, one in given.items()):
            return node
        return Substituter(given).visit(copied(expression))


class Substituter(ast.NodeTransformer):
    """Put arguments in the place of parameters."""

    def __init__(self, given: dict[str, ast.expr]) -> None:
        """Take the argument of each parameter."""
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return the argument for a parameter: a copy, as it may stand in several places."""
        return copied(self.given[node.id]) if node.id in self.given else node


def is_simple(expression: ast.expr) -> bool:
    """Return whether an argument may be written twice: a name, a literal, or an item at such a place."""
    if isinstance(expression, ast.Subscript):
        return is_simple(expression.value) and is_simple(expression.slice)
    if isinstance(expression, ast.BinOp):
        return is_simple(expression.left) and is_simple(expression.right)
    return isinstance(expression, ast.Name | ast.Constant)


def uses(expression: ast.expr, name: str) -> int:
    """Return how often a name occurs in an expression."""
    return sum(isinstance(node, ast.Name) and node.id == name for node in walk(expression))


def full_name(function: Callable[..., Any]) -> str:
    """Return the name of a function in the unit: its module's last two names and its own."""
    return "_".join([*function.__module__.split(".")[-2:], function.__name__])


def parsed(function: Callable[..., Any], names: dict[Callable[..., Any], str]) -> ast.FunctionDef:
    """Return a function's tree with full names and literals, and without docstring, annotations and decorators."""
    tree = copied_tree(function)
    tree.decorator_list, tree.returns, tree.name = [], None, names[function]
    for argument in tree.args.args:
        argument.annotation = None
    if ast.get_docstring(tree) is not None:
        tree.body = tree.body[1:]
    return Namer(function, names).visit(tree)


def only_expression(tree: ast.FunctionDef) -> ast.expr | None:
    """Return the expression a function returns if that is all it does, else None."""
    if len(tree.body) == 1 and isinstance(tree.body[0], ast.Return):
        return tree.body[0].value
    return None


def callees_first(trees: Iterable[ast.FunctionDef], entries: Iterable[str]) -> list[ast.FunctionDef]:
    """Return some functions and all they call, directly or through others, each after those it calls itself."""
    by_name = {tree.name: tree for tree in trees}
    ordered: dict[str, ast.FunctionDef] = {}

    def place(name: str) -> None:
        for node in walk(by_name[name]):
            if isinstance(node, ast.Name) and node.id in by_name and node.id not in ordered:
                place(node.id)
        ordered[name] = by_name[name]

    for entry in entries:
        if entry not in ordered:
            place(entry)
    return list(ordered.values())


def named(functions: Iterable[Callable[..., Any]]) -> dict[Callable[..., Any], str]:
    """Return the full name of each function."""
    return {function: full_name(function) for function in functions}


def unit_of(
    names: dict[Callable[..., Any], str], lowered: Iterable[ast.FunctionDef] = (), entry: str | None = None
) -> list[ast.FunctionDef]:
    """Return the functions of the unit: what the entry still calls, callees first; without an entry, everything.

    names     the rules and functions of the search, by their full names
    lowered   steps as functions over arrays
    entry     the name of the function that is called from outside

    It goes by what is called alone. The order of the functions is that in which modules happened to be imported.
    """
    trees = [*(parsed(function, names) for function in names), *lowered]
    entries = sorted(tree.name for tree in trees) if entry is None else [entry]
    trees = callees_first(trees, entries)
    expressions: dict[str, tuple[list[str], ast.expr]] = {}
    for tree in trees:
        spread_origins(tree)
        Inliner(expressions).visit(tree)
        expression = only_expression(tree)
        if expression is not None:
            expressions[tree.name] = ([argument.arg for argument in tree.args.args], expression)
    return callees_first(trees, entries)


def text_of(trees: Iterable[ast.FunctionDef]) -> str:
    """Return the unit as text, to be looked at or run by Python."""
    return HEADER + "".join(f"\n\n{ast.unparse(ast.fix_missing_locations(tree))}\n" for tree in trees)
