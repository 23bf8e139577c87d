"""Small programs drawn at random, in the Python that the compiled engine knows, and their runs in Python and as WebAssembly.

A program is one to three functions that call one another, of a whole number, a number and a list of numbers. Nothing in
it runs for ever. A program is its number: Hypothesis, which would make a program that fails smaller, draws too slowly here.
"""

import ast
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isnan, nan, sqrt
from random import Random
from typing import Any

from wasmtime import Trap

from tests.engines.compiled_functions import Compiled

LENGTH = 8  # of the list
SIXTY_FOUR_BITS, EXACT = 2**63 - 1, 2**53  # the largest whole number; the largest that is also a number
ENTRY_TYPES = ("row", "i", "f")
RESULTS = ("i", "f", "b", "if", "fi", "bfi")
WHOLE = [-(2**63) + 1, -(2**31), -7, -2, -1, 0, 1, 2, 3, 10, 2**31, 2**62, 2**63 - 1]
NUMBERS = [-1e300, -2.5, -1.0, -0.0, 0.0, 0.1, 0.5, 1.0, 3.0, 7.25, 1e-310, 2.0**53]


@dataclass
class Writer:
    """Writes one function after another; `of_numbers` is whether floats occur."""

    random: Random
    of_numbers: bool
    done: list[tuple[str, str]] = field(default_factory=list)  # name and kinds of the results of what can be called
    names: dict[str, list[str]] = field(default_factory=dict)
    counters: list[str] = field(default_factory=list)  # of loops: they are read, and `for` sets them anew
    results: str = ""
    loops: int = 0
    count: int = 0

    def pick(self, choices: Any) -> Any:
        """Draw one of several."""
        return self.random.choice(list(choices))

    def function(self, name: str, results: str) -> str:
        """Return the text of a function; the kinds of its results stand in `results`."""
        self.results = results
        self.names = {"i": ["a", "i0", "i1"], "f": ["x", "f0", "f1"], "b": ["b0"]}
        lines = [f"def {name}(row, a, x):", "    i0, i1, b0 = a, 3, a > 2", "    f0, f1 = x, 0.5"]
        lines += self.block(1, self.random.randint(1, 5), 3)
        lines += ["    row[5] = row[5] + (i0 % 1024 + 3 * (i1 % 1024))", "    row[6], row[7] = f0, f1"]
        lines += [f"    return {self.several(results)}"]
        self.done.append((name, results))
        return "\n".join(lines)

    def several(self, kinds: str) -> str:
        """Return expressions of some kinds."""
        return ", ".join(self.expression(kind, 2) for kind in kinds)

    # ---- Statements

    def block(self, indent: int, count: int, depth: int) -> list[str]:
        """Return the lines of so many statements."""
        return [line for _ in range(count) for line in self.statement(indent, depth)]

    def statement(self, indent: int, depth: int) -> list[str]:
        """Return the lines of a statement."""
        space = "    " * indent
        ways = ["assign", "assign", "add", "swap"] + ["store"] * self.of_numbers
        ways += ["if", "for", "while", "listed"] if depth else []
        ways += ["break", "return"] if indent > 1 else []
        ways += ["unpack"] if self.done else []
        match self.pick(ways):
            case "assign":
                kind = self.kind()
                return [f"{space}{self.pick(self.names[kind])} = {self.expression(kind, 3)}"]
            case "add":
                kind = self.pick("if" if self.of_numbers else "i")
                return [f"{space}{self.pick(self.names[kind])} {self.pick('+-*')}= {self.expression(kind, 2)}"]
            case "swap":
                return [f"{space}i0, i1 = i1, {self.expression('i', 2)}"]
            case "store":
                return [f"{space}row[{self.place()}] = {self.expression('f', 2)}"]
            case "unpack":
                name, kinds = self.pick(self.done)
                targets = [self.names[kind][-1] for kind in kinds]
                return [f"{space}{', '.join(targets)} = {self.call(name)}"]
            case "break" if self.loops:
                return [f"{space}if {self.test()}:", f"{space}    break"]
            case "return":
                return [f"{space}if {self.test()}:", f"{space}    return {self.several(self.results)}"]
            case "if":
                return self.branches(indent, depth)
            case "for" | "while" | "listed" as way:
                return self.loop(indent, depth, way)
        return [f"{space}pass"]

    def branches(self, indent: int, depth: int) -> list[str]:
        """Return the lines of an `if`, perhaps with an `else`."""
        space = "    " * indent
        lines = [f"{space}if {self.test()}:", *self.block(indent + 1, self.random.randint(1, 2), depth - 1)]
        if self.random.random() < 0.5:
            lines += [f"{space}else:", *self.block(indent + 1, self.random.randint(1, 2), depth - 1)]
        return lines

    def loop(self, indent: int, depth: int, way: str) -> list[str]:
        """Return the lines of a loop; a `while` counts, and leaves after a few times. A loop over a tuple has no break."""
        space = "    " * indent
        self.count += 1
        name = f"n{self.count}"
        outer, self.loops = self.loops, 0 if way == "listed" else self.loops + 1
        self.counters.append(name)
        body = self.block(indent + 1, self.random.randint(1, 3), depth - 1)
        self.counters.pop()
        self.loops = outer
        if way == "while":
            test = self.test()
            leave = [f"{space}    {name} += 1", f"{space}    if {name} >= 4:", f"{space}        break"]
            return [f"{space}{name} = 0", f"{space}while {test}:", *leave, *body]
        over = f"({self.pick(WHOLE[2:9])}, {self.pick(WHOLE[2:9])})" if way == "listed" else self.ranged()
        return [f"{space}for {name} in {over}:", *body]

    def ranged(self) -> str:
        """Return a range of a few numbers with one to three arguments."""
        few = f"{self.expression('i', 1)} % 5"
        return self.pick(
            [f"range({few})", f"range({few}, 6)", f"range({few}, 7, 2)", f"range(4, {few}, -1)", f"range(-3, {few}, 3)"]
        )

    # ---- Expressions

    def kind(self) -> str:
        """Draw a kind."""
        return str(self.pick("ifb" if self.of_numbers else "ib"))

    def test(self) -> str:
        """Return what stands behind `if` and `while`: whole numbers and numbers are true or false too."""
        return self.expression(self.pick("bbbi" + "f" * self.of_numbers), 2)

    def place(self) -> str:
        """Return an index within the list."""
        return f"{self.expression('i', 1)} % {LENGTH}"

    def call(self, name: str) -> str:
        """Return a call of a function."""
        return f"{name}(row, {self.expression('i', 1)}, {self.expression('f', 1) if self.of_numbers else 'x'})"

    def expression(self, kind: str, depth: int) -> str:
        """Return an expression of a kind, in brackets."""
        if depth == 0 or self.random.randint(0, 4) == 0:
            return self.leaf(kind)
        calls = [name for name, kinds in self.done if kinds == kind]
        if calls and self.random.randint(0, 3) == 0:
            return self.call(self.pick(calls))
        if self.random.randint(0, 6) == 0:
            ways = f"{self.expression(kind, depth - 1)} if {self.expression('b', depth - 1)}"
            return f"({ways} else {self.expression(kind, depth - 1)})"
        writer = {"i": self.whole, "f": self.number, "b": self.truth}[kind]
        return f"({writer(depth - 1)})"

    def leaf(self, kind: str) -> str:
        """Return a name or a literal."""
        if self.random.random() < 0.5:
            return str(self.pick(self.names[kind] + self.counters * (kind == "i")))
        literals: dict[str, list[Any]] = {"i": [*WHOLE, *range(-4, 8)], "f": NUMBERS, "b": [True, False]}
        return f"({self.pick(literals[kind])!r})"

    def whole(self, depth: int) -> str:
        """Return an expression of whole numbers."""
        one, other = self.expression("i", depth), self.expression("i", depth)
        ways = [f"{one} {sign} {other}" for sign in ("+", "-", "*", "//", "%", "&", "|", "^")]
        ways += [f"{one} >> ({other} & 63)", f"{one} << ({other} & 7)", f"-{one}", f"abs({one})"]
        ways += [f"int({self.expression('b', depth)})", f"(2, -3, 5)[{one} % 3]"]
        ways += [f"int({self.expression('f', depth)})"] if self.of_numbers else []
        return str(self.pick(ways))

    def number(self, depth: int) -> str:
        """Return an expression of numbers; what is whole on one way and a number on another is added to a number."""
        one, other, whole = self.expression("f", depth), self.expression("f", depth), self.expression("i", depth)
        ways = [f"{one} {sign} {other}" for sign in "+-*/"]
        ways += [f"{one} {sign} {whole}" for sign in "+-*/"] + [f"{whole} {sign} {one}" for sign in "+-*/"]
        ways += [f"{whole} / {self.expression('i', depth)}", f"-{one}", f"abs({one})", f"sqrt({one})"]
        ways += [
            f"float({whole})",
            f"row[{self.place()}]",
            "nan",
            f"(3 if {self.expression('b', depth)} else {one}) + {other}",
        ]
        return str(self.pick(ways))

    def truth(self, depth: int) -> str:
        """Return an expression that is true or false."""
        kinds = "if" if self.of_numbers else "i"
        compared = [self.expression(self.pick(kinds), depth) for _ in range(self.random.randint(1, 2))]
        compared.append(self.pick([compared[0], self.expression(self.pick(kinds), depth)]))
        text = compared[0]
        for more in compared[1:]:
            text += f" {self.pick(['<', '<=', '>', '>=', '==', '!='])} {more}"
        one, other = self.expression("b", depth), self.expression("b", depth)
        return str(
            self.pick([text, text, f"{one} and {other}", f"{one} or {other} or b0", f"not {one}", f"not {compared[0]}"])
        )


