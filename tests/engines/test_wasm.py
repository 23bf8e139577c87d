"""The unit as WebAssembly means what it means in Python; what has no such meaning is refused; faults are seen.

Programs drawn at random are in drawn_programs.py; that whole replicates agree is in test_engines_agree.py.
"""

import ast
import atexit
import os
import re
import signal
import struct
import subprocess
import sys
from functools import cache
from math import inf, nan, sqrt

import numpy as np
import pytest
from wasmtime import Trap, WasmtimeError

from sim.engines import checks, ensemble, host, types, wasm
from sim.engines import unit as unit_of_functions
from sim.engines.arrays import arrays_of
from sim.engines.host import EndlessError, TrapError
from sim.engines.layout import layout_of
from sim.engines.lowering import ENTRY
from sim.engines.names import UntypedError
from sim.errors import SimError
from sim.rules.outcomes import OUTCOMES
from sim.steps.columns import columns_of
from sim.version import PACKAGE
from tests.campaigns.engines_agree import checked_here
from tests.engines import drawn_programs
from tests.engines.compiled_functions import Compiled, writer_of
from tests.engines.worlds import busy, followed

PLAN = layout_of().plan

SEED = 3
PROGRAMS = 80


# Meaning


@pytest.mark.parametrize("checked", [False, True], ids=["plain", "checking"])
def test_programs_drawn_at_random_mean_the_same_as_in_python(checked):
    """In the checking mode, those that raise in Python trap too."""
    found = list(drawn_programs.differences(PROGRAMS, checked))
    assert [one for one in found if one] == []
    assert len(found) > PROGRAMS


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


def test_a_chain_of_comparisons_reckons_each_part_once_and_only_where_it_decides():
    text = "def more(row):\n    row[0] = row[0] + 1.0\n    return row[0]\n\n"
    quick = Compiled(f"{text}def f(row, a):\n    return 0.0 < more(row) < 10 // a, 0 < a < 10 // a", "f", ("row", "i"))
    row = [0.0]
    assert quick(row, 2) == (1, 1)
    assert row == [1.0]
    assert Compiled("def f(a):\n    return 0 < a < 10 // a", "f", ("i",))(0) == 0


def test_a_value_is_reckoned_before_the_place_where_it_is_kept():
    text = "def move(row):\n    row[0] = 2.0\n    return 7.0\n\ndef f(row):\n    row[int(row[0])] = move(row)\n    return 0"
    row = [1.0, 0.0, 0.0]
    Compiled(text, "f", ("row",))(row)
    assert row == [2.0, 0.0, 7.0]


def test_the_absolute_value_of_a_call_is_that_of_one_call():
    text = "def less(row):\n    row[0] = row[0] - 1.0\n    return int(row[0])\n\ndef f(row):\n    return abs(less(row))"
    row = [0.0]
    assert Compiled(text, "f", ("row",))(row) == 1
    assert row == [-1.0]


SHIFTS = [(-5, 0), (-5, 1), (5, 1), (2**40, 63), (-(2**40), 63)]


@pytest.mark.parametrize("checked", [False, True])
def test_shifts_are_pythons_and_a_count_below_zero_traps(checked):
    right = Compiled("def f(a, n):\n    return a >> n", "f", ("i", "i"), checked)
    left = Compiled("def f(a, n):\n    return a << n", "f", ("i", "i"), checked)
    for a, n in [*SHIFTS, (5, 64), (-5, 70), (5, 2**40)]:
        assert right(a, n) == a >> n
    for a, n in [(3, 0), (3, 5), (-3, 61)]:
        assert left(a, n) == a << n
    for play, n in ((right, -1), (left, -1), (left, 64)):
        with pytest.raises(Trap):
            play(1, n)


MISSING = """
def write(row, none):
    row[0] = 0.0 / none
    row[1] = -(0.0 / none)
    row[2] = sqrt(none - 1.0)
    row[3] = 1.0 / none - 1.0 / none
    row[4] = nan
    row[5] = -nan

def play_many(P, R, S, sheet, work, seed, first, rows):
    sizes = len(P) + len(S)
    for number in range(len(rows)):
        write(rows[number], 0.0 * R[0])
"""


