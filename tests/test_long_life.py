"""A result folder is read by later versions from what stands in it, whatever they declare."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sim.cli import main
from sim.study.store.folder import open_folder
from sim.study.store.manifests import FORMAT
from tests.folders.__main__ import SMALL

ROOT = Path(__file__).resolve().parents[1]
FOLDER = "kept"
MADE_BY = json.loads((SMALL / "manifest.json").read_text(encoding="utf-8"))["model_version"]
PLAYED = ("timeline.csv", "network.csv")  # the typical replicate is played, which the same model alone can do
READ = (
    ("status", FOLDER),
    ("status", FOLDER, "--json"),
    ("claims", FOLDER),
    ("claims", FOLDER, "--json"),
    ("export", FOLDER, "--csv", "--out", "out"),
    ("export", FOLDER, "--xlsx", "--out", "out"),
    ("report", FOLDER, "--csv", "--out", "out"),
    ("report", FOLDER, "--out", "page.html"),
)
SCRIPT = """
import sys
from sim.cli import main
for words in {commands!r}:
    status = main(list(words))
    if status:
        sys.exit(status)
"""

# What a later version does to the program: for each file, or for all, a pattern and what takes its place.
COLUMN = """
@column("omens", "count", "omens", "how many omens there were")
def omens(war: War) -> float:
    return 0.0


