"""A real browser for the tests: found, or installed, or the one command to type."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
INSTALL = (sys.executable, "-m", "playwright", "install", "chromium")
FROM_PACKAGES = ("sh", "-c", "apt-get update && apt-get install -y --no-install-recommends chromium fonts-liberation")
PATIENCE = 600


class NoBrowserError(Exception):
    """No browser, and none could be installed; the message is the one command to type."""


def candidates():
    """Paths at which a browser may be: named, on the path, and Playwright's own (None)."""
    named = os.environ.get("SIM_BROWSER")
    yield from [named] if named else []
    yield from (path for name in NAMES if (path := shutil.which(name)))
    yield None


def launched(playwright):
    """A running browser: the first that starts, else one installed now."""
    for path in candidates():
        try:
            return playwright.chromium.launch(executable_path=path, args=FLAGS)
        except Error:
            continue
    for command in (INSTALL, FROM_PACKAGES):
        if command is FROM_PACKAGES and (os.name == "nt" or os.geteuid() != 0):
            continue
        try:
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
            if done.returncode == 0:
                return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        except (OSError, subprocess.SubprocessError, Error):
            continue
    raise NoBrowserError(
        f"the browser tests need a browser; type: {Path(sys.executable)} -m playwright install chromium"
    )


def started():
    """Playwright with a running browser, as a context manager."""
    return sync_playwright()


def main():
    """See that there is a browser, and install one if need be, before several test processes would all do so."""
    with started() as playwright:
        try:
            launched(playwright).close()
        except NoBrowserError as error:
            print(error, file=sys.stderr)


if __name__ == "__main__":
    main()
