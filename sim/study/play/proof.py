"""A class of one's own is new until it has been seen to give the same bits in both engines.

Until then the compiled engine plays it with every index and division checked. What has been seen to agree is kept in the
user's cache under the hash of all that decides results: an edited class is new again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.arrays import arrays_of
from sim.engines.ensemble import PROVEN, agreed_replicates, checked_model, note_agreed, play_chunk
from sim.engines.models import ModelError, model_of
from sim.scenario.load import Scenario
from sim.steps.cast import War
from sim.steps.columns import columns_of
from sim.study.play.open_runs import coded, play


def prove(scenario: Scenario, seed: int, first: int, count: int) -> int:
    """Play replicates of a new class in both engines, as many as are still needed; return how many agreed.

    Raises ModelError at the first that differs. One that fails in the open, or is stopped by a check, says nothing for the
    class: it is told where it is played.
    """
    model: Any = model_of(scenario)
    wanted = 0 if model is War else min(count, PROVEN - agreed_replicates(model))
    if wanted <= 0:
        return 0
    names = [column.name for column in columns_of(scenario)]
    rows = np.zeros((wanted, len(names)))
    play_chunk(checked_model(model), arrays_of(scenario), seed, first, rows)
    agreed = 0
    for replicate, row in enumerate(rows, first):
        if np.isnan(row).all():
            continue
        try:
            in_the_open = coded(play(model, scenario, seed, replicate)[0])
        except Exception:  # noqa: BLE001  (whatever a replicate dies of is told where it is played)
            continue
        apart = [name for name, value in zip(names, row, strict=True) if not _is_same(value, in_the_open[name])]
        if apart:
            raise ModelError(
                f"{model.__qualname__}: replicate {replicate} of {scenario.name} under seed {seed} is not the same in both "
                f"engines, first in {apart[0]}: play it in the open engine (engine='open', --engine open)"
            )
        agreed += 1
    note_agreed(model, agreed)
    return agreed


def _is_same(one: float, other: float) -> bool:
    """Return whether two values are the same; missing equals missing."""
    return one == other or (one != one and other != other)
