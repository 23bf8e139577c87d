"""The page as a file: whole, small enough, of the pinned drawing library, and safe to give anything to."""

import base64
import hashlib
import json
import re
from html import unescape
from html.parser import HTMLParser

import plotly.offline
import pytest

from sim.report import palette
from sim.report.page import ASSETS, BUNDLE, Figure, bundle_version, render_page
from tests.report import gallery

VOID = {"meta", "path", "rect", "input", "br", "wbr", "link", "img"}
THREE_MEGABYTES = 3_000_000


@pytest.fixture(scope="module")
def page():
    return gallery.full_page()


@pytest.fixture(scope="module")
def html(page):
    return render_page(page)


class Reader(HTMLParser):
    """Checks that elements are closed in order, and keeps what a page refers to."""

    def __init__(self):
        super().__init__()
        self.open, self.addresses, self.ids, self.attributes = [], [], [], set()

    def handle_starttag(self, tag, attributes):
        self.addresses += [value for name, value in attributes if name in ("src", "href", "action", "data")]
        self.ids += [value for name, value in attributes if name == "id"]
        self.attributes |= {name for name, _ in attributes}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def test_the_page_is_whole_and_refers_to_itself_alone(html):
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    assert [one for one in reader.addresses if not one.startswith(("#", "data:"))] == []


def test_the_bundle_is_that_of_the_pinned_plotly_and_brings_its_licence():
    assert bundle_version() == plotly.offline.get_plotlyjs_version()
    assert "</script" not in (ASSETS / BUNDLE).read_text(encoding="utf-8")
    for name in ("plotly-cartesian", "inter", "source-serif-4"):
        licence = (ASSETS / f"{name}.LICENSE").read_text(encoding="utf-8")
        assert "MIT License" in licence or "SIL Open Font License" in licence


def test_a_page_with_every_figure_is_under_three_megabytes(html):
    assert len(html.encode()) < THREE_MEGABYTES


def test_hostile_words_are_escaped_wherever_they_stand(html):
    outside = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert "<img" not in outside
    assert outside.count("&lt;img src=x onerror=alert(1)&gt;") > 10
    assert html.count("</script>") == html.count("<script")


def test_the_page_says_on_its_first_screen_that_it_forecasts_nothing(html):
    first = html[html.index('<header id="answer">') : html.index('id="figure-answer"')]
    assert "This explores assumptions and forecasts nothing." in first


def test_every_figure_of_the_page_is_embedded_for_both_rooms(page, html):
    data = json.loads(re.search(r'id="report">(.*?)</script>', html, re.DOTALL)[1])
    assert list(data["figures"]) == [one.name for one in page.exhibits()]
    assert data["dark"] == palette.in_the_dark()
    for one in data["figures"].values():
        assert one["wide"]["data"]
        assert one["narrow"]["layout"]["height"] > 0
        assert "title" not in one["wide"]["layout"]


def test_a_figure_that_is_shown_twice_has_two_names(page):
    names = [one.name for one in page.exhibits()]
    assert len(names) == len(set(names))
    assert sum(isinstance(block, Figure) for section in page.sections for block in section.blocks) == len(names) - 1


def test_the_page_may_run_and_wear_only_what_it_brings_and_fetch_nothing(html):
    told = unescape(re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)[1])
    policy = {part.split()[0]: part.split()[1:] for part in told.split(";")}
    assert policy["default-src"] == ["'none'"]
    for what, tag in (("script-src", "script"), ("style-src", "style")):
        texts = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        assert texts
        assert {f"'sha256-{one}'" for one in hashes} <= set(policy[what])
        assert all(source.startswith("'sha256-") for source in policy[what])
    assert set(policy["img-src"] + policy["font-src"]) == {"data:"}
    assert html.index("Content-Security-Policy") < html.index("<style>") < html.index("<script>")


def test_nothing_in_the_page_carries_a_style_or_a_script_as_an_attribute(html):
    reader = Reader()
    reader.feed(html)
    assert [name for name in reader.attributes if name == "style" or name.startswith("on")] == []


def test_a_long_table_is_shown_in_part_and_says_so(page, html):
    trust = next(one for one in page.exhibits() if one.name == "trust")
    assert f"of {len(trust.table.rows):,} rows, evenly spaced; the CSV holds all." in html
