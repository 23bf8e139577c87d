"""What a result folder says about itself: the question with every input resolved, and what it was made with."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from sim.scenario.archive import archive_from, archived_words
from sim.scenario.load import Scenario
from sim.scenario.models import Description
from sim.scenario.read import Document
from sim.steps.columns import columns_of, outcomes_of
from sim.study.design.experiments import Experiment
from sim.study.design.loading import with_class
from sim.study.design.points import Row
from sim.study.design.stored import read_stored, stored_experiment
from sim.study.store.contents import Origin
from sim.version import PACKAGE, model_version, package_version

FORMAT = 2
PACKAGES = ("mesa", "numpy", "pyarrow", "scipy", "wasmtime")
_GIT = ("git", "-C", str(PACKAGE), "--no-optional-locks")
_PATIENCE = 10
_MODEL, _SEAL = "model", "sha256"


def manifest_of(experiment: Experiment, command: str, engine: str) -> dict[str, Any]:
    """Return what it takes to get the results of an experiment again, and what they are made with."""
    return {
        "format": FORMAT,
        "experiment": experiment.name,
        "title": experiment.title,
        "question": experiment.question,
        "command": command,
        "file": {"label": experiment.document.label, "text": experiment.document.text},
        "asked": stored_experiment(experiment),
        "words": _words_of(experiment),
        "scenarios": {
            label: {name: part for name, part in scenario.to_dict().items() if name != _MODEL}
            for label, scenario in experiment.scenarios.items()
        },
        "inputs": _inputs_of(experiment),
        "design_sha256": _design_hash(experiment),
        "inputs_sha256": inputs_hash(experiment),
        "seed": experiment.seed,
        "replicates": experiment.replicates,
        "engine": engine,
        "model_version": model_version(),
        "version": package_version(),
        "commit": _commit(),
        "python": platform.python_version(),
        "packages": {name: installed_version(name) for name in PACKAGES},
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "time": _time_now(),
    } | ({} if experiment.model is None else {_MODEL: experiment.model.to_dict()})


def stored_scenarios(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the scenarios of a folder by label, as `Scenario.to_dict` stores them: with the model that plays them all."""
    model = {_MODEL: manifest[_MODEL]} if _MODEL in manifest else {}
    return {label: stored | model for label, stored in manifest["scenarios"].items()}


def inputs_hash(experiment: Experiment) -> str:
    """Return the SHA-256 of all that decides the results but the number of replicates: scenarios, design and seed."""
    values = {label: scenario.values for label, scenario in experiment.scenarios.items()}
    model = experiment.model
    played_by = None if model is None else [model.name, model.fingerprint]
    return _hash_of([values, _design_hash(experiment), _inputs_of(experiment), experiment.seed, played_by])


def stored_inputs_hash(manifest: Mapping[str, Any]) -> str:
    """Return the same of the inputs that stand in a manifest."""
    values = {label: stored["values"] for label, stored in manifest["scenarios"].items()}
    model = manifest.get(_MODEL)
    played_by = None if model is None else [model["name"], model["fingerprint"]]
    return _hash_of([values, manifest["design_sha256"], manifest["inputs"], manifest["seed"], played_by])


def _inputs_of(experiment: Experiment) -> dict[str, Any]:
    """Return what decides the results beside scenarios, design and seed, as plain data."""
    return {
        "factors": {
            name: [factor.sets(value) for value in factor.values] if factor.named else list(factor.keys)
            for name, factor in experiment.factors.items()
        },
        "held": {label: {name: list(keys) for name, keys in held.items()} for label, held in experiment.held.items()},
        "weekly": experiment.weekly,
        "kept": list(experiment.kept),
    }


def origin_of(manifest: Mapping[str, Any]) -> Origin:
    """Return what the replicates of a folder come from."""
    return Origin(*(manifest[name] for name in Origin._fields))


