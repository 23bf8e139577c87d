"""Rows of the ledger that are said to follow from an assumption do, and turn round without it."""

import pytest

from sim.study.design.experiments import load_experiment
from tests.campaigns import signs

PLACES, SEED = 4, 71


@pytest.mark.slow
def test_a_sign_that_is_assumed_holds_wherever_the_rest_of_the_model_stands():
    """A fifteenth of the campaign, on the rows that say so."""
    ledger = load_experiment("claims")
    rows = {
        f"{claim.id}: {row.name}": row for claim in ledger.claims.values() for row in claim.rows if row.sign_fixed_by
    }
    assert len(rows) == 3
    result = signs.signs(rows, ledger, PLACES, SEED)
    assert signs.wrong(result) == []


def test_a_sign_that_is_wrongly_said_to_be_fixed_is_found():
    found = {"places": 4, "fixed": {"row": True}, "signs": {"row": {"held": [3, 1], "not held": [0, 2]}}}
    assert "turns round at 1 places" in signs.wrong(found)[0]
    found["signs"]["row"] = {"held": [4, 0], "not held": [2, 0]}
    assert "does not turn round" in signs.wrong(found)[0]
