"""First and second derivatives that the offer search climbs by, against 50-digit differences of the formulas."""

from dataclasses import replace
from math import isfinite
from random import Random

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from sim.search import offers, slopes
from sim.search.deals import gap, kept_belief, spare
from sim.search.sheet import row_at
from tests.rules import textbook
from tests.rules.sheets import Party, Pledge, Talks, extreme_talks, guaranteed_peace, random_talks

STEP = mpf(10) ** -12
CASES = [(number, number % 3 == 0) for number in range(36)]  # every third with several belligerents a side


@pytest.fixture(autouse=True)
def fifty_digits():
    with mpmath.workdps(50):
        yield


def case(number, many, excluded=False):
    random = Random(f"slopes/{number}")
    talks = random_talks(random, excluded=excluded, issues=random.choice([1, 2, 3, 4]), many=many)
    return talks, [random.uniform(0.02, 0.98) for _ in range(talks.issues)]


def moved(terms, *steps):
    point = [mpf(term) for term in terms]
    for issue, step in steps:
        point[issue] += step
    return point


def gradient_of(function, terms):
    """Return central differences with an error of about 1e-24."""
    ends = [(function(moved(terms, (k, STEP))), function(moved(terms, (k, -STEP)))) for k in range(len(terms))]
    return np.array([float((up - down) / (2 * STEP)) for up, down in ends])


def curvature_of(function, terms):
    """Return mixed central differences with an error of about 1e-24."""
    size = len(terms)
    matrix = np.zeros((size, size))
    for row in range(size):
        for column in range(size):
            total = mpf(0)
            for first, second in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                total += first * second * function(moved(terms, (row, first * STEP), (column, second * STEP)))
            matrix[row, column] = float(total / (4 * STEP * STEP))
    return matrix


def read(work, slope, bend, issues):
    vector = np.array(work[slope : slope + issues])
    return vector, np.array(work[bend : bend + issues * issues]).reshape(issues, issues)


def read_pledged(work, slope, bend, issues):
    """Return slope and bend over all issues of what is kept over the pledged ones."""
    count = int(work[slopes.PLEDGED])
    listed = [int(issue) for issue in work[slopes.PLEDGED_ISSUE : slopes.PLEDGED_ISSUE + count]]
    vector, matrix = np.zeros(issues), np.zeros((issues, issues))
    found = read(work, slope, bend, count)
    vector[listed], matrix[np.ix_(listed, listed)] = found
    return vector, matrix


def read_gap(work, party, issues):
    """Return slope and bend of the gap; the bend of the loss is twice the weights."""
    _, bend = read_pledged(work, slopes.GAP_SLOPE, slopes.GAP_BEND, issues)
    return np.array(work[slopes.GAP_SLOPE : slopes.GAP_SLOPE + issues]), bend + 2.0 * np.diag(party.weights)


def read_curvature(work, issues):
    """Return gradient and curvature of the objective, of which the lower half is kept."""
    slope, half = read(work, offers.GRADIENT, offers.CURVATURE, issues)
    return slope, np.tril(half) + np.tril(half, -1).T


def workspace(talks, terms=(), filling=float("nan")):
    """Return a workspace in which the pledged issues are listed and the terms stand at the point."""
    work = [filling] * offers.work_size(len(talks.parties))
    slopes.list_pledged(talks.sheet(), work)
    work[slopes.POINT : slopes.POINT + len(terms)] = terms
    return work


def test_the_pledged_issues_are_listed_once_in_the_order_of_the_guarantees():
    pledges = (Pledge(1, 2), Pledge(0, 0), Pledge(1, 2, 0.5), Pledge(1, 3))
    work = workspace(replace(Talks((Party((0.25,) * 4, (0.0,) * 4),)), pledges=pledges))
    assert work[slopes.PLEDGED] == 3
    assert work[slopes.PLEDGED_ISSUE : slopes.PLEDGED_ISSUE + 3] == [2, 0, 3]
    assert [work[slopes.PLACE + issue] for issue in (2, 0, 3)] == [0, 1, 2]


def test_a_guarantee_weakens_away_from_the_aim_and_at_the_edge_counts_what_lies_within():
    assert slopes.strength_slope(0.6, 0.5) == -1.0
    assert slopes.strength_slope(0.4, 0.5) == 1.0
    assert slopes.strength_slope(0.0, 0.0) == -1.0
    assert slopes.strength_slope(1.0, 1.0) == 1.0


