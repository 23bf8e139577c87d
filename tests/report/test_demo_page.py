"""The page of the demonstration: self-contained, escaped, and titled by what it found."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

import sim
from sim.report.demo_page import finding, page
from sim.report.intervals import Mark, Panel, figure, scale
from sim.study.contrasts import compare, contrast

VOID = {"meta", "circle", "line", "rect", "polygon", "br"}


class Reader(HTMLParser):
    """Checks that elements are closed in order, and keeps what a page refers to."""

    def __init__(self):
        super().__init__()
        self.open, self.addresses, self.ids = [], [], []

    def handle_starttag(self, tag, attributes):
        self.addresses += [value for name, value in attributes if name in ("src", "href", "action", "data")]
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def seat():
    return compare(sim.load("reference"), sim.load("ukraine-kept-out"), 8, seed=0)


@pytest.fixture(scope="module")
def written(seat):
    return page(seat, "sim demo -n 8")


def with_success(result, shares):
    """The result with success in so many of 40 replicates."""
    columns = {name: np.resize(values, 40) for name, values in result.columns.items()}
    columns["replicate"] = np.arange(40)
    columns["success"] = (np.arange(40) < shares).astype(float)
    return replace(result, columns=columns, asked=40)


def test_the_page_is_whole_and_needs_no_network(written):
    reader = Reader()
    reader.feed(written)
    assert reader.open == []
    assert reader.addresses == []
    assert len(reader.ids) == len(set(reader.ids))
    assert not re.search(r"https?:|@import|url\(|<script", written)


def test_the_page_is_for_phones_laptops_paper_and_the_dark(written):
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in written
    assert "prefers-color-scheme: dark" in written
    assert "@media print" in written
    assert '<html lang="en">' in written


def test_the_figure_has_a_text_alternative(written):
    assert re.search(r'<svg [^>]*role="img" aria-labelledby="success-title success-description"', written)
    assert re.search(r"<desc [^>]*>An agreement held in ", written)


def test_the_page_says_that_it_forecasts_nothing_and_how_to_make_it_again(written):
    assert "explores consequences of stated assumptions. It forecasts nothing." in written
    assert "<code>sim demo -n 8</code>" in written
    assert sim.MODEL_VERSION in written


def test_the_title_states_the_finding(seat):
    worse = contrast(with_success(seat.a, 30), with_success(seat.b, 10))
    assert finding(worse) == (
        "Keeping Ukraine out of the talks lowers the chance of a lasting peace from 75\N{NO-BREAK SPACE}% to "
        "25\N{NO-BREAK SPACE}%"
    )
    better = contrast(with_success(seat.a, 10), with_success(seat.b, 30))
    assert "raises the chance of a lasting peace" in finding(better)
    same = contrast(with_success(seat.a, 10), with_success(seat.b, 10))
    assert finding(same).startswith("40 simulated wars do not settle whether")


def test_what_a_file_says_is_escaped(seat):
    odd = replace(seat.b, scenario=replace(seat.b.scenario, name="<script>alert(1)</script>"))
    written = page(contrast(seat.a, odd), "sim demo <b>")
    assert "<script" not in written
    assert "sim demo &lt;b&gt;" in written


def test_an_axis_holds_every_interval_and_zero():
    marks = [Mark("a", "", -0.31, -0.2, -0.12, "circle", "with"), Mark("b", "", -0.05, 0.0, 0.02, "square", "both")]
    low, high, step = scale(Panel(marks, ""))
    assert low <= -0.31
    assert high >= 0.02
    assert step in (0.05, 0.1)
    assert scale(Panel([Mark("a", "", 0.0, 0.0, 0.0, "circle", "with")], ""))[2] > 0.0


def test_a_figure_escapes_its_texts():
    mark = Mark("<a>", "<b>", 0.1, 0.2, 0.3, "diamond", "both")
    drawn = figure("one", "<t>", "<d>", [Panel([mark], "<c>", signed=True)])
    assert not re.search(r"<[abcd]>|<t>", drawn)
