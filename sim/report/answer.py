"""The answer that a page begins with: in a sentence or two, and as a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sim import words
from sim.report import numbers
from sim.report.figures import ledger, spaces
from sim.report.figures.exhibit import Exhibit
from sim.report.findings import Findings, PointContrast
from sim.report.page import Section
from sim.report.sections import along, changes, success
from sim.report.ties import foremost, quoted


def answer(findings: Findings, first: Exhibit) -> str:
    """Return the answer with its interval; without a contrast or claim, what the first figure says."""
    if _has_places(findings):
        claims = findings.verdicts_over_space
        return f"{first.title}. {spaces.widest(claims)}" if len(claims) > 1 else f"{first.title}."
    if findings.contrasts:
        return _largest_change(findings)
    if findings.verdicts:
        return f"{ledger.title(findings.verdicts)}. {_largest_effect(findings)}"
    return f"{first.title}."


def _has_places(findings: Findings) -> bool:
    """Return whether the design has places in a space, about which the question then is."""
    return any(row.place for row in findings.folder.experiment.rows)


def _largest_change(findings: Findings) -> str:
    """Return the largest change of success, with its interval, and how many others there are."""
    pairs = findings.contrasts
    largest = max(pairs, key=lambda pair: (pair.contrast.settled, abs(pair.contrast.success.estimate)))
    said = _change_in_words(largest, findings)
    if len(pairs) == 1:
        return said
    settled = sum(pair.contrast.settled for pair in pairs)
    as_large = foremost(pairs, lambda pair: abs(pair.contrast.success.estimate), _in_points)
    if len(as_large) > 1 and any(pair is largest for pair in as_large):
        rank = f"Of {len(pairs)} changes, {len(as_large)} are as large as that"
        return f"{said} {rank}, and {settled} move success beyond chance."
    return f"{said} That is the largest of {len(pairs)} changes, of which {settled} move success beyond chance."


def _in_points(size: float) -> str:
    """Return a difference of shares in percentage points, without its sign."""
    return numbers.decimal(100.0 * size, 1)


def _change_in_words(pair: PointContrast, findings: Findings) -> str:
    """Return what a contrast does to success, with its interval."""
    contrast, effect = pair.contrast, pair.contrast.success
    before, after = numbers.two_percents(contrast.a.success.estimate, contrast.b.success.estimate)
    change = numbers.in_full(effect)
    replicates = words.count(len(contrast), "replicate")
    a, b = (f"“{findings.name_of(point)}”" for point in (pair.a, pair.b))
    if before == after:
        return f"Success is {before} with {a} and with {b} alike: {change}, in {replicates}."
    ends = f"from {before} with {a} to {after} with {b}"
    if not contrast.settled:
        return f"{replicates} do not tell whether success rises or falls {ends}: {change}."
    verb = "rises" if effect.estimate > 0.0 else "falls"
    return f"Success {verb} {ends}: by {change}, in {replicates} played under both."


def _largest_effect(findings: Findings) -> str:
    """Return the largest effect on success that a claim's row shows, with its interval; no difference of differences."""
    effects = [
        (claim, row.effect)
        for claim in findings.verdicts
        for row in claim.rows
        if row.asked.is_success and row.counts and len(row.points) == 2
    ]
    if not effects:
        return ""
    largest = foremost(effects, lambda pair: abs(pair[1].estimate), _in_points)
    (claim, effect), *_ = largest
    claims = list(dict.fromkeys(claim.claim for claim, _ in largest))
    if len(claims) > 1:
        size = _in_points(abs(effect.estimate))
        return f"The largest effects on success stand under {quoted(claims)}: {size} percentage points either way."
    return f"The largest effect on success stands under “{claim.claim}”: {numbers.in_full(effect)}."


def headline(findings: Findings, made: Sequence[Section]) -> Exhibit:
    """Return the figure that shows the answer; some are figures of sections already made."""
    return replace(_shown_first(findings, made), name="answer")


def _shown_first(findings: Findings, made: Sequence[Section]) -> Exhibit:
    """Return the same under its own name."""
    if _has_places(findings):
        if findings.verdicts:
            return spaces.exhibit(findings.verdicts_over_space)
        for section in made:
            if section.name == "sensitivity":
                return section.exhibits()[0]
    if len(findings.contrasts) > 1:
        return changes.exhibit(findings, "success")
    if findings.contrasts:
        pair = findings.contrasts[0]
        return success.exhibit(findings, [pair.a, pair.b])
    if findings.verdicts:
        return ledger.glance(findings.verdicts, findings.flags)
    return along.exhibit(findings) or success.exhibit(findings, findings.points)
