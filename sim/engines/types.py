"""Types of the compilation unit: of every local and every result, for the arguments that a function is called with.

    i   a whole number of 64 bits        b   true or false
    f   a number (float64)               the name of an array: numbers one behind another
    w   a number that in Python is whole on some ways; it is held as a number

A function that is called with other types is typed once more. A local has one type throughout; where both whole numbers
and numbers are assigned it is w, and refused where Python's result would go by which it is: -0 is 0 and -0.0 is not, and
so with products. What has no one meaning in 64 bits is refused, by file, line and function.

Whole numbers wrap around at 64 bits where Python's do not, and those above 2^53 are no exact numbers; the checking mode
(wasm.py) traps at both.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from sim.engines.names import UntypedError, check_names, refusal
from sim.engines.sources import origin_of, walk, with_origin

Type = Any  # "i", "f", "b", "w", the name of an array, or a tuple of types for several results

# What stands in each array; "rows" holds rows of numbers.
ELEMENTS = {"P": "i", "R": "f", "S": "f", "sheet": "f", "work": "f", "row": "f", "rows": "row"}
NUMBERS = ("i", "b", "f", "w")
WHOLE = ("i", "b")
LARGEST = 2**63 - 1
START_WITH = "write 0.0 for 0 where it is set"


@dataclass
class Typed:
    """A function of the unit for some types of arguments.

    number   its number among the typed functions, in the order in which they are first called
    given    the types of the arguments as they are handed over; `locals` has them as the function uses them
    result   the type of what comes back, None for nothing
    found    the types of expressions
    """

    name: str
    number: int
    tree: ast.FunctionDef
    given: tuple[Type, ...]
    locals: dict[str, Type] = field(default_factory=dict)
    result: Type = None
    found: dict[ast.expr, Type] = field(default_factory=dict)

    @property
    def arguments(self) -> list[str]:
        """The names of the arguments."""
        return [argument.arg for argument in self.tree.args.args]

    @property
    def results(self) -> tuple[Type, ...]:
        """The types of what comes back, one by one."""
        return self.result if isinstance(self.result, tuple) else () if self.result is None else (self.result,)


class Types:
    """The typed functions of a unit, found from the first call on."""

    def __init__(self, trees: Iterable[ast.FunctionDef]) -> None:
        """Take the functions of a unit."""
        self.trees = {tree.name: tree for tree in trees}
        self.functions: dict[tuple[str, tuple[Type, ...]], Typed] = {}
        self._may_end = {name: check_names(tree, self.trees) for name, tree in self.trees.items()}
        try:
            TopologicalSorter({name: self._called_in(tree) for name, tree in self.trees.items()}).prepare()
        except CycleError as error:
            tree = self.trees[error.args[1][0]]
            inner = next(node for node in walk(tree) if isinstance(node, ast.Call) and _called(node) in error.args[1])
            raise refusal(inner, f"{tree.name} calls itself, directly or through another; write a loop") from None

    def _called_in(self, tree: ast.FunctionDef) -> set[str]:
        """Return the functions of the unit that one of them calls."""
        return {_called(node) for node in walk(tree) if isinstance(node, ast.Call)} & set(self.trees)

    def of(self, name: str, given: tuple[Type, ...]) -> Typed:
        """Return a function typed for some arguments."""
        key = (name, given)
        if key not in self.functions:
            typed = Typed(name, len(self.functions), self.trees[name], given)
            self.functions[key] = typed
            self._infer(typed)
        return self.functions[key]

    def type(self, typed: Typed, node: ast.expr) -> Type:
        """Return the type of an expression of a function, None for a call of what returns nothing."""
        if node not in typed.found:
            typed.found[node] = self._type(typed, node)
        return typed.found[node]

    def _type(self, typed: Typed, node: ast.expr) -> Type:  # noqa: C901  (one line a kind of expression)
        """Find the type of an expression."""
        match node:
            case ast.Constant(value=bool()):
                return "b"
            case ast.Constant(value=int() as value) if value <= LARGEST:
                return "i"
            case ast.Constant(value=float()) | ast.Name(id="nan"):
                return "f"
            case ast.Name() if node.id in typed.locals:
                return typed.locals[node.id]
            case ast.Compare():
                for part in [node.left, *node.comparators]:
                    self.number(typed, part)
                return "b"
            case ast.BoolOp(values=parts):
                for part in parts:
                    self.number(typed, part)
                return "b"
            case ast.UnaryOp(op=ast.Not()):
                self.number(typed, node.operand)
                return "b"
            case ast.UnaryOp(op=ast.USub()):
                one = self.number(typed, node.operand)
                if one == "w":
                    raise refusal(node, f"in Python this is -0.0 or 0, as it is a number or whole; {START_WITH}")
                return "i" if one == "b" else one
            case ast.BinOp():
                return self._operation(typed, node)
            case ast.Tuple():
                return tuple(self.number(typed, item) for item in node.elts)
            case ast.IfExp():
                self.number(typed, node.test)
                return _joined(self.number(typed, node.body), self.number(typed, node.orelse), node)
            case ast.Subscript():
                return self._element(typed, node)
            case ast.Call(func=ast.Name(id=name)) if name in self.trees:
                return self.of(name, self.given(typed, node)).result
            case ast.Call(func=ast.Name(id=name), args=[argument]) if name != "range":
                return self._built_in(typed, node, name, argument)
        raise refusal(node, "this has no meaning here")

    def number(self, typed: Typed, node: ast.expr) -> Type:
        """Return the type of an expression that stands for one number, or for true or false."""
        found = self.type(typed, node)
        if found not in NUMBERS:
            what = "nothing" if found is None else f"{len(found)} numbers" if isinstance(found, tuple) else "an array"
            raise refusal(node, f"one number is wanted here, and this is {what}")
        return found

    def whole(self, typed: Typed, node: ast.expr) -> Type:
        """Return the type of an expression that stands for a whole number, or for true or false."""
        found = self.number(typed, node)
        if found not in WHOLE:
            raise refusal(node, "a whole number is wanted here, and this is none; write int(...)")
        return found

    def given(self, typed: Typed, node: ast.Call) -> tuple[Type, ...]:
        """Return the types that a call hands over; true and false go as whole numbers."""
        found = [self.type(typed, argument) for argument in node.args]
        return tuple(
            self.number(typed, argument) if one is None or isinstance(one, tuple) else "i" if one == "b" else one
            for argument, one in zip(node.args, found, strict=True)
        )

    def _operation(self, typed: Typed, node: ast.BinOp) -> Type:
        """Return the type of an operation of two numbers."""
        one, other = self.number(typed, node.left), self.number(typed, node.right)
        if isinstance(node.op, ast.Div):
            return "f"
        if one in WHOLE and other in WHOLE:
            return "i"
        if not isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
            raise refusal(node, "this operation is of whole numbers alone")
        if "f" in (one, other):
            return "f"
        if isinstance(node.op, ast.Mult):
            raise refusal(node, f"in Python this is -0.0 or 0, as a factor is a number or whole; {START_WITH}")
        return "w"

    def _element(self, typed: Typed, node: ast.Subscript) -> Type:
        """Return the type of an element of an array or of a table of constants."""
        self.whole(typed, node.slice)
        if isinstance(node.value, ast.Tuple):
            if table_of(node.value) is None:
                raise refusal(node, "a table holds whole numbers alone")
            return "i"
        array = self.type(typed, node.value)
        if not isinstance(array, str) or array not in ELEMENTS:
            raise refusal(node, "this is no array")
        return ELEMENTS[array]

    def _built_in(self, typed: Typed, node: ast.Call, name: str, argument: ast.expr) -> Type:
        """Return the type of what a built-in function gives."""
        if name == "len":
            if not isinstance(argument, ast.Name) or self.type(typed, argument) not in ELEMENTS:
                raise refusal(node, "only an array that is handed over has a length here")
            return "i"
        one = self.number(typed, argument)
        if name == "abs":
            return "i" if one == "b" else one
        return "i" if name == "int" else "f"

    def _infer(self, typed: Typed) -> None:
        """Find the types of a function's locals and result: again and again until none changes."""
        typed.locals = dict(zip(typed.arguments, typed.given, strict=True))
        while True:
            before = dict(typed.locals)
            typed.found.clear()
            typed.result = self._block(typed, typed.tree.body, None)
            if before == typed.locals:
                break
        bare = any(isinstance(node, ast.Return) and node.value is None for node in walk(typed.tree))
        if typed.result is not None and (bare or self._may_end[typed.name]):
            where = origin_of(typed.tree)
            raise UntypedError(f"{where}: returns something on some ways only; end every way in a return of it")

    def _block(self, typed: Typed, body: list[ast.stmt], result: Type) -> Type:
        """Take in the statements of a block; return the type of what is returned so far."""
        for node in body:
            match node:
                case ast.Assign(targets=[target]):
                    found = self.type(typed, node.value)
                    self._assign(typed, target, self.number(typed, node.value) if found is None else found)
                case ast.AugAssign():
                    self._assign(typed, node.target, self.type(typed, whole_operation(node)))
                case ast.For(iter=ast.Tuple() as listed):
                    for item in listed.elts:
                        self._assign(typed, node.target, self.type(typed, item))
                    result = self._block(typed, node.body, result)
                case ast.For(iter=ast.Call(args=given)):
                    for argument in given:
                        self.whole(typed, argument)
                    self._assign(typed, node.target, "i")
                    result = self._block(typed, node.body, result)
                case ast.If() | ast.While():
                    self.number(typed, node.test)
                    result = self._block(typed, node.orelse, self._block(typed, node.body, result))
                case ast.Return(value=value) if value is not None:
                    result = self._returned(typed, node, value, result)
                case ast.Expr():
                    self.type(typed, node.value)
        return result

    def _returned(self, typed: Typed, node: ast.Return, value: ast.expr, result: Type) -> Type:
        """Return the type of what is returned here and before."""
        found = self.type(typed, value)
        if found is None:
            raise refusal(node, "what is returned here is nothing")
        return found if result is None else _joined(result, found, node)

    def _assign(self, typed: Typed, target: ast.expr, found: Type) -> None:
        """Take in that something of a type is assigned."""
        if isinstance(target, ast.Tuple) and isinstance(found, tuple) and len(target.elts) == len(found):
            for item, one in zip(target.elts, found, strict=True):
                self._assign(typed, item, one)
        elif found not in NUMBERS:
            raise refusal(target, "what is kept here is not one number for each name")
        elif isinstance(target, ast.Name):
            typed.locals[target.id] = _joined(typed.locals.get(target.id, found), found, target)
        elif self.type(typed, target) == "i" and found not in WHOLE:
            raise refusal(target, "a whole number is kept here; write int(...)")


