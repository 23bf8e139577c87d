"""Result folders: what an experiment gave, kept so that nothing is lost and nothing is played twice.

    manifest.json       the question with every input resolved, versions, machine, time
    design.json         the design as drawn, read by everything that comes later, never drawn again
    parts/              what was played, as sim.study.store.parts describes
    damaged/            parts that were not what their checksums said
    summary.json        written when nothing is missing: the content hash and the headline of each point
    lock                held by the one process that writes

Nothing in a folder is ever executed: there are only JSON, Parquet and checksums.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import operator
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from sim import words
from sim.errors import SimError
from sim.scenario.keys import quoted, suggestion
from sim.scenario.models import Model
from sim.study.design.experiments import Experiment
from sim.study.design.loading import described, not_at_hand
from sim.study.design.points import Point
from sim.study.play.compiled_runs import played_as
from sim.study.play.results import Columns, Failure, Result, first_of, merged_columns
from sim.study.play.weekly import Weekly
from sim.study.store import contents, parts
from sim.study.store.locking import LOCK, FolderError, explained_errors, is_locked
from sim.study.store.manifests import FORMAT, design_of, experiment_of, inputs_hash, json_bytes, manifest_of
from sim.study.store.parts import PartBytes, Range
from sim.study.store.typed import typed_at, with_options
from sim.version import model_version

MANIFEST, _DESIGN, SUMMARY = "manifest.json", "design.json", "summary.json"
_PARTS, _DAMAGED = "parts", "damaged"
_PLAYING = ("sweep", "reproduce")

Warn = Callable[[str], None]


class _Hash(Protocol):
    """What hashlib's objects do."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""