def test_what_is_missing_has_the_same_bits_however_it_came_about():
    """WebAssembly leaves them open: the root of -1 has a sign on one processor and none on another."""
    rows = np.zeros((2, 6))
    machine_of(MISSING).play(arrays_of(busy("reference")), SEED, 0, rows)
    assert rows.tobytes() == np.full((2, 6), nan).tobytes()


def test_more_numbers_than_one_memory_holds_are_refused():
    rows = np.broadcast_to(np.zeros(1), (2**20, 300))
    with pytest.raises(SimError, match="1,048,576 replicates of 300 numbers do not fit into one memory; play fewer"):
        sound().play(arrays_of(busy("reference")), SEED, 0, rows)


# Refusals


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a = a ** 2", "a ** 2"),
        ("a = a % 2.0", "whole numbers alone: a % 2.0"),
        ("a = a & 0.5", "whole numbers alone: a & 0.5"),
        ("a = ~a", "~a"),
        ("a = max(a, 1)", "calls nothing that is known here"),
        ("a = a.real", "a.real"),
        ("a = int.from_bytes(a)", "calls nothing that is known here"),
        ("a = (1, 2)", "not one number for each name"),
        ("a, b = 1, 2, 3", "not one number for each name"),
        ("a = 1 if a else (1, 2)", "one number is wanted here, and this is 2 numbers"),
        ("a = 'words'", "'words'"),
        ("a = None", "None"),
        ("a = 9223372036854775808", "9223372036854775808"),
        ("a = a is 3", "a is 3"),
        ("a = a in (1, 3)", "one number is wanted here, and this is 2 numbers"),
        ("a = a and 7", "a and 7"),
        ("a = (a or 7) + 1", "a or 7"),
        ("assert a", "assert a"),
        ("b = a = 1", "b = a = 1"),
        ("for i in range(3): continue", "continue"),
        ("for i in range(0, 5, a): pass", "range(0, 5, a)"),
        ("for i in range(0, 5, 0): pass", "not 0"),
        ("for i in range(2.5): pass", "a whole number is wanted here, and this is none; write int(...): 2.5"),
        ("for i in range(a, 2.0 * a): pass", "write int(...): 2.0 * a"),
        ("for i in (1, 2): break", "break"),
        ("for i in range(3):\n        for j in (1, 2): break", "break"),
        ("for i in range(a): pass\n    else: a = 1", "for i in range(a)"),
        ("while a > 3: a -= 1\n    else: a = 1", "while a > 3"),
        ("a = (1, 2, 3)[0.5 * a]", "write int(...): 0.5 * a"),
        ("a = (1, 2.5, 3)[a]", "a table holds whole numbers alone"),
        ("a = a[0]", "this is no array: a[0]"),
        ("row[a] = row", "not one number for each name"),
        ("row[1.0] = 3.0", "write int(...): 1.0"),
        ("row[some(a)] += 3.0", "would be reckoned twice; give what is called a name first: row[some(a)]"),
        ("a = row[1:2]", "1:2"),
        ("a = a >> 70", "a shift is by 0 to 63"),
        ("a = a << 64", "a shift is by 0 to 63"),
        ("a = len((1, 2))", "only an array that is handed over has a length here"),
        ("a = len(row)", "only the entry knows how long its arrays are"),
        ("a = int()", "int takes 1 argument:"),
        ("for i in range(): pass", "range takes 1 or 2 or 3 arguments:"),
        ("a = some(1, 2)", "some takes 1 argument:"),
        ("a = some(a=1)", "arguments go by their places"),
        ("a = nothing(1)", "one number is wanted here, and this is nothing"),
        ("return nothing(1)", "what is returned here is nothing"),
        ("a = unknown + 1", "nothing here has this name: unknown"),
        ("a = unknown(1)", "calls nothing that is known here"),
        ("a = some", "nothing here has this name: some"),
        ("a = b\n    b = 1", "may be read before it is set; set it on every way that leads here: b"),
        ("if a: b = 1\n    a = b", "may be read before it is set"),
        ("while a: b = 1\n    a = b", "may be read before it is set"),
        ("b += a", "may be read before it is set"),
        ("for i in range(a):\n        if i: break\n        b = 1\n    a = b", "may be read before it is set"),
        ("b = 0\n    b = 0.5 if a else b\n    a = -b", "in Python this is -0.0 or 0"),
        ("b = 0\n    b = 0.5 if a else b\n    a = b * -3", "in Python this is -0.0 or 0"),
        ("a = -(0 if a else 0.5)", "in Python this is -0.0 or 0"),
    ],
)
def test_what_has_no_meaning_is_refused_by_file_line_and_function(line, words):
    others = "def some(a):\n    return a\n\ndef nothing(a):\n    pass\n\n"
    text = f"{others}def inner(row, a):\n    {line}\n    return a\n\ndef f(row, a):\n    return inner(row, a)"
    with pytest.raises(UntypedError) as refusal:
        Compiled(text, "f", ("row", "i"))
    assert re.match(r"text:\d+, in inner: ", str(refusal.value))
    assert 7 < int(re.findall(r"\d+", str(refusal.value))[0]) < 7 + len(line.splitlines()) + 1
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    "line",
    [
        "b = 1 if a else 2",
        "for i in range(3): b = i",
        "for b in (1, 2): pass",
        "while True:\n        b = a\n        if b: break",
        "while True:\n        b = a\n        if b: return 3",
        "if a: b = 1\n    else: return 2",
    ],
)
def test_what_is_set_on_every_way_may_be_read(line):
    assert Compiled(f"def f(a):\n    {line}\n    return b", "f", ("i",))(1) in (1, 2, 3)


