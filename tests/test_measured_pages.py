"""The pages of measured numbers are of this model, and say what it gives."""

import re

import pytest

from docs.tables import answers, calibration, ledger, question
from docs.tables.answers import DOCS, MEASURED, fingerprint, page_with_answer
from sim.cli import main
from sim.rules.outcomes import OUTCOMES
from sim.study.design.experiments import load_experiment
from sim.study.play.contrasts import compare
from sim.study.play.replicates import run
from sim.study.store.folder import open_folder
from sim.version import model_version

PAGES = {
    "ablation": f"`sim sweep ablation`, then `{answers.COMMAND}`",
    "calibration": f"`{calibration.COMMAND}`",
    "ledger": f"`sim sweep claims`, then `{ledger.COMMAND}`",
    "question": f"`sim sweep inclusion-by-misrepresentation`, then `{question.COMMAND}`",
    "outcomes": f"`sim sweep outcomes`, then `{answers.COMMAND}`",
}
ANSWERS = ("ablation", "outcomes")
VERSION = re.compile(r"model\s+version\s+`([^`]+)`")
NUMBER = re.compile(r"[+-]\d\.\d+")


def page(name):
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def cells(text):
    """The cells of the rows of a page's measured table, its heading first."""
    lines = [line for line in MEASURED.search(text)[0].splitlines() if line.startswith("| ") and "---" not in line]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_measured_numbers_is_of_this_version_of_the_model(name):
    versions = set(VERSION.findall(page(name)))
    assert versions == {model_version()}, f"docs/{name}.md is of model {versions}: run {PAGES[name]}"


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answers_page_is_of_the_scenarios_as_they_are(name):
    digest = fingerprint(load_experiment(name))
    assert f"scenarios `{digest}`" in page(name), f"a scenario of {name} is another now: run {PAGES[name]}"


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answers_page_is_written_from_a_folder_with_the_same_rows(name, tmp_path, capsys):
    assert main(["sweep", name, "-n", "20", "--out", str(tmp_path / "results")]) == 0
    text = page_with_answer(page(name), open_folder(tmp_path / "results"))
    labels = 2 if name == "ablation" else 1  # the name, and what is set
    assert [row[:labels] for row in cells(text)] == [row[:labels] for row in cells(page(name))]
    assert "\n20 replicates of each scenario" in text
    assert MEASURED.sub("", text) == MEASURED.sub("", page(name))


def test_a_few_replicates_give_the_effect_of_the_channel_as_the_page_says():
    """Five standard errors of 200 fixed pairs, so a true page fails here with probability below 1 in 100,000."""
    experiment = load_experiment("ablation")
    scenarios = (experiment.scenarios[label] for label in experiment.contrasts["channel"])
    contrast = compare(*scenarios, 200, experiment.seed)
    [stated] = [row[2:] for row in cells(page("ablation")) if row[0] == "channel"]
    for column, words in zip(experiment.outcomes, stated, strict=True):
        change = contrast.effect(column).interval()
        standard_error = (change.high - change.low) / 3.92
        assert abs(change.estimate - float(NUMBER.findall(words)[0])) <= 5 * standard_error + 1e-4


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_occurs_in_the_scenario_made_for_it_as_often_as_the_page_says(outcome):
    """Five standard deviations of 16 fixed replicates: that a true page fails here has probability below 1 in 1,000."""
    heading, *rows = cells(page("outcomes"))
    [row] = [row for row in rows if row[0] == f"`{outcome}`"]
    share = float(row[heading.index(f"`{outcome}`")]) / 100
    assert share >= 0.01
    experiment = load_experiment("outcomes")
    seen = run(experiment.scenarios[outcome], 16, experiment.seed).outcomes[outcome].estimate
    assert seen > 0
    assert abs(seen - share) <= 5 * (share * (1 - share) / 16) ** 0.5


def test_the_page_of_outcomes_explains_every_outcome():
    assert re.findall(r"^\| `(\w+)` \| [a-z]", page("outcomes"), re.MULTILINE) == list(OUTCOMES)


def test_the_page_of_the_question_has_a_row_for_every_point_of_its_experiment(tmp_path, capsys):
    assert main(["sweep", question.EXPERIMENT, "-n", "2", "--out", str(tmp_path / "results")]) == 0
    folder = open_folder(tmp_path / "results")
    text = question.page(folder)
    rows = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    assert len(rows) == len(folder.points) + 1
    assert [row.split("|")[1:3] for row in rows] == [
        row.split("|")[1:3] for row in question.question().splitlines() if "---" not in row
    ]


def test_the_demo_the_picture_and_the_page_of_the_ledger_are_of_one_result():
    experiment = load_experiment("claims")
    root = DOCS.parent
    demo = (root / "Makefile").read_text(encoding="utf-8").partition("\ndemo: setup")[2].partition("\n\n")[0]
    assert re.findall(r"sweep claims .*replicates=(\d+)", demo) == [str(experiment.replicates)]
    assert '["sweep", "claims", "--out"' in (DOCS / "picture.py").read_text(encoding="utf-8")
    assert f"{experiment.replicates:,} replicates of each scenario, seed {experiment.seed:,}" in page("ledger")


def test_a_few_replicates_give_what_the_page_of_the_question_says():
    """Five standard errors of 200 fixed replicates: a true page fails here with probability below 1 in 100,000."""
    experiment = load_experiment(question.EXPERIMENT)
    row = next(line for line in page("question").splitlines() if line.startswith("| none | at the table |"))
    success, trust = (float(re.search(r"(\d+\.\d+)", cell)[1]) for cell in row.split("|")[3:5])
    [point] = [point for point in experiment.points if point.name == "none ukraine=seated"]
    result = run(point.scenario, 200, experiment.seed)
    share = success / 100
    assert abs(result.success.estimate - share) <= 5 * (share * (1 - share) / 200) ** 0.5
    values = result.columns["trust.ukraine.united_states"]
    assert abs(values.mean() - trust) <= 5 * values.std() / 200**0.5 + 0.001


def test_the_readme_says_of_the_question_what_its_table_shows():
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in question.question().splitlines()[2:]]
    told = {(row[0], row[1]): [float(re.match(r"-?\d+\.\d+", cell)[0]) for cell in row[2:]] for row in rows}
    seated = {name: told[name, "at the table"] for name in question.CHANNELS.values()}
    alone, worse = seated["honest, in Moscow alone"], seated["misrepresenting, in Moscow alone"]
    for place in (0, 1):  # success, trust: each lower in turn; a call in Kyiv undoes most of it
        assert seated["none"][place] > alone[place] > worse[place]
        undone = seated["misrepresenting, also in Kyiv"][place] - worse[place]
        assert undone > (seated["none"][place] - worse[place]) / 2
    for name in question.CHANNELS.values():
        kept_out, overruled = told[name, "kept out, can refuse"], told[name, "kept out, can be overruled"]
        assert kept_out[0] < seated[name][0] / 2 < seated[name][0] < overruled[0]
        assert overruled[2] < 0.0 <= seated[name][2]
