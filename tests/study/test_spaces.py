"""Verdict (b): shares of a space are bounded, never counted from noisy signs."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import false_discovery_control, norm

from sim.cli import main
from sim.report.claims_text import space_texts
from sim.scenario.read import parse_document
from sim.study.claims import flips
from sim.study.claims.spaces import LOOKS, Tails, places_of, some_places, space_of, spaces, still_asked, with_spaces
from sim.study.claims.verdicts import CONTRADICTED, NOT_RESOLVED, SUPPORTED, Runs, ledger
from sim.study.design.experiments import load_experiment, read_experiment
from sim.study.statistics.effects import discoveries
from tests.study.made_up import result, runs
from tests.study.test_claims import claim, row

PLACES, TRIALS = 150, 400
NOISE = 0.45  # sd of a paired difference of successes in one replicate


def drawn_tails(share, spread, places, luck):
    """P-values at the looks a place takes, of effects of which a known share is above 0."""
    centre = float(norm.ppf(share)) * spread
    effects = luck.normal(centre, spread, places)
    total, done = np.zeros(places), 0
    best = np.ones((2, places))
    going = np.ones(places, dtype=bool)
    for look in LOOKS:
        total = np.where(going, total + luck.normal(effects * (look - done), NOISE * np.sqrt(look - done)), total)
        z = total / (NOISE * np.sqrt(look))
        now = np.minimum(1.0, len(LOOKS) * np.array([norm.sf(z), norm.cdf(z)]))
        best, done = np.where(going, np.minimum(best, now), best), look
        going = ~space_of(Tails(*best, np.ones(places)), 0.0, range(places)).resolved
    return Tails(*best, np.ones(places))


def test_the_bounds_hold_the_true_share_in_nearly_all_trials():
    luck = np.random.default_rng(11)
    held = []
    for trial in range(TRIALS):
        share, spread = (0.02, 0.3, 0.5, 0.9, 0.98)[trial % 5], (0.005, 0.02, 0.1)[trial % 3]
        space = space_of(drawn_tails(share, spread, PLACES, luck), 0.0, range(PLACES))
        held.append(space.low.low <= share <= space.high.high)
    assert np.mean(held) >= 0.92


def test_the_bounds_are_not_trivial_where_effects_are_clear():
    space = space_of(drawn_tails(0.9, 0.1, 400, np.random.default_rng(2)), 0.0, range(400))
    assert space.low.estimate > 0.8
    assert space.high.estimate < 0.98
    assert space.unresolved < 0.15


def test_counting_signs_would_be_wrong():
    """With a true share of .98 and 500 replicates a place, counting gives a share far below it."""
    luck = np.random.default_rng(3)
    effects = luck.normal(float(norm.ppf(0.98)) * 0.01, 0.01, 4_000)
    counted = np.mean(luck.normal(effects, NOISE / np.sqrt(500)) > 0.0)
    assert counted < 0.9


def test_discoveries_are_those_of_benjamini_and_hochberg():
    luck = np.random.default_rng(4)
    p_values = np.concatenate([luck.uniform(0, 1, 80), luck.uniform(0, 0.01, 20)])
    assert list(discoveries(p_values)) == list(false_discovery_control(p_values) <= 0.05)
    assert not discoveries(np.ones(5)).any()
    assert discoveries(np.array([])).size == 0


@pytest.mark.parametrize(
    ("least", "expected"), [(0.05, SUPPORTED), (0.9, CONTRADICTED), (0.5, NOT_RESOLVED), (0.0, "")]
)
def test_a_claim_about_a_share_of_the_space_is_judged_by_both_bounds(least, expected):
    p_values = np.array([1e-9] * 40 + [0.5] * 20 + [1.0] * 40)
    space = space_of(Tails(p_values, p_values[::-1], np.ones(100)), least, range(100))
    assert space.verdict == expected


# With a design of places


def many(effects, played=LOOKS[0], **more):
    """The source of a claim that success is lower, with a place for each effect."""
    values = ", ".join(f"{0.1 + place / 1000:.3f}" for place in range(len(effects)))
    design = f'[factors.x]\nkeys = ["table.convening"]\nvalues = [{values}]'
    source = runs(claim(row(**more)), design, a=result(1), b=result(1))
    results = {}
    for point in source.experiment.points:
        share = 0.5 + (effects[point.row] if point.label == "b" else 0.0)
        results[point.name] = result(played, success=np.arange(played) / played < share)
    source.results.clear()
    source.results.update(results)
    return source


def test_a_space_is_read_off_the_lines_of_a_design():
    source = many([-0.2] * 6 + [0.2] * 3 + [0.0] * 3)
    space = spaces(source, range(12))["c"]
    assert list(space.supported) == [True] * 6 + [False] * 6
    assert list(space.contradicted) == [False] * 6 + [True] * 3 + [False] * 3
    assert (space.low.estimate, space.high.estimate) == (0.5, 0.75)


def test_only_places_that_are_not_resolved_are_played_more():
    source = many([-0.2] * 6 + [0.0] * 2)
    asked = still_asked(source, range(8), LOOKS[0])
    names = {source.experiment.points[number].name for number in asked}
    assert {name.split()[-1] for name in names} == {"x=0.106", "x=0.107"}
    assert set(asked.values()) == {LOOKS[1]}
    assert still_asked(source, range(8), LOOKS[-1]) == {}


def test_looking_again_is_paid_for():
    """A p-value at one look counts three times, so that a place just resolved alone is not."""
    once = many([-0.025], played=200)
    assert not spaces(once, [0])["c"].resolved.any()
    assert spaces(many([-0.045], played=1_000), [0])["c"].supported.all()


def test_places_where_nothing_matters_are_not_played_on_for_their_sign():
    source = many([0.0, 0.0, -0.02], played=1_000)
    space = spaces(source, range(3))["c"]
    assert list(space.negligible) == [True, True, False]
    assert not space.resolved[:2].any()
    names = {source.experiment.points[number].name.split()[-1] for number in still_asked(source, range(3), 1_000)}
    assert names <= {"x=0.102"}


def test_a_place_where_every_replicate_failed_is_not_resolved():
    source = many([-0.2] * 3)
    empty = result(0)
    empty.columns.clear()
    empty.columns["replicate"] = np.zeros(0, dtype=np.int64)
    source.results["b x=0.101"] = empty
    assert list(spaces(source, range(3))["c"].resolved) == [True, False, True]


# The ledgers that ship


def test_the_space_asks_what_the_ledger_asks():
    here, space = (load_experiment(name) for name in ("claims", "plausible-space"))
    assert space.claims.keys() == here.claims.keys()
    for name, asked in here.claims.items():
        counting = [replace(one, placebo="") for one in asked.rows if one.counts]
        assert counting == list(space.claims[name].rows)
        assert (asked.claim, asked.share) == (space.claims[name].claim, space.claims[name].share)
    for label, scenario in space.scenarios.items():
        assert scenario.fingerprint == here.scenarios[label].fingerprint


def test_the_space_that_ships_has_two_thousand_places_and_leaves_alone_what_sets_scenarios_apart():
    space = load_experiment("plausible-space")
    assert len(places_of(space)) >= 2_000
    drawn = {point.label: point for point in space.points if point.row == 1}
    shares = {label: drawn[label].scenario.values["officials"]["envoy"]["candour"] for label in ("honest", "essay")}
    assert shares["honest"] == 1.0
    assert 0.0 < shares["essay"] < 1.0
    for label in ("none", "essay", "honest"):
        assert drawn[label].scenario.values["front"]["start"] == drawn["none"].scenario.values["front"]["start"] != 0.45


def test_a_space_is_played_and_told_from_the_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(SMALL_SPACE, encoding="utf-8")
    assert main(["sweep", "mine.toml", "--out", "folder"]) == 0
    capsys.readouterr()
    assert main(["claims", "folder", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["claims"][0]["space"]
    assert found["places"] == 5
    assert found["supported"] + found["contradicted"] + found["unresolved"] == pytest.approx(1.0)
    assert main(["claims", "folder"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert "Over 5 places: supported in " in out


SMALL_SPACE = """\
title = "A small space"
question = "Is a seat worth anything?"
design = "space"
places = 5
seed = 1000
replicates = 200

