"""Python in a process of its own, as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def python(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Return what Python prints, started with these arguments; compiled modules are kept and used."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    settings = inherited | {"PYTHONPATH": str(ROOT)} | dict(environment or {})
    done = subprocess.run([sys.executable, *arguments], env=settings, check=True, capture_output=True, text=True)
    return done.stdout
