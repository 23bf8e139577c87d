"""Lowering: the steps of the week, written over things with names, become functions over flat arrays.

A thing becomes its number, an attribute its place in an array, a loop over things a loop over numbers; events, and what only
serves them, fall away. What is lowered is what the play loop reaches, from the classes of the model that is played. A kind
of which there is one needs no number; a function is handed those arrays alone that it, or what it calls, reads or writes.

What a step may say: assignments, `if`, `for` over things or `range`, `while`, `break`, `return`; arithmetic, comparisons,
`and`, `or`, `not`, `x if c else y`; `is` between things; calls of rules, of the search and of other steps. Its arguments and
its result are annotated. Anything else is refused by file and line.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.engines.layout import ARRAY_OF, BELIEFS, LISTS, PAIRS, Layout, layout_of
from sim.engines.models import functions_in, own_classes
from sim.engines.sources import (
    NotCompiledError,
    copied_tree,
    mark_origins,
    origin_of,
    scope_of,
    tree_of,
    walk,
    with_origin,
)
from sim.engines.unit import Namer
from sim.steps.cast import CAST, War
from sim.steps.columns import ARGUMENTS, Measured, measured_columns, measured_quantities
from sim.steps.kinds import SINGLE, variables_of

Function = Callable[..., Any]
Target = ast.Name | ast.Subscript

ARRAYS = ("P", "R", "S", "sheet", "work")
OF_THE_WAR = {"front": "Front", "table": "Table", "agreement": "Agreement", "escalation": "Escalation"}
COUNTED = {"issue_count": "Issue", "guarantee_count": "Guarantee", "fighter_count": "fighters"}
FOR_EVENTS = ("note",)
OPEN_ENGINE = "sim.engines.open"
# What the engine does itself: a class of one's own may not replace it.
GIVEN = ("is_era_due", "quantities", "course_first")
BY_THE_ENGINE = {("War", name) for name in (*GIVEN, *FOR_EVENTS, "enter_era", "follow", "play")} | set(PAIRS)
GENERATED = "generated text"  # the file that functions without one are said to stand in


class LoweringError(NotCompiledError):
    """A step says something that has no meaning over arrays."""


@dataclass
class Lowered:
    """A lowered function: its tree, and the names of the lowered functions it calls."""

    tree: ast.FunctionDef
    calls: set[str] = field(default_factory=set)


class Lowering:
    """The lowered functions of a model, found from an entry on."""

    def __init__(self, model: type[War], names: dict[Function, str]) -> None:
        """Prepare for a model; `names` gives the rules and functions of the search that steps may call."""
        self.model = model
        self.layout = layout_of(model)
        self.given = _given(self.layout)
        self.names = names
        self.functions: dict[str, Lowered] = {}
        self.queue: list[tuple[str, Function, str]] = []
        self.made_from: dict[str, Function] = {}
        self.sources: list[Function] = []

    def member(self, kind: str, name: str) -> Any:
        """Return what the class of a kind has under a name, None if nothing."""
        return inspect.getattr_static(self.model.class_of(kind), name, None)

    def methods(self, kind: str, name: str) -> list[Function]:
        """Return the functions under a name of the class of a kind and of those it derives from, nearest first."""
        members = [vars(owner)[name] for owner in self.model.class_of(kind).__mro__ if name in vars(owner)]
        functions = [one.fget if isinstance(one, property) else one for one in members]
        return [function for function in functions if inspect.isfunction(function)]

    def method(self, kind: str, name: str) -> Function:
        """Return the function that things of a kind run under a name."""
        found = self.methods(kind, name)
        if not found:
            raise LoweringError(f"a {kind} has no step {name!r}")
        return found[0]

    def is_property(self, kind: str, name: str) -> bool:
        """Return whether things of a kind have a derived attribute of this name."""
        return isinstance(self.member(kind, name), property)

    def overridden(self, kind: str, function: Function, name: str) -> tuple[str, Function] | None:
        """Return label and function that `super().name` stands for in a function of a kind, None if there is none.

        It is the next of this name behind the class in which the function stands.
        """
        owners = self.model.class_of(kind).__mro__
        here = next(place for place, owner in enumerate(owners) if function in functions_in(owner).values())
        later = [found for owner in owners[here + 1 :] if (found := vars(owner).get(name)) is not None]
        if not later or not inspect.isfunction(later[0]):
            return None
        number = self.methods(kind, name).index(later[0])
        return (f"{kind}_{name}_{number}" if number else f"{kind}_{name}"), later[0]

    def want(self, label: str, function: Function, kind: str) -> str:
        """Ask for a function to be lowered under a label, or one near it that is free, and return the label."""
        while self.made_from.setdefault(label, function) is not function:
            label += "_"
        if label not in self.functions:
            self.functions[label] = Lowered(ast.parse("def nothing(): pass").body[0])  # type: ignore[arg-type]
            self.queue.append((label, function, kind))
        return label

    def run(self) -> None:
        """Lower everything asked for, and what that asks for."""
        while self.queue:
            label, function, kind = self.queue.pop()
            self.sources.append(function)
            tree = Namer(function, self.names).visit(copied_tree(function))
            self.functions[label] = Step(self, label, tree, function, kind).lowered()

    def generate(self, label: str, text: str, scope: dict[str, Any]) -> None:
        """Lower a function of the war that is generated as text."""
        tree = ast.parse(text).body[0]
        if not isinstance(tree, ast.FunctionDef):
            raise LoweringError(f"{label} is not written with def")
        mark_origins(tree, GENERATED)
        self.functions[label] = Step(self, label, tree, scope, "War").lowered()

    def trees(self, entry: ast.FunctionDef) -> list[ast.FunctionDef]:
        """Return all lowered functions, each with the arrays it needs as first arguments, and the entry."""
        needs = {label: arrays_in(one.tree) for label, one in self.functions.items()}
        changed = True
        while changed:
            changed = False
            for label, one in self.functions.items():
                more = set().union(*(needs[called] for called in one.calls)) - needs[label]
                if more:
                    needs[label] |= more
                    changed = True
        ordered = {label: [name for name in ARRAYS if name in found] for label, found in needs.items()}
        handing = Handing(ordered | {entry.name: []})
        return [handing.visit(tree) for tree in [*(one.tree for one in self.functions.values()), entry]]


def arrays_in(tree: ast.AST) -> set[str]:
    """Return the arrays that a function names itself."""
    return {node.id for node in walk(tree) if isinstance(node, ast.Name) and node.id in ARRAYS}


class Handing(ast.NodeTransformer):
    """Hand each lowered function the arrays it needs."""

    def __init__(self, needs: dict[str, list[str]]) -> None:
        """Take the arrays of each function, in their order."""
        self.needs = needs

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Put the arrays before the arguments."""
        node.args.args = [ast.arg(name) for name in self.needs[node.name]] + node.args.args
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Hand on the arrays."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in self.needs:
            node.args = [ast.Name(name, ast.Load()) for name in self.needs[node.func.id]] + node.args
        return node


