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

from sim.scenario.load import Scenario
from sim.scenario.read import parse_document
from sim.study.design.experiments import Experiment, read_experiment
from sim.study.design.loading import with_class
from sim.study.design.points import Row
from sim.version import PACKAGE, model_version, package_version

FORMAT = 2
PACKAGES = ("mesa", "numpy", "pyarrow", "scipy", "wasmtime")
_GIT = ("git", "-C", str(PACKAGE), "--no-optional-locks")
_PATIENCE = 10
_MODEL = "model"


def manifest_of(experiment: Experiment, command: str, engine: str) -> dict[str, Any]:
    """Return what it takes to get the results of an experiment again, and what they are made with."""
    return {
        "format": FORMAT,
        "experiment": experiment.name,
        "title": experiment.title,
        "question": experiment.question,
        "command": command,
        "file": {"label": experiment.document.label, "text": experiment.document.text},
        "scenarios": {
            label: {name: part for name, part in scenario.to_dict().items() if name != _MODEL}
            for label, scenario in experiment.scenarios.items()
        },
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
    inputs = {
        "scenarios": {label: scenario.values for label, scenario in experiment.scenarios.items()},
        "design": design_of(experiment),
        "factors": {
            name: [factor.sets(value) for value in factor.values] if factor.named else list(factor.keys)
            for name, factor in experiment.factors.items()
        },
        "held": {label: {name: list(keys) for name, keys in held.items()} for label, held in experiment.held.items()},
        "seed": experiment.seed,
        "weekly": experiment.weekly,
        "kept": list(experiment.kept),
    }
    if experiment.model is not None:
        inputs[_MODEL] = [experiment.model.name, experiment.model.fingerprint]
    return hashlib.sha256(json.dumps(inputs, allow_nan=False).encode()).hexdigest()


def design_of(experiment: Experiment) -> dict[str, Any]:
    """Return the design as drawn, as plain data: the values of the factors line by line, null where there is none."""
    names = list(experiment.factors)
    rows = [[row.place, [row.values.get(name) for name in names]] for row in experiment.rows]
    return {"design": experiment.design, "factors": names, "rows": rows}


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
    """Return the experiment of a result folder: its file, its scenarios as they were, its design as it was drawn.

    path    the manifest
    model   the class of one's own that plays; reading needs none
    """
    document = parse_document(path, str(manifest["file"]["label"]), str(manifest["file"]["text"]))
    stored = stored_scenarios(manifest)
    scenarios = {label: with_class(Scenario.from_dict(data), model) for label, data in stored.items()}
    return read_experiment(document, str(manifest["experiment"]), scenarios, _rows_from(design))


def json_bytes(data: Mapping[str, Any]) -> bytes:
    """Return plain data as the bytes of a JSON file; of a file name that is no UTF-8, each byte as JSON escapes it."""
    text = json.dumps(data, allow_nan=False, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")


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
