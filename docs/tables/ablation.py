"""Writes docs/ablation.md and docs/ablation.svg: what each mechanism alone does in the essay's case.

    python -m docs.tables.ablation

Every mechanism is declared once, by what is set to switch it off. The contrasts are paired: both scenarios are played in
the same replicates, so they share their luck. Seeds start at 1,000; smaller ones are for setting values.
"""

from __future__ import annotations

import argparse
import html
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from docs.tables.markdown import code, table
from sim.scenario import Scenario, load
from sim.study.contrasts import Contrast, Difference, contrast
from sim.study.replicates import run
from sim.study.results import Result
from sim.version import MODEL_VERSION

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "ablation.md"
FIGURE = ROOT / "docs" / "ablation.svg"
COMMAND = "python -m docs.tables.ablation"
CASE, REFERENCE = "secret-track-1.5", "reference"
REPLICATES = 8_000  # with 20,000 the intervals are narrower by a third
SEED = 1_000
TRUST = "trust.ukraine.united_states"
STATES = ("russia", "ukraine", "united_states")
ENVOYS = ("envoy", "second_envoy")
NEARLY_CERTAIN = 1.0 - 1e-6
STRONGEST = 8

Values = Mapping[str, object]


@dataclass(frozen=True)
class Mechanism:
    """Something that can be switched off alone.

    values       what is set to switch it off
    scenario     the scenario that has it switched off, where no values can say it
    sets_trust   whether Ukraine's first trust in the United States is itself set, so that T compares nothing
    """

    name: str
    what: str
    values: Values = field(default_factory=dict)
    scenario: str = CASE
    sets_trust: bool = False

    def switched_off(self, base: Scenario) -> Scenario:
        """Return the case without the mechanism."""
        return base.with_values(self.values) if self.scenario == CASE else load(self.scenario)

    def told(self) -> str:
        """Return what is set, in words: each parameter once, however many entries it is set in."""
        if self.scenario != CASE:
            return f"scenario {code(self.scenario)}"
        said = dict.fromkeys(f"{code(key.rpartition('.')[2])} {worded(value)}" for key, value in self.values.items())
        return ", ".join(said)


@dataclass(frozen=True)
class Effect:
    """What switching a mechanism off does to success and to trust, and how many replicates it reaches."""

    mechanism: Mechanism
    success: Difference
    trust: Difference
    moved: float
    touched: bool


