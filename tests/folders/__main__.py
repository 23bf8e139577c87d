"""Make the result folder that the tests keep: `python -m tests.folders`.

It stands for all folders that readers have. It is made once for each format of folders, by the version that brings the
format, and never again: later versions must read what an earlier one wrote. tests/test_long_life.py reads it.
"""

import contextlib
import shutil
from pathlib import Path

from sim.cli import main

HERE = Path(__file__).resolve().parent
SMALL = HERE / "format-2"


def make() -> None:
    """Play the small experiment into the folder that is kept, in the place of the one that is there."""
    shutil.rmtree(SMALL, ignore_errors=True)
    with contextlib.chdir(HERE):
        if main(["sweep", "small.toml", "--out", SMALL.name, "--threads", "1"]):
            raise SystemExit("the folder could not be made")
    (SMALL / "lock").unlink()


if __name__ == "__main__":
    make()
