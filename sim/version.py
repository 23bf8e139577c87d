"""Which version of the package this is, and which version of the model."""

from __future__ import annotations

import hashlib
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Final

DISTRIBUTION: Final = "backchannel"

# Raised by hand when results change for a reason that the files below do not show.
DECLARED_MODEL: Final = 1

PACKAGE: Final = Path(__file__).resolve().parent


def model_files() -> list[Path]:
    """Return the files that decide what happens in a replicate: rules, chance and defaults, sorted by relative path."""
    files = [*(PACKAGE / "rules").glob("*.py"), PACKAGE / "chance.py", PACKAGE / "parameters.py"]
    return sorted(files, key=lambda path: path.relative_to(PACKAGE).as_posix())


def model_version() -> str:
    """Return the declared number and the first 12 hexadecimal digits of the SHA-256 over the model's files.

    Newlines are counted as a single line feed, so that a checkout on another system has the same version.
    """
    digest = hashlib.sha256()
    for path in model_files():
        digest.update(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    return f"{DECLARED_MODEL}-{digest.hexdigest()[:12]}"


def package_version() -> str:
    """Return the version of the installed package, or that of the checkout if it is not installed."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        project = PACKAGE.parent / "pyproject.toml"
        if not project.is_file():
            return "unknown"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


MODEL_VERSION: Final = model_version()
