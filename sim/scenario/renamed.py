"""What used to be called otherwise: one table, read by every message about a word that a file may no longer say.

Each context maps an old word to the new one; what stands behind a space is a remark to the reader:

    "design": {"latin": "space", "cells": "factorial (a factor's values may be named bundles of settings)"}

gives `design = "latin" is now "space"`. An old word is only explained where the new one may stand, so that a key that
has moved within one section is not proposed in another. A new word may not be an old one: follow chains here.
"""

from __future__ import annotations

from collections.abc import Collection

RENAMED: dict[str, dict[str, str]] = {
    "keys": {},  # of scenario and of experiment files, and in `--set`; a key is one word, without the keys above it
    "design": {},  # words of the choice with this key; another choice takes its own key as context
    "scenarios": {},  # shipped ones
    "experiments": {},  # shipped ones
}


def new_name(context: str, old: str, valid: Collection[str]) -> tuple[str, str]:
    """Return what `old` is called now and the remark about it, or two empty texts; `valid` are the words it may be."""
    name, _, remark = RENAMED.get(context, {}).get(old, "").partition(" ")
    return (name, f" {remark}" if remark else "") if name in valid else ("", "")
