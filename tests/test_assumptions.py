"""Sets of assumptions: what a file may say, what is laid over which scenario, and what each that ships does."""

import json
import pickle
import shlex
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.errors import ScenarioError
from sim.report.findings import Findings
from sim.scenario.assumptions import read_assumptions
from sim.scenario.load import Scenario, load
from sim.shipped import shipped_names
from sim.study.design.experiments import load_experiment
from sim.study.store.folder import open_folder
from sim.study.sweep.reproduction import reproduce
from tests.engines.own_models import PublicOpinion
from tests.engines.worlds import busy, played

HEAD = 'title = "Mine"\nsentence = "What I assume."\n'
QUICK = "two-states-known-costs"
NEWSWORTHY = (
    "secret-track-1.5", "track-1.5-exposed-met-with-silence", "track-1.5-exposed-denied", "track-1.5-authorised",
    "open-track-1.5", "secret-track-1", "secret-track-2", "track-1.5-kyiv-visited-later",
    "track-1.5-envoys-replaced",
)  # fmt: skip
NEWS = {
    "the channel comes to light", "is brought into the channel", "a public channel", "a deal was made in the channel",
    "denies", "stays_silent",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def call(capsys):
    """What a command line gives: status, standard output, standard error."""

    def call(*arguments):
        status = main([str(argument) for argument in arguments])
        caught = capsys.readouterr()
        return status, caught.out, caught.err

    return call


def write(text, name="mine.toml", head=HEAD):
    Path(name).write_text(head + text, encoding="utf-8")
    return name


def scenario(text, name="case.toml"):
    Path(name).write_text('extends = "secret-track-1.5"\ntitle = "A case"\n' + text, encoding="utf-8")
    return load(name)


def changes(before: Scenario, after: Scenario):
    """What a set changed, by key."""
    return {key: value for key, _, value in before.differences(after)}


def complaints(text, head=HEAD):
    with pytest.raises(ScenarioError) as caught:
        read_assumptions(write(text, head=head))
    return str(caught.value).splitlines()


# What ships


@pytest.mark.parametrize("name", shipped_names("assumptions"))
def test_every_shipped_set_says_what_it_is_and_changes_some_shipped_scenario(name):
    assumptions = read_assumptions(name)
    assert assumptions.title
    assert assumptions.sentence.endswith(".")
    cases = [load(case) for case in shipped_names("scenarios")]
    assert any(changes(case, case.under(name)) for case in cases)


def test_no_set_has_the_name_of_another_file():
    assert not {*shipped_names("assumptions")} & {*shipped_names("scenarios"), *shipped_names("experiments")}


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_every_shipped_set_can_be_laid_over_every_shipped_scenario(name):
    case = load(name)
    for assumptions in shipped_names("assumptions"):
        laid = {key.split(".")[-1] for key in changes(case, case.under(assumptions))}
        given = {value.key[-1] for value in read_assumptions(assumptions).values}
        assert laid <= given | {f"believed_{key}" for key in given}  # what is believed follows unless it is given


# What is laid where


def test_a_star_stands_for_every_entry_that_the_scenario_has():
    case = load("with-european-union")
    write('[states."*"]\nlookahead = 26\n')
    states = case.values["states"]
    assert changes(case, case.under("mine.toml")) == {f"states.{name}.lookahead": 26.0 for name in states}
    assert len(states) == 4


def test_what_names_an_entry_goes_before_what_names_all_wherever_it_stands():
    write('[states.ukraine]\nlookahead = 52\n[states."*"]\nlookahead = 26\n[states.wales]\nlookahead = 9\n')
    case = load("reference", under="mine.toml")
    expected = {"russia": 26.0, "ukraine": 52.0, "united_states": 26.0}
    assert {name: state["lookahead"] for name, state in case.values["states"].items()} == expected
    assert case.remarks == ("mine addresses what reference lacks: states.wales.lookahead",)


def test_stars_reach_pairs_of_states_legs_and_issues():
    write(
        '[states."*".toward."*"]\nintelligence = 2\n[channels."*".legs."*"]\naccess = 0.25\n'
        '[states."*".aims]\n"*" = 0.5\nterritory = 0.6\n'
    )
    values = load("track-1.5-kyiv-visited-later", under="mine.toml").values
    states = values["states"]
    assert {state["toward"][to]["intelligence"] for state in states.values() for to in state["toward"]} == {2.0}
    assert sum(len(state["toward"]) for state in states.values()) == 6
    assert {state["aims"]["territory"] for state in states.values()} == {0.6}
    assert {state["aims"]["security"] for state in states.values()} == {0.5}
    assert values["channels"]["back"]["legs"]["moscow"]["access"] == 0.25
    assert values["interventions"]["add_kyiv"]["add"]["channels"]["back"]["legs"]["kyiv"]["access"] == 0.25


def test_a_scenario_under_a_set_is_what_a_file_with_the_same_values_is():
    case = load("track-1.5-kyiv-visited-later")
    news = {value.key[-1]: value.value for value in read_assumptions("no-news").values}
    written = case.with_values({f"channels.back.{name}": value for name, value in news.items()})
    assert case.under("no-news").fingerprint == written.fingerprint != case.fingerprint
    assert played(case.under("no-news"), 3, 1).row() == played(written, 3, 1).row()


def test_several_sets_are_laid_in_order_and_set_values_come_last():
    once, other = ("take-it-or-leave-it", "no-breakdown"), ("no-breakdown", "take-it-or-leave-it")
    assert load("reference", under=once).values["table"]["breakdown"] == 0.0
    assert load("reference", under=other).values["table"]["breakdown"] == 1.0
    assert load("reference", {"table.breakdown": 0.25}, under=once).values["table"]["breakdown"] == 0.25


def test_a_value_that_is_laid_goes_before_a_preset_in_every_era():
    case = scenario('[interventions.captured]\nweek = 9\nset = { "officials.envoy.persona" = "captured" }\n')
    assert [era.world.officials["envoy"].lean for era in case.eras] == [0.2, 0.9]
    write('[officials."*"]\nlean = 0.4\n')
    assert [era.world.officials["envoy"].lean for era in case.under("mine.toml").eras] == [0.4, 0.4]


def test_a_preset_that_is_laid_brings_its_values_but_for_those_that_the_scenario_gives():
    case = scenario("[officials.envoy]\nlean = 0.3\n")
    write('[officials."*"]\npersona = "captured"\n')
    officials = case.under("mine.toml").values["officials"]
    assert (officials["envoy"]["lean"], officials["second_envoy"]["lean"]) == (0.3, 0.9)


def test_what_is_believed_follows_what_is_laid_but_where_the_scenario_gives_it():
    write('[channels."*"]\ndeny_authorised = 0.25\n')
    back = load("secret-track-1.5", under="mine.toml").values["channels"]["back"]
    assert back["believed_deny_authorised"] == 0.25
    case = scenario("[channels.back]\nbelieved_deny_authorised = 0.75\n")
    assert case.under("mine.toml").values["channels"]["back"]["believed_deny_authorised"] == 0.75


# Interventions


def test_what_a_set_says_holds_in_every_week_whatever_an_intervention_sets():
    case = scenario('[interventions.more_checks]\nweek = 52\nset = { "channels.back.verification" = 0.5 }\n')
    under = case.under("no-checks")
    assert [era.world.channels["back"].verification for era in under.eras] == [0.0, 0.0]
    remark = "no-checks goes before channels.back.verification = 0.5 of its intervention 'more_checks' in case: "
    assert under.remarks == (remark + "0.0 holds in every week",)
    assert under.origins["interventions.more_checks.set.channels.back.verification"].startswith("assumptions/no-checks")


def test_what_interventions_add_is_under_the_set_too():
    assert "lean" in load("track-1.5-envoys-replaced").values["officials"]["envoy"]
    write('[officials."*"]\nlean = 0.4\n')
    for era in load("track-1.5-envoys-replaced", under="mine.toml").eras:
        assert {official.lean for official in era.world.officials.values()} == {0.4}
    assert len(load("track-1.5-envoys-replaced").eras[-1].world.officials) == 4
    new = scenario('[interventions.another]\nweek = 9\n[interventions.another.add.channels.second]\nhome = "united_states"\n'
                   'envoys = ["envoy"]\nlegs.kyiv.state = "ukraine"\n')  # fmt: skip
    assert {one.bridge for one in new.under("bridge-2").eras[-1].world.channels.values()} == {2.0}


def test_a_leg_that_an_intervention_adds_brings_no_values_for_its_channel():
    under = load("track-1.5-kyiv-visited-later").under("bridge-2", "no-checks")
    assert set(under.given.tree["interventions"]["add_kyiv"]["add"]["channels"]["back"]) == {"legs"}


# Nothing to change


def test_a_set_that_finds_nothing_to_change_is_said_in_a_line_and_changes_nothing():
    case = load("reference")
    under = case.under("no-news")
    assert under.remarks == ("no-news finds nothing to change in reference, which has no channels",)
    assert (changes(case, under), under.fingerprint) == ({}, case.fingerprint)


def test_a_set_whose_values_stand_there_already_is_said_to_change_nothing():
    twice = load("secret-track-1.5").under("no-checks", "no-checks")
    assert twice.remarks == ("no-checks changes nothing in secret-track-1.5, which has these values already",)


# Identity


def test_a_scenario_under_a_set_says_so_in_its_title_and_where_its_values_stand():
    under = load("secret-track-1.5").under("no-news", "bridge-2")
    assert under.assumptions == ("no-news", "bridge-2")
    assert under.title == f"{load('secret-track-1.5').title}, under no-news and bridge-2"
    text = (sim.shipped.shipped("assumptions") / "bridge-2.toml").read_text(encoding="utf-8")
    line = text.splitlines().index("bridge = 2.0") + 1
    assert under.origins["channels.back.bridge"] == f"assumptions/bridge-2.toml:{line}"


def test_a_scenario_under_a_set_is_stored_and_read_as_it_is():
    under = load("track-1.5-kyiv-visited-later").under("no-news")
    again = Scenario.from_dict(json.loads(json.dumps(under.to_dict())))
    for other in (again, pickle.loads(pickle.dumps(under)), under.with_values({})):
        assert (other.title, other.assumptions, other.fingerprint) == (under.title, ("no-news",), under.fingerprint)
        assert other.origins == under.origins
    assert "under" not in load("track-1.5-kyiv-visited-later").to_dict()


# Mistakes


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[channels."*"]\nbridg = 2.0\n', "mine.toml:4: unknown key 'bridg'; did you mean 'bridge'?"),
        ("[tabel]\nbreakdown = 1\n", "mine.toml:3: unknown key 'tabel'; did you mean 'table'?"),
        ("[table]\n\nbreakdown = 1.5\n", "mine.toml:5: table.breakdown = 1.5 lies outside 0..1 (probability that a"),
        (
            "[channels]\nbridge = 2.0\n",
            'mine.toml:4: channels.bridge = 2.0 is not an entry; write [channels."*"] for every',
        ),
        (
            '[channels."ba*"]\nbridge = 2.0\n',
            'mine.toml:3: channels: "ba*" is neither "*" nor a name (a lower-case letter,',
        ),
        ("table = 3\n", "mine.toml:3: table = 3 is not a table; write [table]"),
        (
            '[states."*"]\naims = 0.5\n',
            'mine.toml:4: states."*".aims = 0.5 is not a table with a number for each issue',
        ),
        (
            '[channels."*"]\nconveys = "a lie"\n',
            'mine.toml:4: channels."*".conveys serves words alone; a set of assumptions',
        ),
        (
            "[interventions.a]\nweek = 3\n",
            "mine.toml:3: 'interventions' is for scenarios; a set of assumptions has title,",
        ),
        (
            "[own]\noutrage = 0.3\n",
            "mine.toml:3: [own] holds the parameters of a model class of your own: name it with",
        ),
        ("", 'mine.toml: the file sets no value; write one, as in [channels."*"] bridge = 2.0'),
    ],
)
def test_a_mistake_is_named_with_its_line_and_the_remedy(text, complaint):
    [line] = complaints(text)
    assert line.startswith(complaint)


