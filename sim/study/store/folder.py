"""Result folders: what an experiment gave, kept so that nothing is lost and nothing is played twice.

    manifest.json       the question with every input resolved, versions, machine, time
    design.json         the design as drawn, read by everything that comes later, never drawn again
    parts/              what was played, as sim.study.store.parts describes
    damaged/            parts that were not what their checksums said
    module.wasm         the module that plays it, and in laid-out.parquet its points as the module reads them
    summary.json        written when nothing is missing: the content hash and the headline of each point
    lock                held by the one process that writes

Nothing in a folder is executed by reading it: there are JSON, Parquet and checksums. The module is played by `sim
reproduce` alone, and only where the program's own is another one (sim.study.store.kept_module).
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import operator
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from sim import words
from sim.errors import ScenarioError, SimError
from sim.scenario.keys import quoted, suggestion
from sim.scenario.load import Scenario
from sim.scenario.models import Model
from sim.steps.columns import columns_of, outcomes_of
from sim.study.design.experiments import Experiment
from sim.study.design.loading import described, not_at_hand
from sim.study.design.points import Point
from sim.study.design.stored import stored_experiment
from sim.study.play.compiled_runs import played_as
from sim.study.play.results import Columns, Failure, Part, Result, first_of, merged_columns
from sim.study.play.weekly import Weekly
from sim.study.store import contents, parts
from sim.study.store.kept_module import KEPT, KEPT_FILES, kept_module
from sim.study.store.locking import LOCK, FolderError, explained_errors, is_locked
from sim.study.store.manifests import (
    FORMAT,
    design_bytes,
    design_of,
    experiment_of,
    inputs_hash,
    is_sealed,
    json_bytes,
    lined_bytes,
    loaded_json,
    manifest_of,
    origin_of,
    sealed,
    stored_inputs_hash,
)
from sim.study.store.parts import PartBytes, Range
from sim.study.store.shelf import Shelf
from sim.study.store.typed import typed_at, with_options
from sim.version import DISTRIBUTION, model_version

MANIFEST, _DESIGN, _SUMMARY = "manifest.json", "design.json", "summary.json"
_PARTS, _DAMAGED = "parts", "damaged"
_RESTORE = "restore it from a copy, or play the experiment again into another folder with --out"

# What comes of JSON that is none, is nested too deeply, or holds other things than expected.
_UNREADABLE = (AttributeError, IndexError, KeyError, OSError, RecursionError, TypeError, ValueError)
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
        try:
            return experiment_of(self.manifest, self.design, self.path / MANIFEST, self.model)
        except ScenarioError as error:
            raise FolderError(*(f"{self.path}: {line}" for line in error.args)) from None
        except _UNREADABLE as error:
            raise _cannot_be_read(self.path, error) from None

    @property
    def points(self) -> tuple[Point, ...]:
        """The points of the design."""
        return self.experiment.points

    @property
    def replicates(self) -> int:
        """How many replicates of each point are asked for."""
        return int(self.manifest["replicates"])

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
    def _shelf(self) -> Shelf:
        """The parts that are there."""
        return Shelf(self.path / _PARTS, origin_of(self.manifest), len(self.points))

    @property
    def present(self) -> Mapping[int, Sequence[Range]]:
        """The ranges that are there, by the number of the point, in the order of both."""
        return self._shelf.present

    def missing(self, asked: Mapping[int, int]) -> list[Range]:
        """Return the ranges that are not there, given how many replicates of each point, by its number, are asked for."""
        in_order = sorted(asked.items())
        return [gap for point, count in in_order for gap in parts.gaps(point, count, self.present.get(point, ()))]

    def count_played(self, number: int) -> int:
        """Return how many replicates of a point are there from replicate 0 on, without a gap."""
        gap = next(parts.gaps(number, parts.MOST, self.present.get(number, ())))
        return gap.first

    def playable(self, scenario: Scenario) -> Scenario | None:
        """Return a scenario of this folder ready to be played; None where it would be another one today, or is refused."""
        if self.manifest["model_version"] != model_version():
            return None
        try:
            return scenario.restored()
        except ScenarioError:
            return None

    def columns(self, number: int) -> tuple[Columns, tuple[Failure, ...]]:
        """Return the columns of a point by its number, and the replicates that failed."""
        self.check_parts()
        read = [self.part(where) for where in self.present.get(number, ())]
        failures = tuple(failure for part in read for failure in part.failed)
        return merged_columns([part.columns for part in read]), failures

    def result(self, name: str, replicates: int | None = None) -> Result:
        """Return the result of a point, from replicate 0 on; of the first `replicates` if not of all that are there."""
        point = self.point(name)
        self.check_parts()
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
        self.check_parts()
        return self._weekly_of(self.point(name).number)

    def _weekly_of(self, number: int) -> Weekly | None:
        """Return the weekly values of a point by its number, None where they were not kept."""
        read = [self.part(where).weekly for where in self.present.get(number, ())]
        weeks = [weekly for weekly in read if weekly is not None]
        return functools.reduce(operator.add, weeks) if read and len(weeks) == len(read) else None

    def part(self, where: Range) -> Part:
        """Return what one of the ranges that are there holds; say what to do about it if it is damaged."""
        with self._explained_damage():
            return self._shelf.part(where)

    def check_parts(self) -> None:
        """Raise if a part is, by name or metadata, not what its place says: what it should hold would be left out."""
        with self._explained_damage():
            self._shelf.check_names()

    @contextlib.contextmanager
    def _explained_damage(self) -> Iterator[None]:
        """Say what to do about a damaged part."""
        try:
            yield
        except parts.DamagedPartError as error:
            raise SimError(f"{error}; play it again with {self.resume_command()}") from None

    def damages(self) -> Iterator[tuple[str, parts.DamagedPartError]]:
        """Yield each part that is damaged, by its path below the parts, and what is wrong with it."""
        return self._shelf.damages()

    @property
    def strange(self) -> list[Path]:
        """What lies among the parts and is none of them; it is passed over."""
        return self._shelf.strange

    def is_being_written(self) -> bool:
        """Return whether a process holds the lock."""
        return is_locked(self.path)

    def failures(self) -> Iterator[tuple[Point, Failure]]:
        """Yield the replicates that failed, each with its point; damaged parts are passed over."""
        for number, ranges in self.present.items():
            for where in ranges:
                with contextlib.suppress(parts.DamagedPartError):
                    for failure in self._shelf.part(where).failed:
                        yield self.points[number], failure

    def content_hash(self) -> str:
        """Return the SHA-256 of all columns in (point, replicate) order, with the names of points and columns and types."""
        self.check_parts()
        sha = hashlib.sha256()
        for number in self.present:
            self.hash_point(sha, number, self.columns(number)[0])
        return sha.hexdigest()

    def hash_point(self, sha: _Hash, number: int, columns: Columns) -> None:
        """Add the columns of a point to the content hash, and its weekly values if they are kept."""
        point = self.points[number]
        outcomes = outcomes_of(point.base)
        sha.update(f"{point.name}\n".encode())
        for name, values in columns.items():
            sha.update(contents.column_bytes(name, values, outcomes))
        weekly = self._weekly_of(number) if self.experiment.weekly else None
        if weekly is not None:
            sha.update(contents.weekly_bytes(weekly))

    def summary(self) -> dict[str, Any]:
        """Return what the summary says, written when nothing was missing."""
        path = self.path / _SUMMARY
        try:
            summary = loaded_json(parts.read_file(path))
        except OSError:
            raise SimError(f"{self.path}: is not complete; go on with {self.resume_command()}") from None
        except ValueError as error:
            raise SimError(f"{path}: is damaged ({error}); write it again with {self.resume_command()}") from None
        if not is_sealed(summary):
            raise SimError(f"{path}: is not what its checksum says; write it again with {self.resume_command()}")
        if any(summary.get(name) != value for name, value in self._summarised.items()):
            raise SimError(f"{path}: is of other results; write it again with {self.resume_command()}")
        return summary

    def resume_command(self) -> str:
        """Return the command that plays what is missing."""
        return self.command("sweep", "--resume")

    @property
    def made_with(self) -> str:
        """The release that made it, as one asks for it, with the commit where it came from a checkout."""
        commit = self.manifest.get("commit")
        return f"{DISTRIBUTION} {self.manifest['version']}{f' (commit {commit})' if commit else ''}"

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
            self._shelf.write(ready)

    def write_summary(self, summary: Mapping[str, Any]) -> None:
        """Write what is found in a folder in which nothing is missing, point by point."""
        self._write_file(_SUMMARY, lined_bytes(sealed({**self._summarised, **summary}), "points"))

    @property
    def _summarised(self) -> dict[str, Any]:
        """What a summary shares with the manifest that it belongs to."""
        return {name: self.manifest[name] for name in ("inputs_sha256", "replicates", "model_version")}

    def _write_manifest(self) -> None:
        """Write the manifest with the hash of what it says."""
        self._write_file(MANIFEST, json_bytes(sealed(self.manifest)))

    def _write_file(self, name: str, data: bytes) -> None:
        """Write one of the folder's own files, whole or not at all."""
        with explained_errors(self.path):
            parts.write_whole(self.path / name, data)
            parts.sync_folders([self.path / name])

    def extend(self, replicates: int) -> Folder:
        """Ask for so many replicates of each point, in the manifest if that is more; return the folder as it is then."""
        if replicates == self.replicates:
            return self
        if replicates < self.replicates:
            raise FolderError(f"{self.path}: has {self.replicates:,} replicates a point; {replicates:,} would be fewer")
        command = with_options(self.manifest["command"], {"-n": replicates, "--precision": None, "--budget": None})
        manifest = self.manifest | {"replicates": replicates, "command": command}
        longer = replace(self, manifest=manifest)
        longer._write_manifest()
        return longer

    def _restate(self, experiment: Experiment) -> Folder:
        """Ask as an experiment of the same inputs does now (words, contrasts, claims); return the folder as it is then."""
        file = {"label": experiment.document.label, "text": experiment.document.text}
        if file == self.manifest["file"]:
            return self
        texts = {"title": experiment.title, "question": experiment.question, "asked": stored_experiment(experiment)}
        restated = replace(self, manifest=self.manifest | texts | {"file": file})
        restated._write_manifest()
        return restated

    def put_in_order(self, warn: Warn) -> None:
        """Take away what was left unfinished, and set damaged parts aside, saying so; name what is no part."""
        damages = list(self.damages())
        with explained_errors(self.path):
            parts.clear_aside(self.path)
            self._shelf.clear_unfinished()
            for stem, _ in damages:
                parts.set_aside(self.path / _PARTS, stem, self.damaged)
        if damages:
            more = "" if len(damages) == 1 else f" (and {len(damages) - 1:,} more damaged parts)"
            warn(f"{damages[0][1]}{more}; set aside in {self.damaged}, and played again")
        if self.strange:
            warn(self.strange_line())
        self.__dict__.pop("_shelf", None)

    def strange_line(self) -> str:
        """Return a line that names what lies among the parts and is none of them."""
        more = "" if len(self.strange) == 1 else f" (and {len(self.strange) - 1:,} more)"
        return f"{self.strange[0]}{more}: is no part of results, and passed over"

    @property
    def damaged(self) -> Path:
        """Where parts are set aside that are not what they should be."""
        return self.path / _DAMAGED

    def set_aside(self, ranges: Iterable[Range]) -> None:
        """Set every part aside that holds one of some ranges, so that they are missing."""
        with explained_errors(self.path):
            for stem in self._shelf.stems_of(ranges):
                parts.set_aside(self.path / _PARTS, stem, self.damaged)
        self.__dict__.pop("_shelf", None)

    def drop_failed(self) -> int:
        """Take away the replicates of ranges in which some failed, so that they are played again; return how many ranges."""
        with explained_errors(self.path), self._explained_damage():
            dropped = self._shelf.drop_failed()
        self.__dict__.pop("_shelf", None)
        return dropped


