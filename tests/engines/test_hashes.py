"""Every shipped scenario gives the bits that are written down, on whatever platform this runs."""

import numpy as np
import pytest

from sim.shipped import shipped_names
from sim.version import model_version
from tests import hashes

pytestmark = pytest.mark.portable


@pytest.fixture(scope="module")
def here():
    return hashes.played()


def test_every_shipped_scenario_plays_to_the_hash_that_is_written_down(here):
    assert hashes.kept()["model_version"] == model_version(), hashes.ANEW
    assert hashes.differences(hashes.kept(), here) == [], hashes.ANEW
    assert [*hashes.kept()["sha256"]] == shipped_names("scenarios")


def test_one_bit_that_differs_is_seen_and_the_bits_of_what_is_missing_are_not():
    rows = np.array([[0.1, np.nan], [2.0, -0.0]])
    other = rows.copy()
    other.view(np.uint64)[0, 1] ^= np.uint64(2**63)  # a NaN with a sign, which is what a processor may make of one
    assert hashes.hash_of(other) == hashes.hash_of(rows)
    other.view(np.uint64)[1, 0] ^= np.uint64(1)
    assert hashes.hash_of(other) != hashes.hash_of(rows)


def test_what_differs_is_named(here):
    name, digest = next(iter(here["sha256"].items()))
    others = {one: value for one, value in here["sha256"].items() if one != name}
    [line] = hashes.differences(here | {"sha256": others}, here)
    assert line == f"{name}: None in the file, {digest} here"
    [_, *lines] = hashes.differences(here | {"model_version": "0-old"}, here)
    assert lines[0] == f"model_version: 0-old in the file, {here['model_version']} here"


def test_accepting_writes_what_is_played(here, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(hashes, "played", lambda: here)
    monkeypatch.setattr(hashes, "FILE", tmp_path / "hashes.json")
    assert hashes.main(["--accept"]) == 0
    assert hashes.main([]) == 0
    monkeypatch.setattr(hashes, "played", lambda: here | {"seed": 0})
    assert hashes.main([]) == 1
    assert capsys.readouterr().out.endswith(f"{hashes.ANEW}\n")