@pytest.mark.parametrize("head", ["a=1", "*a", "a, *, b", "**a", "a, /"])
def test_arguments_that_are_not_plain_are_refused(head):
    with pytest.raises(UntypedError, match=r"^text:1, in g: a function takes plain arguments"):
        Compiled(f"def g({head}):\n    pass\n\ndef f(a):\n    return a", "f", ("i",))


RECURSIONS = {
    "itself": "def f(a):\n    if a < 1:\n        return 1\n    return a * f(a - 1)",
    "through another": "def g(a):\n    return f(a)\n\ndef f(a):\n    if a < 1:\n        return 1\n    return g(a - 1)",
    "other types each time": "def f(a):\n    if a < 1:\n        return 1\n    return f(a * 0.5)",
    "for ever": "def f(a):\n    return f(a)",
}


@pytest.mark.parametrize("text", RECURSIONS.values(), ids=RECURSIONS)
def test_a_function_that_calls_itself_is_refused(text):
    with pytest.raises(UntypedError, match=r"^text:\d, in [fg]: [fg] calls itself, directly or through another"):
        Compiled(text, "f", ("i",))


@pytest.mark.parametrize(
    "body",
    [
        "if a < 1:\n        return 1",
        "while a < 1:\n        return 1",
        "for i in range(a):\n        return 1",
        "if a < 1:\n        return\n    return 2",
    ],
)
def test_a_function_that_returns_something_on_some_ways_only_is_refused(body):
    with pytest.raises(UntypedError, match=r"^text:1, in f: returns something on some ways only"):
        Compiled(f"def f(a):\n    {body}", "f", ("i",))


def drifting(number, power):
    return number**power


def caller(number):
    return 1.0 + drifting(number, 2)


def test_a_refusal_names_the_file_and_line_in_which_it_was_written():
    line = drifting.__code__.co_firstlineno + 1
    names = unit_of_functions.named([drifting, caller])
    trees = unit_of_functions.unit_of(names, entry=names[caller])
    with pytest.raises(UntypedError) as refusal:
        types.Types(trees).of(names[caller], ("f",))
    assert str(refusal.value).startswith(f"{__file__}:{line}, in drifting: ")


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


