"""Writes docs/calibration.md: what was set, how many settings meet the targets, and what success is most sensitive to.

python -m docs.tables.calibration
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill

import numpy as np

from docs.tables.markdown import code, table
from docs.tables.weighing import (
    ALONE_SEED,
    CHECK_SEED,
    DURABILITY,
    IDLE,
    SETTINGS_SEED,
    SUCCESS,
    Fit,
    Swing,
    Target,
    Tell,
    bounds,
    design,
    drawn,
    fit,
    fits,
    played,
    reference,
    swings,
)
from sim.study.play.results import Result
from sim.study.statistics.estimates import Estimate, wilson
from sim.version import model_version

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "calibration.md"
COMMAND = "python -m docs.tables.calibration"
CHECKED, SETTINGS, PER_SETTING, ALONE = 8_000, 300, 400, 1_500
STRONGEST = 10
WIDTH = 120

OPENING = """\
# Calibration

The reference scenario has no channel and seats all concerned. Two things are asked of it, so that what a channel does
is asked of a world that is neither hopeless nor at peace anyway. Besides, the drift of the front and Ukraine's trust in
the United States were set to what was measured (evidence: `isw_front_mean`, `kiis_trust_us_2024`). No effect of a
channel was: no data exist on how often back channels leak, misreport or succeed (evidence: `success_by_track`,
`leak_rate`, `leak_effect`, `envoy_misreporting`).

"""

WHAT_WAS_SET = """
{verdict} Only the reference was played, under seeds below 1,000; claims about channels are put to the test under seeds from
1,000 on.

An agreement counts if it was the first and was signed a year or more before the horizon. Holding for a year is success and
ends the replicate, so of these it is always known whether they held: nothing is censored, and a Kaplan-Meier curve would
end at the same share. First agreements signed later, and second ones, whose week is no column, are left out. If they
all counted, the share would lie between {least:.3f}, were all those broken that the horizon cuts off, and {most:.3f}, had
all of them held.

The belief of the parties is another matter: by their own reckoning an agreement is kept more often than it is (see
[keeping](explanation/mechanisms/keeping.md)).

## Settings that meet both targets

Two targets do not determine {factors} assumed numbers. {settings} settings were drawn over the plausible ranges of all of
them, and {per_setting} replicates of the reference played with each.

"""

HOW_DRAWN = """
A setting meets a target if its estimate does; surely, if the whole 95 % interval does, and surely not, if none of it does.
{spread}

The settings are a Latin hypercube: each range is cut into {settings} parts, and each part used once. What tells the states
apart is drawn for each state or ordered pair: costs, losses by betrayal, deterrence, reliability, trust. Intelligence is
drawn for each pair of states, both ways alike. What the reference sets alike for all, as patience and weariness, is one
number for all. Sizes whose range leaves out 0, such as costs, are drawn evenly in their logarithm, shares and
probabilities evenly.
Drawn apart, most settings describe no war one would recognise: Ukraine may trust Russia more than the United States. So the
share is one of the ranges, not of the world.

Not drawn, because they decide nothing here: {idle}. Aims, weights and the structural choices, such as the number of
rounds or the weeks over which a deal is judged, have no range to draw from.

## What success is most sensitive to

{message}

Each line sets one factor to the ends of its plausible range, everything else at its default, and gives the change of
success against the default ({success:.3f}) in the same {alone:,} replicates, with its paired 95 % interval. The last
column is the rank correlation of the factor with success over the {settings} settings above, where everything else varies
too. What the parties believe of the weekly probabilities of a breach moves with these probabilities.

"""

CLOSING = """
A narrow range makes a factor look harmless, and the ranges were chosen, not measured. The response of the front is varied
without holding its drift to what was measured, so at its upper end the front moves three times as fast.

## How it was made

