"""What is said at a meeting, and how clearly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import messages

LOG_COST = st.floats(-8.0, 0.0)
SD = st.floats(0.01, 3.0)
SHIFT = st.floats(0.0, 5.0)


def test_an_official_understates_the_cost_of_war_by_its_bluff():
    assert messages.official_message(-3.0, 1.0, 0.7, 0.25) == pytest.approx(-3.0 - 0.7 + 0.25)


def test_a_misrepresented_message_makes_the_side_spoken_for_look_readier_to_settle():
    assert messages.outward_message(-3.0, 1, 1.5, 0.7, 0.1) == pytest.approx(-3.0 + 1.05 + 0.1)
    assert messages.outward_message(-3.0, 0, 1.5, 0.7, 0.1) == pytest.approx(-2.9)


def test_an_envoy_relays_the_other_sides_bluff_by_its_lean():
    assert messages.inward_message(-3.0, 0.2, 1.0, 0.7, 0.0) == pytest.approx(-3.14)
    assert messages.inward_message(-3.0, 1.0, 1.0, 0.7, 0.0) == messages.official_message(-3.0, 1.0, 0.7, 0.0)
    assert messages.inward_message(-3.0, 0.0, 1.0, 0.7, 0.0) == -3.0


@given(LOG_COST, SHIFT, SD, st.floats(-2.0, 2.0))
def test_an_honest_message_does_not_depend_on_the_shading(log_cost, shading, cost_sd, error):
    assert messages.outward_message(log_cost, 0, shading, cost_sd, error) == log_cost + error


@given(LOG_COST, SD, st.floats(-2.0, 2.0))
def test_without_shading_a_misrepresented_message_is_an_honest_one(log_cost, cost_sd, error):
    assert messages.outward_message(log_cost, 1, 0.0, cost_sd, error) == log_cost + error


@pytest.mark.parametrize(
    ("misrepresented", "shading", "cost_sd", "false"),
    [(1, 1.5, 0.7, 1), (0, 1.5, 0.7, 0), (1, 0.0, 0.7, 0), (1, 1.5, 0.0, 0)],
)
def test_a_check_shows_a_falsehood_only_where_something_was_moved(misrepresented, shading, cost_sd, false):
    assert messages.is_false(misrepresented, shading, cost_sd) == false


def test_noise_falls_with_acuity_and_access_and_grows_at_second_hand():
    assert messages.message_noise(0.3, 1.5, 0.5, 2.0) == pytest.approx(0.3 * 2.0 / 0.75)
    plain = messages.message_noise(0.3, 1.0, 1.0, 1.0)
    assert messages.message_noise(0.3, 2.0, 1.0, 1.0) < plain < messages.message_noise(0.3, 1.0, 0.5, 1.0)


def test_an_envoy_leans_further_with_every_round_of_meetings_and_never_past_all_the_way():
    lean = 0.2
    for _ in range(50):
        further = messages.drifted_lean(lean, 0.05)
        assert lean < further < 1.0
        lean = further
    assert lean == pytest.approx(1.0 - 0.8 * 0.95**50)


def test_nobody_who_is_not_susceptible_is_drawn():
    assert messages.drifted_lean(0.2, 0.0) == 0.2
    assert messages.drifted_lean(1.0, 0.5) == 1.0


@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 12))
def test_a_channel_meets_from_its_first_week_to_its_last_at_its_cadence(start, length, cadence):
    end = start + length
    due = [week for week in range(1, 150) if messages.meeting_due(week, start, end, cadence) > 0]
    assert due == list(range(start, end + 1, cadence))
