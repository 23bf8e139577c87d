"""`--model MODULE:CLASS`: a class of one's own plays, and a folder somebody sent is read without it."""

import importlib
import json
import linecache
import re
import sys
from pathlib import Path

import pytest

from sim.cli import main
from sim.errors import ScenarioError, SimError
from sim.study.design.loading import with_class
from sim.study.store.folder import open_folder
from sim.study.store.parts import Range
from sim.study.sweep.tasks import jobs_of, play_job, play_jobs

CASE = "two-states-known-costs"
WEEKS = ("--set", "weeks=6")
MODEL = ("--model", "opinion_of_mine:Opinion")
OPINION = """
import sim
from sim import own


class State(own.State):
    against: float = own.variable("share of its public against talks", "share", (0.0, 1.0))

    @own.column("against.{0}", "number", "share", "share of {0}'s public against <talks> at the end")
    def against_at_end(self) -> float:
        return self.against


class Opinion(sim.War):
    cast = {"State": State}
    events = {"storms": own.event("a public storms the palace", share="share")}
    outrage: float = own.parameter(0.2, "share", (0.0, 1.0), "how far a week moves opinion")

    def fight(self) -> None:
        super().fight()
        for state in self.states:
            state.against = state.against + self.outrage * (1.0 - state.against)
            if self.week == 2:
                self.note("storms", state, share=state.against)


class Slow(sim.War):
    def fight(self) -> None:
        super().fight()
        kept = {"front": self.front.position}
        self.front.position = kept["front"]


class Thing:
    pass


number = 3
"""
EXPERIMENT = f"""
title = "Outrage"
question = "How far does it go?"
seed = 4
replicates = 50

[scenarios.two]
extends = "{CASE}"
set = {{ weeks = 6 }}

[factors.outrage]
keys = ["own.outrage"]
values = [0.1, 0.5]

[contrasts.more]
a = "two outrage=0.1"
b = "two outrage=0.5"
"""


def forget():
    """Let no module of a test be found again by the next."""
    for name in [name for name in sys.modules if name.startswith(("opinion_of_mine", "broken_"))]:
        del sys.modules[name]
    importlib.invalidate_caches()
    linecache.clearcache()


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a class and an experiment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    Path("opinion_of_mine.py").write_text(OPINION, encoding="utf-8")
    Path("mine.toml").write_text(EXPERIMENT, encoding="utf-8")
    yield tmp_path
    forget()


@pytest.fixture
def call(here, capsys):
    """What a command line gives: status, standard output, standard error."""

    def call(*arguments):
        status = main([str(argument) for argument in arguments])
        caught = capsys.readouterr()
        return status, caught.out, caught.err

    return call


@pytest.fixture
def folder(call):
    """A folder played with the class, which then is gone."""
    assert call("sweep", "mine.toml", *MODEL)[0] == 0
    forget()
    Path("opinion_of_mine.py").rename("elsewhere.txt")
    return Path("results/mine")


def bring_back(text=OPINION):
    Path("opinion_of_mine.py").write_text(text, encoding="utf-8")


def the_json(told):
    status, out, err = told
    assert (status, err) == (0, "")
    return json.loads(out)


# It plays


def test_a_run_is_played_by_the_class_and_says_so_and_how_to_repeat_it(call):
    call("run", CASE, *WEEKS, *MODEL, "-n", 50)  # a new class is held against the open engine, with a line
    told = the_json(call("run", CASE, *WEEKS, "--set", "own.outrage=0.5", *MODEL, "-n", 50, "--json"))
    assert told["engine"] == "compiled (Opinion)"
    assert told["against"]["attacker"]["estimate"] == pytest.approx(1.0 - 0.5**6)
    assert told["command"].endswith("--model opinion_of_mine:Opinion --set weeks=6 --set own.outrage=0.5")


