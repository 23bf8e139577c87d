"""The kinds of value a parameter may have: the table at the end holds for each kind all that is asked of it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from sim.parameters import FRONT, LONGEST_NAME, MOST_ENTRIES, MOST_ISSUES, MOST_POINTS, NAME_PATTERN, Parameter
from sim.scenario.keys import nearest, quoted, shown

Schema = dict[str, Any]

NAME = re.compile(NAME_PATTERN)
NAME_RULE = f"(a lower-case letter, then lower-case letters, digits and _, at most {LONGEST_NAME} in all)"
_LONGEST_TEXT = 10_000
_NAME_SCHEMA: Schema = {"type": "string", "pattern": f"^{NAME_PATTERN}$"}


def _same(value: Any) -> Any:
    """Return a value as it is."""
    return value


@dataclass(frozen=True)
class Kind:
    """What is asked of one kind of value; by issue or point, all but `schema` and `frozen` is asked of the number of one.

    fault    what is wrong with a value by itself, an empty text where nothing is
    schema   type and limits of the parameter as JSON Schema
    parse    a value set over a file, where a command line leaves its kind unclear
    normal   the one form in which a value without fault is kept, so that 1 and 1.0 are the same number
    frozen   what the parameter holds, as the engines read it
    """

    fault: Callable[[Parameter, Any], str]
    schema: Callable[[Parameter], Schema]
    parse: Callable[[Any], Any] = _same
    normal: Callable[[Any], Any] = _same
    frozen: Callable[[Parameter, Any], Any] = lambda _, value: value


def _number_fault(parameter: Parameter, value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "is not a finite number"
    if isinstance(value, bool) or not isinstance(value, Real):
        return "is not a number"
    return _outside(parameter, value)


def _number_schema(parameter: Parameter) -> Schema:
    low, high = parameter.limits
    return {"type": "number", "minimum": low, "maximum": high}


def _number_normal(value: Any) -> float:
    return float(value) + 0.0  # minus zero is zero


def _by_issue_frozen(parameter: Parameter, value: Mapping[str, float]) -> dict[str, float]:
    total = math.fsum(value.values()) if parameter.scaled else 1.0
    return {issue: number / total for issue, number in value.items()}


def _point_fault(parameter: Parameter, value: Any) -> str:
    fault = "" if value == FRONT else _number_fault(parameter, value)
    return f'{fault} and is not "{FRONT}"' if fault else ""


def _point_normal(value: Any) -> float | str:
    return FRONT if value == FRONT else _number_normal(value)


def _points_schema(parameter: Parameter) -> Schema:
    return {
        "type": "object",
        "propertyNames": {"minLength": 1, "maxLength": LONGEST_NAME, "pattern": r"^[^.]+$"},
        "additionalProperties": {"anyOf": [_number_schema(parameter), {"const": FRONT}]},
        "maxProperties": MOST_POINTS,
    }


def _count_fault(parameter: Parameter, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, Integral):
        return "is not a whole number"
    return _outside(parameter, value)


def _outside(parameter: Parameter, value: Any) -> str:
    """Return that a number lies outside its limits, or nothing."""
    low, high = parameter.limits
    return "" if low <= value <= high else f"lies outside {low:.9g}..{high:.9g}"


def _flag_fault(parameter: Parameter, value: Any) -> str:
    return "" if isinstance(value, bool) else "is not true or false"


def _choice_fault(parameter: Parameter, value: Any) -> str:
    value = _choice_parsed(value)
    if isinstance(value, str) and value in parameter.options:
        return ""
    close = nearest(value, parameter.options) if isinstance(value, str) else None
    hint = f"; did you mean {quoted(close)}?" if close else ""
    return f"is not one of {', '.join(map(quoted, parameter.options))}{hint}"


def _choice_parsed(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value  # track = 2


def _choice_schema(parameter: Parameter) -> Schema:
    numbers = [float(word) for word in parameter.options if re.fullmatch(r"\d+(\.\d+)?", word)]
    return {"enum": [*parameter.options, *(int(one) if one.is_integer() else one for one in numbers)]}


def _name_fault(parameter: Parameter, value: Any) -> str:
    if isinstance(value, str) and (NAME.fullmatch(value) or value == parameter.default):
        return ""  # whether the entry exists is asked when all are known
    return f"is not a name {NAME_RULE}"


def _names_fault(parameter: Parameter, value: Any) -> str:
    if not isinstance(value, list | tuple):
        return "is not a list of names"
    if len(value) > MOST_ENTRIES:
        return f"has {len(value)} names; at most {MOST_ENTRIES} are allowed"
    wrong = [name for name in value if not (isinstance(name, str) and NAME.fullmatch(name))]
    return f"holds {shown(wrong[0])}, which is not a name" if wrong else ""


def _words_parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",")] if value.strip() else []


def _addresses_fault(parameter: Parameter, value: Any) -> str:
    if not isinstance(value, list | tuple) or not all(isinstance(address, str) for address in value):
        return "is not a list of entries"
    return "" if len(value) <= MOST_ENTRIES else f"has more than {MOST_ENTRIES} entries"


def _text_fault(parameter: Parameter, value: Any) -> str:
    if not isinstance(value, str):
        return "is not text"
    if len(value) > _LONGEST_TEXT:
        return f"is longer than {_LONGEST_TEXT} characters"
    good = all(letter.isprintable() or letter in "\n\t" for letter in value)
    return "" if good else "holds characters that do not print"


def _tuple(_: Parameter, value: list[str]) -> tuple[str, ...]:
    return tuple(value)


# fmt: off
_KINDS: dict[str, Kind] = {
    "number": Kind(_number_fault, _number_schema, normal=_number_normal),
    "by_issue": Kind(_number_fault,
        lambda p: {"type": "object", "additionalProperties": _number_schema(p), "maxProperties": MOST_ISSUES},
        normal=_number_normal, frozen=_by_issue_frozen),
    "points": Kind(_point_fault, _points_schema, normal=_point_normal, frozen=lambda _, value: dict(value)),
    "count": Kind(_count_fault,
        lambda p: {"type": "integer", "minimum": int(p.limits[0]), "maximum": int(p.limits[1])}, normal=int),
    "flag": Kind(_flag_fault, lambda _: {"type": "boolean"}),
    "choice": Kind(_choice_fault, _choice_schema, parse=_choice_parsed, normal=_choice_parsed),
    "name": Kind(_name_fault,
        lambda p: _NAME_SCHEMA if p.required else {"type": "string", "pattern": f"^({NAME_PATTERN})?$"}),
    "names": Kind(_names_fault,
        lambda _: {"type": "array", "items": _NAME_SCHEMA, "uniqueItems": True, "maxItems": MOST_ENTRIES},
        parse=_words_parsed, normal=list, frozen=_tuple),
    "addresses": Kind(_addresses_fault,
        lambda _: {"type": "array", "items": {"type": "string"}, "maxItems": MOST_ENTRIES},
        parse=_words_parsed, normal=list, frozen=_tuple),
    "text": Kind(_text_fault, lambda _: {"type": "string", "maxLength": _LONGEST_TEXT}),
}
# fmt: on


def kind_of(parameter: Parameter) -> Kind:
    """Return what is asked of the values of a parameter."""
    return _KINDS[parameter.kind]
