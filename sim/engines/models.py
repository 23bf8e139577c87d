"""A model of one's own: what a class adds to ours or does otherwise.

The class is at hand where it is played. What has to be known of it elsewhere (to read a scenario, a result folder, a
trace) is described as plain data, see sim/scenario/models.py.
"""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from sim.engines.fingerprint import fingerprint, model_fingerprint
from sim.engines.sources import SourceError, kept_by_class, origin_of, scope_of, tree_of
from sim.errors import SimError
from sim.parameters import Parameter
from sim.scenario.load import Scenario
from sim.scenario.models import Model
from sim.steps.cast import CAST, War
from sim.steps.columns import COLUMNS, FOLLOWED, OVER, measured_columns, measured_quantities
from sim.steps.events import KINDS
from sim.steps.kinds import Thing, Variable, own_parameters, variables_of

Function = Callable[..., Any]

OURS = ("sim.", "mesa.")  # what the modules begin with that are not one's own
STORED = ("float", "int", "bool")


class ModelError(SimError):
    """A class that is no model, or that declares what can't be."""

    exit_status = 2


class Draw(int):
    """The number of a purpose for which a class of one's own draws; `decides` says what the draw decides."""

    decides: str = ""


def model_of(scenario: Scenario) -> type[War]:
    """Return the class that plays a scenario: ours, or the one that it was loaded with."""
    if scenario.model is None:
        return War
    if scenario.model.played_by is None:
        raise ModelError(
            f"{scenario.name}: its model {scenario.model.name} is not at hand: name the class with --model"
        )
    return scenario.model.played_by


@kept_by_class
def describe(model: type[War]) -> Model:
    """Return what a class of one's own adds, as plain data; raise ModelError if it declares what can't be."""
    given: object = model
    if not (inspect.isclass(given) and issubclass(given, War) and given.keeps_events):
        raise ModelError(f"model = {model!r} is not a subclass of sim.War")
    _check_cast(model)
    for kind, owner in own_classes(model):
        _check_declarations(model, kind, owner)
    columns, quantities = measured_columns(model)[len(COLUMNS) :], measured_quantities(model)[len(FOLLOWED) :]
    return Model(
        name=f"{model.__module__}:{model.__qualname__}",
        fingerprint=_fingerprint(model),
        source=_source(model),
        parameters=own_parameters(model),
        columns=tuple(measured.described for block in columns for measured in block),
        quantities=tuple(measured.described for block in quantities for measured in block),
        events=_events(model),
        draws=_draws(model),
        played_by=model,
    )


@kept_by_class
def adds_to_files(model: type[War]) -> bool:
    """Return whether a class declares what has to be known to read a scenario for it: parameters, columns, quantities."""
    measures = len(measured_columns(model)) + len(measured_quantities(model)) - len(COLUMNS) - len(FOLLOWED)
    return bool(own_parameters(model)) or measures > 0


def own_classes(model: type[War]) -> Iterator[tuple[str, type[Thing]]]:
    """Yield each class of one's own that plays a kind, with the kind, those that others derive from first."""
    for kind in CAST:
        owners = [owner for owner in reversed(model.class_of(kind).__mro__) if issubclass(owner, Thing)]
        yield from ((kind, owner) for owner in owners if not owner.__module__.startswith(OURS))


def functions_in(owner: type) -> dict[str, Function]:
    """Return the functions that stand in the body of a class, those of properties too, by name."""
    members = {name: one.fget if isinstance(one, property) else one for name, one in vars(owner).items()}
    return {name: one for name, one in members.items() if inspect.isfunction(one)}


def _check_cast(model: type[War]) -> None:
    """Raise unless every class of a cast plays a kind that there is, and derives from the class that plays it."""
    ours = next(owner for owner in model.__mro__ if owner.__module__.startswith(OURS) and issubclass(owner, War))
    for kind, played_by in (
        (kind, one) for owner in model.__mro__ for kind, one in vars(owner).get("cast", {}).items()
    ):
        if kind not in CAST or kind == "War":
            others = ", ".join(name for name in CAST if name != "War")
            raise ModelError(f"{model.__qualname__}.cast: there is no kind {kind!r}; the kinds are {others}")
        if not (isinstance(played_by, type) and issubclass(played_by, ours.class_of(kind))):
            raise ModelError(f"{model.__qualname__}.cast: {played_by!r} does not derive from sim.own.{kind}")


