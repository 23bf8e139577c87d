"""The trees of functions, found in the files they stand in; a file is read once."""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from sim.errors import SimError

Node = TypeVar("Node", bound=ast.AST)


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
    """Return a tree like another, to be changed; copy.deepcopy takes five times as long."""
    copy = type(node)()
    vars(copy).update({name: _copied_field(value) for name, value in vars(node).items()})
    return copy


def _copied_field(value: Any) -> Any:
    """Return what stands in a field of a tree, copied."""
    if isinstance(value, list):
        return [_copied_field(one) for one in value]
    return copied(value) if isinstance(value, ast.AST) else value


@cache
def _functions_in(path: str) -> dict[tuple[str, int], ast.FunctionDef]:
    """Return every function of a file by its name and its first line, decorators included."""
    text = "".join(linecache.getlines(path))
    if not text:
        raise SourceError(f"{path}: has no source")
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return {(node.name, min([node.lineno, *(one.lineno for one in node.decorator_list)])): node for node in functions}