def sealed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain data with the SHA-256 of all that it says."""
    said = {name: value for name, value in data.items() if name != _SEAL}
    return said | {_SEAL: _hash_of(said)}


def is_sealed(data: Mapping[str, Any]) -> bool:
    """Return whether plain data says what it said when its SHA-256 was taken."""
    return _SEAL in data and sealed(data)[_SEAL] == data[_SEAL]


def _hash_of(data: Any) -> str:
    """Return the SHA-256 of plain data; the order of keys counts."""
    return hashlib.sha256(json.dumps(data, allow_nan=False).encode()).hexdigest()


def design_of(experiment: Experiment) -> dict[str, Any]:
    """Return the design as drawn, as plain data: the values of the factors line by line, null where there is none."""
    names = list(experiment.factors)
    rows = [[row.place, [row.values.get(name) for name in names]] for row in experiment.rows]
    return {"design": experiment.design, "factors": names, "rows": rows}


def lined_bytes(data: Mapping[str, Any], long: str) -> bytes:
    """Return plain data as the bytes of a JSON file that has a line for each entry of one of its lists or tables.

    A hundred thousand entries are written so in a moment.
    """
    head = _line({name: value for name, value in data.items() if name != long})
    entries = data[long]
    if isinstance(entries, Mapping):
        lines = [f"{_line(name)}: {_line(value)}" for name, value in entries.items()]
        ends = "{}"
    else:
        lines, ends = [_line(value) for value in entries], "[]"
    return (f"{head[:-1]}, {_line(long)}: {ends[0]}\n" + ",\n".join(lines) + f"\n{ends[1]}}}\n").encode()


def _line(data: Any) -> str:
    """Return plain data as JSON on one line."""
    return json.dumps(data, allow_nan=False, ensure_ascii=False)


def design_bytes(design: Mapping[str, Any]) -> bytes:
    """Return a design as the bytes of a JSON file with a line for each of its own."""
    return lined_bytes(design, "rows")


def _design_hash(experiment: Experiment) -> str:
    """Return the SHA-256 of the file of a design."""
    return hashlib.sha256(design_bytes(design_of(experiment))).hexdigest()


def _rows_from(design: Mapping[str, Any]) -> tuple[Row, ...]:
    """Return the lines of a design from plain data."""
    names = [str(name) for name in design["factors"]]
    return tuple(
        Row(
            {key: value for key, value in zip(names, values, strict=True) if value is not None},
            int(place),
        )
        for place, values in design["rows"]
    )


def experiment_of(
    manifest: Mapping[str, Any], design: Mapping[str, Any], path: Path, model: type | None = None
) -> Experiment:
    """Return the experiment of a result folder: what it asks, its scenarios as they were, its design as it was drawn.

    Nothing is filled from what the program declares today, and the text of the experiment's file is not read again.

    path    the manifest
    model   the class of one's own that plays; reading needs none
    """
    document = Document(path, str(manifest["file"]["label"]), str(manifest["file"]["text"]), {})
    archive, stored = archive_from(manifest["words"], str(manifest["model_version"])), stored_scenarios(manifest)
    scenarios = {label: with_class(Scenario.from_archive(data, archive), model) for label, data in stored.items()}
    return read_stored(manifest["asked"], document, scenarios, _rows_from(design))


def _words_of(experiment: Experiment) -> dict[str, Any]:
    """Return the words in which an experiment's scenarios and results are read, as plain data."""
    scenarios = experiment.scenarios.values()
    columns = {column.name: column for scenario in scenarios for column in columns_of(scenario)}
    described = [Description(one.name, one.kind, one.unit, one.meaning) for one in columns.values()]
    first = next(iter(scenarios))
    return archived_words(first.given.scope, described, outcomes_of(first))


def loaded_json(data: bytes) -> dict[str, Any]:
    """Return what the bytes of a JSON file say; raise ValueError where they are none, or no table."""
    try:
        said = json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(said, dict):
        raise ValueError("it is no table")
    return said


def json_bytes(data: Mapping[str, Any]) -> bytes:
    """Return plain data as the bytes of a JSON file."""
    return (json.dumps(data, allow_nan=False, ensure_ascii=False, indent=1) + "\n").encode()


def installed_version(package: str) -> str | None:
    """Return the version of a package, None where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _time_now() -> str:
    """Return the time, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _commit() -> str | None:
    """Return the commit of the checkout the package runs from, marked if files differ from it; None where there is none."""
    tracked = _git("ls-files", "--error-unmatch", "version.py")
    head = _git("rev-parse", "HEAD") if tracked else None
    if not head:
        return None
    return f"{head} with changes" if _git("status", "--porcelain", "--untracked-files=no", ".") else head


def _git(*words: str) -> str | None:
    """Return what git says in the folder of the package, None where it fails."""
    try:
        answer = subprocess.run([*_GIT, *words], capture_output=True, text=True, timeout=_PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
