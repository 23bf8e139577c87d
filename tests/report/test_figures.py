"""Figures: titles state what the data show, axes are round, text stays text, data come as they are."""

import csv
import dataclasses
import io
import math

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report import numbers, palette
from sim.report.figures import axes, discovery, estimates, factors, heat, ledger, sensitivity, spaces, twofold
from sim.report.figures.axes import axis
from sim.report.figures.frame import NARROW, WIDE
from sim.report.figures.labelled import Labelled
from sim.report.figures.lettering import apart, plain, shortened, wrapped
from sim.report.tables import Table
from sim.study.play.contrasts import SharesMoved
from sim.study.statistics.estimates import Estimate, wilson
from tests.report import gallery

LOOK = palette.looks(["a", "b", "c"])
EXHIBITS = gallery.all_exhibits()


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda one: one.name)
@pytest.mark.parametrize("room", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_figure_is_plotlys_and_carries_its_finding(exhibit, room):
    figure = exhibit.draw(room)
    assert isinstance(figure, go.Figure)
    words = "".join(plain(exhibit.title).split())
    assert "".join(figure.layout.title.text.replace("<br>", "").split()) == words
    assert len(exhibit.said) > 20
    assert exhibit.caption
    assert exhibit.table.rows


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda one: one.name)
def test_every_colour_of_a_figure_has_a_twin_in_the_dark(exhibit):
    known = {*palette.in_the_dark(), "rgba(0,0,0,0)"}
    assert colours(exhibit.draw(WIDE).to_plotly_json()) - known == set()


def colours(part):
    """Every colour anywhere in a figure."""
    if isinstance(part, dict):
        return set().union(*(colours(one) for one in part.values()))
    if isinstance(part, list | tuple):
        return set().union(*(colours(one) for one in part))
    return {part} if isinstance(part, str) and part.startswith(("#", "rgb")) else set()


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda one: one.name)
def test_data_are_read_back_from_csv_as_they_are(exhibit):
    rows = list(csv.reader(io.StringIO(exhibit.table.csv().removeprefix("\ufeff"))))
    assert len(rows) == len(exhibit.table.rows) + 1
    assert {len(row) for row in rows} == {len(exhibit.table.columns)}
    for told, row in zip(rows[1:], exhibit.table.rows, strict=True):
        for text, value in zip(told, row, strict=True):
            if isinstance(value, float):
                assert text == "" if math.isnan(value) else float(text) == pytest.approx(value, rel=1e-4)


def test_text_in_csv_is_no_formula_and_quoted_where_it_must_be():
    table = Table(("a,b", "c"), [("=1+1", 1), ('say "x", y', None), ("two\nlines", 0.123456789)])
    assert table.csv() == '\ufeff"a,b",c\n\'=1+1,1\n"say ""x"", y",\ntwo lines,0.12346\n'


def share(count, look="a"):
    return Labelled(look, LOOK[look], wilson(count, 1000))


def test_the_title_of_shares_names_best_and_worst_only_where_they_are_apart():
    assert estimates.success([share(400), share(100, "b")]).title == (
        "Success is likeliest with “a” (40.0\N{NO-BREAK SPACE}%) and rarest with “b” (10.0\N{NO-BREAK SPACE}%)"
    )
    assert estimates.success([share(400), share(410, "b")]).title.endswith("(“b”), whose own intervals overlap")
    tie = "An agreement holds in 40.0\N{NO-BREAK SPACE}% of replicates in each scenario alike"
    assert estimates.success([share(400), share(400, "b")]).title == tie
    assert estimates.success([share(400)]).title == "An agreement holds in 40.0\N{NO-BREAK SPACE}% of replicates"


