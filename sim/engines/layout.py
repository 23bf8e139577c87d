"""Where everything stands in the compiled engine's three arrays, generated from what a model declares.

    P   int64: sizes, places in the arrays, what is fixed, and the whole numbers that change
    R   float64: what the scenario says, one block for each era, all with the same layout
    S   float64: the numbers that change, then the quantities that are followed

A kind stands in up to four sections: what the scenario says of it (R), what the engine fixes (P), its whole numbers (P) and
its numbers (S). A kind of which there is one stands at a place that is the same for every scenario. A model of one's own
that declares variables or parameters has a layout of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sim.engines.sources import kept_by_class
from sim.parameters import Parameter, parameters_of
from sim.steps.cast import War
from sim.steps.kinds import KINDS, SINGLE, Thing, own_parameters, variables_of

NUMERIC = ("number", "count", "flag", "choice", "name")
KIND_OF_TABLE = {"states": "State", "issues": "Issue", "officials": "Envoy", "channels": "Channel"}

# Loops over things: whose, under which name, and the kind of each.
LISTS = {
    ("War", "issues"): "Issue",
    ("War", "states"): "State",
    ("War", "guarantees"): "Guarantee",
    ("War", "flows"): "Flow",
    ("War", "envoys"): "Envoy",
    ("War", "channels"): "Channel",
    ("War", "acts"): "Act",
    ("War", "endings"): "Ending",
    ("War", "fighters"): "State",
    ("War", "givers"): "State",
    ("War", "hearers"): "View",
    ("Channel", "legs"): "Leg",
    ("Channel", "envoys"): "Envoy",
}
# Things that belong to two others, or to a number: whose, the method that gives it, its kind, and of what there are rows.
PAIRS = {
    ("State", "toward"): ("Opinion", "State"),
    ("State", "on"): ("Stake", "Issue"),
    ("Channel", "view_of"): ("View", "State"),
    ("Channel", "part_of"): ("Part", "Envoy"),
    ("View", "hearing_of"): ("Hearing", "State"),
    ("War", "message"): ("Message", ""),
    ("War", "ending"): ("Ending", ""),
}
BELIEFS = ("straight", "crooked")
# Numbers of the layout that stand beside what the scenario says of a channel.
CHANNEL_LISTS = ("first_leg", "leg_count", "first_speaker", "envoy_count")

COUNTS = (
    "Issue",
    "State",
    "Guarantee",
    "Flow",
    "Envoy",
    "Channel",
    "Leg",
    "Act",
    "Ending",
    "fighters",
    "givers",
    "hearers",
)
LISTED = ("fighters", "givers", "hearers", "era_starts")


@dataclass(frozen=True)
class Section:
    """The fields of a kind in one array, in their order, each with its type: number, whole, flag, or the name of a kind."""

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many numbers one thing takes."""
        return len(self.fields)

    def place(self, name: str) -> int:
        """Return where a field stands in a thing's numbers."""
        return list(self.fields).index(name)


def type_of_variable(annotation: str) -> str:
    """Return how a variable is stored, from its annotation."""
    return {"float": "number", "int": "whole", "bool": "flag"}.get(annotation, annotation)


def type_of_parameter(parameter: Parameter) -> str:
    """Return how a parameter is stored."""
    if parameter.kind == "name":
        return KIND_OF_TABLE[parameter.refers_to]
    return {"count": "whole", "choice": "whole"}.get(parameter.kind, parameter.kind)


def is_always_given(parameter: Parameter) -> bool:
    """Return whether a parameter has a value in every scenario: a name that may be empty becomes a flag of a pair."""
    return parameter.kind != "name" or parameter.required


def _sections(kind: str, played_by: type[Thing]) -> dict[str, Section]:
    """Return the sections of a kind, of the class that plays it: scenario, fixed, whole and number."""
    found: dict[str, dict[str, str]] = {"scenario": {}, "fixed": {}, "whole": {}, "number": {}}
    if played_by.parameters is not None:
        for name, parameter in parameters_of(played_by.parameters):
            if parameter.kind in NUMERIC and is_always_given(parameter):
                found["scenario"][name] = type_of_parameter(parameter)
    for name, parameter in own_parameters(played_by).items():
        found["scenario"][name] = type_of_parameter(parameter)
    for name, declaration, annotation in variables_of(played_by):
        stored = type_of_variable(annotation)
        if declaration.source == "scenario":
            found["scenario"][name] = stored
        elif declaration.source == "engine":
            found["fixed"][name] = stored
        else:
            found["number" if stored == "number" else "whole"][name] = stored
    if kind == "Channel":
        found["scenario"] |= dict.fromkeys(CHANNEL_LISTS, "whole")
    return {name: Section(fields) for name, fields in found.items()}


ARRAY_OF = {"scenario": "R", "fixed": "P", "whole": "P", "number": "S"}


class Places(dict[str, int]):
    """Named places in an array, 0, 1, ..., each also an attribute; `size` is their number."""

    def __init__(self, names: Iterable[str]) -> None:
        """Give each name its place."""
        super().__init__({name: place for place, name in enumerate(names)})

    def __getattr__(self, name: str) -> int:
        """Return a place."""
        try:
            return len(self) if name == "size" else self[name]
        except KeyError:
            raise AttributeError(name) from None


class Layout:
    """The places of a model.

    sections   of each kind: the fields that stand in each array
    plan       places in P: counts and starts, then what is fixed of single kinds, then what changes of them
    settings   places in R, from the start of an era, of what the scenario says of single kinds
    numbers    places in S of the numbers of single kinds
    """

    def __init__(self, model: type[War]) -> None:
        """Lay out what a model declares."""
        names = [kind.__name__ for kind in KINDS]
        self.model = model
        self.sections = {name: _sections(name, model.class_of(name)) for name in names}
        self.many = [name for name in names if name not in SINGLE]
        self.plan = Places(
            [
                *(f"count.{name}" for name in COUNTS),
                "eras",
                "quantities",
                "era_size",
                *(f"{part}.{kind}" for kind in self.many for part in ARRAY_OF if self.sections[kind][part].size),
                *(f"list.{name}" for name in LISTED),
                "scenario.speakers",
                "course",
                "changing",
                *self._single_fields("fixed"),
                "era",
                "next_era",
                *self._single_fields("whole"),
            ]
        )
        self.settings = Places(self._single_fields("scenario"))
        self.numbers = Places(self._single_fields("number"))

    @property
    def first_changing(self) -> int:
        """The first place in the plan that changes as a replicate is played."""
        return self.plan["era"]

    def _single_fields(self, section: str) -> list[str]:
        """Return the fields of one section of all kinds of which there is one, as Kind.name."""
        return [f"{kind}.{name}" for kind in SINGLE for name in self.sections[kind][section].fields]


@kept_by_class
def layout_of(model: type[War] = War) -> Layout:
    """Return the layout of a model."""
    return Layout(model)
