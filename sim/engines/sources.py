"""The trees of functions, found in the files, or the cells of a notebook, in which they stand.

Every statement and expression keeps where it was written (`origin`: file, line and function) on its way through the unit
to the module. Lines alone would not do: a function of one file is written into that of another.
"""

from __future__ import annotations

import ast
import inspect
import linecache
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, Final, TypeVar, cast

from sim.errors import SimError

Node = TypeVar("Node", bound=ast.AST)
_PACKAGE: Final = Path(__file__).resolve().parents[1]

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


def kept_by_class(function: AnyFunction) -> AnyFunction:
    """Return a function of a class that keeps what it found; `cache` by itself is not typed for classes."""
    return cast(AnyFunction, cache(function))


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
        found = _functions_in(text, code.co_filename).get((code.co_name, code.co_firstlineno))
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
def _functions_in(text: str, path: str) -> dict[tuple[str, int], ast.FunctionDef]:
    """Return every function of a file's text by its name and its first line, decorators included."""
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    for function in functions:  # those within others come later
        mark_origins(function, _short(path))
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


def _short(path: str) -> str:
    """Return how a file is named: those of the package from there on."""
    return Path(path).relative_to(_PACKAGE).as_posix() if Path(path).is_relative_to(_PACKAGE) else path
