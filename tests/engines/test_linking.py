"""Inner functions optimised once: the same results, less work, and Numba left as it was."""

import numba
import pytest
from numba.core import codegen, cpu
from numba.extending import register_jitable

from sim.engines.compiled import linking
from sim.engines.compiled.linking import optimised_once
from sim.engines.ensemble import INNER, OPTIONS

ENTRY = "outermost"


def compiled_chain():
    """Three functions, each calling the one before; the last is compiled."""

    @register_jitable(**INNER)
    def innermost(x):
        return x * x + 1.0

    @register_jitable(**INNER)
    def middle(x):
        return innermost(x) - 0.5 if x > 0.0 else innermost(x)

    def outermost(x):
        return middle(x) + innermost(2.0 * x)

    return numba.njit("f8(f8)", nogil=True, **OPTIONS)(outermost), outermost


def optimisations(monkeypatch):
    """Count how often Numba optimises the module of a function."""
    counted = []
    optimise = codegen.JITCodeLibrary._optimize_final_module

    def counting(library):
        counted.append(library.name)
        optimise(library)

    monkeypatch.setattr(codegen.JITCodeLibrary, "_optimize_final_module", counting)
    return counted


def test_the_entry_alone_is_optimised_and_gives_the_same_numbers(monkeypatch):
    counted = optimisations(monkeypatch)
    with optimised_once(ENTRY):
        compiled, plain = compiled_chain()
    assert len(counted) == 1
    assert ENTRY in counted[0]
    assert [compiled(x) for x in (-2.0, 0.3, 7.5)] == [plain(x) for x in (-2.0, 0.3, 7.5)]


def test_as_numba_does_it_every_function_is_optimised(monkeypatch):
    counted = optimisations(monkeypatch)
    compiled_chain()
    assert len(counted) > 1


def test_numba_is_left_as_it_was_even_where_compiling_fails():
    before = codegen.JITCodeLibrary._finalize_final_module, cpu.CPUContext.get_executable
    with pytest.raises(ZeroDivisionError), optimised_once(ENTRY):
        raise ZeroDivisionError
    assert (codegen.JITCodeLibrary._finalize_final_module, cpu.CPUContext.get_executable) == before


def test_with_a_numba_that_lacks_the_methods_it_compiles_as_numba_would(monkeypatch):
    class Bare:
        """A library of another Numba."""

    monkeypatch.setattr(codegen, "JITCodeLibrary", Bare)
    with linking.optimised_once(ENTRY):
        compiled, plain = compiled_chain()
    assert compiled(0.3) == plain(0.3)
