"""How the compiled engine is made and kept: the text it is written from, the cache, what fails."""

import ast
import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engines import ensemble, unit
from sim.scenario.load import load
from sim.steps.columns import columns_of
from sim.study.play import compiled_runs, open_runs
from sim.study.play.results import Failure, Part
from tests.campaigns.engines_agree import in_python, unit_in_python
from tests.engines.worlds import busy

PACKAGE = Path(sim.__file__).parent
BUILT_IN = {"abs", "float", "int", "len", "range"}


@pytest.fixture(scope="module")
def text():
    return ensemble.unit_text()


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A cache folder of one's own."""
    monkeypatch.setenv("SIM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def path_with(folder):
    """Where a Python of its own finds modules: in a folder first."""
    return {"PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])}


def printed(program, package=PACKAGE, **environment):
    """What a Python of its own prints."""
    variables = os.environ | path_with(package.parent) | environment
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=600, env=variables, cwd=package.parent
    )
    return done.stdout.strip()


# The text that the module is written from

HASH = """
import hashlib
from sim.engines.ensemble import unit_text
print(hashlib.sha256(unit_text().encode()).hexdigest())
"""


def hash_of(text):
    return hashlib.sha256(text.encode()).hexdigest()


def copied_with(tmp_path, file, old, new):
    """A copy of the package with one change in one file."""
    copied = tmp_path / "sim"
    shutil.copytree(PACKAGE, copied, ignore=shutil.ignore_patterns("__pycache__"))
    before = (copied / file).read_text(encoding="utf-8")
    assert before.count(old) == 1
    (copied / file).write_text(before.replace(old, new), encoding="utf-8")
    return copied


def hash_with(tmp_path, file, old, new):
    """The hash of the text made by a copy of the package with one change in one file."""
    return printed(HASH, copied_with(tmp_path, file, old, new))


@pytest.mark.parametrize("imports", ["", "import sim.search.slopes", "import sim.engines.open, sim.search.positions"])
def test_the_text_is_the_same_in_every_process_whatever_was_imported_before(text, imports):
    """Rules are listed as their modules are imported, and those only the open engine uses may be there or not."""
    assert printed(f"{imports}\n{HASH}", PYTHONHASHSEED=str(len(imports))) == hash_of(text)


def test_only_what_is_still_called_stands_in_the_text(text):
    names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert names[-1] == "play_many"
    assert all(len(re.findall(rf"\b{name}\b", text)) > 1 for name in names[:-1])
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("rules/trust.py", "return probability * if_true", "return if_true * probability"),
        ("rules/trust.py", "IMPOSSIBLE = 1e-300", "IMPOSSIBLE = 1e-299"),
        ("chance.py", "LEAK = _purpose(20,", "LEAK = _purpose(23,"),
        (
            "parameters.py",
            "    reliability: float",
            "    one_more: float = assumed(0.5, 'x', (0.0, 1.0), None, 'x')\n    reliability: float",
        ),
        ("steps/keeping.py", "spoiled = True", "spoiled = False"),
    ],
    ids=["rule", "constant", "address", "parameter", "step"],
)
def test_what_changes_a_result_changes_the_text(tmp_path, text, file, old, new):
    assert hash_with(tmp_path, file, old, new) != hash_of(text)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("rules/trust.py", "Return the log Bayes factor", "Return, in other words, the log Bayes factor"),
        ("parameters.py", "convening: float = assumed(0.1,", "convening: float = assumed(0.2,"),
    ],
    ids=["words", "default"],
)
def test_what_changes_no_code_changes_no_text(tmp_path, text, file, old, new):
    """Defaults are read from the record at every run."""
    assert hash_with(tmp_path, file, old, new) == hash_of(text)


def test_any_edit_of_a_source_leads_to_another_module(tmp_path):
    """Words too, which change no text: whether they do is known only once the text is written."""
    program = "from sim.engines.ensemble import sources_key\nprint(sources_key())"
    before = printed(program)
    assert before == printed(program)
    for place, (file, old, new) in enumerate(
        [
            ("rules/trust.py", "return probability * if_true", "return if_true * probability"),
            ("steps/keeping.py", "spoiled = True", "spoiled = False"),
            ("steps/columns.py", "What is measured: columns", "What is measured: the columns"),
            ("engines/wasm.py", "SMALL = 100", "SMALL = 101"),
            ("engines/types.py", 'WHOLE = ("i", "b")', 'WHOLE = ("i",)'),
            ("engines/host.py", "SHEET_AT = 8192", "SHEET_AT = 8200"),
        ]
    ):
        assert printed(program, copied_with(tmp_path / str(place), file, old, new)) != before, file