def test_a_file_without_its_heading_is_told_what_it_lacks():
    lacks = [
        "mine.toml: the file lacks 'title' (one line that names the set)",
        "mine.toml: the file lacks 'sentence' (one sentence that says what it assumes)",
    ]
    assert complaints('[channels."*"]\nbridge = 2.0\n', head="") == lacks


def test_an_unknown_name_is_told_the_nearest():
    with pytest.raises(ScenarioError) as caught:
        load("reference", under="no-nws")
    expected = "\"no-nws\" is neither a shipped set of assumptions nor a file; did you mean 'no-news'?"
    assert str(caught.value) == expected


def test_a_set_gives_parameters_of_a_model_of_one_s_own_where_that_plays():
    write("[own]\noutrage = 0.25\n")
    case = sim.load("track-1.5-exposed-denied", under="mine.toml", model=PublicOpinion)
    assert case.values["own"]["outrage"] == 0.25
    assert case.origins["own.outrage"] == "mine.toml:4"


def test_a_value_that_does_not_fit_the_scenario_is_told_with_its_line_in_the_set():
    write('[channels."*"]\nstraight_falsehood = 0.7\n')
    with pytest.raises(ScenarioError, match=r"mine\.toml:4: channels\.back\.straight_falsehood = 0\.7 must lie below"):
        load("secret-track-1.5", under="mine.toml")


