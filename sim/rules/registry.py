"""The list of every rule: the functions an engine may compile."""

from collections.abc import Callable
from typing import TypeVar

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., object])

RULES: list[Callable[..., object]] = []


def rule(function: AnyFunction) -> AnyFunction:
    """Return the function unchanged, after adding it to the list of rules."""
    RULES.append(function)
    return function
