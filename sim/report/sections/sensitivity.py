"""What each outcome hangs on over the places of a space: chance first, then the parameters."""

from __future__ import annotations

from sim.report.columns import column_words, key_words
from sim.report.figures import sensitivity
from sim.report.figures.exhibit import Exhibit, slug
from sim.report.findings import Findings
from sim.report.page import Figure, Section
from sim.study.claims.analysis import Sensitivity, asked_points, sensitivity_of
from sim.study.claims.spaces import places_of

FEWEST_SHOWN, MOST_SHOWN = 12, 40
METHODS = {
    "sobol": ("total Sobol’ indices", "share of the variance between places, interactions included"),
    "morris": ("root mean square effects of moving a parameter over its whole range", "effect on the outcome"),
}
TEXT = (
    "Every parameter was drawn from its plausible range. Chance is taken out by setting even replicates against odd "
    "ones; a parameter whose interval reaches zero is not resolved and has no rank."
)


def section(findings: Findings) -> Section | None:
    """Return a figure for each outcome and scenario or contrast; None where the design cannot tell."""
    experiment = findings.folder.experiment
    if experiment.design not in METHODS or not places_of(experiment):
        return None
    blocks = [
        Figure(_exhibit(findings, sensitivity_of(findings.folder, outcome, points)))
        for outcome in experiment.outcomes
        for points in asked_points(experiment)
    ]
    return Section("sensitivity", "What it hangs on", [TEXT], blocks)


def _exhibit(findings: Findings, found: Sensitivity) -> Exhibit:
    """Return the figure of what one outcome hangs on; of many parameters that are not resolved, the first are shown."""
    noun = column_words(found.outcome)
    names = [findings.labels[label] for label in found.points]
    what = f"{noun} with “{names[0]}”" if len(names) == 1 else f"what “{names[1]}” changes in {noun}"
    resolved = sum(influence.resolved for influence in found.influences)
    shown = found.influences[: max(resolved, min(len(found.influences), FEWEST_SHOWN))][:MOST_SHOWN]
    indices = [sensitivity.Index(key_words(one.name), one.total, one.resolved) for one in shown]
    name = f"hangs-{slug(found.outcome)}-{'-'.join(map(slug, found.points))}"
    method, caption = METHODS[found.method]
    study = sensitivity.Study(what, method, caption, found.chance, len(found.influences) - resolved)
    return sensitivity.exhibit(name, study, indices)