def _called(node: ast.Call) -> str:
    """Return the name of what a call calls."""
    return node.func.id if isinstance(node.func, ast.Name) else ""


def table_of(node: ast.Tuple) -> tuple[int, ...] | None:
    """Return the whole numbers of a table of constants, None if it holds anything else."""
    try:
        values = tuple(ast.literal_eval(node))
    except ValueError:
        return None
    return values if all(type(value) is int and abs(value) <= LARGEST for value in values) else None


def whole_operation(node: ast.AugAssign) -> ast.BinOp:
    """Return the operation that `x += y` stands for, x + y, with x to be read."""
    target = node.target
    if isinstance(target, ast.Subscript):
        if any(isinstance(part, ast.Call) and _called(part) != "int" for part in walk(target.slice)):
            raise refusal(target, "the place would be reckoned twice; give what is called a name first")
        read: ast.expr = ast.Subscript(target.value, target.slice, ast.Load())
    else:
        read = ast.Name(target.id, ast.Load()) if isinstance(target, ast.Name) else target
    return with_origin(ast.BinOp(with_origin(read, node), node.op, node.value), node)


def _joined(one: Type, other: Type, node: ast.AST) -> Type:
    """Return the type that holds both."""
    if one == other:
        return one
    if one in WHOLE and other in WHOLE:
        return "i"
    if {one, other} <= {"i", "f", "w"}:
        return "w"
    raise refusal(node, f"this is {one} on one way and {other} on another")