[scenarios.seated]
extends = "reference"

[scenarios.kept_out]
extends = "ukraine-kept-out"

[factors.grievance]
keys = ["states.ukraine.grievance"]

[claims.seat]
claim = "A seat matters"

[claims.seat.rows.success]
points = ["seated", "kept_out"]
outcome = "success"
direction = "lower"
"""


def test_without_scikit_learn_the_ledger_says_that_no_rule_was_looked_for(monkeypatch):
    assert "No rule says" in list(space_texts(told_space()))[-1]
    monkeypatch.setattr(flips, "can_be_sought", lambda: False)
    assert "was not looked for" in list(space_texts(told_space()))[-1]


def told_space():
    """The space of a claim that holds at five places."""
    asked = read_experiment(parse_document(Path("made-up.toml"), "made-up.toml", SMALL_SPACE), "made-up")
    shares = {"seated": 100, "kept_out": 60}
    results = {point.name: result(200, success=np.arange(200) < shares[point.label]) for point in asked.points}
    source = Runs(asked, results)
    return with_spaces(source, ledger(source))[0].space


def test_a_few_places_of_a_space_have_the_points_of_those_places_alone():
    """They once kept the points of all 2,000 places, and `sim claims` played every one of them."""
    few = some_places(load_experiment("plausible-space"), 2)
    assert [row.place for row in few.rows] == [1, 2]
    assert len(few.points) <= 2 * len(few.scenarios)
    assert {point.line.place for point in few.points} == {1, 2}
