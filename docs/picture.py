"""Draws the picture of a report in the README: the first screen of the ledger's page.

python -m docs.picture          play the ledger as its file says, and write docs/report.png
python -m docs.picture FOLDER   take a result folder instead
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from docs.__main__ import ROOT
from sim.cli import main as sim
from sim.report.images import browser
from sim.report.write import write_report

PICTURE = ROOT / "docs" / "report.png"
WIDTH, HEIGHT = 1180, 900
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
DRAWN = 'html[data-drawn="all"]'


def main() -> int:
    """Write the picture and return the exit status."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(place) / "results"
        if len(sys.argv) == 1 and sim(["sweep", "claims", "--out", str(folder)]):
            return 1
        page = write_report(folder, Path(place) / "report.html")
        photograph(page, PICTURE)
    print(f"written: {PICTURE.relative_to(ROOT)}")
    return 0


def photograph(page: Path, picture: Path) -> None:
    """Write the first screen of a page as a picture."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        screen = running.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        screen.goto(page.as_uri())
        screen.wait_for_selector(DRAWN, state="attached")
        screen.screenshot(path=picture)
        running.close()


if __name__ == "__main__":
    sys.exit(main())
