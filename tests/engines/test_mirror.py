"""A war read from its other side is the same war. The long version is tests/campaigns/mirror.py."""

import pytest

from tests.campaigns import mirror
from tests.engines.worlds import busy, row_of


def test_a_war_read_from_its_other_side_is_the_same_war():
    result = mirror.run(mirror.SIZE // 100, mirror.SEED)
    assert mirror.wrong(result) == []
    assert len(result["outcomes"]) >= 3


def test_the_mirror_swaps_sides_and_turns_every_issue_round():
    one, other = busy("reference"), mirror.mirrored(busy("reference"))
    assert [state["side"] for state in other.values["states"].values()] == ["B", "A", "none"]
    for state, entry in one.values["states"].items():
        turned = other.values["states"][state]
        assert turned["aims"] == {issue: pytest.approx(1.0 - aim) for issue, aim in entry["aims"].items()}
        assert turned["weights"] == entry["weights"]
        assert turned["ruled_out"] == entry["ruled_out"]
    assert other.values["issues"]["accountability"]["status_quo"] == pytest.approx(0.7)
    assert other.values["front"]["start"] == pytest.approx(0.55)


def test_mirrored_twice_is_the_war_itself():
    one = busy("reference")
    again = mirror.mirrored(mirror.mirrored(one))
    differences = [(key, mine, theirs) for key, mine, theirs in one.differences(again)]
    for _, mine, theirs in differences:
        assert mine == pytest.approx(theirs, abs=1e-15)


def test_without_turning_the_shocks_of_the_front_the_two_wars_differ():
    """The comparison sees it when the mirror is not held straight."""
    one = row_of(busy("reference"), 5, 0)
    other = mirror.read_back(row_of(mirror.mirrored(busy("reference")), 5, 0))
    assert mirror.apart(one["front"], other["front"]) > 1e-4
