"""Plain data: what JSON can hold."""

import json
import math
from dataclasses import dataclass, field

import numpy as np

from sim.plain import plain_data


@dataclass
class Part:
    """Something with a number that does not exist, and a heavy field."""

    size: float
    ends: tuple[float, float]
    heavy: object = field(default=None, repr=False)


def test_a_dataclass_is_told_by_its_fields_but_for_those_that_are_heavy():
    assert plain_data({"part": Part(0.5, (0.0, math.nan), heavy=object())}) == {
        "part": {"size": 0.5, "ends": [0.0, None]}
    }


def test_numbers_that_do_not_exist_are_none():
    assert plain_data([math.nan, math.inf, -math.inf, np.float64("nan"), np.array([1.0, math.nan])]) == [
        None,
        None,
        None,
        None,
        [1.0, None],
    ]


def test_words_flags_and_numbers_stay_as_they_are():
    said = plain_data({1: ("a", True, None, np.int64(3), np.bool_(False))})
    assert said == {"1": ["a", True, None, 3, False]}
    assert json.dumps(said, allow_nan=False) == '{"1": ["a", true, null, 3, false]}'
