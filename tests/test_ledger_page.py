"""The page of the ledger says what the model says."""

import re
from dataclasses import replace

import pytest

from docs.tables.ledger import PAGE
from sim.study.claims.verdicts import ledger, play_now
from sim.study.design.experiments import load_experiment

FEW = 200
CHECKED = ("denial-limits-damage", "secrecy-broken")
ROW = re.compile(r"^\| ([\w ]+) \| `.+ \| (\S+) \((\S+) to (\S+)\) \| .+ \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def text():
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def experiment():
    return load_experiment("claims")


def test_the_page_has_every_claim_once_with_every_row(text, experiment):
    assert re.findall(r"\(`([\w.-]+)`\)", text) == list(experiment.claims)
    parts = text.partition("## Rows")[2].split("\n### ")[1:]
    assert len(parts) == len(experiment.claims)
    for part, claim in zip(parts, experiment.claims.values(), strict=True):
        assert part.startswith(claim.claim)
        assert [found[1] for found in ROW.finditer(part)] == [row.name.replace("_", " ") for row in claim.rows]


def test_the_readme_counts_the_claims_as_they_are(experiment):
    assert len(experiment.claims) == 19
    assert "Nineteen claims" in (PAGE.parents[1] / "README.md").read_text(encoding="utf-8")


def test_a_few_replicates_give_what_the_page_says(text, experiment):
    """Five standard errors, of both, of three effects: a true page fails with probability below 1 in 100,000."""
    few = replace(experiment, claims={name: experiment.claims[name] for name in CHECKED})
    for one in ledger(play_now(few, FEW, None, lambda done, asked: None)):
        part = text.partition(f"### {one.claim}\n")[2].partition("\n### ")[0]
        written = {found[1]: [float(found[place]) for place in (2, 3, 4)] for found in ROW.finditer(part)}
        for row in one.rows:
            told, low, high = written[row.name.replace("_", " ")]
            error = (row.effect.high - row.effect.low) / 3.92 + (high - low) / 3.92
            assert abs(row.effect.estimate - told) <= 5 * error, row.name
