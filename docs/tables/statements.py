"""Statements about the essay's case, put to the test; each answers whether it holds, and by which numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from docs.tables.effects import TRUST, Bench, changed_columns, settled, shown
from docs.tables.markdown import code
from docs.tables.mechanisms import FROZEN, NO_CHECKS, NO_LEAKS, REFERENCE, both, every_state
from sim.scenario.load import load
from sim.study.play.contrasts import contrast
from sim.study.statistics.estimates import Estimate

HARDLY = 0.02  # of S, in either direction
Answer = tuple[bool, str]


def hardly(one: Estimate) -> bool:
    """Return whether the whole interval of a difference in S is within what counts as hardly any."""
    return max(abs(one.low), abs(one.high)) < HARDLY


def leaks(here: Bench) -> Answer:
    """Answer how often the channel comes to light."""
    share = float(np.isfinite(here.played.columns["exposed_week.back"]).mean())
    return share > 0.95, f"It comes to light in {share:.1%} of replicates, those included in which peace comes first."


def lies_unseen(here: Bench) -> Answer:
    """Answer what misrepresentation does where it is neither leaked nor checked."""
    honest = NO_LEAKS | NO_CHECKS | both(candour=1.0)
    usual = here.between(honest, NO_LEAKS | NO_CHECKS).success
    constant = here.between(honest, NO_LEAKS | NO_CHECKS | both(candour=0.0)).success
    told = (
        f"Against an honest channel, S changes by {shown(usual)} at the case's candour and by {shown(constant)} if every "
        f"meeting is misrepresented; hardly is less than {HARDLY:g}, the whole interval."
    )
    return hardly(usual) and hardly(constant), told


def lies_seen(here: Bench) -> Answer:
    """Answer what misrepresentation does where leaks and checks are as in the case."""
    constant = here.between(both(candour=1.0), both(candour=0.0))
    success, trust = constant.success, constant.effect(TRUST).interval()
    return (
        success.high < 0.0 and trust.high < 0.0,
        f"From candour 1 to candour 0, S changes by {shown(success)} and T by {shown(trust)}.",
    )


def through_trust(here: Bench) -> Answer:
    """Answer what the channel does to success with trust moving and with trust frozen."""
    without = here.play(load(REFERENCE))
    moving = contrast(without, here.played).success
    frozen = contrast(without, here.play(here.base.with_values(FROZEN))).success
    told = (
        f"Against no channel, S changes by {shown(moving)} where trust moves and by {shown(frozen)} where the channel "
        "moves no trust."
    )
    return settled(moving) and hardly(frozen), told


def idle_trust(here: Bench) -> Answer:
    """Answer which columns Russia's trust in the United States reaches."""
    other = here.base.with_values({"states.russia.toward.united_states.trust": 0.9})
    changed = changed_columns(contrast(here.played, here.play(other)))
    reached = [name for name in changed if name != "trust.russia.united_states"]
    if not reached:
        return True, "With .9 for .2 not a bit of any other column changes."
    return False, f"With .9 for .2 these other columns change: {', '.join(map(code, reached))}."


def idle_costs(here: Bench) -> Answer:
    """Answer what the audience cost and goodwill do to success, and how much of the first parliament lets pass."""
    dear = contrast(here.played, here.play(here.base.with_values(every_state(exposure_cost=1.0)))).success
    free = contrast(here.played, here.play(here.base.with_values(every_state(exposure_cost=0.0)))).success
    unkind = contrast(here.played, here.play(here.base.with_values(every_state(goodwill=0.0)))).success
    told = (
        f"S changes by {shown(free)} without the audience cost, by {shown(dear)} at its highest plausible value, and by "
        f"{shown(unkind)} without goodwill. At .2 medians the cost is .006 for the United States, whose parliament lets "
        ".02 pass."
    )
    return hardly(dear) and hardly(free) and hardly(unkind), told


def stopped_meetings(here: Bench) -> Answer:
    """Answer which share of meetings the contact cost stops, in the case and in an honest channel."""
    shares = []
    for values in ({}, both(candour=1.0)):
        held, unhindered = here.between(values, values | every_state(contact_cost=0.0)).values("meetings.back")
        shares.append(1.0 - float(held.sum()) / float(unhindered.sum()))
    usual, honest = shares
    return (
        0.25 <= usual < 0.35 and honest > usual,
        f"It stops {usual:.1%} in the case and {honest:.1%} if every meeting is honest.",
    )


STATEMENTS: dict[str, Callable[[Bench], Answer]] = {
    "A leak is close to certain.": leaks,
    "Where nothing leaks and nobody checks, misrepresentation hardly moves success.": lies_unseen,
    "Where it may leak and be checked, misrepresentation lowers success and trust.": lies_seen,
    "What the channel does to success, it does through trust.": through_trust,
    "Russia's trust in the United States enters no decision.": idle_trust,
    "The audience cost and goodwill hardly move success.": idle_costs,
    "The contact cost stops three meetings in ten, and more in an honest channel.": stopped_meetings,
}