def program(number: int) -> tuple[str, bool]:
    """Return the text of a program, its entry last, and whether there are floats in it."""
    random = Random(number)
    of_numbers = random.random() < 0.6
    kinds = RESULTS if of_numbers else ("i", "b", "bi")
    writer = Writer(random, of_numbers)
    names = ["first", "second", "entry"][-random.randint(1, 3) :]
    return "\n\n".join(writer.function(name, writer.pick(kinds)) for name in names), of_numbers


def arguments(number: int) -> list[tuple[int, float]]:
    """Return a few arguments for a program."""
    random = Random(-1 - number)
    return [(random.choice(WHOLE[2:-2]), random.choice(NUMBERS)) for _ in range(3)]


class Bounded(ast.NodeTransformer):
    """Has every operation of a program checked for whole numbers that are too large."""

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.Assign:
        """x += y as x = x + y."""
        read = ast.parse(ast.unparse(node.target), mode="eval").body
        value = self.visit(ast.BinOp(read, node.op, node.value))
        return ast.Assign([node.target], value)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Return an operation within its check."""
        super().generic_visit(node)
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call):
            return ast.Call(ast.Name("bounded", ast.Load()), [node], [])
        return node


def in_python(text: str, largest: int) -> Callable[..., Any]:
    """Return the entry of a program as Python runs it; a whole number above the largest is an OverflowError."""

    def bounded(value: Any) -> Any:
        if type(value) is int and abs(value) > largest:
            raise OverflowError
        return value

    names: dict[str, Any] = {"bounded": bounded, "sqrt": sqrt, "nan": nan, "range": range}
    tree = ast.fix_missing_locations(Bounded().visit(ast.parse(text)))
    exec(compile(tree, "program", "exec"), names)
    entry: Callable[..., Any] = names["entry"]
    return entry


def bits(values: Any) -> list[Any]:
    """Return what was returned, to the last bit: true as 1, every not-a-number alike."""
    several = values if isinstance(values, tuple | list) else [values]
    return [struct.pack("<d", nan if isnan(one) else one) if isinstance(one, float) else int(one) for one in several]


def outcome(function: Callable[..., Any], whole: int, number: float) -> list[Any]:
    """Return what a function returns and leaves in the list, to the last bit."""
    row = [0.25 * place - 1.0 for place in range(LENGTH)]
    found = function(row, whole, number)
    return [*bits(found), *bits(row)]


def differences(programs: int, checked: bool = False) -> Iterator[str | None]:
    """Yield, for every run of so many programs that Python ends, None where the module does the same, else the program.

    A run that Python breaks off is one that must trap, in the checking mode. One with larger whole numbers is none.
    """
    for number in range(programs):
        text, of_numbers = program(number)
        plain = in_python(text, EXACT if of_numbers else SIXTY_FOUR_BITS)
        quick = Compiled(text, "entry", ENTRY_TYPES, checked)
        for whole, x in arguments(number):
            wanted: list[Any] | str
            try:
                wanted = outcome(plain, whole, x)
            except (ZeroDivisionError, ValueError):
                wanted = "trap"
            except OverflowError:
                continue
            try:
                found: list[Any] | str = outcome(quick, whole, x)
            except Trap:
                found = "trap"
            if checked or wanted != "trap":
                yield None if found == wanted else f"entry(row, {whole}, {x}): {wanted} {found}\n{text}"
