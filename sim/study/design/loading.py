"""Loading a scenario, for the model class of one's own that plays it or for ours."""

from __future__ import annotations

import os
from collections.abc import Mapping

from sim.scenario import load as scenarios
from sim.scenario.load import Scenario, Sources
from sim.scenario.models import Model


def load(
    source: str | os.PathLike[str],
    sets: Mapping[str, object] | None = None,
    *,
    under: Sources = (),
    model: type | None = None,
) -> Scenario:
    """Return a scenario by its shipped name or from a file, with `sets` put over what the file says.

    under   sets of assumptions laid over the file, in order and beneath `sets`: shipped names or files
    model   a subclass of sim.War that plays it, and whose parameters stand in [own]; without it ours does

    Raises ScenarioError with one line for each mistake, ModelError for a class that is no model.
    """
    return scenarios.load(source, sets, None if model is None else described(model), under)


def described(model: type) -> Model:
    """Return what a model class of one's own adds, as plain data; raise ModelError if it is none."""
    from sim.engines.models import describe  # late, so that reading a file loads no engine

    return describe(model)


def not_at_hand(model: Model) -> str:
    """Return that the class of a model is not at hand, and how it is given."""
    return f"its model {model.name} is not at hand: name the class with --model {model.name} (model=... in Python)"


def with_class(scenario: Scenario, model: type | None) -> Scenario:
    """Return a scenario as a model class of one's own plays it; without one, or with sim.War itself, as it is."""
    name = (getattr(model, "__module__", ""), getattr(model, "__qualname__", ""))
    if model is None or name == ("sim.engines.open", "War"):
        return scenario
    return scenario.with_model(described(model))
