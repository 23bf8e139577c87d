"""Results do not move by accident: a few replicates are what they were, to the last bit, in every column."""

import json

import pytest

from tests.baselines import __main__ as baselines

pytestmark = pytest.mark.portable


@pytest.mark.parametrize("name", baselines.SCENARIOS)
def test_three_replicates_are_what_they_were_to_the_last_bit(name):
    assert baselines.path_of(name).is_file(), f"{name} has no baseline; write it: python -m tests.baselines --accept"
    lines = baselines.moved(name, baselines.kept(name), baselines.played(name))
    assert not lines, "\n".join([*lines[:12], f"({len(lines)} values moved in {name})", baselines.ACCEPT])


def test_a_baseline_says_which_seed_it_is_of():
    for name in baselines.SCENARIOS:
        data = json.loads(baselines.path_of(name).read_text(encoding="utf-8"))
        assert data["seed"] == baselines.SEED
        assert len(data["replicates"]) == baselines.REPLICATES


def test_the_last_bit_of_one_value_is_seen_and_named():
    before = baselines.kept("reference")
    after = [dict(row) for row in before]
    after[1]["front"] = (float.fromhex(before[1]["front"]) * (1.0 + 2.0**-52)).hex()
    (line,) = baselines.moved("reference", before, after)
    assert line.startswith("reference, replicate 1, front: 0.4")


def test_a_column_that_comes_or_goes_is_a_change():
    before = baselines.kept("reference")
    after = [dict(row) for row in before]
    del after[0]["front"]
    after[2]["new"] = "0x0p+0"
    lines = baselines.moved("reference", before, after)
    assert [line.split(": ")[0] for line in lines] == ["reference, replicate 0, front", "reference, replicate 2, new"]


def test_the_silent_observers_baseline_is_the_references_in_every_column_they_share():
    for one, other in zip(baselines.kept("reference"), baselines.kept("silent-observer"), strict=True):
        assert {name: other[name] for name in one} == one


def test_accepting_writes_what_is_played(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(baselines, "FOLDER", tmp_path)
    monkeypatch.setattr(baselines, "SCENARIOS", ("two-states-known-costs",))
    assert baselines.main([]) == 1
    assert "CHANGELOG.md" in capsys.readouterr().out
    assert baselines.main(["--accept"]) == 0
    assert baselines.main([]) == 0
    assert baselines.kept("two-states-known-costs") == baselines.played("two-states-known-costs")
