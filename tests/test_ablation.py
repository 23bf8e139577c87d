"""The ablation switches off what it says it does."""

import numpy as np
import pytest

from sim.study.design.experiments import load_experiment
from sim.study.play.contrasts import compare
from sim.study.play.replicates import run

ENVOYS = ("envoy", "second_envoy")
TRUST = "trust.ukraine.united_states"
SEED = 1000


@pytest.fixture(scope="module")
def scenarios():
    return load_experiment("ablation").scenarios


def test_both_envoys_are_changed_together(scenarios):
    """One alone would leave the other as they were."""
    changed = 0
    for label, scenario in scenarios.items():
        differences = {key: value for key, value, _ in scenario.differences(scenarios["case"])}
        of_envoys = [
            {key: value for key, value in differences.items() if key.startswith(f"officials.{envoy}.")}
            for envoy in ENVOYS
        ]
        bare = [{key.rpartition(".")[2]: value for key, value in each.items()} for each in of_envoys]
        if label != "no_channel":  # where there are no envoys
            assert bare[0] == bare[1], label
            changed += bool(bare[0])
    assert changed > 5


def test_a_channel_whose_news_are_no_news_moves_no_trust(scenarios):
    frozen = run(scenarios["no_trust_moved_by_the_channel"], 200, SEED)
    unsigned = frozen.columns["agreements"] == 0.0
    assert unsigned.sum() > 20
    np.testing.assert_allclose(frozen.columns[TRUST][unsigned], 0.63, rtol=1e-9)


@pytest.mark.parametrize("mechanism", ["grievance", "fait_accompli", "spoiling"])
def test_nothing_about_states_kept_out_matters_where_none_is(scenarios, mechanism):
    contrast = compare(scenarios["case"], scenarios[f"no_{mechanism}"], 41, SEED)
    for name in contrast.a.columns:
        assert np.array_equal(*contrast.values(name), equal_nan=True), name
