"""Which version of the package this is, and which version of the model."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

DISTRIBUTION: Final = "backchannel"

# Raised by hand when results change for a reason that the fingerprint does not see: how a scenario is laid out.
DECLARED_MODEL: Final = 1

PACKAGE: Final = Path(__file__).resolve().parent


@cache
def model_version() -> str:
    """Return the declared number and the first 12 hexadecimal digits of the fingerprint of what decides results."""
    from sim.engines.fingerprint import model_fingerprint

    return f"{DECLARED_MODEL}-{model_fingerprint()[:12]}"


def package_version() -> str:
    """Return the version of the installed package, or that of the checkout if it is not installed."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        project = PACKAGE.parent / "pyproject.toml"
        if not project.is_file():
            return "unknown"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
