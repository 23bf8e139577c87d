"""Where the files that come with the package are: scenarios, assumptions, experiments and evidence."""

from pathlib import Path
from typing import Final

SUFFIXES: Final = {"scenarios": ".toml", "assumptions": ".toml", "experiments": ".toml", "evidence": ".csv"}


def shipped(kind: str) -> Path:
    """Return the folder of shipped files of one kind: "scenarios", "assumptions", "experiments" or "evidence".

    A wheel carries the folders inside the package; in a checkout, and in an editable install of one,
    they stand beside it.
    """
    if kind not in SUFFIXES:
        raise ValueError(f"no shipped files of kind {kind!r}; the kinds are {', '.join(SUFFIXES)}")
    package = Path(__file__).resolve().parent
    places = [package / "_shipped" / kind, package.parent / kind]
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"no shipped {kind} found; looked in {' and '.join(map(str, places))}")


def shipped_names(kind: str) -> list[str]:
    """Return the sorted names, without suffix, of the shipped files of one kind."""
    return sorted(path.stem for path in shipped(kind).glob(f"*{SUFFIXES[kind]}"))
