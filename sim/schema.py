"""JSON Schema of the files, for editors, generated from the declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim import words
from sim.parameters import MOST_ENTRIES, MOST_ISSUES, NAME_PATTERN, Intervention, Parameter, World
from sim.scenario.interventions import CHANGEABLE
from sim.scenario.keys import OWN, declared
from sim.scenario.kinds import Schema, kind_of
from sim.scenario.read import HEADING

_KINDS = ("scenario", "experiment")

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: str) -> Schema:
    """Return the JSON Schema (draft 2020-12) of one kind of file: "scenario" or "experiment"."""
    if kind not in _KINDS:
        raise ValueError(f"no schema of kind {kind!r}; the kinds are {', '.join(_KINDS)}")
    return _scenario_schema() if kind == "scenario" else _experiment_schema()


def _scenario_schema() -> Schema:
    """Return the JSON Schema of a scenario file.

    A file that extends another need not repeat what is required; one that stands alone must say it all.
    """
    definitions: dict[str, Schema] = {}
    root = _scope_schema(World, definitions)
    root["properties"] |= {
        "extends": {"type": "string", "description": HEADING["extends"]},
        "without": {"type": "array", "items": {"type": "string"}, "description": HEADING["without"]},
        OWN: {
            "type": "object",
            "description": "the parameters of a model class of your own, which is named with --model",
            "propertyNames": {"pattern": f"^{NAME_PATTERN}$"},
            "additionalProperties": {"type": ["number", "boolean"]},
        },
        "interventions": _table_schema(_intervention(definitions), _first_line(Intervention)),
    }
    root["properties"]["issues"]["maxProperties"] = MOST_ISSUES
    alone = _requirements(World)
    alone["required"] = [*alone.get("required", []), "issues", "states"]
    dated = [name for name, parameter in declared(Intervention).parameters.items() if parameter.required]
    alone["properties"]["interventions"] = {"additionalProperties": {"required": dated}}
    return {
        "$schema": _DIALECT,
        "title": "Scenario",
        **root,
        "if": {"not": {"required": ["extends"]}},
        "then": alone,
        "$defs": definitions,
    }


def _experiment_schema() -> Schema:
    """Return the JSON Schema of an experiment file."""
    from sim.study.design.claim_file import ClaimEntry
    from sim.study.design.experiment_file import ExperimentFile

    definitions: dict[str, Schema] = {}
    root = _scope_schema(ExperimentFile, definitions)
    needed = _requirements(ExperimentFile)
    root["required"] = [*needed["required"], "scenarios"]
    root["properties"]["scenarios"]["minProperties"] = 1
    root["properties"]["claims"]["additionalProperties"] = _reference(ClaimEntry, definitions)
    for name, below in needed["properties"].items():
        definitions[declared(ExperimentFile).tables[name][0].__name__]["required"] = below["additionalProperties"][
            "required"
        ]
    return {"$schema": _DIALECT, "title": "Experiment", **root, "$defs": definitions}


def _scope_schema(scope: type, definitions: dict[str, Schema]) -> Schema:
    """Return the schema of one section or entry; the scopes below it are put into `definitions`."""
    here = declared(scope)
    properties = {name: _parameter_schema(parameter) for name, parameter in here.parameters.items()}
    for name, section in here.sections.items():
        properties[name] = _reference(section, definitions)
    for name, (entry, _) in here.tables.items():
        properties[name] = _table_schema(_reference(entry, definitions), _first_line(entry))
    for name, meaning in getattr(scope, "ALSO", {}).items():
        properties[name] = {"type": ["object", "array"] if name == "values" else "object", "description": meaning}
    return {
        "type": "object",
        "description": _first_line(scope),
        "properties": properties,
        "additionalProperties": False,
    }


def _table_schema(entry: Schema, description: str) -> Schema:
    """Return the schema of a table of named entries."""
    return {
        "type": "object",
        "description": description,
        "propertyNames": {"pattern": f"^{NAME_PATTERN}$"},
        "additionalProperties": entry,
        "maxProperties": MOST_ENTRIES,
    }


def _parameter_schema(parameter: Parameter) -> Schema:
    """Return the schema of one parameter, with meaning, unit and default."""
    described: Schema = {"description": f"{parameter.meaning} [{parameter.unit}]{_default_in_words(parameter)}"}
    if parameter.default is not None and not parameter.default_by and not parameter.by_issue:
        default = parameter.default
        described["default"] = list(default) if isinstance(default, tuple) else default
    return kind_of(parameter).schema(parameter) | described


def _default_in_words(parameter: Parameter) -> str:
    """Return how a default follows from another parameter, in words, or nothing."""
    if parameter.default_by:
        selector, values = parameter.default_by
        return (
            f"; default by {selector}: {', '.join(f'{option} {words.toml(value)}' for option, value in values.items())}"
        )
    if parameter.default_as:
        return f"; default: the value of {parameter.default_as}"
    if parameter.by_issue:
        return f"; default {parameter.default:g} for each issue"
    return ""


def _reference(scope: type, definitions: dict[str, Schema]) -> Schema:
    """Return a reference to the schema of a scope, and define it if it is not yet defined."""
    if scope.__name__ not in definitions:
        definitions[scope.__name__] = _scope_schema(scope, definitions)
    return {"$ref": f"#/$defs/{scope.__name__}"}


def _requirements(scope: type) -> Schema:
    """Return the schema that demands what a scope and those below it require, and nothing else."""
    here = declared(scope)
    required = [name for name, parameter in here.parameters.items() if parameter.required]
    properties: dict[str, Schema] = {}
    for name, section in here.sections.items():
        below = _requirements(section)
        if below:
            properties[name] = below
        if below.get("required"):
            required.append(name)
    for name, (entry, _) in here.tables.items():
        below = _requirements(entry)
        if below:
            properties[name] = {"additionalProperties": below}
    parts: Mapping[str, Any] = {"required": required, "properties": properties}
    return {key: part for key, part in parts.items() if part}


def _intervention(definitions: dict[str, Schema]) -> Schema:
    """Return the schema of one intervention."""
    entry = _scope_schema(Intervention, definitions)
    tables = declared(World).tables
    added = {name: _table_schema(_reference(tables[name][0], definitions), f"new {name}") for name in CHANGEABLE}
    value = {"type": ["number", "boolean", "string", "array"]}
    entry["properties"] |= {
        "add": {
            "type": "object",
            "description": "entries that come to exist",
            "properties": added,
            "additionalProperties": False,
        },
        "set": {
            "type": "object",
            "description": 'values that change, each by its whole key in quotes, as in "officials.envoy.candour" = 1.0',
            "additionalProperties": value,
        },
    }
    return entry


def _first_line(scope: type) -> str:
    """Return what a scope is, from its docstring."""
    return (scope.__doc__ or "").partition("\n")[0]
