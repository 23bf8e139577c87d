"""The unit as WebAssembly means what it means in Python; what has no such meaning is refused; faults are seen.

Programs drawn at random are in drawn_programs.py; that whole replicates agree is in test_engines_agree.py.
"""

import ast
import struct
from functools import cache
from math import inf, nan

import numpy as np
import pytest
from hypothesis import Phase
from wasmtime import Trap, WasmtimeError

from sim.engines import ensemble, host, types, wasm
from sim.engines.arrays import arrays_of
from sim.engines.host import FREE_AT, TrapError
from sim.engines.layout import layout_of
from sim.engines.lowering import ENTRY
from sim.engines.types import UntypedError
from sim.errors import SimError
from sim.steps.columns import columns_of
from tests.campaigns.engines_agree import apart, in_machine_code, openly
from tests.engines import drawn_programs
from tests.engines.compiled_functions import Compiled, instance_of, writer_of
from tests.engines.worlds import busy, followed

PLAN = layout_of().plan

SEED = 3


# Meaning


def test_programs_drawn_at_random_mean_the_same_as_in_python():
    assert drawn_programs.compared(200) > 150


EDGES = [-(2**63), -(2**63) + 1, -(2**62) - 3, -7, -2, -1, 0, 1, 2, 3, 7, 2**62 + 5, 2**63 - 2, 2**63 - 1]


@pytest.mark.parametrize("sign", ["%", "//"])
def test_remainders_and_whole_quotients_are_pythons_up_to_the_ends(sign):
    quick = Compiled(f"def f(a, b):\n    return a {sign} b", "f", ("i", "i"))
    plain = drawn_programs.in_python(f"def entry(a, b):\n    return a {sign} b", 2**80)
    for one in EDGES:
        for other in EDGES:
            if other != 0 and (sign == "%" or (one, other) != (-(2**63), -1)):
                assert quick(one, other) == plain(one, other), (one, other)


def test_whole_numbers_widen_where_numbers_are_assigned_too():
    text = "def f(a, x):\n    a = a + 0.5 if x > 0.0 else a\n    b = 1\n    b = b + x\n    return a, b"
    assert Compiled(text, "f", ("i", "f"))(3, 0.25) == (3.5, 1.25)
    assert Compiled(text, "f", ("i", "f"))(3, -0.25) == (3.0, 0.75)


def test_literals_keep_their_bits():
    numbers = [0.1, 5e-324, 1.7976931348623157e308, 1e400, -0.0, 2.0**-1022, 1 / 3]
    quick = Compiled(f"def f():\n    return {', '.join(map(repr, numbers)).replace('inf', '1e999')}", "f", ())
    assert struct.pack("<7d", *quick()) == struct.pack("<7d", *numbers)
    assert numbers[3] == inf


# Refusals


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a = a ** 2", "a ** 2"),
        ("a = a % 2.0", "a % 2.0"),
        ("a = ~a", "~a"),
        ("a = max(a, 1)", "max(a, 1)"),
        ("a = (1, 2)", "is i on one way and ('i', 'i') on another"),
        ("a = 1 if a else (1, 2)", "is i on one way and ('i', 'i') on another"),
        ("a = 'words'", "'words'"),
        ("a = a is 3", "a is 3"),
        ("a = a in (1, 3)", "a in (1, 3)"),
        ("a = a and 7", "a and 7"),
        ("a = (a or 7) + 1", "a or 7"),
        ("assert a", "assert a"),
        ("b = a = 1", "b = a = 1"),
        ("for i in range(3): continue", "continue"),
        ("for i in range(0, 5, a): pass", "range(0, 5, a)"),
        ("for i in (1, 2): break", "break"),
        ("for i in range(3):\n        for j in (1, 2): break", "break"),
        ("for i in range(a): pass\n    else: a = 1", "for i in range(a)"),
        ("while a > 3: a -= 1\n    else: a = 1", "while a > 3"),
    ],
)
def test_what_has_no_meaning_is_refused_by_function_and_line(line, words):
    with pytest.raises(UntypedError) as refusal:
        Compiled(f"def inner(a):\n    {line}\n    return a\n\ndef f(a):\n    return inner(a)", "f", ("i",))
    assert str(refusal.value).startswith("inner, line ")
    assert words in str(refusal.value)