@cache
def written():
    """The unit as it stands, as WebAssembly text."""
    return writer_of(unit(), ENTRY, ensemble.ARGUMENTS)[1]


def machine_of(text):
    """The machine of a unit's text."""
    return host.machine(host.assembled(writer_of(text, ENTRY, ensemble.ARGUMENTS)[1]), ENTRY)


def test_a_replicate_that_traps_is_named_and_missing_and_the_others_stand():
    """In its third week, the second of three takes what is no number for a whole one."""
    head = "def War_play_week(P, R, S, sheet, work):\n"
    when = f"P[{PLAN['War.replicate']}] == 11 and P[{PLAN['War.week']}] == 2"
    assert unit().count(head) == 1
    trapping = machine_of(unit().replace(head, f"{head}    if {when}:\n        P[{PLAN['War.week']}] = int(nan)\n"))
    arrays = arrays_of(busy("track-1.5-exposed-denied"))
    rows = np.zeros((3, len(columns_of(busy("track-1.5-exposed-denied")))))
    with pytest.raises(TrapError, match=r"replicate 11, week 2: .*conversion to integer.*, in War_play_week"):
        trapping.play(arrays, SEED, 10, rows)
    ensemble.play_chunk(trapping, arrays, SEED, 10, rows)
    sound = ensemble.rows_of(busy("track-1.5-exposed-denied"), SEED, 10, 3)
    assert np.isnan(rows[1]).all()
    assert rows[[0, 2]].tobytes() == sound[[0, 2]].tobytes()


ENDLESS = "def f(a):\n    while a < 5:\n        a = a - a % 5\n    return a"


@pytest.mark.parametrize("checked", [False, True])
def test_a_loop_that_does_not_end_traps(checked, monkeypatch):
    monkeypatch.setattr(checks, "ROUNDS", 1000)
    quick = Compiled(ENDLESS, "f", ("i",), checked)
    assert quick(5) == 5
    with pytest.raises(Trap):
        quick(1)
    rounds = Compiled("def f(a):\n    while a > 0:\n        a = a - 1\n    return a", "f", ("i",), checked)
    assert rounds(1000) == 0
    with pytest.raises(Trap):
        rounds(1001)


def test_a_replicate_that_does_not_end_is_told_and_nothing_more_is_played(monkeypatch):
    """In the open engine it would not end either, which is where replicates that trap are played again."""
    monkeypatch.setattr(checks, "ROUNDS", 10_000)
    head = "def War_play_week(P, R, S, sheet, work):\n"
    endless = unit().replace(head, f"{head}    while P[{PLAN['War.replicate']}] == 11:\n        pass\n")
    arrays, rows = arrays_of(busy("reference")), np.zeros((3, len(columns_of(busy("reference")))))
    with pytest.raises(EndlessError, match=r"^replicate 11, week 0: a loop that does not end: .*, in War_play"):
        ensemble.play_chunk(machine_of(endless), arrays, SEED, 10, rows)


INTERRUPTED = """
import sys, threading
import sim
from sim.engines import ensemble
play = ensemble.play_chunk
def told(*asked):
    print("playing\\n", end="", flush=True)
    play(*asked)
ensemble.play_chunk = told
ensemble.rows_of(sim.load("reference"), 1, 0, 1_000_000, int(sys.argv[1]))
"""


@pytest.mark.skipif(os.name == "nt", reason="no such signal can be sent to a process there")
@pytest.mark.parametrize("threads", [1, 2])
def test_a_million_replicates_are_broken_off_by_the_keyboard(threads):
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(threads)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as playing:
        assert playing.stdout.readline() == "playing\n"
        playing.send_signal(signal.SIGINT)
        try:
            _, errors = playing.communicate(timeout=600)
        finally:
            playing.kill()
    assert playing.returncode == -signal.SIGINT
    assert errors.rstrip().endswith("KeyboardInterrupt")


# The checking mode


