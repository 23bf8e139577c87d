"""The reference meets its targets, settings are drawn as said, and the page of calibration says so."""

import re

import numpy as np
import pytest

from docs.tables import calibration as page
from docs.tables import weighing as calibration
from docs.tables.weighing import (
    CHECK_SEED,
    DURABILITY,
    FACTORS,
    IDLE,
    SEEDS_END,
    SUCCESS,
    YEAR,
    bounds,
    design,
    drawn,
    durability,
    fit,
    played,
    reference,
    values_of,
)
from sim.errors import SimError
from sim.scenario.keys import leaves, parameter_of
from sim.study.play.results import Result
from sim.version import model_version

FEW = 41
SOME = 600


@pytest.fixture(scope="module")
def text():
    return page.PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def defaults():
    return played({}, SOME, CHECK_SEED)


def result(**columns):
    """A result made by hand."""
    arrays = {name.replace("__", "."): np.array(values, dtype=float) for name, values in columns.items()}
    return Result(reference(), 0, 0, len(arrays["success"]), "compiled", arrays | {"replicate": arrays["success"]})


def quiet(line):
    """Tell nobody."""


# The page


def test_the_page_is_of_the_reference_as_it_is(text):
    [fingerprint] = re.findall(r"fingerprint\s+`(\w+)`", text)
    assert reference().fingerprint.startswith(fingerprint), f"the reference is another now: run `{page.COMMAND}`"


def test_the_page_says_that_the_defaults_meet_both_targets(text):
    assert "The defaults meet both targets." in text
    assert "missed |" not in text


def test_the_page_has_every_factor(text):
    shown = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| [^|]+ to [^|]+ \| [^|]+ \| [^|]+ \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE
    )
    assert sorted(shown) == sorted(one.name for one in FACTORS)


def test_the_page_can_be_written_anew(monkeypatch):
    monkeypatch.setattr(calibration, "FACTORS", FACTORS[:2])
    made = page.written(FEW, 3, FEW, FEW, quiet)
    assert f"`{model_version()}`" in made
    assert made.count("| assumed |") == 2
    assert "of 3 |" in made


# The targets


def test_the_defaults_are_not_surely_off_target(defaults):
    """600 fixed replicates: half the width of both intervals is below .06, and the page checks more narrowly."""
    assert not fit(defaults).surely_missed


def test_the_defaults_come_out_as_the_page_says(text, defaults):
    """Five standard errors of 600 fixed replicates, so a true page fails here with probability below 1 in 100,000."""
    found = fit(defaults)
    for target, one in ((SUCCESS, found.success), (DURABILITY, found.durability)):
        [said] = re.findall(rf"^\| {target.name} \|.*\| (\d\.\d+) \(", text, re.MULTILINE)
        assert abs(one.estimate - float(said)) <= 5 * (one.high - one.low) / 3.92


def test_of_early_first_agreements_it_is_always_known_whether_they_held(defaults):
    assert reference().values["agreement"]["hold_weeks"] == YEAR
    early = defaults.columns["weeks_to_agreement"] <= reference().values["weeks"] - YEAR
    unbroken = early & (defaults.columns["failures.broken"] == 0.0)
    assert unbroken.sum() > 50
    assert defaults.columns["success"][unbroken].all()


def test_durability_counts_first_agreements_signed_a_year_before_the_horizon():
    made = result(
        success=[1, 0, 1, 0, 0],
        weeks_to_agreement=[50, 104, 20, 105, np.nan],
        failures__broken=[0, 1, 1, 0, 0],
        agreements=[1, 1, 2, 1, 0],
    )
    assert (durability(made).estimate, durability(made).replicates) == (pytest.approx(1 / 3), 3)
    assert bounds(made) == (pytest.approx(2 / 5), pytest.approx(3 / 5))


def test_without_agreements_no_target_of_durability_is_met():
    none = result(success=[0], weeks_to_agreement=[np.nan], failures__broken=[0], agreements=[0])
    assert durability(none).replicates == 0
    assert not DURABILITY.met(durability(none))
    assert all(np.isnan(bounds(none)))


def test_seeds_of_claims_are_refused():
    with pytest.raises(SimError, match=r"below 1,000"):
        played({}, FEW, SEEDS_END)


# The factors


def is_idle(key):
    """Whether a key is among those that decide nothing in the reference."""
    return any(name in (key, key.rpartition(".")[2]) for names in IDLE.values() for name in names)


def ranged():
    """The keys of the reference whose parameter has a plausible range, with the range."""
    for key, _ in leaves(reference().values):
        parameter = parameter_of(key)
        if parameter.plausible is not None:
            yield ".".join(key), parameter.plausible


def test_every_parameter_with_a_plausible_range_is_a_factor_or_idle():
    taken = [key for one in FACTORS for key in one.keys]
    assert len(taken) == len(set(taken))
    assert sorted(taken) == sorted(key for key, _ in ranged() if not is_idle(key))


@pytest.mark.parametrize("end", [0, 1], ids=["low", "high"])
def test_idle_parameters_decide_nothing_in_the_reference(end):
    usual = played({}, FEW, CHECK_SEED)
    other = played({key: span[end] for key, span in ranged() if is_idle(key)}, FEW, CHECK_SEED)
    for name, values in usual.columns.items():
        if name != "trust.russia.united_states":
            np.testing.assert_array_equal(values, other.columns[name], err_msg=name)


@pytest.mark.parametrize("one", FACTORS, ids=lambda one: one.name)
def test_a_factor_holds_one_default_and_spans_its_plausible_range(one):
    values = {calibration.Factor(one.name, (key,)).default(reference()) for key in one.keys}
    assert values == {one.default(reference())}
    assert (one.at(0.0), one.at(1.0)) == (pytest.approx(one.plausible[0]), pytest.approx(one.plausible[1]))
    assert one.plausible[0] <= one.default(reference()) <= one.plausible[1]


def test_settings_use_every_part_of_every_range_once():
    places = design(20)
    assert places.shape == (20, len(drawn()))
    assert (np.sort((places * 20).astype(int), axis=0) == np.arange(20)[:, None]).all()
    np.testing.assert_array_equal(places, design(20))


def test_a_setting_sets_every_drawn_factor():
    values = values_of([0.5] * len(drawn()))
    assert set(values) == {key for one in drawn() for key in one.keys}
    assert values["states.russia.betrayal"] == pytest.approx((0.04 * 0.3) ** 0.5)
    assert values["states.russia.reliability"] == pytest.approx(0.525)