def worded(value: object) -> str:
    """Return a set value as a page shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float | int) else str(value)


def both(**values: object) -> dict[str, object]:
    """Return values for both envoys: one alone would leave the other as they were."""
    return {f"officials.{envoy}.{name}": value for envoy in ENVOYS for name, value in values.items()}


def every_state(**values: object) -> dict[str, object]:
    """Return values for every state."""
    return {f"states.{state}.{name}": value for state in STATES for name, value in values.items()}


def back(**values: object) -> dict[str, object]:
    """Return values for the channel."""
    return {f"channels.back.{name}": value for name, value in values.items()}


def agreement(**values: object) -> dict[str, object]:
    """Return values for what becomes of an agreement."""
    return {f"agreement.{name}": value for name, value in values.items()}


NO_DENIAL = back(believed_deny_authorised=0.97, believed_deny_freelance=0.97)
NO_OFFER = back(believed_offer_trustworthy=0.5, believed_offer_untrustworthy=0.5, believed_offer_freelance=0.5)
NO_EXISTENCE = back(believed_authorised_trustworthy=0.3, believed_authorised_untrustworthy=0.3)
NO_CHECKS = back(verification=0.0)
NO_LEAKS = both(discretion=1.0)
FROZEN = NO_EXISTENCE | NO_OFFER | NO_DENIAL | NO_CHECKS

CHANNEL = (
    Mechanism("the whole channel", "no former official carries messages", scenario=REFERENCE),
    Mechanism("trust moved by the channel", "leak, record, denial and checks are no news of home's type", FROZEN),
    Mechanism("exposure", "the channel never leaks", NO_LEAKS),
    Mechanism("existence", "such a channel is as likely of either type of home", NO_EXISTENCE),
    Mechanism("offer on the record", "an offer on the record is as likely of every home", NO_OFFER),
    Mechanism("denial and silence", "observers find a denial as likely if authorised as if not", NO_DENIAL),
    Mechanism("verification", "nobody checks with the home government", NO_CHECKS),
    Mechanism("misrepresentation", "every meeting is honest", both(candour=1.0)),
    Mechanism("shading", "a misrepresented meeting says nothing false", both(shading=0.0)),
    Mechanism("lean", "no bluff is relayed, nor ever will be", both(lean=0.0, susceptibility=0.0)),
    Mechanism("susceptibility", "envoys are not drawn in", both(susceptibility=0.0)),
    Mechanism("bluff", "there is no bluff to relay", every_state(bluff=0.0)),
    Mechanism("escalation claims", "no envoy says they would use nuclear weapons", back(claim_rate=0.0)),
    Mechanism("second-hand noise", "what is known at second hand is as clear as at first", back(second_hand=1.0)),
    Mechanism("what home hears", "nothing reaches the decision-makers at home", back(transfer_home=0.0)),
    Mechanism("what the audience hears", "nothing reaches those visited", back(transfer_audience=0.0)),
    Mechanism("contact cost", "governments meet whatever they expect", every_state(contact_cost=0.0)),
    Mechanism("audience cost", "an exposed channel costs nobody anything at home", every_state(exposure_cost=0.0)),
)
BARGAINING = (
    Mechanism("aspiration", "nobody holds out for more than a gain", every_state(aspiration=0.0)),
    Mechanism("table cost", "governments sit down whatever they expect", every_state(table_cost=0.0)),
    Mechanism("goodwill", "nobody sits down without a gain", every_state(goodwill=0.0)),
    Mechanism("convening", "the table opens as soon as all would join", {"table.convening": 1.0}),
    Mechanism("cooling off", "a failed table may open again at once", {"table.cooling_off_weeks": 0}),
    Mechanism(
        "ratification", "no parliament is asked", {f"states.{one}.ratifies": False for one in ("ukraine", STATES[2])}
    ),
    Mechanism("grievance", "a state kept out asks for nothing extra", every_state(grievance=0.0)),
    Mechanism("fait accompli", "a done deal is no news of trustworthiness", {"table.fait_accompli": 1.0}),
    Mechanism("spoiling", "nobody overruled spoils a deal", agreement(spoiling=0.0)),
)
BELIEFS = (
    Mechanism("optimism", "nobody overrates the other side's costs", every_state(optimism=0.0)),
    Mechanism(
        "ignorance at the start",
        "all know all costs when it begins; costs still wander",
        {f"states.{one}.toward.{two}.intelligence": 0.001 for one in STATES for two in STATES if one != two},
    ),
    Mechanism("volatility", "costs do not wander and beliefs do not fade", every_state(volatility=0.0)),
    Mechanism("weariness", "costs do not grow", every_state(growth=0.0)),
)
KEEPING = (
    Mechanism("betrayal", "a broken agreement loses nothing beyond the war", every_state(betrayal=0.0)),
    Mechanism("deterrence by own strength", "own forces deter nobody", every_state(deterrence=0.0)),
    Mechanism("guarantee", "the guarantee deters nobody", {"guarantees.united_states_for_ukraine.effect": 0.0}),
    Mechanism(
        "burden", "the guarantee costs its guarantor nothing", {"guarantees.united_states_for_ukraine.burden": 0.0}
    ),
    Mechanism(
        "doubt about the guarantor",
        "Russia and Ukraine trust the United States from the start",
        {f"states.{one}.toward.united_states.trust": NEARLY_CERTAIN for one in STATES[:2]},
        sets_trust=True,
    ),
    Mechanism("breaches by the trustworthy", "who is trustworthy never breaks", agreement(hazard_trustworthy=0.0)),
    Mechanism("breaches by others", "others break no more than they do", agreement(hazard_untrustworthy=0.0)),
)
WAR = (
    Mechanism("response of the front", "the front does not answer to arms", {"front.response": 0.0}),
    Mechanism("chance at the front", "the front moves without chance", {"front.sd": 0.0}),
    Mechanism("aid", "no arms are given", {"aid.united_states_to_ukraine.maximum": 0.0}),
    Mechanism("fear of escalation", "aid does not heed it", {"aid.united_states_to_ukraine.sensitivity": 0.0}),
)
PARTS = {
    "The channel": CHANNEL,
    "Bargaining": BARGAINING,
    "Costs and beliefs about them": BELIEFS,
    "Keeping an agreement": KEEPING,
    "The war": WAR,
}
MECHANISMS = tuple(one for part in PARTS.values() for one in part)

KEPT_OUT: Values = {"table.parties": ["russia", "united_states"]}
OF_THOSE_KEPT_OUT = tuple(one for one in BARGAINING if one.name in ("grievance", "fait accompli", "spoiling"))

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Bench:
    """The essay's case with its replicates, against which others are played.

    replicates   how many pairs
    tell         called with a line of progress
    kept         what was played, by the fingerprint of the scenario
    """

    replicates: int
    tell: Tell
    base: Scenario
    played: Result
    kept: dict[str, Result] = field(default_factory=dict, repr=False)

    def play(self, scenario: Scenario) -> Result:
        """Return the same replicates of another scenario, played once."""
        if scenario.fingerprint not in self.kept:
            self.kept[scenario.fingerprint] = run(scenario, self.replicates, SEED)
        return self.kept[scenario.fingerprint]

    def without(self, mechanism: Mechanism) -> Effect:
        """Return the effect of switching one mechanism off."""
        found = effect(mechanism, contrast(self.played, self.play(mechanism.switched_off(self.base))))
        self.tell(f"{mechanism.name}: S {shown(found.success)}, T {shown(found.trust)}")
        return found

    def between(self, before: Values, after: Values) -> Contrast:
        """Return the contrast of two variants of the case."""
        return contrast(self.play(self.base.with_values(before)), self.play(self.base.with_values(after)))


def bench(replicates: int, tell: Tell, values: Values | None = None) -> Bench:
    """Return the case, with some values changed, played."""
    base = load(CASE).with_values(values or {})
    return Bench(replicates, tell, base, run(base, replicates, SEED))


def effect(mechanism: Mechanism, pair: Contrast) -> Effect:
    """Return what a contrast shows of a mechanism."""
    return Effect(
        mechanism, pair.success, pair.number(TRUST), pair.moved.helped + pair.moved.harmed, bool(changed_columns(pair))
    )


def changed_columns(pair: Contrast) -> list[str]:
    """Return the columns of both results in which any bit differs."""
    shared = [name for name in pair.a.columns if name in pair.b.columns]
    return [name for name in shared if not np.array_equal(*pair.values(name), equal_nan=True)]


def shown(one: Difference) -> str:
    """Return a difference with its interval."""
    return f"{one.difference:+.4f} ({one.low:+.4f} to {one.high:+.4f})"


def settled(one: Difference) -> bool:
    """Return whether the interval leaves out 0."""
    return one.low > 0.0 or one.high < 0.0


def cell(one: Difference) -> str:
    """Return a difference for the table, bold where its interval leaves out 0."""
    return f"**{shown(one)}**" if settled(one) else shown(one)


def row(one: Effect) -> tuple[str, ...]:
    """Return the row of one mechanism."""
    about = (one.mechanism.name, one.mechanism.what, one.mechanism.told())
    if not one.touched:
        return (*about, "exactly 0", "exactly 0", "0")
    trust = "its start is set" if one.mechanism.sets_trust else cell(one.trust)
    return (*about, cell(one.success), trust, f"{one.moved:.1%}".replace("%", " %"))


HEAD = ("switched off", "what then holds", "set", "change in S", "change in T", "S changed in")


# Statements put to the test. Each answers whether it holds, and by which numbers.

HARDLY = 0.02  # of S, in either direction
Answer = tuple[bool, str]


def hardly(one: Difference) -> bool:
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
    success, trust = constant.success, constant.number(TRUST)
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


# The page

OPENING = """\
# Ablation

