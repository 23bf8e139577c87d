"""The trees of functions, found in the files they stand in; a file is read once.

Every statement and expression keeps where it was written (`origin`: file, line and function) on its way through the unit
to the module. Lines alone would not do: a function of one file is written into that of another.
"""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from sim.errors import SimError

Node = TypeVar("Node", bound=ast.AST)
_PACKAGE: Final = Path(__file__).resolve().parents[1]


class SourceError(SimError):
    """A function has no source that can be read."""


def tree_of(function: Callable[..., Any]) -> ast.FunctionDef:
    """Return the tree of a function, to be read and not to be changed."""
    code = inspect.unwrap(function).__code__
    found = _functions_in(code.co_filename).get((code.co_name, code.co_firstlineno))
    if found is None:
        raise SourceError(f"{code.co_filename}: {code.co_name}: is not written with def in a file or a notebook's cell")
    return found


def copied_tree(function: Callable[..., Any]) -> ast.FunctionDef:
    """Return the tree of a function, to be changed."""
    return copied(tree_of(function))


def copied(node: Node) -> Node:
    """Return a copy of a tree: what deepcopy() gives, several times as fast."""
    if not node._fields:
        return node  # an operator, or whether a name is read or set
    new = node.__class__.__new__(node.__class__)
    for name, value in vars(node).items():
        if isinstance(value, list):
            setattr(new, name, [copied(item) if isinstance(item, ast.AST) else item for item in value])
        else:
            setattr(new, name, copied(value) if isinstance(value, ast.AST) else value)
    return new


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a tree but for operators and contexts: as ast.walk() in no certain order, several times as fast."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                waiting += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and value._fields:
                waiting.append(value)


def origin_of(node: ast.AST) -> str:
    """Return where a node was written: file, line and function."""
    return str(getattr(node, "origin", ""))


def with_origin(node: Node, source: ast.AST) -> Node:
    """Return a node that stands for another; it keeps where that was written."""
    if not origin_of(node) and origin_of(source):
        node.origin = origin_of(source)  # type: ignore[attr-defined]
    return node


def spread_origins(tree: ast.AST) -> None:
    """Have every node that was made on the way say of itself what the node around it does."""
    for child in ast.iter_child_nodes(tree):
        spread_origins(with_origin(child, tree))


def mark_origins(tree: ast.FunctionDef, file: str) -> None:
    """Have every node of a function say where it stands."""
    for node in walk(tree):
        if isinstance(node, ast.stmt | ast.expr):
            node.origin = f"{file}:{node.lineno}, in {tree.name}"  # type: ignore[union-attr]


@cache
def _functions_in(path: str) -> dict[tuple[str, int], ast.FunctionDef]:
    """Return every function of a file by its name and its first line, decorators included."""
    text = "".join(linecache.getlines(path))
    if not text:
        raise SourceError(f"{path}: has no source")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    for function in functions:  # those within others come later
        mark_origins(function, _short(path))
    return {(node.name, min([node.lineno, *(one.lineno for one in node.decorator_list)])): node for node in functions}


def _short(path: str) -> str:
    """Return how a file is named: those of the package from there on."""
    return Path(path).relative_to(_PACKAGE).as_posix() if Path(path).is_relative_to(_PACKAGE) else path
