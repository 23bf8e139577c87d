"""Where a cold compilation of the kernel spends its time: run in a process of its own, prints JSON.

    python -m benchmarks.compiling

Numba broadcasts when it starts and ends compiling a function and each pass over it; callees are compiled within the type
inference of their caller, so each gets the time that is its own. What LLVM does is measured around the steps of a library.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

SLOWEST = 10
LLVM_STEPS = {
    "_optimize_functions": "LLVM, function passes",
    "_optimize_final_module": "LLVM, module passes",
    "_finalize_specific": "LLVM, machine code",
}
FRONT_END = "Numba, front end"
TYPING = "Numba, type inference"
LOWERING = "Numba, lowering"
LINKING = "LLVM, linking callees in"
OF_PASS = {"nopython_type_inference": TYPING, "native_lowering": LOWERING}


class Stack:
    """Processor time spent under each name, less what is spent under names that start within it."""

    def __init__(self) -> None:
        self.own: dict[str, float] = defaultdict(float)
        self.open: list[list[Any]] = []

    def enter(self, name: str) -> None:
        self.open.append([name, time.process_time(), 0.0])

    def leave(self) -> None:
        name, started, within = self.open.pop()
        spent = time.process_time() - started
        self.own[name] += spent - within
        if self.open:
            self.open[-1][2] += spent


def listener_of(start: Callable[[Any], None], end: Callable[[Any], None]) -> Any:
    """Return a listener that hands on what Numba broadcasts."""
    from numba.core import event

    class Handing(event.Listener):
        def on_start(self, event: Any) -> None:
            start(event.data)

        def on_end(self, event: Any) -> None:
            end(event.data)

    return Handing()


class Account:
    """The time of a compilation by function and by stage, and how often LLVM was handed the same function again."""

    def __init__(self) -> None:
        self.functions = Stack()
        self.stages = Stack()
        self.compiled: Counter[str] = Counter()
        self.bodies = 0
        self.libraries = 0
        self.entry: dict[str, float] = {}

    def begin_function(self, data: Any) -> None:
        name = data["dispatcher"].py_func.__name__
        self.compiled[name] += 1
        self.functions.enter(name)
        self.stages.enter(FRONT_END)

    def end_function(self, data: Any) -> None:
        self.functions.leave()
        self.stages.leave()

    def begin_pass(self, data: Any) -> None:
        self.stages.enter(next((stage for name, stage in OF_PASS.items() if name in data["name"]), FRONT_END))

    def end_pass(self, data: Any) -> None:
        self.stages.leave()

    def listen(self) -> None:
        """Listen to Numba and stand around the steps of its libraries."""
        from numba.core import codegen, event

        event.register("numba:compile", listener_of(self.begin_function, self.end_function))
        event.register("numba:run_pass", listener_of(self.begin_pass, self.end_pass))
        library = codegen.CPUCodeLibrary
        real = codegen.JITCodeLibrary
        for step, name in LLVM_STEPS.items():
            owner = real if step in vars(real) else library
            setattr(owner, step, self.timed(getattr(owner, step), name))
        library._optimize_final_module = self.counted(library._optimize_final_module)  # type: ignore[method-assign]
        library.finalize = self.timed(library.finalize, LINKING)  # type: ignore[method-assign]

    def timed(self, step: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return a step that adds its time to a stage, and keeps apart what its last call took."""

        def run(*arguments: Any) -> Any:
            self.stages.enter(name)
            before = self.stages.own[name]
            try:
                return step(*arguments)
            finally:
                self.stages.leave()
                self.entry[name] = self.stages.own[name] - before

        return run

    def counted(self, step: Callable[..., Any]) -> Callable[..., Any]:
        """Return the module passes, which count first how many function bodies they are given."""

        def run(library: Any) -> Any:
            self.libraries += 1
            self.bodies += sum(not one.is_declaration for one in library._final_module.functions)
            return step(library)

        return run

    def summary(self, seconds: float, busy: float) -> dict[str, Any]:
        """Return what was measured, ready to be written down."""
        slowest = sorted(self.functions.own.items(), key=lambda item: -item[1])[:SLOWEST]
        return {
            "seconds": seconds,
            "busy": busy,
            "functions": len(self.compiled),
            "compilations": sum(self.compiled.values()),
            "libraries": self.libraries,
            "bodies": self.bodies,
            "stages": dict(self.stages.own),
            "entry": self.entry,
            "slowest": slowest,
        }


def compile_cold() -> dict[str, Any]:
    """Return the account of one compilation of the kernel, with nothing cached."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SIM_CACHE"] = folder
        from sim.engines.ensemble import compiled_kernel

        account = Account()
        account.listen()
        started, busy = time.perf_counter(), time.process_time()
        compiled_kernel()
        return account.summary(time.perf_counter() - started, time.process_time() - busy)


if __name__ == "__main__":
    print(json.dumps(compile_cold()))