# Experiments

NEITHER = "is neither a shipped set of assumptions nor a file from the experiment's folder"
ASKED = """
title = "Asked"
question = "Does it matter?"
replicates = 2
under = ["no-checks"]
[scenarios.plain]
extends = "secret-track-1.5"
[scenarios.bridged]
extends = "secret-track-1.5"
under = ["bridge-2", "mine.toml"]
set = { "channels.back.cadence_weeks" = 2, weeks = 30 }
"""


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """An experiment in a folder below, which names sets for all scenarios and for one, shipped and of its folder."""
    (tmp_path / "deeper").mkdir()
    write('[channels."*"]\nbridge = 3.0\ncadence_weeks = 8\n', "deeper/mine.toml")
    Path("deeper/asked.toml").write_text(ASKED, encoding="utf-8")
    return "deeper/asked.toml"


def test_an_experiment_lays_its_sets_then_those_of_an_entry_then_its_values(asked):
    plain, bridged = load_experiment(asked).scenarios.values()
    assert (plain.assumptions, bridged.assumptions) == (("no-checks",), ("no-checks", "bridge-2", "mine"))
    back = bridged.values["channels"]["back"]
    assert (back["verification"], back["bridge"], back["cadence_weeks"]) == (0.0, 3.0, 2)
    assert plain.values["channels"]["back"]["verification"] == 0.0