def test_the_text_stands_by_itself(text):
    """It imports only from math, and calls nothing that does not stand above."""
    tree = ast.parse(text)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [node.module for node in imports if isinstance(node, ast.ImportFrom)] == ["math"]
    assert len(imports) == 1
    known = {name.name for node in imports for name in node.names} | BUILT_IN
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        stored = {
            node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        loaded = {
            node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        assert loaded <= known | stored | {argument.arg for argument in function.args.args}, function.name
        assert not any(isinstance(node, ast.Attribute) for node in ast.walk(function)), function.name
        known.add(function.name)


def test_the_text_names_no_place_of_this_machine(text):
    assert not re.search(r"[/\\]|\.py\b", re.sub(r" // | / ", " ", text))


def test_putting_expressions_in_the_place_of_calls_changes_no_bit(text, monkeypatch):
    monkeypatch.setattr(unit, "only_expression", lambda tree: None)
    called = ensemble.unit_text()
    assert called.count("(") != text.count("(")
    for name in ("track-1.5-exposed-denied", "ukraine-overruled"):
        scenario = busy(name)
        assert in_python(scenario, 7, [0, 1], unit_in_python(called)) == in_python(
            scenario, 7, [0, 1], unit_in_python(text)
        )


def difference(a, b):
    return a - b


def square(a):
    return a * a


def nested(a, b, c):
    return difference(a, difference(b, c)) * square(difference(a, b))


def test_an_expression_keeps_its_brackets_and_arguments_that_cost_are_reckoned_once():
    names = unit.named([nested, square, difference])
    written = unit.text_of(unit.unit_of(names, entry=names[nested]))
    kept = written[written.index("nested(") :]
    assert "(a - (b - c))" in kept
    assert re.search(r"\w+_square\(a - b\)|\(a - b\) \* \(a - b\)", kept)
    names = {}
    exec(written, names)
    found = next(function for name, function in names.items() if name.endswith("nested"))
    assert found(0.1, 0.7, 0.3) == nested(0.1, 0.7, 0.3)


# The cache


def test_the_module_is_kept_in_a_private_folder_where_sim_cache_says(here, capsys):
    module = ensemble.module_bytes()
    [kept] = here.iterdir()
    assert kept.name == f"{ensemble.sources_key()}.wasm"
    assert kept.read_bytes() == module
    assert [stat.S_IMODE(path.stat().st_mode) for path in (here, kept)] == [0o700, 0o600] or os.name == "nt"
    assert capsys.readouterr().err == ""


def test_a_module_made_before_is_found_without_writing_it_again(here, monkeypatch):
    made = ensemble.module_bytes()
    monkeypatch.setattr(ensemble, "module_text", lambda model: "(module)")
    assert ensemble.module_bytes() == made
    for kept in here.iterdir():
        kept.unlink()
    assert ensemble.module_bytes() == ensemble.assembled("(module)")


def test_without_sim_cache_the_users_cache_is_used(tmp_path, monkeypatch):
    for name in ("SIM_CACHE", "LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert ensemble.cache_bases() == [Path.home() / ".cache" / "backchannel"]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert ensemble.cache_bases() == [tmp_path / "backchannel"]


def nowhere():
    raise RuntimeError("Could not determine home directory.")


@pytest.mark.parametrize("is_homeless", [False, True])
def test_where_nothing_can_be_written_one_line_says_so_and_the_module_is_there(
    tmp_path, monkeypatch, capsys, is_homeless
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SIM_CACHE", "" if is_homeless else str(tmp_path / "file" / "cache"))
    if is_homeless:
        for name in ("LOCALAPPDATA", "XDG_CACHE_HOME"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(Path, "home", nowhere)
    monkeypatch.setattr(ensemble, "module_text", lambda model: "(module)")
    assert ensemble.module_bytes() == ensemble.assembled("(module)")
    assert capsys.readouterr().err == ensemble.NO_CACHE + "\n"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


WRITE = """
import sys, time
from pathlib import Path
from sim.engines import ensemble
folder, number = Path(sys.argv[1]), sys.argv[2]
ensemble.module_text = lambda model: ""
ensemble.assembled = lambda text: b"module" * 1_000_000
(folder / f"ready{number}").touch()
while not (folder / "go").exists():
    time.sleep(0.001)
print(len(ensemble.module_bytes()))
"""


def test_two_processes_may_keep_the_module_at_once(tmp_path, here):
    variables = os.environ | path_with(PACKAGE.parent) | {"SIM_CACHE": str(here)}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, str(tmp_path), number], stdout=subprocess.PIPE, text=True, env=variables
        )
        for number in "12"
    ]
    while len(list(tmp_path.glob("ready*"))) < 2:
        assert all(writer.poll() is None for writer in writers)
    (tmp_path / "go").touch()
    assert [writer.communicate(timeout=600)[0].strip() for writer in writers] == ["6000000", "6000000"]
    assert [path.name for path in here.iterdir()] == [f"{ensemble.sources_key()}.wasm"]
    assert (here / f"{ensemble.sources_key()}.wasm").read_bytes() == b"module" * 1_000_000


@pytest.mark.parametrize("damage", ["cut", "empty"])
def test_a_damaged_module_is_made_anew(here, monkeypatch, damage):
    monkeypatch.setattr(ensemble, "module_text", lambda model: "(module)")
    module = ensemble.module_bytes()
    path = here / f"{ensemble.sources_key()}.wasm"
    path.write_bytes(module[:-1] if damage == "cut" else b"")
    assert ensemble.module_bytes() == module == path.read_bytes()


# Replicates that fail


def place_of(scenario, name):
    return [column.name for column in columns_of(scenario)].index(name)


def test_a_replicate_that_is_not_finite_has_failed_and_the_others_stand():
    scenario = load("two-states-known-costs")
    rows = ensemble.rows_of(scenario, 5, 10, 5)
    whole = compiled_runs.part_of_rows(scenario, 5, 10, rows.copy())
    rows[1, place_of(scenario, "front")] = np.nan
    rows[3, place_of(scenario, "surplus.defender")] = -np.inf
    part = compiled_runs.part_of_rows(scenario, 5, 10, rows)
    assert [failure.replicate for failure in part.failed] == [11, 13]
    assert {failure.error for failure in part.failed} == {compiled_runs.ONLY_COMPILED}
    assert whole.failed == ()
    assert part.columns["replicate"].tolist() == [10, 12, 14]
    for name, values in part.columns.items():
        assert values.tobytes() == whole.columns[name][[0, 2, 4]].tobytes(), name


def test_what_may_be_missing_is_no_failure():
    scenario = load("secret-track-1.5")
    rows = ensemble.rows_of(scenario, 5, 0, 1)
    for name in ("weeks_to_opening", "weeks_to_agreement", "weeks_to_success", "terms.territory", "exposed_week.back"):
        rows[0, place_of(scenario, name)] = np.nan
    assert compiled_runs.part_of_rows(scenario, 5, 0, rows).failed == ()


def test_a_replicate_that_fails_in_both_engines_is_told_as_the_open_engine_tells_it(monkeypatch):
    scenario = load("two-states-known-costs")
    died = Failure(7, "ZeroDivisionError: division by zero", "Traceback ...")
    monkeypatch.setattr(open_runs, "run_open", lambda *asked: Part({}, (died,)))
    rows = np.full((1, len(columns_of(scenario))), np.nan)
    assert compiled_runs.part_of_rows(scenario, 5, 7, rows).failed == (died,)


def test_blocks_are_played_in_order_and_progress_is_told(monkeypatch):
    scenario = load("two-states-known-costs")
    monkeypatch.setattr(compiled_runs, "BLOCK", 3)
    told = []
    part = compiled_runs.run_compiled(scenario, 5, compiled_runs.Wanted(2, 7), 2, None, lambda *at: told.append(at))
    assert told == [(0, 7), (3, 7), (6, 7), (7, 7)]
    assert part.columns["replicate"].tolist() == list(range(2, 9))


# Without what plays it

HIDE = """
import sys

class Without:
    def __init__(self, finder):
        self.finder = finder
    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] == "wasmtime" else self.finder.find_spec(name, path, target)
    def __getattr__(self, name):
        return getattr(self.finder, name)

sys.meta_path = [Without(finder) for finder in sys.meta_path]
try:
    import wasmtime
except ModuleNotFoundError:
    print("hidden")
"""

USE = """
import sim
from sim.cli import main
from sim.engines.open import War
from sim.study.play.replicates import run
scenario = sim.load("two-states-known-costs")
print(War(scenario).run().row()["outcome"])
result = run(scenario, 41, processes=1)
print(result.engine, len(result))
print(main(["trace", "two-states-known-costs", "--replicate", "0"]))
print("wasmtime" in sys.modules)
print(main(["run", "two-states-known-costs", "-n", "2", "--engine", "compiled"]))
"""


def test_everything_but_the_compiled_engine_works_without_wasmtime():
    lines = printed(HIDE + USE).splitlines()
    assert lines[:3] == ["hidden", "success", "open 41"]
    assert lines[-3:] == ["0", "False", "2"]
