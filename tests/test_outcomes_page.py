"""Each outcome has a scenario made for it, and the page of outcomes says how often it then occurs."""

import re

import pytest

from docs.tables.outcomes import MADE_FOR, MEANING, PAGE, SEED, Share, case, counts, page
from sim.rules.outcomes import OUTCOMES

QUICK = 16
ROW = re.compile(
    r"^\| `(\w+)` \| (.+?) \| `(.+?)` \| (\S+) \((\S+) to (\S+)\) \| (\S+) \((\S+) to (\S+)\) \|$", re.MULTILINE
)


def written():
    """What the page says of each outcome: the scenario made for it and its share there."""
    return {found[1]: (found[3], float(found[4])) for found in ROW.finditer(PAGE.read_text(encoding="utf-8"))}


def test_every_outcome_has_a_meaning_and_a_scenario():
    assert tuple(MEANING) == tuple(MADE_FOR) == OUTCOMES
    assert len({case(outcome).title for outcome in OUTCOMES}) == len(OUTCOMES)


def test_the_page_has_every_outcome_with_at_least_one_in_a_hundred_replicates():
    rows = written()
    assert tuple(rows) == OUTCOMES
    assert {outcome: source for outcome, (source, _) in rows.items()} == MADE_FOR
    assert min(share for _, share in rows.values()) >= 0.01


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_occurs_in_its_scenario_as_often_as_the_page_says(outcome):
    """Five standard deviations of 16 fixed replicates: that a true page fails here has probability below 1 in 1,000."""
    share = written()[outcome][1]
    seen = counts(case(outcome), QUICK, SEED)[outcome]
    assert seen.times > 0
    assert abs(seen.estimate - share) <= 5 * (share * (1 - share) / QUICK) ** 0.5


def test_the_shares_of_all_outcomes_sum_to_one():
    assert sum(share.estimate for share in counts(case("never_opened"), 4).values()) == 1.0


def test_the_interval_of_a_share_is_wilsons():
    low, high = Share(8, 10).interval()
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert Share(0, 10).interval()[0] == 0.0
    assert Share(10, 10).interval()[1] == pytest.approx(1.0)


def test_the_page_can_be_written_anew():
    made = page(replicates=2)
    assert [found[1] for found in ROW.finditer(made)] == list(OUTCOMES)
