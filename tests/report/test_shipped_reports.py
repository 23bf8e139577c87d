"""The reports of shipped experiments, played a few times: drawn, readable at both widths, small enough."""

import pytest

from sim.cli import main
from sim.report.write import report_page
from tests.report.browsers import launched, started
from tests.report.opened import OUTSIDE, OVERLAPS, Opened

SHIPPED = ("claims", "inclusion-by-misrepresentation", "remedies")
DRAWN_FIGURES = "() => [...document.querySelectorAll('[data-drawn=yes]')].map((one) => one.dataset.figure)"
SPACE = """
title = "The channel over the plausible space"
question = "In which share of the plausible space does the channel do harm?"
design = "space"
over = "plausible"
places = 60
replicates = 20

[scenarios.none]
extends = "reference"

[scenarios.essay]
extends = "secret-track-1.5"

[claims.harm]
claim = "The channel does harm"

[claims.harm.rows.success]
points = ["none", "essay"]
outcome = "success"
direction = "lower"
"""


@pytest.fixture(scope="module")
def browser():
    with started() as playwright:
        running = launched(playwright)
        yield running
        running.close()


@pytest.fixture(scope="module", params=[*SHIPPED, "space"])
def folder(request, tmp_path_factory):
    place = tmp_path_factory.mktemp(request.param)
    source, few = request.param, ["-n", "20"]
    if source == "space":
        (place / "space.toml").write_text(SPACE)
        source, few = str(place / "space.toml"), []
    assert main(["sweep", source, *few, "--out", str(place / "results"), "--report"]) == 0
    return place / "results"


@pytest.mark.slow
def test_a_shipped_experiments_report_is_drawn_and_read_at_both_widths(browser, folder):
    assert (folder / "report.html").stat().st_size < 3_000_000
    names = {one.name for one in report_page(folder, folder).exhibits()}
    for size in ("wide", "phone"):
        opened = Opened(browser, folder / "report.html", size)
        assert opened.said == []
        assert all(url.startswith(("file:", "data:", "blob:")) for url in opened.asked)
        assert set(opened.evaluate(DRAWN_FIGURES)) == names
        assert opened.evaluate(OVERLAPS) == []
        assert opened.evaluate(OUTSIDE) == []
        assert opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        opened.page.close()
