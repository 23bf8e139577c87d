"""The compilation unit as WebAssembly text: structured code over whole numbers and floats, which is what WebAssembly is.

A function of the unit becomes a function, `for` and `while` become blocks and branches, a tuple several results. Sheet and
workspace stand at the same places of the memory for every scenario; where the other arrays start is handed over. Small
functions are written into their callers. Names are kept, so that the text can be read and a trap says where it struck.

In the checking mode every index is held against the length of its array, and what Python raises at, or reckons in more than
64 bits, traps: divisions by zero, roots of what is below zero, whole numbers that are too large, loops without end, and what
was never set (names.py). The place is then found in `site`, its file, line and function in `sites`. Elsewhere an index
outside of its array is silent while it stays in the memory, and whole numbers wrap around; a `while` without end traps too.

A function that is changed or added is played in the checking mode first.
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sim.engines import checks
from sim.engines.names import BUILT_IN, cut_off, refusal
from sim.engines.simplify import heads_of, written_into_callers
from sim.engines.sources import origin_of, walk
from sim.engines.types import Type, Typed, Types, table_of, whole_operation

WASM = {"i": "i64", "f": "f64", "w": "f64", "b": "i32"}
COMPARISONS = {ast.Gt: "gt", ast.Lt: "lt", ast.GtE: "ge", ast.LtE: "le", ast.Eq: "eq", ast.NotEq: "ne"}
OF_NUMBERS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
OF_WHOLE = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.RShift: "shr_s", ast.LShift: "shl", ast.BitAnd: "and",
    ast.BitOr: "or", ast.BitXor: "xor",
}  # fmt: skip
CHECKED = {ast.Add: "sum", ast.Sub: "difference", ast.Mult: "product", ast.LShift: "shifted"}
SIGNED = "_s"  # how whole numbers are compared
NEVER_SET = {"i64": "(i64.const 0x8000000000000000)", "f64": "(f64.const nan)", "i32": "(i32.const 0)"}

LENGTHS = ("P", "R", "S", "sheet", "work", "row")  # arrays whose indices are checked in the checking mode
TABLES_AT = 1024  # bytes; nothing stands below, so that an address of 0 is nobody's
SMALL_STEP = 60  # nodes of the syntax tree up to which a step is written into its callers (these three are measured)
SMALL = 100  # the same for any other function
SMALL_ENOUGH_ONCE = 800  # and for one that is called from one place
DEEPEST = 10  # callers that a function may be written into, one within another
LARGEST_STEP = 2**31  # of a range


@dataclass
class Module:
    """A module on its way to text.

    fixed     where the arrays start that are always at the same place, in bytes
    checked   whether it is in the checking mode
    settled   arrays of whole numbers, and the place in each before which nothing changes while a replicate is played
    sites     file, line and function of each place that may trap, and why it does, from 1 on
    """

    types: Types
    fixed: dict[str, int]
    checked: bool = False
    settled: Mapping[Type, int] = field(default_factory=dict)
    sites: list[str] = field(default_factory=lambda: [""])
    _functions: dict[int, str] = field(default_factory=dict)
    _tables: dict[tuple[int, ...], int] = field(default_factory=dict)
    _tables_end: int = TABLES_AT
    _entry: Typed | None = None
    _into_callers: set[str] = field(default_factory=set)
    _heads: Mapping[Type, tuple[int, ...]] = field(default_factory=dict)

    def text(self, entry: Typed) -> str:
        """Return the module; its entry is exported under its own name, its one import is the memory."""
        self._entry = entry
        self._into_callers = written_into_callers(self.types.trees.values(), SMALL_STEP, SMALL, SMALL_ENOUGH_ONCE)
        self._heads = heads_of(self.types, entry, self.fixed, self.settled)
        name = self.name_of(entry)
        parts = ['(module (import "env" "memory" (memory 1))', checks.HELPERS]
        if self.checked:
            lengths = [
                f'(global ${array}.length (export "{array}.length") (mut i64) (i64.const 0))' for array in LENGTHS
            ]
            parts += [checks.CHECKS, *lengths]
        kept = (f"${array}.{place}" for array, places in self._heads.items() for place in places)
        parts += [f"(global {head} (mut i64) (i64.const 0))" for head in kept]
        data = [f'(data (i32.const {at}) "{_bytes(values)}")' for values, at in self._tables.items()]
        return "\n".join([*parts, *self._functions.values(), *data, f'(export "{entry.name}" (func {name})))'])

    def name_of(self, typed: Typed) -> str:
        """Return the name of a typed function, which is written if it is not yet."""
        if typed.number not in self._functions:
            self._functions[typed.number] = ""
            self._functions[typed.number] = Code(self, typed).function()
        return f"${typed.name}.{typed.number}"

    def table_at(self, values: tuple[int, ...]) -> int:
        """Return where a table of constants stands, in bytes."""
        if values not in self._tables:
            self._tables[values] = self._tables_end
            self._tables_end += 8 * len(values)
        return self._tables[values]

    def site(self, node: ast.AST, why: str) -> str:
        """Return the number of a place that may trap; outside of the checking mode 1 for loops and 0 for all others."""
        if not self.checked:
            return f"(i32.const {int(why == checks.ENDLESS)})"
        self.sites.append(f"{origin_of(node)}: {why}")
        return f"(i32.const {len(self.sites) - 1})"

    def is_entry(self, typed: Typed) -> bool:
        """Return whether a function is the one that is called from outside: it alone knows the lengths of arrays."""
        return typed is self._entry

    def is_written_into_callers(self, typed: Typed) -> bool:
        """Return whether a function is written into its callers."""
        return typed.name in self._into_callers

    def head_of(self, typed: Typed, node: ast.expr) -> str:
        """Return the name of the whole number that is kept of an element of an array, "" if none is."""
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            array, place = self.types.type(typed, node.value), node.slice.value
            return f"${array}.{place}" if place in self._heads.get(array, ()) else ""
        return ""

    def first_lines(self, typed: Typed) -> list[str]:
        """Return what a function does before all else: the entry keeps what stands at the heads of arrays already."""
        lines = []
        for array, places in self._heads.items() if self.is_entry(typed) else ():
            for place in places:
                at = f"offset={8 * place + self.fixed.get(array, 0)}"
                if array in self.fixed:
                    found = f"(i64.trunc_sat_f64_s (f64.load {at} (i32.const 0)))"
                else:
                    found = f"(i64.load {at} (local.get ${typed.arguments[typed.given.index(array)]}))"
                lines.append(f"(global.set ${array}.{place} {found})")
        return lines

    def first_reckoned(self, array: Type) -> int:
        """Return the first place of an array to which a reckoned index may lead a store: the head is before it."""
        return max(self._heads.get(array, ()), default=-1) + 1

    def is_handed(self, one: Type) -> bool:
        """Return whether something of a type is handed over: an array at a fixed place is not."""
        return one not in self.fixed


def _bytes(values: Iterable[int]) -> str:
    """Return whole numbers as the text of a data segment."""
    return "".join(f"\\{byte:02x}" for value in values for byte in struct.pack("<q", value))


def _wasm(one: Type) -> str:
    """Return what holds something of a type: an array is the address where it starts."""
    return WASM.get(one, "i32")


def _results(types: Iterable[Type]) -> str:
    """Return how results stand in the head of a function or block."""
    return " ".join(f"(result {_wasm(one)})" for one in types)


class Code:
    """The code of a function, or of one written into another: its names then carry a prefix, a return leaves its block."""

    def __init__(self, module: Module, typed: Typed, host: Code | None = None, label: str = "") -> None:
        """Begin with no lines; `host` is the function it is written into, `label` the block it leaves."""
        self.module = module
        self.typed = typed
        self.label = label
        self.prefix = f"{label}." if label else ""
        self.root: Code = self if host is None else host.root
        self.depth: int = 0 if host is None else host.depth + 1
        self.lines: list[str] = []
        self.ends_of_loops: list[str] = []
        self.locals: dict[str, str] = {}  # of the whole function: filled in the root alone
        self.cut_off = cut_off(typed.tree) if module.checked else set()
        self.count = 0

    def function(self) -> str:
        """Return the text of the function."""
        typed, module = self.typed, self.module
        self._block(typed.tree.body)
        heads, widened = [], []
        for name, given in zip(typed.arguments, typed.given, strict=True):
            used = typed.locals[name]
            if not module.is_handed(given):
                continue
            if used == given:
                heads.append(f"(param ${name} {_wasm(given)})")
            else:
                heads.append(f"(param ${name}.given {_wasm(given)})")
                widened.append(
                    f"(local.set ${name} {self._cast(f'(local.get ${name}.given)', given, used, typed.tree)})"
                )
                self.locals[name] = _wasm(used)
        heads += [f"(param ${name}.length i64)" for name in self._measured()]
        heads += [f"(param ${name}.width i64)" for name, one in typed.locals.items() if one == "rows"]
        self.locals |= {name: _wasm(typed.locals[name]) for name in self._own()}
        declared = " ".join(f"(local ${name} {one})" for name, one in self.locals.items())
        tail = ["(unreachable)"] if typed.results else []
        body = "\n  ".join([*widened, *module.first_lines(typed), *self._never_set(), *self.lines, *tail])
        return f"(func ${typed.name}.{typed.number} {' '.join(heads)} {_results(typed.results)} {declared}\n  {body})"

    def _own(self) -> list[str]:
        """Return the locals that are no arguments."""
        return [name for name in self.typed.locals if name not in self.typed.arguments]

    def _never_set(self) -> list[str]:
        """Return what gives each local a value that nothing can be done with, in the checking mode."""
        if not self.module.checked:
            return []
        kept = {name: _wasm(self.typed.locals[name]) for name in self._own()}
        return [f"(local.set ${self.prefix}{name} {NEVER_SET[one]})" for name, one in kept.items()]

    def _measured(self) -> list[str]:
        """Return the arguments of which the length is asked."""
        calls = (node for node in ast.walk(self.typed.tree) if isinstance(node, ast.Call))
        asked = [node.args[0] for node in calls if isinstance(node.func, ast.Name) and node.func.id == "len"]
        return list(dict.fromkeys(node.id for node in asked if isinstance(node, ast.Name)))

    def _type(self, node: ast.expr) -> Type:
        """Return the type of an expression."""
        return self.module.types.type(self.typed, node)

    def _label(self, what: str) -> str:
        """Return a label that no other has in this function."""
        self.root.count += 1
        return f"{what}.{self.root.count}"

    def _new_local(self, one: Type) -> str:
        """Return the name of a local that no other has."""
        name = self._label("t")
        self.root.locals[name] = _wasm(one)
        return name

    # ---- Statements

    def _block(self, body: Iterable[ast.stmt]) -> None:
        """Write statements."""
        for node in body:
            self._statement(node)

    def _inner(self, body: Iterable[ast.stmt]) -> str:
        """Return the text of statements inside of others."""
        kept, self.lines = self.lines, []
        self._block(body)
        text, self.lines = "\n  ".join(self.lines), kept
        return text

    def _statement(self, node: ast.stmt) -> None:  # noqa: C901  (one line a kind of statement)
        """Write a statement."""
        match node:
            case ast.Expr():
                found = self._type(node.value)
                results = found if isinstance(found, tuple) else () if found is None else (found,)
                self.lines.append(self._value(node.value) + " (drop)" * len(results))
            case ast.Assign(targets=[ast.Tuple() as targets]):
                self._assign_several(targets, node.value)
            case ast.Assign(targets=[target]):
                self._assign(target, node.value)
            case ast.AugAssign():
                whole = whole_operation(node)
                self._put(node.target, self._value(whole), self._type(whole))
            case ast.If(orelse=[]):
                self.lines.append(self._guarded(node.test, self._inner(node.body)))
            case ast.If():
                ways = f"(then {self._inner(node.body)}) (else {self._inner(node.orelse)})"
                self.lines.append(f"(if {self._to(node.test, 'b')} {ways})")
            case ast.While(orelse=[]):
                self._while(node)
            case ast.For(iter=ast.Tuple() as listed, orelse=[]):
                ends, self.ends_of_loops = self.ends_of_loops, []
                for item in listed.elts:
                    self._put(node.target, self._value(item), self._type(item))
                    self._block(node.body)
                self.ends_of_loops = ends
            case ast.For(orelse=[], target=ast.Name() as target, iter=ast.Call() as ranged):
                self._for(node, target, ranged)
            case ast.Break() if self.ends_of_loops:
                self.lines.append(f"(br {self.ends_of_loops[-1]})")
            case ast.Return():
                self._leave(node.value)
            case ast.Pass():
                pass
            case _:
                raise refusal(node, "this has no meaning here")

    def _guarded(self, test: ast.expr, body: str) -> str:
        """Return what is done if a test holds; each part of `and` and `or` is a branch, no part a value."""
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            for part in reversed(test.values):
                body = self._guarded(part, body)
            return body
        if isinstance(test, ast.BoolOp):
            do, skip = self._label("do"), self._label("skip")
            branches = " ".join(f"(br_if ${do} {self._to(part, 'b')})" for part in test.values)
            return f"(block ${skip} (block ${do} {branches} (br ${skip}))\n  {body})"
        return f"(if {self._to(test, 'b')} (then {body}))"

    def _leave(self, value: ast.expr | None) -> None:
        """Write a return."""
        results = self.typed.results
        if isinstance(value, ast.Tuple):
            text = " ".join(self._to(item, one) for item, one in zip(value.elts, results, strict=True))
        elif value is None:
            text = ""
        else:
            text = self._to(value, results[0]) if len(results) == 1 else self._value(value)
        self.lines.append(f"(br ${self.label} {text})" if self.label else f"(return {text})")

    def _while(self, node: ast.While) -> None:
        """Write a loop that goes on while something holds, but not for ever."""
        label = self._label("while")
        self.ends_of_loops.append(f"${label}.end")
        test, body = self._to(node.test, "b"), self._inner(node.body)
        self.ends_of_loops.pop()
        rounds = self._rounds(node)
        head = f"(block ${label}.end (loop ${label} (br_if ${label}.end (i32.eqz {test}))"
        self.lines.append(f"{head} {rounds}\n  {body} (br ${label})))")

    def _rounds(self, node: ast.stmt) -> str:
        """Return what counts the rounds of a loop, and traps where they are too many."""
        count = self._new_local("i")
        self.lines.append(f"(local.set ${count} (i64.const 0))")
        more = f"(local.tee ${count} (i64.add (local.get ${count}) (i64.const 1)))"
        trap = f"(then (global.set $site {self.module.site(node, checks.ENDLESS)}) (unreachable))"
        return f"(if (i64.gt_u {more} (i64.const {checks.ROUNDS})) {trap})"

    def _for(self, node: ast.For, target: ast.Name, ranged: ast.Call) -> None:
        """Write a loop over range(...); its number is kept apart, for the body may change the name.

        Whether to go on is asked before the loop and at its end, so that a turn costs one branch.
        """
        given = [self._to(argument, "i") for argument in ranged.args]
        number, stop, label = self._new_local("i"), self._new_local("i"), self._label("for")
        start, end = ("(i64.const 0)", given[0]) if len(given) == 1 else given[:2]
        try:
            step = ast.literal_eval(ranged.args[2]) if len(given) == 3 else 1
        except ValueError:
            step = 0
        if step == 0 or abs(step) > LARGEST_STEP:
            raise refusal(node.iter, "the step of a range is a literal, not 0 and not large")
        self.ends_of_loops.append(f"${label}.end")
        body = self._inner(node.body)
        self.ends_of_loops.pop()
        named = self._cast(f"(local.get ${number})", "i", self.typed.locals[target.id], node)
        goes_on = f"(i64.{'lt_s' if step > 0 else 'gt_s'} (local.get ${number}) (local.get ${stop}))"
        self.lines.append(f"(local.set ${number} {start}) (local.set ${stop} {end})")
        set_name = f"(local.set ${self.prefix}{target.id} {named})"
        set_next = f"(local.set ${number} (i64.add (local.get ${number}) (i64.const {step})))"
        rounds = self._rounds(node) if self.module.checked else ""
        head = f"(block ${label}.end (br_if ${label}.end (i32.eqz {goes_on})) (loop ${label} {rounds}"
        self.lines.append(f"{head}\n  {set_name} {set_next}\n  {body} (br_if ${label} {goes_on})))")

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        """Write an assignment; where the value is reckoned by a function, it is before the place, which that may change."""
        text, found = self._value(value), self._type(value)
        if isinstance(target, ast.Subscript) and any(isinstance(part, ast.Call) for part in walk(value)):
            kept = self._new_local(found)
            self.lines.append(f"(local.set ${kept} {text})")
            text = f"(local.get ${kept})"
        self._put(target, text, found)

    def _assign_several(self, targets: ast.Tuple, value: ast.expr) -> None:
        """Write an assignment of several values: all are reckoned before any is kept."""
        found = self._type(value)
        names = [self._new_local(one) for one in found]
        if isinstance(value, ast.Tuple):
            for name, item in zip(names, value.elts, strict=True):
                self.lines.append(f"(local.set ${name} {self._value(item)})")
        else:
            self.lines.append(self._value(value) + "".join(f" (local.set ${name})" for name in reversed(names)))
        for target, name, one in zip(targets.elts, names, found, strict=True):
            self._put(target, f"(local.get ${name})", one)

    def _put(self, target: ast.expr, text: str, found: Type) -> None:
        """Write that something of a type is kept."""
        if isinstance(target, ast.Name):
            kept = self._cast(text, found, self.typed.locals[target.id], target)
            self.lines.append(f"(local.set ${self.prefix}{target.id} {kept})")
        elif isinstance(target, ast.Subscript):
            element = self._type(target)
            self.lines.append(
                f"({WASM[element]}.store {self._address(target)} {self._cast(text, found, element, target)})"
            )
            if head := self._head(target):
                stored = f"({WASM[element]}.load {self._address(target)})"
                whole = stored if element == "i" else f"(i64.trunc_f64_s {stored})"
                self.lines.append(f"(global.set {head} {whole})")
        else:
            raise refusal(target, "nothing can be kept here")

    # ---- Expressions

    def _to(self, node: ast.expr, wanted: Type) -> str:
        """Return an expression as something of a type."""
        if wanted == "b" and isinstance(node, ast.BoolOp):
            return self._connection(node)
        return self._cast(self._value(node), self._type(node), wanted, node)

    def _cast(self, text: str, one: Type, other: Type, node: ast.AST) -> str:
        """Return something of one type as one of another, as Python's bool(), int() and float() do."""
        one, other = ("f" if each == "w" else each for each in (one, other))
        if one == other:
            return text
        if (one, other) == ("i", "f") and self.module.checked and not isinstance(node, ast.Constant):
            return f"(call $exact {text} {self.module.site(node, checks.NOT_EXACT)})"
        forms = {
            ("i", "b"): "(i64.ne {} (i64.const 0))",
            ("f", "b"): "(f64.ne {} (f64.const 0))",
            ("b", "i"): "(i64.extend_i32_u {})",
            ("i", "f"): "(f64.convert_i64_s {})",
            ("b", "f"): "(f64.convert_i32_u {})",
        }
        if (one, other) not in forms:
            raise refusal(node, f"{one} is no {other}")
        return forms[one, other].format(text)

    def _address(self, node: ast.Subscript) -> str:
        """Return offset and address of an element; a constant that is added to the index goes into the offset.

        An index that is wrapped to 32 bits is one of its array, or silent as any that is outside of it. The checking mode
        sees it before it is wrapped. No memory reaches beyond 32 bits (host.py).
        """
        array = self._type(node.value)
        index, constant = (node.slice, 0) if self.module.checked else _split_index(node.slice)
        offset = 8 * constant + self.module.fixed.get(array, 0)
        whole = "(i64.const 0)" if index is None else self._to(index, "i")
        if self.module.checked:
            whole = self._within_array(node, array, whole)
        scaled = f"(i32.shl (i32.wrap_i64 {whole}) (i32.const 3))"
        if array in self.module.fixed:
            return f"offset={offset} {scaled if index is not None else '(i32.const 0)'}"
        start = self._value(node.value)
        return f"offset={offset} {start if index is None else f'(i32.add {start} {scaled})'}"

    def _within_array(self, node: ast.Subscript, array: Type, index: str) -> str:
        """Return an index held against the length of its array; that of a store, if it is reckoned, against its head too."""
        length, first = f"(global.get ${array}.length)", f"(i64.const {self.module.first_reckoned(array)})"
        if isinstance(node.ctx, ast.Store) and not isinstance(node.slice, ast.Constant):
            beyond = self._within(node, f"(i64.sub {index} {first})", f"(i64.sub {length} {first})")
            return f"(i64.add {beyond} {first})"
        return self._within(node, index, length)

    def _within(self, node: ast.Subscript, index: str, length: str) -> str:
        """Return an index, in the checking mode held against a length."""
        if not self.module.checked:
            return index
        return f"(call $within {index} {length} {self.module.site(node, checks.OUTSIDE)})"

    def _value(self, node: ast.expr) -> str:  # noqa: C901  (one line a kind of expression)
        """Return the text of an expression."""
        match node:
            case ast.Constant(value=bool() as value):
                return f"(i32.const {int(value)})"
            case ast.Constant(value=int() as value):
                return f"(i64.const {value})"
            case ast.Constant(value=float() as value):
                return f"(f64.const {value.hex()})"
            case ast.Name(id="nan"):
                return "(f64.const nan)"
            case ast.Name(id=name):
                return f"(local.get ${self.prefix}{name})"
            case ast.Subscript(value=ast.Tuple() as table):
                at = self.module.table_at(table_of(table) or ())
                index = self._within(node, self._to(node.slice, "i"), f"(i64.const {len(table.elts)})")
                return f"(i64.load offset={at} (i32.shl (i32.wrap_i64 {index}) (i32.const 3)))"
            case ast.Subscript(value=ast.Name(id=name)) if self._type(node) == "row" and self.module.is_entry(
                self.typed
            ):
                down = f"(i64.mul {self._to(node.slice, 'i')} (local.get ${self.prefix}{name}.width))"
                return f"(i32.add {self._value(node.value)} (i32.wrap_i64 {down}))"
            case ast.Subscript() if self._type(node) == "i" and (head := self._head(node)):
                return f"(global.get {head})"
            case ast.Subscript() if self._type(node) in WASM:
                return f"({WASM[self._type(node)]}.load {self._address(node)})"
            case ast.UnaryOp(op=ast.Not()):
                return f"(i32.eqz {self._to(node.operand, 'b')})"
            case ast.UnaryOp(op=ast.USub()):
                if self._type(node) == "f":
                    return f"(f64.neg {self._value(node.operand)})"
                return self._arithmetic(node, ast.Sub, "(i64.const 0)", self._to(node.operand, "i"))
            case ast.BinOp():
                return self._operation(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.BoolOp():
                if not self._is_truth(node):
                    raise refusal(node, "this is one of several numbers, not true or false")
                return self._connection(node)
            case ast.IfExp():
                one = self._type(node)
                ways = f"(then {self._to(node.body, one)}) (else {self._to(node.orelse, one)})"
                return f"(if (result {_wasm(one)}) {self._to(node.test, 'b')} {ways})"
            case ast.Call(func=ast.Name(id=name)):
                return self._call(node, name)
        raise refusal(node, "this has no meaning here")

    def _operation(self, node: ast.BinOp) -> str:
        """Return an operation of two numbers."""
        one, operator = self._type(node), type(node.op)
        if one == "i":
            return self._whole_operation(node, operator)
        left, right = self._to(node.left, "f"), self._to(node.right, "f")
        if operator is ast.Div and self.module.checked:
            right = f"(call $divisor {right} {self.module.site(node, checks.BY_ZERO)})"
        return f"(f64.{OF_NUMBERS[operator]} {left} {right})"

    def _whole_operation(self, node: ast.BinOp, operator: type[ast.operator]) -> str:
        """Return an operation of two whole numbers."""
        left, right = self._to(node.left, "i"), self._to(node.right, "i")
        if operator is ast.Mod and _is_positive(node.right):
            # What the processor leaves has the sign of the dividend; a known divisor needs no division.
            rest = self._new_local("i")
            below = f"(i64.shr_s (local.get ${rest}) (i64.const 63))"
            return f"(i64.add (local.tee ${rest} (i64.rem_s {left} {right})) (i64.and {below} {right}))"
        if operator in (ast.Mod, ast.FloorDiv):
            if self.module.checked:
                right = f"(call $whole_divisor {right} {self.module.site(node, checks.BY_ZERO)})"
            return f"(call ${'floor_mod' if operator is ast.Mod else 'floor_div'} {left} {right})"
        if operator not in OF_WHOLE:
            raise refusal(node, "this operation has no meaning here")
        if operator in (ast.LShift, ast.RShift):
            count = node.right.value if isinstance(node.right, ast.Constant) else None
            if count is None:
                if operator is ast.RShift:
                    return f"(call $shift_right {left} {right} {self.module.site(node, checks.NO_SHIFT)})"
                if not self.module.checked:  # in place, for exp() goes this way
                    kept = self._new_local("i")
                    is_out = f"(i64.gt_u (local.tee ${kept} {right}) (i64.const 63))"
                    shifted = f"(i64.shl {left} (local.get ${kept}))"
                    return f"(if (result i64) {is_out} (then (unreachable)) (else {shifted}))"
            elif not (isinstance(count, int) and count < 64):
                raise refusal(node, "a shift is by 0 to 63")
        return self._arithmetic(node, operator, left, right)

    def _arithmetic(self, node: ast.expr, operator: type[ast.operator], left: str, right: str) -> str:
        """Return an operation of two whole numbers that may be too large, which the checking mode sees."""
        if self.module.checked and operator in CHECKED and id(node) not in self.cut_off:
            return f"(call ${CHECKED[operator]} {left} {right} {self.module.site(node, checks.TOO_LARGE)})"
        return f"(i64.{OF_WHOLE[operator]} {left} {right})"

    def _comparison(self, node: ast.Compare) -> str:
        """Return a comparison; what stands between two others is reckoned once, and what comes later where it decides."""
        parts = [node.left, *node.comparators]
        texts = [self._value(part) for part in parts]
        links = []
        for place, operator in enumerate(node.ops):
            left, right = parts[place : place + 2]
            one = "f" if {"f", "w"} & {self._type(left), self._type(right)} else "i"
            if type(operator) not in COMPARISONS:
                raise refusal(node, "this comparison has no meaning here")
            second = texts[place + 1]
            if place + 1 < len(node.ops) and not isinstance(right, ast.Name | ast.Constant):
                kept = self._new_local(self._type(right))
                second, texts[place + 1] = f"(local.tee ${kept} {second})", f"(local.get ${kept})"
            name = COMPARISONS[type(operator)]
            signed = SIGNED if one == "i" and name not in ("eq", "ne") else ""
            pair = (
                self._cast(texts[place], self._type(left), one, left),
                self._cast(second, self._type(right), one, right),
            )
            links.append(f"({WASM[one]}.{name}{signed} {pair[0]} {pair[1]})")
        text = links[-1]
        for place in reversed(range(len(links) - 1)):
            is_plain = all(isinstance(part, ast.Name | ast.Constant) for part in parts[place + 2 :])
            form = "(i32.and {} {})" if is_plain else "(if (result i32) {} (then {}) (else (i32.const 0)))"
            text = form.format(links[place], text)
        return text

    def _is_truth(self, node: ast.expr) -> bool:
        """Return whether what an expression gives is true or false; `and` and `or` give one of their parts."""
        if isinstance(node, ast.BoolOp):
            return all(self._is_truth(value) for value in node.values)
        return bool(self._type(node) == "b")

    def _connection(self, node: ast.BoolOp) -> str:
        """Return `and` or `or`: what comes later is reckoned only where it decides."""
        text = self._to(node.values[-1], "b")
        for value in reversed(node.values[:-1]):
            ways = (text, "(i32.const 0)") if isinstance(node.op, ast.And) else ("(i32.const 1)", text)
            text = f"(if (result i32) {self._to(value, 'b')} (then {ways[0]}) (else {ways[1]}))"
        return text

    def _call(self, node: ast.Call, name: str) -> str:
        """Return a call, or what it does where that is small."""
        if name == "int" and (head := self._head(node.args[0])):
            return f"(global.get {head})"
        if name in BUILT_IN:
            return self._built_in(node, name, node.args[0])
        given = self.module.types.given(self.typed, node)
        called = self.module.types.of(name, given)
        if self.depth < DEEPEST and self.module.is_written_into_callers(called):
            return self._written_here(node, called)
        handed = [
            self._to(argument, one)
            for argument, one in zip(node.args, given, strict=True)
            if self.module.is_handed(one)
        ]
        return f"(call {self.module.name_of(called)} {' '.join(handed)})"

    def _head(self, node: ast.expr) -> str:
        """Return the name of the whole number that is kept of what is read; the checking mode reads the array."""
        return "" if self.module.checked else self.module.head_of(self.typed, node)

    def _built_in(self, node: ast.Call, name: str, argument: ast.expr) -> str:
        """Return a call of one of Python's own functions."""
        checked, is_number = self.module.checked, self._type(argument) in ("f", "w")
        if name == "len":
            if not (self.module.is_entry(self.typed) and isinstance(argument, ast.Name)):
                raise refusal(node, "only the entry knows how long its arrays are")
            return f"(local.get ${argument.id}.length)"
        if name == "int" and is_number:
            text = self._value(argument)
            site = self.module.site(node, checks.NO_WHOLE) if checked else ""
            return f"(call $truncated {text} {site})" if checked else f"(i64.trunc_f64_s {text})"
        if name == "abs":
            return self._absolute(node, argument, is_number)
        text = self._to(argument, "i" if name == "int" else "f")
        if name == "sqrt":
            if checked:
                text = f"(call $not_below_zero {text} {self.module.site(node, checks.NO_ROOT)})"
            return f"(f64.sqrt {text})"
        return text

    def _absolute(self, node: ast.Call, argument: ast.expr, is_number: bool) -> str:
        """Return the absolute value of a number."""
        if is_number:
            return f"(f64.abs {self._value(argument)})"
        kept = self._new_local("i")
        text, again = f"(local.tee ${kept} {self._to(argument, 'i')})", f"(local.get ${kept})"
        minus = self._arithmetic(node, ast.Sub, "(i64.const 0)", again)
        return f"(if (result i64) (i64.lt_s {text} (i64.const 0)) (then {minus}) (else {again}))"

    def _written_here(self, node: ast.Call, called: Typed) -> str:
        """Return what a function does, in a block of its own, in the place of its call."""
        label = self._label("in")
        inner = Code(self.module, called, self, label)
        handed = []
        for name, argument, one in zip(called.arguments, node.args, called.given, strict=True):
            if self.module.is_handed(one):
                value = self._cast(self._to(argument, one), one, called.locals[name], argument)
                handed.append(f"(local.set ${label}.{name} {value})")
        for name, one in called.locals.items():
            if self.module.is_handed(one):
                self.root.locals[f"{label}.{name}"] = _wasm(one)
        inner._block(called.tree.body)
        tail = ["(unreachable)"] if called.results else []
        body = "\n  ".join([*handed, *inner._never_set(), *inner.lines, *tail])
        return f"(block ${label} {_results(called.results)} {body})"


def _is_positive(node: ast.expr) -> bool:
    """Return whether an expression is a whole number above zero, written out."""
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value > 0


def _split_index(node: ast.expr) -> tuple[ast.expr | None, int]:
    """Return the part of an index that is reckoned, and the constant that is added to it.

    Nothing is split where a part could be below zero: an address is a number without a sign.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return None, node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        minus = any(isinstance(part, ast.Sub | ast.USub) for part in ast.walk(node))
        for index, constant in ((node.left, node.right), (node.right, node.left)):
            if isinstance(constant, ast.Constant) and isinstance(constant.value, int) and not minus:
                return index, constant.value
    return node, 0