@pytest.mark.parametrize(
    ("old", "new", "line", "complaint"),
    [
        ('["no-checks"]', '["no-chekcs"]', 5, f"under = \"no-chekcs\" {NEITHER}; did you mean 'no-checks'?"),
        ('"mine.toml"]', '"yours.toml"]', 10, f'under = "yours.toml" {NEITHER}'),
        (
            '["no-checks"]',
            '"no-checks"',
            5,
            'under = "no-checks" is not a list of entries (sets of assumptions laid over every',
        ),
    ],
)
def test_an_experiment_that_names_a_set_that_is_none_is_told_where(asked, old, new, line, complaint):
    Path(asked).write_text(ASKED.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_experiment(asked)
    [told] = str(caught.value).splitlines()
    assert told.startswith(f"deeper/asked.toml:{line}: {complaint}")


def test_a_folder_of_scenarios_under_sets_is_read_reproduced_and_traced(asked, call):
    assert call("sweep", asked, "--out", "kept")[0] == 0
    folder = open_folder("kept")
    bridged = folder.experiment.scenarios["bridged"]
    assert bridged.title == f"{load('secret-track-1.5').title}, under no-checks, bridge-2 and mine"
    assert bridged.restored().assumptions == bridged.assumptions == ("no-checks", "bridge-2", "mine")
    assert reproduce(folder).departure is None
    assert folder.manifest["under"] == {
        "plain": ["no-checks"],
        "bridged": ["no-checks", "bridge-2", "deeper/mine.toml"],
    }
    fresh = load_experiment(asked).scenarios["bridged"]
    assert bridged.fingerprint == fresh.fingerprint
    command = Findings(folder, Path()).tracing_command(folder.points[1], 0)
    assert call(*shlex.split(command)[1:], "--json")[1].count(fresh.fingerprint) == 1


def test_a_scenario_read_from_a_folder_can_be_put_under_a_set(call):
    assert call("run", "secret-track-1.5", "-n", "1", "--out", "kept")[0] == 0
    [case] = open_folder("kept").experiment.scenarios.values()
    fresh, under = load("secret-track-1.5", under="no-news"), case.under("no-news")
    assert (under.title, under.fingerprint) == (fresh.title, fresh.fingerprint)
    assert under.restored().eras == fresh.eras


# Commands


def test_list_names_every_set_with_its_sentence(call):
    out = " ".join(call("list")[1].split())
    for name in shipped_names("assumptions"):
        assert f"{name} {read_assumptions(name).sentence}" in out
    data = json.loads(call("list", "--json")[1])["assumptions"]
    assert data == [
        {"name": name, "sentence": read_assumptions(name).sentence} for name in shipped_names("assumptions")
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", QUICK, "-n", "3"],
        ["compare", QUICK, "secret-track-1.5", "-n", "1"],
        ["trace", QUICK, "--replicate", "1"],
        ["trace", QUICK, "--replicate", "1", "--against", "secret-track-1.5"],
        ["show", QUICK],
    ],
)
def test_every_command_lays_sets_over_and_repeats_them(call, arguments):
    write("[table]\nmax_rounds = 3\n")
    under = ["--under", "mine.toml", "--under", "take-it-or-leave-it"]
    status, out, err = call(*arguments, *under)
    assert (status, err) == (0, "")
    assert out.splitlines()[-1].endswith(" --under mine.toml --under take-it-or-leave-it")
    assert "under mine and take-it-or-leave-it" in " ".join(out.split()) or "Under mine (mine.toml)" in out
    sets = ["--set", "table.max_rounds=3", "--set", "table.breakdown=1.0"]
    plain = ["--json", *(["--full"] if arguments[0] == "trace" and "--against" not in arguments else [])]
    laid, written = (json.loads(call(*arguments, *changed, *plain)[1]) for changed in (under, sets))
    told = ("title", "command", "under", "values", "a", "b")
    assert {key: laid[key] for key in laid if key not in told} == {
        key: written[key] for key in written if key not in told
    }
    assert laid != json.loads(call(*arguments, *plain)[1]) | {"command": laid["command"], "title": laid.get("title")}


