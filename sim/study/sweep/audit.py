"""An audit: some parts of a sweep are played again here and compared, bit by bit, with what is in the folder."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from sim.chance import generator
from sim.study.play.replicates import available_processors
from sim.study.store.folder import Folder
from sim.study.store.parts import Range
from sim.study.sweep.reproduction import Departure, first_difference, played_again
from sim.study.sweep.sweeps import sweep

_ELSEWHERE = ""  # who gave the parts of which that is not known: of an earlier sweep, or this process


def audit(
    folder: Folder, share: float, givers: Mapping[Range, str], threads: int | None, tell: Callable[[str], None]
) -> None:
    """Play a share of the parts again and compare; where one differs, all that its giver gave is played anew here.

    givers   which worker gave a part
    tell     called with each line of what was found
    """
    parts = audited_parts(folder, share, givers)
    found: dict[str, Departure] = {}
    wrong: set[Range] = set()
    for where, again in played_again(folder, parts, threads or available_processors()):
        departure = first_difference(folder.points[where.point].name, where.first, folder.part(where), again)
        if departure is not None:
            wrong.add(where)
            found.setdefault(givers.get(where, _ELSEWHERE), departure)
    count = f"{len(parts):,} of {sum(map(len, folder.present.values())):,} parts were played again here"
    tell(f"Audit: {count}; {f'{len(wrong):,} differ' if wrong else 'all are the same'}")
    if not wrong:
        return
    wrong |= {where for where, giver in givers.items() if giver in found and where in folder.present[where.point]}
    for giver, departure in sorted(found.items()):
        ranges = [where for where in wrong if givers.get(where, _ELSEWHERE) == giver]
        who = f"worker {giver}" if giver else "a worker of an earlier sweep, or this machine,"
        tell(
            f"{who} gave other values than come out here ({departure}): {len(ranges):,} parts, "
            f"{'all that it gave in this sweep' if giver else 'those that differ'}, are set aside in "
            f"{folder.damaged} and played again here"
        )
    folder.set_aside(wrong)
    sweep(folder, threads)


def audited_parts(folder: Folder, share: float, givers: Mapping[Range, str]) -> list[Range]:
    """Return a share of the parts in a folder, at least one of each giver, chosen by the experiment's seed."""
    by_giver: dict[str, list[Range]] = {}
    for there in folder.present.values():
        for where in there:
            by_giver.setdefault(givers.get(where, _ELSEWHERE), []).append(where)
    luck = generator(folder.manifest["seed"], "audit")
    chosen = []
    for _, parts in sorted(by_giver.items()):
        chosen += [parts[place] for place in luck.permutation(len(parts))[: math.ceil(share * len(parts))]]
    return sorted(chosen)