def parse_expression(text: str) -> ast.expr:
    """Return the tree of an expression."""
    return ast.parse(text, mode="eval").body


def kind_of_annotation(node: ast.expr | None) -> str:
    """Return the kind an annotation names, "" for numbers, "str" for text."""
    text = "" if node is None else ast.unparse(node).strip("'\"").split(".")[-1]
    return text if text in CAST or text == "str" else ""


class Step:
    """One step on its way to the arrays; `kinds` gives the kind of each local name that stands for a thing."""

    def __init__(
        self, all_steps: Lowering, label: str, tree: ast.FunctionDef, function: Function | Mapping[str, Any], kind: str
    ) -> None:
        """Read the signature of a function; of one that is generated, `function` says what its names stand for."""
        self.all = all_steps
        self.layout = all_steps.layout
        self.label = label
        self.tree = tree
        self.function = function if callable(function) else None
        self.scope = function if isinstance(function, Mapping) else scope_of(function)
        self.calls: set[str] = set()
        self.kinds: dict[str, str] = {}
        for argument in tree.args.args:
            self.kinds[argument.arg] = kind_of_annotation(argument.annotation)
        if kind:
            self.kinds["self"] = kind

    def refusal(self, node: ast.AST, why: str) -> LoweringError:
        """Return the error that names file, line and function."""
        return LoweringError(f"{origin_of(node) or origin_of(self.tree)}: {why}: {ast.unparse(node)}")

    def lowered(self) -> Lowered:
        """Return the function over arrays."""
        kept = [one.arg for one in self.tree.args.args if not self.falls_away(self.kinds[one.arg])]
        body = self.block(self.tree.body[1:] if ast.get_docstring(self.tree) is not None else self.tree.body)
        arguments = ast.arguments([], [ast.arg(name) for name in kept], None, [], [], None, [])
        tree = ast.FunctionDef(self.label, arguments, body or [ast.Pass()], [], None)
        return Lowered(with_origin(tree, self.tree), self.calls)

    @staticmethod
    def falls_away(kind: str) -> bool:
        """Return whether an argument of this kind is not passed: text, and what there is one of."""
        return kind == "str" or kind in SINGLE

    # ---- Kinds of expressions

    def kind(self, node: ast.expr) -> str:
        """Return the kind of thing that an expression stands for, "" if it is a number."""
        if isinstance(node, ast.Name):
            return self.kinds.get(node.id, "")
        if isinstance(node, ast.Attribute):
            return self.kind_of_attribute(self.kind(node.value), node.attr)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, name = self.kind(node.func.value), node.func.attr
            if (owner, name) in PAIRS:
                return PAIRS[owner, name][0]
            if owner:
                return kind_of_annotation(returns(self.all.method(owner, name)))
        return ""

    def kind_of_attribute(self, owner: str, name: str) -> str:
        """Return the kind of thing that an attribute stands for."""
        if not owner:
            return ""
        if name == "war":
            return "War"
        if owner == "War" and name in OF_THE_WAR:
            return OF_THE_WAR[name]
        if owner == "Hearing" and name in BELIEFS:
            return "Belief"
        for section in self.layout.sections[owner].values():
            if section.fields.get(name, "") in CAST:
                return section.fields[name]
        return ""

    # ---- Statements

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """Return the statements that some statements become."""
        return [with_origin(made, one) for one in statements for made in self.statement(one)]

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        """Return the statements that one becomes."""
        match node:
            case ast.Expr(value=ast.Call() as call):
                return self.call_statement(call)
            case ast.Assign():
                return self.assignment(node)
            case ast.AugAssign():
                return [ast.AugAssign(self.target(node.target), node.op, self.value(node.value))]
            case ast.For():
                return self.loop(node)
            case ast.If():
                return self.condition(node)
            case ast.While():
                return [ast.While(self.value(node.test), self.block(node.body), [])]
            case ast.Return():
                return [ast.Return(None if node.value is None else self.value(node.value))]
            case ast.Break() | ast.Pass():
                return [node]
            case _:
                raise self.refusal(node, "a step can't say this")

    def call_statement(self, call: ast.Call) -> list[ast.stmt]:
        """Return what a call that stands alone becomes."""
        if isinstance(call.func, ast.Attribute) and self.kind(call.func.value):
            if call.func.attr in FOR_EVENTS:
                return []
            if call.func.attr == "enter_era":
                plan = self.layout.plan
                return ast.parse(
                    f"P[{plan.era}] = P[{plan.next_era}] * P[{plan.era_size}]\nP[{plan.next_era}] += 1"
                ).body
        return [ast.Expr(self.value(call))]

    def assignment(self, node: ast.Assign) -> list[ast.stmt]:
        """Return what an assignment becomes; a name for what there is one of, or for text, falls away."""
        if len(node.targets) != 1:
            raise self.refusal(node, "one target at a time")
        target = node.targets[0]
        if isinstance(target, ast.Name):
            self.kinds[target.id] = self.kind(node.value)
            if isinstance(node.value, ast.Attribute) and node.value.attr in ("sheet", "work"):
                self.kinds[target.id] = f"array {node.value.attr}"
                return []
            if self.kinds[target.id] in SINGLE:
                return []
        if isinstance(target, ast.Tuple):
            if isinstance(node.value, ast.Tuple):
                for name, value in zip(target.elts, node.value.elts, strict=True):
                    if isinstance(name, ast.Name):
                        self.kinds[name.id] = self.kind(value)
                pairs = [
                    (self.target(name), self.value(value))
                    for name, value in zip(target.elts, node.value.elts, strict=True)
                    if not self.is_alias(name, value)
                ]
                if len(pairs) == 1:
                    return [ast.Assign([pairs[0][0]], pairs[0][1])]
                names, values = [one for one, _ in pairs], [one for _, one in pairs]
                return [ast.Assign([ast.Tuple([*names], ast.Store())], ast.Tuple(values, ast.Load()))]
            return [
                ast.Assign([ast.Tuple([self.target(one) for one in target.elts], ast.Store())], self.value(node.value))
            ]
        return [ast.Assign([self.target(target)], self.value(node.value))]

    def is_alias(self, name: ast.expr, value: ast.expr) -> bool:
        """Return whether a name of several assigned at once falls away; keep what it stands for."""
        if not isinstance(name, ast.Name):
            return False
        if isinstance(value, ast.Attribute) and value.attr in ("sheet", "work"):
            self.kinds[name.id] = f"array {value.attr}"
            return True
        return self.kinds[name.id] in SINGLE

    def target(self, node: ast.expr) -> Target:
        """Return what is assigned to."""
        if isinstance(node, ast.Name):
            return ast.Name(node.id, ast.Store())
        if isinstance(node, ast.Attribute):
            owner = self.kind(node.value)
            place = self.place(owner, node)
            if place is None:
                raise self.refusal(node, f"a {owner} has no variable of this name")
            return ast.Subscript(place.value, place.slice, ast.Store())
        if isinstance(node, ast.Subscript):
            return ast.Subscript(self.value(node.value), self.value(node.slice), ast.Store())
        raise self.refusal(node, "a step can't assign to this")

    def loop(self, node: ast.For) -> list[ast.stmt]:
        """Return what a loop becomes: over numbers."""
        if not isinstance(node.target, ast.Name) or node.orelse:
            raise self.refusal(node, "a loop has one name")
        target = node.target.id
        if isinstance(node.iter, ast.Call):
            self.kinds[target] = ""
            return [ast.For(ast.Name(target, ast.Store()), self.value(node.iter), self.block(node.body), [])]
        if not isinstance(node.iter, ast.Attribute):
            raise self.refusal(node.iter, "a loop is over things or over range()")
        owner, name = self.kind(node.iter.value), node.iter.attr
        if (owner, name) not in LISTS:
            raise self.refusal(node.iter, f"a {owner or 'number'} has no such list")
        self.kinds[target] = LISTS[owner, name]
        count, item = self.listed(owner, name, node.iter.value, f"{target}_place")
        head: list[ast.stmt] = []
        if item is not None:
            head = [ast.Assign([ast.Name(target, ast.Store())], item)]
            target = f"{target}_place"
        ranged = ast.Call(ast.Name("range", ast.Load()), [count], [])
        return [ast.For(ast.Name(target, ast.Store()), ranged, head + self.block(node.body), [])]

    def listed(self, owner: str, name: str, of: ast.expr, place: str) -> tuple[ast.expr, ast.expr | None]:
        """Return how many things a list has, and the number of that at a place; None where it is the place."""
        plan = self.layout.plan
        if owner == "War":
            if name in ("fighters", "givers", "hearers"):
                count = parse_expression(f"P[{plan[f'count.{name}']}]")
                return count, parse_expression(f"P[P[{plan[f'list.{name}']}] + {place}]")
            return parse_expression(f"P[{plan[f'count.{LISTS[owner, name]}']}]"), None
        first, number_of = ("first_leg", "leg_count") if name == "legs" else ("first_speaker", "envoy_count")
        starts = self.field("Channel", first, self.index(of))
        number = ast.BinOp(starts, ast.Add(), ast.Name(place, ast.Load()))
        if name == "envoys":
            at = f"P[{plan.era}] + P[{plan['scenario.speakers']}]"
            place_in_list = ast.BinOp(parse_expression(at), ast.Add(), number)
            spoken = ast.Subscript(ast.Name("R", ast.Load()), place_in_list, ast.Load())
            return self.field("Channel", number_of, self.index(of)), whole(spoken)
        return self.field("Channel", number_of, self.index(of)), number

    def condition(self, node: ast.If) -> list[ast.stmt]:
        """Return what a condition becomes; what serves events alone falls away."""
        if isinstance(node.test, ast.Attribute) and node.test.attr == "keeps_events":
            return self.block(node.orelse)
        test = self.value(node.test)
        body, otherwise = self.block(node.body), self.block(node.orelse)
        if not body and not otherwise:
            return []
        return [ast.If(test, body or [ast.Pass()], otherwise)]

    # ---- Expressions

    def value(self, node: ast.expr) -> ast.expr:
        """Return what an expression becomes, with the place where it was written."""
        return with_origin(self.made(node), node)

    def made(self, node: ast.expr) -> ast.expr:
        """Return what an expression becomes."""
        match node:
            case ast.Name():
                return self.name(node)
            case ast.Constant():
                return node
            case ast.Attribute():
                return self.attribute(node)
            case ast.Call():
                return self.call(node)
            case ast.Subscript():
                return ast.Subscript(self.value(node.value), self.value(node.slice), ast.Load())
            case ast.BinOp():
                return ast.BinOp(self.value(node.left), node.op, self.value(node.right))
            case ast.UnaryOp():
                return ast.UnaryOp(node.op, self.value(node.operand))
            case ast.BoolOp():
                return ast.BoolOp(node.op, [self.value(one) for one in node.values])
            case ast.Compare():
                swap = {ast.Is: ast.Eq, ast.IsNot: ast.NotEq}
                ops = [swap.get(type(op), type(op))() for op in node.ops]
                return ast.Compare(self.value(node.left), ops, [self.value(one) for one in node.comparators])
            case ast.IfExp():
                return ast.IfExp(self.value(node.test), self.value(node.body), self.value(node.orelse))
            case ast.Tuple():
                return ast.Tuple([self.value(one) for one in node.elts], ast.Load())
            case _:
                raise self.refusal(node, "a step can't say this")

    def name(self, node: ast.Name) -> ast.expr:
        """Return what a name becomes."""
        kind = self.kinds.get(node.id, "")
        if kind.startswith("array "):
            return ast.Name(kind.removeprefix("array "), ast.Load())
        return ast.Name(node.id, ast.Load())

    def index(self, node: ast.expr) -> ast.expr:
        """Return the number of a thing."""
        return self.value(node)

    def attribute(self, node: ast.Attribute) -> ast.expr:
        """Return what an attribute becomes."""
        owner, name = self.kind(node.value), node.attr
        if not owner:
            raise self.refusal(node, "this is not a thing with attributes")
        if name == "number":
            return self.index(node.value)
        if owner == "War":
            if name in ("sheet", "work"):
                return ast.Name(name, ast.Load())
            if name == "course":
                return ast.Name("S", ast.Load())
            if name in COUNTED:
                return parse_expression(f"P[{self.layout.plan[f'count.{COUNTED[name]}']}]")
            if name in GIVEN:
                return parse_expression(self.all.given[name])
        if owner == "Hearing" and name in BELIEFS:
            twice = ast.BinOp(ast.Constant(2), ast.Mult(), self.index(node.value))
            return ast.BinOp(twice, ast.Add(), ast.Constant(BELIEFS.index(name)))
        if self.all.is_property(owner, name):
            return self.call_of(owner, name, node.value, [])
        place = self.place(owner, node)
        if place is not None:
            return self.read(owner, name, place)
        constant = self.all.member(owner, name)
        if isinstance(constant, bool | int | float):
            return ast.Constant(constant)
        raise self.refusal(node, f"a {owner} has no attribute of this name that is declared")

    def read(self, owner: str, name: str, place: ast.Subscript) -> ast.expr:
        """Return how the number at a place is read: by its type."""
        for section, fields in self.layout.sections[owner].items():
            if name in fields.fields:
                stored = fields.fields[name]
                if stored == "flag":
                    return ast.Compare(place, [ast.Gt()], [ast.Constant(0.0 if section == "scenario" else 0)])
                return whole(place) if section == "scenario" and stored != "number" else place
        return place

    def field(self, owner: str, name: str, index: ast.expr) -> ast.expr:
        """Return how a field of a thing is read."""
        return self.read(owner, name, self.place_at(owner, name, index))

    def place(self, owner: str, node: ast.Attribute) -> ast.Subscript | None:
        """Return where an attribute of a thing stands, None if it has none of this name."""
        if not any(node.attr in section.fields for section in self.layout.sections[owner].values()):
            return None
        index = ast.Constant(0) if owner in SINGLE else self.index(node.value)
        return self.place_at(owner, node.attr, index)

    def place_at(self, owner: str, name: str, index: ast.expr) -> ast.Subscript:
        """Return where a field of the thing of a number stands."""
        layout = self.layout
        section, fields = next(one for one in layout.sections[owner].items() if name in one[1].fields)
        array = ARRAY_OF[section]
        if owner in SINGLE:
            places = {"R": layout.settings, "P": layout.plan, "S": layout.numbers}[array]
            at = str(places[f"{owner}.{name}"])
            if array == "R":
                at = f"P[{layout.plan.era}] + {at}"
            return ast.Subscript(ast.Name(array, ast.Load()), parse_expression(at), ast.Load())
        start = f"P[{layout.plan[f'{section}.{owner}']}]"
        if array == "R":
            start = f"P[{layout.plan.era}] + {start}"
        stride = index if fields.size == 1 else ast.BinOp(index, ast.Mult(), ast.Constant(fields.size))
        at_thing = ast.BinOp(parse_expression(start), ast.Add(), stride)
        offset = fields.place(name)
        where = ast.BinOp(at_thing, ast.Add(), ast.Constant(offset)) if offset else at_thing
        return ast.Subscript(ast.Name(array, ast.Load()), where, ast.Load())

    def call(self, node: ast.Call) -> ast.expr:
        """Return what a call becomes."""
        if node.keywords:
            raise self.refusal(node, "a step calls without names of arguments")
        if isinstance(node.func, ast.Attribute):
            return self.call_on(node, node.func)
        if not isinstance(node.func, ast.Name):
            raise self.refusal(node, "a step can't call this")
        function = self.scope.get(node.func.id)
        if inspect.isfunction(function):
            label = self.all.want(f"{function.__module__.split('.')[-1]}_{function.__name__}", function, "")
            return self.handed(label, function, node.args, skip=0)
        return ast.Call(ast.Name(node.func.id, ast.Load()), [self.value(one) for one in node.args], [])

    def call_on(self, node: ast.Call, called: ast.Attribute) -> ast.expr:
        """Return what a call of a method becomes."""
        if isinstance(called.value, ast.Call) and ast.unparse(called.value) == "super()":
            return self.call_overridden(node, called.attr)
        owner, name = self.kind(called.value), called.attr
        if not owner:
            raise self.refusal(node, "this is not a thing with steps")
        if (owner, name) in PAIRS:
            _, rows = PAIRS[owner, name]
            second = self.value(node.args[0])
            if not rows:
                return second
            count = parse_expression(f"P[{self.layout.plan[f'count.{rows}']}]")
            return ast.BinOp(ast.BinOp(self.index(called.value), ast.Mult(), count), ast.Add(), second)
        if owner == "War" and name in GIVEN:
            return parse_expression(self.all.given[name])
        if not self.all.methods(owner, name):
            raise self.refusal(node, f"a {owner} has no step of this name")
        return self.call_of(owner, name, called.value, node.args)

    def call_overridden(self, node: ast.Call, name: str) -> ast.expr:
        """Return the call of the step that the present one overrides, `super().name(...)`."""
        owner = self.kinds.get("self", "")
        found = self.all.overridden(owner, self.function, name) if owner and self.function else None
        if found is None:
            raise self.refusal(node, "no step of this name is overridden here")
        label, function = found
        if (owner, name) in BY_THE_ENGINE:
            raise self.refusal(node, "the engine does this itself")
        call = self.handed(self.all.want(label, function, owner), function, node.args, skip=1)
        if owner not in SINGLE:
            call.args.insert(0, ast.Name("self", ast.Load()))
        return call

    def call_of(self, owner: str, name: str, thing: ast.expr, given: list[ast.expr]) -> ast.expr:
        """Return the call of a step of a thing."""
        function = self.all.method(owner, name)
        label = self.all.want(f"{owner}_{name}", function, owner)
        call = self.handed(label, function, given, skip=1)
        if owner not in SINGLE:
            call.args.insert(0, self.index(thing))
        return call

    def handed(self, label: str, function: Function, given: list[ast.expr], skip: int) -> ast.Call:
        """Return a call with those arguments that do not fall away; what is left out has its default."""
        self.calls.add(label)
        wanted = signature(function)[skip:]
        defaults = [ast.Constant(value) for value in function.__defaults__ or ()]
        left_out = len(wanted) - len(given)
        given = [*given, *defaults[-left_out:]] if 0 < left_out <= len(defaults) else given
        if len(wanted) != len(given):
            raise self.refusal(ast.Tuple(given, ast.Load()), f"{function.__name__} takes {len(wanted)} arguments")
        kept = [
            self.value(one)
            for one, argument in zip(given, wanted, strict=True)
            if not self.falls_away(kind_of_annotation(argument.annotation))
        ]
        return ast.Call(ast.Name(label, ast.Load()), kept, [])


