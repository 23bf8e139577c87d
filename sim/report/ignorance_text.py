"""A scenario over its plausible space, as text of at most 80 columns."""

from __future__ import annotations

import textwrap

from sim import words
from sim.study.play.ignorance import OverPlausible, Spread
from sim.version import model_version

WIDTH = 80
LEGEND = (
    "Chance: what differs under other luck. Ignorance: what differs with parameters that nobody has measured; its share "
    "is that of the variance."
)
LABEL = 38


def over_lines(found: OverPlausible) -> list[str]:
    """Return chance and ignorance as lines."""
    scenario, success = found.scenario, found.spread("success")
    heading = (
        f"{words.count(len(found), 'place')} of the plausible space of {scenario.name} "
        f"({len(found.factors)} parameters), each played twice, seed {found.seed}, model {model_version()}"
    )
    lines = [
        *textwrap.wrap(scenario.title or scenario.name, WIDTH),
        *textwrap.wrap(heading, WIDTH),
        "",
        f"Success {words.number(success.mean.estimate)}, 95 % {words.interval(success.mean.low, success.mean.high)}",
        f"In 95 % of the places, what is to be expected lies within {words.interval(success.low, success.high)}",
        "",
        f"{'':<{LABEL}}{'mean':>8}{'chance':>9}{'ignorance':>11}{'its share':>14}",
        f"{'':<{LABEL}}{'':>8}{'sd':>9}{'sd':>11}{'95 %':>14}",
        row("success", success),
    ]
    names = [column.name for column in found.declared]
    shown = [name for name in names if name.startswith("trust.") or name in ("deal_existed", "front")]
    return [*lines, *(row(name, found.spread(name)) for name in shown), "", *textwrap.wrap(LEGEND, WIDTH), ""]


def row(label: str, one: Spread) -> str:
    """Return one column's line."""
    numbers = f"{words.number(one.mean.estimate):>8}{words.number(one.chance):>9}{words.number(one.ignorance):>11}"
    share = "-" if one.share.replicates == 0 else f"{one.share.low:.0%} to {one.share.high:.0%}"
    return f"{label[: LABEL - 1]:<{LABEL}}{numbers}{share:>14}"
