"""Writes what a shipped experiment gave into its page, docs/NAME.md, from a result folder.

    python -m docs.tables.answers FOLDER

FOLDER holds what `sim sweep NAME` gave. The page has a row for each contrast of the experiment, or, where it has none, the
share of each outcome in each of its points. What stands around the marks of the page stays.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from docs.tables.markdown import code, table
from sim.report.sweep_text import contrast_of
from sim.rules.outcomes import OUTCOMES
from sim.study.design.experiments import Experiment
from sim.study.play.contrasts import Contrast
from sim.study.store.folder import Folder, open_folder

DOCS = Path(__file__).resolve().parents[1]
COMMAND = "python -m docs.tables.answers"
MEASURED = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- end of measured -->)", re.DOTALL)
MOST_SETTINGS = 12

SOURCE = """
{replicates:,} replicates of each scenario, seed {seed:,}, model version `{version}`, scenarios `{scenarios}`. Written by
`{command}` from what `sim sweep {name}` gave (content hash {content}).

"""


def main() -> int:
    """Write the page and return the exit status."""
    options = argparse.ArgumentParser(prog=COMMAND, description="write what an experiment gave into docs/NAME.md")
    options.add_argument("folder", help="what sim sweep NAME gave")
    folder = open_folder(options.parse_args().folder)
    page = DOCS / f"{folder.experiment.name}.md"
    page.write_text(page_with_answer(page.read_text(encoding="utf-8"), folder), encoding="utf-8")
    return 0


def page_with_answer(page: str, folder: Folder) -> str:
    """Return a page with what a folder holds between its marks."""
    body = _source(folder) + (_contrasts(folder) if folder.experiment.contrasts else _shares(folder)) + "\n"
    return MEASURED.sub(lambda _: body, page)


def _source(folder: Folder) -> str:
    """Return what the numbers rest on."""
    return SOURCE.format(
        replicates=folder.replicates,
        seed=folder.manifest["seed"],
        version=folder.manifest["model_version"],
        command=COMMAND,
        scenarios=fingerprint(folder.experiment),
        name=folder.experiment.name,
        content=folder.content_hash()[:16],
    )


def fingerprint(experiment: Experiment) -> str:
    """Return a hash of what every point of an experiment plays."""
    points = (f"{point.name}: {point.scenario.fingerprint}" for point in experiment.points)
    return hashlib.sha256("\n".join(points).encode()).hexdigest()[:12]


def _contrasts(folder: Folder) -> str:
    """Return a row for each contrast: what it sets, and the change of each outcome with its paired 95 % interval."""
    outcomes = folder.experiment.outcomes
    rows = []
    for name in folder.experiment.contrasts:
        contrast = contrast_of(folder, name)
        label = folder.experiment.contrasts[name][1]
        rows.append(
            (name.replace("_", " "), _settings(contrast, label), *(_change(contrast, column) for column in outcomes))
        )
    return table(("contrast", "sets", *(f"change in {code(column)}" for column in outcomes)), rows)


def _settings(contrast: Contrast, label: str) -> str:
    """Return what the second scenario sets, each parameter once however many entries it is set in; its label if too much."""
    if len(contrast.differences) > MOST_SETTINGS:
        return f"scenario {code(label)}"
    words = (f"{code(key.rpartition('.')[2])} {_value(value)}" for key, _, value in contrast.differences)
    return ", ".join(dict.fromkeys(words))


def _value(value: object) -> str:
    """Return a value as the page shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float | int) else str(value)


def _change(contrast: Contrast, column: str) -> str:
    """Return the change of a column, bold where its interval leaves out 0."""
    if np.array_equal(*contrast.values(column), equal_nan=True):
        return "exactly 0"
    change = contrast.effect(column).interval()
    words = f"{change.estimate:+.4f} ({change.low:+.4f} to {change.high:+.4f})"
    return f"**{words}**" if change.low > 0.0 or change.high < 0.0 else words


def _shares(folder: Folder) -> str:
    """Return a row for each point: the share of each outcome, in percent."""
    rows = []
    for point in folder.points:
        shares = folder.result(point.name).outcomes
        rows.append((code(point.name), *_percent(shares[outcome].estimate for outcome in OUTCOMES)))
    return table(("scenario", *map(code, OUTCOMES)), rows)


def _percent(shares: Iterable[float]) -> list[str]:
    """Return shares in percent."""
    return [f"{share:.1%}".removesuffix("%") for share in shares]


if __name__ == "__main__":
    raise SystemExit(main())