def _cannot_be_read(path: Path, error: Exception) -> FolderError:
    """Return what to say of a folder whose own files are not what they should be."""
    return FolderError(f"{path}: its manifest or design cannot be read ({type(error).__name__}: {error})")


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
    manifest, design = _read_manifest(path), _read_file(path / _DESIGN)
    try:
        if hashlib.sha256(design).hexdigest() != manifest["design_sha256"]:
            raise FolderError(f"{path / _DESIGN}: is not the design that {MANIFEST} was written with; {_RESTORE}")
        if stored_inputs_hash(manifest) != manifest["inputs_sha256"]:
            raise FolderError(f"{path / MANIFEST}: its inputs are not what their checksum says; {_RESTORE}")
        folder = Folder(path, manifest, loaded_json(design), model)
        # What every reader needs, looked up here so that a manifest that lacks it is told with its path.
        _ = (folder.replicates, origin_of(manifest), manifest["file"]["text"], folder.design["rows"])
        _ = (manifest["asked"], manifest["words"])
    except _UNREADABLE as error:
        raise _cannot_be_read(path, error) from None
    if model is not None:
        _check_same_model(folder, described(model))
    return folder


def _read_manifest(path: Path) -> dict[str, Any]:
    """Return what the manifest of a folder says, if that is of this format and what its checksum says."""
    try:
        manifest = loaded_json(_read_file(path / MANIFEST))
        _check_format(path, manifest)
    except (ValueError, KeyError) as error:
        raise FolderError(f"{path / MANIFEST}: cannot be read ({type(error).__name__}: {error}); {_RESTORE}") from None
    if not is_sealed(manifest):
        raise FolderError(f"{path / MANIFEST}: is not what its checksum says; {_RESTORE}")
    return manifest


