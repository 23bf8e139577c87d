"""Claims: what a file may ask, and what verdict follows from which effects."""

import json

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.report.claims_text import ledger_lines
from sim.study.claims.verdicts import (
    ABOUT_SPACE,
    CONTRADICTED,
    FOLLOWS,
    NEGLIGIBLE,
    NOT_RESOLVED,
    SUPPORTED,
    ledger,
    needed_points,
    together_verdict,
)
from sim.study.design.claim_file import holds, keys_of
from sim.study.design.experiments import load_experiment
from tests.study.made_up import experiment, result, runs

COUNT = 4_000
TRUST = "trust.ukraine.united_states"
LUCK = np.random.default_rng(1)


def row(name="row", outcome="success", claim="c", **more):
    said = {"points": ["a", "b"], "outcome": outcome, "direction": "lower"} | more
    lines = [f"{key} = {json.dumps(value)}" for key, value in said.items()]
    return f"[claims.{claim}.rows.{name}]\n" + "\n".join(lines) + "\n"


def claim(*rows, name="c", **more):
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in ({"claim": "It is so"} | more).items()]
    return f"[claims.{name}]\n{''.join(lines)}{''.join(rows)}"


def shares(first, second, count=COUNT):
    """Two results whose shares of success are exactly these, the second failing where the first does."""
    place = np.arange(count) / count
    return result(count, success=place < first), result(count, success=place < second)


def trusts(mean_difference, sd=0.1, count=COUNT):
    noise = LUCK.normal(0.0, sd, count)
    noise += mean_difference - noise.mean()
    return result(count, trust__ukraine__united_states=np.full(count, 0.5)), result(
        count, trust__ukraine__united_states=0.5 + noise
    )


def verdict(text, a, b, **more):
    return ledger(runs(text, a=a, b=b, **more))[0]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (0.30, 0.25, SUPPORTED),
        (0.25, 0.30, CONTRADICTED),
        (0.300, 0.299, NEGLIGIBLE),
        (0.300, 0.291, NOT_RESOLVED),  # .009 lower, and .01 is the smallest that matters
    ],
)
def test_a_row_is_judged_by_where_its_interval_lies(first, second, expected):
    found = verdict(claim(row()), *shares(first, second))
    assert (found.rows[0].verdict, found.verdict) == (expected, expected)


def test_a_direction_turned_round_turns_the_verdict_round():
    assert verdict(claim(row(direction="higher")), *shares(0.30, 0.25)).verdict == CONTRADICTED


@pytest.mark.parametrize(
    ("second", "expected"), [(0.35, SUPPORTED), (0.298, SUPPORTED), (0.25, CONTRADICTED), (0.279, NOT_RESOLVED)]
)
def test_non_inferiority_asks_that_no_more_is_lost_than_matters(second, expected):
    text = claim(row(direction="higher", kind="non-inferiority", smallest=0.02))
    assert verdict(text, *shares(0.30, second)).verdict == expected


def test_trust_takes_a_smallest_effect_of_its_own():
    found = verdict(claim(row(outcome=TRUST)), *trusts(-0.015))
    assert (found.rows[0].smallest_effect, found.verdict) == (0.02, NEGLIGIBLE)
    assert verdict(claim(row(outcome=TRUST)), *trusts(-0.05)).verdict == SUPPORTED


def test_a_claim_stands_with_all_its_rows_and_falls_with_any():
    assert together_verdict([SUPPORTED, SUPPORTED]) == SUPPORTED
    assert together_verdict([SUPPORTED, CONTRADICTED, NOT_RESOLVED]) == CONTRADICTED
    assert together_verdict([SUPPORTED, NOT_RESOLVED, NEGLIGIBLE]) == NOT_RESOLVED
    assert together_verdict([SUPPORTED, NEGLIGIBLE]) == NEGLIGIBLE


def test_a_row_that_does_not_count_is_judged_and_changes_nothing():
    text = claim(row(), row("other", direction="higher", counts=False))
    found = verdict(text, *shares(0.30, 0.25))
    assert [one.verdict for one in found.rows] == [SUPPORTED, CONTRADICTED]
    assert found.verdict == SUPPORTED


