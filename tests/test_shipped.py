import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path

import pytest

from sim.shipped import SUFFIXES, shipped, shipped_names

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ["pyproject.toml", "LICENSE", "README.md", "sim", *SUFFIXES]
ASK = """
import sys
from sim.shipped import SUFFIXES, shipped, shipped_names
for kind in SUFFIXES:
    print(kind, shipped(kind), *shipped_names(kind), sep="|")
"""


@pytest.fixture
def checkout(tmp_path):
    """A copy of the sources, in a folder with a space in its name, with one more file of each kind."""
    copy = tmp_path / "a checkout"
    copy.mkdir()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, copy)
    for kind, suffix in SUFFIXES.items():
        (copy / kind).mkdir(exist_ok=True)
        (copy / kind / f"one-more{suffix}").touch()
    return copy


@pytest.fixture
def environment(tmp_path):
    """A new environment that sees what the tests' own environment has, except for the package under test.

    A line of a .pth file adds a folder without reading the .pth files in it, so an editable install stays unseen.
    """
    folder = tmp_path / "an environment"
    venv.create(folder)
    scheme = sysconfig.get_preferred_scheme("prefix")
    site = Path(sysconfig.get_path("purelib", scheme, vars={"base": str(folder), "platbase": str(folder)}))
    (site / "tools.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def run(*command, folder, **variables):
    """Return what a command prints, run in a folder with no import path but the one given."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=surroundings | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(sources, what, into):
    """Return the one file that building a source tree leaves."""
    run(sys.executable, "-m", "build", "--no-isolation", f"--{what}", "--outdir", into, sources, folder=sources)
    (made,) = into.iterdir()
    return made


def install(environment, *what):
    """Install from local files only, with the tools that the environment sees."""
    offline = ["--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation"]
    pip = [sys.executable, "-m", "pip", "--python", environment / "bin" / "python"]
    run(*pip, "install", *offline, *what, folder=environment)


def answers(python, tmp_path, **variables):
    """Return the folder and the names of each kind, as an interpreter outside the checkout finds them."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    lines = run(python, "-c", ASK, folder=elsewhere, **variables).splitlines()
    return {kind: (Path(folder), names) for kind, folder, *names in (line.split("|") for line in lines)}


def what_ships(checkout, inside):
    """Return the answers expected when the folders stand inside a folder."""
    return {
        kind: (inside / kind, sorted(path.stem for path in (checkout / kind).glob(f"*{suffix}")))
        for kind, suffix in SUFFIXES.items()
    }


def installed_package(environment):
    (package,) = environment.glob("lib/python*/site-packages/sim")
    return package


def test_a_checkout_finds_the_folders_beside_the_package(checkout, tmp_path):
    assert answers(sys.executable, tmp_path, PYTHONPATH=str(checkout)) == what_ships(checkout, checkout)


def test_an_editable_install_finds_the_folders_of_its_checkout(checkout, environment, tmp_path):
    install(environment, "--editable", checkout)
    assert answers(environment / "bin" / "python", tmp_path) == what_ships(checkout, checkout)


def test_a_wheel_carries_the_folders(checkout, environment, tmp_path):
    install(environment, build(checkout, "wheel", tmp_path / "built"))
    carried = installed_package(environment) / "_shipped"
    assert answers(environment / "bin" / "python", tmp_path) == what_ships(checkout, carried)


def test_a_wheel_built_from_the_sdist_carries_the_folders(checkout, environment, tmp_path):
    with tarfile.open(build(checkout, "sdist", tmp_path / "packed")) as archive:
        archive.extractall(tmp_path / "unpacked dist", filter="data")
    (sources,) = (tmp_path / "unpacked dist").iterdir()
    install(environment, build(sources, "wheel", tmp_path / "built"))
    carried = installed_package(environment) / "_shipped"
    assert answers(environment / "bin" / "python", tmp_path) == what_ships(checkout, carried)


@pytest.mark.portable
def test_the_evidence_ships():
    assert "evidence" in shipped_names("evidence")
    assert (shipped("evidence") / "evidence.csv").is_file()


@pytest.mark.portable
def test_names_are_sorted_and_have_no_suffix(tmp_path, monkeypatch):
    for name in ["track-2.toml", "reference.toml", "track-1.5.toml", "README.md"]:
        (tmp_path / name).touch()
    monkeypatch.setattr("sim.shipped.shipped", lambda _kind: tmp_path)
    assert shipped_names("scenarios") == ["reference", "track-1.5", "track-2"]


@pytest.mark.portable
@pytest.mark.parametrize("kind", ["scenario", "", "../sim"])
def test_an_unknown_kind_is_refused_with_the_known_ones(kind):
    with pytest.raises(ValueError, match="the kinds are scenarios, assumptions, experiments, evidence"):
        shipped(kind)


@pytest.mark.portable
def test_missing_folders_are_said_to_be_missing(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.shipped.__file__", str(tmp_path / "sim" / "shipped.py"))
    with pytest.raises(FileNotFoundError, match=r"no shipped evidence found; looked in .*_shipped.* and "):
        shipped("evidence")
