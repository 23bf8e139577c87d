"""A scenario over its plausible space, as text of at most 80 columns."""

from __future__ import annotations

import textwrap

from sim import words
from sim.report.text_tables import WIDTH, Layout
from sim.study.play.ignorance import OverPlausible, Spread
from sim.version import model_version

_LEGEND = (
    "Chance: what differs under other luck. Ignorance: what differs with parameters that nobody has measured; its share "
    "is that of the variance."
)
_LAYOUT = Layout(38, (8, 9, 11, 14))


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
        _LAYOUT.line("", ("mean", "chance", "ignorance", "its share")),
        _LAYOUT.line("", ("", "sd", "sd", "95 %")),
        _row("success", success),
    ]
    names = [column.name for column in found.declared]
    shown = [name for name in names if name.startswith("trust.") or name in ("deal_existed", "front")]
    return [*lines, *(_row(name, found.spread(name)) for name in shown), "", *textwrap.wrap(_LEGEND, WIDTH), ""]


def _row(label: str, spread: Spread) -> str:
    """Return one column's line."""
    share = "-" if spread.share.replicates == 0 else f"{spread.share.low:.0%} to {spread.share.high:.0%}"
    numbers = [words.number(value) for value in (spread.mean.estimate, spread.chance, spread.ignorance)]
    return _LAYOUT.line(label[: _LAYOUT.label - 1], (*numbers, share))