@dataclass(eq=False)
class Folder:
    """A result folder. Reading needs nothing; whoever writes holds the lock.

    model   the class of one's own that plays it, where that is at hand
    """

    path: Path
    manifest: dict[str, Any] = field(repr=False)
    design: dict[str, Any] = field(repr=False)
    model: type | None = None

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment, with scenarios and design as they were when the folder was made."""
        return experiment_of(self.manifest, self.design, self.path / MANIFEST, self.model)

    @property
    def points(self) -> tuple[Point, ...]:
        """The points of the design."""
        return self.experiment.points

    @property
    def replicates(self) -> int:
        """How many replicates of each point are asked for."""
        return int(self.manifest["replicates"])

    @property
    def _parts(self) -> Path:
        """The folder of the parts."""
        return self.path / _PARTS

    @cached_property
    def _named(self) -> dict[str, Point]:
        """The points by name."""
        return {point.name: point for point in self.points}

    def point(self, name: str) -> Point:
        """Return a point by its name."""
        if name not in self._named:
            raise SimError(f"{self.path}: there is no point {quoted(name)}{suggestion(name, self._named)}")
        return self._named[name]

    @cached_property
    def present(self) -> dict[int, list[Range]]:
        """The parts that are there, by the number of the point, in the order of both; read once, then kept up to date."""
        found: dict[int, list[Range]] = {}
        for where in parts.parts_in(self._parts):
            found.setdefault(where.point, []).append(where)
        return found

    def missing(self, asked: Mapping[int, int]) -> list[Range]:
        """Return the ranges that are not there, given how many replicates of each point, by its number, are asked for."""
        in_order = sorted(asked.items())
        return [gap for point, count in in_order for gap in parts.gaps(point, count, self.present.get(point, ()))]

    def count_played(self, number: int) -> int:
        """Return how many replicates of a point are there from replicate 0 on, without a gap."""
        gap = next(parts.gaps(number, parts.MOST, self.present.get(number, ())))
        return gap.first

    def columns(self, number: int) -> tuple[Columns, tuple[Failure, ...]]:
        """Return the columns of a point by its number, and the replicates that failed."""
        read = [contents.from_bytes(self.read(where).columns) for where in self.present.get(number, ())]
        failures = tuple(failure for _, failed in read for failure in failed)
        return merged_columns([columns for columns, _ in read]), failures

    def result(self, name: str, replicates: int | None = None) -> Result:
        """Return the result of a point, from replicate 0 on; of the first `replicates` if not of all that are there."""
        point = self.point(name)
        there = self.present.get(point.number)
        if not there:
            raise SimError(f"{self.path}: nothing of {name} has been played yet; go on with {self.resume_command()}")
        columns, failed = self.columns(point.number)
        if not len(columns["replicate"]):
            raise SimError(f"{self.path}: every replicate of {name} failed, the first with {failed[0].error}")
        asked = there[-1].end
        played = played_as(self.manifest["engine"], point.base)
        result = Result(point.scenario, self.manifest["seed"], 0, asked, played, columns, failed)
        return result if replicates is None else first_of(result, replicates)

    def weekly(self, name: str) -> Weekly | None:
        """Return the weekly values of a point, None where they were not kept."""
        return self._weekly_of(self.point(name).number)

    def _weekly_of(self, number: int) -> Weekly | None:
        """Return the weekly values of a point by its number, None where they were not kept."""
        read = [self.read(where).weekly for where in self.present.get(number, ())]
        if not read or not all(read):
            return None
        return functools.reduce(operator.add, [contents.weekly_from_bytes(data) for data in read])

    def read(self, where: Range) -> PartBytes:
        """Return a part; say what to do about it if it is damaged."""
        try:
            return parts.read(self._parts, where)
        except parts.DamagedPartError as error:
            raise SimError(f"{error}; play it again with {self.resume_command()}") from None

    def damages(self) -> Iterator[tuple[Range, parts.DamagedPartError]]:
        """Yield each part that is damaged, and what is wrong with it."""
        for where in parts.parts_in(self._parts):
            try:
                parts.read(self._parts, where)
            except parts.DamagedPartError as error:
                yield where, error

    def is_being_written(self) -> bool:
        """Return whether a process holds the lock."""
        return is_locked(self.path)

    def failures(self) -> Iterator[tuple[Point, Failure]]:
        """Yield the replicates that failed, each with its point; damaged parts are passed over."""
        for number, ranges in self.present.items():
            for where in ranges:
                with contextlib.suppress(parts.DamagedPartError):
                    for failure in contents.failures(parts.read(self._parts, where).columns):
                        yield self.points[number], failure

    def content_hash(self) -> str:
        """Return the SHA-256 of all columns in (point, replicate) order, with the names of points and columns and types."""
        sha = hashlib.sha256()
        for number in self.present:
            self.hash_point(sha, number, self.columns(number)[0])
        return sha.hexdigest()

    def hash_point(self, sha: _Hash, number: int, columns: Columns) -> None:
        """Add the columns of a point to the content hash, and its weekly values if they are kept."""
        sha.update(f"{self.points[number].name}\n".encode())
        for name, values in columns.items():
            sha.update(contents.column_bytes(name, values))
        weekly = self._weekly_of(number) if self.experiment.weekly else None
        if weekly is not None:
            sha.update(contents.weekly_bytes(weekly))

    def summary(self) -> dict[str, Any]:
        """Return what the summary says, written when nothing was missing."""
        try:
            summary: dict[str, Any] = json.loads((self.path / SUMMARY).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise SimError(f"{self.path}: is not complete; go on with {self.resume_command()}") from None
        return summary

    def resume_command(self) -> str:
        """Return the command that plays what is missing."""
        return self.command("sweep", "--resume")

    def command(self, name: str, *options: str) -> str:
        """Return a command about this folder; one that plays names the class of one's own which does."""
        plays = name in _PLAYING and "model" in self.manifest
        named = ("--model", self.manifest["model"]["name"]) if plays else ()
        return words.command(name, [self.path], [*options, *named])

    def check_playable(self) -> None:
        """Raise unless what plays this folder is at hand."""
        if self.experiment.model is not None and self.model is None:
            raise FolderError(f"{self.path}: {not_at_hand(self.experiment.model)}; what it was is kept in {MANIFEST}")

    def write(self, ready: Iterable[PartBytes]) -> None:
        """Write parts, whole or not at all."""
        with explained_errors(self.path):
            ready = list(ready)
            parts.write(self._parts, ready)
        self._note(part.range for part in ready)

    def _note(self, ranges: Iterable[Range]) -> None:
        """Keep in mind that some parts are there now."""
        for where in ranges:
            there = self.present.setdefault(where.point, [])
            there.append(where)
            there.sort()
        if [*self.present] != sorted(self.present):
            self.present = dict(sorted(self.present.items()))

    def write_file(self, name: str, data: Mapping[str, Any]) -> None:
        """Write one of the folder's own files, whole or not at all."""
        with explained_errors(self.path):
            parts.write_whole(self.path / name, json_bytes(data))
            parts.sync_folders([self.path / name])

    def extend(self, replicates: int) -> Folder:
        """Ask for so many replicates of each point, in the manifest if that is more; return the folder as it is then."""
        if replicates == self.replicates:
            return self
        if replicates < self.replicates:
            raise FolderError(f"{self.path}: has {self.replicates:,} replicates a point; {replicates:,} would be fewer")
        command = with_options(self.manifest["command"], {"-n": replicates, "--precision": None, "--budget": None})
        manifest = self.manifest | {"replicates": replicates, "command": command}
        self.write_file(MANIFEST, manifest)
        return replace(self, manifest=manifest)

    def _restate(self, experiment: Experiment) -> Folder:
        """Ask as an experiment of the same inputs does now (words, contrasts, claims); return the folder as it is then."""
        file = {"label": experiment.document.label, "text": experiment.document.text}
        if file == self.manifest["file"]:
            return self
        manifest = self.manifest | {"title": experiment.title, "question": experiment.question, "file": file}
        self.write_file(MANIFEST, manifest)
        return replace(self, manifest=manifest)

    def put_in_order(self, warn: Warn) -> None:
        """Take away what was left unfinished, and set damaged parts aside, saying so."""
        with explained_errors(self.path):
            parts.clear_aside(self.path)
            for where, error in self.damages():
                parts.set_aside(self._parts, where, self.path / _DAMAGED)
                warn(f"{error}; set aside in {self.path / _DAMAGED}, and played again")
        self.__dict__.pop("present", None)

    def drop_failed(self) -> int:
        """Take away the parts in which replicates failed, so that they are played again, and return how many."""
        dropped = 0
        with explained_errors(self.path):
            for where in parts.parts_in(self._parts):
                if contents.failures(self.read(where).columns):
                    parts.drop(self._parts, where)
                    dropped += 1
        self.__dict__.pop("present", None)
        return dropped