What each mechanism alone does in the essay's case, `{case}`: it is switched off, everything else stays, and both
worlds are played in the same {replicates:,} replicates of seed {seed:,}. S is success within {weeks} weeks, {success:.3f} in
the case; T is Ukraine's trust in the United States at the end, {trust:.3f} in the case. A change is the world without the
mechanism minus the case, with its paired 95 % interval: a positive one says that the mechanism lowers S or T. Bold: the
interval leaves out 0. Of {count} mechanisms without any effect about {chance:.0f} would be bold in each column by chance.

An ablation shows what a mechanism does next to all the others as they are set here. The changes do not add up, and they
say nothing of other settings, nor of the world.

![Change in success and in trust as each mechanism is switched off](ablation.svg)

The figure's scale is that of square roots, so that small changes can be told apart beside large ones.

"""

KEPT_OUT_HEADING = """
## Where Ukraine is kept from the table

Grievance, done deals and spoiling act on states kept out, and in the case nobody is: no effect is expected above. Here the
table seats Russia and the United States only; S is then {success:.3f} and T {trust:.3f}. Spoiling needs a state that is
overruled, and Ukraine, whose blocking is 1, never is.

"""

STATEMENTS_HEADING = """
## Statements put to the test

"""

CLOSING = """
## How it was made

