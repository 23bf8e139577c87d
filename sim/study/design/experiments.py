"""Experiment files: a question, the scenarios and factors that make its points, and what is set against what."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.errors import Problems, ScenarioError
from sim.scenario.check import Report, check_scope
from sim.scenario.keys import Key, Tree, dotted, quoted, shown, suggestion
from sim.scenario.load import Scenario
from sim.scenario.models import Model
from sim.scenario.read import Document, Given, Place, label_of, parse_document, read_document
from sim.scenario.worlds import fill_scope
from sim.shipped import shipped, shipped_names
from sim.steps.columns import columns_of
from sim.study.design.claim_file import AskedClaim, asked_claims
from sim.study.design.experiment_file import ALWAYS_KEPT, SET, SPACE, VALUES, ExperimentFile
from sim.study.design.factors import count_settings, factors_of, flat
from sim.study.design.loading import load
from sim.study.design.points import Factor, Point, Row, factorial_rows, held_by, pairs_of, points_of, setting
from sim.study.design.sampling import drawn_rows, plausible_factors

_FREE = (("scenarios", "set", SET), ("factors", "values", VALUES))
_SCENARIOS = ("scenarios", "scenario")  # shipped files of a kind, and what one of them is called
_ASSUMPTIONS = ("assumptions", "set of assumptions")
_MOST_POINTS = 250_000
_MOST_DRAWN = 10_000_000
_MOST_CHECKED = 1_000_000  # values, over all points and eras
_WRITTEN_OUT = 10**15


@dataclass(frozen=True, eq=False)
class Experiment:
    """A question put to the model, checked, with every scenario it needs.

    document    the file it was read from
    rows        the design as drawn
    points      the points of the design, in their order; they follow from the rows
    precision   half-width asked of the 95 % intervals, None where a fixed number of replicates is asked for
    outcomes    the columns the answer is about
    kept        the columns that are kept; none where all are
    contrasts   by name: the names of two points; what is told is the second minus the first
    claims      the claims put to the test, by id
    extends     by scenario, what its file extends
    overrides   by scenario, what the file sets over that, by key
    """

    name: str
    document: Document = field(repr=False)
    title: str
    question: str
    description: str = field(repr=False)
    seed: int
    replicates: int
    precision: float | None
    weekly: bool
    outcomes: tuple[str, ...]
    kept: tuple[str, ...]
    scenarios: Mapping[str, Scenario] = field(repr=False)
    factors: Mapping[str, Factor] = field(repr=False)
    design: str
    rows: tuple[Row, ...] = field(repr=False)
    points: tuple[Point, ...] = field(repr=False)
    contrasts: Mapping[str, tuple[str, str]] = field(repr=False)
    claims: Mapping[str, AskedClaim] = field(repr=False)
    extends: Mapping[str, str] = field(repr=False)
    overrides: Mapping[str, Mapping[str, Any]] = field(repr=False)

    @property
    def is_space(self) -> bool:
        """Whether its points lie at places of a space."""
        return any(row.place for row in self.rows)

    @property
    def model(self) -> Model | None:
        """The model class of one's own that plays all its scenarios; None for ours."""
        return next(iter(self.scenarios.values())).model

    def with_rows(self, rows: Sequence[Row]) -> Experiment:
        """Return the experiment with some lines of a design in place of its own, and the points that follow from them."""
        points = tuple(points_of(rows, self.scenarios, self.factors))
        return replace(self, rows=tuple(rows), points=points)

    @cached_property
    def held(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """By scenario and factor, the keys that are varied there."""
        return held_by(self.scenarios, self.factors)


def load_experiment(source: str | os.PathLike[str], model: type | None = None) -> Experiment:
    """Return an experiment by its shipped name or from a file; raise ScenarioError with a line for each mistake.

    model   a subclass of sim.War that plays all its scenarios; a file never names code
    """
    name = os.fsdecode(source)
    if name in shipped_names("experiments"):
        document = read_document(shipped("experiments") / f"{name}.toml", f"experiments/{name}.toml")
    elif not os.path.lexists(name):
        hint = suggestion(name, shipped_names("experiments"), "experiments")
        raise ScenarioError(f"{quoted(name)} is neither a shipped experiment nor a file{hint}")
    else:
        document = read_document(Path(name))
    return read_experiment(document, document.path.stem, model=model)


def written_experiment(
    text: str,
    name: str,
    path: Path,
    scenarios: Mapping[str, Scenario] | None = None,
    model: type | None = None,
) -> Experiment:
    """Return the experiment that a text makes which would stand at a path; `scenarios` stand for what would be loaded."""
    return read_experiment(parse_document(path, label_of(path), text), name, scenarios, model=model)


def read_experiment(
    document: Document,
    name: str,
    scenarios: Mapping[str, Scenario] | None = None,
    rows: tuple[Row, ...] | None = None,
    model: type | None = None,
) -> Experiment:
    """Return the experiment of a document; `scenarios` and `rows` stand for what would be loaded and drawn.

    model   the class of one's own for which scenarios are loaded
    """
    report = Report(Given(document.tree, dict(_places(document, document.tree, ())), document.label), Problems())
    _check_file(report)
    report.problems.refuse()
    values = fill_scope(ExperimentFile, document.tree, (), document.tree)
    played = _loaded_scenarios(document, report, model) if scenarios is None else scenarios
    report.problems.refuse()
    if rows is None:
        _check_size(values, document.tree, len(played), report)
    report.problems.refuse()
    factors = factors_of(document.tree, values, played, report)
    report.problems.refuse()
    if values["over"]:
        taken = [key for factor in factors.values() for key in factor.keys]
        factors |= plausible_factors(played, taken)
    drawn = rows if rows is not None else tuple(rows_of(values, factors, report))
    report.problems.refuse()
    points = points_of(drawn, played, factors)
    contrasts = _contrasts_of(values["contrasts"], points, report)
    claims = asked_claims(document.tree.get("claims", {}), played, report)
    _check_outcomes(points, values["outcomes"], report)
    if rows is None:  # points of a design that was drawn earlier were checked then, and each takes a while
        _check_points(points, report)
    report.problems.refuse()
    return Experiment(
        name=name,
        document=document,
        title=values["title"],
        question=values["question"],
        description=values["description"],
        seed=values["seed"],
        replicates=values["replicates"],
        precision=values["precision"] or None,
        weekly=values["weekly"],
        outcomes=tuple(values["outcomes"]) or ("success",),
        kept=() if values["keep"] == "all" else _kept_columns(values["outcomes"], claims),
        scenarios=played,
        factors=factors,
        design=values["design"],
        rows=drawn,
        points=tuple(points),
        contrasts=contrasts,
        claims=claims,
        extends={label: str(entry["extends"]) for label, entry in document.tree["scenarios"].items()},
        overrides={label: _overrides(entry) for label, entry in document.tree["scenarios"].items()},
    )


def _places(document: Document, tree: Tree, key: Key) -> Iterator[tuple[Key, Place]]:
    """Yield each key of a document with its place."""
    for name, value in tree.items():
        yield (*key, name), Place(document, (*key, name))
        if isinstance(value, dict):
            yield from _places(document, value, (*key, name))


def _check_file(report: Report) -> None:
    """Note every key that an experiment file has not, and every value that is not what it must be."""
    tree = {name: value for name, value in report.given.tree.items() if name != "claims"}
    for table, part, meaning in _FREE:
        entries = tree.get(table)
        if isinstance(entries, Mapping):
            tree[table] = {name: _without(entry, part) for name, entry in entries.items()}
            for name, entry in entries.items():
                free = entry.get(part, {}) if isinstance(entry, Mapping) else {}
                if not isinstance(free, Mapping) and not (part == "values" and isinstance(free, list)):
                    at = (table, name, part)
                    report.wrong(at, f"{dotted(at)} = {shown(free)} is not a table ({meaning})")
    if not isinstance(report.given.tree.get("claims", {}), Mapping):
        report.wrong(("claims",), "claims is not a table of named entries; write [claims.NAME]")
    check_scope(ExperimentFile, tree, (), report)
    if not report.given.tree.get("scenarios"):
        report.wrong(("scenarios",), "the file lacks a scenario; write [scenarios.NAME] with extends = ...")


def _without(entry: Any, part: str) -> Any:
    """Return an entry of a table without one of its keys."""
    return {key: value for key, value in entry.items() if key != part} if isinstance(entry, Mapping) else entry


def _loaded_scenarios(document: Document, report: Report, model: type | None) -> dict[str, Scenario]:
    """Return the scenarios by their labels, each with the values the file puts over it."""
    found, problems = {}, len(report.problems)
    under_all = _sets_of_assumptions(document, document.tree, (), report)
    for label, entry in document.tree["scenarios"].items():
        at = ("scenarios", label)
        source = _source_of(document, entry["extends"], (*at, "extends"), _SCENARIOS, report)
        under = [*under_all, *_sets_of_assumptions(document, entry, at, report)]
        if len(report.problems) > problems:
            continue
        sets = _overrides(entry)
        places = {".".join(key): str(report.given.place((*at, "set", *key))) for key, _ in flat(entry.get("set", {}))}
        scenario = load(source, model=model, under=under)
        found[label] = scenario.with_values(sets, places) if sets else scenario
    return found


def _sets_of_assumptions(document: Document, tree: Tree, key: Key, report: Report) -> list[str]:
    """Return the files of the sets of assumptions that the file, or an entry of it, names."""
    at = (*key, "under")
    return [_source_of(document, name, at, _ASSUMPTIONS, report) for name in tree.get("under", [])]


def _source_of(document: Document, written: str, key: Key, kind: tuple[str, str], report: Report) -> str:
    """Return a shipped name as it is written, or the path of a file named from the experiment's folder; note if neither."""
    shipped_ones = shipped_names(kind[0])
    if written in shipped_ones:
        return written
    source = os.path.relpath(document.path.parent / written)
    if not os.path.lexists(source) or Path(source).is_dir():
        message = (
            f"{key[-1]} = {quoted(written)} is neither a shipped {kind[1]} nor a file from the experiment's folder"
        )
        report.wrong(key, message + suggestion(written, shipped_ones, kind[0]))
    return source


def _overrides(entry: Tree) -> dict[str, Any]:
    """Return what a scenario's entry sets over what it extends, by whole key."""
    return {".".join(at): value for at, value in flat(entry.get("set", {}))}


def _kept_columns(outcomes: Sequence[str], claims: Mapping[str, AskedClaim]) -> tuple[str, ...]:
    """Return the columns that a question needs: its outcomes, those of its claims, and what every answer is read with."""
    asked = [name for claim in claims.values() for row in claim.rows for name in row.columns]
    return tuple(dict.fromkeys([*ALWAYS_KEPT, *outcomes, *asked]))


def _check_size(values: Tree, tree: Tree, scenarios: int, report: Report) -> None:
    """Note a design with too many points for so many scenarios, before any of them is made."""
    space = values["design"] == SPACE
    points = scenarios * (1 + values["places"] if space else count_settings(values, tree))
    if points > _MOST_POINTS:
        number = f"{points:,}" if points < _WRITTEN_OUT else f"{points:.0e}"
        message = f"the design has {number} points; at most {_MOST_POINTS:,} are allowed"
        report.wrong(("places" if space else "factors",), message)


def rows_of(values: Tree, factors: Mapping[str, Factor], report: Report) -> list[Row]:
    """Return the lines of the design that the file asks for; those of a space are drawn now."""
    if values["design"] != SPACE:
        if values["over"]:
            report.wrong(("over",), f'over = {quoted(values["over"])} needs design = "{SPACE}"')
        return factorial_rows(factors)
    if not factors:
        report.wrong(("design",), f'design = "{SPACE}" needs factors, or over = "plausible"')
        return []
    if values["places"] * len(factors) > _MOST_DRAWN:
        size = f"{values['places']:,} places of {len(factors)} factors"
        report.wrong(("places",), f"{size} are too many; at most {_MOST_DRAWN:,} values are drawn")
        return []
    return drawn_rows(values["places"], factors, values["seed"])


def _contrasts_of(entries: Tree, points: list[Point], report: Report) -> dict[str, tuple[str, str]]:
    """Return the contrasts by name; one between scenarios becomes one for each setting both are played under."""
    known = dict.fromkeys([*(point.label for point in points), *(point.name for point in points)])
    contrasts: dict[str, tuple[str, str]] = {}
    for name, entry in entries.items():
        wrong = [side for side in ("a", "b") if entry[side] not in known]
        for side in wrong:
            at = ("contrasts", name, side)
            message = f"{dotted(at)}: there is no point {quoted(entry[side])}{suggestion(entry[side], known)}"
            report.wrong(at, message)
        if wrong:
            continue
        pairs = pairs_of(entry["a"], entry["b"], points)
        if not pairs:
            report.wrong(("contrasts", name), f"contrasts.{name}: the two are never played under the same values")
        if len(contrasts) + len(pairs) > _MOST_POINTS:
            report.wrong(
                ("contrasts", name),
                f"contrasts.{name}: more than {_MOST_POINTS:,} pairs of points are set side by side",
            )
            return contrasts
        for one, other in pairs:
            values = setting(other, other.values) if len(other.values) > len(one.values) else setting(one, one.values)
            contrasts[name if len(pairs) == 1 else f"{name} {values}"] = (one.name, other.name)
    return contrasts


def _check_outcomes(points: list[Point], outcomes: list[str], report: Report) -> None:
    """Note outcomes that no point has."""
    if not points:
        report.wrong(("scenarios",), "the design has no points")
        return
    scenarios = {point.label: point.base for point in points}
    known = {column.name for scenario in scenarios.values() for column in columns_of(scenario)}
    for name in outcomes:
        if name not in known:
            report.wrong(("outcomes",), f"outcomes: there is no column '{name}'{suggestion(name, known)}")


def _check_points(points: list[Point], report: Report) -> None:
    """Note points that make no scenario, where there are not too many to look."""
    values = sum(len(point.base.origins) * len(point.base.eras) for point in points)
    for point in points if values <= _MOST_CHECKED else ():
        try:
            point.scenario  # noqa: B018
        except ScenarioError as error:
            for line in str(error).splitlines():
                place, _, message = line.partition(": ")
                report.problems.add(place, f"{message} (point {point.name})")
