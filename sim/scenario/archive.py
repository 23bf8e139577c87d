"""The words of a result folder: what files could say and what was measured when it was made, as plain data and back.

A folder outlives the program that made it. Parameters are added, renamed and given other defaults; what a folder holds is
read with the declarations that it keeps, so that nothing is filled from those of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, make_dataclass
from typing import Any, cast

from sim.errors import ScenarioError
from sim.parameters import Parameter, World, declare
from sim.scenario.keys import declared, intervention_scope
from sim.scenario.models import Description

_UNSAID: tuple[object, ...] = ("", None, (), False)


@dataclass(frozen=True)
class Archive:
    """What a result folder says of its scenarios, whatever the program says today.

    model_version   the version of the model that played them
    scope           what a file could say
    columns         what was measured of any scenario, each column under its own name
    outcomes        the words that the codes of outcomes stand for, in their order
    """

    model_version: str
    scope: type[World]
    columns: tuple[Description, ...]
    outcomes: tuple[str, ...]


def archived_words(scope: type[World], columns: Iterable[Description], outcomes: Iterable[str]) -> dict[str, Any]:
    """Return what it takes to read scenarios of a scope later, as plain data: what `archive_from` reads."""
    return {
        "file": _stored_scope(scope),
        "intervention": _stored_scope(intervention_scope(scope)),
        "columns": {column.name: [column.kind, column.unit, column.meaning] for column in columns},
        "outcomes": list(outcomes),
    }


def archive_from(stored: Mapping[str, Any], model_version: str) -> Archive:
    """Return what `archived_words` described, of a folder that this version of the model made."""
    try:
        intervention = _read_scope("Intervention", stored["intervention"], {})
        scope = _read_scope("World", stored["file"], {"INTERVENTION": intervention})
        columns = (Description(name, *_three_words(about)) for name, about in stored["columns"].items())
        return Archive(model_version, cast(type[World], scope), tuple(columns), tuple(map(str, stored["outcomes"])))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ScenarioError(f"words: the stored description is damaged ({type(error).__name__}: {error})") from None


def _three_words(about: Any) -> tuple[Any, str, str]:
    """Return kind, unit and meaning of a column from plain data."""
    kind, unit, meaning = map(str, about)
    return kind, unit, meaning


def _stored_scope(scope: type) -> dict[str, Any]:
    """Return what a scope declares, with all that stands below it."""
    here = declared(scope)
    return {
        "parameters": {name: _stored_parameter(parameter) for name, parameter in here.parameters.items()},
        "sections": {name: _stored_scope(section) for name, section in here.sections.items()},
        "tables": {
            name: {"refers_to": refers_to, "entry": _stored_scope(entry)}
            for name, (entry, refers_to) in here.tables.items()
        },
    }


def _read_scope(name: str, stored: Mapping[str, Any], beside: Mapping[str, Any]) -> type:
    """Return a scope that declares what is stored, and nothing that is declared today.

    beside   attributes of the class
    """
    fields: list[tuple[str, type, Any]] = [
        (key, object, declare(_read_parameter(parameter))) for key, parameter in stored["parameters"].items()
    ]
    for key, section in stored["sections"].items():
        fields.append((key, object, field(metadata={"section": _read_scope(key, section, {})})))
    for key, table in stored["tables"].items():
        about = {"table": _read_scope(key, table["entry"], {}), "refers_to": str(table["refers_to"])}
        fields.append((key, object, field(metadata=about)))
    return make_dataclass(name, fields, frozen=True, kw_only=True, namespace=dict(beside))


def _stored_parameter(parameter: Parameter) -> dict[str, Any]:
    """Return a parameter as plain data, without what is empty."""
    return {
        name: value
        for name, value in asdict(parameter).items()
        if not any(value is empty or value == empty for empty in _UNSAID) or (name == "default" and value is not None)
    }


def _read_parameter(stored: Mapping[str, Any]) -> Parameter:
    """Return a parameter from plain data."""
    default, by = stored.get("default"), stored.get("default_by")
    return Parameter(
        kind=stored["kind"],
        meaning=str(stored["meaning"]),
        unit=str(stored.get("unit", "")),
        default=tuple(default) if isinstance(default, list) else default,
        limits=_range(stored["limits"]),
        plausible=_range(stored["plausible"]) if "plausible" in stored else None,
        standing=stored["standing"],
        source=str(stored.get("source", "")),
        options=tuple(stored.get("options", ())),
        default_by=(str(by[0]), dict(by[1])) if by else None,
        default_as=str(stored.get("default_as", "")),
        refers_to=str(stored.get("refers_to", "")),
        required=bool(stored.get("required", False)),
        scaled=bool(stored.get("scaled", False)),
        told=bool(stored.get("told", False)),
    )


def _range(stored: Any) -> tuple[float, float]:
    """Return the ends of a range from plain data."""
    low, high = stored
    return low, high
