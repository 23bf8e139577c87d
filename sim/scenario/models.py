"""What a model class of one's own adds to a scenario, as plain data.

A folder that was played with such a class keeps this, and can be read, reported and exported where the class is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sim.parameters import Parameter

Kind = Literal["flag", "category", "count", "number"]


@dataclass(frozen=True)
class Description:
    """What is measured, of what, and how the column is called.

    name, meaning   with {0}, {1} for the names of the things measured
    over            of what it is measured: see sim/steps/columns.py
    limits          range of the histograms of a quantity that can be followed
    """

    name: str
    kind: Kind
    unit: str
    meaning: str
    over: str = ""
    limits: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True)
class OwnEvent:
    """A kind of event of one's own: what it means, and what belongs to it, each detail with its unit."""

    meaning: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    """A model class of one's own: its name, what decides its results, and what it declares.

    name          module:Class
    fingerprint   hash of all that decides results, in hexadecimal
    source        text of the files the class stands in
    parameters    what files say in [own], by name
    draws         the purpose of each of its draws, by name
    played_by     the class itself; None where it is not at hand
    """

    name: str
    fingerprint: str
    source: str = field(default="", repr=False)
    parameters: Mapping[str, Parameter] = field(default_factory=dict, repr=False)
    columns: tuple[Description, ...] = field(default=(), repr=False)
    quantities: tuple[Description, ...] = field(default=(), repr=False)
    events: Mapping[str, OwnEvent] = field(default_factory=dict, repr=False)
    draws: Mapping[str, int] = field(default_factory=dict, repr=False)
    played_by: type | None = field(default=None, compare=False, repr=False)
