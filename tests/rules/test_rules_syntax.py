"""What a rule may be written with, read off the syntax tree of every file of rules, of the search, of numerics and chance.

Interpreted and compiled runs agree to the last bit because both do the same additions, multiplications, divisions and
square roots in the same order. Whatever would break that is refused here, with its line:

    anywhere      powers by **; sum, round, pow, divmod, hash; max and min of a sequence; mathematics other than sqrt;
                  walking through a set
    in rules      other modules; array methods that add up; floor division and remainder of real numbers; defaults,
                  starred and keyword-only arguments; functions within functions; more than eight arguments
    in sim/rules  whatever takes an argument for more than a number: its parts, its attributes, its length, walking through
                  it, unpacking it, an annotation of something else; writing into anything; other rooms than numerics

The science is thus in functions of named numbers. The search reads and writes sheets and workspaces: there places in
sequences are in order.

max and min of separate numbers are allowed: compiled and plain agree on them, on signed zeros and not-a-numbers too.
"""

import ast
import textwrap
from pathlib import Path

import pytest

SIM = Path(__file__).resolve().parents[2] / "sim"
OF_NUMBERS = sorted((SIM / "rules").rglob("*.py"))
FILES = [*OF_NUMBERS, *sorted((SIM / "search").rglob("*.py")), SIM / "numerics.py", SIM / "chance.py"]

MOST_ARGUMENTS = 8
REFUSED_CALLS = {"sum", "round", "pow", "divmod", "hash"}
REFUSED_METHODS = {"sum", "mean", "prod", "dot", "cumsum", "cumprod", "round", "std", "var"}
REFUSED_NODES = {
    ast.FunctionDef: "a function within a rule",
    ast.AsyncFunctionDef: "a function within a rule",
    ast.Lambda: "a function within a rule",
    ast.MatMult: "a matrix product",
    ast.Global: "a global statement",
    ast.Nonlocal: "a nonlocal statement",
}
REAL_CALLS = {"float", "sqrt"}
WALKS = {"len", "enumerate", "iter", "reversed", "zip", "list", "tuple", "sorted", "sum", "map", "filter", "any", "all"}
NUMBERS = {"float", "int", "bool"}
SET_METHODS = {"union", "intersection", "difference", "symmetric_difference"}


# ---------------------------------------------------------------------------------------------------------------------
# The checker


def violations(source):
    """Return the violations of a source text, each as `line: what`, in order of line."""
    tree = ast.parse(source)
    found = set()
    for node in ast.walk(tree):
        found.update(of_arithmetic(node))
        found.update(of_calls(node))
        found.update(of_imports(node))
        found.update(of_mathematics(node))
    found.update(of_sets(tree))
    for function in rules_of(tree):
        found.update(of_signature(function))
        found.update(of_body(function, foreign_names(tree)))
        found.update(of_whole_division(function))
    found.update(of_nested_rules(tree))
    return [f"{line}: {what}" for line, what in sorted(found)]


def of_arithmetic(node):
    """Yield powers written with two stars."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Pow):
        yield node.lineno, "**"


def of_calls(node):
    """Yield calls of refused built-in functions, and of max and min on a sequence or with a key."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return
    name = node.func.id
    if name in REFUSED_CALLS:
        yield node.lineno, f"{name}()"
    on_sequence = len(node.args) < 2 or any(isinstance(argument, ast.Starred) for argument in node.args)
    if name in {"max", "min"} and (on_sequence or node.keywords):
        yield node.lineno, f"{name}() of a sequence"


def of_imports(node):
    """Yield imports of mathematics other than `from math import sqrt` and a plain `import math`."""
    if isinstance(node, ast.ImportFrom) and node.module in {"math", "cmath"}:
        for alias in node.names:
            if (node.module, alias.name, alias.asname) != ("math", "sqrt", None):
                yield node.lineno, f"{node.module}.{alias.name}"
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name == "cmath" or (alias.name == "math" and alias.asname):
                yield node.lineno, f"import {alias.name}"


def of_mathematics(node):
    """Yield attributes of the math module other than its square root."""
    match node:
        case ast.Attribute(value=ast.Name(id="math"), attr=name) if name != "sqrt":
            yield node.lineno, f"math.{name}"


def of_sets(tree):
    """Yield loops and comprehensions that walk through a set."""
    names = names_of_sets(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension) and is_set(node.iter, names):
            yield node.iter.lineno, "iteration over a set"


