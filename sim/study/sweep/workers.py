"""What runs on a worker of a cluster: the proof of what it is, and tasks. It answers in bytes, whatever happens."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from typing import NamedTuple

from sim.scenario.load import load
from sim.study.play.compiled_runs import suited_engine
from sim.study.play.replicates import run
from sim.study.store.contents import digest
from sim.study.sweep.answers import AnswerError, answer_of, refusing_answer
from sim.study.sweep.tasks import Job, play_job
from sim.version import model_version, package_version

_PROBE, _PROBE_REPLICATES = "secret-track-1.5", 64
_MOST_BYTES = 1_000


class Identity(NamedTuple):
    """What tells one worker from another: the versions of its model and package, and the hash of fixed replicates."""

    model: str
    package: str
    probe: str


def identity(expected: str, module: bytes = b"") -> Identity:
    """Return what this process is and would play by a module; without the probe if its model is not what is expected."""
    if model_version() != expected:
        return Identity(model_version(), package_version(), "")
    with _playing(module):
        return Identity(model_version(), package_version(), bit_probe())


def bit_probe() -> str:
    """Return the SHA-256 of the columns of 64 replicates of one scenario."""
    return digest(run(load(_PROBE), _PROBE_REPLICATES, seed=0, processes=1, engine=suited_engine()).columns)


def identity_answer(expected: str, module: bytes) -> bytes:
    """Return on a worker what it is, as bytes."""
    try:
        return json.dumps(identity(expected, module)).encode()
    except Exception as error:  # noqa: BLE001  (whatever it is, it is told in bytes)
        return refusing_answer(error)


def identity_of(answer: object) -> Identity:
    """Return the identity that a worker's answer gives; raise AnswerError if it gives none."""
    if not isinstance(answer, bytes) or len(answer) > _MOST_BYTES:
        raise AnswerError("it does not say what it is in a few bytes")
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, list) or [type(field) for field in told] != [str, str, str]:
        raise AnswerError(f"it does not say what it is, but {ascii(answer)[2:200]}")
    return Identity(*told)


def refusal(own: Identity, other: Identity) -> str:
    """Return why a worker cannot be used, or nothing."""
    if own.model != other.model:
        return f"its model is {_shown(other.model)}, this is {own.model}"
    if own.package != other.package:
        return f"its package is {_shown(other.package)}, this is {own.package}"
    if own.probe != other.probe:
        return f"it gives other bits under the same version (probe {_shown(other.probe[:12])}, here {own.probe[:12]})"
    return ""


def task_answer(task: Sequence[Job], module: bytes) -> bytes:
    """Return on a worker the answer to a task, played by exactly the module that came with it; without one, by its own."""
    try:
        with _playing(module):
            return answer_of(task, [play_job(job) for job in task], module_hash(module))
    except Exception as error:  # noqa: BLE001  (an exception would be unpickled where it arrives)
        return refusing_answer(error)


def module_hash(module: bytes) -> str:
    """Return the SHA-256 of a module; nothing where there is none."""
    return hashlib.sha256(module).hexdigest() if module else ""


def _playing(module: bytes) -> contextlib.AbstractContextManager[None]:
    """Return within what our model is played by a module; without one, within nothing."""
    from sim.engines.ensemble import playing_module

    return playing_module(module) if module else contextlib.nullcontext()


def _shown(text: str) -> str:
    """Return what a worker says of itself as a terminal may show it."""
    return text if text.isprintable() else ascii(text)
