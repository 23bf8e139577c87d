"""A class of one's own gives the same bits in both engines; what can't be compiled, or can't be at all, is said."""

import importlib.util
import itertools
import linecache
import re
from pathlib import Path

import numpy as np
import pytest

import sim
from docs.examples import blocks
from sim.engines import ensemble
from sim.engines.ensemble import courses_of, rows_of, why_not_compiled
from sim.engines.models import ModelError, describe
from sim.scenario.load import load
from sim.steps.columns import columns_of, quantities_of
from sim.study.play import proof
from sim.study.play.open_runs import coded, play
from tests.engines.own_models import Doubled, PublicOpinion

SEED = 5
NAMES = itertools.count()
HOW_TO = Path(__file__).resolve().parents[2] / "docs/how-to/a-mechanism-of-your-own.md"


def mechanism():
    """The text of the class in the how-to."""
    return next(block.text for block in blocks(HOW_TO.read_text(encoding="utf-8")) if block.language == "python")


def module_of(folder, text):
    """A module of its own file."""
    name = f"own_model_{next(NAMES)}"
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def same(one, other):
    return np.array_equal(one, other, equal_nan=True)


def in_the_open(model, scenario, replicates):
    """Columns, and followed quantities, of some replicates."""
    played = [play(model, scenario, SEED, number, "values") for number in replicates]
    return np.array([list(coded(row).values()) for row, _ in played]), np.array([course for _, course in played])


@pytest.mark.parametrize(
    ("model", "name"), [(PublicOpinion, "track-1.5-exposed-denied"), (Doubled, "secret-track-1.5")]
)
def test_both_engines_give_the_same_bits(model, name):
    scenario = load(name, {"own.outrage": 0.05}, describe(model))
    rows, courses = in_the_open(model, scenario, range(6))
    assert same(rows_of(scenario, SEED, 0, 6), rows)
    assert all(
        same(mine, theirs) for mine, theirs in zip(courses_of(scenario, SEED, 0, 6), (rows, courses), strict=True)
    )
    names = [column.name for column in columns_of(scenario)]
    assert len(np.unique(rows[:, names.index("peak")])) > 1
    assert "polls_so_far.ukraine" in [quantity.name for quantity in quantities_of(scenario)]


def test_a_variable_stands_at_its_start_in_every_replicate():
    scenario = load("secret-track-1.5", {"own.outrage": 0.0}, describe(PublicOpinion))
    names = [column.name for column in columns_of(scenario)]
    rows = rows_of(scenario, SEED, 0, 4)
    weeks = [play(PublicOpinion, scenario, SEED, number)[0]["polls.ukraine"] for number in range(4)]
    assert list(rows[:, names.index("polls.ukraine")]) == weeks
    assert min(weeks) > 2  # the polls that it starts with and one a week


STARTING = """
import sim
from sim import own


class {kind}(own.{kind}):
    odd: float = own.variable("a number that is not 0 at the start", start=0.5)


class View(own.View):
    seen: float = own.variable("the same, as it is found")

    @own.column("seen.{{0}}.{{1}}", "number", "", "the same, of {{0}} in {{1}}")
    def seen_at_the_end(self) -> float:
        return self.seen


class Starting(sim.War):
    cast = {{"{kind}": {kind}, "View": View}}

    def begin(self) -> None:
        super().begin()
        for channel in self.channels:
            for state in self.states:
                for other in self.states:
                    channel.view_of(state).seen = channel.view_of(state).hearing_of(other){part}.odd
"""


def test_what_a_state_has_heard_may_start_elsewhere(tmp_path):
    model = module_of(tmp_path, STARTING.format(kind="Hearing", part="")).Starting
    scenario = load("secret-track-1.5", model=describe(model))
    rows, _ = in_the_open(model, scenario, range(2))
    assert same(rows_of(scenario, SEED, 0, 2), rows)
    assert set(rows[:, -1]) == {0.5}


def test_a_start_that_the_compiled_engine_does_not_know_is_refused_there(tmp_path):
    model = module_of(tmp_path, STARTING.format(kind="Belief", part=".straight")).Starting
    assert "Belief.odd: a Belief starts at 0 when compiled" in why_not_compiled(model)


def test_an_own_parameter_can_change_from_week_to_week(tmp_path):
    path = tmp_path / "later.toml"
    path.write_text(
        'extends = "secret-track-1.5"\n[own]\noutrage = 0.0\n[interventions.anger]\nweek = 20\n[interventions.anger.set]\n'
        '"own.outrage" = 0.5\n',
        encoding="utf-8",
    )
    scenario = load(path, model=describe(PublicOpinion))
    rows, _ = in_the_open(PublicOpinion, scenario, range(3))
    assert same(rows_of(scenario, SEED, 0, 3), rows)
    calm = load("secret-track-1.5", {"own.outrage": 0.0}, describe(PublicOpinion))
    assert not same(rows_of(calm, SEED, 0, 3), rows)


