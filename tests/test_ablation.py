"""The page of ablations is of this model, and switches off what it says it does."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from docs.tables import ablation
from docs.tables.ablation import FIGURE, PAGE, written
from docs.tables.effects import SEED, TRUST, bench
from docs.tables.mechanisms import CASE, ENVOYS, FROZEN, MECHANISMS, OF_THOSE_KEPT_OUT, PARTS, Mechanism
from docs.tables.statements import STATEMENTS
from sim.scenario.load import load
from sim.study.play.replicates import run
from sim.version import model_version

FEW = 41
SOME = 200
ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NUMBER = re.compile(r"[+-]\d\.\d+")
BY_NAME = {one.name: one for one in MECHANISMS}


@pytest.fixture(scope="module")
def text():
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def base():
    return load(CASE)


def quiet(line):
    """Tell nobody."""


def rows(text):
    """The rows of a page: the mechanism, its change in S, its change in T, and where S changed."""
    return [found.groups() for found in ROW.finditer(text) if found[1] not in ("switched off", "---")]


# The page


def test_the_page_was_written_by_this_model(text, base):
    [version] = re.findall(r"model version `([^`]+)`", text)
    assert version == model_version(), f"docs/ablation.md is of model {version}: run `{ablation.COMMAND}`"
    [fingerprint] = re.findall(r"fingerprint `(\w+)`", text)
    assert base.fingerprint.startswith(fingerprint), f"{CASE} is another now: run `{ablation.COMMAND}`"


def test_the_page_has_every_mechanism_and_every_statement(text):
    assert [name for name, *_ in rows(text)] == [one.name for one in (*MECHANISMS, *OF_THOSE_KEPT_OUT)]
    assert all(f"*{statement}*" in text for statement in STATEMENTS)


def test_a_row_of_the_page_comes_out_again_with_fewer_replicates(text, base):
    """Five standard errors of 200 fixed pairs, so a true page fails here with probability below 1 in 100,000."""
    said = {name: (success, trust) for name, success, trust, _ in rows(text)}
    found = bench(SOME, quiet).without(BY_NAME["the whole channel"])
    for one, words in zip((found.success, found.trust), said["the whole channel"], strict=True):
        standard_error = (one.high - one.low) / 3.92
        assert abs(one.estimate - float(NUMBER.findall(words)[0])) <= 5 * standard_error + 1e-4


def test_the_figure_shows_what_the_page_says_changes(text):
    changed = [name for name, success, *_ in rows(text)[: len(MECHANISMS)] if success != "exactly 0"]
    tree = ElementTree.fromstring(FIGURE.read_text(encoding="utf-8"))
    words = {node.text for node in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert set(changed) <= words
    assert not words & {one.name for one in MECHANISMS} - set(changed)
    dots = len(list(tree.iter("{http://www.w3.org/2000/svg}circle")))
    assert dots == 2 * len(changed) - sum(BY_NAME[name].sets_trust for name in changed)


def test_the_page_can_be_written_anew(monkeypatch):
    chosen = tuple(BY_NAME[name] for name in ("exposure", "aspiration", "grievance"))
    monkeypatch.setattr(ablation, "MECHANISMS", chosen)
    monkeypatch.setattr(ablation, "STATEMENTS", dict(list(STATEMENTS.items())[:1]))
    page, picture = written(FEW, quiet)
    assert [name for name, *_ in rows(page)] == [
        *(one.name for one in chosen),
        *(one.name for one in OF_THOSE_KEPT_OUT),
    ]
    assert f"model version `{model_version()}`" in page
    assert ElementTree.fromstring(picture).tag.endswith("svg")


# The mechanisms


def test_mechanisms_are_told_apart_by_name():
    assert len(BY_NAME) == len(MECHANISMS) == sum(map(len, PARTS.values()))


@pytest.mark.parametrize("one", [one for one in MECHANISMS if one.scenario == CASE], ids=lambda one: one.name)
def test_switching_a_mechanism_off_changes_what_is_declared_and_its_twins(one, base):
    changed = {key for key, _, _ in one.switched_off(base).differences(base)}
    twins = {key for key in changed - set(one.values) if key.rpartition(".")[2].startswith("believed_")}
    assert changed - twins <= set(one.values)
    assert changed


@pytest.mark.parametrize("one", MECHANISMS, ids=lambda one: one.name)
def test_both_envoys_are_changed_together(one):
    per_envoy = [
        {key.rpartition(".")[2]: value for key, value in one.values.items() if key.startswith(f"officials.{envoy}.")}
        for envoy in ENVOYS
    ]
    assert per_envoy[0] == per_envoy[1]


def test_a_channel_whose_news_are_no_news_moves_no_trust(base):
    frozen = run(base.with_values(FROZEN), SOME, SEED)
    unsigned = frozen.columns["agreements"] == 0.0
    assert unsigned.sum() > 20
    np.testing.assert_allclose(frozen.columns[TRUST][unsigned], 0.63, rtol=1e-9)


@pytest.mark.parametrize("name", ["grievance", "fait accompli", "spoiling"])
def test_nothing_about_states_kept_out_matters_where_none_is(name):
    assert not bench(FEW, quiet).without(BY_NAME[name]).touched


def test_what_is_set_is_told_once_for_all_entries():
    one = Mechanism("x", "y", {"states.a.ratifies": False, "states.b.ratifies": False, "front.sd": 0.0})
    assert one.told() == "`ratifies` false, `sd` 0"
