"""Experiment files: a question, the two scenarios whose contrast answers it, and in how many replicates."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from sim.errors import ScenarioError
from sim.files import Document, read_document
from sim.keys import shown, suggestion
from sim.shipped import shipped, shipped_names

MOST_REPLICATES = 10_000_000


@dataclass(frozen=True)
class Experiment:
    """A question put to the model.

    a, b         shipped names or paths of the two scenarios; what is told is b minus a
    replicates   1 .. 10,000,000
    """

    title: str
    question: str
    a: str
    b: str
    replicates: int


def load_experiment(source: str) -> Experiment:
    """Return an experiment by its shipped name or from a file; raise ScenarioError with a line for what is wrong."""
    path = Path(source)
    if source in shipped_names("experiments"):
        path = shipped("experiments") / f"{source}.toml"
    document = read_document(path)
    names = [one.name for one in fields(Experiment)]
    for key in document.tree:
        if key not in names:
            raise _wrong(document, key, f"unknown key {shown(key)}{suggestion(key, names)}")
    for name in names:
        _check(document, name)
    return Experiment(**document.tree)


def _check(document: Document, name: str) -> None:
    """Raise if a key of an experiment is missing or is not what it must be."""
    if name not in document.tree:
        raise ScenarioError(f"{document.label}: lacks '{name}'")
    value = document.tree[name]
    if name == "replicates":
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_REPLICATES:
            raise _wrong(document, name, f"replicates = {shown(value)} is not a whole number in 1..{MOST_REPLICATES}")
    elif not isinstance(value, str) or not value:
        raise _wrong(document, name, f"{name} = {shown(value)} is not a text")


def _wrong(document: Document, key: str, message: str) -> ScenarioError:
    """Return the error about a key, with its line."""
    line = document.lines.get((key,))
    place = document.label if line is None else f"{document.label}:{line}"
    return ScenarioError(f"{place}: {message}")
