"""Plain data: what JSON can hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any


def plain_data(thing: Any) -> Any:
    """Return a thing as mappings, lists, numbers and text; a number that does not exist is None.

    Of a dataclass its fields are told, but for those that `field(repr=False)` marks as too much to print.
    """
    if is_dataclass(thing):
        return {one.name: plain_data(getattr(thing, one.name)) for one in fields(thing) if one.repr}
    if isinstance(thing, Mapping):
        return {str(name): plain_data(value) for name, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [plain_data(value) for value in thing]
    if hasattr(thing, "tolist"):  # NumPy's arrays and numbers, without importing it
        return plain_data(thing.tolist())
    return None if isinstance(thing, float) and not math.isfinite(thing) else thing
