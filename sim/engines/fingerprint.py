"""What decides results, as one hash: the model's version.

It covers the syntax of every function that the play loop reaches, wherever it stands, the functions that measure, and the
names, kinds, options and defaults of the parameters. Comments, docstrings, annotations, line ends, names of rules and the
files they stand in change nothing, nor do events, or a rule that no replicate ever reaches.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

from sim.engines.sources import copied_tree, scope_of
from sim.parameters import World, parameters_of, sections_of, tables_of
from sim.steps.cast import CAST, War
from sim.steps.columns import COLUMNS, FOLLOWED

Function = Callable[..., Any]
Steps = Mapping[str, Sequence[Function]]


def model_fingerprint() -> str:
    """Return the SHA-256, in hexadecimal, of what decides results."""
    measuring = [measured.function for block in [*COLUMNS, *FOLLOWED] for measured in block]
    return fingerprint([War.play, *measuring], steps_by_name(CAST.values()), parameter_lines(World))


def fingerprint(entries: Iterable[Function], steps: Steps, parameters: Iterable[str]) -> str:
    """Return the SHA-256 of what some functions reach and of the lines on parameters."""
    digest = hashlib.sha256()
    for tree in reached(entries, steps).values():
        digest.update(f"{_dumped(tree)}\n".encode())
    for line in parameters:
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def steps_by_name(classes: Iterable[type]) -> Steps:
    """Return the steps of some classes, and derived attributes, by their names."""
    found: dict[str, list[Function]] = {}
    for owner in classes:
        for name in dir(owner):
            member = inspect.getattr_static(owner, name)
            function = member.fget if isinstance(member, property) else member
            if inspect.isfunction(function) and function not in found.get(name, []) and not name.startswith("__"):
                found.setdefault(name, []).append(function)
    return found


def reached(entries: Iterable[Function], steps: Steps) -> dict[Function, ast.AST]:
    """Return some functions and all they reach, in the order in which they are first named, with bare trees.

    A step is reached where anything is asked for its name: which kind of thing is asked makes no difference here.
    """
    order: dict[Function, str] = {}
    for entry in entries:
        order.setdefault(entry, f"f{len(order)}")
    trees: dict[Function, ast.AST] = {}
    while len(trees) < len(order):
        function = list(order)[len(trees)]
        trees[function] = Reader(function, order, steps).visit(bare(copied_tree(function)))
    return trees


class Reader(ast.NodeTransformer):
    """Replace what a function names outside itself: constants by values, functions of the package by numbers."""

    def __init__(self, function: Function, order: dict[Function, str], steps: Steps) -> None:
        """Read names as `function` would; functions named for the first time are added to `order`."""
        self.order = order
        self.steps = steps
        self.scope = scope_of(function)
        self.local = set(function.__code__.co_varnames)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """Return a statement, but nothing for an event."""
        called = node.value.func if isinstance(node.value, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr == "note":
            return ast.Pass()
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST:
        """Return a condition, but nothing for what only serves events."""
        if isinstance(node.test, ast.Attribute) and node.test.attr == "keeps_events":
            return ast.Pass()
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return a constant's value, or a function's number."""
        if node.id in self.local or node.id not in self.scope:
            return node
        return self.resolved(self.scope[node.id], node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Return the same for an attribute of a module; take in the steps of an attribute's name."""
        if isinstance(node.value, ast.Name) and node.value.id not in self.local:
            owner = self.scope.get(node.value.id)
            if isinstance(owner, ModuleType):
                return self.resolved(getattr(owner, node.attr), node)
        for function in self.steps.get(node.attr, ()):
            self.order.setdefault(function, f"f{len(self.order)}")
        return self.generic_visit(node)

    def resolved(self, value: Any, node: ast.expr) -> ast.expr:
        """Return what stands for a global value."""
        if isinstance(value, bool | int | float | str):
            return ast.Constant(value)
        if isinstance(value, tuple):
            return ast.Tuple([self.resolved(item, node) for item in value], ast.Load())
        if inspect.isfunction(value):
            return ast.Name(self.order.setdefault(value, f"f{len(self.order)}"), ast.Load())
        return node


def bare(tree: ast.FunctionDef) -> ast.FunctionDef:
    """Return a function's tree, changed in place: without name, docstring, annotations and decorators."""
    if ast.get_docstring(tree) is not None:
        tree.body = tree.body[1:] or [ast.Pass()]
    for argument in [*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs]:
        argument.annotation = None
    tree.name, tree.decorator_list, tree.returns = "", [], None
    return tree


def _dumped(node: object) -> str:
    """Return what `ast.dump` of Python 3.11 gives; later ones add fields and leave out empty lists."""
    if isinstance(node, list):
        return f"[{', '.join(map(_dumped, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = [(name, getattr(node, name)) for name in node._fields if name != "type_params"]
    told = [
        f"{name}={_dumped(value)}"
        for name, value in fields
        if value is not None or getattr(type(node), name, ...) is not None
    ]
    return f"{type(node).__name__}({', '.join(told)})"


def parameter_lines(scope: type) -> list[str]:
    """Return a line for each parameter of a scope and of those below it, in the order of their names."""
    lines = [
        f"{scope.__name__}.{name}: {parameter.kind} {parameter.options} {parameter.default!r} {parameter.default_by} "
        f"{parameter.default_as}"
        for name, parameter in parameters_of(scope)
        if not parameter.told
    ]
    below = [section for _, section in sections_of(scope)] + [entry for _, entry, _ in tables_of(scope)]
    for one in below:
        lines += parameter_lines(one)
    return sorted(lines)
