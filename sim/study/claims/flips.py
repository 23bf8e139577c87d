"""What turns a claim round, in words: the part of the space in which it is contradicted, as a rule of one to three steps.

A shallow decision tree (Breiman et al. 1984; scikit-learn) is grown on half of the places that could be told, and its best
leaf is tried on the other half. Coverage is the share of all contradicted places that the rule finds, density the share of
contradicted ones among the places it names (Bryant & Lempert 2010). A rule that beats the base rate by less than .1 on
places it has not seen is none. Where a claim is mostly contradicted, the rule is about where it is supported.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance import generator
from sim.extras import optional_package
from sim.study.claims.verdicts import CONTRADICTED, SUPPORTED
from sim.study.statistics.estimates import wilson

_DEPTH = 3
_LEAST_GAIN = 0.1
_FEWEST = 40  # places that can be told, below which no rule is looked for
_FEWEST_OF_A_KIND = 10
_LEAF = 0.05  # a leaf holds at least this share of the places a tree is grown on

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Condition:
    """One step of a rule: a parameter at most, or above, a value; or one of several choices or not."""

    name: str
    at_most: bool
    value: float | str

    def holds(self, columns: Mapping[str, Sequence[Any]]) -> Mask:
        """Return by place whether it holds."""
        values = np.array(columns[self.name], dtype=object if isinstance(self.value, str) else np.float64)
        chosen = values == self.value if isinstance(self.value, str) else values > self.value
        return np.asarray(~chosen if self.at_most else chosen, dtype=bool)

    def in_words(self) -> str:
        """Return the condition in words."""
        if isinstance(self.value, str):
            return f"{self.name} is {'not ' if self.at_most else ''}{self.value}"
        return f"{self.name} {'at most' if self.at_most else 'above'} {self.value:.3g}"


@dataclass(frozen=True)
class Flip:
    """A rule that names where a claim turns round, and how well it does on places it has not seen.

    verdict     what the claim is where the rule holds: contradicted, or supported
    coverage    share of all such places that the rule names
    density     share of such places among those it names
    base_rate   share of such places among all
    places      how many places it was tried on
    """

    conditions: tuple[Condition, ...]
    verdict: str
    coverage: float
    density: float
    base_rate: float
    places: int

    @property
    def parameters(self) -> list[str]:
        """The parameters of the rule, each once."""
        return [*dict.fromkeys(one.name for one in self.conditions)]

    def in_words(self) -> str:
        """Return the rule in words."""
        rule = " and ".join(one.in_words() for one in self.conditions)
        return (
            f"{self.verdict} where {rule} (density {self.density:.2f} against {self.base_rate:.2f}, "
            f"coverage {self.coverage:.2f})"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as plain data."""
        steps = [{"parameter": one.name, "at_most": one.at_most, "value": one.value} for one in self.conditions]
        numbers = {name: getattr(self, name) for name in ("coverage", "density", "base_rate", "places")}
        return {"verdict": self.verdict, "conditions": steps, "words": self.in_words()} | numbers


def can_be_sought() -> bool:
    """Return whether the package that grows trees is installed."""
    return find_spec("sklearn") is not None


def flip_of(contradicted: Mask, resolved: Mask, columns: Mapping[str, Sequence[Any]], seed: int = 0) -> Flip | None:
    """Return the rule that names where a claim turns round, None where there is none worth saying.

    contradicted, resolved   by place of a space, whether the claim is contradicted there, and whether it can be told
    columns                  by parameter, its value at each place
    """
    told = np.flatnonzero(resolved)
    against = contradicted[told]
    if len(told) < _FEWEST or min(against.sum(), (~against).sum()) < _FEWEST_OF_A_KIND:
        return None
    rarer = bool(against.mean() <= 0.5)
    wanted = against if rarer else ~against
    order = generator(seed, "places that a rule is tried on").permutation(len(told))
    grown, tried = order[::2], order[1::2]
    here = _some(columns, told)
    conditions = best_leaf(_some(here, grown), wanted[grown])
    return _tested(conditions, _some(here, tried), wanted[tried], CONTRADICTED if rarer else SUPPORTED)


