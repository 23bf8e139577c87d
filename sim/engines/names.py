"""What can be told of a function of the unit before it is typed: its names, its calls, and the ways through it.

Refused are names of nothing, calls that do not fit, and a local that may be read before it is set: Python raises where a
module would read what was there before. A `for` is taken to go round at least once, as it does over things of which there
always is one; where it does not, and what it sets is read, the checking mode finds a value that nothing can be done with.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from sim.engines.sources import NotCompiledError, origin_of, walk

BUILT_IN = {"int": (1,), "float": (1,), "abs": (1,), "sqrt": (1,), "len": (1,), "range": (1, 2, 3)}  # so many arguments
Known = set[str] | None  # the locals that are set; None where no way leads


class UntypedError(NotCompiledError):
    """Something in the unit has no one type, or no meaning in WebAssembly."""


def refusal(node: ast.AST, why: str) -> UntypedError:
    """Return the error that names file, line and function."""
    return UntypedError(f"{origin_of(node)}: {why}: {ast.unparse(node)}")


def check_names(tree: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef]) -> bool:
    """Refuse what Python would not run either; return whether a way leads to the end of the function."""
    given = tree.args
    if given.posonlyargs or given.vararg or given.kwonlyargs or given.kwarg or given.defaults:
        raise refusal(tree, "a function takes plain arguments")
    arguments = {argument.arg for argument in given.args}
    ways = Ways(arguments)
    for node in walk(tree):
        if isinstance(node, ast.Call):
            _check_call(node, functions)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            ways.locals.add(node.id)
    return ways.after(tree.body, arguments, []) is not None


def _check_call(node: ast.Call, functions: Mapping[str, ast.FunctionDef]) -> None:
    """Refuse a call of nothing, or with arguments that do not fit."""
    if not isinstance(node.func, ast.Name) or node.func.id not in {*BUILT_IN, *functions}:
        raise refusal(node, "this calls nothing that is known here; rules and steps are, and " + ", ".join(BUILT_IN))
    name = node.func.id
    wanted = BUILT_IN.get(name) or (len(functions[name].args.args),)
    if node.keywords:
        raise refusal(node, "arguments go by their places, without names")
    if len(node.args) not in wanted:
        raise refusal(node, f"{name} takes {' or '.join(map(str, wanted))} argument{'s' * (wanted != (1,))}")


class Ways:
    """The ways through a function, and which of its locals are set on all of them."""

    def __init__(self, arguments: set[str]) -> None:
        """Begin with the arguments as the only locals."""
        self.locals = set(arguments)

    def after(self, body: Iterable[ast.stmt], known: Known, breaks: list[Known]) -> Known:
        """Return what is set after a block; what is set where it leaves its loop goes to `breaks`."""
        for node in body:
            if known is None:
                return None
            known = self._after_one(node, known, breaks)
        return known

    def _after_one(self, node: ast.stmt, known: set[str], breaks: list[Known]) -> Known:
        """Return what is set after a statement."""
        match node:
            case ast.If():
                self._read(node.test, known)
                return _on_all([self.after(node.body, known, breaks), self.after(node.orelse, known, breaks)])
            case ast.While():
                self._read(node.test, known)
                is_endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
                leaves: list[Known] = [None if is_endless else known]
                self.after(node.body, known, leaves)
                return _on_all(leaves)
            case ast.For():
                self._read(node.iter, known)
                rounds: list[Known] = []
                rounds.append(self.after(node.body, known | _stored(node.target), rounds))
                return known if rounds == [None] else _on_all(rounds)
            case ast.Break():
                breaks.append(known)
                return None
        self._read(node, known)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self._read_name(node.target, known)
        return None if isinstance(node, ast.Return) else known | _stored(node)

    def _read(self, node: ast.AST, known: set[str]) -> None:
        """Refuse a name of nothing that is read in a node, or of what may not be set yet."""
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            self._read_name(node, known)
        for child in node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node):
            self._read(child, known)

    def _read_name(self, name: ast.Name, known: set[str]) -> None:
        """Refuse a name of nothing, or of what may not be set yet."""
        if name.id in self.locals and name.id not in known:
            raise refusal(name, "this may be read before it is set; set it on every way that leads here")
        if name.id not in self.locals and name.id != "nan":
            raise refusal(name, "nothing here has this name")


def _stored(node: ast.AST) -> set[str]:
    """Return the names that a target, or an assignment, sets."""
    if isinstance(node, ast.Assign):
        return set[str]().union(*(_stored(target) for target in node.targets))
    if isinstance(node, ast.Tuple):
        return set[str]().union(*(_stored(item) for item in node.elts))
    return {node.id} if isinstance(node, ast.Name) else set()


def _on_all(ways: Iterable[Known]) -> Known:
    """Return what is set on all of some ways."""
    led = [known for known in ways if known is not None]
    return set.intersection(*led) if led else None


MODULAR = (ast.Add, ast.Sub, ast.Mult, ast.BitAnd, ast.BitOr, ast.BitXor)  # the low bits come from low bits alone


def cut_off(tree: ast.FunctionDef) -> set[int]:
    """Return the expressions, by id, of which no more than 64 low bits are ever read: no harm if they wrap around."""
    found: set[int] = set()
    reads: dict[str, list[ast.Name]] = {}
    kept: list[tuple[ast.Name, ast.expr]] = []
    for node in walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            kept.append((node.targets[0], node.value))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
            _cut(_low_bits(node), found)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            reads.setdefault(node.id, []).append(node)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            reads.setdefault(node.target.id, []).append(node.target)
    size = -1
    while size != len(found):
        size = len(found)
        for target, value in kept:
            if all(id(name) in found for name in reads.get(target.id, [])):
                _cut(value, found)
    return found


def _low_bits(node: ast.BinOp) -> ast.expr | None:
    """Return x of `x & mask` or `x >> count & mask` where those are among its low 64 bits."""
    match node:
        case ast.BinOp(left=ast.BinOp(op=ast.RShift(), left=low, right=ast.Constant(value=int() as count))):
            pass
        case _:
            low, count = node.left, 0
    mask = node.right
    if isinstance(mask, ast.Constant) and isinstance(mask.value, int) and mask.value.bit_length() + count <= 64:
        return low
    return None


def _cut(node: ast.expr | None, found: set[int]) -> None:
    """Take in that the low bits of an expression are all that is read, and so of what it is made of."""
    if isinstance(node, ast.expr):
        found.add(id(node))
    if isinstance(node, ast.BinOp) and isinstance(node.op, MODULAR):
        _cut(node.left, found)
        _cut(node.right, found)
