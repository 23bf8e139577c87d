"""Results that were never played, and experiments on them: columns are given, everything else is zero."""

from functools import cache
from pathlib import Path

import numpy as np

from sim.scenario.load import load
from sim.scenario.read import parse_document
from sim.steps.columns import columns_of
from sim.study.claims.verdicts import Runs
from sim.study.design.experiments import read_experiment
from sim.study.play.results import Result


@cache
def scenario(name="reference"):
    return load(name)


def result(count, name="reference", seed=0, **columns):
    """A result in which these columns, dots written as two underscores, have these values."""
    case = scenario(name)
    filled = {column.name: np.zeros(count) for column in columns_of(case)}
    filled["outcome"] = np.zeros(count, dtype=np.int8)
    filled["weeks_to_agreement"] = np.full(count, np.nan)
    filled |= {key.replace("__", "."): np.asarray(values, dtype=float) for key, values in columns.items()}
    return Result(case, seed, 0, count, "open", {"replicate": np.arange(count)} | filled)


def experiment(claims, labels, more=""):
    """An experiment with these scenarios, all of them the reference, and this text as its claims."""
    scenarios = "".join(f'[scenarios.{label}]\nextends = "reference"\n' for label in labels)
    text = f'title = "t"\nquestion = "q?"\nseed = 0\n{more}\n{scenarios}{claims}'
    return read_experiment(parse_document(Path("made-up.toml"), "made-up.toml", text), "made-up")


def runs(claims, more="", **results):
    """The source of results by scenario under a text of claims."""
    return Runs(experiment(claims, results, more), results)
