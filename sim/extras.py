"""Packages that are installed on request, and the extra that brings each."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sim.errors import SimError

_EXTRAS = {
    "distributed": "cluster",
    "pandas": "tables",
    "polars": "tables",
    "sklearn.tree": "space",
    "xlsxwriter": "tables",
}


def optional_package(name: str) -> Any:
    """Return a package of an extra, imported now; say how to install one that is not there."""
    try:
        return import_module(name)
    except ImportError:
        package, extra = name.partition(".")[0], _EXTRAS[name]
        raise SimError(f"{package} is not installed; it comes with: pip install 'backchannel[{extra}]'") from None