def whole(place: ast.expr) -> ast.expr:
    """Return a number of the scenario as a whole one."""
    return ast.Call(ast.Name("int", ast.Load()), [place], [])


def signature(function: Function) -> list[ast.arg]:
    """Return the arguments of a function as written."""
    return tree_of(function).args.args


def returns(function: Function) -> ast.expr | None:
    """Return the annotation of a function's result as written."""
    return tree_of(function).returns


# ---- Writers, generated from the declarations of what is measured

LOOPS = {
    "": (),
    "endings": ("for ending in self.endings:",),
    "pairs": ("for state in self.states:", "for other in self.states:", "if other is not state:"),
    "issues": ("for issue in self.issues:",),
    "states": ("for state in self.states:",),
    "flows": ("for flow in self.flows:",),
    "givers": ("for state in self.givers:",),
    "channels": ("for channel in self.channels:",),
    "hearers": ("for view in self.hearers:",),
}


def writer(name: str, head: list[str], array: str, blocks: list[list[Measured]]) -> tuple[str, dict[str, Any]]:
    """Return the text of a function of the war that writes measured values from `at` on, and what its names stand for."""
    lines, scope = head, dict[str, Any]()
    for block in blocks:
        over = block[0].over
        indent = "    "
        for line in LOOPS[over]:
            lines.append(indent + line)
            indent += "    "
        for place, measured in enumerate(block):
            things = ARGUMENTS[over]
            if measured.is_step:
                measure = f"{things[0]}.{measured.function.__name__}({', '.join(things[1:])})"
            else:
                called = f"measure_{len(scope)}"
                scope[called] = measured.function
                measure = f"{called}({', '.join(things)})"
            lines.append(f"{indent}{array}[at + {place}] = {measure}")
        lines.append(f"{indent}at = at + {len(block)}")
    return "\n".join([f"def {name}", *lines]), scope