@pytest.mark.parametrize("array", ["row", "sheet", "work"])
def test_an_index_outside_is_caught_and_its_place_named(array):
    text = f"def f({array}, a):\n    a = a + 1\n    {array}[a] = 1.0\n    return {array}[a - 1]"
    quick = Compiled(text, "f", (array, "i"), True)
    assert quick([0.0] * 8, 5) == 0.0
    for index, line in ((7, 3), (-2, 3), (2**40, 3), (2**61, 3), (-1, 4)):
        with pytest.raises(Trap):
            quick([0.0] * 8, index)
        assert quick.trapped_at == f"text:{line}, in f: {checks.OUTSIDE}"


TRAPPING = {
    "a table": ("(1, 2, 3)[a]", [0, 2], [3, -1, 2**61], checks.OUTSIDE),
    "a division": ("1.0 / x", [2], [0], checks.BY_ZERO),
    "a division of whole numbers": ("1 / a", [2], [0], checks.BY_ZERO),
    "a remainder": ("5 % a", [2, -2], [0], checks.BY_ZERO),
    "a whole quotient": ("5 // a", [2, -2], [0], checks.BY_ZERO),
    "a root": ("sqrt(x)", [0, 4], [-1], checks.NO_ROOT),
    "a whole part": ("int(x * 1.0)", [3, 2**62, -(2**62)], [2**63 - 1, -(2**63)], checks.NO_WHOLE),
    "a sum": ("a + 2", [5, 2**63 - 3, -(2**63)], [2**63 - 2, 2**63 - 1], checks.TOO_LARGE),
    "a sum below": ("a + -2", [5, 2 - 2**63], [1 - 2**63, -(2**63)], checks.TOO_LARGE),
    "a difference": ("-2 - a", [5, 2**63 - 2, -(2**63)], [2**63 - 1], checks.TOO_LARGE),
    "a product": ("a * 3", [5, -7, 0, (2**63 - 1) // 3], [2**62, -(2**62), 2**63 - 1], checks.TOO_LARGE),
    "a product with -1": ("a * -1", [5, 2**63 - 1], [-(2**63)], checks.TOO_LARGE),
    "minus": ("-a", [5, 2**63 - 1], [-(2**63)], checks.TOO_LARGE),
    "an absolute value": ("abs(a)", [5, -5, 2**63 - 1], [-(2**63)], checks.TOO_LARGE),
    "a shift": ("a << 3", [5, -5, 2**59], [2**60, -(2**61)], checks.TOO_LARGE),
    "a shift by less than nothing": ("5 >> a", [0, 2, 64], [-1], checks.NO_SHIFT),
    "a shift far up": ("1 << a", [0, 62], [-1, 63, 64], None),
    "a number": ("a * 1.0", [5, 2**53, 2**62], [2**53 + 1, 2**63 - 1], checks.NOT_EXACT),
}


@pytest.mark.parametrize("kind", TRAPPING)
def test_what_python_raises_at_or_reckons_in_more_bits_is_caught_and_its_place_named(kind):
    expression, sound, trapping, why = TRAPPING[kind]
    text = f"def f(a, x):\n    a = a + 0\n    return {expression}"
    quick = Compiled(text, "f", ("i", "f"), True)
    for number in sound:
        names = {"a": number, "x": float(number), "sqrt": sqrt}
        assert quick(number, float(number)) == eval(expression, names)
    for number in trapping:
        with pytest.raises(Trap):
            quick(number, float(number))
        assert quick.trapped_at in {
            f"text:3, in f: {one}" for one in ([why] if why else [checks.NO_SHIFT, checks.TOO_LARGE])
        }


def test_high_bits_that_are_cut_off_may_be_lost():
    """As in the generator of random numbers; without the mask behind the shift they are not cut off."""
    body = "for _ in range(3):\n        p = 3528531795 * a\n        a = (p >> 32{}) ^ (p & 4294967295)"
    loop = f"def entry(a):\n    {body}\n    return a"
    text = loop.format(" & 4294967295")
    assert Compiled(text, "entry", ("i",), True)(2**32 - 5) == drawn_programs.in_python(text, 2**80)(2**32 - 5)
    with pytest.raises(Trap):
        Compiled(loop.format(""), "entry", ("i",), True)(2**32 - 5)


def test_what_a_loop_without_rounds_would_have_set_cannot_be_used():
    quick = Compiled("def f(row, a):\n    for i in range(a): b = i\n    return row[b]", "f", ("row", "i"), True)
    assert quick([1.0, 2.0], 2) == 2.0
    with pytest.raises(Trap):
        quick([1.0, 2.0], 0)


@pytest.mark.parametrize("name", ["track-1.5-exposed-denied", "ukraine-overruled", "reference"])
def test_whole_replicates_play_to_the_same_bits_in_the_checking_mode(name):
    """Nothing that the model reads or writes lies outside of its array, and nothing is divided by zero."""
    rows = np.zeros((3, len(columns_of(busy(name)))))
    checked_here().play(arrays_of(busy(name)), SEED, 0, rows)
    assert rows.tobytes() == ensemble.rows_of(busy(name), SEED, 0, 3).tobytes()


def test_every_place_that_may_trap_is_named_by_a_file_its_line_and_function():
    """An expression that was written into its callers is named by where it stands itself."""
    places = [re.fullmatch(r"([\w/]+\.py|generated text):(\d+), in (\w+): .+", one) for one in checked_here().sites[1:]]
    found = {(place[1], place[3]) for place in places}
    assert {("steps/exposure.py", "expose"), ("rules/worth.py", "without_deal"), ("chance.py", "philox")} <= found
    for place in places:
        if place[1].endswith(".py"):
            assert 0 < int(place[2]) <= len((PACKAGE / place[1]).read_text(encoding="utf-8").splitlines())


def test_a_replicate_that_leaves_an_array_is_named_with_the_place():
    arrays = arrays_of(busy("reference"))
    with pytest.raises(TrapError, match=r"^replicate 5, week \d+: generated text:\d+, in write_row: an index outside"):
        checked_here().play(arrays, SEED, 5, np.zeros((1, 3)))


# The module


def test_a_module_has_one_memory_and_cannot_ask_for_more():
    assert written().count("(import") == written().count("(memory") == 1
    assert "memory.grow" not in written()


def test_the_module_is_written_from_trees_as_it_would_be_from_the_text_they_make():
    """Trees know where they were written; what is looked at is the text."""
    assert ensemble.module_text() == written()


# Faults


WORLDS = ("track-1.5-exposed-denied", "ukraine-overruled")


@pytest.fixture(autouse=True)
def soon_endless(request, monkeypatch):
    """A loop that a fault has made endless traps soon."""
    if "fault" in request.node.name:
        monkeypatch.setattr(checks, "ROUNDS", 20_000)


@cache
def expected(name):
    """The rows of two replicates of a world in the open engine."""
    talks = [followed(busy(name), SEED, replicate) for replicate in (1, 2)]
    rows = [one.row() | {"outcome": OUTCOMES.index(one.outcome_name)} for one in talks]
    return np.array([list(row.values()) for row in rows], dtype=np.float64)


def rows_of(model, name):
    """The rows of the same replicates as a module plays them, both in one chunk."""
    columns = columns_of(busy(name))
    rows = np.zeros((2, len(columns)))
    ensemble.play_chunk(model, arrays_of(busy(name)), SEED, 1, rows)
    return rows


def is_caught_by_worlds():
    """Whether the module as it is written and played now differs from the open engine, or is none."""
    try:
        return differs(machine_of(unit()))
    except (SimError, WasmtimeError):
        return True


def is_caught_in_the_host():
    """The same for a sound module that is played by a faulty host."""
    return differs(sound())


@cache
def sound():
    """The machine of the unit as it stands."""
    return host.machine(host.assembled(written()), ENTRY)


atexit.register(sound.cache_clear)  # while what frees it is still there


def differs(model):
    """Whether a module differs from the open engine in a row of a world."""
    return any(rows_of(model, name).tobytes() != expected(name).tobytes() for name in WORLDS)


def is_caught_by_programs(checked=False):
    """Whether a program drawn at random differs, or cannot be written."""
    try:
        return any(drawn_programs.differences(PROGRAMS, checked))
    except (SimError, WasmtimeError):
        return True


def is_caught_by_checked_programs():
    """The same in the checking mode, where what raises in Python traps."""
    return is_caught_by_programs(True)


def test_without_a_fault_nothing_is_caught():
    """Nor in drawn programs: see above."""
    assert not is_caught_in_the_host()


def first_type(one, other, node):
    return one


def numbers_as_whole(self, typed, node, operation=types.Types._operation):
    """What is divided has the type of a whole number where both are."""
    found = operation(self, typed, node)
    return "i" if isinstance(node.op, ast.Div) and self.type(typed, node.right) == "i" else found


def without_sums(self, node, statement=wasm.Code._statement):
    """Every statement that adds to a number of the war dropped."""
    if not (isinstance(node, ast.AugAssign) and ast.unparse(node.target).startswith("P[")):
        statement(self, node)


def without_stores(self, node, statement=wasm.Code._statement):
    """Every statement that keeps something in an array dropped."""
    if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)):
        statement(self, node)


