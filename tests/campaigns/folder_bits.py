"""Every flipped bit of a result folder is noticed, or harmless.

A small folder is played: two points that share a part and one that has its own, with weekly values. Then one bit at a time
is flipped: each of `manifest.json`, `design.json`, `summary.json` and the checksums, and a random one of each byte of the
Parquet files, which are covered whole by their checksums; `size` of them at most. It is wrong if the folder is then read
without a word, and not to the same content hash, findings, failures and weeks; or if what is said is not one line that names
the file, or the folder's format.
"""

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import SimError
from sim.report.sweep_text import sweep_lines
from sim.study.store import parts
from sim.study.store.contents import parts_as_bytes
from sim.study.store.folder import Folder, open_folder
from sim.study.store.kept_module import KEPT_FILES
from sim.study.store.manifests import origin_of
from tests.study.sweeping import small, swept

SIZE, SEED = 120_000, 11
WHOLE = (".json", ".sha256")


class Flip(NamedTuple):
    """One bit of one byte of a file."""

    file: Path
    byte: int
    bit: int


def run(size: int, seed: int) -> dict[str, Any]:
    """Return how many flips were tried, noticed and harmless, and those that were neither."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = played(Path(name))
        whole = seen(folder.path)
        flips = [*flips_of(folder.path, chance)]
        tried = chance.sample(flips, size) if size < len(flips) else flips
        told = [(flip, complaint(flip, folder.path, whole)) for flip in tried]
    return {
        "tried": len(tried),
        "bits": len(flips),
        "noticed": sum(one == "noticed" for _, one in told),
        "harmless": sum(one == "harmless" for _, one in told),
        "silent": [
            f"{flip.file.name}, bit {flip.bit} of byte {flip.byte}: {one}" for flip, one in told if one not in FINE
        ],
    }


FINE = ("noticed", "harmless")


def played(place: Path) -> Folder:
    """Return a small folder that has every kind of file."""
    file = small(place, replicates=12, points=3)
    file.write_text("weekly = true\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    folder = swept(file, place / "out")
    held = [(where, folder.part(where)) for there in folder.present.values() for where in there]
    shutil.rmtree(folder.path / "parts")
    for group in (held[:2], held[2:]):
        parts.write(folder.path / "parts", parts_as_bytes(group, origin_of(folder.manifest)))
    return open_folder(folder.path)


def flips_of(path: Path, chance: random.Random) -> Iterator[Flip]:
    """Yield the flips of each file of a folder: every bit, or one of each byte.

    The module is left out: `sim reproduce` alone reads it, whole by its hash (tests/study/test_kept_module.py).
    """
    for file in sorted(one for one in path.rglob("*.*") if one.name not in KEPT_FILES):
        for byte in range(file.stat().st_size):
            for bit in range(8) if file.suffix in WHOLE else [chance.randrange(8)]:
                yield Flip(file, byte, bit)


def complaint(flip: Flip, path: Path, whole: Any) -> str:
    """Return whether a flip is noticed or harmless, else what is wrong."""
    before = flip.file.read_bytes()
    changed = bytearray(before)
    changed[flip.byte] ^= 1 << flip.bit
    flip.file.write_bytes(changed)
    try:
        return "harmless" if seen(path) == whole else "reads as something else"
    except SimError as error:
        text = str(error)
        named = flip.file.name.partition(".")[0] in text or f"{path}: is of format" in text
        return "noticed" if named and "\n" not in text else f"says {text!r}"
    finally:
        flip.file.write_bytes(before)


def seen(path: Path) -> Any:
    """Return what is read from a folder: content hash, findings, failures and weeks."""
    folder = open_folder(path)
    read = folder.summary(), folder.content_hash(), sweep_lines(folder), [*folder.failures()]
    return *read, [folder.weekly(point.name).sums.tolist() for point in folder.points]


def wrong(result: dict[str, Any]) -> list[str]:
    """Return what is not as it must be."""
    return result["silent"]


def found(result: dict[str, Any]) -> str:
    """Return a line about the result."""
    tried = f"{result['tried']:,} of {result['bits']:,} bits flipped"
    return f"{tried}: {result['noticed']:,} noticed, {result['harmless']:,} harmless, {len(result['silent'])} silent"