@pytest.mark.parametrize(("number", "many"), CASES)
def test_slope_and_bend_of_log_q_are_those_of_the_textbook(number, many):
    talks, terms = case(number, many)
    sheet, work = talks.sheet(), workspace(talks, terms)
    for row, party in enumerate(talks.parties):
        at = row_at(sheet, row)
        slopes.write_kept_slopes(sheet, at, work)
        slope, bend = read_pledged(work, slopes.KEPT_SLOPE, slopes.KEPT_BEND, talks.issues)

        def log_q(point, party=party):
            return mpmath.log(textbook.kept(talks, party, point))

        assert work[slopes.KEPT] == pytest.approx(kept_belief(sheet, at, terms, 0), rel=1e-14)
        assert slope == pytest.approx(gradient_of(log_q, terms), rel=1e-10, abs=1e-12)
        assert bend == pytest.approx(curvature_of(log_q, terms), rel=1e-9, abs=1e-11)


@pytest.mark.parametrize(("number", "many"), CASES)
def test_slope_and_bend_of_the_gap_are_those_of_the_textbook(number, many):
    talks, terms = case(number, many)
    sheet, work = talks.sheet(), workspace(talks, terms)
    for row, party in enumerate(talks.parties):
        at = row_at(sheet, row)
        slopes.write_gap_slopes(sheet, at, work)
        slope, bend = read_gap(work, party, talks.issues)

        def asked(point, party=party):
            return textbook.gap(talks, party, point)

        assert work[slopes.GAP] == pytest.approx(gap(sheet, at, terms, 0), rel=1e-12, abs=1e-14)
        assert slope == pytest.approx(gradient_of(asked, terms), rel=1e-10, abs=1e-11)
        assert bend == pytest.approx(curvature_of(asked, terms), rel=1e-9, abs=1e-10)


def log_consent(party, asked, blocking):
    if asked <= 0:
        return mpf(0)
    z = (party.mean - mpmath.log(asked / party.weariness)) / party.sd
    if blocking == 1:
        return mpmath.log(mpmath.erfc(-z / mpmath.sqrt(2)) / 2)
    return mpmath.log(1 - blocking * mpmath.erfc(z / mpmath.sqrt(2)) / 2)


