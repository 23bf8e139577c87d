"""Channels that help to open the table: when they do, and by how much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.convening import bridged, is_recent


def test_odds_of_one_to_nine_doubled_are_two_to_nine():
    assert bridged(0.1, 2.0) == pytest.approx(2.0 / 11.0, rel=1e-15)


@given(st.floats(0.0, 1.0))
def test_a_ratio_of_one_is_no_change_to_the_last_bit(probability):
    assert bridged(probability, 1.0) == probability


@given(st.floats(0.0, 1.0), st.floats(0.01, 100.0))
def test_what_never_or_always_happens_stays_so_and_the_inverse_ratio_takes_it_back(probability, ratio):
    assert bridged(0.0, ratio) == 0.0
    assert bridged(1.0, ratio) == 1.0
    there = bridged(probability, ratio)
    assert 0.0 <= there <= 1.0
    assert (there >= probability) == (ratio >= 1.0) or there == pytest.approx(probability, abs=1e-12)
    assert bridged(there, 1.0 / ratio) == pytest.approx(probability, rel=1e-9, abs=1e-12)


def test_this_week_and_the_seven_before_it_are_the_last_eight():
    assert is_recent(12, 12, 8) == is_recent(5, 12, 8) == 1
    assert is_recent(4, 12, 8) == is_recent(0, 3, 8) == 0
