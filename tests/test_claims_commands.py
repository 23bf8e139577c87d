"""The ledger and precision on the command line."""

import json
import re
import shlex
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.study.play.precision import run_until

FILE = """\
title = "One claim"
question = "Is a seat worth anything?"
seed = 1000
replicates = 60

[scenarios.seated]
extends = "reference"

[scenarios.kept_out]
extends = "ukraine-kept-out"

[claims.a-seat-matters]
claim = "A seat at the table matters"

[claims.a-seat-matters.rows.success]
points = ["seated", "kept_out"]
outcome = "success"
direction = "lower"
placebo = "seated"

[claims.a-seat-matters.rows.trust]
points = ["seated", "kept_out"]
outcome = "trust.ukraine.united_states"
direction = "lower"
"""


@pytest.fixture
def call(capsys, tmp_path, monkeypatch):
    """What a command line gives: status, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(FILE, encoding="utf-8")

    def call(*arguments):
        status = main([str(argument) for argument in arguments])
        caught = capsys.readouterr()
        return status, caught.out, caught.err

    return call


def test_the_ledger_of_an_experiment_is_that_of_its_folder(call):
    assert call("sweep", "mine.toml", "--out", "folder")[0] == 0
    status, kept, err = call("claims", "folder", "--explain")
    assert (status, err) == (0, "")
    now = call("claims", "mine.toml", "-n", "60", "--explain")[1]
    assert kept.splitlines()[:-1] == now.splitlines()[:-1]
    assert max(map(len, kept.splitlines())) <= 80
    assert "\x1b" not in kept
    assert "nan" not in kept


def test_the_ledger_is_repeated_by_the_command_it_ends_with(call):
    _, out, _ = call("claims", "mine.toml", "-n", "50")
    last = out.splitlines()[-1]
    assert last == "Repeat with: sim claims mine.toml -n 50"
    assert call(*shlex.split(last.removeprefix("Repeat with: "))[1:])[1] == out


def test_the_ledger_as_json_has_every_row(call):
    status, out, _ = call("claims", "mine.toml", "-n", "50", "--json")
    told = json.loads(out)
    assert status == 0
    assert told["claims"][0]["id"] == "a-seat-matters"
    assert [row["name"] for row in told["claims"][0]["rows"]] == ["success", "trust"]
    assert {"within", "missed", "futile", "moved", "placebo"} == set(told["claims"][0]["rows"][0]["beside"])


def test_an_experiment_without_claims_is_told_so(call):
    status, _, err = call("claims", "a-seat-at-the-table")
    assert status == 1
    assert "makes no claims" in err


def test_a_run_to_a_precision_says_how_far_it_got(call):
    status, out, err = call("run", "reference", "--precision", "0.05", "--seed", "2")
    assert (status, err) == (0, "")
    assert "precise enough" in out
    assert out.splitlines()[-1] == "Repeat with: sim run reference --precision 0.05 --budget 1000000 --seed 2"
    told = json.loads(call("run", "reference", "--precision", "0.05", "--seed", "2", "--json")[1])
    reached = run_until(0.05, [sim.load("reference")], seed=2)
    assert told["precision"]["replicates"] == reached.look.replicates == told["replicates"]
    assert (told["precision"]["low"], told["precision"]["high"]) == (reached.estimate.low, reached.estimate.high)


def test_a_budget_that_is_too_small_is_status_1_with_the_answer_so_far(call):
    status, out, _ = call("compare", "reference", "ukraine-kept-out", "--precision", "0.001", "--budget", "100")
    assert status == 1
    assert "the budget is spent" in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "reference", "--precision", "0"], "0 lies outside 0..0.5"),
        (["run", "reference", "--precision", "wide"], "'wide' is not a number"),
        (["compare", "reference", "track-1.5-exposed", "--precision", "0.01", "--budget", "0"], "0 lies outside 1.."),
        (["claims", "nowhere"], "neither a shipped experiment nor a file"),
    ],
)
def test_a_wrong_usage_is_one_line_and_status_2(call, arguments, said):
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


SPACE = """\
title = "What matters"
question = "What matters?"
design = "space"
places = 12
seed = 1000
replicates = 20

[scenarios.none]
extends = "reference"

[factors.betrayal]
keys = ["states.ukraine.betrayal"]

[factors.deterrence]
keys = ["states.ukraine.deterrence"]
"""


def test_of_a_space_it_says_how_much_each_parameter_explains_chance_first(call):
    Path("space.toml").write_text(SPACE, encoding="utf-8")
    status, out, _ = call("sweep", "space.toml", "--out", "space")
    assert (status, "How much each parameter explains: sim claims space --explain" in out) == (0, True)
    status, out, err = call("claims", "space", "--explain")
    assert (status, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    said = " ".join(out.split())
    assert re.search(r"success, none: \S+ \(95 % CI \S+ to \S+\) of its variance is chance alone\.", said)
    assert "Cannot be told from chance at 12 places: 2 of 2 parameters." in said
    assert out.splitlines()[-1] == "Repeat with: sim claims space"
    (answer,) = json.loads(call("claims", "space", "--json")[1])["explained"]
    assert (answer["outcome"], answer["points"], answer["places"]) == ("success", ["none"], 12)
    assert {one["name"] for one in answer["influences"]} == {"betrayal", "deterrence"}


def test_the_command_that_told_it_names_the_one_that_does(call):
    status, out, err = call("sensitivity", "space")
    assert (status, out) == (2, "")
    assert "there is no 'sensitivity'; it is now claims (sim claims FOLDER --explain;" in err


def test_a_folder_with_neither_claims_nor_places_is_refused(call):
    call("sweep", "a-seat-at-the-table", "--out", "folder", "-n", "3")
    status, _, err = call("claims", "folder")
    assert status == 1
    assert "makes no claims" in err


def test_the_ledger_says_what_it_plays_and_how_long_that_takes_and_shows_each_tenth(call):
    status, _, told = call("claims", "mine.toml", "-n", "60", "--brief")
    assert status == 0
    first, *rest = told.splitlines()
    assert re.fullmatch(r"Playing \d scenarios, 60 replicates each: about \d+ s", first)
    assert 1 <= len(rest) <= 10
    assert all(" replicates, " in line for line in rest)