ROW = "write_row(self, row, at):"
WRITE_COURSE = [
    "    for place in range((self.weeks + 1) * self.quantities):",
    "        row[at + place] = self.course[self.course_first + place]",
]
FOLLOW = [
    "    if self.quantities == 0:",
    "        return",
    "    at = self.course_first + self.week * self.quantities",
]
ENTRY = "play_many"
# How every thing of a kind is reached, for what starts elsewhere than at 0.
EVERY = {
    "War": ((), "self"),
    "Front": ((), "self.front"),
    "Table": ((), "self.table"),
    "Agreement": ((), "self.agreement"),
    "Escalation": ((), "self.escalation"),
    "Issue": (("for issue in self.issues:",), "issue"),
    "State": (("for state in self.states:",), "state"),
    "Stake": (("for state in self.states:", "for issue in self.issues:"), "state.on(issue)"),
    "Opinion": (("for state in self.states:", "for other in self.states:"), "state.toward(other)"),
    "Guarantee": (("for guarantee in self.guarantees:",), "guarantee"),
    "Flow": (("for flow in self.flows:",), "flow"),
    "Ending": (("for ending in self.endings:",), "ending"),
    "Envoy": (("for envoy in self.envoys:",), "envoy"),
    "Channel": (("for channel in self.channels:",), "channel"),
    "Leg": (("for channel in self.channels:", "for leg in channel.legs:"), "leg"),
    "Part": (("for channel in self.channels:", "for envoy in self.envoys:"), "channel.part_of(envoy)"),
    "View": (("for channel in self.channels:", "for state in self.states:"), "channel.view_of(state)"),
    "Hearing": (
        ("for channel in self.channels:", "for state in self.states:", "for other in self.states:"),
        "channel.view_of(state).hearing_of(other)",
    ),
}


