"""Figures of results and contrasts for notebooks: each function takes them by name and returns a Plotly figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import plotly.graph_objects as go

from sim.report import palette
from sim.report.columns import column_words
from sim.report.figures import estimates, network, weeks
from sim.report.figures import trust as trusts
from sim.report.figures.frame import WIDE
from sim.report.figures.labelled import Labelled
from sim.report.figures.measures import CHANGE_OF_SUCCESS, Measure
from sim.report.stories import story, typical
from sim.scenario.load import Scenario
from sim.study.play.contrasts import Contrast
from sim.study.play.results import Result

_Named = TypeVar("_Named")
_Found = TypeVar("_Found")


def success(results: Mapping[str, Result]) -> go.Figure:
    """Return how often an agreement holds in each result."""
    return estimates.success(_labelled(results, lambda result: result.success)).draw(WIDE)


def changes(contrasts: Mapping[str, Contrast], column: str = "success") -> go.Figure:
    """Return what each contrast does to a column, with its paired interval."""
    noun = column_words(column)
    measure = CHANGE_OF_SUCCESS if column == "success" else Measure("change", noun, f"change in {noun}", signed=True)
    effects = _labelled(contrasts, lambda contrast: contrast.effect(column).interval())
    return estimates.changes(effects, measure).draw(WIDE)


def endings(results: Mapping[str, Result]) -> go.Figure:
    """Return how the replicates of each result ended."""
    return estimates.endings(_labelled(results, lambda result: result.outcomes)).draw(WIDE)


def harm(contrasts: Mapping[str, Contrast]) -> go.Figure:
    """Return how many replicates each contrast helps and harms, with Fréchet's bounds."""
    return estimates.moved(_labelled(contrasts, lambda contrast: contrast.moved)).draw(WIDE)


def trust(results: Mapping[str, Result]) -> go.Figure:
    """Return trust week by week in results that were followed (`sim.follow`)."""
    looks = palette.looks(results)
    followed = [
        Labelled(name, looks[name], result.weekly) for name, result in results.items() if result.weekly is not None
    ]
    if not followed:
        raise ValueError("no result was followed week by week: play it with sim.follow")
    return trusts.exhibit(trusts.pairs_of(followed)).draw(WIDE)


def timeline(scenario: Scenario, seed: int, replicate: int) -> go.Figure:
    """Return one replicate as an annotated line of time."""
    return weeks.exhibit(story(scenario, seed, replicate)).draw(WIDE)


def talks(scenario: Scenario, seed: int, replicate: int) -> go.Figure:
    """Return who talks to whom and who trusts whom in one replicate, with a slider over the weeks."""
    return network.exhibit(story(scenario, seed, replicate)).draw(WIDE)


def typical_replicate(result: Result) -> int:
    """Return the number of the replicate that is told as typical of a result."""
    return typical(result)[0]


def _labelled(named: Mapping[str, _Named], found: Callable[[_Named], _Found]) -> list[Labelled[_Found]]:
    """Return what was found of each, under its name and a look of its own."""
    looks = palette.looks(named)
    return [Labelled(name, looks[name], found(thing)) for name, thing in named.items()]