def without_else(self, node, statement=wasm.Code._statement):
    statement(self, ast.If(node.test, node.body, []) if isinstance(node, ast.If) else node)


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


def operands_swapped(self, node, operation=wasm.Code._operation):
    turned = isinstance(node.op, ast.Sub | ast.Div)
    return operation(self, ast.BinOp(node.right, node.op, node.left) if turned else node)


def arguments_swapped(self, node, called, written=wasm.Code._written_here):
    """The last two arguments of a function that is written into its caller, where they have one type."""
    given = list(node.args)
    if len(called.given) > 1 and called.given[-1] == called.given[-2]:
        given[-2:] = given[:-3:-1]
    return written(self, ast.Call(node.func, given, []), called)


def mixed(self, targets, value, assign=wasm.Code._assign_several):
    """Of several values each is kept before the next is reckoned."""
    if isinstance(value, ast.Tuple):
        for target, one in zip(targets.elts, value.elts, strict=True):
            self._put(target, self._value(one), self._type(one))
    else:
        assign(self, targets, value)


def always_reckoned(self, test, body, guarded=wasm.Code._guarded):
    """`and` in a condition without leaving what comes later."""
    if not (isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And)):
        return guarded(self, test, body)
    text = self._to(test.values[0], "b")
    for value in test.values[1:]:
        text = f"(i32.and {text} {self._to(value, 'b')})"
    return f"(if {text} (then {body}))"


