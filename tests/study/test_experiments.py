from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load
from sim.shipped import shipped_names
from sim.study.experiments import load_experiment

GOOD = 'title = "t"\nquestion = "q"\na = "reference"\nb = "ukraine-kept-out"\nreplicates = 10\n'


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", shipped_names("experiments"))
def test_every_shipped_experiment_names_scenarios_that_load(name):
    experiment = load_experiment(name)
    assert load(experiment.a).fingerprint != load(experiment.b).fingerprint
    assert experiment.question.endswith("?")


def test_an_experiment_of_one_s_own_is_read_from_its_file():
    Path("mine.toml").write_text(GOOD, encoding="utf-8")
    assert load_experiment("mine.toml").replicates == 10


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("replicates = 10", "replicate = 10"), "mine.toml:5: unknown key \"replicate\"; did you mean 'replicates'?"),
        (("replicates = 10", "replicates = 0"), "mine.toml:5: replicates = 0 is not a whole number in 1..10000000"),
        (("replicates = 10", "replicates = true"), "mine.toml:5: replicates = true is not a whole number"),
        (('title = "t"\n', ""), "mine.toml: lacks 'title'"),
        (('a = "reference"', "a = 3"), "mine.toml:3: a = 3 is not a text"),
        (("title", "title ="), "mine.toml:1: "),
    ],
)
def test_a_wrong_experiment_is_refused_with_its_line(change, complaint):
    Path("mine.toml").write_text(GOOD.replace(*change, 1), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_experiment("mine.toml")
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_experiment_that_is_not_there_is_refused():
    with pytest.raises(ScenarioError):
        load_experiment("nowhere.toml")
