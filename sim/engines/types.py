"""Types of the compilation unit: of every local and every result, for the arguments that a function is called with.

    i   a whole number of 64 bits        b   true or false
    f   a number (float64)               the name of an array: numbers one behind another

A function that is called with other types is typed once more. A local has one type throughout; whole numbers widen to
numbers where both are assigned. What has no one meaning in 64 bits is refused, by the name of its function and the line of
the unit.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from sim.engines.sources import NotCompiledError

Type = Any  # "i", "f", "b", the name of an array, or a tuple of types for several results

# What stands in each array; "rows" holds rows of numbers.
ELEMENTS = {"P": "i", "R": "f", "S": "f", "sheet": "f", "work": "f", "row": "f", "rows": "row"}
BUILT_IN = {"int": "i", "float": "f", "sqrt": "f", "len": "i"}


class UntypedError(NotCompiledError):
    """Something in the unit has no one type, or no meaning in WebAssembly."""


@dataclass
class Typed:
    """A function of the unit for some types of arguments.

    number   its number among the typed functions, in the order in which they are first called
    given    the types of the arguments as they are handed over; `locals` has them as the function uses them
    result   the type of what comes back, None for nothing
    """

    name: str
    number: int
    tree: ast.FunctionDef
    given: tuple[Type, ...]
    locals: dict[str, Type] = field(default_factory=dict)
    result: Type = None

    @property
    def arguments(self) -> list[str]:
        """The names of the arguments."""
        return [argument.arg for argument in self.tree.args.args]

    @property
    def results(self) -> tuple[Type, ...]:
        """The types of what comes back, one by one."""
        return self.result if isinstance(self.result, tuple) else () if self.result is None else (self.result,)

    def refusal(self, node: ast.AST, why: str) -> UntypedError:
        """Return the error that names function and line."""
        return UntypedError(f"{self.name}, line {getattr(node, 'lineno', 0)} of the unit: {why}: {ast.unparse(node)}")


class Types:
    """The typed functions of a unit, found from the first call on."""

    def __init__(self, trees: Iterable[ast.FunctionDef]) -> None:
        """Take the functions of a unit."""
        self.trees = {tree.name: tree for tree in trees}
        self.functions: dict[tuple[str, tuple[Type, ...]], Typed] = {}
        try:
            TopologicalSorter({name: self._named_in(tree) for name, tree in self.trees.items()}).prepare()
        except CycleError as error:
            name = error.args[1][0]
            raise UntypedError(f"{name}, line {self.trees[name].lineno} of the unit: this calls itself") from None

    def _named_in(self, tree: ast.FunctionDef) -> set[str]:
        """Return the functions of the unit that one of them names."""
        return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in self.trees}

    def of(self, name: str, given: tuple[Type, ...]) -> Typed:
        """Return a function typed for some arguments."""
        key = (name, given)
        if key not in self.functions:
            typed = Typed(name, len(self.functions), self.trees[name], given)
            self.functions[key] = typed
            self._infer(typed)
        return self.functions[key]

    def type(self, typed: Typed, node: ast.expr) -> Type:  # noqa: C901  (one line a kind of expression)
        """Return the type of an expression of a function; None where it is not known yet."""
        match node:
            case ast.Constant(value=value):
                return "b" if isinstance(value, bool) else "i" if isinstance(value, int) else "f"
            case ast.Name(id="nan"):
                return "f"
            case ast.Name():
                return typed.locals.get(node.id)
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                return "b"
            case ast.UnaryOp():
                return _joined("i", self.type(typed, node.operand), typed, node)
            case ast.BinOp(op=ast.Div()):
                return "f"
            case ast.BinOp():
                left, right = self.type(typed, node.left), self.type(typed, node.right)
                return _joined(_joined("i", left, typed, node), right, typed, node)
            case ast.Tuple():
                return tuple(self.type(typed, item) for item in node.elts)
            case ast.IfExp():
                return _joined(self.type(typed, node.body), self.type(typed, node.orelse), typed, node)
            case ast.Subscript(value=ast.Tuple()):
                return "i"
            case ast.Subscript():
                return ELEMENTS[self.type(typed, node.value)]
            case ast.Call(func=ast.Name(id=name)) if name in BUILT_IN:
                return BUILT_IN[name]
            case ast.Call(func=ast.Name(id="abs")):
                return self.type(typed, node.args[0])
            case ast.Call(func=ast.Name(id=name)) if name in self.trees:
                given = self.given(typed, node)
                return None if None in given else self.of(name, given).result
        raise typed.refusal(node, "this has no meaning here")

    def given(self, typed: Typed, node: ast.Call) -> tuple[Type, ...]:
        """Return the types that a call hands over; true and false go as whole numbers."""
        found = (self.type(typed, argument) for argument in node.args)
        return tuple("i" if one == "b" else one for one in found)

    def _infer(self, typed: Typed) -> None:
        """Find the types of a function's locals and result: again and again until none changes."""
        typed.locals = dict(zip(typed.arguments, typed.given, strict=True))
        before: dict[str, Type] = {}
        while before != typed.locals:
            before = dict(typed.locals)
            typed.result = self._block(typed, typed.tree.body, None)
        bare = any(isinstance(node, ast.Return) and node.value is None for node in ast.walk(typed.tree))
        if typed.result is not None and (bare or not _ends(typed.tree.body)):
            raise UntypedError(f"{typed.name}: returns something on some ways only")

    def _block(self, typed: Typed, body: list[ast.stmt], result: Type) -> Type:
        """Take in the statements of a block; return the type of what is returned so far."""
        for node in body:
            match node:
                case ast.Assign(targets=[target]):
                    self._assign(typed, target, self.type(typed, node.value))
                case ast.AugAssign():
                    self._assign(typed, node.target, self.type(typed, whole_operation(node)))
                case ast.For(iter=ast.Tuple() as listed):
                    for item in listed.elts:
                        self._assign(typed, node.target, self.type(typed, item))
                    result = self._block(typed, node.body, result)
                case ast.For():
                    self._assign(typed, node.target, "i")
                    result = self._block(typed, node.body, result)
                case ast.If() | ast.While():
                    self.type(typed, node.test)
                    result = self._block(typed, node.orelse, self._block(typed, node.body, result))
                case ast.Return(value=value) if value is not None:
                    result = _joined(result, self.type(typed, value), typed, node)
                case ast.Expr():
                    self.type(typed, node.value)
        return result

    def _assign(self, typed: Typed, target: ast.expr, found: Type) -> None:
        """Take in that something of a type is assigned."""
        if isinstance(target, ast.Name):
            typed.locals[target.id] = _joined(typed.locals.get(target.id), found, typed, target)
        elif isinstance(target, ast.Tuple) and found is not None:
            for item, one in zip(target.elts, found, strict=True):
                self._assign(typed, item, one)


def whole_operation(node: ast.AugAssign) -> ast.BinOp:
    """Return the operation that `x += y` stands for, x + y, with x to be read."""
    target = node.target
    if isinstance(target, ast.Subscript):
        read: ast.expr = ast.Subscript(target.value, target.slice, ast.Load())
    else:
        read = ast.Name(target.id, ast.Load()) if isinstance(target, ast.Name) else target
    return ast.copy_location(ast.BinOp(ast.copy_location(read, node), node.op, node.value), node)


def _joined(one: Type, other: Type, typed: Typed, node: ast.AST) -> Type:
    """Return the type that holds both."""
    if one == other or other is None:
        return one
    if one is None:
        return other
    if isinstance(one, str) and isinstance(other, str):
        if {one, other} == {"i", "b"}:
            return "i"
        if {one, other} == {"i", "f"}:
            return "f"
    raise typed.refusal(node, f"this is {one} on one way and {other} on another")


def _ends(body: list[ast.stmt]) -> bool:
    """Return whether every way through a block ends in a return."""
    return any(
        isinstance(node, ast.Return) or (isinstance(node, ast.If) and _ends(node.body) and _ends(node.orelse))
        for node in body
    )