def never_skipped(self, test, body, guarded=wasm.Code._guarded):
    """What depends on `or` is done whether or not a part of it holds."""
    return body if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else guarded(self, test, body)


def one_turn_more(self, node, target, ranged, written=wasm.Code._for):
    """A loop that asks whether to go on at its end alone."""
    written(self, node, target, ranged)
    self.lines[-1] = self.lines[-1].replace("i32.eqz", "i32.and (i32.const 0)", 1)


def never_set_again(self, node):
    """What is kept of the head of an array is read where it is, and not set when the array is written."""
    return "" if isinstance(getattr(node, "ctx", None), ast.Store) else self.module.head_of(self.typed, node)


def helpers_with(old, new):
    assert old in checks.HELPERS
    return checks.HELPERS.replace(old, new)


def checks_with(old, new):
    assert old in checks.CHECKS
    return checks.CHECKS.replace(old, new)


def one_row_late(memory, store, at, count, width, read=host._read):
    return np.roll(read(memory, store, at, count, width), 1, axis=0)


def one_number_late(memory, store, at, count, width, read=host._read):
    return read(memory, store, at + 8, count, width)


def narrower(self, node, value=wasm.Code._value):
    """Rows one number narrower than they are."""
    return value(self, node).replace(".width))", ".width) (i64.const -8))").replace("(i64.mul (", "(i64.add (i64.mul (")


def of_the_replicate_before(model, arrays, seed, first, rows, play=ensemble.play_chunk):
    play(model, arrays, seed, max(first - 1, 0), rows)