def test_a_case_is_compared_with_itself_with_and_without_the_mechanism(call):
    call("run", CASE, *WEEKS, *MODEL, "-n", 50)
    asked = (CASE, CASE, *WEEKS, "--set", "own.outrage=0.5", *MODEL, "-n", 50, "--json")
    both, one = the_json(call("compare", *asked)), the_json(call("compare", *asked, "--only-b"))
    assert (both["engine"], one["engine"]) == ("compiled (Opinion)", "compiled and compiled (Opinion)")
    assert [one["key"] for one in one["differences"]] == ["own.outrage"]
    assert one["command"].endswith("--only-b")
    assert set(both["against"]) == {"attacker", "defender"}


def test_a_trace_names_events_of_ones_own(call):
    status, out, err = call("trace", CASE, *WEEKS, *MODEL, "--replicate", 3, "--full")
    assert (status, err) == (0, "")
    assert "week 2: Attacker storms" in out.splitlines()
    told = the_json(call("trace", CASE, *WEEKS, *MODEL, "--replicate", 3, "--json"))
    (event,) = [event for event in told["events"] if event["kind"] == "storms" and event["actor"] == "attacker"]
    assert event["share"] == pytest.approx(1.0 - 0.8**2)
    status, out, _ = call("trace", CASE, *WEEKS, *MODEL, "--replicate", 3, "--against", "reference")
    assert status == 0
    assert "sim trace reference --replicate 3 --seed 0 --model opinion_of_mine:Opinion --set weeks=6 --full" in out


def test_values_are_shown_with_origin_unit_and_meaning(call):
    status, out, _ = call("show", CASE, "--set", "own.outrage=0.4", *MODEL, "--explain")
    assert status == 0
    at = next(place for place, line in enumerate(out.splitlines()) if line.startswith("own.outrage = 0.4"))
    assert out.splitlines()[at].endswith("# --set")
    assert out.splitlines()[at + 1] == "    how far a week moves opinion [share]"
    assert the_json(call("show", CASE, *MODEL, "--json"))["model"] == "opinion_of_mine:Opinion"


def test_files_are_validated_for_the_class(call):
    Path("case.toml").write_text(f'extends = "{CASE}"\n[own]\noutrage = 0.4\n', encoding="utf-8")
    status, _, err = call("validate", "case.toml", "mine.toml")
    assert status == 2
    assert [line.partition("; ")[0].partition(" holds")[0] for line in err.splitlines()] == [
        "case.toml:2: [own]",
        "mine.toml:12: factors.outrage: no scenario has own.outrage: unknown key 'own.outrage'",
    ]
    assert call("validate", "case.toml", "mine.toml", *MODEL)[0] == 0
    Path("case.toml").write_text(f'extends = "{CASE}"\n[own]\noutrag = 0.4\n', encoding="utf-8")
    status, _, err = call("validate", "case.toml", *MODEL)
    assert (status, err) == (2, "case.toml:3: unknown key 'outrag'; did you mean 'outrage'?\n")


def test_a_parameter_of_ones_own_is_varied(call):
    status, out, _ = call("vary", CASE, "own.outrage=0:1:3", *WEEKS, *MODEL, "-n", 50, "--out", "varied")
    assert status == 0
    kept = open_folder("varied")
    levels = [kept.result(point.name).columns["against.attacker"][0] for point in kept.points]
    assert levels == pytest.approx([0.0, 1.0 - 0.5**6, 1.0])
    assert 'keys = ["own.outrage"]' in Path("varied.toml").read_text(encoding="utf-8")
    assert "--model opinion_of_mine:Opinion" in out


def test_a_kept_run_comes_out_the_same_again(call):
    assert call("run", CASE, *WEEKS, *MODEL, "-n", 50, "--out", "kept")[0] == 0
    assert open_folder("kept").manifest["engine"] == "compiled"
    assert call("reproduce", "kept", *MODEL)[0] == 0


def test_a_class_that_cannot_be_compiled_is_told_of_in_one_line(call):
    slow = ("--model", "opinion_of_mine:Slow")
    status, out, err = call("run", CASE, *WEEKS, *slow, "-n", 50)
    assert status == 0
    (line,) = err.splitlines()
    assert line.startswith("Slow is played in the open engine, about a hundred times slower: ")
    assert "opinion_of_mine.py:" in line
    assert "open (Slow) engine" in out
    status, _, err = call("run", CASE, *WEEKS, *slow, "-n", 50, "--engine", "compiled")
    assert (status, err.count("\n")) == (2, 1)
    assert "opinion_of_mine.py:" in err
    Path("plain.toml").write_text(EXPERIMENT.partition("[factors")[0], encoding="utf-8")
    status, _, err = call("sweep", "plain.toml", *slow)
    assert (status, err) == (0, f"{line}\n")
    assert open_folder("results/plain").manifest["engine"] == "open"


