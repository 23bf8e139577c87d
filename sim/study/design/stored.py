"""Experiments as plain data: what a result folder keeps of its question, so that its file need not be read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sim.scenario.load import Scenario
from sim.scenario.read import Document
from sim.study.design.claim_file import AskedClaim, AskedRow
from sim.study.design.experiments import Experiment
from sim.study.design.points import Factor, Row, points_of

_TEXTS = ("name", "title", "question", "description", "seed", "replicates", "precision", "weekly", "design")


def stored_experiment(experiment: Experiment) -> dict[str, Any]:
    """Return what an experiment asks as plain data; its scenarios and the lines of its design are kept elsewhere."""
    return {
        **{name: getattr(experiment, name) for name in _TEXTS},
        "outcomes": list(experiment.outcomes),
        "kept": list(experiment.kept),
        "extends": dict(experiment.extends),
        "overrides": {label: dict(sets) for label, sets in experiment.overrides.items()},
        "factors": {name: _stored_factor(factor) for name, factor in experiment.factors.items()},
        "contrasts": {name: list(pair) for name, pair in experiment.contrasts.items()},
        "claims": {name: asdict(claim) for name, claim in experiment.claims.items()},
    }


def read_stored(
    stored: Mapping[str, Any], document: Document, scenarios: Mapping[str, Scenario], rows: tuple[Row, ...]
) -> Experiment:
    """Return the experiment that `stored_experiment` described, with its scenarios and the lines of its design."""
    factors = {name: _factor_from(factor) for name, factor in stored["factors"].items()}
    return Experiment(
        **{name: stored[name] for name in _TEXTS},
        document=document,
        outcomes=tuple(stored["outcomes"]),
        kept=tuple(stored["kept"]),
        scenarios=scenarios,
        extends=dict(stored["extends"]),
        overrides=dict(stored["overrides"]),
        factors=factors,
        rows=rows,
        points=tuple(points_of(rows, scenarios, factors)),
        contrasts={name: (str(a), str(b)) for name, (a, b) in stored["contrasts"].items()},
        claims={name: _claim_from(claim) for name, claim in stored["claims"].items()},
    )


def _stored_factor(factor: Factor) -> dict[str, Any]:
    """Return a factor as plain data."""
    data = asdict(factor)
    lists = {name: list(value) for name, value in data.items() if isinstance(value, tuple)}
    return data | lists


def _factor_from(stored: Mapping[str, Any]) -> Factor:
    """Return a factor from plain data."""
    return Factor(**{one.name: _hashable(stored[one.name]) for one in fields(Factor)})


def _claim_from(stored: Mapping[str, Any]) -> AskedClaim:
    """Return a claim from plain data."""
    rows = tuple(AskedRow(**{one.name: _hashable(row[one.name]) for one in fields(AskedRow)}) for row in stored["rows"])
    return AskedClaim(id=stored["id"], claim=stored["claim"], note=stored["note"], share=stored["share"], rows=rows)


def _hashable(value: Any) -> Any:
    """Return a list of JSON as the tuple it was."""
    return tuple(value) if isinstance(value, list) else value