def log_objective(talks, treatment, barrier, point):
    proposer = talks.parties[talks.proposer]
    gain = textbook.surplus(talks, proposer, point)
    value = mpmath.log(gain) + (barrier * mpmath.log(gain - proposer.margin) if barrier else 0)
    for row, party in enumerate(talks.parties):
        blocking = {offers.AS_THEY_ARE: party.blocking, offers.SEATED: 1.0}.get(treatment, party.blocking // 1.0)
        if row != talks.proposer:
            value += log_consent(party, textbook.gap(talks, party, point), mpf(blocking))
    return value


def within_reach(talks, terms):
    """Return the terms moved toward the proposer's aim until it gains; None if it never does."""
    proposer = talks.parties[talks.proposer]
    for step in range(21):
        point = [x + 0.05 * step * (a - x) for x, a in zip(terms, proposer.aims, strict=True)]
        point = [min(max(x, 0.001), 0.999) for x in point]
        if textbook.surplus(talks, proposer, point) > proposer.margin * 1.001 + 1e-6:
            return point
    return None


@pytest.mark.parametrize("treatment", [offers.AS_THEY_ARE, offers.IGNORED, offers.SEATED])
@pytest.mark.parametrize("barrier", [0.0, 0.01])
def test_gradient_and_curvature_of_the_whole_objective_are_those_of_the_textbook(treatment, barrier):
    compared = 0
    for number in range(14):
        talks, drawn = case(100 + number, number % 3 == 0, excluded=number % 2 == 1)
        terms = within_reach(talks, drawn)
        if terms is None:
            continue
        sheet, work = talks.sheet(), workspace(talks)
        work[offers.POINT : offers.POINT + talks.issues] = terms
        work[offers.PRICE] = barrier / spare(sheet, row_at(sheet, talks.proposer), terms, 0)
        reached_there = offers.write_slopes(sheet, treatment, barrier, work)
        slope, bend = read_curvature(work, talks.issues)

        def value(point, talks=talks):
            return log_objective(talks, treatment, barrier, point)

        reached = offers.objective(sheet, treatment, barrier, terms, 0)
        assert reached == pytest.approx(float(value([mpf(x) for x in terms])), rel=1e-9, abs=1e-12)
        assert reached_there == pytest.approx(reached, rel=1e-12, abs=1e-12)
        gradient, curvature = gradient_of(value, terms), curvature_of(value, terms)
        assert slope == pytest.approx(gradient, rel=1e-8, abs=1e-9 * max(1.0, abs(gradient).max()))
        assert bend == pytest.approx(curvature, rel=1e-7, abs=1e-8 * max(1.0, abs(curvature).max()))
        compared += 1
    assert compared >= 10


def test_the_gap_has_constant_bend_where_nothing_is_pledged():
    talks = Talks((Party((0.6, 0.4), (1.0, 0.0), margin=0.02, lapses=(0.0, 0.3)),))
    sheet, work = talks.sheet(), workspace(talks, [0.25, 0.5])
    slopes.write_gap_slopes(sheet, row_at(sheet, 0), work)
    slope, bend = read_gap(work, talks.parties[0], 2)
    assert slope == pytest.approx([2 * 0.6 * (0.25 - 1.0), 2 * 0.4 * 0.5], abs=1e-15)
    assert bend == pytest.approx(np.diag([1.2, 0.8]), abs=1e-15)


def test_a_guarantee_that_deters_surely_still_has_a_slope():
    """Effect 1 at the beneficiary's aim leaves an exposure of 0, which grows with every step away from the aim.

    E = x, so log q = log(1 - .5 x): slope -.5 and bend -.25 at x = 0.
    """
    party = Party((1.0,), (0.5,), lapses=(0.5, 0.0), openness=(0.0, 1.0), sworn=(1.0,), burdens=(0.0,))
    talks = Talks((party,), (Pledge(1, 0, 0.0, 2, 1.0),))
    sheet, work = talks.sheet(), workspace(talks, [0.0])
    slopes.write_kept_slopes(sheet, row_at(sheet, 0), work)
    assert work[slopes.KEPT] == 1.0
    assert work[slopes.KEPT_SLOPE] == pytest.approx(-0.5, abs=1e-15)
    assert work[slopes.KEPT_BEND] == pytest.approx(-0.25, abs=1e-15)


def test_slopes_do_not_depend_on_what_the_workspace_held():
    talks = guaranteed_peace()
    sheet = talks.sheet()
    ends = []
    for filling in (float("nan"), 7.0):
        work = workspace(talks, [0.4, 0.3], filling)
        slopes.write_gap_slopes(sheet, row_at(sheet, 1), work)
        ends.append((work[slopes.GAP], *map(tuple, read_gap(work, talks.parties[1], 2)[1])))
    assert ends[0] == ends[1]


def test_slopes_of_an_extreme_sheet_are_numbers():
    compared = 0
    for number in range(400):
        random = Random(f"extreme/{number}")
        talks = extreme_talks(random)
        sheet, work = talks.sheet(), workspace(talks)
        terms = [random.choice([0.0, 0.5, 1.0]) for _ in range(talks.issues)]
        work[offers.POINT : offers.POINT + talks.issues] = terms
        for row, party in enumerate(talks.parties):
            slopes.write_gap_slopes(sheet, row_at(sheet, row), work)
            assert all(map(isfinite, np.ravel(read_gap(work, party, talks.issues)[1])))
        if offers.objective(sheet, offers.AS_THEY_ARE, 0.01, terms, 0) > offers.OUT_OF_REACH:
            work[offers.PRICE] = 1.0
            offers.write_slopes(sheet, offers.AS_THEY_ARE, 0.01, work)
            slope, bend = read_curvature(work, talks.issues)
            assert np.isfinite(slope).all()
            assert np.isfinite(bend).all()
            compared += 1
    assert compared >= 40


@pytest.mark.parametrize("wild", [0.0, 1.3])
def test_two_guarantees_of_one_state_on_different_issues_bend_log_q_together(wild):
    """Whichever stands first: the cross bend of the second is not scaled by the factor of the third."""
    terms = [0.3, 0.8, 0.45]
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        pledges = tuple(Pledge(1, issue, 0.0, 5 + issue, 0.4 + 0.2 * issue) for issue in order)
        sworn = tuple(pledge.effect * 0.6 for pledge in pledges)
        party = Party((1 / 3,) * 3, (0.0,) * 3, lapses=(0.7, 0.0), openness=(0.0, 0.8), sworn=sworn)
        talks = Talks((party,), pledges, kept_trustworthy=0.9, wild=wild)
        sheet, work = talks.sheet(), workspace(talks, terms)
        slopes.write_kept_slopes(sheet, row_at(sheet, 0), work)
        slope, bend = read_pledged(work, slopes.KEPT_SLOPE, slopes.KEPT_BEND, 3)

        def log_q(point, talks=talks, party=party):
            return mpmath.log(textbook.kept(talks, party, point))

        assert slope == pytest.approx(gradient_of(log_q, terms), rel=1e-10)
        assert bend == pytest.approx(curvature_of(log_q, terms), rel=1e-9)