# What can't be


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (
            "opinion_of_mine",
            "write MODULE:CLASS, as in opinion:PublicOpinion for the class PublicOpinion in opinion.py",
        ),
        (":Opinion", "write MODULE:CLASS"),
        ("opinion_of_mine:", "write MODULE:CLASS"),
        ("..above:Opinion", "write MODULE:CLASS"),
        ("opinion_of_mine.py:Opinion", "name the module, not its file: opinion_of_mine:Opinion"),
        ("below/opinion_of_mine:Opinion", "name the module, not its file: opinion_of_mine:Opinion"),
        ("nowhere_at_all:Opinion", "there is no module 'nowhere_at_all' in "),
        ("opinion_of_mine:Opinon", "opinion_of_mine has no class 'Opinon'; did you mean 'Opinion'?"),
        ("opinion_of_mine:Thing", "is not a subclass of sim.War"),
        ("opinion_of_mine:State", "is not a subclass of sim.War"),
        ("opinion_of_mine:number", "is a int, not a subclass of sim.War"),
        ("opinion_of_mine:Opinion.cast", "is a dict, not a subclass of sim.War"),
        ("broken_division:X", "broken_division.py:2: ZeroDivisionError: division by zero (while it was imported)"),
        ("broken_syntax:X", "broken_syntax.py:1: SyntaxError: "),
        (
            "broken_import:X",
            "broken_import.py:1: ModuleNotFoundError: No module named 'nonesuch' (while it was imported)",
        ),
        ("broken_exit:X", "broken_exit.py:1: SystemExit: 3 (while it was imported)"),
        ("broken_name:X", "X.weeks: a War has something of this name"),
    ],
)
def test_a_class_that_cannot_be_had_is_told_of_with_place_and_remedy(call, named, message):
    Path("broken_division.py").write_text("import sim\nx = 1 / 0\n", encoding="utf-8")
    Path("broken_syntax.py").write_text("class X(:\n", encoding="utf-8")
    Path("broken_import.py").write_text("import nonesuch\n", encoding="utf-8")
    Path("broken_exit.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    Path("broken_name.py").write_text(
        "import sim\nfrom sim import own\nclass X(sim.War):\n    weeks: int = own.variable('w', 'weeks', (0, 1))\n",
        encoding="utf-8",
    )
    for command in (("run", CASE), ("sweep", "mine.toml")):
        status, out, err = call(*command, "--model", named)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"--model {named}: ")
        assert message in err
    assert not Path("results").exists()


# Folders


def test_a_folder_keeps_the_class_as_plain_data_and_is_read_without_it(call, folder, capsys):
    stored = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert stored["model"]["name"] == "opinion_of_mine:Opinion"
    assert stored["model"]["source"] == OPINION
    assert "model" not in stored["scenarios"]["two"]
    assert the_json(call("status", folder, "--json"))["model"].startswith("opinion_of_mine:Opinion ")
    assert call("export", folder, "--csv")[0] == 0
    assert "against.attacker" in (folder / "export" / "columns.csv").read_text(encoding="utf-8")
    assert call("report", folder)[0] == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "public against &lt;talks&gt; at the end" in page
    assert stored["model"]["fingerprint"] in page
    assert re.search(r"sim trace \S+ --replicate \d+ --seed \d+ --model opinion_of_mine:Opinion", page)
    result = open_folder(folder).result("two outrage=0.5")
    assert result.engine == "compiled (Opinion)"
    assert result.summary()["against"]["attacker"]["estimate"] == pytest.approx(1.0 - 0.5**6)
    assert "opinion_of_mine" not in sys.modules


