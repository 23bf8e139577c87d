"""What once gave a wrong answer without a word gives the right one, or says what is wrong."""

import numpy as np
import pytest

import sim
from sim.cli import main
from sim.errors import SimError
from sim.shipped import shipped
from sim.study.store.folder import open_folder


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of a shipped scenario in the working folder, under its own name, in which costs are other."""
    monkeypatch.chdir(tmp_path)
    text = (shipped("scenarios") / "two-states-known-costs.toml").read_text(encoding="utf-8")
    path = tmp_path / "two-states-known-costs.toml"
    path.write_text(text.replace('title = "', 'title = "My copy of ', 1), encoding="utf-8")
    assert "My copy" in path.read_text(encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "command",
    [
        ["run", "two-states-known-costs.toml", "-n", "2", "--out", "kept"],
        ["vary", "two-states-known-costs.toml", "front.sd=0.01,0.02", "-n", "2", "--out", "kept"],
    ],
)
def test_a_file_with_the_name_of_a_shipped_scenario_is_that_file(copy, command):
    assert main(command) == 0
    [scenario] = open_folder("kept").experiment.scenarios.values()
    assert scenario.title.startswith("My copy")
    assert scenario.path.resolve() == copy


def test_a_shipped_name_is_the_shipped_scenario_beside_a_file_of_that_name(copy):
    assert main(["run", "two-states-known-costs", "-n", "2", "--out", "kept"]) == 0
    [scenario] = open_folder("kept").experiment.scenarios.values()
    assert not scenario.title.startswith("My copy")


def test_a_replicate_that_has_ended_is_not_played_on():
    talks = sim.War(sim.load("two-states-known-costs"), 1, 0).run()
    row, week = talks.row(), talks.week
    with pytest.raises(SimError, match=f"replicate 0 ended in week {week}: there are no more weeks to play"):
        talks.step()
    assert (talks.row(), talks.week) == (row, week)


class Draws(sim.War):
    """A class that draws as Mesa's own models do."""

    def fight(self):
        super().fight()
        self.states[0].random.random()


def test_mesas_generator_is_closed_and_the_error_says_how_to_draw():
    with pytest.raises(SimError, match=r"random\.random: draw with self\.uniform\(purpose, address\)"):
        Draws(sim.load("two-states-known-costs"), 1, 0).run()


def test_numbers_of_numpy_are_whole_numbers():
    scenario = sim.load("two-states-known-costs")
    given, plain = sim.run(scenario, np.int64(3), np.uint8(4), first=np.int32(5)), sim.run(scenario, 3, 4, first=5)
    assert given.to_json() == plain.to_json()
    assert isinstance(given.seed, int)


def test_a_scenario_may_be_given_by_its_name():
    name = "two-states-known-costs"
    assert sim.run(name, 3).to_json() == sim.run(sim.load(name), 3).to_json()
    assert str(sim.compare(name, "reference", 3)) == str(sim.compare(sim.load(name), sim.load("reference"), 3))