def names_of_sets(tree):
    """Return the names to which a set is ever assigned."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and is_set(node.value, names):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        if isinstance(node, ast.AnnAssign) and node.value and is_set(node.value, names):
            names.update([node.target.id] if isinstance(node.target, ast.Name) else [])
    return names


def is_set(node, names):
    """Return whether an expression is plainly a set, given the names that hold sets."""
    match node:
        case ast.Set() | ast.SetComp():
            return True
        case ast.Name():
            return node.id in names
        case ast.BinOp(op=ast.BitOr() | ast.BitAnd() | ast.Sub() | ast.BitXor()):
            return is_set(node.left, names) or is_set(node.right, names)
        case ast.Call(func=ast.Name()):
            inward = node.func.id in {"list", "tuple", "enumerate", "iter", "reversed"} and node.args
            return node.func.id in {"set", "frozenset"} or bool(inward and is_set(node.args[0], names))
        case ast.Call(func=ast.Attribute()):
            return node.func.attr in SET_METHODS
    return False


def rules_of(tree):
    """Return the functions decorated as rules."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and is_rule(node)]


def is_rule(function):
    return any(
        isinstance(mark, ast.Name | ast.Attribute) and getattr(mark, "id", getattr(mark, "attr", "")) == "rule"
        for mark in function.decorator_list
    )


def of_signature(function):
    """Yield defaults, starred and keyword-only arguments, and a ninth argument."""
    arguments = function.args
    if arguments.defaults or any(arguments.kw_defaults):
        yield function.lineno, "a default argument"
    if arguments.vararg or arguments.kwarg:
        yield function.lineno, "a starred argument"
    if arguments.kwonlyargs:
        yield function.lineno, "a keyword-only argument"
    if len(arguments.posonlyargs) + len(arguments.args) > MOST_ARGUMENTS:
        yield function.lineno, f"more than {MOST_ARGUMENTS} arguments"


