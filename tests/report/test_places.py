"""Places on the scale of an issue in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.places import told_place

POINTS = {"the old border": 0.0, "the line of contact": "front", "the whole province": 0.8}


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (0.46, "at the line of contact (0.46)"),
        (0.0, "at the old border (0.00)"),
        (0.1, "between the old border and the line of contact, nearer the first (0.10)"),
        (0.225, "midway between the old border and the line of contact (0.23)"),
        (0.75, "between the line of contact and the whole province, nearer the second (0.75)"),
        (0.9, "above the whole province (0.90)"),
    ],
)
def test_a_place_is_told_by_the_points_around_it(place, told):
    assert told_place(place, POINTS, 0.45) == told


def test_a_place_below_the_lowest_point_is_below_it():
    assert told_place(0.2, {"the line": 0.5}, 0.45) == "below the line (0.20)"


def test_points_are_told_in_the_order_of_their_places_however_a_file_orders_them():
    assert told_place(0.3, dict(reversed(POINTS.items())), 0.45) == told_place(0.3, POINTS, 0.45)


def test_a_point_that_moves_with_the_front_may_overtake_others():
    assert told_place(0.85, POINTS, 0.9) == "midway between the whole province and the line of contact (0.85)"


@given(place=st.floats(0.0, 1.0), front=st.floats(0.0, 1.0))
def test_the_nearer_of_two_points_is_the_one_named_nearer(place, front):
    told = told_place(place, {"the low one": 0.0, "the high one": 1.0, "the front": "front"}, front)
    stands = {"the low one": 0.0, "the high one": 1.0, "the front": front}
    if ", nearer the " in told:
        first, second = told.removeprefix("between ").partition(", nearer")[0].split(" and ")
        nearer = first if "nearer the first" in told else second
        assert abs(stands[nearer] - place) == min(abs(stands[name] - place) for name in (first, second))
        assert stands[first] <= place <= stands[second]
