"""The page in a real browser: drawn without a word on the console, used with mouse and keyboard, read at any width."""

import base64
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from sim.report.figures.frame import NARROW, WIDE
from sim.report.page import render_page
from sim.report.palette import contrast, in_the_dark
from tests.report import gallery
from tests.report.browsers import launched, started
from tests.report.opened import LABELS, OUTSIDE, OVERLAPS, TEXTS, Opened

LEAST_TEXT, LEAST_MARK = 4.5, 3.0


@pytest.fixture(scope="module")
def browser():
    with started() as playwright:
        running = launched(playwright)
        yield running
        running.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render_page(gallery.full_page()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def wide(browser, file):
    opened = Opened(browser, file)
    yield opened
    opened.page.close()


@pytest.fixture(scope="module")
def phone(browser, file):
    opened = Opened(browser, file, "phone")
    yield opened
    opened.page.close()


@pytest.fixture(scope="module")
def dark(browser, file):
    opened = Opened(browser, file, scheme="dark")
    yield opened
    opened.page.close()


@pytest.fixture(params=["wide", "phone", "dark"])
def any_page(request):
    return request.getfixturevalue(request.param)


def expected(exhibit):
    """The traces that a figure should have."""
    return len(exhibit.draw(WIDE).data)


def test_nothing_is_said_on_the_console_and_nothing_is_asked_of_a_network(any_page):
    assert any_page.said == []
    outside = [url for url in any_page.asked if not url.startswith(("file:", "data:", "blob:"))]
    assert outside == []
    assert len([url for url in any_page.asked if url.startswith("file:")]) == 1


def test_every_figure_is_drawn_with_its_traces(any_page):
    drawn = dict(any_page.evaluate("() => [...document.querySelectorAll('.drawing')].map((one) => "
                                   "[one.dataset.figure, one.data.length])"))  # fmt: skip
    assert drawn == {one.name: expected(one) for one in gallery.all_exhibits()}
    marks = any_page.evaluate(
        "() => [...document.querySelectorAll('.drawing')].filter((one) => "
        "!one.querySelector('.scatterlayer path, .barlayer path, .heatmaplayer image')).map((one) => one.dataset.figure)"
    )
    assert marks == []


def test_the_page_is_no_wider_than_the_screen(any_page):
    assert any_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_texts_of_one_figure_do_not_overlap(any_page):
    assert any_page.evaluate(OVERLAPS) == []


def test_texts_stay_within_their_figure(any_page):
    assert any_page.evaluate(OUTSIDE) == []


def test_hostile_words_are_shown_as_text(any_page):
    assert any_page.evaluate("document.querySelectorAll('img, .drawing image[href^=x]').length") == 0
    assert gallery.HOSTILE in any_page.page.inner_text("h1")
    texts = [text for _, text, _ in any_page.evaluate(TEXTS)]
    assert any("<img src=x" in text for text in texts)
    assert any("</script>" in text for text in texts)


@pytest.mark.parametrize("scheme", ["wide", "dark"])
def test_texts_in_figures_can_be_read(scheme, request):
    opened = request.getfixturevalue(scheme)
    dark = in_the_dark()
    paper = "#14171c" if scheme == "dark" else "#fcfcfa"
    inside = {"outcomes": set(), "map": set(), "timeline": set()}
    for figure, text, fill in opened.evaluate(TEXTS):
        colour = hexadecimal(fill)
        if figure in inside and colour not in (
            {dark["#1c2026"], dark["#5a616b"]} if scheme == "dark" else {"#1c2026", "#5a616b"}
        ):
            continue  # numbers on coloured ground are the next test's
        assert contrast(colour, paper) >= LEAST_TEXT, (figure, text, colour)


def hexadecimal(fill):
    """A colour as a browser tells it, rgb(1, 2, 3), as #010203."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", fill)[:3])


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The rows of a table are alike, and a browser takes half a minute to look behind every cell of all of them.
OPEN_AND_SHORTEN = """() => {
    document.querySelectorAll('details').forEach((one) => { one.open = true; });
    document.querySelectorAll('tbody').forEach((body) => [...body.rows].slice(8).forEach((row) => row.remove()));
}"""


@pytest.mark.parametrize(("scheme", "rules"), [("light", RULES), ("dark", ["color-contrast"])])
def test_the_page_keeps_the_rules_of_accessibility(browser, file, scheme, rules):
    opened = Opened(browser, file, scheme=scheme)
    opened.evaluate(OPEN_AND_SHORTEN)
    # Texts inside figures, which are images to a screen reader, have their contrast reckoned above.
    found = Axe().run(opened.page, context={"exclude": [[".drawing svg"]]}, options={"runOnly": rules})
    told = [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found.response["violations"]]
    assert told == []
    opened.page.close()


def test_a_click_hides_a_scenario_everywhere_and_another_shows_it_again(browser, file):
    opened = Opened(browser, file)
    before = shown(opened, "kept_out")
    height = opened.evaluate(f"document.querySelector('{opened.drawing('success')}').layout.height")
    opened.page.click('.chip[data-scenario="kept_out"]')
    assert shown(opened, "kept_out") == (0, 0)
    assert opened.evaluate(f"document.querySelector('{opened.drawing('success')}').layout.height") < height
    assert opened.page.get_attribute('.chip[data-scenario="kept_out"]', "aria-pressed") == "false"
    assert opened.evaluate(OVERLAPS) == []
    opened.page.focus('.chip[data-scenario="kept_out"]')
    opened.page.keyboard.press("Enter")
    assert shown(opened, "kept_out") == before
    assert before[0] >= 8
    assert before[1] >= 1
    opened.page.close()


def shown(opened, name):
    """How many traces and rows of tables that rest on a scenario are shown."""
    traces = opened.evaluate(
        "(name) => [...document.querySelectorAll('.drawing')].flatMap((one) => one.data)"
        ".filter((trace) => (trace.meta?.scenarios || []).includes(name) && trace.visible !== false).length",
        name,
    )
    rows = opened.evaluate(
        "(name) => [...document.querySelectorAll('tr[data-scenarios]')]"
        ".filter((row) => JSON.parse(row.dataset.scenarios).includes(name) && row.offsetParent).length",
        name,
    )
    return traces, rows


def test_a_click_sorts_a_table_and_another_turns_it_round(wide):
    table = "#blocks table"
    column = f"{table} tbody tr td:nth-child(2)"
    for direction, order in (("ascending", ["6", "7", "8", "9", "10"]), ("descending", ["10", "9", "8", "7", "6"])):
        wide.page.click(f"{table} th:nth-child(2) .sort")
        assert (
            wide.evaluate("(path) => [...document.querySelectorAll(path)].map((one) => one.textContent)", column)
            == order
        )
        assert wide.page.get_attribute(f"{table} th:nth-child(2)", "aria-sort") == direction


def test_texts_that_begin_with_a_number_sort_by_it(wide):
    wide.page.click("#blocks table th:nth-child(3) .sort")
    told = wide.evaluate(
        "() => [...document.querySelectorAll('#blocks tbody td:nth-child(3)')].map((one) => one.textContent)"
    )
    assert [text.split()[0] for text in told] == ["−12.1", "−11.1", "−10.1", "−9.1", "−8.1"]


def test_the_slider_moves_the_network_from_week_to_week(wide):
    story = gallery.replicate()
    trusts = "(path) => document.querySelector(path).data.find((one) => one.name === 'trust').text"
    path = wide.drawing("network")
    slider = "#slider-network"
    told = {}
    for week in (0, 20, len(story.weeks) - 1):
        wide.evaluate("([path, week]) => { const one = document.querySelector(path); one.value = week; "
                      "one.dispatchEvent(new Event('input')); }", [slider, week])  # fmt: skip
        told[week] = wide.evaluate(trusts, path)
        assert told[week] == [f"{value:.2f}" for value in story.weeks[week].trust.values()]
        assert wide.page.inner_text(".slider output") == str(week)
    assert told[0] != told[20]
    wide.page.focus(slider)
    wide.page.keyboard.press("ArrowLeft")
    assert wide.page.inner_text(".slider output") == str(len(story.weeks) - 2)


def test_the_data_of_a_figure_comes_as_csv_without_a_network(wide):
    exhibit = next(one for one in gallery.all_exhibits() if one.name == "success")
    with wide.page.expect_download() as download:
        wide.page.click('.csv[data-figure="success"]')
    with open(download.value.path(), encoding="utf-8", newline="") as saved:
        assert saved.read() == exhibit.table.csv()
    assert download.value.suggested_filename == "success.csv"


def test_numbers_in_words_are_those_of_the_marks(wide):
    for name in ("success", "differences"):
        path = wide.drawing(name)
        marks = [x[1] for x in wide.evaluate("(path) => document.querySelector(path).data.map((one) => one.x)", path)]
        told = [text for figure, text, _ in wide.evaluate(TEXTS) if figure == name and re.search(r"\(.* to ", text)]
        values = [float(text.split()[0].replace("−", "-")) for text in told]
        assert values == pytest.approx([round(100.0 * mark, 1) for mark in marks if mark is not None], abs=1e-9)


def test_every_figure_says_its_finding_to_who_cannot_see_it(wide):
    labels = dict(wide.evaluate(LABELS))
    for one in gallery.all_exhibits():
        role, label = labels[one.name]
        assert role == "img"
        assert label == f"{one.title}. {one.said}"
        assert len(label) > 40


def test_the_button_turns_the_page_dark_and_back(browser, file):
    opened = Opened(browser, file)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = opened.evaluate(ground)
    opened.page.click("#theme")
    assert hexadecimal(opened.evaluate(ground)) == "#14171c"
    assert opened.evaluate(f"document.querySelector('{opened.drawing('success')}').layout.font.color") == "#e9ebee"
    opened.page.click("#theme")
    assert opened.evaluate(ground) == light
    opened.page.close()


def test_on_paper_no_figure_is_cut(browser, file):
    opened = Opened(browser, file, scheme="dark")
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    opened.page.emulate_media(media="print")
    found = opened.evaluate(
        "() => [...document.querySelectorAll('.exhibit')].map((one) => "
        "[getComputedStyle(one).breakInside, one.querySelector('.main-svg').getBoundingClientRect().width, "
        "one.querySelector('.drawing').getBoundingClientRect().height])"
    )
    assert {inside for inside, _, _ in found} == {"avoid"}
    assert {width for _, width, _ in found} == {680}
    assert opened.evaluate(OVERLAPS) == []
    assert opened.evaluate(OUTSIDE) == []
    assert hexadecimal(opened.evaluate("getComputedStyle(document.body).backgroundColor")) == "#fcfcfa"
    assert len(opened.page.pdf()) > 10_000
    opened.page.close()


def test_the_skip_link_and_the_contents_lead_to_their_places(wide):
    for target in wide.evaluate(
        "() => [...document.querySelectorAll('a[href^=\"#\"]')].map((one) => one.hash.slice(1))"
    ):
        assert wide.evaluate("(name) => document.getElementById(name) !== null", target)


def test_the_rooms_are_those_of_the_screens(wide, phone):
    measured = "document.querySelector('.drawing').getBoundingClientRect().width"
    assert wide.evaluate(measured) == pytest.approx(WIDE.width, abs=2)
    assert phone.evaluate(measured) == pytest.approx(NARROW.width, abs=4)


def test_the_embedded_data_are_json_that_can_end_no_script(file):
    text = file.read_text(encoding="utf-8")
    inside = text.partition('<script type="application/json" id="report">')[2].partition("</script>")[0]
    assert not re.search(r"[<>&\u2028\u2029]", inside)
    assert gallery.SIXTY in json.dumps(json.loads(inside), ensure_ascii=False)


def test_whatever_is_done_to_the_page_it_breaks_its_own_policy_nowhere(browser, file):
    opened = Opened(browser, file)
    for name in ("success", "trust", "map", "network"):
        opened.page.hover(opened.drawing(name))
    opened.page.click('.chip[data-scenario="kept_out"]')
    opened.page.click("#theme")
    opened.page.click("#blocks table th:nth-child(2) .sort")
    opened.page.focus("#slider-network")
    opened.page.keyboard.press("ArrowRight")
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.said == []
    opened.page.close()


def test_what_is_put_into_the_page_later_neither_runs_nor_fetches(browser, file, tmp_path):
    foreign = "<script>document.title = 'ran'</script><p onclick='1'></p><img src='https://example.org/x.png'>"
    changed = tmp_path / "changed.html"
    changed.write_text(file.read_text(encoding="utf-8").replace("<main>", f"<main>{foreign}"), encoding="utf-8")
    opened = Opened(browser, changed)
    assert opened.page.title() != "ran"
    assert sum("Content Security Policy" in text for text in opened.said) == 3
    opened.page.close()


@pytest.fixture(scope="module")
def scriptless(browser, file):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    yield page
    context.close()


@pytest.mark.parametrize("exhibit", gallery.all_exhibits(), ids=lambda one: one.name)
def test_without_scripts_a_figure_shows_its_numbers_and_links_to_all_of_them(scriptless, exhibit):
    figure = scriptless.locator(f"#figure-{exhibit.name}")
    assert not figure.locator(".drawing").is_visible()
    rows = figure.locator(".numbers tbody tr")
    assert 0 < rows.count() <= 80
    assert rows.first.is_visible()
    first = exhibit.table.rows[0][0]
    assert rows.first.locator("th").inner_text() == (f"{first:.4f}" if isinstance(first, float) else str(first))
    kind, _, data = figure.locator(".csv").get_attribute("href").partition(";base64,")
    assert kind == "data:text/csv;charset=utf-8"
    assert base64.b64decode(data).decode("utf-8") == exhibit.table.csv()


def test_without_scripts_nothing_is_shown_that_would_not_work(scriptless):
    for name in (".tools", ".slider", ".scenarios"):
        assert not scriptless.locator(name).first.is_visible()


def test_with_scripts_the_numbers_are_folded_away(wide):
    assert wide.evaluate("() => document.querySelectorAll('.numbers[open]').length") == 0
