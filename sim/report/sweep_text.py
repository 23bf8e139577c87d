"""What a sweep found, as text of at most 80 columns and as plain data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from sim import words
from sim.plain import plain_data
from sim.report.text import foregone_lines
from sim.report.text_tables import WIDTH, Layout
from sim.study.play.contrasts import Contrast, contrast
from sim.study.statistics.estimates import Estimate
from sim.study.store.folder import Folder

_LAYOUT = Layout(44, (12, 20))
_MOST_LINES = 40
_MOST_FAILURES = 5


def sweep_lines(folder: Folder) -> list[str]:
    """Return what a folder holds: question, success of each point, contrasts, and where to go from here."""
    experiment = folder.experiment
    summary = folder.summary()
    lines = [experiment.title, *textwrap.wrap(experiment.question, WIDTH)]
    lines += [*_foregone_lines(folder), ""]
    names = [point.name for point in experiment.points if summary["points"][point.name]["replicates"]]
    lines += _table(("success", "95 %"), [(name, folder.result(name).success) for name in names[:_MOST_LINES]])
    lines += _more(len(names))
    known = [name for name, pair in experiment.contrasts.items() if set(pair) <= set(names)]
    if known:
        effects = [(name, contrast_of(folder, name).success) for name in known[:_MOST_LINES]]
        lines += ["", *_table(("difference", "95 %"), effects, sign=True), *_more(len(known))]
    played = sum(point["replicates"] for point in summary["points"].values())
    counts = f"{words.count(len(experiment.points), 'point')}, {words.count(played, 'replicate')} in all"
    lines += ["", f"{counts}, seed {experiment.seed}, model {summary['model_version']}"]
    if experiment.claims:
        lines.append(f"The ledger of its claims: {folder.command('claims')}")
    if experiment.is_space:
        lines.append(f"How much each parameter explains: {folder.command('claims', '--explain')}")
    return [*lines, f"Content hash: {summary['content_sha256']}", f"Kept in: {folder.path}"]


def _foregone_lines(folder: Folder) -> list[str]:
    """Return what is to be said of what settings rule out; nothing of scenarios that are none today."""
    playable = [folder.playable(scenario) for scenario in folder.experiment.scenarios.values()]
    return foregone_lines(scenario for scenario in playable if scenario is not None)


def _table(heads: tuple[str, str], rows: Sequence[tuple[str, Estimate]], *, sign: bool = False) -> list[str]:
    """Return rows of names and estimates under heads; a long name stands on a line of its own."""
    lines = [_LAYOUT.line("", heads)]
    for name, estimate in rows:
        ends = words.interval(estimate.low, estimate.high, sign=sign)
        numbers = (words.number(estimate.estimate, sign=sign), ends)
        if len(name) < _LAYOUT.label:
            lines.append(_LAYOUT.line(name, numbers))
        else:
            lines += [*textwrap.wrap(name, WIDTH, break_long_words=True), _LAYOUT.line("", numbers)]
    return lines


def _more(count: int) -> list[str]:
    """Return a line about what a table left out, if anything."""
    return [f"... and {count - _MOST_LINES:,} more: sim export shows all"] if count > _MOST_LINES else []


def contrast_of(folder: Folder, name: str) -> Contrast:
    """Return one of the contrasts of a folder's experiment."""
    a, b = folder.experiment.contrasts[name]
    return contrast(folder.result(a), folder.result(b))


def failure_lines(folder: Folder) -> Iterator[str]:
    """Yield a line on each of the first replicates that failed, and how to play them again."""
    failed = list(folder.failures())
    for point, failure in failed[:_MOST_FAILURES]:
        yield f"{point.name}: replicate {failure.replicate} failed and is left out: {failure.error}"
    if failed:
        count = words.count(len(failed), "replicate")
        yield f"{count} failed; play them again with: {folder.command('sweep', '--retry-failed')}"


def sweep_summary(folder: Folder) -> dict[str, Any]:
    """Return what a folder holds as plain data."""
    experiment = folder.experiment
    summary = folder.summary()
    known = {name for name, point in summary["points"].items() if point["replicates"]}
    pairs = [(name, a, b) for name, (a, b) in experiment.contrasts.items() if {a, b} <= known]
    return {
        "experiment": experiment.name,
        "question": experiment.question,
        "folder": folder.path.as_posix(),
        "seed": experiment.seed,
        "replicates": folder.replicates,
        **summary,
        "contrasts": {name: _contrast_data(contrast_of(folder, name), a, b) for name, a, b in pairs},
    }


def _contrast_data(pair: Contrast, a: str, b: str) -> dict[str, Any]:
    """Return the headline of one contrast as plain data."""
    return {"a": a, "b": b, "replicates": len(pair), "success": plain_data(pair.success)}
