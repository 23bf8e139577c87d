"""What decides results, as one hash: the model's version.

It covers the syntax of every function that the play loop reaches, wherever it stands, and the names, kinds, options and
defaults of the parameters. Comments, docstrings, annotations, line ends, names of functions and the files they stand in
change nothing, nor does a rule that no replicate ever reaches.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

from sim.parameters import World, parameters_of, sections_of, tables_of

Function = Callable[..., Any]


def fingerprint(entry: Function, scope: type = World) -> str:
    """Return the SHA-256, in hexadecimal, of what `entry` reaches and of the parameters below `scope`."""
    digest = hashlib.sha256()
    for tree in reached(entry).values():
        digest.update(f"{ast.dump(tree)}\n".encode())
    for line in parameter_lines(scope):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def reached(entry: Function) -> dict[Function, ast.AST]:
    """Return a function and every function it reaches, in the order in which they are first named, with bare trees."""
    files: dict[str, dict[str, ast.FunctionDef]] = {}
    order: dict[Function, str] = {entry: "f0"}
    trees: dict[Function, ast.AST] = {}
    while len(trees) < len(order):
        function = list(order)[len(trees)]
        path = inspect.getfile(function)
        if path not in files:
            files[path] = functions_in(path)
        trees[function] = Reader(function, order).visit(bare(files[path][function.__name__]))
    return trees


class Reader(ast.NodeTransformer):
    """Replace what a function names outside itself: constants by values, functions of the package by numbers."""

    def __init__(self, function: Function, order: dict[Function, str]) -> None:
        """Read names as `function` would; functions named for the first time are added to `order`."""
        self.order = order
        self.scope = function.__globals__
        self.local = set(function.__code__.co_varnames)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return a constant's value, or a function's number."""
        if node.id in self.local or node.id not in self.scope:
            return node
        return self.resolved(self.scope[node.id], node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Return the same for an attribute of a module; a named place (PLAN.week) keeps its name, wherever it lies."""
        if isinstance(node.value, ast.Name) and node.value.id not in self.local:
            owner = self.scope.get(node.value.id)
            if isinstance(owner, ModuleType):
                return self.resolved(getattr(owner, node.attr), node)
            if owner is not None:
                return node
        return self.generic_visit(node)

    def resolved(self, value: Any, node: ast.expr) -> ast.expr:
        """Return what stands for a global value."""
        if isinstance(value, bool | int | float | str):
            return ast.Constant(value)
        if isinstance(value, tuple):
            return ast.Tuple([self.resolved(one, node) for one in value], ast.Load())
        if inspect.isfunction(value) and value.__module__.startswith("sim."):
            return ast.Name(self.order.setdefault(value, f"f{len(self.order)}"), ast.Load())
        return node


def functions_in(path: str) -> dict[str, ast.FunctionDef]:
    """Return the functions at the top level of a file, by name."""
    with open(path, encoding="utf-8") as file:
        return {node.name: node for node in ast.parse(file.read()).body if isinstance(node, ast.FunctionDef)}


def bare(tree: ast.FunctionDef) -> ast.FunctionDef:
    """Return a function's tree, changed in place: without name, docstring, annotations and decorators."""
    if ast.get_docstring(tree) is not None:
        tree.body = tree.body[1:]
    for argument in [*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs]:
        argument.annotation = None
    tree.name, tree.decorator_list, tree.returns = "", [], None
    return tree


def parameter_lines(scope: type) -> list[str]:
    """Return a line for each parameter of a scope and of those below it, in the order of their names."""
    lines = [
        f"{scope.__name__}.{name}: {one.kind} {one.options} {one.default!r} {one.default_by} {one.default_as}"
        for name, one in parameters_of(scope)
    ]
    below = [one for _, one in sections_of(scope)] + [one for _, one, _ in tables_of(scope)]
    for one in below:
        lines += parameter_lines(one)
    return sorted(lines)
