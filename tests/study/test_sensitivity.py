"""What an outcome hangs on: known answers on test functions that are made stochastic, and 0 or 1."""

import numpy as np
import pytest
from scipy.stats import qmc

from sim.study.statistics.sensitivity import Halves, screened, share_of_chance, sobol_indices

LUCK = np.random.default_rng(7)
NAMES = ("x1", "x2", "x3", "idle")
# Ishigami & Homma (1990) with a = 7 and b = .1: first-order and total indices.
FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0, "idle": 0.0}
TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437, "idle": 0.0}


def ishigami(places):
    """The test function as a probability; it lies within .1 and .9, and its indices are the function's."""
    angles = np.pi * (2.0 * places[..., :3] - 1.0)
    one, two, three = (angles[..., number] for number in range(3))
    value = np.sin(one) + 7.0 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one)
    return 0.5 + (value - 3.5) / 36.0


def saltelli(base):
    """Points of a design for Sobol' indices: a sample, itself with one column of another after the other, the other."""
    drawn = qmc.Sobol(2 * len(NAMES), seed=3).random(base)
    one, other = drawn[:, : len(NAMES)], drawn[:, len(NAMES) :]
    mixed = [np.where(np.arange(len(NAMES)) == number, other, one) for number in range(len(NAMES))]
    return np.stack([one, *mixed, other], axis=1)


def successes(shares, replicates, luck=None):
    """Halves of 0/1 outcomes; with `luck`, its uniforms decide at every point."""
    if luck is None:
        return Halves(*(LUCK.binomial(replicates // 2, shares) / (replicates // 2) for _ in range(2)))
    hits = (luck < shares[..., None]).astype(float)
    return Halves(hits[..., 0::2].mean(axis=-1), hits[..., 1::2].mean(axis=-1))


def test_the_share_of_chance_is_known_for_a_uniform_share():
    """Shares uniform on 0..1: 1/6 of 1/4 is chance within points, two thirds."""
    shares = LUCK.uniform(size=400)
    one = share_of_chance([(LUCK.uniform(size=50) < share).astype(float) for share in shares])
    assert one.low < 2 / 3 < one.high
    assert one.high - one.low < 0.12


def test_where_parameters_do_nothing_all_is_chance():
    one = share_of_chance([(LUCK.uniform(size=60) < 0.3).astype(float) for _ in range(300)])
    assert one.high == pytest.approx(1.0, abs=0.01)
    assert one.low > 0.98


def test_where_there_is_no_chance_none_is_found():
    assert share_of_chance([np.full(10, number) for number in range(20)]).estimate == 0.0


def test_sobol_indices_of_a_stochastic_0_1_function_are_those_of_the_function():
    outcome = successes(ishigami(saltelli(1024)), 400)
    found = {one.name: one for one in sobol_indices(NAMES, outcome)}
    for name, one in found.items():
        assert one.first.low - 0.01 <= FIRST[name] <= one.first.high + 0.01, name
        assert one.total.low - 0.01 <= TOTAL[name] <= one.total.high + 0.01, name


def test_a_parameter_that_does_nothing_is_not_resolved_however_noisy_the_outcome():
    outcome = successes(ishigami(saltelli(512)), 40)
    found = sobol_indices(NAMES, outcome)
    assert [one.name for one in found[:2]] == ["x1", "x2"]
    assert not found[-1].resolved
    assert found[-1].name == "idle"


def test_shared_luck_does_not_mislead():
    luck = np.random.default_rng(9).uniform(size=60)
    found = {one.name: one for one in sobol_indices(NAMES, successes(ishigami(saltelli(512)), 60, luck))}
    assert not found["idle"].resolved
    assert found["x1"].resolved
    assert found["x2"].resolved


def test_without_halves_chance_would_pass_for_influence():
    noise = successes(np.full((512, len(NAMES) + 2), 0.5), 20)
    assert not any(one.resolved for one in sobol_indices(NAMES, noise))
    whole = (noise.even + noise.odd) / 2.0
    changes = np.mean((whole[:, 1] - whole[:, 0]) ** 2) / (2.0 * np.var(whole))
    assert changes > 0.8  # the usual estimator calls an idle parameter all-important


def trajectories(count, size=0.5):
    """Morris trajectories: from a point, one parameter after another in a drawn order is moved up or down."""
    paths = []
    for _ in range(count):
        start = LUCK.choice([0.0, 0.25, 0.5, 0.75], len(NAMES))
        path = [start]
        for number in LUCK.permutation(len(NAMES)):
            following = path[-1].copy()
            following[number] += size if following[number] < 0.5 else -size
            path.append(following)
        paths.append(path)
    return np.array(paths)


def test_screening_finds_the_slopes_of_a_line_and_nothing_else():
    steps = trajectories(150)
    shares = 0.2 + steps @ np.array([0.4, 0.15, 0.05, 0.0])
    found = screened(NAMES, steps, successes(shares, 200))
    assert [one.name for one in found[:2]] == ["x1", "x2"]
    assert found[0].total.low < 0.4 < found[0].total.high
    assert found[1].total.low < 0.15 < found[1].total.high
    assert not {one.name: one for one in found}["idle"].resolved


def test_of_many_parameters_that_do_nothing_hardly_any_is_resolved():
    """Forty idle parameters, twenty times: at 95 % each, one in each screening would be."""
    names = [f"idle{number}" for number in range(40)]
    steps = np.zeros((12, 41, 40))
    for number in range(40):
        steps[:, number + 1 :, number] = 0.5
    resolved = 0
    for seed in range(20):
        outcome = successes(np.full((12, 41), 0.4), 40)
        resolved += any(one.resolved for one in screened(names, steps, outcome, seed))
    assert resolved <= 5


def test_halves_take_even_and_odd_replicates():
    halves = Halves.of([np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.0, 4.0])])
    assert list(halves.even) == [1.0, 0.0]
    assert list(halves.odd) == [0.0, 4.0]
    assert halves.shaped(1).even.shape == (1, 2)