RECURSIONS = {
    "itself": "def f(a):\n    if a < 1:\n        return 1\n    return a * f(a - 1)",
    "through another": "def g(a):\n    return f(a)\n\ndef f(a):\n    if a < 1:\n        return 1\n    return g(a - 1)",
    "other types each time": "def f(a):\n    if a < 1:\n        return 1\n    return f(a * 0.5)",
    "for ever": "def f(a):\n    return f(a)",
}


@pytest.mark.parametrize("text", RECURSIONS.values(), ids=RECURSIONS)
def test_a_function_that_calls_itself_is_refused(text):
    with pytest.raises(UntypedError, match="f, line"):
        Compiled(text, "f", ("i",))


@pytest.mark.parametrize(
    "body", ["if a < 1:\n        return 1", "while a < 1:\n        return 1", "if a < 1:\n        return\n    return 2"]
)
def test_a_function_that_returns_something_on_some_ways_only_is_refused(body):
    with pytest.raises(UntypedError, match="f: returns something on some ways only"):
        Compiled(f"def f(a):\n    {body}", "f", ("i",))


# Traps


def test_what_is_no_number_is_no_whole_number():
    quick = Compiled("def f(x):\n    return int(x)", "f", ("f",))
    assert [quick(x) for x in (2.9, -2.9, -0.0)] == [2, -2, 0]
    for x in (nan, inf, 2.0**63):
        with pytest.raises(Trap):
            quick(x)


@cache
def unit():
    return ensemble.unit_text()


def machine_of(text):
    """The machine of a unit's text."""
    return host.machine(host.assembled(writer_of(text, ENTRY, ensemble.ARGUMENTS)[1]), ENTRY)


def test_a_replicate_that_traps_is_named_and_missing_and_the_others_stand():
    """In its third week, the second of three takes what is no number for a whole one."""
    head = "def War_play_week(P, R, S, sheet, work):\n"
    when = f"P[{PLAN['War.replicate']}] == 11 and P[{PLAN['War.week']}] == 2"
    assert unit().count(head) == 1
    trapping = machine_of(unit().replace(head, f"{head}    if {when}:\n        P[{PLAN['War.week']}] = int(nan)\n"))
    arrays = arrays_of(busy("exposed-denied"))
    rows = np.zeros((3, len(columns_of(busy("exposed-denied")))))
    with pytest.raises(TrapError, match=r"replicate 11, week 2: .*conversion to integer.*, in War_play_week"):
        trapping.play(arrays, SEED, 10, rows)
    ensemble.play_chunk(trapping, arrays, SEED, 10, rows)
    sound = ensemble.rows_of(busy("exposed-denied"), SEED, 10, 3)
    assert np.isnan(rows[1]).all()
    assert rows[[0, 2]].tobytes() == sound[[0, 2]].tobytes()


# The checking mode


def checked(text, given, **lengths):
    """A function in the checking mode, and what says where it last trapped."""
    writer, written = writer_of(text, "f", given, checked=True)
    store, _, exports = instance_of(written)
    for name, length in lengths.items():
        exports[f"{name}.length"].set_value(store, length)
    return lambda *handed: exports["f"](store, *handed), lambda: writer.sites[exports["site"].value(store)]


