"""Estimates in rows: how often an agreement holds, what each change does, how it ended, and whom it helps and harms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sim import words
from sim.report import numbers
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.forest import Heading, Row, Scale, drawing
from sim.report.figures.labelled import Labelled
from sim.report.figures.measures import CHANGE_OF_SUCCESS, SUCCESS, Measure
from sim.report.numbers import ends
from sim.report.palette import SIGNAL, WARNING, Look
from sim.report.tables import Table
from sim.report.ties import foremost, quoted
from sim.study.play.contrasts import SharesMoved
from sim.study.statistics.estimates import Estimate

_Bounds = tuple[float, float]


def _said(parts: Iterable[tuple[str, str]]) -> str:
    """Return what rows say, one after another: each label with its number."""
    return "; ".join(f"{label} {number}" for label, number in parts)


# ---- Success ---------------------------------------------------------------------------------------------------------

_SUCCESS_CAPTION = (
    "Marks are estimates, lines their 95 % intervals. All scenarios are played in the same replicates, so differences "
    "between them are surer than these intervals suggest."
)


def success(shares: Sequence[Labelled[Estimate]]) -> Exhibit:
    """Return how often an agreement holds, by scenario, in the order given."""
    rows = [
        Row(share.label, *ends(share.found), numbers.share(share.found), share.look, (share.look.name,))
        for share in shares
    ]
    said = _said((row.label, row.said) for row in rows)
    data = [(share.label, *ends(share.found), share.found.replicates) for share in shares]
    table = Table(("scenario", "success, share", "95 % low", "95 % high", "replicates"), data)
    title = _success_title(shares)
    scale = Scale(SUCCESS.caption, percent=True)
    return Exhibit("success", title, said, _SUCCESS_CAPTION, table, drawing(title, rows, scale))


def _success_title(shares: Sequence[Labelled[Estimate]]) -> str:
    """Return what the shares show, in a sentence."""
    tops = foremost(shares, lambda share: share.found.estimate, numbers.percent)
    bottoms = foremost(shares, lambda share: -share.found.estimate, numbers.percent)
    highest, lowest = (numbers.percent(found[0].found.estimate) for found in (tops, bottoms))
    best, worst = (quoted([share.label for share in found]) for found in (tops, bottoms))
    if len(shares) == 1:
        return f"An agreement holds in {highest} of replicates"
    if highest == lowest:
        return f"An agreement holds in {highest} of replicates in each scenario alike"
    if tops[0].found.low <= bottoms[0].found.high:
        return f"Success lies between {lowest} ({worst}) and {highest} ({best}), whose own intervals overlap"
    return f"Success is likeliest with {best} ({highest}) and rarest with {worst} ({lowest})"


# ---- Changes ---------------------------------------------------------------------------------------------------------

_CHANGES_CAPTION = (
    "Both scenarios of a contrast are played in the same replicates, under the same luck. Marks are the mean difference, "
    "lines its 95 % interval; a hollow mark says that the interval holds zero."
)


def changes(effects: Sequence[Labelled[Estimate]], measure: Measure = CHANGE_OF_SUCCESS) -> Exhibit:
    """Return what each contrast does to one outcome, second scenario minus first, about zero."""
    rows = [
        Row(
            effect.label,
            *ends(effect.found),
            measure.in_words(effect.found),
            effect.look,
            effect.scenarios,
            hollow=not _settled(effect),
        )
        for effect in effects
    ]
    said = _said((row.label, row.said) for row in rows)
    data = [(effect.label, *ends(effect.found), effect.found.replicates) for effect in effects]
    table = Table(("contrast", f"change of {measure.noun}", "95 % low", "95 % high", "pairs"), data)
    title = _changes_title(effects, measure)
    scale = Scale(measure.caption, percent=measure.percent, signed=True)
    return Exhibit(measure.name, title, said, _CHANGES_CAPTION, table, drawing(title, rows, scale))


def _changes_title(effects: Sequence[Labelled[Estimate]], measure: Measure = CHANGE_OF_SUCCESS) -> str:
    """Return what the differences show, in a sentence."""
    settled = [effect for effect in effects if _settled(effect)]
    if not settled:
        return f"No change of {measure.noun} can be told from zero"

    def by(size: float) -> str:
        return f"{numbers.decimal(100.0 * size, 1)} percentage points" if measure.percent else numbers.decimal(size)

    largest = foremost(settled, lambda effect: abs(effect.found.estimate), by)
    signs = {effect.found.estimate > 0.0 for effect in largest}
    verb = "move" if len(signs) == 2 else "raise" if True in signs else "lower"
    most = (
        f"{quoted([effect.label for effect in largest])} {verb}{'s' if len(largest) == 1 else ''} {measure.noun} most"
    )
    most += f", by {by(abs(largest[0].found.estimate))}"
    rest = len(effects) - len(settled)
    return most if rest == 0 else f"{most}; {rest} of {len(effects)} contrasts cannot be told from zero"


def _settled(effect: Labelled[Estimate]) -> bool:
    """Return whether the interval of a difference leaves out zero."""
    return effect.found.low > 0.0 or effect.found.high < 0.0


# ---- Endings ---------------------------------------------------------------------------------------------------------

_ENDINGS_CAPTION = (
    "Of several failures in one replicate the last counts. Marks are estimates, lines their 95 % intervals."
)
_ENDINGS_SCALE = Scale("share of replicates that ended so, percent", percent=True)

Shares = Labelled[Mapping[str, Estimate]]


def endings(scenarios: Sequence[Shares]) -> Exhibit:
    """Return how the replicates ended: the share of each outcome by scenario, a block for each way to fail that occurs."""
    causes = _causes(scenarios)
    rows: list[Row | Heading] = []
    for cause in causes:
        rows.append(Heading(words.sentence(words.outcome(cause))))
        for scenario in scenarios:
            share = scenario.found[cause]
            rows.append(Row(scenario.label, *ends(share), numbers.share(share), scenario.look, (scenario.look.name,)))
    said = "; ".join(
        f"{words.outcome(cause)}: "
        + ", ".join(f"{scenario.label} {numbers.share(scenario.found[cause])}" for scenario in scenarios)
        for cause in causes
    )
    data = [(scenario.label, name, *ends(share)) for scenario in scenarios for name, share in scenario.found.items()]
    table = Table(("scenario", "outcome", "share", "95 % low", "95 % high"), data)
    title = _endings_title(scenarios)
    return Exhibit("endings", title, said, _ENDINGS_CAPTION, table, drawing(title, rows, _ENDINGS_SCALE))


def _causes(scenarios: Sequence[Shares]) -> list[str]:
    """Return the outcomes other than success that occur, the commonest first."""
    most = {
        name: max(scenario.found[name].estimate for scenario in scenarios)
        for name in scenarios[0].found
        if name != "success"
    }
    return [name for name in sorted(most, key=lambda name: -most[name]) if most[name] > 0.0]


def _endings_title(scenarios: Sequence[Shares]) -> str:
    """Return what ends most replicates without success, in a sentence."""
    causes = _causes(scenarios)
    if not causes:
        return "Every replicate ended in success"
    most = {cause: max(scenario.found[cause].estimate for scenario in scenarios) for cause in causes}
    commonest = foremost(causes, lambda cause: most[cause], numbers.percent)
    share = numbers.percent(most[commonest[0]])
    if len(commonest) > 1:
        ways = words.listed(words.outcome(cause) for cause in commonest)
        return f"The commonest ends without success, each in up to {share} of replicates: {ways}"
    [cause] = commonest
    worst = foremost(scenarios, lambda scenario: scenario.found[cause].estimate, numbers.percent)
    labels = quoted([scenario.label for scenario in worst])
    return f"The commonest end without success: {words.outcome(cause)}, in {share} of replicates with {labels}"


# ---- Helped and harmed -----------------------------------------------------------------------------------------------

_MOVED_CAPTION = (
    "Helped: success with the change and none without it; harmed: the reverse. Marks are what shared luck gives. Which "
    "replicate would have ended how under both cannot be observed in the world: lines are what the two shares of success "
    "alone allow (Fréchet’s bounds), not intervals of chance."
)
_MOVED_SCALE = Scale("share of replicates, percent", percent=True)
_HELPED, _HARMED = Look("", SIGNAL.light, "triangle-up", "solid"), Look("", WARNING.light, "triangle-down", "solid")


def moved(contrasts: Sequence[Labelled[SharesMoved]]) -> Exhibit:
    """Return how many replicates each contrast helps and harms, with the bounds that the two shares alone allow."""
    rows: list[Row | Heading] = []
    parts, data = [], []
    for contrast in contrasts:
        rows.append(Heading(contrast.label, scenarios=contrast.scenarios))
        for word, look, share, bounds in _both(contrast.found):
            row = Row(word, share, *bounds, _bounded(share, bounds), look, contrast.scenarios)
            rows.append(row)
            parts.append((f"{contrast.label}: {word}", row.said))
            data.append((contrast.label, word, share, *bounds))
    table = Table(("contrast", "which", "share", "lowest possible", "highest possible"), data)
    title = _moved_title(contrasts)
    return Exhibit("moved", title, _said(parts), _MOVED_CAPTION, table, drawing(title, rows, _MOVED_SCALE))


def _both(shares: SharesMoved) -> list[tuple[str, Look, float, _Bounds]]:
    """Return helped and harmed: the word, its look, the share and its bounds."""
    return [
        ("helped", _HELPED, shares.helped, shares.helped_bounds),
        ("harmed", _HARMED, shares.harmed, shares.harmed_bounds),
    ]


def _bounded(share: float, bounds: _Bounds) -> str:
    """Return a share with its bounds in words."""
    low, high = (numbers.decimal(100.0 * bound, 1) for bound in bounds)
    return f"{numbers.percent(share)} [{low} to {high}]"


def _moved_title(contrasts: Sequence[Labelled[SharesMoved]]) -> str:
    """Return what the shares show, in a sentence."""
    worst = foremost(contrasts, lambda contrast: contrast.found.harmed, numbers.percent)
    harmed, helped = (numbers.percent(share) for share in (worst[0].found.harmed, worst[0].found.helped))
    if worst[0].found.harmed == 0.0:
        return "No change costs a replicate its peace"
    if len(worst) > 1:
        return f"{quoted([contrast.label for contrast in worst])} each cost {harmed} of replicates their peace"
    return f"“{worst[0].label}” costs {harmed} of replicates their peace and gives one to {helped}"