PROGRAM, WORLD, CHECKED_PROGRAM = is_caught_by_programs, is_caught_by_worlds, is_caught_by_checked_programs
HOST = is_caught_in_the_host
FAULTS = {
    # types
    "a type that holds only the first of two": (PROGRAM, types, "_joined", first_type),
    "quotients of whole numbers as whole": (PROGRAM, types.Types, "_operation", numbers_as_whole),
    # text: statements
    "additions dropped": (WORLD, wasm.Code, "_statement", without_sums),
    "what is kept in arrays dropped": (PROGRAM, wasm.Code, "_statement", without_stores),
    "else dropped": (PROGRAM, wasm.Code, "_statement", without_else),
    "a loop one short, seen by worlds": (WORLD, wasm.Code, "_for", one_short),
    "a loop one short, seen by programs": (PROGRAM, wasm.Code, "_for", one_short),
    "several values kept one by one": (PROGRAM, wasm.Code, "_assign_several", mixed),
    "a return that does not leave": (PROGRAM, wasm.Code, "_leave", lambda self, value: self.lines.append("(nop)")),
    # text: expressions
    "a place one further": (WORLD, wasm, "_split_index", one_further),
    "at most for below": (PROGRAM, wasm, "COMPARISONS", wasm.COMPARISONS | {ast.Lt: "le"}),
    "whole numbers compared without their signs": (PROGRAM, wasm, "SIGNED", "_u"),
    "a shift without its sign": (PROGRAM, checks, "HELPERS", helpers_with("shr_s", "shr_u")),
    "and for or": (PROGRAM, wasm.Code, "_connection", swapped),
    "what comes behind `and` always reckoned": (PROGRAM, wasm.Code, "_guarded", always_reckoned),
    "what depends on `or` always done": (WORLD, wasm.Code, "_guarded", never_skipped),
    "a turn of a loop where there is none": (PROGRAM, wasm.Code, "_for", one_turn_more),
    "a kept number of the sheet that is not set again": (WORLD, wasm.Code, "_head", never_set_again),
    "settled places that do change": (WORLD, ensemble, "settled_places", lambda: {"P": PLAN.size}),
    "operands swapped": (PROGRAM, wasm.Code, "_operation", operands_swapped),
    "arguments swapped, seen by worlds": (WORLD, wasm.Code, "_written_here", arguments_swapped),
    "a remainder with the sign of what is divided": (
        PROGRAM,
        checks,
        "HELPERS",
        helpers_with("(then (i64.add (local.get $r) (local.get $b)))", "(then (local.get $r))"),
    ),
    "a quotient towards nothing": (
        PROGRAM,
        checks,
        "HELPERS",
        helpers_with("(i64.ne (i64.rem_s (local.get $a) (local.get $b)) (i64.const 0))", "(i32.const 0)"),
    ),
    "division by zero let through": (
        CHECKED_PROGRAM,
        checks,
        "CHECKS",
        checks_with("(f64.eq (local.get $b)", "(f64.gt (local.get $b)"),
    ),
    "roots below zero let through": (
        CHECKED_PROGRAM,
        checks,
        "CHECKS",
        checks_with("(f64.lt (local.get $x) (f64.const 0))", "(i32.const 0)"),
    ),
    # host
    "rows one late": (HOST, host, "_read", one_row_late),
    "numbers one late": (HOST, host, "_read", one_number_late),
    "rows one number narrower": (WORLD, wasm.Code, "_value", narrower),
    "a chunk that begins one replicate early": (HOST, ensemble, "play_chunk", of_the_replicate_before),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_writer_is_caught(fault, monkeypatch):
    is_caught, owner, name, faulty = FAULTS[fault]
    assert getattr(owner, name) != faulty
    monkeypatch.setattr(owner, name, faulty)
    assert is_caught()


def test_a_fault_by_which_the_workspace_lies_over_the_sheet_is_caught(monkeypatch):
    monkeypatch.setitem(host.FIXED, "work", host.SHEET_AT + 8 * 20)
    assert is_caught_by_worlds()
