"""The model's version changes with what changes results, and with nothing else."""

import importlib.util
import sys

import pytest

from sim.engines.fingerprint import fingerprint, model_fingerprint, parameter_lines, reached, steps_by_name
from sim.parameters import World, parameters_of, sections_of, tables_of
from sim.steps.cast import CAST, War
from sim.version import model_version

LOOP = '''
"""A small model."""

{imports}
RATE = 0.5


class Thing:
    def shrink(self, state):
        """Shrink."""
        self.note("shrinks", state)
        if self.keeps_events:
            self.tell(state)
        return state - self.size

    def tell(self, state):
        print(state)


def play(state, thing):
    """Play it."""
    for week in range(3):
        state = grow(state, RATE)  # a comment
    return thing.shrink(state)


{helper}

def never_called(state):
    return state * 7.0
'''
HELPER = "def grow(state, rate):\n    return state + rate * RATE\n"
IMPORTS = "import math\n"


@pytest.fixture
def version_of(tmp_path):
    """A function that gives the fingerprint of `play` in a module of some text."""
    made = []

    def version(text, name="play"):
        module = f"sim.made_up_{len(made)}"
        path = tmp_path / f"{module}.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(module, path)
        made.append(module)
        sys.modules[module] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[module])
        found = vars(sys.modules[module])
        return fingerprint([found[name]], steps_by_name([found["Thing"]]) if "Thing" in found else {}, [])

    yield version
    for module in made:
        del sys.modules[module]


def text(imports=IMPORTS, helper=HELPER):
    return LOOP.format(imports=imports, helper=helper)


CHANGES_NOTHING = {
    "a comment": text().replace("# a comment", "# another"),
    "a docstring": text().replace("Play it.", "Play all of it."),
    "an annotation": text().replace("def grow(state, rate):", "def grow(state: float, rate: float) -> float:"),
    "a line end": text().replace("\n", "\r\n"),
    "the name of a function": text().replace("grow", "enlarge"),
    "the name of a constant": text().replace("RATE", "GROWTH"),
    "a function that is never reached": text().replace("state * 7.0", "state * 8.0"),
    "an event": text().replace("shrinks", "is smaller"),
    "what serves events alone": text().replace("print(state)", "print(state, state)"),
    "the order of functions": text(IMPORTS + HELPER, ""),
}
CHANGES_RESULTS = {
    "a constant": text().replace("RATE = 0.5", "RATE = 0.25"),
    "a formula": text().replace("rate * RATE", "rate * rate"),
    "the number of weeks": text().replace("range(3)", "range(4)"),
    "a step": text().replace("state - self.size", "state + self.size"),
    "a variable": text().replace("self.size", "self.weight"),
    "an order of arguments": text().replace("grow(state, RATE)", "grow(RATE, state)"),
}


@pytest.mark.parametrize("what", CHANGES_NOTHING)
def test_what_changes_no_result_leaves_the_version(version_of, what):
    assert version_of(CHANGES_NOTHING[what]) == version_of(text())


@pytest.mark.parametrize("what", CHANGES_RESULTS)
def test_what_changes_results_changes_the_version(version_of, what):
    assert version_of(CHANGES_RESULTS[what]) != version_of(text())


def test_a_function_moved_to_another_file_leaves_the_version(version_of):
    version_of(f"RATE = 0.5\n{HELPER}", "grow")
    moved = IMPORTS + f"from {list(sys.modules)[-1]} import grow\n"
    assert version_of(text(moved, "")) == version_of(text())


def test_the_version_covers_rules_chance_and_the_week_wherever_they_stand():
    modules = {
        function.__module__.removeprefix("sim.") for function in reached([War.play], steps_by_name(CAST.values()))
    }
    assert {"chance", "numerics", "rules.exposure", "rules.trust", "search.offers", "steps.meetings"} <= modules


def test_every_parameter_that_decides_something_has_a_line_with_its_kind_and_default():
    lines = parameter_lines(World)
    declared = [(scope.__name__, name) for scope in scopes(World) for name, one in parameters_of(scope) if not one.told]
    assert sorted(f"{scope}.{name}" for scope, name in declared) == [line.split(":")[0] for line in lines]
    assert "Channel.deny_freelance: number () 0.97 None " in lines


def scopes(scope):
    """A scope and all below it."""
    yield scope
    for below in [one for _, one in sections_of(scope)] + [one for _, one, _ in tables_of(scope)]:
        yield from scopes(below)


def test_a_default_changes_the_version(monkeypatch):
    before = model_fingerprint()
    monkeypatch.setattr("sim.engines.fingerprint.parameter_lines", lambda scope: ["Official.candour: number () 0.1"])
    assert model_fingerprint() != before


def test_the_version_is_the_same_in_every_process():
    import subprocess

    code = "from sim.version import model_version; print(model_version())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600)
    assert done.stdout.strip() == model_version()