def test_rows_are_judged_together():
    """.01375 lower: enough for one row of its own, not for the surest of ten that are not resolved."""
    a, b = shares(0.3, 0.28625)
    assert verdict(claim(row()), a, b).verdict == SUPPORTED
    unsure = result(COUNT, success=a.columns["success"], front=LUCK.normal(0.0, 1.0, COUNT))
    others = [row(f"other{number}", "front", smallest=0.001) for number in range(9)]
    found = verdict(claim(row(), *others), unsure, b)
    assert [one.verdict for one in found.rows] == [NOT_RESOLVED] * 10
    assert found.rows[0].deciding.low < found.rows[0].effect.low


def test_a_difference_of_differences_takes_four_points():
    text = claim(row(points=["a", "b", "c", "d"]))
    results = {name: shares(share, share)[0] for name, share in zip("abcd", (0.4, 0.35, 0.3, 0.1), strict=True)}
    found = ledger(runs(text, **results))[0].rows[0]
    assert found.effect.estimate == pytest.approx((0.1 - 0.3) - (0.35 - 0.4))
    assert found.verdict == SUPPORTED


def test_odds_that_fall_by_the_same_factor_are_no_interaction_in_log_odds():
    text = claim(row(points=["a", "b", "c", "d"], scale="log-odds", smallest=0.5))
    odds = {"a": 0.8, "b": 0.4, "c": 0.4, "d": 0.2}
    results = {name: shares(one / (1 + one), 0.0, 20_000)[0] for name, one in odds.items()}
    assert ledger(runs(text, **results))[0].verdict == NEGLIGIBLE


def test_a_row_about_a_date_leaves_out_replicates_in_which_either_twin_had_signed():
    a, b = shares(0.5, 0.25)
    a.columns["weeks_to_agreement"][:1000], b.columns["weeks_to_agreement"][500:1500] = 25.0, 10.0
    found = verdict(claim(row(running_at=26)), a, b).rows[0]
    assert found.share_kept == pytest.approx(1.0 - 1500 / COUNT)
    assert found.effect.replicates == COUNT - 1500
    assert found.effect.estimate == pytest.approx(-500 / 2500)  # rows 1500 to 2000 of the first fail in the second


def test_success_is_also_given_where_a_deal_existed_in_the_first_twin():
    a, b = shares(0.5, 0.25)
    a.columns["deal_existed"][:1000] = 1.0
    b.columns["missed"][:400] = 1.0
    found = verdict(claim(row(placebo="a")), a, b).rows[0].beside
    assert (found.within.replicates, found.within.estimate) == (1000, 0.0)
    assert found.missed.estimate == pytest.approx(400 / COUNT)
    assert (found.moved.helped, found.moved.harmed) == (0.0, 0.25)
    assert (found.placebo.helped, found.placebo.harmed) == (0.0, 0.0)


def test_what_success_owes_to_the_second_line_of_a_design_is_paired():
    factor = (
        '[factors.trust.values.moves]\n"table.convening" = 0.1\n[factors.trust.values.frozen]\n"table.convening" = 0.2'
    )
    asked = experiment(claim(row()), ["a", "b"], factor)
    (a, b), (c, d) = shares(0.5, 0.2), shares(0.5, 0.4)
    results = {"a trust=moves": a, "b trust=moves": b, "a trust=frozen": c, "b trust=frozen": d}
    from sim.study.claims.verdicts import Runs

    found = ledger(Runs(asked, results))[0].rows[0]
    assert found.effect.estimate == pytest.approx(-0.3)
    assert found.elsewhere["trust=frozen"].estimate == pytest.approx(-0.1)
    assert found.owed["trust=frozen"].estimate == pytest.approx(-0.2)


def test_a_row_whose_sign_is_assumed_says_so():
    text = claim(row(sign_fixed_by=["states.russia.deterrence < states.ukraine.betrayal"]))
    found = ledger(runs(text, a=shares(0.5, 0.2)[0], b=shares(0.5, 0.2)[1]))
    assert FOLLOWS in "\n".join(ledger_lines(found, explain=False))