def test_what_ties_is_told_as_a_tie_in_every_title():
    alike = [share(400), share(400, "b"), share(100, "c")]
    assert estimates.success(alike).title.startswith("Success is likeliest with “a” and “b” (40.0")
    assert estimates.success([share(400), *(share(395, look) for look in "bc")]).title.startswith(
        "Success lies between 39.5"
    )
    moves = [
        Labelled(name, LOOK["a"], effect(size, 0.02).found)
        for name, size in (("up", 0.1), ("down", -0.1), ("less", 0.05))
    ]
    assert estimates.changes(moves).title == "“up” and “down” move success most, by 10.0 percentage points"
    assert estimates.changes([moves[0], Labelled("too", LOOK["a"], moves[0].found)]).title == (
        "“up” and “too” raise success most, by 10.0 percentage points"
    )
    steep = {0.0: wilson(100, 1000), 1.0: wilson(310, 1000)}
    lines = [Labelled(name, LOOK[name], steep) for name in "ab"]
    title = factors.exhibit("along", "candour", lines).title
    assert title == "Success depends on candour most, and alike, in “a” and “b”"
    flat = Labelled("a", LOOK["a"], {(x, y): wilson(150, 1000) for x in (0.0, 1.0) for y in (0.0, 1.0)})
    assert heat.exhibit(("candour", "shading"), [flat]).title == "Success is 15.0\N{NO-BREAK SPACE}% everywhere"
    index = [sensitivity.Index(name, Estimate(0.41, 0.3, 0.5, 512), True) for name in ("cost", "candour")]
    assert sensitivity.title(sensitivity.Study("success", Estimate(0.6, 0.5, 0.7, 512), 0), index) == (
        "Success depends most on candour and cost: 0.41 each"
    )
    nothing = Labelled("same", LOOK["a"], SharesMoved(0.0, 0.0, (0.0, 0.0), (0.0, 0.0), wilson(0, 10)))
    assert estimates.moved([nothing, nothing]).title == "No change costs a replicate its peace"
    ends = {"success": wilson(0, 1000), "impasse": wilson(500, 1000), "vetoed": wilson(500, 1000)}
    assert "ends without success, each in up to 50.0" in estimates.endings([Labelled("a", LOOK["a"], ends)]).title


def test_of_many_that_tie_the_first_few_are_named_and_the_others_counted():
    assert estimates.success([share(400, "a"), *(share(100, "b") for _ in range(5))]).title.endswith(
        "rarest with “b”, “b”, “b” and 2 others (10.0\N{NO-BREAK SPACE}%)"
    )


def effect(difference, half):
    change = Estimate(difference, difference - half, difference + half, 1000)
    return Labelled("a change", LOOK["a"], change)


def test_the_title_of_differences_names_the_largest_and_counts_what_is_not_told():
    assert estimates.changes([effect(-0.237, 0.02), effect(0.01, 0.02)]).title == (
        "“a change” lowers success most, by 23.7 percentage points; 1 of 2 contrasts cannot be told from zero"
    )
    assert estimates.changes([effect(0.1, 0.02)]).title.startswith("“a change” raises success most, by 10.0")
    assert estimates.changes([effect(0.01, 0.02)]).title == "No change of success can be told from zero"


def test_a_difference_that_is_not_told_from_zero_is_hollow():
    told, untold = estimates.changes([effect(-0.2, 0.02), effect(0.01, 0.02)]).draw(WIDE).data
    assert told.marker.color == LOOK["a"].colour
    assert untold.marker.color == palette.PAPER.light


def test_the_ledger_counts_verdicts_and_turns_effects_to_the_claims_side():
    claims = gallery.claims()
    assert ledger.title(claims) == (
        "Of 5 claims at the reference parameters: 2 supported, 1 contradicted, 1 negligible and 1 not resolved"
    )
    marks = {trace.name: trace for trace in ledger.exhibit(claims, gallery.FLAGS).draw(WIDE).data}
    lower = marks[
        "Ukraine’s trust in the United States: exposed against never exposed (follows from assumption: size only)"
    ]
    assert lower.x[1] == ledger.FARTHEST  # 13.5 smallest effects on the side claimed: at the edge, as an arrow
    assert lower.marker.symbol == "triangle-right"
    assert marks["Success: the other way against none"].x[1] == pytest.approx(-5.0)


def test_a_square_says_whether_two_changes_do_more_than_their_sum():
    square = gallery.square()
    assert "below the sum of both alone: −3.5 (−5.5 to −1.5)" in twofold.exhibit("both", square).title
    assert square.expected == pytest.approx(0.28 + 0.305 - 0.35)


def test_a_line_along_a_factor_does_not_claim_what_chance_could_do():
    flat = Labelled("a", LOOK["a"], {0.0: wilson(300, 1000), 1.0: wilson(310, 1000)})
    assert factors.exhibit("along", "candour", [flat]).title == "Success does not visibly depend on candour"
    steep = Labelled("a", LOOK["a"], {0.0: wilson(100, 1000), 1.0: wilson(310, 1000)})
    assert factors.exhibit("along", "candour", [steep]).title.startswith("Success depends on candour most in “a”: 10.0")


def test_a_map_says_nothing_of_what_was_not_played():
    figure = heat.exhibit(("candour", "shading"), gallery.maps()).draw(WIDE)
    assert figure.data[0].z[1][2] is None
    assert sum(note.text.isdigit() for note in figure.layout.annotations) == 3 * 19


