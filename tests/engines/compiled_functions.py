"""Single functions as WebAssembly, called as Python calls them: rules, draws, functions of the tests, and text.

They go the way of the model: one unit of text, typed, written as a module, played by wasmtime.
"""

import ast
import struct
from collections.abc import Callable
from typing import Any

from wasmtime import Instance, Limits, Memory, MemoryType, Module, Store

from sim.engines import ensemble
from sim.engines.host import FIXED, FREE_AT, PAGE, assembled, engine
from sim.engines.lowering import ENTRY
from sim.engines.simplify import simplified
from sim.engines.sources import mark_origins
from sim.engines.types import Type, Types
from sim.engines.unit import named, text_of, unit_of
from sim.engines.wasm import Module as Writer
from sim.rules.registry import RULES

ROW = 4096  # numbers of an array that is handed over

Function = Callable[..., Any]


def types_of(text: str, checked: bool = False) -> Types:
    """Return the functions of a text as the model's are typed; the file they stand in is called "text"."""
    trees = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    for tree in trees:
        mark_origins(tree, "text")
    return Types(trees if checked else simplified(trees))


def writer_of(text: str, entry: str, given: tuple[Type, ...], checked: bool = False) -> tuple[Writer, str]:
    """Return the writer of the function `entry` of a text, for arguments of some types, and what it wrote."""
    types = types_of(text, checked)
    writer = Writer(types, FIXED, checked, ensemble.settled_places() if entry == ENTRY else {})
    return writer, writer.text(types.of(entry, given))


def instance_of(text: str) -> tuple[Any, Any, Any]:
    """Return the store, the memory and the exports of a module."""
    store = Store(engine())
    pages = -(-(FREE_AT + 8 * ROW) // PAGE)
    memory = Memory(store, MemoryType(Limits(pages, pages)))
    return store, memory, Instance(store, Module(engine(), assembled(text)), [memory]).exports(store)


def struct_of(numbers: list[float]) -> struct.Struct:
    """Return how a list of numbers stands in the memory."""
    return struct.Struct(f"<{len(numbers)}d")


class Compiled:
    """A function of a text as Python calls it.

    Arrays are lists: "sheet" and "work" at their places, any other behind them; what is written into them comes back.
    """

    def __init__(self, text: str, entry: str, given: tuple[Type, ...], checked: bool = False) -> None:
        """Write the function for arguments of some types and make it ready; `checked` is for the checking mode."""
        self.given, self.checked = given, checked
        self.writer, self.text = writer_of(text, entry, given, checked)
        self.results = self.writer.types.of(entry, given).results
        self.store, self.memory, self.exports = instance_of(self.text)
        self.entry = self.exports[entry]

    @property
    def trapped_at(self) -> str:
        """Where the last trap struck, and why, in the checking mode."""
        return self.writer.sites[self.exports["site"].value(self.store)]

    def __call__(self, *arguments: Any) -> Any:
        """Return what the function returns."""
        handed = [(name, it) for name, it in zip(self.given, arguments, strict=True) if len(name) > 1]
        lists = [(FIXED.get(name, FREE_AT), numbers) for name, numbers in handed]
        for name, numbers in handed:
            self.memory.write(self.store, struct_of(numbers).pack(*numbers), FIXED.get(name, FREE_AT))
            if self.checked:
                self.exports[f"{name}.length"].set_value(self.store, len(numbers))
        plain = [
            FREE_AT if len(one) > 1 else float(value) if one == "f" else value
            for one, value in zip(self.given, arguments, strict=True)
            if one not in FIXED
        ]
        found = self.entry(self.store, *plain)
        for at, numbers in lists:
            size = struct_of(numbers)
            numbers[:] = size.unpack(self.memory.read(self.store, at, at + size.size))
        return tuple(found) if len(self.results) > 1 else found


def compiled(function: Function, *given: Type) -> Compiled:
    """Return a function, and all rules it calls, as WebAssembly for arguments of some types."""
    names = named([*RULES, function])
    return Compiled(text_of(unit_of(names, entry=names[function])), names[function], given)
