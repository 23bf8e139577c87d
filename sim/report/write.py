"""Write a report: the page of a result folder, its figures as images, and their data."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sim.errors import SimError
from sim.report.answer import answer, headline
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.frame import WIDE
from sim.report.findings import Findings
from sim.report.images import write_images
from sim.report.page import Figure, Page, Section, render_page
from sim.report.sections import sections
from sim.study.store.folder import open_folder
from sim.study.store.locking import explained_errors
from sim.study.store.parts import ASIDE, write_whole
from sim.version import model_version

_PAGE, _FIGURES = "report.html", "figures"


def write_report(folder: str | os.PathLike[str], out: Path | None = None) -> Path:
    """Write the page of a result folder, into it unless `out` says where, and return its path."""
    path = out or Path(folder) / _PAGE
    page = render_page(report_page(folder, path.parent)).encode("utf-8", "backslashreplace")
    with explained_errors(path):
        write_whole(path, page)
    return path


def write_figures(folder: str | os.PathLike[str], kind: str, out: Path | None = None) -> list[Path]:
    """Write each figure of a result folder as png or svg, or its data as csv, and return the paths."""
    place = out or Path(folder) / _FIGURES
    exhibits = {f"{exhibit.name}.{kind}": exhibit for exhibit in report_page(folder, place).exhibits()}
    with explained_errors(place):
        place.mkdir(parents=True, exist_ok=True)
        if kind == "csv":
            for name, exhibit in exhibits.items():
                write_whole(place / name, exhibit.table.csv().encode())
        else:
            with tempfile.TemporaryDirectory(prefix=ASIDE, dir=place) as aside:
                write_images({Path(aside) / name: exhibit.draw(WIDE) for name, exhibit in exhibits.items()})
                for name in exhibits:
                    write_whole(place / name, (Path(aside) / name).read_bytes())
    return [place / name for name in exhibits]


def report_page(folder: str | os.PathLike[str], into: Path) -> Page:
    """Return what the page of a result folder says that is written into some folder."""
    findings = Findings(open_folder(folder), into)
    if not findings.points:
        raise SimError(f"{folder}: nothing has been played yet; go on with {findings.folder.resume_command()}")
    experiment, made_by = findings.folder.experiment, findings.folder.manifest["model_version"]
    made = sections(findings)
    first = headline(findings, made)
    return Page(
        title=experiment.title,
        question=experiment.question,
        answer=answer(findings, first),
        headline=first,
        looks=[(findings.labels[name], look) for name, look in findings.looks.items()],
        sections=list(_without(first, made)),
        footer=f"Made by Backchannel, model {model_version()}, from results of model {made_by}.",
    )


def _without(first: Exhibit, made: Sequence[Section]) -> Iterator[Section]:
    """Yield sections without the figure that the page begins with; one that showed nothing else is left out."""
    for section in made:
        blocks = [block for block in section.blocks if not (isinstance(block, Figure) and _same(block.exhibit, first))]
        if blocks or not section.blocks:
            yield replace(section, blocks=blocks)


def _same(exhibit: Exhibit, other: Exhibit) -> bool:
    """Return whether two figures show the same data."""
    return exhibit.table == other.table
