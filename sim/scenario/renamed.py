"""What used to be called otherwise: one table, read by every message about a word that a file may no longer say.

Each context maps an old word to the new one; what stands behind a space is a remark to the reader:

    "design": {"latin": "space", "cells": "factorial (a factor's values may be named bundles of settings)"}

gives `design = "latin" is now "space"`. An old word is only explained where the new one may stand, so that a key that
has moved within one section is not proposed in another. A new word may not be an old one: follow chains here.
"""

from __future__ import annotations

from collections.abc import Collection

_SPACE = "space (how much each parameter explains is told by sim claims FOLDER --explain)"
_BUNDLES = "(a factor's values may be named bundles of settings, and it may be of some scenarios only)"

RENAMED: dict[str, dict[str, str]] = {
    # Of scenario and of experiment files, and in `--set`; a key is one word, without the keys above it.
    "keys": {"cells": f"factors {_BUNDLES}"},
    # Words of the choice with this key; another choice takes its own key as context.
    "design": {
        "cells": f"factorial {_BUNDLES}",
        "grid": "factorial (a factor takes low, high and steps)",
        "latin": "space",
        "morris": _SPACE,
        "sobol": _SPACE,
    },
    # Shipped ones.
    "scenarios": {
        "add-kyiv": "track-1.5-kyiv-visited-later",
        "authorised": "track-1.5-authorised",
        "change-envoy": "track-1.5-envoys-replaced",
        "disowned": "track-1.5-exposed-disowned",
        "exposed": "track-1.5-exposed",
        "exposed-denied": "track-1.5-exposed-denied",
        "exposed-silent": "track-1.5-exposed-met-with-silence",
        "never-exposed": "track-1.5-never-exposed",
        "no-nuclear-claims": "track-1.5-persona-captured-no-nuclear-claims",
        "nuclear-claims": "track-1.5-persona-captured-nuclear-claims",
        "persona-authorised-envoy": "track-1.5-persona-authorised-envoy",
        "persona-captured": "track-1.5-persona-captured",
        "persona-credulous": "track-1.5-persona-credulous",
        "persona-expert-academic": "secret-track-2-persona-expert-academic",
        "persona-honest-broker": "track-1.5-persona-honest-broker",
        "persona-self-promoter": "track-1.5-persona-self-promoter",
        "stop-it": "track-1.5-stopped",
        "track-1": "secret-track-1 (its officials meet in secret; open-track-1 is announced)",
        "track-1.5-honest-kept-out": "track-1.5-honest-ukraine-kept-out",
        "track-1.5-honest-with-kyiv": "track-1.5-honest-kyiv-visited",
        "track-1.5-honest-with-kyiv-kept-out": "track-1.5-honest-kyiv-visited-ukraine-kept-out",
        "track-1.5-misrepresenting-kept-out": "track-1.5-misrepresenting-ukraine-kept-out",
        "track-1.5-misrepresenting-with-kyiv": "track-1.5-misrepresenting-kyiv-visited",
        "track-1.5-misrepresenting-with-kyiv-kept-out": "track-1.5-misrepresenting-kyiv-visited-ukraine-kept-out",
        "track-2": "secret-track-2",
    },
    "assumptions": {},
    "experiments": {"screening": "what-matters", "sensitivity": "what-matters"},
    # Of the command line.
    "commands": {"sensitivity": "claims (sim claims FOLDER --explain; a section of sim report FOLDER shows it too)"},
}


def new_name(context: str, old: str, valid: Collection[str]) -> tuple[str, str]:
    """Return what `old` is called now and the remark about it, or two empty texts; `valid` are the words it may be."""
    name, _, remark = RENAMED.get(context, {}).get(old, "").partition(" ")
    return (name, f" {remark}" if remark else "") if name in valid else ("", "")