def foreign_names(tree):
    """Return the names imported from outside the simulator, the square root apart."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names if alias.name != "math")
        if isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(("sim.", "math")):
            names.update(alias.asname or alias.name for alias in node.names)
    return names


def of_body(function, foreign):
    """Yield refused nodes, foreign names and array methods in the statements of a rule."""
    for statement in function.body:
        for node in ast.walk(statement):
            if what := REFUSED_NODES.get(type(node)):
                yield getattr(node, "lineno", statement.lineno), what
            match node:
                case ast.Name(id=name) if name in foreign:
                    yield node.lineno, f"{name} of another module"
                case ast.Call(func=ast.Attribute(attr=name)) if name in REFUSED_METHODS:
                    yield node.lineno, f".{name}()"
            if isinstance(node, ast.Call) and any(keyword.arg is None for keyword in node.keywords):
                yield node.lineno, "a starred argument"


def of_whole_division(function):
    """Yield floor divisions and remainders with an operand that is plainly a real number."""
    names = names_of_reals(function)
    for node in ast.walk(function):
        match node:
            case ast.BinOp(left, ast.FloorDiv() | ast.Mod(), right):
                operands = [left, right]
            case ast.AugAssign(target, ast.FloorDiv() | ast.Mod(), value):
                operands = [target, value]
            case _:
                operands = []
        if any(is_real(operand, names) for operand in operands):
            yield node.lineno, "floor division or remainder of a real number"


def names_of_reals(function):
    """Return the arguments annotated as float and the names to which a real number is ever assigned."""
    names = {
        argument.arg
        for argument in function.args.args
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id == "float"
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and is_real(node.value, names):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return names


def is_real(node, names):
    """Return whether an expression is plainly a real number, given the names that hold real numbers."""
    match node:
        case ast.Constant():
            return isinstance(node.value, float)
        case ast.Name():
            return node.id in names
        case ast.UnaryOp():
            return is_real(node.operand, names)
        case ast.BinOp(op=ast.Div()):
            return True
        case ast.BinOp():
            return is_real(node.left, names) or is_real(node.right, names)
        case ast.Call(func=ast.Name()):
            return node.func.id in REAL_CALLS
    return False


def violations_of_numbers(source):
    """Return where a source text takes an argument of a rule for more than a number, each as `line: what`."""
    tree = ast.parse(source)
    found = set(of_rooms(tree))
    for function in rules_of(tree):
        names = names_of_arguments(function)
        found.update(of_annotations(function))
        for statement in function.body:
            for node in ast.walk(statement):
                found.update(of_parts(node, names))
                found.update(of_walks(node, names))
                found.update(of_writing(node))
    return [f"{line}: {what}" for line, what in sorted(found)]


def of_rooms(tree):
    """Yield imports from rooms of the simulator in which there are other things than numbers."""
    for node in ast.walk(tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            inner = node.module == "sim" or node.level
            modules = [f"sim.{alias.name}" for alias in node.names] if inner else [node.module]
        for module in modules:
            if module.startswith("sim.") and not module.startswith(("sim.numerics", "sim.rules")):
                yield node.lineno, f"import from {module}"


def names_of_arguments(function):
    """Return the arguments of a rule and the other names that an argument is ever given."""
    names = {argument.arg for argument in [*function.args.posonlyargs, *function.args.args]}
    before = 0
    while len(names) > before:
        before = len(names)
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets, value):
                    pairs = [(target, value) for target in targets]
                case ast.NamedExpr(target, value) | ast.AnnAssign(target, value=value):
                    pairs = [(target, value)]
                case _:
                    pairs = []
            for target, value in pairs:
                names.update(aliases(target, value, names))
    return names


def aliases(target, value, names):
    """Yield the names that an assignment gives to something that has one of `names` already."""
    match target, value:
        case ast.Tuple(left), ast.Tuple(right) if len(left) == len(right):
            for one, other in zip(left, right, strict=True):
                yield from aliases(one, other, names)
        case ast.Name(id=name), _ if is_argument(value, names):
            yield name


def is_argument(node, names):
    """Return whether an expression is one of the names, or chooses between them."""
    match node:
        case ast.Name(id=name):
            return name in names
        case ast.IfExp(body=body, orelse=other):
            return is_argument(body, names) or is_argument(other, names)
        case ast.BoolOp(values=values):
            return any(is_argument(value, names) for value in values)
    return False


def of_annotations(function):
    """Yield arguments annotated as something else than a number."""
    for argument in function.args.args:
        if argument.annotation and ast.unparse(argument.annotation) not in NUMBERS:
            yield argument.lineno, f"{argument.arg} is not a number"


def of_parts(node, names):
    """Yield subscripts and attributes of arguments, and their unpacking."""
    match node:
        case ast.Subscript(value) if is_argument(value, names):
            yield node.lineno, "a subscript of an argument"
        case ast.Attribute(value) if is_argument(value, names):
            yield node.lineno, "an attribute of an argument"
        case ast.Assign([ast.Tuple() | ast.List(), *_], value) if is_argument(value, names):
            yield node.lineno, "an argument unpacked"
        case ast.Starred(value) if is_argument(value, names):
            yield node.lineno, "an argument unpacked"
        case ast.Compare(ops=operators, comparators=right):
            for operator, value in zip(operators, right, strict=True):
                if isinstance(operator, ast.In | ast.NotIn) and is_argument(value, names):
                    yield node.lineno, "a walk through an argument"


def of_walks(node, names):
    """Yield loops through arguments and calls of what takes a sequence."""
    match node:
        case ast.For(iter=value) | ast.comprehension(iter=value) if is_argument(value, names):
            yield value.lineno, "a walk through an argument"
        case ast.Call(func=ast.Name(id=name), args=values) if name in WALKS:
            if any(is_argument(value, names) for value in values):
                yield node.lineno, "a walk through an argument"


def of_writing(node):
    """Yield whatever is written elsewhere than into a name."""
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        yield node.lineno, "written into something"


def of_nested_rules(tree):
    """Yield rules defined inside a function, whose free variables would be frozen in the compiled copy."""
    for outer in ast.walk(tree):
        if isinstance(outer, ast.FunctionDef):
            for inner in ast.walk(outer):
                if inner is not outer and isinstance(inner, ast.FunctionDef) and is_rule(inner):
                    yield inner.lineno, "a rule within a function"


# ---------------------------------------------------------------------------------------------------------------------
# The tests


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SIM).as_posix())
def test_the_rules_keep_to_the_arithmetic_every_machine_agrees_on(path):
    assert violations(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", OF_NUMBERS, ids=lambda path: path.relative_to(SIM).as_posix())
def test_the_science_is_in_functions_of_named_numbers(path):
    assert violations_of_numbers(path.read_text(encoding="utf-8")) == []


def test_the_files_of_rules_are_found():
    assert {"worth.py", "registry.py"} <= {path.name for path in OF_NUMBERS}
    assert {"numerics.py", "registry.py", "chance.py", "sheet.py", "offers.py"} <= {path.name for path in FILES}


def test_the_search_is_not_made_of_numbers_alone():
    """So the stricter check tells the two rooms apart."""
    for name in ("deals", "sheet", "offers", "slopes", "positions"):
        assert violations_of_numbers((SIM / "search" / f"{name}.py").read_text(encoding="utf-8")) != []


ANYWHERE = [
    ("cube = 2.0 ** 3", "1: **"),
    ("cube = 2.0\ncube **= 3", "2: **"),
    ("total = sum([1.0, 2.0])", "1: sum()"),
    ("whole = round(2.5)", "1: round()"),
    ("square = pow(2.0, 2)", "1: pow()"),
    ("parts = divmod(7, 2)", "1: divmod()"),
    ("place = hash('name')", "1: hash()"),
    ("top = max([1.0, 2.0])", "1: max() of a sequence"),
    ("low = min(*[1.0, 2.0])", "1: min() of a sequence"),
    ("top = max(1.0, 2.0, key=abs)", "1: max() of a sequence"),
    ("import math\ne = math.exp(1.0)", "2: math.exp"),
    ("import math\ntau = math.tau", "2: math.tau"),
    ("from math import exp", "1: math.exp"),
    ("from math import sqrt, log", "1: math.log"),
    ("from math import *", "1: math.*"),
    ("from math import sqrt as root", "1: math.sqrt"),
    ("import math as m", "1: import math"),
    ("import cmath", "1: import cmath"),
    ("from cmath import exp", "1: cmath.exp"),
    ("for state in {1, 2}:\n    pass", "1: iteration over a set"),
    ("for state in set([1, 2]):\n    pass", "1: iteration over a set"),
    ("states = {1, 2}\nfor state in states:\n    pass", "2: iteration over a set"),
    ("states: object = frozenset()\nfor state in states:\n    pass", "2: iteration over a set"),
    ("doubled = [2 * state for state in {1, 2}]", "1: iteration over a set"),
    ("for place, state in enumerate({1, 2}):\n    pass", "1: iteration over a set"),
    ("for state in {1, 2} - {2}:\n    pass", "1: iteration over a set"),
    ("for state in seated.union(excluded):\n    pass", "1: iteration over a set"),
]

IN_A_RULE = [
    ("def f(x=1.0):\n    return x", "2: a default argument"),
    ("def f(x, *, y=1.0):\n    return x", "2: a default argument"),
    ("def f(x, *, y):\n    return x", "2: a keyword-only argument"),
    ("def f(*x):\n    return x", "2: a starred argument"),
    ("def f(**x):\n    return x", "2: a starred argument"),
    ("def f(x):\n    return g(**x)", "3: a starred argument"),
    ("def f(a, b, c, d, e, f, g, h, i):\n    return a", "2: more than 8 arguments"),
    ("def f(x):\n    g = lambda y: x + y\n    return g(x)", "3: a function within a rule"),
    ("def f(x):\n    def g(y):\n        return x + y\n    return g(x)", "3: a function within a rule"),
    ("def f(x):\n    return x @ x", "3: a matrix product"),
    ("def f(x):\n    global y\n    return x", "3: a global statement"),
    ("def f(x):\n    return x.sum()", "3: .sum()"),
    ("def f(x: float):\n    return x // 2", "3: floor division or remainder of a real number"),
    ("def f(x):\n    return x // 2.0", "3: floor division or remainder of a real number"),
    ("def f(x):\n    return (x / 2) % 3", "3: floor division or remainder of a real number"),
    ("def f(x):\n    y = -1.0 * x\n    y //= 2\n    return y", "4: floor division or remainder of a real number"),
    ("def f(x):\n    return float(x) // 2", "3: floor division or remainder of a real number"),
]


NOT_OF_NUMBERS = [
    ("def f(sheet, at):\n    return sheet[at]", "3: a subscript of an argument"),
    ("def f(sheet, at):\n    row = sheet\n    return row[at]", "4: a subscript of an argument"),
    (
        "def f(sheet, at):\n    row, place = sheet, at\n    last = row\n    return last[place]",
        "5: a subscript of an argument",
    ),
    ("def f(one, other, at):\n    row = one if at > 0 else other\n    return row[at]", "4: a subscript of an argument"),
    ("def f(sheet, at):\n    return (row := sheet)[at] + row[at]", "3: a subscript of an argument"),
    ("def f(sheet, at):\n    sheet[at] = 1.0", "3: a subscript of an argument"),
    ("def f(sheet, at):\n    sheet[at] += 1.0", "3: written into something"),
    ("def f(x):\n    TABLE[0] = x", "3: written into something"),
    ("def f(state):\n    return state.cost", "3: an attribute of an argument"),
    ("def f(x):\n    PLACE.cost = x", "3: written into something"),
    ("def f(belief):\n    c, b = belief\n    return c + b", "3: an argument unpacked"),
    ("def f(terms):\n    return g(*terms)", "3: an argument unpacked"),
    (
        "def f(terms):\n    total = 0.0\n    for x in terms:\n        total = total + x\n    return total",
        "4: a walk through an argument",
    ),
    ("def f(terms):\n    return [2.0 * x for x in terms]", "3: a walk through an argument"),
    ("def f(terms):\n    for k, x in enumerate(terms):\n        y = x\n    return y", "3: a walk through an argument"),
    ("def f(terms):\n    return len(terms)", "3: a walk through an argument"),
    ("def f(terms, x):\n    return x in terms", "3: a walk through an argument"),
    ("def f(terms: Sequence[float]):\n    return g(terms)", "2: terms is not a number"),
]


@pytest.mark.parametrize(("source", "expected"), NOT_OF_NUMBERS)
def test_a_rule_that_takes_more_than_numbers_is_caught(source, expected):
    assert expected in violations_of_numbers("@rule\n" + source)


@pytest.mark.parametrize(
    "line",
    [
        "from sim.search.sheet import row_at",
        "from sim.search import deals",
        "import sim.steps.kinds",
        "from . import deals",
    ],
)
def test_a_file_of_rules_that_reads_other_rooms_is_caught(line):
    assert [found.split(" from ")[0] for found in violations_of_numbers(line)] == ["1: import"]


def test_a_function_of_named_numbers_passes():
    source = """
        from math import sqrt

        from sim import numerics
        from sim.numerics import exp
        from sim.rules.trust import mixed

        TABLE = (1.0, 2.0)

        @rule
        def tempered(mean: float, sd: float, holds: bool, place):
            least, most = TABLE[0], TABLE[place]
            other = mean
            total = 0.0
            for step in range(place):
                total = total + exp(other) * step
            if holds and least < sd <= most:
                return mixed(mean, sd, total), sqrt(sd)
            return numerics.log(sd), abs(mean)

        def helper(names):
            return [name.title() for name in names]
        """
    assert violations_of_numbers(textwrap.dedent(source)) == []


@pytest.mark.parametrize(("source", "expected"), ANYWHERE)
def test_a_planted_violation_is_caught_anywhere(source, expected):
    assert expected in violations(source)


@pytest.mark.parametrize(("source", "expected"), IN_A_RULE)
def test_a_planted_violation_is_caught_in_a_rule(source, expected):
    assert expected in violations("@rule\n" + source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import numpy as np\n@rule\ndef f(x):\n    return np.exp(x)", "4: np of another module"),
        ("import numpy.linalg\n@rule\ndef f(x):\n    return numpy.linalg.norm(x)", "4: numpy of another module"),
        ("from numpy import exp\n@rule\ndef f(x):\n    return exp(x)", "4: exp of another module"),
        ("import random\n@rule\ndef f(x):\n    return x + random.random()", "4: random of another module"),
        ("def outer(y):\n    @rule\n    def f(x):\n        return x + y\n    return f", "3: a rule within a function"),
    ],
)
def test_a_planted_violation_that_needs_its_file_is_caught(source, expected):
    assert expected in violations(source)


def test_each_violation_is_told_with_its_line_in_order():
    assert violations("a = sum([1])\nb = 2 ** 3\nc = round(a)") == ["1: sum()", "2: **", "3: round()"]


def test_what_every_machine_agrees_on_passes():
    source = """
        import math
        from collections.abc import Sequence
        from math import sqrt

        from sim.numerics import exp
        from sim.rules.registry import rule

        TABLE = tuple((1 << place) % 67 for place in range(66))

        @rule
        def weighted(values: Sequence[float], offset: int, count: int, scale: float) -> float:
            total = 0.0
            for place in range(offset, offset + count // 2):
                total += max(values[place], 0.0) * min(scale, 1.0, 2.0) / sqrt(1.0 + scale)
            return exp(total) if place % 2 == 0 else abs(math.sqrt(total))

        def helper(names, most=8):
            kept = set(names)
            return [name for name in sorted(kept) if name in kept][:most]
        """
    assert violations(textwrap.dedent(source)) == []