def is_folder(path: Path) -> bool:
    """Return whether a path is a result folder."""
    return (path / MANIFEST).is_file()


def open_folder(path: str | os.PathLike[str], model: type | None = None) -> Folder:
    """Return the result folder at a path, to be read; with the class of one's own that plays it, to be played too."""
    path = Path(path)
    if not path.is_dir():
        raise FolderError(f"{path}: is not a folder")
    if not is_folder(path):
        raise FolderError(f"{path}: holds no results (it has no {MANIFEST})")
    try:
        manifest, design = (json.loads((path / name).read_text(encoding="utf-8")) for name in (MANIFEST, _DESIGN))
        if manifest["format"] != FORMAT:
            raise FolderError(f"{path}: is of format {manifest['format']}, this program reads {FORMAT}; play it again")
        folder = Folder(path, manifest, design, model)
        # What every reader needs, looked up here so that a manifest that lacks it is told with its path.
        _ = (
            folder.replicates,
            manifest["model_version"],
            manifest["scenarios"],
            manifest["file"]["text"],
            design["rows"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FolderError(f"{path}: its manifest or design cannot be read ({type(error).__name__}: {error})") from None
    if model is not None:
        _check_same_model(folder, described(model))
    return folder


def _check_same_model(folder: Folder, model: Model) -> None:
    """Raise unless a model is the one that a folder was made with: two never mix in one folder."""
    stored = folder.manifest.get("model")
    if stored is None:
        raise FolderError(
            f"{folder.path}: was played by our model: leave --model out, or choose another folder with --out"
        )
    made = Model.from_dict(stored)
    if made != model:
        names = (f"{one.name} {one.fingerprint[:12]}" for one in (made, model))
        raise FolderError(
            f"{folder.path}: was made with the model {next(names)}, this is {next(names)}; two versions never mix in one "
            f"folder: choose another with --out (the source of the first is kept in {MANIFEST})"
        )


def create_folder(path: Path, experiment: Experiment, command: str, engine: str = "compiled") -> Folder:
    """Return a new result folder; the lock must be held. The manifest, without which it is none, comes last."""
    check_new(path)
    played_by = None if experiment.model is None else experiment.model.played_by
    manifest = manifest_of(experiment, command, engine) | typed_at(experiment, path)
    folder = Folder(path, manifest, design_of(experiment), played_by)
    with explained_errors(path):
        (path / _PARTS).mkdir(exist_ok=True)
    folder.write_file(_DESIGN, folder.design)
    folder.write_file(MANIFEST, folder.manifest)
    return folder


def check_new(path: Path) -> None:
    """Raise unless results can be written to a path without overwriting anything."""
    if path.exists() and not path.is_dir():
        raise FolderError(f"{path}: is not a folder")
    if is_folder(path):
        raise FolderError(f"{path}: holds results already; --resume goes on with them, --out chooses another folder")
    if path.is_dir() and not all(_is_left_by_writer(file) for file in path.iterdir()):
        raise FolderError(f"{path}: is not empty; results are never written over others")


def _is_left_by_writer(path: Path) -> bool:
    """Return whether a file is one that a writer leaves who was stopped before there was a manifest."""
    return (
        path.name in (LOCK, _DESIGN)
        or path.name.startswith(parts.ASIDE)
        or (path.name == _PARTS and not any(path.iterdir()))
    )


def resume_folder(path: Path, experiment: Experiment | None, model: type | None = None) -> Folder:
    """Return a folder to go on writing to, if it is of this model and of the experiment, where one is named."""
    folder = open_folder(path, model)
    folder.check_playable()
    made_by = folder.manifest["model_version"]
    if made_by != model_version():
        raise FolderError(
            f"{path}: was made by model {made_by}, this is model {model_version()}; two versions never mix in one folder: "
            "choose another with --out"
        )
    if experiment is not None and inputs_hash(experiment) != folder.manifest["inputs_sha256"]:
        raise FolderError(
            f"{path}: holds results of other inputs than {experiment.document.label} has now "
            f"({_what_differs(folder, experiment)}); choose another folder with --out"
        )
    return folder if experiment is None else folder._restate(experiment)


def _what_differs(folder: Folder, experiment: Experiment) -> str:
    """Return in a few words what differs between a folder's inputs and those of an experiment."""
    before = folder.experiment
    if before.seed != experiment.seed:
        return f"seed {before.seed} there, {experiment.seed} here"
    if [*before.scenarios] != [*experiment.scenarios]:
        return "other scenarios"
    for label, scenario in experiment.scenarios.items():
        for key, theirs, mine in before.scenarios[label].differences(scenario):
            return f"scenarios.{label}: {key} is {theirs} there, {mine} here"
    if before.weekly != experiment.weekly or before.kept != experiment.kept:
        return "other columns or weekly values are kept"
    return "other factors or another design"