@pytest.mark.parametrize("array", ["row", "sheet", "work"])
def test_an_index_outside_is_caught_and_its_place_named(array):
    text = f"def f({array}, a):\n    a = a + 1\n    {array}[a] = 1.0\n    return {array}[a - 1]"
    play, place = checked(text, (array, "i"), **{array: 8})
    handed = (FREE_AT,) if array == "row" else ()
    assert play(*handed, 5) == 0.0
    for index, line in ((7, 3), (-2, 3), (2**40, 3), (-1, 4)):
        with pytest.raises(Trap):
            play(*handed, index)
        assert place() == f"f, line {line} of the unit"


def test_an_index_outside_of_a_table_of_constants_is_caught():
    play, place = checked("def f(a):\n    return (1, 2, 3)[a]", ("i",))
    assert [play(index) for index in (0, 1, 2)] == [1, 2, 3]
    for index in (3, -1):
        with pytest.raises(Trap):
            play(index)
        assert place() == "f, line 2 of the unit"


def test_a_division_by_zero_is_caught_and_its_place_named():
    play, place = checked("def f(x, a):\n    x = x / 2.0\n    return 1.0 / x, 1 / a", ("f", "i"))
    assert play(2.0, 4) == [1.0, 0.25]
    for x, a in ((0.0, 1), (-0.0, 1), (1.0, 0)):
        with pytest.raises(Trap):
            play(x, a)
        assert place() == "f, line 3 of the unit"


@pytest.mark.parametrize("name", ["exposed-denied", "ukraine-overruled", "reference"])
def test_whole_replicates_play_to_the_same_bits_in_the_checking_mode(name):
    """Nothing that the model reads or writes lies outside of its array, and nothing is divided by zero."""
    rows = np.zeros((3, len(columns_of(busy(name)))))
    checked_model().play(arrays_of(busy(name)), SEED, 0, rows)
    assert rows.tobytes() == ensemble.rows_of(busy(name), SEED, 0, 3).tobytes()


@cache
def checked_model():
    return ensemble.checked_model()


def test_a_replicate_that_leaves_an_array_is_named_with_the_place():
    arrays = arrays_of(busy("reference"))
    with pytest.raises(TrapError, match=r"^replicate 5, week 0: write_row, line \d+ of the unit$"):
        checked_model().play(arrays, SEED, 5, np.zeros((1, 3)))


# The module


def test_a_module_has_one_memory_and_cannot_ask_for_more():
    text = writer_of(unit(), ENTRY, ensemble.ARGUMENTS)[1]
    assert text.count("(import") == text.count("(memory") == 1
    assert "memory.grow" not in text


def test_text_and_module_are_the_same_each_time():
    assert ensemble.module_text() == writer_of(unit(), ENTRY, ensemble.ARGUMENTS)[1]


# Faults


WORLDS = ("exposed-denied", "ukraine-overruled")


@cache
def expected(name):
    """The bits of the first replicates of a world in the open engine."""
    return [openly(followed(busy(name), SEED, replicate)) for replicate in (0, 1)]


def is_caught_by_worlds(monkeypatch):
    """Whether the module as it is written and played now differs from the open engine, or is none."""
    try:
        faulty = machine_of(unit())
    except (SimError, WasmtimeError):
        return True
    monkeypatch.setattr(ensemble, "compiled_model", lambda: faulty)
    return any(
        apart(one, other)
        for name in WORLDS
        for one, other in zip(expected(name), in_machine_code(busy(name), SEED, [0, 1]), strict=True)
    )


def is_caught_by_programs(monkeypatch):
    """Whether a program drawn at random differs, or cannot be written."""
    try:
        drawn_programs.compared(150, (Phase.generate,))
    except (AssertionError, SimError, WasmtimeError, Trap):
        return True
    return False


def test_without_a_fault_nothing_is_caught(monkeypatch):
    assert not is_caught_by_worlds(monkeypatch)
    assert not is_caught_by_programs(monkeypatch)


def first_type(one, other, typed, node):
    return other if one is None else one


def without_sums(self, node, statement=wasm.Code._statement):
    """Every statement that adds to a number of the war dropped."""
    if not (isinstance(node, ast.AugAssign) and ast.unparse(node.target).startswith("S[")):
        statement(self, node)