# Each ordered pair of states
"""
CHANGES = {
    "a parameter is added": [
        ("sim/parameters.py", r"(    weeks: int = count)", r'    mood: int = count(7, "weeks", (1, 99), "how long")\n\1'),
        ("sim/parameters.py", r"(    remove: tuple)", r'    whim: str = act("the channel that is forgotten")\n\1'),
    ],
    "a parameter is renamed": [("sim/**/*.py", r"\bhold_weeks\b", "weeks_to_hold")],
    "a parameter has another default": [
        ("sim/parameters.py", r"count\(156, ", "count(104, "),
        ("sim/parameters.py", r"(hold_weeks: int = count\()\d+", r"\g<1>40"),
    ],
    "a parameter has narrower limits": [("sim/parameters.py", r'156, "weeks", \(1, _LONG', '156, "weeks", (100, _LONG')],
    "a column is added": [("sim/steps/columns.py", r"\n# Each ordered pair of states\n", COLUMN)],
    "a column is taken away": [("sim/steps/columns.py", r'@column\("openings".*?\n\n\n', "")],
    "a column is called otherwise": [("sim/steps/columns.py", r'@column\("openings"', '@column("opened"')],
    "a column has another meaning": [("sim/steps/columns.py", "how often the table opened", "openings of the table")],
    "a comment and a docstring are written": [
        ("sim/parameters.py", r"\n    weeks: int", r"\n    # how long it may last\n    weeks: int"),
        ("sim/parameters.py", "Everything that holds between", "All that holds between"),
        ("sim/rules/trust.py", r'"""Return ', r'"""Give back '),
        ("sim/steps/week.py", r"\n    def ", r"\n    # a step\n    def "),
    ],
    "a rule is another": [("sim/rules/war.py", r"within_bounds\(front \+ drift", "within_bounds(front + 0.5 + drift")],
    "an outcome is added": [("sim/rules/outcomes.py", r'("success",)', r'"forgotten",\n    \1')],
    "an outcome is called otherwise": [
        ("sim/**/*.py", r'"impasse"', '"stalemate"'),
    ],
    "a key of the experiment file is renamed": [
        ("sim/study/design/experiment_file.py", r"    weekly: bool", "    by_week: bool"),
        ("sim/study/design/experiment_file.py", r"    contrasts: dict", "    comparisons: dict"),
        ("sim/study/design/experiments.py", r'values\["weekly"\]', 'values["by_week"]'),
        ("sim/study/design/experiments.py", r'values\["contrasts"\]', 'values["comparisons"]'),
    ],
}  # fmt: skip


def read_by(package, place):
    """Return what a version of the program says of the folder that is kept, by command, and the files it writes."""
    place.mkdir(parents=True)
    shutil.copytree(SMALL, place / FOLDER)
    texts = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(commands=READ)],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(package), "SIM_TRACEBACK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert texts.stderr == ""
    assert texts.returncode == 0
    files = {path.name: path.read_bytes() for path in sorted((place / "out").iterdir()) if path.name not in PLAYED}
    with zipfile.ZipFile(place / "out" / "results.xlsx") as book:
        files["results.xlsx"] = b"".join(book.read(name) for name in book.namelist() if "sheet" in name)
    lines = [line for line in texts.stdout.splitlines() if not line.endswith(PLAYED)]
    return lines, files, sections_of((place / "page.html").read_text(encoding="utf-8"))


def sections_of(page):
    """Return the sections of a page by their names, but not the replicate that is played, and who made what it shows."""
    page = page.replace("<wbr>", "")
    found = dict(re.findall(r'<section id="([^"]*)"(.*?)</section>', page, flags=re.DOTALL))
    found["footer"] = re.search("from results of model [^<]*", page).group()
    return {name: text for name, text in found.items() if name != "replicate"}


def later_version(change, place):
    """Return a copy of the package with a change, made at a place."""
    shutil.copytree(ROOT / "sim", place / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("scenarios", "experiments"):
        shutil.copytree(ROOT / name, place / name)
    shutil.copy(ROOT / "pyproject.toml", place)
    for files, pattern, text in CHANGES[change]:
        changed = 0
        for path in place.glob(files):
            before = path.read_text(encoding="utf-8")
            after = re.sub(pattern, text, before, flags=re.DOTALL)
            changed += before != after
            path.write_text(after, encoding="utf-8")
        assert changed, f"{pattern} is in no file"
    return place


def version_of(package):
    """Return the version of the model that a package has."""
    asked = [sys.executable, "-c", "from sim.version import model_version; print(model_version())"]
    return subprocess.run(asked, cwd=package, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def as_today(tmp_path_factory):
    return read_by(ROOT, tmp_path_factory.mktemp("today") / "place")


@pytest.mark.parametrize("change", CHANGES)
def test_a_folder_is_read_as_it_was_after(change, as_today, tmp_path):
    said, files, page = read_by(later_version(change, tmp_path / "later"), tmp_path / "place")
    assert said == as_today[0]
    assert files == as_today[1]
    assert page == as_today[2]
    assert page["footer"] == f"from results of model {MADE_BY}."
    for text in ("agreement.hold_weeks", "weeks an agreement must hold to count as success"):
        assert text in page["parameters"]


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ("a parameter is added", False),
        ("a parameter is renamed", False),
        ("a parameter has another default", False),
        ("a column has another meaning", True),
        ("a comment and a docstring are written", True),
    ],
)
def test_what_decides_results_alone_makes_another_version(change, is_same, tmp_path):
    assert (version_of(later_version(change, tmp_path)) == version_of(ROOT)) is is_same


@pytest.mark.parametrize("words", [["--resume"], ["--extend", "replicates=20"], ["--retry-failed"]])
def test_to_go_on_takes_the_model_that_made_it_and_is_told_which(words, tmp_path, monkeypatch, capsys):
    kept = shutil.copytree(SMALL, tmp_path / FOLDER)
    monkeypatch.setattr("sim.study.store.folder.model_version", lambda: "2-another")
    assert main(["sweep", str(kept), *words]) == 2
    [complaint] = capsys.readouterr().err.splitlines()
    assert f"was made by model {MADE_BY}, this is model 2-another" in complaint
    assert "go on with backchannel 0.1.0 (commit " in complaint


def test_to_reproduce_takes_the_model_that_made_it_where_no_module_is_kept(monkeypatch, capsys):
    monkeypatch.setattr("sim.study.sweep.reproduction.read_module", lambda folder: None)
    monkeypatch.setattr("sim.study.sweep.reproduction.model_version", lambda: "2-another")
    assert main(["reproduce", str(SMALL)]) == 1
    [complaint] = capsys.readouterr().err.splitlines()
    assert "reproduce it with backchannel 0.1.0 (commit " in complaint


def told_by(package, place, *words):
    """Return what a version of the program says of the folder that is kept, asked by a command."""
    shutil.copytree(SMALL, place / FOLDER)
    asked = [sys.executable, "-m", "sim", *words]
    told = subprocess.run(
        asked, cwd=place, env=os.environ | {"PYTHONPATH": str(package)}, capture_output=True, text=True, check=False
    )
    return told.returncode, told.stdout.splitlines(), told.stderr


@pytest.mark.parametrize("change", ["a rule is another", "a parameter is renamed", "a column is taken away"])
def test_another_model_reproduces_a_folder_by_the_module_that_it_keeps(change, tmp_path):
    (tmp_path / "place").mkdir()
    package = later_version(change, tmp_path / "later")
    status, lines, complaint = told_by(package, tmp_path / "place", "reproduce", FOLDER)
    assert (status, complaint) == (0, "")
    assert lines[0] == "All 48 replicates came out the same, bit by bit"
    assert lines[1] == f"Played by the module that the folder keeps (model {MADE_BY})"


@pytest.mark.parametrize("change", ["a column is called otherwise", "an outcome is called otherwise"])
def test_results_under_two_names_do_not_mix_in_one_folder(change, tmp_path):
    (tmp_path / "place").mkdir()
    package = later_version(change, tmp_path / "later")
    assert version_of(package) == version_of(ROOT)
    status, _, complaint = told_by(package, tmp_path / "place", "sweep", FOLDER, "--extend", "replicates=20")
    assert status == 2
    [line] = complaint.splitlines()
    assert line.startswith(
        "kept: its columns or outcomes are called otherwise than this program calls them; go on with"
    )


@pytest.mark.parametrize(
    ("format_", "told"),
    [
        (1, "is read by the program that made it (version 0.0.9, commit abc)"),
        (FORMAT + 1, "newer than this program (2): update it with pip install --upgrade backchannel"),
    ],
)
def test_a_folder_of_another_format_names_the_program_that_reads_it(format_, told, tmp_path, capsys):
    stored = {"format": format_, "version": "0.0.9", "commit": "abc"}
    (tmp_path / "manifest.json").write_text(json.dumps(stored), encoding="utf-8")
    (tmp_path / "design.json").write_text("{}", encoding="utf-8")
    assert main(["status", str(tmp_path)]) == 2
    assert told in capsys.readouterr().err


def test_a_folder_that_is_kept_comes_out_the_same_and_can_be_run_again():
    scenario = open_folder(SMALL).points[0].scenario
    assert main(["reproduce", str(SMALL)]) == 0
    assert scenario.restored().eras[0].world.weeks == 60
