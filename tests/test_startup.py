"""What is imported when: help and lists come at once."""

import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.cli import COMMANDS

HEAVY = ("mesa", "networkx", "numpy", "pandas", "plotly", "pyarrow", "scipy", "wasmtime")


def imported_by(code):
    """The heavy packages that some code imports."""
    program = f"import sys\n{code}\nprint('imported:', *sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=600)
    return done.stdout.splitlines()[-1].split()[1:]


@pytest.mark.parametrize(
    "arguments", [["--help"], ["list"], ["list", "--json"], ["run", "--help"], ["params", "candour"], ["schema"]]
)
def test_help_and_lists_import_nothing_heavy(arguments):
    assert imported_by(f"from sim.cli import main\nassert main({arguments!r}) == 0") == []


@pytest.mark.parametrize("arguments", [["show", "reference"], ["validate", "reference"], ["rnu"]])
def test_looking_at_files_imports_nothing_heavy(arguments):
    assert imported_by(f"from sim.cli import main\nmain({arguments!r})") == []


@pytest.mark.parametrize(
    ("arguments", "commands"),
    [(["--help"], set()), (["rnu"], set()), (["schema", "--help"], {"print_schema", "output"})],
)
def test_a_command_is_imported_when_it_is_called_and_nothing_slow_for_help(arguments, commands):
    code = f"import sys\nfrom sim.cli import main\nmain({arguments!r})\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600)
    modules = done.stdout.splitlines()[-1].split()
    ours = {f"sim.commands.{name}" for name in {"options"} | commands}
    assert {name for name in modules if name.startswith("sim.commands.")} == ours
    if arguments == ["--help"]:
        assert {name for name in modules if name.startswith("sim.")} - ours == {"sim.cli", "sim.commands", "sim.errors"}
        assert not {"shutil", "typing"} & set(modules)


def test_every_module_of_a_command_is_in_the_table():
    modules = {path.stem for path in (Path(sim.__file__).parent / "commands").glob("*.py")}
    assert modules - {"__init__", "options", "output", "own_model"} == {module for module, _ in COMMANDS.values()}


def test_importing_the_package_imports_nothing_heavy():
    assert imported_by("import sim\nsim.load('reference')\nsim.MODEL_VERSION") == []


def test_a_trace_needs_neither_wasmtime_nor_plotly():
    code = "from sim.cli import main\nassert main(['trace', 'two-states-known-costs', '--replicate', '0']) == 0"
    assert not {"plotly", "wasmtime"} & set(imported_by(code))


def test_many_replicates_need_no_mesa():
    code = "from sim.cli import main\nassert main(['run', 'two-states-known-costs', '-n', '100']) == 0"
    assert not {"mesa", "networkx", "pandas", "plotly", "pyarrow"} & set(imported_by(code))


def test_every_public_name_is_there():
    for name in sim.__all__:
        assert getattr(sim, name) is not None
        assert name in dir(sim)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'compute'"):
        sim.compute  # noqa: B018


def test_the_model_version_is_a_number_and_a_hash():
    number, _, digits = sim.MODEL_VERSION.partition("-")
    assert number.isdecimal()
    assert len(digits) == 12
    assert int(digits, 16) >= 0


def test_the_package_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "sim", "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip().endswith(sim.MODEL_VERSION)
    assert sim.__version__ in done.stdout
