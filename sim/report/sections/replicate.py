"""One typical replicate: its line of time, its turning points, and its network."""

from __future__ import annotations

from sim.report.figures import network, weeks
from sim.report.findings import Findings
from sim.report.page import Block, Command, Events, Figure, Section, Turn
from sim.report.stories import story, typical
from sim.version import model_version


def section(findings: Findings) -> Section | None:
    """Return the typical replicate of one point.

    None where the results are of another version of the model, which would play another replicate under its number. One
    that a class of one's own played is named and not played again: a page imports nobody's code.
    """
    manifest = findings.folder.manifest
    if manifest["model_version"] != model_version():
        return None
    point, seed = findings.typical_point, manifest["seed"]
    number, why = typical(findings.result(point))
    command = findings.tracing_command(point, number)
    told = Command("Every event of this replicate, week by week, typed in the folder of this page:", command)
    text = f"Replicate {number:,} of “{findings.name_of(point)}”. {why}"
    if point.base.model is not None and point.base.model.played_by is None:
        return Section("replicate", "One typical replicate", [text], [told])
    played = story(point.scenario, seed, number)
    turns = [
        Turn(f"week {event.week}", played.sentence(event), str(place))
        for place, event in enumerate(played.turns(), start=1)
    ]
    blocks: list[Block] = [
        Figure(weeks.exhibit(played)),
        Events(turns),
        told,
        Figure(network.exhibit(played)),
    ]
    return Section("replicate", "One typical replicate", [text], blocks)
