"""The page that keeps one full run: docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.rows import Row, as_tables

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"
PACKAGES = ("wasmtime", "numpy", "mesa")


def processor() -> str:
    """Return the model of the processor, as the system names it."""
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.conditions()


def conditions() -> list[str]:
    """Return what it was measured on and with."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    day = f"{datetime.now(UTC):%d %B %Y}".lstrip("0")
    return [
        f"Measured on {day}: {processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, {versions}.",
        "Times are medians of processor time unless the row says otherwise; other processes used the machine meanwhile",
        f"(load {os.getloadavg()[0]:.1f} at the end), which slows one core down too: ratios say more than rates.",
    ]


def write_page(rows: Iterable[Row]) -> None:
    """Put the rows between the marks of the page; what stands around them stays."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    body = "\n".join(["", *conditions(), "", *as_tables(rows)])
    PAGE.write_text(f"{before}{BEGIN}\n{body}{END}{after}", encoding="utf-8")
