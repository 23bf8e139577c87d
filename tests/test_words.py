"""Values and numbers as readers see them."""

import math
import tomllib

import pytest

from sim import words


@pytest.mark.parametrize("value", [True, 0.5, -3, 'a "word"\n', "Ž 😀", ["one", "two"], [0.1, 2]])
def test_a_value_written_as_toml_reads_back_as_it_was(value):
    assert tomllib.loads(f"key = {words.toml(value)}") == {"key": value}


@pytest.mark.parametrize(
    ("value", "said"),
    [("a word", "a word"), (0.1 + 0.2, "0.3"), (1.0, "1"), (7, "7"), (False, "false"), (("a",), '["a"]')],
)
def test_a_value_in_short_is_bare_text_or_a_number_without_noughts(value, said):
    assert words.value(value) == said


@pytest.mark.parametrize(
    ("value", "sign", "said"),
    [
        (0.25, False, "0.250"),
        (0.25, True, "+0.250"),
        (-0.25, True, "-0.250"),
        (-0.0001, False, "0.000"),
        (0.0001, True, "0.000"),
        (-0.0001, True, "0.000"),
        (math.nan, True, "-"),
        (math.inf, False, "-"),
    ],
)
def test_a_number_has_a_sign_where_it_is_a_difference_and_none_on_zero(value, sign, said):
    assert words.number(value, sign=sign) == said


def test_an_interval_has_both_ends_or_is_a_dash():
    assert words.interval(-0.1, 0.25, 2, sign=True) == "-0.10 to +0.25"
    assert words.interval(0.1, math.nan) == words.interval(math.nan, 0.1) == "-"


def test_a_number_stands_with_its_interval_as_far_as_there_is_one():
    assert words.with_interval(0.2, 0.1, 0.25, 2) == "0.20 (0.10 to 0.25)"
    assert words.with_interval(0.2, math.nan, math.nan, sign=True) == "+0.200"
    assert words.with_interval(math.nan, math.nan, math.nan) == "-"