def test_vary_keeps_the_sets_in_its_experiment_and_its_folder(call):
    write("[table]\nmax_rounds = 3\n")
    arguments = ["vary", "secret-track-1.5", "front.sd=0,0.01", "-n", "2", "--set", "weeks=30"]
    assert call(*arguments, "--under", "no-news", "--under", "mine.toml")[0] == 0
    [file] = Path("results").glob("*.toml")
    assert file.stem == "vary-secret-track-1.5-under-no-news-under-mine-sd"
    [case] = load_experiment(file).scenarios.values()
    expected = load("secret-track-1.5", {"weeks": 30}, under=["no-news", "mine.toml"])
    assert (case.fingerprint, case.title) == (expected.fingerprint, expected.title)


def test_a_run_that_is_kept_keeps_its_sets(call):
    assert call("run", QUICK, "-n", "2", "--under", "take-it-or-leave-it", "--out", "kept")[0] == 0
    [case] = open_folder("kept").experiment.scenarios.values()
    assert case.assumptions == ("take-it-or-leave-it",)
    assert call("reproduce", "kept")[0] == 0


def test_what_a_set_does_not_find_is_said_beside_the_output(call):
    remark = f"no-news finds nothing to change in {QUICK}, which has no channels\n"
    for arguments in (["run", QUICK, "-n", "2"], ["run", QUICK, "-n", "2", "--json"], ["show", QUICK]):
        assert call(*arguments, "--under", "no-news")[2] == remark
    text = ASKED.replace('under = ["bridge-2", "mine.toml"]\n', "").replace("secret-track-1.5", QUICK, 1)
    Path("asked.toml").write_text(text, encoding="utf-8")
    status, _, err = call("sweep", "asked.toml", "--dry-run")
    assert (status, err) == (0, f"no-checks finds nothing to change in {QUICK}, which has no channels\n")