def test_the_columns_of_ours_are_those_of_a_class_that_adds_nothing(tmp_path):
    module = module_of(tmp_path, "import sim\n\n\nclass Same(sim.War):\n    pass\n")
    plain = load("secret-track-1.5")
    scenario = plain.with_model(describe(module.Same))
    assert same(rows_of(scenario, SEED, 0, 5), rows_of(plain, SEED, 0, 5))


def test_the_mechanism_of_the_how_to_gives_the_same_bits_in_both_engines(tmp_path):
    model = module_of(tmp_path, mechanism()).PublicOpinion
    scenario = load("track-1.5-exposed-denied", model=describe(model))
    rows, _ = in_the_open(model, scenario, range(8))
    assert same(rows_of(scenario, SEED, 0, 8), rows)
    turned = [column.name for column in columns_of(scenario)].index("against.united_states")
    assert rows[:, turned].max() > 0.0


# Mistakes: what is changed in the mechanism of the how-to, and what is said

NOT_COMPILED = {
    "a variable that is not declared": (
        ("self.against = self.against + self.war.outrage", "self.anger = self.against + self.war.outrage"),
        r"py:\d+, in pay_audience_cost: a State has no variable of this name: self\.anger",
    ),
    "a parameter mistyped": (
        ("self.war.outrage *", "self.war.outrag *"),
        r"py:\d+, in pay_audience_cost: a War has no attribute",
    ),
    "a list": (
        ("        super().expose()\n", "        angry = [state for state in self.states]\n        super().expose()\n"),
        r"py:\d+, in expose: a step can't say this: \[state for state",
    ),
    "randomness from elsewhere": (
        ("self.war.uniform(VETO, self.address)", "random.random()"),
        r"py:\d+, in ratify: this is not a thing with steps: random\.random\(\)",
    ),
    "a step that there is not": (
        ("super().ratify()", "self.ratified()"),
        r"py:\d+, in ratify: a State has no step of this name",
    ),
    "something overridden that there is not": (
        ("super().ratify()", "super().ratifies()"),
        r"py:\d+, in ratify: no step of this name is overridden here",
    ),
    "arguments by name": (
        ("self.war.uniform(VETO, self.address)", "self.war.uniform(VETO, actor=self.address)"),
        r"py:\d+, in ratify: a step calls without names of arguments",
    ),
    "the constructor replaced": (
        ("    cast = ", "    def __init__(self, *given):\n        super().__init__(*given)\n\n    cast = "),
        r"py:\d+: PublicOpinion\.__init__ replaces what the open engine does itself",
    ),
    "the row replaced": (
        ("    cast = ", "    def row(self):\n        return super().row()\n\n    cast = "),
        r"py:\d+: PublicOpinion\.row replaces what the open engine does itself",
    ),
    "text": (
        ("return self.war.uniform", "return self.name != 'ukraine' or self.war.uniform"),
        r"py:\d+, in ratify: a State has no attribute of this name that is declared: self\.name",
    ),
}


@pytest.mark.parametrize("mistake", NOT_COMPILED)
def test_what_can_not_be_compiled_is_said_by_file_and_line(mistake, tmp_path):
    (old, new), said = NOT_COMPILED[mistake]
    assert old in mechanism()
    module = module_of(tmp_path, "import random\n" + mechanism().replace(old, new))
    assert re.search(said, why_not_compiled(module.PublicOpinion))


DECLARED = {
    "a variable without a type": (("against: float =", "against ="), "write its type"),
    "a name that is taken": (("against: float", "trustworthy: float"), "a State has something of this name"),
    "a parameter of a state": (
        (
            "class State(own.State):\n",
            'class State(own.State):\n    x: float = own.parameter(0.4, "share", (0.0, 1.0), "x")\n',
        ),
        "parameters are declared in the class of the war",
    ),
    "a kind that there is not": (('"State": State', '"Stat": State'), "there is no kind 'Stat'"),
    "a class of another kind": (
        ("class State(own.State)", "class State(own.Channel)"),
        "does not derive from sim.own.State",
    ),
    "a default outside its limits": (("own.parameter(0.4,", "own.parameter(1.4,"), "lies outside 0.0..1.0"),
    "a column that there is": (('"against.{0}"', '"trust.{0}.{1}"'), "there is a column"),
    "a column without the name of its thing": (('"against.{0}"', '"against"'), "its name is to be written as"),
    "an event that there is": (('{"turns"', '{"signs"'), "there is an event 'signs' already"),
    "an event that is not declared": (
        ('note("turns"', 'note("turned"'),
        r"py:\d+, in pay_audience_cost: there is no event 'turned'",
    ),
}


