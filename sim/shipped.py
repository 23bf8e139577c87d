"""Where the files that come with the package are, and how scenarios are grouped."""

from pathlib import Path
from typing import Final

SUFFIXES: Final = {"scenarios": ".toml", "assumptions": ".toml", "experiments": ".toml", "evidence": ".csv"}

# Each shipped scenario, in the group and the order in which `sim list` and the documentation show it.
#
# A name says the treatment. With a channel, the channel comes first: `secret-track-N`, or `open-track-N` if it is announced.
# `track-1.5-...` is `secret-track-1.5` with what follows in the name: how the envoys talk or who they are, what is done
# and, at the end, who is kept out of the table.
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "Inclusion and misrepresentation": (
        "reference",
        "ukraine-kept-out",
        "ukraine-overruled",
        "track-1.5-honest",
        "track-1.5-honest-kyiv-told",
        "track-1.5-honest-kyiv-visited",
        "track-1.5-honest-ukraine-kept-out",
        "track-1.5-honest-kyiv-visited-ukraine-kept-out",
        "track-1.5-misrepresenting",
        "track-1.5-misrepresenting-kyiv-told",
        "track-1.5-misrepresenting-kyiv-visited",
        "track-1.5-misrepresenting-ukraine-kept-out",
        "track-1.5-misrepresenting-kyiv-visited-ukraine-kept-out",
    ),
    "Tracks": (
        "open-track-1",
        "secret-track-1",
        "secret-track-1.5",
        "open-track-1.5",
        "secret-track-2",
        "track-1.5-authorised",
        "track-1.5-at-its-best",
        "hosted-channel-becomes-the-table",
    ),
    "Envoys": (
        "track-1.5-own-ideas-kyiv-visited",
        "track-1.5-persona-honest-broker",
        "track-1.5-persona-self-promoter",
        "track-1.5-persona-credulous",
        "track-1.5-persona-captured",
        "track-1.5-persona-captured-nuclear-claims",
        "track-1.5-persona-captured-no-nuclear-claims",
        "track-1.5-persona-authorised-envoy",
        "secret-track-2-persona-expert-academic",
    ),
    "Leaks and remedies": (
        "track-1.5-never-exposed",
        "track-1.5-exposed",
        "track-1.5-exposed-denied",
        "track-1.5-exposed-met-with-silence",
        "track-1.5-exposed-disowned",
        "track-1.5-kyiv-visited-later",
        "track-1.5-envoys-replaced",
        "track-1.5-stopped",
    ),
    "Other worlds": (
        "with-european-union",
        "with-chinese-broker",
        "front-gives-way",
        "silent-observer",
        "two-states-known-costs",
    ),
}
UNGROUPED: Final = "In no group"


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


def grouped(names: list[str]) -> dict[str, list[str]]:
    """Return the names of scenarios by the title of their group; a file laid beside the shipped ones is in none."""
    groups = {title: [name for name in members if name in names] for title, members in GROUPS.items()}
    placed = {name for members in GROUPS.values() for name in members}
    groups[UNGROUPED] = [name for name in names if name not in placed]
    return {title: members for title, members in groups.items() if members}