def _check_format(path: Path, manifest: Mapping[str, Any]) -> None:
    """Raise unless a folder is of the format that this program reads; say which one reads it."""
    found = manifest["format"]
    if found == FORMAT:
        return
    if isinstance(found, int) and found > FORMAT:
        raise FolderError(
            f"{path}: is of format {found}, which is newer than this program ({FORMAT}): update it with pip install "
            f"--upgrade {DISTRIBUTION}"
        )
    made_by = f"version {manifest.get('version')}, commit {manifest.get('commit')}"
    raise FolderError(
        f"{path}: is of format {found}, which is read by the program that made it ({made_by}) and by none of format "
        f"{FORMAT}; read it with that one, or play it again"
    )


def _read_file(path: Path) -> bytes:
    """Return one of the files without which a folder is none."""
    try:
        return parts.read_file(path)
    except OSError as error:
        raise FolderError(f"{path}: cannot be read ({error.strerror}); {_RESTORE}") from None


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
    kept = kept_module(experiment, engine)
    said = {} if kept is None else {KEPT: kept.described}
    manifest = manifest_of(experiment, command, engine) | typed_at(experiment, path) | said
    folder = Folder(path, manifest, design_of(experiment), played_by)
    with explained_errors(path):
        (path / _PARTS).mkdir(exist_ok=True)
        for name, data in () if kept is None else kept.files.items():
            parts.write_whole(path / name, data)
    folder._write_file(_DESIGN, design_bytes(folder.design))
    folder._write_manifest()
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
        path.name in (LOCK, _DESIGN, *KEPT_FILES)
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
            f"go on with {folder.made_with}, or choose another folder with --out (status, report, claims and export read it)"
        )
    _check_same_words(folder)
    if experiment is not None and inputs_hash(experiment) != folder.manifest["inputs_sha256"]:
        raise FolderError(
            f"{path}: holds results of other inputs than {experiment.document.label} has now "
            f"({_what_differs(folder, experiment)}); choose another folder with --out"
        )
    return folder if experiment is None else folder._restate(experiment)


def _check_same_words(folder: Folder) -> None:
    """Raise unless columns and outcomes are called today what they are called in a folder: two would mix in one."""
    kept = [*folder.experiment.scenarios.values()]
    now = [scenario.restored() for scenario in kept]
    here, there = ({column.name for scenario in asked for column in columns_of(scenario)} for asked in (now, kept))
    if here != there or outcomes_of(now[0]) != outcomes_of(kept[0]):
        raise FolderError(
            f"{folder.path}: its columns or outcomes are called otherwise than this program calls them; go on with "
            f"{folder.made_with}, or choose another folder with --out"
        )


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
