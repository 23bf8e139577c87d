"""The trees of functions, found in the files, or the cells of a notebook, in which they stand."""

from __future__ import annotations

import ast
import inspect
import linecache
from collections import ChainMap
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from types import CodeType
from typing import Any

from sim.errors import SimError


class NotCompiledError(SimError):
    """A model that the compiled engine can't play; the open engine can."""


class SourceError(NotCompiledError):
    """A function has no source that can be read, or another one than it was made from."""


def tree_of(function: Callable[..., Any]) -> ast.FunctionDef:
    """Return the tree of a function, to be read and not to be changed."""
    code = inspect.unwrap(function).__code__
    text = "".join(linecache.getlines(code.co_filename))
    where = f"{code.co_filename}:{code.co_firstlineno}"
    if not text:
        raise SourceError(f"{where}: {code.co_name}: has no source; write the class in a file or a notebook's cell")
    try:
        found = _functions_in(text).get((code.co_name, code.co_firstlineno))
    except SyntaxError:
        found = None
    if found is None:
        raise SourceError(f"{where}: {code.co_name}: is not written with def, or its file has changed: import it anew")
    if not function.__module__.startswith("sim.") and code not in _codes_in(text, code.co_filename):
        raise SourceError(f"{where}: {code.co_name}: its file has changed since it was imported: import it anew")
    return found


def scope_of(function: Callable[..., Any]) -> Mapping[str, Any]:
    """Return what the names that a function does not set itself stand for."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return ChainMap({name: cell.cell_contents for name, cell in cells if name != "__class__"}, function.__globals__)


def copied_tree(function: Callable[..., Any]) -> ast.FunctionDef:
    """Return the tree of a function, to be changed."""
    return deepcopy(tree_of(function))


@cache
def _functions_in(text: str) -> dict[tuple[str, int], ast.FunctionDef]:
    """Return every function of a file's text by its name and its first line, decorators included."""
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return {(node.name, min([node.lineno, *(one.lineno for one in node.decorator_list)])): node for node in functions}


@cache
def _codes_in(text: str, path: str) -> set[CodeType]:
    """Return the code of every function of a file's text as it is now: what was imported before may be another."""
    found = {compile(text, path, "exec", dont_inherit=True)}
    waiting = list(found)
    while waiting:
        inner = {constant for constant in waiting.pop().co_consts if isinstance(constant, CodeType)}
        waiting += inner - found
        found |= inner
    return found