@pytest.mark.parametrize("mistake", DECLARED)
def test_what_can_not_be_declared_is_refused(mistake, tmp_path):
    (old, new), said = DECLARED[mistake]
    assert old in mechanism()
    with pytest.raises(sim.errors.SimError, match=said):
        describe(module_of(tmp_path, mechanism().replace(old, new)).PublicOpinion)


def test_the_messages_that_the_how_to_explains_are_those_that_are_given():
    page = HOW_TO.with_name("why-a-class-is-not-compiled.md").read_text(encoding="utf-8")
    engines = Path(ensemble.__file__).parent
    said = " ".join(" ".join(path.read_text(encoding="utf-8") for path in engines.glob("*.py")).split())
    rows = re.findall(r"^\| `(.*?)` \|", page, re.MULTILINE)
    assert len(rows) == 8
    for row in rows:
        words = row.split(":")[0].split()
        runs = [" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))]
        assert any(run in said for run in runs), row


def test_two_calls_of_draws_share_a_number_and_are_refused(tmp_path):
    second = '(OTHER,) = own.draws("another thing (uniform)")\n\n\nclass State'
    text = mechanism().replace("class State", second, 1).replace("uniform(VETO, self.address)", "uniform(VETO, OTHER)")
    with pytest.raises(ModelError, match="draws share a number"):
        describe(module_of(tmp_path, text).PublicOpinion)


def test_what_is_no_model_is_refused():
    for model in (3, sim.Scenario, "War"):
        with pytest.raises(ModelError, match="is not a subclass of"):
            describe(model)


def test_a_file_that_has_changed_since_it_was_imported_is_not_compiled(tmp_path):
    module = module_of(tmp_path, mechanism())
    path = Path(module.__file__)
    path.write_text(mechanism().replace("1.0 - self.forgetting", "1.5 - self.forgetting"), encoding="utf-8")
    linecache.checkcache(str(path))
    assert "import it anew" in why_not_compiled(module.PublicOpinion)


def test_a_class_without_source_says_so():
    scope = {}
    exec("import sim\nclass NoMeetings(sim.War):\n    def meet(self):\n        pass\n", scope)
    assert re.search(
        r"<string>:3: meet: has no source; write the class in a file", why_not_compiled(scope["NoMeetings"])
    )


def test_the_fingerprint_follows_what_decides_and_not_how_it_is_written(tmp_path):
    texts = [
        mechanism(),
        mechanism().replace("        super().expose()\n", "        # a remark\n        super().expose()\n"),
        mechanism().replace("1.0 - self.forgetting", "1.0 - 2.0 * self.forgetting"),
        mechanism().replace("0.02, ", "0.03, "),
    ]
    first, remarked, other, default = (describe(module_of(tmp_path, text).PublicOpinion).fingerprint for text in texts)
    assert first == remarked
    assert len({first, other, default}) == 3


# A new class


def test_a_new_class_is_held_against_the_open_engine_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(proof, "PROVEN", 3)
    monkeypatch.setenv("SIM_CACHE", str(tmp_path / "cache"))
    model = module_of(tmp_path, mechanism()).PublicOpinion
    scenario = load("track-1.5-exposed-denied", model=describe(model))
    assert not ensemble.is_proven(model)
    proof.prove(scenario, SEED, 0)
    assert ensemble.is_proven(model)
    assert "PublicOpinion is new: 3 replicates are played in both engines" in capsys.readouterr().err
    proof.prove(scenario, SEED, 0)
    assert capsys.readouterr().err == ""


def test_a_class_that_differs_between_the_engines_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(proof, "PROVEN", 2)
    monkeypatch.setenv("SIM_CACHE", str(tmp_path / "cache"))
    model = module_of(tmp_path, mechanism()).PublicOpinion
    scenario = load("track-1.5-exposed-denied", model=describe(model))
    monkeypatch.setattr(proof, "coded", lambda row: coded(row) | {"against.russia": 2.0})
    with pytest.raises(
        ModelError, match=r"replicate 0 of track-1.5-exposed-denied under seed 5 is not the same .* against\.russia"
    ):
        proof.prove(scenario, SEED, 0)
    assert not ensemble.is_proven(model)


def test_a_division_by_zero_stops_a_new_class_and_leaves_it_new(tmp_path, monkeypatch):
    monkeypatch.setattr(proof, "PROVEN", 2)
    monkeypatch.setenv("SIM_CACHE", str(tmp_path / "cache"))
    text = mechanism().replace("* (1.0 - self.forgetting)", "/ (self.forgetting - 0.02)")
    model = module_of(tmp_path, text).PublicOpinion
    scenario = load("track-1.5-exposed-denied", model=describe(model))
    proof.prove(scenario, SEED, 0)
    assert not ensemble.is_proven(model)
    assert np.isnan(rows_of(scenario, SEED, 0, 2)).all()
