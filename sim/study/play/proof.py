"""A class of one's own is new until it has been seen to give the same bits in both engines.

Until then the compiled engine plays it with every index and division checked. What has been seen to agree is kept in the
user's cache under the hash of all that decides results: an edited class is new again.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from sim.engines.arrays import arrays_of
from sim.engines.ensemble import checked_model, is_proven, note_proven, play_chunk
from sim.engines.models import ModelError, model_of
from sim.scenario.load import Scenario
from sim.steps.cast import War
from sim.steps.columns import columns_of
from sim.study.play.open_runs import coded, play

PROVEN = 100  # replicates that must agree


def prove(scenario: Scenario, seed: int, first: int) -> None:
    """Play replicates of a new class in both engines, from `first` on; raise ModelError at the first that differs.

    The class stays new if one of them fails in the open or is stopped by a check: which is told where it is played.
    """
    model: Any = model_of(scenario)
    if model is War or is_proven(model):
        return
    print(f"{model.__qualname__} is new: {PROVEN} replicates are played in both engines, once", file=sys.stderr)
    names = [column.name for column in columns_of(scenario)]
    rows = np.zeros((PROVEN, len(names)))
    play_chunk(checked_model(model), arrays_of(scenario), seed, first, rows)
    failed = np.isnan(rows).all(axis=1)
    for replicate, row in zip(first + np.flatnonzero(~failed), rows[~failed], strict=True):
        try:
            in_the_open = coded(play(model, scenario, seed, int(replicate))[0])
        except Exception:  # noqa: BLE001  (whatever a replicate dies of is told where it is played)
            return
        apart = [name for name, value in zip(names, row, strict=True) if not _is_same(value, in_the_open[name])]
        if apart:
            raise ModelError(
                f"{model.__qualname__}: replicate {replicate} of {scenario.name} under seed {seed} is not the same in both "
                f"engines, first in {apart[0]}: play it in the open engine (engine='open', --engine open)"
            )
    if not failed.any():
        note_proven(model)


def _is_same(one: float, other: float) -> bool:
    """Return whether two values are the same; missing equals missing."""
    return one == other or (one != one and other != other)