@pytest.mark.parametrize("words", [("--extend", "replicates=60"), ("--resume",), ("--dry-run",)])
def test_who_goes_on_names_the_class_again(call, folder, words):
    status, _, err = call("sweep", folder, *words)
    assert status == 2
    assert (
        "its model opinion_of_mine:Opinion is not at hand: name the class with --model opinion_of_mine:Opinion" in err
    )
    assert "opinion_of_mine" not in sys.modules
    bring_back()
    assert call("sweep", folder, *words, *MODEL)[0] == 0


def test_more_replicates_are_played_by_the_same_class(call, folder):
    bring_back(f"# moved\n\n{OPINION}")  # a comment decides nothing
    status, out, _ = call("sweep", folder, "--extend", "replicates=60", *MODEL)
    assert status == 0
    assert "Repeat with: sim sweep mine.toml --model opinion_of_mine:Opinion -n 60" in out
    assert len(open_folder(folder).result("two outrage=0.5")) == 60
    assert call("sweep", "mine.toml", "--resume", *MODEL)[0] == 0


def test_two_versions_of_a_class_never_mix_in_one_folder(call, folder):
    bring_back(OPINION.replace("1.0 - state.against", "0.9 - state.against"))
    for words in (
        ("sweep", folder, "--extend", "replicates=60"),
        ("sweep", "mine.toml", "--resume"),
        ("reproduce", folder),
    ):
        status, _, err = call(*words, *MODEL)
        assert status == 2
        assert "two versions never mix in one folder" in err
    assert len(open_folder(folder).result("two outrage=0.5")) == 50


def test_a_folder_of_our_model_takes_no_class(call):
    Path("plain.toml").write_text(EXPERIMENT.partition("[factors")[0], encoding="utf-8")
    assert call("sweep", "plain.toml")[0] == 0
    status, _, err = call("sweep", "results/plain", "--extend", "replicates=60", *MODEL)
    assert status == 2
    assert "was played by our model: leave --model out" in err


def test_a_folder_is_reproduced_by_its_class_or_without_it_by_the_module_it_keeps(call, folder):
    status, out, _ = call("reproduce", folder)
    same, module, _ = out.splitlines()
    assert (status, same) == (0, "All 100 replicates came out the same, bit by bit")
    assert module.startswith("Played by the module that the folder keeps (model ")
    assert module.endswith(", opinion_of_mine:Opinion)")
    assert "opinion_of_mine" not in sys.modules
    bring_back()
    status, out, _ = call("reproduce", folder, *MODEL)
    assert (status, out.splitlines()[0]) == (0, "All 100 replicates came out the same, bit by bit")


def test_a_worker_imports_the_class_by_its_name_and_says_if_it_has_none(call, folder):
    here = open_folder(folder)
    (job,) = jobs_of(here, [Range(0, 0, 4)])
    sent = job._replace(model="opinion_of_mine:Opinion")
    with pytest.raises(SimError, match=r"has no opinion_of_mine:Opinion \(No module named .opinion_of_mine.\): put"):
        play_job(sent)
    bring_back()
    played = play_job(sent).columns
    assert list(played["replicate"]) == [0, 1, 2, 3]
    assert list(played["against.attacker"]) == list(here.result("two outrage=0.1").columns["against.attacker"][:4])
    named = job._replace(model=importlib.import_module("opinion_of_mine").Opinion).sent()
    assert play_jobs([named]) == play_jobs([sent])
    with pytest.raises(SimError, match="a worker has no opinion_of_mine:Other"):
        play_job(job._replace(model="opinion_of_mine:Other"))


def test_a_worker_with_another_version_of_the_class_plays_nothing(call, folder):
    bring_back()
    assert call("status", folder)[0] == 0
    (job,) = jobs_of(open_folder(folder), [Range(0, 0, 1)])
    bring_back(OPINION.replace("1.0 - state.against", "0.9 - state.against"))
    other = importlib.import_module("opinion_of_mine").Opinion
    with pytest.raises(ScenarioError, match="was loaded for another version of opinion_of_mine:Opinion"):
        play_job(job._replace(model=other))
    with pytest.raises(ScenarioError, match="two classes do not combine"):
        with_class(open_folder(folder).points[0].scenario, importlib.import_module("opinion_of_mine").Slow)
