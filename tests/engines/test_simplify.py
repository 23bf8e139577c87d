"""What is simplified stays the same to the bit: indices, inlining, and what is kept of the heads of arrays."""

import ast

import pytest
from wasmtime import Trap

from sim.engines.simplify import heads_of, simplified, written_into_callers
from sim.engines.types import Types
from tests.engines.compiled_functions import Compiled


def trees_of(text):
    return [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize(
    ("index", "wanted"),
    [
        ("at + 8 + issue", "at + issue + 8"),
        ("6 + (at + 1 + issue)", "at + issue + 7"),
        ("at + 2 * (1 + issue)", "at + 2 * (1 + issue)"),
        ("at - 8 + issue", "at - 8 + issue"),
        ("3 + 4", "3 + 4"),
        ("at + True", "at + True"),
    ],
)
def test_the_constants_of_an_index_are_added_last(index, wanted):
    (tree,) = simplified(trees_of(f"def f(at, issue, work):\n    return work[{index}]"))
    assert ast.unparse(tree).endswith(f"return work[{wanted}]")


def test_sums_of_floats_keep_their_order():
    text = "def f(x):\n    return 1.0 + x + 2.0 + (0.1 + x)"
    (tree,) = simplified(trees_of(text))
    assert ast.unparse(tree) == text


CALLS = """
def small(x):
    return x + 1.0

def large(x):
    return x + 1.0 + x + 1.0 + x + 1.0

def once(x):
    return x * 1.0 * x * 1.0 * x * 1.0

def step(P, x):
    return x * 1.0 * x * 1.0 * x * 1.0

def entry(P, x):
    return small(x) + small(x) + large(x) + large(x) + once(x) + step(P, x)
"""


def test_small_functions_and_those_called_from_one_place_are_written_into_their_callers_but_steps_keep_their_names():
    sizes = {tree.name: sum(1 for _ in ast.walk(tree)) for tree in trees_of(CALLS)}
    assert sizes["small"] < sizes["large"]
    found = written_into_callers(trees_of(CALLS), sizes["small"], sizes["small"], sizes["once"])
    assert found == {"small", "once"}


HEADS = """
def read(sheet, work):
    return int(sheet[2]) + int(sheet[0]) + int(work[5]) + sheet[4]

def entry(P, sheet, work, at):
    work[at] = 1.0
    return read(sheet, work) > P[3] + P[60] + int(work[at])
"""


def test_kept_are_constant_places_read_as_whole_numbers_and_settled_ones():
    types = Types(trees_of(HEADS))
    entry = types.of("entry", ("P", "sheet", "work", "i"))
    assert heads_of(types, entry, ("sheet", "work"), {"P": 54}) == {"P": (3,), "sheet": (0, 2), "work": (5,)}
    assert heads_of(types, entry, ("sheet",), {}) == {"sheet": (0, 2)}


WRITTEN = """
def f(sheet, at):
    before = int(sheet[1])
    sheet[1] = before + 40
    sheet[at] = 7.5
    return 1000 * before + int(sheet[1])
"""


def test_a_kept_number_follows_what_is_there_and_what_is_written():
    sheet = [0.0, 2.0, 0.0, 0.0]
    assert Compiled(WRITTEN, "f", ("sheet", "i"))(sheet, 3) == 2042
    assert sheet == [0.0, 42.0, 0.0, 7.5]


def test_the_checking_mode_traps_at_a_reckoned_place_in_the_head():
    checked = Compiled(WRITTEN, "f", ("sheet", "i"), True)
    assert checked([0.0, 2.0, 0.0, 0.0], 2) == 2042
    with pytest.raises(Trap):
        checked([0.0, 2.0, 0.0, 0.0], 1)
