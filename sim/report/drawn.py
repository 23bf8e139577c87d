"""Figures of results and contrasts for notebooks: each function takes them by name and returns a Plotly figure."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from sim.report import palette
from sim.report.figures import differences, failures, moved, network, weeks
from sim.report.figures import success as shares
from sim.report.figures import trust as courses
from sim.report.sections import outcome_words
from sim.report.stories import story, typical
from sim.scenario.load import Scenario
from sim.study.play.contrasts import Contrast
from sim.study.play.results import Result


def success(results: Mapping[str, Result]) -> go.Figure:
    """Return how often an agreement holds in each result."""
    looks = palette.looks(results)
    return shares.figure([shares.Share(name, looks[name], one.success) for name, one in results.items()])


def changes(contrasts: Mapping[str, Contrast], column: str = "success") -> go.Figure:
    """Return what each contrast does to a column, with its paired interval."""
    looks = palette.looks(contrasts)
    effects = []
    for name, one in contrasts.items():
        effects.append(differences.Effect(name, looks[name], one.effect(column).interval()))
    noun = outcome_words(column)
    is_success = column == "success"
    return differences.figure(
        effects, differences.SUCCESS if is_success else differences.Outcome("change", noun, f"change in {noun}")
    )


def endings(results: Mapping[str, Result]) -> go.Figure:
    """Return how the replicates of each result ended."""
    looks = palette.looks(results)
    return failures.figure([failures.Endings(name, looks[name], one.outcomes) for name, one in results.items()])


def harm(contrasts: Mapping[str, Contrast]) -> go.Figure:
    """Return how many replicates each contrast helps and harms, with Fréchet's bounds."""
    return moved.figure([moved.Moved(name, one.moved) for name, one in contrasts.items()])


def trust(results: Mapping[str, Result]) -> go.Figure:
    """Return trust week by week in results that were followed (`sim.follow`)."""
    looks = palette.looks(results)
    followed = {name: one.weekly for name, one in results.items() if one.weekly is not None}
    if not followed:
        raise ValueError("no result was followed week by week: play it with sim.follow")
    names = dict.fromkeys(name for one in followed.values() for name in one.names if name.startswith("trust."))
    pairs = [
        courses.Pair(
            outcome_words(pair),
            tuple(
                courses.Course(name, looks[name], one.mean(pair), one.quantile(pair, 0.1), one.quantile(pair, 0.9))
                for name, one in followed.items()
                if pair in one.names
            ),
        )
        for pair in names
    ]
    return courses.figure(pairs)


def timeline(scenario: Scenario, seed: int, replicate: int) -> go.Figure:
    """Return one replicate as an annotated line of time."""
    return weeks.figure(story(scenario, seed, replicate, ""))


def talks(scenario: Scenario, seed: int, replicate: int) -> go.Figure:
    """Return who talks to whom and who trusts whom in one replicate, with a slider over the weeks."""
    return network.figure(story(scenario, seed, replicate, ""))


def typical_replicate(result: Result) -> int:
    """Return the number of the replicate that is told as typical of a result."""
    return typical(result)[0]
