"""The trees of functions, found in the files they stand in; a file is read once."""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

from sim.errors import SimError


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
    return deepcopy(tree_of(function))


@cache
def _functions_in(path: str) -> dict[tuple[str, int], ast.FunctionDef]:
    """Return every function of a file by its name and its first line, decorators included."""
    text = "".join(linecache.getlines(path))
    if not text:
        raise SourceError(f"{path}: has no source")
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return {(node.name, min([node.lineno, *(one.lineno for one in node.decorator_list)])): node for node in functions}