def without_stores(self, node, statement=wasm.Code._statement):
    """Every statement that keeps something in an array dropped."""
    if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)):
        statement(self, node)


def one_further(node, split=wasm._split_index):
    index, constant = split(node)
    return index, constant + (constant > 0)


def one_short(self, node, target, ranged, loop=wasm.Code._for):
    stop = min(1, len(ranged.args) - 1)
    given = list(ranged.args)
    given[stop] = ast.copy_location(ast.BinOp(given[stop], ast.Sub(), ast.Constant(1)), ranged)
    loop(self, node, target, ast.Call(ranged.func, given, []))


def swapped(self, node, connection=wasm.Code._connection):
    return connection(self, ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values))


def turned(self, targets, value, assign=wasm.Code._assign_several):
    """What one call returns is kept in the order in which it comes."""
    if isinstance(value, ast.Tuple) or len(set(self._type(value))) > 1:
        assign(self, targets, value)
    else:
        assign(self, ast.Tuple(targets.elts[::-1]), value)


def mixed(self, targets, value):
    """Of several values each is kept before the next is reckoned."""
    for target, one in zip(targets.elts, getattr(value, "elts", []), strict=True):
        self._put(target, self._value(one), self._type(one))


def one_row_late(memory, store, at, count, width, read=host._read):
    return np.roll(read(memory, store, at, count, width), 1, axis=0)


def one_number_late(memory, store, at, count, width, read=host._read):
    return read(memory, store, at + 8, count, width)


FAULTS = {
    "a type that holds only the first of two": (is_caught_by_programs, types, "_joined", first_type),
    "additions to numbers dropped": (is_caught_by_worlds, wasm.Code, "_statement", without_sums),
    "what is kept in arrays dropped": (is_caught_by_programs, wasm.Code, "_statement", without_stores),
    "a place one further": (is_caught_by_worlds, wasm, "_split_index", one_further),
    "at most for below": (is_caught_by_programs, wasm, "COMPARISONS", wasm.COMPARISONS | {ast.Lt: "le"}),
    "a loop one short, seen by worlds": (is_caught_by_worlds, wasm.Code, "_for", one_short),
    "a loop one short, seen by programs": (is_caught_by_programs, wasm.Code, "_for", one_short),
    "a remainder with the sign of what is divided": (
        is_caught_by_programs,
        wasm,
        "HELPERS",
        wasm.HELPERS.replace("(then (i64.add (local.get $r) (local.get $b)))", "(then (local.get $r))"),
    ),
    "a shift without its sign": (is_caught_by_programs, wasm, "OF_WHOLE", wasm.OF_WHOLE | {ast.RShift: "shr_u"}),
    "and for or": (is_caught_by_programs, wasm.Code, "_connection", swapped),
    "several values kept one by one": (is_caught_by_programs, wasm.Code, "_assign_several", mixed),
    "rows one late": (is_caught_by_worlds, host, "_read", one_row_late),
    "numbers one late": (is_caught_by_worlds, host, "_read", one_number_late),
    "a return that does not leave": (
        is_caught_by_programs,
        wasm.Code,
        "_leave",
        lambda self, value: self.lines.append("(nop)"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_writer_is_caught(fault, monkeypatch):
    is_caught, owner, name, faulty = FAULTS[fault]
    assert getattr(owner, name) != faulty
    monkeypatch.setattr(owner, name, faulty)
    assert is_caught(monkeypatch)


@pytest.mark.parametrize("at", [host.SHEET_AT, host.WORK_AT - 8 * 40], ids=["the same place", "some numbers"])
def test_a_workspace_that_lies_over_the_sheet_is_caught(at, monkeypatch):
    monkeypatch.setitem(host.FIXED, "work", at)
    assert is_caught_by_worlds(monkeypatch)
