"""Reports: the page of a result folder, its figures as images, and their data."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sim import words
from sim.errors import SimError
from sim.report import numbers
from sim.report.exhibit import Exhibit
from sim.report.figures import ledger
from sim.report.figures.canvas import WIDE
from sim.report.gathered import Gathered, Set
from sim.report.images import write_images
from sim.report.page import Figure, Page, Section, written
from sim.report.sections import along_exhibit, claim_of, effect_exhibit, sections, share_exhibit, spaces_of
from sim.study.store.folder import open_folder
from sim.version import model_version

PAGE, FIGURES = "report.html", "figures"


def write_report(folder: str | os.PathLike[str], out: Path | None = None) -> Path:
    """Write the page of a result folder, into it unless `out` says where, and return its path."""
    path = out or Path(folder) / PAGE
    path.write_text(written(report(folder)), encoding="utf-8")
    return path


def write_figures(folder: str | os.PathLike[str], kind: str, out: Path | None = None) -> list[Path]:
    """Write each figure of a result folder as png or svg, or its data as csv, and return the paths."""
    place = out or Path(folder) / FIGURES
    place.mkdir(parents=True, exist_ok=True)
    found = {place / f"{one.name}.{kind}": one for one in exhibits(report(folder))}
    if kind == "csv":
        for path, one in found.items():
            path.write_text(one.table.csv(), encoding="utf-8")
    else:
        write_images({path: one.draw(WIDE) for path, one in found.items()})
    return list(found)


def report(folder: str | os.PathLike[str]) -> Page:
    """Return what the page of a result folder says."""
    gathered = Gathered(open_folder(folder))
    if not gathered.points:
        raise SimError(f"{folder}: nothing has been played yet; go on with {gathered.folder.resuming()}")
    experiment = gathered.folder.experiment
    made_by = gathered.folder.manifest["model_version"]
    listed = sections(gathered)
    first = headline(gathered, listed)
    return Page(
        title=experiment.title,
        question=experiment.question,
        answer=answer(gathered, first),
        headline=first,
        looks=[(gathered.labels[name], look) for name, look in gathered.looks.items()],
        sections=list(without(first, listed)),
        footer=f"Made by Backchannel, model {model_version()}, from results of model {made_by}.",
    )


def without(first: Exhibit | None, listed: Sequence[Section]) -> Iterator[Section]:
    """Yield sections without the figure that the page begins with; one that showed nothing else is left out."""
    for section in listed:
        blocks = [one for one in section.blocks if not (isinstance(one, Figure) and same(one.exhibit, first))]
        if blocks or not section.blocks:
            yield replace(section, blocks=blocks)


def same(one: Exhibit, other: Exhibit | None) -> bool:
    """Return whether two figures show the same data."""
    return other is not None and one.table == other.table


def exhibits(page: Page) -> Iterator[Exhibit]:
    """Yield every figure of a page, in its order."""
    if page.headline:
        yield page.headline
    for section in page.sections:
        yield from figures_of(section)


def answer(gathered: Gathered, first: Exhibit) -> str:
    """Return the answer in a sentence or two, with its interval; without a contrast or claim, what the first figure says."""
    if is_space(gathered):
        spaces = spaces_of(gathered)
        return f"{first.title}. {ledger.widest(spaces)}" if len(spaces) > 1 else f"{first.title}."
    if gathered.sets:
        largest = max(gathered.sets, key=lambda one: (one.contrast.settled, abs(one.contrast.success.difference)))
        settled = sum(one.contrast.settled for one in gathered.sets)
        more = f" That is the largest of {len(gathered.sets)} changes, of which {settled} move success beyond chance."
        return set_in_words(largest, gathered) + (more if len(gathered.sets) > 1 else "")
    if gathered.verdicts:
        claims = [claim_of(one, gathered) for one in gathered.verdicts]
        return f"{ledger.title(claims)}. {surest(gathered)}"
    return f"{first.title}."


def is_space(gathered: Gathered) -> bool:
    """Return whether the design has places in a space, about which the question then is."""
    return any(row.place for row in gathered.folder.experiment.rows)


def surest(gathered: Gathered) -> str:
    """Return the largest effect on success that a claim's row shows, with its interval."""
    rows = [(claim, row) for claim in gathered.verdicts for row in claim.rows if row.asked.is_success and row.counts]
    if not rows:
        return ""
    claim, row = max(rows, key=lambda one: abs(one[1].effect.difference))
    told = numbers.in_full(row.effect)
    return f"The largest effect on success stands under “{claim.claim}”: {told}."


def set_in_words(one: Set, gathered: Gathered) -> str:
    """Return what a contrast does to success, with its interval."""
    before, after = (numbers.percent(result.success.estimate) for result in (one.contrast.a, one.contrast.b))
    change = numbers.in_full(one.contrast.success)
    pairs = words.count(len(one.contrast), "replicate")
    ends = f"from {before} with “{gathered.called(one.a)}” to {after} with “{gathered.called(one.b)}”"
    if not one.contrast.settled:
        return f"{pairs} do not tell whether success rises or falls {ends}: {change}."
    verb = "rises" if one.contrast.success.difference > 0.0 else "falls"
    return f"Success {verb} {ends}: by {change}, in {pairs} played under both."


def headline(gathered: Gathered, listed: Sequence[Section]) -> Exhibit:
    """Return the figure that shows the answer."""
    if is_space(gathered):
        if gathered.verdicts:
            return named("answer", ledger.space_exhibit(spaces_of(gathered)))
        for section in listed:
            if section.name == "sensitivity":
                return named("answer", figures_of(section)[0])
    if len(gathered.sets) > 1:
        return named("answer", effect_exhibit(gathered, "success"))
    if gathered.sets:
        one = gathered.sets[0]
        return named("answer", share_exhibit(gathered, [one.a, one.b]))
    if gathered.verdicts:
        return ledger.glance([claim_of(one, gathered) for one in gathered.verdicts])
    return named("answer", along_exhibit(gathered) or share_exhibit(gathered, gathered.points))


def figures_of(section: Section) -> list[Exhibit]:
    """Return the figures of a section."""
    return [block.exhibit for block in section.blocks if isinstance(block, Figure)]


def named(name: str, one: Exhibit) -> Exhibit:
    """Return a figure under another name."""
    return replace(one, name=name)
