"""The hash of every shipped scenario's first replicates: what any platform has to give, to the last bit.

python -m tests.hashes            says which scenarios give something else here
python -m tests.hashes --accept   writes tests/hashes.json anew: after a change that is meant to alter results

Nothing in a row depends on the platform. The module adds, multiplies, divides, compares and takes roots of floats as
IEEE 754 fixes them, in an order that its text fixes, and every other function is made of these. WebAssembly leaves one thing
open, the bits of a NaN that is reckoned. No value that is reckoned may be one, and what is missing is a constant; the hash
takes every NaN as the same all the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.ensemble import rows_of
from sim.scenario.load import load
from sim.shipped import shipped_names
from sim.version import model_version

FILE = Path(__file__).with_suffix(".json")
SEED, REPLICATES = 2026, 20
ANEW = "If results are meant to differ, write the hashes anew: python -m tests.hashes --accept"


def hash_of(rows: NDArray[np.float64]) -> str:
    """Return the SHA-256 of rows: little-endian numbers of 64 bits, row after row, every NaN as the same one."""
    return hashlib.sha256(np.where(np.isnan(rows), np.nan, rows).astype("<f8").tobytes()).hexdigest()


def played() -> dict[str, Any]:
    """Return the hashes as they are here, with what they are of."""
    names = shipped_names("scenarios")
    hashes = {name: hash_of(rows_of(load(name), SEED, 0, REPLICATES)) for name in names}
    return {"model_version": model_version(), "seed": SEED, "replicates": REPLICATES, "sha256": hashes}


def kept() -> dict[str, Any]:
    """Return the hashes that are kept."""
    stored: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return stored


def differences(stored: dict[str, Any], here: dict[str, Any]) -> list[str]:
    """Return a line for each scenario whose hash differs or is missing, or one if they are of something else."""
    about = [f"{name}: {stored[name]} in the file, {here[name]} here" for name in stored if name != "sha256"]
    if any(stored[name] != here[name] for name in stored if name != "sha256"):
        return ["the hashes are of other replicates", *about]
    old, new = stored["sha256"], here["sha256"]
    names = sorted({*old, *new})
    return [
        f"{name}: {old.get(name)} in the file, {new.get(name)} here" for name in names if old.get(name) != new.get(name)
    ]


def main(arguments: list[str] | None = None) -> int:
    """Compare, or write the hashes anew; return 1 if one differs and was not accepted."""
    parser = argparse.ArgumentParser(prog="python -m tests.hashes", description="Hashes of the shipped scenarios.")
    parser.add_argument("--accept", action="store_true", help="write them anew")
    here = played()
    if parser.parse_args(arguments).accept:
        FILE.write_text(json.dumps(here, indent=1) + "\n", encoding="utf-8", newline="\n")
        return 0
    lines = differences(kept(), here)
    print("\n".join([*lines, ANEW]) if lines else f"{len(here['sha256'])} scenarios: the same bits as in the file")
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main())