def test_missing_numbers_are_a_dash():
    nothing = Estimate(math.nan, math.nan, math.nan, 0)
    assert numbers.shares_apart(nothing) == numbers.NONE
    assert numbers.apart(Estimate(0.1, math.nan, math.nan, 1)) == "+0.100"
    assert numbers.mean(Estimate(0.5, 0.4, 0.6, 9)) == "0.500 (0.400 to 0.600)"


@pytest.mark.parametrize(
    ("value", "digits", "said"), [(-0.0001, 2, "0.00"), (-1.25, 1, "−1.2"), (0.5, 1, "+0.5"), (math.nan, 1, "–")]
)
def test_a_signed_number_has_a_true_minus_and_no_sign_on_zero(value, digits, said):
    assert numbers.decimal(value, digits, sign=True) == said


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8), st.integers(3, 9))
def test_an_axis_holds_every_value_and_zero_at_round_ticks(values, most):
    found = axis(values, "", most)
    dust = 1e-8 * (found.high - found.low)
    assert found.low <= min([0.0, *values]) + dust
    assert found.high >= max([0.0, *values]) - dust
    assert len(found.ticks) <= most + 2
    assert 0.0 in [round(tick, 9) for tick in found.ticks]


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9), st.floats(0.01, 0.3))
def test_labels_moved_apart_keep_their_order_and_their_room(wanted, least):
    placed = apart(wanted, least, 0.0, 1.0)
    room = min(least, 1.0 / max(1, len(wanted) - 1))
    ordered = [place for _, place in sorted(zip(wanted, placed, strict=True), key=lambda pair: (pair[0], pair[1]))]
    assert np.all(np.diff(ordered) >= room - 1e-6)
    assert min(placed) >= -1e-6
    assert max(placed) <= 1.0 + 1e-6


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80))
def test_lines_hold_the_whole_text_and_nothing_that_is_markup(text):
    lines = wrapped(text, 120.0)
    assert "".join("".join(lines).split()) == "".join(plain(text).split())
    assert all("<" not in line and "$" not in line and "{" not in line for line in lines)


def test_a_text_too_long_for_its_lines_ends_in_an_ellipsis():
    assert shortened("one two three four five six", 60.0, 1)[0].endswith("…")
    assert shortened("one", 60.0, 1) == ["one"]


def test_a_text_that_is_shortened_is_escaped_once():
    assert shortened("<b> and more that does not fit", 60.0, 1)[0].startswith("&lt;b&gt;")


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda one: one.name)
@pytest.mark.parametrize("room", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_title_stands_whole_above_its_figure(exhibit, room):
    layout = exhibit.draw(room).layout
    lines = layout.title.text.split("<br>")
    assert " ".join(lines) == plain(exhibit.title)
    assert layout.title.yanchor == "bottom"  # the one anchor that holds for a title of several lines
    first = (1.0 - layout.title.y) * layout.height
    assert first >= 1.2 * layout.title.font.size
    assert first + 1.3 * layout.title.font.size * (len(lines) - 1) <= layout.meta["head"]


def test_tick_labels_have_the_digits_their_step_needs():
    assert axes.tick_label(0.25, 0.25, percent=False, signed=False) == "0.25"
    assert axes.tick_label(0.5, 0.1, percent=True, signed=True) == "+50"
    assert axes.tick_label(-0.05, 0.025, percent=True, signed=True) == "−5.0"


def test_what_is_said_of_a_space_lies_between_its_bounds():
    [fine, long_, _] = gallery.over_space()
    assert spaces.exhibit([fine]).title == (
        "“Talking is fine” holds in 62.0\N{NO-BREAK SPACE}% to 89.0\N{NO-BREAK SPACE}% of the plausible space "
        "(95 % bounds 59.9\N{NO-BREAK SPACE}% and 90.3\N{NO-BREAK SPACE}%)"
    )
    assert spaces.widest([fine, long_]).startswith("Most widely holds “Talking is fine”: in 62.0")
    assert spaces.exhibit([fine, long_]).title.startswith("Over the plausible ranges, 1 of 2 claims clearly hold")
    assert spaces.exhibit([fine, long_]).title.endswith("1 clearly fail at half or more")


def test_of_very_many_points_an_even_part_is_drawn_and_the_caption_says_so():
    region = gallery.region()
    many = dataclasses.replace(region, points=region.points * 10)
    exhibit = discovery.exhibit(many)
    assert sum(len(trace.x) for trace in exhibit.draw(WIDE).data) == len(exhibit.table.rows) == 500
    assert "Drawn: 500 of 2,000 points." in exhibit.caption
    assert "Drawn: 200 of 200 points." in discovery.exhibit(region).caption
