"""What a model class of one's own adds to a scenario, as plain data.

A folder that was played with such a class keeps this, and can be read, reported and exported where the class is not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, make_dataclass
from functools import cache, cached_property
from typing import Any, Literal

from sim.errors import ScenarioError
from sim.parameters import Parameter, World, declare
from sim.scenario.keys import OWN
from sim.scenario.kinds import NAME, NAME_RULE, kind_of

Kind = Literal["flag", "category", "count", "number"]
OVER = ("", "endings", "pairs", "issues", "states", "flows", "givers", "channels", "hearers")
_TWO_NAMES = ("pairs", "hearers")
_KINDS = ("flag", "count", "number")
_TYPES = {"number": "float", "count": "int", "flag": "bool"}
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|[{}]")
_COLUMN = re.compile(r"[a-z][a-z0-9_]*(\.\{[01]\})*")


@dataclass(frozen=True)
class Description:
    """What is measured, of what, and how the column is called.

    name, meaning   with {0}, {1} for the names of the things measured
    over            of what it is measured: a word from OVER; see sim/steps/columns.py
    limits          range of the histograms of a quantity that can be followed
    """

    name: str
    kind: Kind
    unit: str
    meaning: str
    over: str = ""
    limits: tuple[float, float] = (0.0, 1.0)

    def fault(self) -> str:
        """Return what is wrong with it, an empty text where nothing is."""
        if self.over not in OVER:
            return f"over = {self.over!r} is not one of {', '.join(map(repr, OVER))}"
        if self.kind not in _KINDS:
            return f"kind = {self.kind!r} is not one of {', '.join(_KINDS)}"
        names = ["{0}", "{1}"][: 0 if not self.over else 2 if self.over in _TWO_NAMES else 1]
        if not _COLUMN.fullmatch(self.name) or _PLACEHOLDER.findall(self.name) != names:
            return f"its name is to be written as {'.'.join(['word', *names])} (lower-case letters, digits and _)"
        wrong = [found for found in _PLACEHOLDER.findall(self.meaning) if found not in names]
        if wrong:
            return f"its meaning holds {wrong[0]}, which stands for no name"
        low, high = self.limits
        return "" if low < high and math.isfinite(low) and math.isfinite(high) else "its limits are no range"


@dataclass(frozen=True)
class Model:
    """A model class of one's own: its name, what decides its results, and what it declares.

    name          module:Class
    fingerprint   hash of all that decides results, in hexadecimal
    source        text of the files the class stands in
    parameters    what files say in [own], by name
    events        the kinds of events it notes: meaning, and details with their units
    draws         the purpose of each of its draws, by what it decides
    played_by     the class itself; None where it is not at hand
    """

    name: str
    fingerprint: str
    source: str = field(default="", compare=False, repr=False)
    parameters: Mapping[str, Parameter] = field(default_factory=dict, repr=False)
    columns: tuple[Description, ...] = field(default=(), repr=False)
    quantities: tuple[Description, ...] = field(default=(), repr=False)
    events: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict, compare=False, repr=False)
    draws: Mapping[str, int] = field(default_factory=dict, repr=False)
    played_by: type | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Raise ScenarioError if it declares what no file or column can be called."""
        for name, parameter in self.parameters.items():
            if not NAME.fullmatch(name):
                raise ScenarioError(f"{self.name}: parameter {name!r} is not a name {NAME_RULE}")
            if parameter.kind not in _TYPES:
                raise ScenarioError(
                    f"{self.name}: parameter {name} is of kind {parameter.kind}, not {', '.join(_TYPES)}"
                )
            if fault := kind_of(parameter).fault(parameter, parameter.default):
                raise ScenarioError(f"{self.name}: the default {parameter.default!r} of {name} {fault}")
        for described in (*self.columns, *self.quantities):
            if fault := described.fault():
                raise ScenarioError(f"{self.name}: column {described.name!r}: {fault}")

    @property
    def called(self) -> str:
        """The name of the class by itself."""
        return self.name.rpartition(":")[2].rpartition(".")[2]

    @cached_property
    def scope(self) -> type[World]:
        """What a file may say under this model: all that ours may, and the section [own] if it has parameters."""
        return _scope_of(tuple(self.parameters.items()))

    def to_dict(self) -> dict[str, Any]:
        """Return the model as plain JSON-able data, without its class."""
        return {
            "name": self.name,
            "fingerprint": self.fingerprint,
            "source": self.source,
            "parameters": {name: _stored_parameter(parameter) for name, parameter in self.parameters.items()},
            "columns": [asdict(described) for described in self.columns],
            "quantities": [asdict(described) for described in self.quantities],
            "events": {name: [meaning, dict(details)] for name, (meaning, details) in self.events.items()},
            "draws": dict(self.draws),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Model:
        """Return the model that `to_dict` described, without its class; nothing is imported."""
        try:
            return cls(
                name=str(data["name"]),
                fingerprint=str(data["fingerprint"]),
                source=str(data["source"]),
                parameters={name: _read_parameter(stored) for name, stored in data["parameters"].items()},
                columns=tuple(_read_description(stored) for stored in data["columns"]),
                quantities=tuple(_read_description(stored) for stored in data["quantities"]),
                events={name: (str(meaning), dict(details)) for name, (meaning, details) in data["events"].items()},
                draws={str(name): int(number) for name, number in data["draws"].items()},
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ScenarioError(f"model: the stored description is damaged ({type(error).__name__})") from None


@cache
def _scope_of(parameters: tuple[tuple[str, Parameter], ...]) -> type[World]:
    """Return the scope of files with these parameters in [own]; the same for the same ones, so that worlds compare."""
    if not parameters:
        return make_dataclass("World", [], bases=(World,), frozen=True, kw_only=True)
    declared = [(name, _TYPES[parameter.kind], declare(parameter)) for name, parameter in parameters]
    own = make_dataclass(
        "Own", declared, frozen=True, kw_only=True, namespace={"__doc__": "What the model class adds."}
    )
    section: tuple[str, type, Any] = (OWN, own, field(metadata={"section": own}))
    return make_dataclass("World", [section], bases=(World,), frozen=True, kw_only=True)


def _stored_parameter(parameter: Parameter) -> dict[str, Any]:
    """Return a parameter as plain data: what `_read_parameter` reads."""
    return {
        "kind": parameter.kind,
        "meaning": parameter.meaning,
        "unit": parameter.unit,
        "default": parameter.default,
        "limits": list(parameter.limits),
        "plausible": None if parameter.plausible is None else list(parameter.plausible),
        "standing": parameter.standing,
        "source": parameter.source,
    }


def _read_parameter(stored: Mapping[str, Any]) -> Parameter:
    """Return a parameter from plain data."""
    return Parameter(
        kind=stored["kind"],
        meaning=str(stored["meaning"]),
        unit=str(stored["unit"]),
        default=stored["default"],
        limits=_range(stored["limits"]),
        plausible=None if stored["plausible"] is None else _range(stored["plausible"]),
        standing=stored["standing"],
        source=str(stored["source"]),
    )


def _read_description(stored: Mapping[str, Any]) -> Description:
    """Return what is measured from plain data."""
    words = {name: str(stored[name]) for name in ("name", "kind", "unit", "meaning", "over")}
    return Description(**words, limits=_range(stored["limits"]))  # type: ignore[arg-type]


def _range(stored: Any) -> tuple[float, float]:
    """Return the ends of a range from plain data."""
    low, high = stored
    return (low, high) if isinstance(low, int) and isinstance(high, int) else (float(low), float(high))
