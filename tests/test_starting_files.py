"""A starting file is valid as it is, and every line of it is valid once its # is taken away."""

import argparse
import json
import re
from pathlib import Path

import pytest

from sim.commands import start_file
from sim.errors import ScenarioError, SimError
from sim.scenario.load import load
from sim.starting import PARENT, starting_scenario

SETTING = re.compile(r"^#(?=[^ #\n])", re.MULTILINE)


@pytest.fixture
def loaded(tmp_path):
    def loaded(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return load(path)

    return loaded


def differing(scenario):
    return {key for key, _, _ in scenario.differences(load(PARENT))} - {"title", "description"}


def test_a_starting_file_is_its_parent_under_another_title(loaded):
    scenario = loaded(starting_scenario("mine"))
    assert differing(scenario) == set()
    assert scenario.title.startswith("mine: ")
    assert scenario.description


def test_without_its_marks_it_is_still_valid_and_adds_what_it_says(loaded):
    scenario = loaded(SETTING.sub("", starting_scenario("mine")))
    added = ("channels.back.legs.kyiv.", "interventions.leak.", "interventions.distrust.")
    assert all(key.startswith(added) for key in differing(scenario))
    assert all(any(key.startswith(start) for key in differing(scenario)) for start in added)
    assert {act.kind for act in scenario.acts} == {"expose", "deny"}


def test_each_setting_is_valid_by_itself_and_says_what_holds(loaded):
    text = starting_scenario("mine")
    marks = [found.start() for found in SETTING.finditer(text)]
    blocks = text.index("# A stop in Kyiv")
    settings = [at for at in marks if at < blocks]
    assert len(settings) >= 15
    for at in settings:
        assert differing(loaded(text[:at] + text[at + 1 :])) == set()


def test_each_block_is_valid_by_itself(loaded):
    text = starting_scenario("mine")
    for start in re.finditer(r"^#\[.*(\n#.*)*", text, re.MULTILINE):
        block = start.group()
        assert differing(loaded(text.replace(block, SETTING.sub("", block))))


def test_words_and_settings_cannot_be_confused():
    for line in starting_scenario("mine").splitlines():
        assert not line.startswith("#") or line == "#" or re.match(r'# \S|#   sim |#\[|#[a-z_]+ = ["\[{a-z0-9]', line)
        assert len(line) <= 120


@pytest.mark.parametrize("name", ["", "../mine", "a b", "-x", "mine/", 'x"', "x" * 61, "ä"])
def test_a_name_that_cannot_be_a_file_is_refused(name):
    with pytest.raises(ScenarioError, match="cannot name a scenario"):
        starting_scenario(name)


def test_the_name_of_a_shipped_scenario_is_refused():
    with pytest.raises(ScenarioError, match='"reference" is the name of a shipped scenario'):
        starting_scenario("reference")


@pytest.mark.parametrize("name", ["mine", "track-1.5-mine", "x" * 60, "Kyiv_2"])
def test_any_sensible_name_makes_a_valid_file(loaded, name):
    assert loaded(starting_scenario(name)).title.startswith(name)


# The command


@pytest.fixture
def new(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def new(*words):
        parser = argparse.ArgumentParser()
        start_file.add_arguments(parser)
        status = start_file.execute(parser.parse_args(words))
        return status, capsys.readouterr().out

    return new


@pytest.mark.parametrize("name", ["mine", "mine.toml"])
def test_the_command_writes_a_file_that_loads_and_says_so(new, name):
    status, said = new("scenario", name)
    assert status == 0
    assert "sim validate mine.toml" in said
    assert load("mine.toml").title.startswith("mine: ")


def test_a_file_that_is_there_is_never_overwritten(new):
    Path("mine.toml").write_text("precious", encoding="utf-8")
    with pytest.raises(SimError, match=r"mine\.toml exists already"):
        new("scenario", "mine")
    assert Path("mine.toml").read_text(encoding="utf-8") == "precious"


def test_the_command_answers_in_json(new):
    assert json.loads(new("scenario", "mine", "--json")[1]) == {"file": "mine.toml"}


def test_a_bad_name_writes_nothing(new):
    with pytest.raises(ScenarioError):
        new("scenario", "../mine")
    assert list(Path().iterdir()) == []
