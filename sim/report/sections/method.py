"""How the results were made, what that leaves out, and how to make them again."""

from __future__ import annotations

from sim import words
from sim.report.findings import Findings
from sim.report.page import Block, Command, Grid, Notes, Section, Source
from sim.report.tables import Table
from sim.study.design.experiment_file import FACTORIAL, SPACE

_LIMITS = (
    "Intervals say how far chance alone could move a number. They say nothing about whether the parameters are right.",
    "Few parameters are measured; most are assumed. A result that rests on an assumption is a statement about it.",
    "A government is one actor with one private cost of war. There are no parties, movements or elections.",
    "Names of states are names of bundles of assumptions. No person appears; envoys are types.",
)
_FACTS = (
    ("experiment", "experiment"),
    ("model", "model_version"),
    ("package", "version"),
    ("commit", "commit"),
    ("seed", "seed"),
    ("replicates of each point", "replicates"),
    ("engine", "engine"),
    ("inputs, SHA-256", "inputs_sha256"),
    ("Python", "python"),
    ("machine", "machine"),
    ("played", "time"),
)
_DESIGNS = {
    FACTORIAL: "Design: every combination of scenarios and values of the factors.",
    SPACE: "Design: the scenarios as they are, and a Latin hypercube of places over the ranges of the factors.",
}


def section(findings: Findings) -> Section:
    """Return method, limits, facts and the commands that repeat it."""
    folder, manifest = findings.folder, findings.folder.manifest
    count = words.count(len(folder.points), "point")
    text = (
        f"{words.sentence(count)} of the design, {manifest['replicates']:,} replicates each, all under seed "
        f"{manifest['seed']}: every random number has an address (seed, replicate, week, actor, purpose), so two scenarios "
        "share their luck and differ only in what was changed. Shares take Wilson’s interval, paired differences of shares "
        "Tango’s, means Student’s, corrected for skewness."
    )
    facts = [(name, str(manifest[key])) for name, key in _FACTS if manifest.get(key) is not None]
    failed = sum(len(findings.result(point).failed) for point in findings.points)
    facts.append(("replicates that failed", f"{failed:,}"))
    model = folder.experiment.model
    if model is not None:
        facts += [("model class", model.name), ("its fingerprint", model.fingerprint)]
    blocks: list[Block] = [
        Notes(_LIMITS),
        Grid("What the results were made with", Table(("what", "value"), facts)),
        Command(
            "The same results again beside these, and their page, typed in the folder of this page:",
            findings.repeating_command(),
        ),
        Command(
            "Or play them again from their manifest and compare every bit, typed there too:",
            findings.reproducing_command(),
        ),
    ]
    if model is not None:
        blocks.append(Source(f"The source of {model.name}, as it was when it played", model.source))
    design = _DESIGNS.get(folder.experiment.design, f"Design: {folder.experiment.design}.")
    return Section("method", "Method, limits and how to repeat it", [text, design], blocks)
