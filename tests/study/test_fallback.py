"""Where nothing can play the compiled engine, the open one answers with the same bits, and says why and how long."""

import json
import os
import re
import subprocess
import sys

import pytest

from sim.cli import main
from sim.engines import host
from sim.engines.host import NoMachineError
from sim.scenario.load import load
from sim.study.design.experiments import load_experiment
from sim.study.play import compiled_runs, replicates
from sim.study.play.ignorance import over_plausible
from sim.study.play.replicates import RunError, follow, run
from sim.study.store.folder import open_folder
from sim.study.sweep import forecast
from tests.study.sweeping import small

SCENARIO = "two-states-known-costs"
COMMAND = ["run", SCENARIO, "-n", "41", "--threads", "1", "--set", "weeks=20", "--json"]
SAYS = r"{reason}: the open engine is used instead, with the same results; this takes about [\d,]+ s\n"

# Linux gives a process that asks for it no memory that is both written and run: PR_SET_MDWE.
NO_MACHINE_CODE = "import ctypes\nimport sys\nif ctypes.CDLL(None).prctl(65, 1, 0, 0, 0):\n    sys.exit(77)\n"


def printed(program, folder=None):
    """The exit status, output and complaints of a Python of its own, which looks for modules in a folder first."""
    path = os.pathsep.join([*([str(folder)] if folder else []), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys\nfrom sim.cli import main\nsys.exit(main({COMMAND!r}))"],
        capture_output=True, text=True, check=False, timeout=120, env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def compiled():
    """What the command prints where the compiled engine plays, but for the name of the engine."""
    status, out, err = printed("")
    assert (status, err) == (0, "")
    return without_engine(out)


def without_engine(text):
    return {name: value for name, value in json.loads(text).items() if name != "engine"}


def test_without_wasmtime_the_open_engine_says_so_and_answers_the_same(tmp_path, compiled):
    (tmp_path / "wasmtime.py").write_text("raise ModuleNotFoundError('No module of that name')", encoding="utf-8")
    status, out, err = printed("", tmp_path)
    assert re.fullmatch(SAYS.format(reason=r"the package wasmtime cannot be used \(No module of that name\)"), err)
    assert (status, without_engine(out)) == (0, compiled)


@pytest.mark.parametrize("error", ["OSError('no such library')", "RuntimeError('unsupported architecture: riscv64')"])
def test_a_wasmtime_that_is_not_made_for_this_machine_is_as_good_as_none(error, tmp_path, monkeypatch):
    """It has no library for the system, or knows the processor by no name."""
    (tmp_path / "wasmtime.py").write_text(f"raise {error}", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "wasmtime", raising=False)
    with pytest.raises(NoMachineError, match=r"^the package wasmtime cannot be used \((no such|unsupported)"):
        host.assembled("(module)")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process refuse itself machine code")
def test_where_no_machine_code_may_be_made_the_open_engine_says_so_and_answers_the_same(compiled):
    status, out, err = printed(NO_MACHINE_CODE)
    if status == 77:
        pytest.skip("this Linux cannot refuse a process machine code (before 6.3)")
    assert re.fullmatch(SAYS.format(reason=r"wasmtime cannot make machine code here \(.+\)"), err)
    assert (status, without_engine(out)) == (0, compiled)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_where_address_space_is_limited_the_compiled_engine_plays_all_the_same(compiled):
    """A memory would take 4 GiB of it; this limit leaves 3."""
    limited = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))"
    status, out, err = printed(limited)
    assert (status, err) == (0, "")
    assert json.loads(out)["engine"] == "compiled"
    assert without_engine(out) == compiled


@pytest.fixture
def nothing_plays(monkeypatch):
    for module in (compiled_runs, replicates):
        monkeypatch.setattr(module, "why_not_compiled", lambda: "no machine")


def complaints(capsys):
    return capsys.readouterr().err


def test_each_way_to_play_many_says_it_in_a_line(nothing_plays, capsys):
    scenario = load(SCENARIO)
    for played in (
        lambda: run(scenario, 41, processes=1),
        lambda: follow(scenario, 41),
        lambda: over_plausible(scenario, 10, 0, 1),
    ):
        played()
        assert re.fullmatch(SAYS.format(reason="no machine"), complaints(capsys))


def test_a_few_replicates_and_those_that_are_asked_of_the_open_engine_say_nothing(nothing_plays, capsys):
    scenario = load(SCENARIO)
    run(scenario, 3)
    run(scenario, 41, processes=1, engine="open")
    assert complaints(capsys) == ""


def test_who_asks_for_the_compiled_engine_is_told_why_there_is_none(nothing_plays):
    with pytest.raises(RunError, match="no machine: use the open engine, which gives the same bits"):
        run(load(SCENARIO), 3, engine="compiled")


def test_a_sweep_says_it(nothing_plays, tmp_path, capsys):
    file, out = small(tmp_path, replicates=5), tmp_path / "out"
    assert main(["sweep", str(file), "--out", str(out)]) == 0
    assert re.fullmatch(SAYS.format(reason="no machine"), complaints(capsys))
    assert open_folder(out).manifest["engine"] == "open"


def test_threads_are_counted_on_where_the_compiled_engine_plays_and_not_where_the_open_one_does(
    tmp_path, monkeypatch, request
):
    monkeypatch.setattr(forecast, "_trial_of", lambda experiment: forecast._Trial(0.0, 0.1, 0.0, 0.0, 0.0))
    experiment = load_experiment(small(tmp_path))
    assert forecast.forecast_sweep(experiment, threads=4).rate == pytest.approx(40.0)
    request.getfixturevalue("nothing_plays")
    assert forecast.forecast_sweep(experiment, threads=4).rate == pytest.approx(10.0)
