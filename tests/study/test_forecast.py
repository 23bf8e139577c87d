"""What a sweep is said to take: as many files and bytes as it then writes, within a factor of two."""

import pytest

from sim.study.design.experiments import load_experiment
from sim.study.sweep.forecast import forecast_sweep
from tests.study.sweeping import small, swept

SPACE = """\
title = "Places"
question = "How large does it get?"
replicates = {replicates}
seed = 5
design = "space"
places = {places}

[scenarios.two]
extends = "two-states-known-costs"
set = {{ weeks = 60 }}

[factors.sd]
keys = ["front.sd"]
low = 0.0
high = 0.02
"""
OTHER = """
[scenarios.other]
extends = "reference"
"""


def space(folder, places, replicates, more=""):
    """Return the file of an experiment at places of a space."""
    path = folder / "places.toml"
    path.write_text(SPACE.format(places=places, replicates=replicates) + more, encoding="utf-8")
    return path


def weekly(folder):
    """Return the file of an experiment that keeps weekly values."""
    path = small(folder, replicates=200, points=3)
    path.write_text("weekly = true\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "design",
    [
        lambda folder: small(folder, replicates=2500, points=2),
        lambda folder: small(folder, replicates=200, points=12),
        weekly,
        lambda folder: space(folder, 60, 1),
        lambda folder: space(folder, 40, 40, OTHER),
        pytest.param(lambda folder: space(folder, 1500, 1), marks=pytest.mark.slow),
    ],
)
def test_files_and_bytes_are_forecast_within_a_factor_of_two(tmp_path, monkeypatch, design):
    monkeypatch.chdir(tmp_path)
    file = design(tmp_path)
    told = forecast_sweep(load_experiment(file))
    written = [path.stat().st_size for path in swept(file, tmp_path / "out").path.rglob("*") if path.is_file()]
    assert len(written) / 2 <= told.files <= 2 * len(written)
    assert sum(written) / 2e6 <= told.megabytes <= 2 * sum(written) / 1e6


def test_a_folder_in_which_nothing_is_missing_takes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = small(tmp_path)
    told = forecast_sweep(load_experiment(file), swept(file, tmp_path / "out"))
    assert (told.replicates, told.parts, told.files, told.seconds, told.megabytes) == (0, 0, 0, 0.0, 0.0)