Written by `{command}`: {checked:,} replicates of seed {check_seed} for the targets, {settings} settings of {per_setting}
replicates of seed {settings_seed}, {alone:,} replicates of seed {alone_seed} a line of the last table,
model version `{version}`, scenario `reference` with fingerprint `{fingerprint}`.
Shares have Wilson's interval, differences of paired shares Tango's.
"""


def estimated(one: Estimate) -> str:
    """Return an estimate with its interval."""
    return f"{one.estimate:.3f} ({one.low:.3f} to {one.high:.3f})"


def changed(one: Estimate) -> str:
    """Return a difference with its interval, bold where it leaves out 0."""
    text = f"{one.estimate:+.3f} ({one.low:+.3f} to {one.high:+.3f})"
    return f"**{text}**" if one.low > 0.0 or one.high < 0.0 else text


def standing(target: Target, one: Estimate) -> str:
    """Return how an estimate stands to a target."""
    if target.surely_met(one):
        return "met, with its whole interval"
    return "met" if target.met(one) else "missed"


def targets_table(found: Fit) -> str:
    """Return the table of the targets and of what the defaults give."""
    rows = []
    for target, one in ((SUCCESS, found.success), (DURABILITY, found.durability)):
        span = f"{target.low:g} to {target.high:g}"
        rows.append(
            (target.name, span, target.because, f"{estimated(one)}, n = {one.replicates:,}", standing(target, one))
        )
    return table(("asked for", "target", "because", "at the defaults", ""), rows)


def verdict(found: Fit) -> str:
    """Return what follows for the defaults."""
    if found.met:
        return "The defaults meet both targets. They were left as they are and not tuned any further."
    return "The defaults miss a target: they are to be set anew before anything else is read off the model."


def settings_table(found: Sequence[Fit]) -> str:
    """Return the table of how many settings meet the targets."""
    kinds = (
        ("meet both targets", sum(one.met for one in found)),
        ("surely meet both", sum(one.surely_met for one in found)),
        ("surely miss one", sum(one.surely_missed for one in found)),
        ("meet that for success", sum(SUCCESS.met(one.success) for one in found)),
        ("meet that for durability", sum(DURABILITY.met(one.durability) for one in found)),
    )
    rows = [(name, f"{times} of {len(found)}", estimated(wilson(times, len(found)))) for name, times in kinds]
    return table(("settings that", "number", "share"), rows)


def spread(found: Sequence[Fit]) -> str:
    """Return how success varies over the settings."""
    low, middle, high = np.quantile([one.success.estimate for one in found], (0.1, 0.5, 0.9))
    none = sum(one.success.estimate == 0.0 for one in found)
    return (
        f"Success has a median of {middle:.2f} over the settings; in a tenth of them it is below {low:.2f}, in a tenth "
        f"above {high:.2f}, and in {none} of them it never occurred."
    )


def message(listed: Sequence[Swing], success: float) -> str:
    """Return the message of the table of sensitivities."""
    top = listed[:STRONGEST]
    unmeasured = [one for one in top if not one.factor.measured]
    names = "; ".join(one.factor.name for one in unmeasured[:5])
    ends = [success + end.estimate for one in unmeasured for end in (one.low, one.high)]
    rest = [one.factor.name for one in top if one.factor.measured]
    exception = f" The exception: {', '.join(rest)}, where the public was asked, not the government." if rest else ""
    return (
        f"**Success is most sensitive to quantities nobody has measured.** Of the {STRONGEST} factors that move it most, "
        f"{len(unmeasured)} have never been measured, first of all {names}. Each within its plausible range, they take "
        f"success from {min(ends):.2f} to {max(ends):.2f}, one at a time.{exception} Levels of success are therefore "
        "assumptions in disguise; what can be learned is how scenarios differ, and over which part of the ranges they do."
    )


def sensitivity_table(listed: Sequence[Swing]) -> str:
    """Return the table of sensitivities."""
    rows = []
    for one in listed:
        low, high = one.factor.plausible
        correlation = f"{one.correlation:+.2f}" if np.isfinite(one.correlation) else "not drawn"
        source = code(one.factor.evidence) or "assumed"
        default = f"{one.factor.default(reference()):g}"
        rows.append(
            (one.factor.name, default, f"{low:g} to {high:g}", source, changed(one.low), changed(one.high), correlation)
        )
    return table(
        ("factor", "default", "plausible", "standing", "success at the low end", "at the high end", "rank correlation"),
        rows,
    )


def idle() -> str:
    """Return which parameters decide nothing in the reference, and why."""
    told = [f"{', '.join(map(code, names))} ({because})" for because, names in IDLE.items()]
    return "; ".join(told)


def written(checked: int, settings: int, per_setting: int, alone: int, tell: Tell) -> str:
    """Return the text of docs/calibration.md."""
    defaults: Result = played({}, checked, CHECK_SEED)
    asked = fit(defaults)
    tell(f"success {estimated(asked.success)}, durability {estimated(asked.durability)}")
    places = design(settings)
    found = fits(places, per_setting, tell)
    listed = swings(alone, places, found, tell)
    least, most = bounds(defaults)
    base = played({}, alone, ALONE_SEED).success.estimate
    known = {
        "verdict": verdict(asked), "least": least, "most": most, "factors": len(drawn()), "settings": settings,
        "per_setting": per_setting, "alone": alone, "spread": spread(found), "idle": idle(), "success": base,
        "message": message(listed, base), "command": COMMAND, "checked": checked, "check_seed": CHECK_SEED,
        "settings_seed": SETTINGS_SEED, "alone_seed": ALONE_SEED, "version": model_version(),
        "fingerprint": reference().fingerprint[:12],
    }  # fmt: skip
    return wrapped(
        [
            OPENING,
            "## What was set\n\n",
            targets_table(asked),
            WHAT_WAS_SET.format(**known),
            settings_table(found),
            HOW_DRAWN.format(**known),
            sensitivity_table(listed),
            CLOSING.format(**known),
        ]
    )


def wrapped(parts: Sequence[str]) -> str:
    """Return the parts as one text, its paragraphs filled; tables and headings stay as they are."""
    blocks = "".join(parts).split("\n\n")
    filled = [block if block.startswith(("|", "#")) else fill(block, WIDTH, break_on_hyphens=False) for block in blocks]
    return "\n\n".join(filled).rstrip("\n") + "\n"


def main() -> int:
    """Write the page and return the exit status."""
    options = argparse.ArgumentParser(prog=COMMAND, description="write docs/calibration.md")
    options.add_argument("--settings", type=int, default=SETTINGS, help="settings drawn over the plausible ranges")
    options.add_argument("--replicates", type=int, default=PER_SETTING, help="replicates a setting")
    asked = options.parse_args()
    text = written(
        CHECKED, asked.settings, asked.replicates, ALONE, lambda line: print(line, file=sys.stderr, flush=True)
    )
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