def _given(layout: Layout) -> dict[str, str]:
    """Return what the engine does itself, as text over the arrays."""
    plan = layout.plan
    due = f"P[P[{plan['list.era_starts']}] + P[{plan.next_era}]] == P[{plan['War.week']}]"
    return {
        "is_era_due": f"P[{plan.next_era}] < P[{plan.eras}] and {due}",
        "quantities": f"P[{plan.quantities}]",
        "course_first": f"P[{plan.course}]",
    }


def _starts(layout: Layout) -> str:
    """Return the text of a function of the war that puts variables where they start, if that is not 0."""
    lines = ["def set_starts(self):"]
    for kind in CAST:
        loops, thing = EVERY.get(kind, ((), ""))
        for name, declaration, _ in variables_of(layout.model.class_of(kind)):
            if declaration.start and not thing:
                raise LoweringError(
                    f"{layout.model.class_of(kind).__qualname__}.{name}: a {kind} starts at 0 when compiled"
                )
            if declaration.start:
                indents = [4 * (depth + 1) * " " for depth in range(len(loops) + 1)]
                lines += [indent + loop for indent, loop in zip(indents, loops, strict=False)]
                lines.append(f"{indents[-1]}{thing}.{name} = {declaration.start!r}")
    return "\n".join([*lines, "    return"])