def test_a_factor_with_the_name_of_something_measured_is_exported(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = """
title = "A factor with the name of an outcome"
question = "Does the line of contact matter?"
replicates = 2
[scenarios.two]
extends = "two-states-known-costs"
[factors.front]
keys = ["front.start"]
values = [0.4, 0.5]
"""
    (tmp_path / "collision.toml").write_text(text, encoding="utf-8")
    assert main(["sweep", "collision.toml", "--out", "kept"]) == 0
    assert main(["export", "kept", "--csv"]) == 0
    heads, *rows = (tmp_path / "kept/export/replicates.csv").read_text(encoding="utf-8-sig").splitlines()
    names = heads.replace('"', "").split(",")
    assert [row.split(",")[names.index("factor.front")] for row in rows] == ["0.4"] * 2 + ["0.5"] * 2
    assert names.count("front") == 1
    assert '"factor.front"' in (tmp_path / "kept/export/columns.csv").read_text(encoding="utf-8")


SHORT = """
title = "A war looked at for ten months"
question = "How does it end?"
replicates = 2
[scenarios.short]
extends = "reference"
set = { weeks = 40 }
"""


RULED_OUT = [  # values over the reference or the secret channel, what is said of them, and values that leave a chance
    ("weeks=40", "none can be signed before week 4, and the scenario ends after 40: there can be none", "weeks=56"),
    ("weeks=55", "Give it at least 56 weeks, or ask for less with agreement.hold_weeks", "agreement.hold_weeks=50"),
    ("agreement.hold_weeks=153", "none can be signed before week 4", "agreement.hold_weeks=152"),
    ("table.opens=105", "none can be signed before week 105", "table.opens=104"),
    ("table.attempt_weeks=105", "none can be signed before week 105", "table.attempt_weeks=104"),
    ("table.attempt_weeks=157", "no table opens within 156 weeks", "table.opens=5"),
    ("table.convening=0", "no table opens within 156 weeks: there can be neither an agreement nor", "table.opens=5"),
    ("channels.back.start=157", "channel 'back' meets nobody within 156 weeks", "channels.back.start=156"),
    (
        "channels.back.legs.moscow.start=40 channels.back.end=39",
        "channel 'back' meets nobody",
        "channels.back.legs.moscow.start=39",
    ),
]


@pytest.mark.parametrize(("values", "says", "leaves"), RULED_OUT)
def test_what_settings_rule_out_is_said_before_any_number_and_not_where_they_leave_a_chance(
    values, says, leaves, capsys
):
    given = [word for value in values.split() for word in ("--set", value)]
    assert main(["run", "secret-track-1.5", "-n", "2", *given]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert says in told.partition("Success ")[0]
    assert main(["run", "secret-track-1.5", "-n", "2", *given, "--set", leaves]) == 0
    assert says not in " ".join(capsys.readouterr().out.split())


def test_what_settings_rule_out_never_happens():
    scenario = sim.load("secret-track-1.5")
    for values, says, _ in RULED_OUT:
        given = dict(value.split("=") for value in values.split())
        changed = scenario.with_values({key: int(value) for key, value in given.items()})
        result = sim.run(changed, 40, 1, engine="compiled")
        name = "meetings.back" if "meets nobody" in says else "success"
        assert not result.columns[name].any(), values


def test_so_do_a_comparison_and_a_sweep(tmp_path, monkeypatch, capsys):
    assert main(["compare", "reference", "secret-track-1.5", "-n", "2", "--set", "weeks=40"]) == 0
    told = " ".join(capsys.readouterr().out.split()).partition("Success ")[0]
    assert "reference: success needs" in told
    assert "secret-track-1.5: success needs" in told
    (tmp_path / "short.toml").write_text(SHORT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", "short.toml"]) == 0
    assert "there can be none" in " ".join(capsys.readouterr().out.split()).partition("success 95 %")[0]


def test_a_channel_is_not_announced_by_a_setting_that_would_change_nothing(tmp_path):
    path = tmp_path / "announce.toml"
    path.write_text(
        'extends = "secret-track-1.5"\n[interventions.announce]\nweek = 10\nset = { "channels.back.secret" = false }\n',
        encoding="utf-8",
    )
    with pytest.raises(SimError, match='cannot change from week to week; write expose = "back" to make it known'):
        sim.load(path)


@pytest.mark.parametrize(("authorised", "kind"), [("true", "authorised"), ("false", "freelance")])
def test_a_denial_of_nothing_names_the_parameter_that_would_do_it(authorised, kind, tmp_path):
    path = tmp_path / "denied.toml"
    path.write_text(
        f'extends = "secret-track-1.5"\n[channels.back]\nauthorised = {authorised}\n[interventions.no]\nweek = 10\n'
        'deny = "back"\n',
        encoding="utf-8",
    )
    with pytest.raises(SimError, match=rf"or set channels\.back\.deny_{kind} for leaks of any week"):
        sim.load(path)


def test_a_file_that_asks_for_more_than_its_folder_says_so_when_it_goes_on(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = SHORT.replace("weeks = 40", "weeks = 60")
    (tmp_path / "short.toml").write_text(text, encoding="utf-8")
    assert main(["sweep", "short.toml"]) == 0
    (tmp_path / "short.toml").write_text(text.replace("replicates = 2", "replicates = 3"), encoding="utf-8")
    capsys.readouterr()
    assert main(["sweep", "short.toml", "--resume"]) == 0
    told = "short.toml asks for 3 replicates a point, results/short for 2, which stands; to play more: sim sweep"
    assert f"{told} results/short --extend replicates=3" in capsys.readouterr().err
    assert main(["sweep", "short.toml", "--resume", "--extend", "replicates=3"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("weeks = 60\nweeks = 70", '"weeks" is given twice here: keep one of the two'),
        ("title = “Two states”", "curly quotes are no quotes here: write straight ones"),
        ("[front]\nsd = 0,001", "a number has a decimal point, as in 0.5"),
    ],
)
def test_the_usual_mistakes_of_toml_are_called_by_their_names(line, told, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "reference"\n{line}\n', encoding="utf-8")
    with pytest.raises(SimError, match=rf"mine\.toml:{2 + line.count(chr(10))}: is not TOML: .*{told}"):
        sim.load(path)


@pytest.mark.parametrize("track", ["1", "1.5", "2", '"1.5"'])
def test_a_track_may_be_written_as_a_number_in_a_file_as_on_the_command_line(track, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "secret-track-1.5"\n[channels.back]\ntrack = {track}\n', encoding="utf-8")
    said = sim.load("secret-track-1.5", {"channels.back.track": track.strip('"')})
    assert sim.load(path).values == said.values | {"title": sim.load(path).title}
    assert sim.load(path).values["channels"]["back"]["track"] == track.strip('"')


@pytest.mark.parametrize(
    ("changes", "act", "says"),
    [
        ("start = 12", "expose", "channel 'back' begins in week 12, and cannot be known before"),
        ("start = 12", "disown", "channel 'back' begins in week 12, and cannot be known before"),
        ("secret = false", "expose", r"channel 'back' is public from its first week \(secret = false\)"),
    ],
)
def test_an_act_on_a_channel_in_a_week_without_its_occasion_is_refused(changes, act, says, tmp_path):
    path = tmp_path / "early.toml"
    text = f'extends = "secret-track-1.5"\n[channels.back]\n{changes}\n[interventions.now]\nweek = %d\n{act} = "back"\n'
    path.write_text(text % 10, encoding="utf-8")
    with pytest.raises(SimError, match=rf"early\.toml:6: interventions\.now: {act} in week 10: {says}"):
        sim.load(path)


def test_an_act_twice_in_one_week_and_one_on_a_channel_that_never_begins_are_refused(tmp_path):
    path = tmp_path / "twice.toml"
    again = '[interventions.%s]\nweek = 10\nexpose = "back"\n'
    path.write_text('extends = "secret-track-1.5"\n' + again % "one" + again % "two", encoding="utf-8")
    with pytest.raises(SimError, match="expose of channel 'back' in week 10 stands there twice"):
        sim.load(path)
    gone = '[channels.back]\nstart = 9\n[interventions.gone]\nweek = 5\nremove = ["channels.back"]\n'
    path.write_text('extends = "secret-track-1.5"\n' + gone + again % "one", encoding="utf-8")
    with pytest.raises(SimError, match="channel 'back' never begins"):
        sim.load(path)


def test_a_state_that_is_only_named_moves_no_bit_of_anyones_outcome(tmp_path):
    path = tmp_path / "host.toml"
    state = 'extends = "reference"\n[states.switzerland]\nweights = { territory = 0.5, security = 0.5 }\n'
    path.write_text(state, encoding="utf-8")
    alone, beside = (sim.run(one, 50, 3) for one in ("reference", path))
    for name, values in alone.columns.items():
        np.testing.assert_array_equal(beside.columns[name], values, err_msg=name)


def test_what_differs_has_every_value_of_an_added_entry(tmp_path, capsys):
    path = tmp_path / "host.toml"
    state = 'extends = "reference"\n[states.switzerland]\nblocking = 0.25\nweights = { territory = 0.5 }\n'
    path.write_text(state, encoding="utf-8")
    assert main(["compare", "reference", str(path), "-n", "2"]) == 0
    told = " ".join(capsys.readouterr().out.split()).partition("What differs")[2].partition("How it ended")[0]
    values = sim.load(path).values["states"]["switzerland"]
    assert "states.switzerland: only in b: " in told
    assert "blocking=0.25" in told
    assert all(f"{key}=" in told for key, value in values.items() if not isinstance(value, dict))


def test_weights_that_are_scaled_are_told(tmp_path, capsys):
    path = tmp_path / "heavy.toml"
    text = 'extends = "reference"\n[states.ukraine]\nweights = { territory = 1.0, security = %s }\n'
    for security, told in (("0.5", ["states.ukraine.weights add up to 1.7, and are scaled to 1"]), ("0.0", [])):
        extra = ", sanctions = 0.05, accountability = 0.15" if told else ", sanctions = 0.0, accountability = 0.0"
        path.write_text((text % (security + extra)), encoding="utf-8")
        assert main(["validate", str(path)]) == 0
        _, *notes = capsys.readouterr().out.splitlines()
        assert [note.strip() for note in notes] == told
