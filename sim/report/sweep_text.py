"""What a sweep found, as text of at most 80 columns and as plain data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from sim import words
from sim.study.play.contrasts import Contrast, Difference, contrast
from sim.study.play.results import known
from sim.study.statistics.estimates import Estimate
from sim.study.store.folder import Folder

WIDTH = 80
NAME = 44
MOST_LINES = 40
MOST_FAILURES = 5


def sweep_lines(folder: Folder) -> list[str]:
    """Return what a folder holds: question, success of each point, contrasts, and where to go from here."""
    experiment = folder.experiment
    told = folder.summary()
    lines = [experiment.title, *textwrap.wrap(experiment.question, WIDTH), ""]
    names = [point.name for point in experiment.points if told["points"][point.name]["replicates"]]
    lines += table("success", "95 %", [(name, folder.result(name).success) for name in names[:MOST_LINES]])
    lines += more(len(names))
    known = [name for name, pair in experiment.contrasts.items() if set(pair) <= set(names)]
    if known:
        found = [(name, contrast_of(folder, name).success) for name in known[:MOST_LINES]]
        lines += ["", *table("difference", "95 %", found), *more(len(known))]
    played = sum(one["replicates"] for one in told["points"].values())
    counts = f"{words.count(len(experiment.points), 'point')}, {words.count(played, 'replicate')} in all"
    lines += ["", f"{counts}, seed {experiment.seed}, model {told['model_version']}"]
    if experiment.claims:
        lines.append(f"The ledger of its claims: sim claims {folder.path}")
    if experiment.is_space:
        lines.append(f"How much each parameter explains: sim claims {folder.path} --explain")
    return [*lines, f"Content hash: {told['content_sha256']}", f"Kept in: {folder.path}"]


def table(heading: str, interval: str, rows: Sequence[tuple[str, Estimate | Difference]]) -> list[str]:
    """Return rows of names and numbers under a heading; a long name stands on a line of its own."""
    lines = [f"{'':<{NAME}}{heading:>12}  {interval:>18}"]
    for name, one in rows:
        value = one.difference if isinstance(one, Difference) else one.estimate
        sign = "+" if isinstance(one, Difference) else ""
        numbers = f"{value:>{sign}12.3f}  {f'{one.low:{sign}.3f} to {one.high:{sign}.3f}':>18}"
        if len(name) < NAME:
            lines.append(f"{name:<{NAME}}{numbers}")
        else:
            lines += [*textwrap.wrap(name, WIDTH, break_long_words=True), f"{'':<{NAME}}{numbers}"]
    return lines


def more(count: int) -> list[str]:
    """Return a line about what a table left out, if anything."""
    return [f"... and {count - MOST_LINES:,} more: sim export shows all"] if count > MOST_LINES else []


def contrast_of(folder: Folder, name: str) -> Contrast:
    """Return one of the contrasts of a folder's experiment."""
    a, b = folder.experiment.contrasts[name]
    return contrast(folder.result(a), folder.result(b))


def failure_lines(folder: Folder) -> Iterator[str]:
    """Yield a line on each of the first replicates that failed, and how to play them again."""
    failed = list(folder.failures())
    for point, one in failed[:MOST_FAILURES]:
        yield f"{point.name}: replicate {one.replicate} failed and is left out: {one.error}"
    if failed:
        count = words.count(len(failed), "replicate")
        yield f"{count} failed; play them again with: sim sweep {folder.path} --retry-failed"


def sweep_summary(folder: Folder) -> dict[str, Any]:
    """Return what a folder holds as plain data."""
    experiment = folder.experiment
    told = folder.summary()
    known = {name for name, one in told["points"].items() if one["replicates"]}
    pairs = [(name, a, b) for name, (a, b) in experiment.contrasts.items() if {a, b} <= known]
    return {
        "experiment": experiment.name,
        "question": experiment.question,
        "folder": folder.path.as_posix(),
        "seed": experiment.seed,
        "replicates": folder.replicates,
        **told,
        "contrasts": {name: contrast_summary(contrast_of(folder, name), a, b) for name, a, b in pairs},
    }


def contrast_summary(pair: Contrast, a: str, b: str) -> dict[str, Any]:
    """Return the headline of one contrast as plain data."""
    one = pair.success
    success = {"difference": known(one.difference), "low": known(one.low), "high": known(one.high)}
    return {"a": a, "b": b, "replicates": len(pair), "success": success}
