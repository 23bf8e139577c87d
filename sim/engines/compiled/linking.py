"""Compiling a unit with its inner functions optimised once, where they end up.

Numba links what a function calls into it, optimises the whole and writes machine code for it, for every function on its
way up to the entry. Of a unit only the entry is ever called from outside, so for all others that work is thrown away: it
was two thirds of the time that compiling took. Here the inner functions are linked as they were lowered, and the entry,
which then holds them all, is optimised and written alone.

Numba has no setting for this. The three methods below are replaced while the compiler's lock is held; with a Numba that no
longer has them, the unit is compiled as Numba would, in more time and to the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def optimised_once(entry: str) -> Iterator[None]:
    """Let Numba optimise and write only the functions whose name holds that of the entry."""
    from unittest.mock import patch

    try:
        from numba._dynfunc import make_function
        from numba.core.codegen import JITCodeLibrary
        from numba.core.compiler_lock import global_compiler_lock
        from numba.core.cpu import CPUContext

        optimise, write = JITCodeLibrary._optimize_final_module, JITCodeLibrary._finalize_final_module
        executable = CPUContext.get_executable
        _ = JITCodeLibrary._finalize_dynamic_globals
    except (ImportError, AttributeError):
        yield
        return

    def optimise_entry(library: Any) -> None:
        if entry in library.name:
            optimise(library)

    def write_entry(library: Any) -> None:
        if entry in library.name:
            write(library)
        else:
            library._finalize_dynamic_globals()
            library._finalized = True

    def executable_entry(context: Any, library: Any, description: Any, environment: Any) -> Any:
        if entry in library.name:
            return executable(context, library, description, environment)
        name = description.qualname.rpartition(".")[2]
        return make_function(description.lookup_module(), name, "", 0, environment, (library,))

    with (
        global_compiler_lock,
        patch.object(JITCodeLibrary, "_optimize_final_module", optimise_entry),
        patch.object(JITCodeLibrary, "_finalize_final_module", write_entry),
        patch.object(CPUContext, "get_executable", executable_entry),
    ):
        yield
