"""A scenario: what its file says, checked, with every default filled in, and from which week on each thing holds.

A file becomes a scenario in stages, in this order, and a stage that finds mistakes is the last:

    find        the file of a shipped name or path              read.find_file
    read        it and all that it extends                      read.read_chain
    merge       what they say together, each key with its line  read.merge_documents
    check       keys and values, by themselves                  check.check_file
    lay         sets of assumptions over what it says           assumptions.lay
    set         single values over what the files say           _with_sets
    intervene   what is given from which week on                interventions.givens_by_week
    relate      what is given in each era, between entries      relations
    fill        defaults where nothing is given                 worlds.fill_file
    build       the frozen worlds that engines read             worlds.build_eras

Where a set of assumptions is laid over, the scenario is made without it first, so that what is laid over is valid.

A mistake is noted at its key; the place of the key (`Given.place`) is file and line, or --set.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, SupportsIndex

from sim import words
from sim.errors import Problems, ScenarioError
from sim.scenario.acts import Act
from sim.scenario.archive import Archive
from sim.scenario.assumptions import lay, read_assumptions
from sim.scenario.check import Report, check_file, check_single
from sim.scenario.interventions import givens_by_week
from sim.scenario.keys import Key, Tree, leaves, parameter_of, quoted, shown, split_key
from sim.scenario.kinds import kind_of
from sim.scenario.models import Model
from sim.scenario.read import Given, Laid, check_depth, find_file, merge_documents, read_chain
from sim.scenario.relations import check_addresses, check_references, check_relations
from sim.scenario.worlds import Era, build_eras, deciding, fill_file

__all__ = ["Act", "Era", "Row", "Scenario", "ScenarioError", "load", "parse_set"]

Sources = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]  # files by path or shipped name, one or several

SET = "--set"
_BARE_LIST = re.compile(r"\[\s*[\w.]+(\s*,\s*[\w.]+)*\s*,?\s*\]")


class Row(NamedTuple):
    """One effective value, where it came from and what it means."""

    key: str
    value: Any
    unit: str
    origin: str
    meaning: str


@dataclass(frozen=True)
class Scenario:
    """One case, ready to run.

    eras     what holds from which week on; the first starts in week 1, and all hold the same entries in the same order
    acts     public acts about channels, by week
    values   every effective value of the file as a nested dictionary, defaults filled in, before any intervention
    model    the model class of one's own that plays it; None for ours
    archive  of one read from a result folder, what the folder says of it; then it has no eras before it is `restored`
    """

    name: str
    path: Path | None = field(compare=False)
    title: str
    description: str = field(repr=False)
    eras: tuple[Era, ...] = field(repr=False)
    acts: tuple[Act, ...] = field(repr=False)
    values: Tree = field(repr=False)
    given: Given = field(repr=False, compare=False)
    model: Model | None = None
    archive: Archive | None = field(default=None, repr=False, compare=False)

    @cached_property
    def origins(self) -> dict[str, str]:
        """Where each effective value came from: file:line, default, default by another parameter's value, or --set."""
        return {".".join(key): self._origin(key) for key, _ in leaves(self.values)}

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of all effective values, in hexadecimal; the order of entries counts, as it does in a run.

        Words in which terms and lines are told do not count: they change no result.

        Under a model class of one's own, its fingerprint counts too.
        """
        decides = deciding(self.given.scope, self.values)
        if self.model is not None:
            decides = {"model": self.model.fingerprint} | decides
        return hashlib.sha256(json.dumps(decides, allow_nan=False).encode()).hexdigest()

    def with_values(self, values: Mapping[str, object], places: Mapping[str, str] | None = None) -> Scenario:
        """Return the scenario with some values changed, as in {"officials.envoy.candour": 1.0}.

        places   where each of them was said, by its key, as in "mine.toml:7"; without it by --set
        """
        return self._remade(_with_sets(self.given, values, places or {}))

    def under(self, *sources: str | os.PathLike[str]) -> Scenario:
        """Return the scenario with sets of assumptions laid over it in order, each a shipped name or a file."""
        scenario = self
        for source in sources:
            assumptions = read_assumptions(source, scenario.given.scope)
            scenario = scenario._remade(lay(scenario.given, assumptions, self.name))
        return scenario

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The names of the sets of assumptions that were laid over it, in order."""
        return tuple(laid.name for laid in self.given.laid)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to know of the sets of assumptions that were laid over it, each in a sentence."""
        return tuple(remark for laid in self.given.laid for remark in laid.remarks)

    def _remade(self, given: Given) -> Scenario:
        """Return the scenario of which something else is given."""
        if self.archive is None:
            return _resolve(given, self.name, self.path, self.model)
        values = fill_file(given)  # it was checked when it was played
        return replace(self, given=given, values=values, title=_titled(values, self.name, given))

    def with_model(self, model: Model) -> Scenario:
        """Return the scenario as a model class of one's own plays it; raise if another one plays it already."""
        if self.model is None:
            return _resolve(replace(self.given, scope=model.scope), self.name, self.path, model)
        if self.model != model:
            raise ScenarioError(f"{self.name}: {_other_model(self.model, model)}")
        return replace(self, model=model)

    def differences(self, other: Scenario) -> list[tuple[str, Any, Any]]:
        """Return the keys whose effective values differ, with mine and theirs; None where one has no such key."""
        mine, theirs = ({".".join(key): value for key, value in leaves(scenario.values)} for scenario in (self, other))
        keys = dict.fromkeys([*mine, *theirs])
        return [(key, mine.get(key), theirs.get(key)) for key in keys if mine.get(key) != theirs.get(key)]

    def show(self) -> list[Row]:
        """Return every effective value with its unit, origin and meaning, in the order of the file."""
        rows = []
        for key, value in leaves(self.values):
            parameter = parameter_of(key, self.given.scope)
            name = ".".join(key)
            rows.append(Row(name, value, parameter.unit, self.origins[name], parameter.meaning))
        return rows

    def to_dict(self) -> dict[str, Any]:
        """Return the scenario as plain JSON-able data: what was given and where, and the effective values.

        The order of keys is part of it: do not sort them.
        """
        data = {
            "name": self.name,
            "path": None if self.path is None else self.given.label,
            "given": _plain(self.given.tree),
            "origins": {".".join(key): str(place) for key, place in self.given.places.items()},
            "values": deepcopy(self.values),
            "fingerprint": self.fingerprint,
        }
        if self.given.laid:
            data["under"] = [{"name": laid.name, "file": laid.label} for laid in self.given.laid]
        return data if self.model is None else data | {"model": self.model.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Scenario:
        """Return the scenario that `to_dict` described; it must still have the same effective values.

        The class of a model of one's own is not brought back: `with_model` gives it.
        """
        stored = _read_stored(data)
        given = stored.given if stored.model is None else replace(stored.given, scope=stored.model.scope)
        _check_given(given)
        scenario = _resolve(given, stored.name, stored.path, stored.model)
        stored.check_same(scenario)
        return scenario

    @classmethod
    def from_archive(cls, data: Mapping[str, Any], archive: Archive) -> Scenario:
        """Return the scenario that `to_dict` described, to be read as its folder says, whatever is declared today."""
        stored = _read_stored(data)
        given = replace(stored.given, scope=archive.scope)
        values = fill_file(given)
        scenario = cls(
            name=stored.name,
            path=stored.path,
            title=_titled(values, stored.name, given),
            description=str(values.get("description", "")),
            eras=(),
            acts=(),
            values=values,
            given=given,
            model=stored.model,
            archive=archive,
        )
        stored.check_same(scenario)
        return scenario

    def restored(self) -> Scenario:
        """Return the scenario ready to run; raise if one read from a folder is not what it would be today."""
        if self.archive is None:
            return self
        scenario = Scenario.from_dict(self.to_dict())
        return scenario if self.model is None else replace(scenario, model=self.model)

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        """Return how it is pickled: as it is stored where the class of its worlds has no module of its own."""
        if self.model is None and self.archive is None:
            return super().__reduce_ex__(protocol)
        return _restored, (self.to_dict(), None if self.model is None else self.model.played_by)

    def _origin(self, key: Key) -> str:
        """Return where one effective value came from."""
        if key in self.given.places:
            return str(self.given.places[key])
        parameter = parameter_of(key, self.given.scope)
        if parameter.default_by:
            level: Any = self.values
            for part in key[:-1]:
                level = level[part]
            selector = parameter.default_by[0]
            return f"default by {selector} {level[selector]}"
        return f"default as {parameter.default_as}" if parameter.default_as else "default"


def load(
    source: str | os.PathLike[str],
    sets: Mapping[str, object] | None = None,
    model: Model | None = None,
    under: Sources = (),
) -> Scenario:
    """Return a scenario by its shipped name or from a file, with `sets` put over what the file says.

    model   the model class of one's own that plays it
    under   sets of assumptions laid over the file in order, and beneath `sets`

    Raises ScenarioError with one line for each mistake.
    """
    path, label = find_file(source, "scenarios", "scenario")
    given = merge_documents(read_chain(path, label))
    if model is not None:
        given = replace(given, scope=model.scope)
    _check_given(given)
    name = path.stem if path.suffix == ".toml" else path.name
    laid = [under] if isinstance(under, str | os.PathLike) else [*under]
    if not laid:
        return _resolve(_with_sets(given, sets or {}, {}), name, path, model)
    scenario = _resolve(given, name, path, model).under(*laid)
    return scenario.with_values(sets) if sets else scenario


def parse_set(text: str) -> tuple[str, object]:
    """Return the key and the value of `key=value` from a command line; a bare word is text, [a, b] a list of words."""
    key, equals, written = text.partition("=")
    key, written = key.strip(), written.strip()
    if not equals or not key:
        raise ScenarioError(f"{SET} {quoted(text)}: write key=value, as in officials.envoy.candour=0.5")
    try:
        table = tomllib.loads(f"value = {written}")
    except (ValueError, RecursionError):
        table = {}
    if table.keys() == {"value"}:
        return key, table["value"]
    if _BARE_LIST.fullmatch(written):
        return key, [word.strip() for word in written[1:-1].split(",") if word.strip()]
    return key, written


def _check_given(given: Given) -> None:
    """Raise unless every key is known and every value is of its kind and within its limits."""
    problems = Problems()
    check_file(Report(given, problems))
    problems.refuse()


def _with_sets(given: Given, sets: Mapping[Any, object], places: Mapping[str, str]) -> Given:
    """Return what was given with set values over it, each addressed by its key and said at a place, else by --set."""
    problems = Problems()
    new: dict[Key, tuple[Any, str]] = {}
    for address, value in sets.items():
        if not isinstance(address, str):
            problems.add(SET, f"{shown(address)} is not a key; keys are text")
            continue
        key, place = split_key(address), places.get(address, SET)
        parameter, message = given.parameter_at(key)
        if parameter is None:
            problems.add(place, message)
        else:
            new[key] = (kind_of(parameter).parse(value), place)
            check_single(parameter, new[key][0], key, Report(Given({}, {key: place}, place), problems))
    problems.refuse()
    return given.with_values(new) if new else given


def _resolve(given: Given, name: str, path: Path | None, model: Model | None) -> Scenario:
    """Return the scenario that checked values make, or raise what does not fit together in some week."""
    problems = Problems()
    eras, acts = givens_by_week(given, problems)
    problems.refuse()
    filled = [(start, _relate_and_fill(Report(era, problems, start))) for start, era in eras]
    check_addresses([era for _, era in eras], problems)
    problems.refuse()
    values = fill_file(given)
    return Scenario(
        name=name,
        path=path,
        title=_titled(values, name, given),
        description=values["description"],
        eras=build_eras(filled, given.scope),
        acts=tuple(acts),
        values=values,
        given=given,
        model=model,
    )


def _titled(values: Tree, name: str, given: Given) -> str:
    """Return the title of a scenario, with the sets of assumptions under which it stands."""
    title = str(values.get("title", ""))
    if not given.laid:
        return title
    return f"{title or name}, under {words.listed([laid.name for laid in given.laid])}"


class _Stored(NamedTuple):
    """What `to_dict` described, read and not yet checked against what a file may say."""

    name: str
    path: Path | None
    given: Given
    fingerprint: str
    model: Model | None

    def check_same(self, scenario: Scenario) -> None:
        """Raise unless a scenario has the effective values that were stored."""
        if scenario.fingerprint != self.fingerprint:
            raise ScenarioError(
                f"{self.given.label}: its values or their order differ from what was stored (other defaults?)"
            )


def _read_stored(data: Mapping[str, Any]) -> _Stored:
    """Return the parts of a stored description."""
    model = None if data.get("model") is None else Model.from_dict(data["model"])
    try:
        name, path, tree = str(data["name"]), data["path"], check_depth(dict(data["given"]), "scenario")
        places = {split_key(key): str(place) for key, place in dict(data["origins"]).items()}
        label = name if path is None else str(path)
        laid = tuple(Laid(str(one["name"]), str(one["file"])) for one in data.get("under", []))
        given = Given(tree, dict(places), label, laid=laid)
        fingerprint = data["fingerprint"]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ScenarioError(f"scenario: the stored description is damaged ({type(error).__name__})") from None
    return _Stored(name, None if path is None else Path(label), given, fingerprint, model)


def _restored(stored: Mapping[str, Any], played_by: type | None) -> Scenario:
    """Return the scenario that was pickled as it is stored, with the class that plays it."""
    scenario = Scenario.from_dict(stored)
    return scenario if scenario.model is None else replace(scenario, model=replace(scenario.model, played_by=played_by))


def _other_model(mine: Model, other: Model) -> str:
    """Return why a scenario that one model plays can't be played by another, and what to do."""
    if mine.name != other.name:
        return f"was loaded for the model {mine.name}, and two classes do not combine; load it again for {other.name}"
    before, now = mine.fingerprint[:12], other.fingerprint[:12]
    what = f"{before}, this is {now}" if before != now else "it declares other parameters or columns now"
    return f"was loaded for another version of {mine.name} ({what}); load it again"


def _relate_and_fill(report: Report) -> Tree:
    """Return what holds in one era, its defaults filled in, or raise what does not fit together there."""
    check_references(report)
    report.problems.refuse()
    filled = fill_file(report.given)
    check_relations(filled, report)
    report.problems.refuse()
    return filled


def _plain(tree: Any) -> Any:
    """Return a copy of a tree in lists, dictionaries and Python's own numbers."""
    if isinstance(tree, Mapping):
        return {name: _plain(value) for name, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_plain(value) for value in tree]
    if isinstance(tree, bool | int | float | str):
        return tree
    return float(tree)