Written by `{command}`: {replicates:,} paired replicates a row, seed {seed:,},
model version `{version}`, scenario `{case}` with fingerprint `{fingerprint}`.

Success: Tango's interval for paired shares; trust: Student's for paired differences. "S changed in" is the share of
replicates in which the mechanism decides between success and none; "exactly 0" says that no column changes in any bit.
Both envoys are changed together. A lean of 0 would drift back up, so susceptibility is set to 0 with it. Intelligence
cannot be perfect, only as good as .001 sd of log cost, and costs go on wandering after it. For narrower intervals there is
`--replicates`; 20,000 make them narrower by a third and take the better part of an hour on two processors.
"""


def strongest(effects: Iterable[Effect], of: Callable[[Effect], Difference]) -> str:
    """Return the names of the mechanisms with the largest settled changes, with the changes."""
    found = [one for one in effects if one.touched and settled(of(one))]
    found.sort(key=lambda one: -abs(of(one).difference))
    return ", ".join(f"{one.mechanism.name} ({of(one).difference:+.3f})" for one in found[:STRONGEST]) or "none"


def summary(effects: list[Effect]) -> str:
    """Return what the tables show, in a few lines."""
    of_channel = [one for one in effects if one.mechanism in CHANNEL]
    others = [one for one in effects if one.mechanism not in CHANNEL]
    comparable = [one for one in effects if not one.mechanism.sets_trust]
    unsettled = [one.mechanism.name for one in effects if one.touched and not settled(one.success)]
    untouched = [one.mechanism.name for one in effects if not one.touched]
    return (
        "## What it shows\n\n"
        f"- Largest changes in S among the channel's mechanisms: {strongest(of_channel, lambda one: one.success)}.\n"
        f"- Largest changes in S among the others: {strongest(others, lambda one: one.success)}.\n"
        f"- Largest changes in T: {strongest(comparable, lambda one: one.trust)}.\n"
        f"- No effect on S could be told from 0: {', '.join(unsettled) or 'none'}.\n"
        f"- Not a bit of any column changes: {', '.join(untouched) or 'none'}.\n"
    )


def averages(result: Result) -> dict[str, float]:
    """Return the mean of S and T of a result."""
    return {"success": result.success.estimate, "trust": math.fsum(result.columns[TRUST]) / len(result)}


def kept_out_table(replicates: int, tell: Tell) -> str:
    """Return the part of the page on a table without Ukraine."""
    here = bench(replicates, tell, KEPT_OUT)
    rows = [row(here.without(one)) for one in OF_THOSE_KEPT_OUT]
    return KEPT_OUT_HEADING.format(**averages(here.played)) + table(HEAD, rows)


def written(replicates: int, tell: Tell) -> tuple[str, str]:
    """Return the text of docs/ablation.md and of docs/ablation.svg."""
    here = bench(replicates, tell)
    tell(f"the case: {here.played}")
    effects = [here.without(one) for one in MECHANISMS]
    known = averages(here.played) | {
        "case": CASE, "replicates": replicates, "seed": SEED, "weeks": here.base.values["weeks"],
        "count": len(MECHANISMS), "chance": len(MECHANISMS) / 20, "command": COMMAND, "version": MODEL_VERSION,
        "fingerprint": here.base.fingerprint[:12],
    }  # fmt: skip
    parts = [OPENING.format(**known), summary(effects)]
    for heading, mechanisms in PARTS.items():
        rows = [row(one) for one in effects if one.mechanism in mechanisms]
        parts.append(f"\n## {heading}\n\n{table(HEAD, rows)}")
    parts.append(kept_out_table(replicates, tell))
    parts.append(STATEMENTS_HEADING)
    for statement, tested in STATEMENTS.items():
        holds, found = tested(here)
        verdict = "Holds." if holds else "Does not hold."
        tell(f"{statement} {verdict} {found}")
        parts.append(f"- *{statement}* {verdict} {found.replace('%', ' %')}\n")
    parts.append(CLOSING.format(**known))
    return "".join(parts), drawn(effects)


# The figure: a row a mechanism, a panel for S and one for T

NAMES, PANEL, GAP, LINE, TOP = 230, 300, 30, 17, 46
TICKS = (-0.6, -0.3, -0.1, -0.01, 0.0, 0.01, 0.1, 0.3, 0.6)
WIDEST = 0.8
FONT = 'font-family="sans-serif" font-size="11"'
INK, FAINT, PALE = "#1f4e79", "#9aa5b1", "#e3e7eb"


def drawn(effects: list[Effect]) -> str:
    """Return the figure of the effects that are not exactly 0, by their change in S."""
    seen = sorted((one for one in effects if one.touched), key=lambda one: -one.success.difference)
    width, height = NAMES + 2 * (PANEL + GAP), TOP + LINE * len(seen) + 12
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {FONT}>',
        "<title>Change in success and in trust as each mechanism is switched off, with 95 % intervals</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *axis(0, "change in S (success)", height),
        *axis(1, "change in T (Ukraine's trust in the United States)", height),
    ]
    for number, one in enumerate(seen):
        y = TOP + LINE * number + 12
        lines.append(f'<text x="{NAMES - 12}" y="{y + 4}" text-anchor="end">{html.escape(one.mechanism.name)}</text>')
        lines += mark(0, y, one.success)
        if not one.mechanism.sets_trust:
            lines += mark(1, y, one.trust)
    return "\n".join([*lines, "</svg>\n"])


def across(panel: int, value: float) -> float:
    """Return where a value stands in a panel: its signed square root."""
    held = max(-WIDEST, min(WIDEST, value))
    centre = NAMES + panel * (PANEL + GAP) + PANEL / 2
    return round(centre + math.copysign(math.sqrt(abs(held) / WIDEST), held) * PANEL / 2, 1)


def axis(panel: int, title: str, height: int) -> list[str]:
    """Return the title, the ticks and the grid of a panel."""
    lines = [f'<text x="{across(panel, 0.0)}" y="14" text-anchor="middle">{html.escape(title)}</text>']
    for tick in TICKS:
        x, colour = across(panel, tick), PALE if tick else FAINT
        lines.append(f'<line x1="{x}" x2="{x}" y1="{TOP - 8}" y2="{height - 8}" stroke="{colour}"/>')
        text = f"{tick:+g}".replace("0.", ".") if tick else "0"
        lines.append(f'<text x="{x}" y="{TOP - 14}" text-anchor="middle" font-size="9">{text}</text>')
    return lines


def mark(panel: int, y: int, one: Difference) -> list[str]:
    """Return a difference as a dot with its interval, faint where the interval holds 0."""
    colour = INK if settled(one) else FAINT
    low, middle, high = (across(panel, value) for value in (one.low, one.difference, one.high))
    return [
        f'<line x1="{low}" x2="{high}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/>',
        f'<circle cx="{middle}" cy="{y}" r="3.5" fill="{colour}"/>',
    ]


def main() -> int:
    """Write the page and the figure and return the exit status."""
    options = argparse.ArgumentParser(prog=COMMAND, description="write docs/ablation.md and docs/ablation.svg")
    options.add_argument("--replicates", type=int, default=REPLICATES, help="paired replicates a row")
    page, picture = written(options.parse_args().replicates, lambda line: print(line, file=sys.stderr, flush=True))
    PAGE.write_text(page, encoding="utf-8")
    FIGURE.write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