def test_validate_checks_a_set_alone_and_over_a_scenario(call):
    write('[channels."*"]\nbridge = 2.0\n')
    assert call("validate", "mine.toml", "no-news")[:2] == (0, "mine.toml: valid (Mine)\nno-news: valid (No news)\n")
    out = (
        f"{QUICK}: valid ({load(QUICK).title}, under mine)\n"
        f"  mine finds nothing to change in {QUICK}, which has no channels\n"
    )
    assert call("validate", QUICK, "--under", "mine.toml") == (0, out, "")
    assert call("validate", "claims", "--under", "mine.toml")[0] == 2
    write('[channels."*"]\nbridg = 2.0\n', head="")
    status, _, err = call("validate", "mine.toml")
    assert status == 2
    assert "mine.toml:2: unknown key 'bridg'; did you mean 'bridge'?" in err


# What those that ship do


def moves(case: Scenario, replicates=4):
    """Every move of trust in a few replicates, as cause and size, and how many channels came to light."""
    found, came = [], 0
    for number in range(replicates):
        for event in played(case, 11, number).events:
            came += event.kind in ("comes_to_light", "lets_slip")
            if event.kind == "trust_moves":
                found.append((event.cause, event.detail["log_factor"]))
    return found, came


@pytest.mark.parametrize("name", NEWSWORTHY)
def test_no_news_moves_trust_over_whole_replicates_under_no_news(name):
    case = busy(name)
    assert any(size for cause, size in moves(case)[0] if cause in NEWS), "nothing would have moved without the set"
    found, _ = moves(case.under("no-news"))
    assert {size for cause, size in found if cause in NEWS} == {0.0}


def test_a_check_still_moves_trust_under_no_news():
    found, came = moves(busy("track-1.5-misrepresenting").under("no-news"))
    assert came > 0
    assert any(size for cause, size in found if cause == "checks")


@pytest.mark.parametrize(
    "name",
    [*NEWSWORTHY, "track-1.5-misrepresenting-kyiv-visited", "hosted-channel-becomes-the-table", "ukraine-overruled"],
)
def test_nothing_before_an_agreement_moves_trust_where_it_is_frozen(name):
    case = busy(name).under("trust-frozen")
    assert any(size for cause, size in moves(busy(name))[0] if cause not in ("keeps", "breaks"))
    assert {size for cause, size in moves(case)[0] if cause not in ("keeps", "breaks")} <= {0.0}


def test_nobody_checks_under_no_checks():
    case = busy("track-1.5-misrepresenting-kyiv-visited")
    checks = [
        sum(event.kind == "checks" for number in range(4) for event in played(one, 11, number).events)
        for one in (case, case.under("no-checks"))
    ]
    assert checks[0] > 0 == checks[1]


def test_one_refusal_ends_the_talks_where_it_is_take_it_or_leave_it():
    case = busy("reference")
    for under, ends in (("take-it-or-leave-it", True), ("no-breakdown", False)):
        events = [event.kind for number in range(6) for event in played(case.under(under), 11, number).events]
        assert ("break_down" in events) == ends
        assert "refuses" in events