def test_the_ledger_fits_80_columns_and_is_strict_json():
    a, b = shares(0.3, 0.25)
    found = ledger(runs(claim(row(placebo="a"), row("trust", TRUST)), a=a, b=b))
    lines = ledger_lines(found, explain=True)
    assert max(map(len, lines)) <= 80
    json.dumps([one.to_dict() for one in found], allow_nan=False)


def test_inequalities_between_products_are_read():
    said = "a.b * a.c < d.e"
    assert keys_of([said, "d.e < f"]) == ["a.b", "a.c", "d.e", "f"]
    assert holds(said, {"a.b": 0.5, "a.c": 0.5, "d.e": 0.3})
    assert not holds(said, {"a.b": 0.5, "a.c": 0.5, "d.e": 0.25})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (claim(row(points=["a", "nowhere"])), "there is no 'nowhere' in [scenarios]"),
        (claim(row(points=["a"])), "points has 1 names; it takes 2, or 4"),
        (claim(row(outcome="succes")), "has no column \"succes\"; did you mean 'success'?"),
        (claim(row(outcome="front")), "lacks 'smallest'"),
        (claim(row(direction="sideways")), "direction"),
        (claim(row(scale="log-odds")), "log-odds are for differences of differences"),
        (claim(row(sign_fixed_by=["x > y"])), "is not an inequality"),
        (claim(row(sign_fixed_by=["front.start < front.strat"])), "none of the points has front.strat"),
        (claim(row(size=1)), "unknown key 'size'"),
        (claim(), "lacks a row that counts"),
        ("[claims.c]\nrows = 3\n", "lacks 'claim'"),
        (claim(row(claim="Cé"), name="Cé").replace("claims.Cé", 'claims."Cé"'), "is not an id"),
    ],
)
def test_a_wrong_claim_is_refused_with_its_line(text, complaint):
    with pytest.raises(ScenarioError) as caught:
        experiment(text, ["a", "b"])
    assert complaint in str(caught.value)
    assert str(caught.value).startswith("made-up.toml:")


# The ledger that ships


@pytest.fixture(scope="module")
def shipped():
    return load_experiment("claims")


def test_the_ledger_that_ships_asks_all_nineteen_claims(shipped):
    assert len(shipped.claims) == 19
    assert shipped.seed >= 1_000


def test_it_plays_nothing_that_no_claim_needs(shipped):
    assert {point.name for point in shipped.points} == {point.name for point in needed_points(shipped)}


def test_misrepresentation_contrasts_of_the_ledger_change_candour_only(shipped):
    for pair in (("honest", "misrepresenting"), ("honest_kyiv", "misrepresenting_kyiv")):
        one, other = (shipped.scenarios[label] for label in pair)
        keys = {key for key, _, _ in one.differences(other)} - {"title", "description"}
        assert keys == {"officials.envoy.candour", "officials.second_envoy.candour"}


def test_frozen_trust_differs_from_the_trust_of_the_scenarios_in_nothing_but_what_events_say(shipped):
    moves, frozen = (shipped.factors["trust"].sets(name) for name in ("moves", "frozen"))
    assert moves.keys() == frozen.keys()
    for label, scenario in shipped.scenarios.items():
        held = {key: value for key, value in moves.items() if key in shipped.factors["trust"].held(label, scenario)}
        assert scenario.with_values(held).fingerprint == scenario.fingerprint, label


def test_every_inequality_that_is_said_to_fix_a_sign_holds_in_the_points_of_its_row(shipped):
    for one in shipped.claims.values():
        for asked in one.rows:
            for label in asked.points if asked.sign_fixed_by else ():
                values = {key: value for key, value, *_ in shipped.scenarios[label].show()}
                assert all(holds(inequality, values) for inequality in asked.sign_fixed_by)


def test_a_claim_about_the_space_has_no_verdict_at_one_place_nor_have_its_rows():
    found = verdict(claim(row(), share=0.05), *shares(0.30, 0.20))
    assert found.verdict == ABOUT_SPACE
    assert [one.verdict for one in found.rows] == [ABOUT_SPACE]
    assert found.rows[0].effect.estimate < 0
