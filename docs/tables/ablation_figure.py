"""The figure of the ablation: a row for each mechanism, a panel for S and one for T."""

from __future__ import annotations

import html
import math

from docs.tables.effects import Effect, settled
from sim.study.statistics.estimates import Estimate

NAMES, PANEL, GAP, LINE, TOP = 230, 300, 30, 17, 46
TICKS = (-0.6, -0.3, -0.1, -0.01, 0.0, 0.01, 0.1, 0.3, 0.6)
WIDEST = 0.8
FONT = 'font-family="sans-serif" font-size="11"'
INK, FAINT, PALE = "#1f4e79", "#9aa5b1", "#e3e7eb"


def drawn(effects: list[Effect]) -> str:
    """Return the figure of the effects that are not exactly 0, by their change in S."""
    seen = sorted((one for one in effects if one.touched), key=lambda one: -one.success.estimate)
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


def mark(panel: int, y: int, one: Estimate) -> list[str]:
    """Return a difference as a dot with its interval, faint where the interval holds 0."""
    colour = INK if settled(one) else FAINT
    low, middle, high = (across(panel, value) for value in (one.low, one.estimate, one.high))
    return [
        f'<line x1="{low}" x2="{high}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/>',
        f'<circle cx="{middle}" cy="{y}" r="3.5" fill="{colour}"/>',
    ]