def _tested(
    conditions: Sequence[Condition], columns: Mapping[str, Sequence[Any]], wanted: Mask, verdict: str
) -> Flip | None:
    """Return a rule with what it is worth on places it has not seen, None if that is too little."""
    if not conditions or not wanted.any():
        return None
    named = np.logical_and.reduce([one.holds(columns) for one in conditions])
    if not named.any():
        return None
    density, base = float(wanted[named].mean()), float(wanted.mean())
    if density - base < _LEAST_GAIN or wilson(int(wanted[named].sum()), int(named.sum())).low <= base:
        return None
    coverage = float((wanted & named).sum() / wanted.sum())
    return Flip(tuple(conditions), verdict, coverage, density, base, len(wanted))


def best_leaf(columns: Mapping[str, Sequence[Any]], wanted: Mask) -> list[Condition]:
    """Return the path to the leaf of a shallow tree that holds the most wanted places beyond the base rate."""
    trees = optional_package("sklearn.tree")
    table, heads = _encoded(columns)
    tree = trees.DecisionTreeClassifier(
        max_depth=_DEPTH, min_samples_leaf=_LEAF, min_impurity_decrease=0.005, random_state=0
    )
    inner = tree.fit(table, wanted).tree_
    leaves = tree.apply(table)
    gains = {int(leaf): float((wanted[leaves == leaf] - wanted.mean()).sum()) for leaf in np.unique(leaves)}
    best = max(gains, key=gains.__getitem__)
    return simplified(_path_to(inner, best, heads))


def _path_to(inner: Any, leaf: int, heads: Sequence[tuple[str, str | None]]) -> list[Condition]:
    """Return the conditions on the way from the root of a tree to a leaf."""
    path: list[Condition] = []
    node = leaf
    while node != 0:
        left, right = (np.flatnonzero(side == node) for side in (inner.children_left, inner.children_right))
        parent, at_most = (int(left[0]), True) if len(left) else (int(right[0]), False)
        name, choice = heads[int(inner.feature[parent])]
        path.append(Condition(name, at_most, float(inner.threshold[parent]) if choice is None else choice))
        node = parent
    return path[::-1]


def simplified(path: Sequence[Condition]) -> list[Condition]:
    """Return a path in which each parameter's bound of a kind stands once, the tightest."""
    kept: dict[tuple[str, bool, str], Condition] = {}
    for one in path:
        kind = (one.name, one.at_most, one.value if isinstance(one.value, str) else "")
        before = kept.get(kind)
        if before is None or isinstance(one.value, str) or _tighter(one, before):
            kept[kind] = one
    return list(kept.values())


def _tighter(one: Condition, other: Condition) -> bool:
    """Return whether a bound lies within another of the same kind."""
    mine, theirs = float(one.value), float(other.value)
    return mine < theirs if one.at_most else mine > theirs


def _encoded(columns: Mapping[str, Sequence[Any]]) -> tuple[NDArray[np.float64], list[tuple[str, str | None]]]:
    """Return the columns as a table of numbers, a choice as a column of 0 and 1 for each of its words, and their heads."""
    parts: list[NDArray[np.float64]] = []
    heads: list[tuple[str, str | None]] = []
    for name, values in columns.items():
        if any(isinstance(value, str) for value in values):
            for word in sorted({str(value) for value in values}):
                parts.append(np.array([float(str(value) == word) for value in values]))
                heads.append((name, word))
        else:
            parts.append(np.array([math.nan if value is None else float(value) for value in values]))
            heads.append((name, None))
    return np.column_stack(parts), heads


def _some(columns: Mapping[str, Sequence[Any]], places: NDArray[np.int64]) -> dict[str, list[Any]]:
    """Return the columns at some places."""
    return {name: [values[int(place)] for place in places] for name, values in columns.items()}