def text_of_entry(layout: Layout) -> str:
    """Return the text of the entry, which plays replicate after replicate into rows."""
    plan = layout.plan
    return f"""
def {ENTRY}(P, R, S, sheet, work, seed, first, rows):
    for number in range(len(rows)):
        for place in range({layout.first_changing}, {plan.size}):
            P[place] = 0
        for place in range(P[{plan.changing}], len(P)):
            P[place] = 0
        for place in range(len(S)):
            S[place] = 0.0
        P[{plan["War.seed"]}] = seed
        P[{plan["War.replicate"]}] = first + number
        P[{plan.next_era}] = 1
        set_starts()
        War_play()
        quantities = P[{plan.quantities}]
        played = P[{plan.course}] + (P[{plan["War.week"]}] + 1) * quantities
        for at in range(played, P[{plan.course}] + (P[{plan["War.weeks"]}] + 1) * quantities):
            S[at] = S[at - quantities]
        write_row(rows[number], 0)
"""


def _check_replaced(model: type[War]) -> None:
    """Raise if a class of one's own replaces what an engine does itself: one of the two would not know."""
    for kind, owner in own_classes(model):
        in_the_open = {name for base in owner.__mro__ if base.__module__ == OPEN_ENGINE for name in vars(base)}
        for name, function in functions_in(owner).items():
            if (kind, name) in BY_THE_ENGINE or (name in in_the_open and name not in ("uniform", "normal")):
                code = function.__code__
                raise LoweringError(
                    f"{code.co_filename}:{code.co_firstlineno}: {owner.__qualname__}.{name} replaces what the open engine "
                    "does itself, so only that can play it; override a step of the week instead"
                )


def lowered_trees(model: type[War], names: dict[Function, str]) -> tuple[list[ast.FunctionDef], list[Function]]:
    """Return the lowered functions of a model, the entry among them, and the steps that they were written as."""
    _check_replaced(model)
    lowering = Lowering(model, names)
    row, scope = writer(ROW, [], "row", measured_columns(model))
    lowering.generate("write_row", "\n".join([row, *WRITE_COURSE]), scope)
    course, scope = writer("follow(self):", list(FOLLOW), "self.course", measured_quantities(model))
    lowering.generate("War_follow", course, scope)
    lowering.generate("set_starts", _starts(lowering.layout), {})
    lowering.want("War_play", lowering.method("War", "play"), "War")
    lowering.run()
    entry = ast.parse(text_of_entry(lowering.layout)).body[0]
    if isinstance(entry, ast.FunctionDef):
        mark_origins(entry, GENERATED)
        return lowering.trees(entry), lowering.sources
    raise LoweringError("the entry is no function")