def _check_declarations(model: type[War], kind: str, owner: type[Thing]) -> None:
    """Raise unless what a class declares can be kept, under names that are free."""
    annotations = {name: annotation for name, _, annotation in variables_of(owner)}
    taken = {name for base in owner.__mro__[1:] for name in (*vars(base), *inspect.get_annotations(base))}
    declared = CAST[kind].parameters
    if declared is not None:
        taken |= set(inspect.get_annotations(declared))
    for name, value in vars(owner).items():
        where = f"{owner.__qualname__}.{name}"
        if isinstance(value, Variable | Parameter) and name in taken:
            raise ModelError(f"{where}: a {kind} has something of this name; choose another")
        if isinstance(value, Variable) and annotations.get(name) not in STORED:
            raise ModelError(f"{where}: write its type ({', '.join(STORED)}), as in {name}: float = own.variable(...)")
        if isinstance(value, Parameter) and kind != "War":
            raise ModelError(f"{where}: parameters are declared in the class of the war; files give them under [own]")
    known = {measured.name for block in (*COLUMNS, *FOLLOWED) for measured in block}
    for measured in (one for function in vars(owner).values() for one in getattr(function, "measures", {}).values()):
        if measured.name in known:
            raise ModelError(f"{owner.__qualname__}: there is a column {measured.name!r} already; choose another name")
        if kind not in OVER:
            raise ModelError(f"{owner.__qualname__}: columns are measured of {', '.join(OVER)}, not of a {kind}")


@cache
def _ours() -> str:
    """Return the hash of our model, which takes half a second to find."""
    return model_fingerprint()


def _fingerprint(model: type[War]) -> str:
    """Return the SHA-256 of what decides the results of a model: ours, and all that classes of one's own add or override."""
    own = [
        (f"{kind}.{name}", function)
        for kind, owner in own_classes(model)
        for name, function in functions_in(owner).items()
    ]
    lines = [_ours(), *(name for name, _ in own)]
    lines += [f"{name}: {parameter}" for name, parameter in own_parameters(model).items()]
    for kind, owner in own_classes(model):
        lines += [f"{kind}.{name}: {value} {annotation}" for name, value, annotation in variables_of(owner)]
        lines += [f"{kind}.{name} = {value!r}" for name, value in vars(owner).items() if isinstance(value, int | float)]
    functions = [function for _, function in own]
    try:
        return fingerprint(functions, {}, lines)
    except SourceError:  # typed at a prompt: what Python made of it stands for the text
        codes = [f"{function.__code__.co_code!r} {function.__code__.co_consts!r}" for function in functions]
        return fingerprint([], {}, [*lines, *codes])


def _source(model: type[War]) -> str:
    """Return the text of the files in which the classes of one's own stand."""
    paths = dict.fromkeys(
        function.__code__.co_filename for _, owner in own_classes(model) for function in functions_in(owner).values()
    )
    return "\n\n".join("".join(linecache.getlines(path)) for path in paths)


def _events(model: type[War]) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the kinds of events that classes of one's own declare: meaning and details."""
    found = {name: one for owner in reversed(model.__mro__) for name, one in vars(owner).get("events", {}).items()}
    for name in found:
        if name in KINDS:
            raise ModelError(f"{model.__qualname__}.events: there is an event {name!r} already; choose another name")
    for function in (one for _, owner in own_classes(model) for one in functions_in(owner).values()):
        for call in _calls_in(function):
            noted = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
            if isinstance(call.func, ast.Attribute) and call.func.attr == "note" and noted not in (*KINDS, *found):
                listed = ", ".join(found) or "none"
                raise ModelError(
                    f"{origin_of(call)}: there is no event {noted!r}; {model.__qualname__}.events has {listed}"
                )
    return {name: (one.meaning, one.details) for name, one in found.items()}


def _calls_in(function: Function) -> list[ast.Call]:
    """Return the calls in a function, none if it has no source."""
    try:
        return [node for node in ast.walk(tree_of(function)) if isinstance(node, ast.Call)]
    except SourceError:
        return []


def _draws(model: type[War]) -> dict[str, int]:
    """Return what the classes of one's own draw for, with its number."""
    functions = [function for _, owner in own_classes(model) for function in functions_in(owner).values()]
    named = [scope_of(function).get(name) for function in functions for name in function.__code__.co_names]
    found = {draw.decides: int(draw) for draw in named if isinstance(draw, Draw)}
    if len(set(found.values())) < len(found):
        listed = " and ".join(repr(decides) for decides in found)
        raise ModelError(f"{model.__qualname__}: draws share a number: declare {listed} in one own.draws(...)")
    return found
