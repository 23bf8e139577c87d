"""The browser of the tests: the one named, one of the path, Playwright's own, one installed now, or a command to type."""

import sys

import pytest
from playwright.sync_api import Error

from tests.report import browsers


class Chromium:
    """Stands for Playwright's chromium; only some paths start."""

    def __init__(self, *starts):
        self.starts, self.tried = starts, []

    def launch(self, executable_path, args):
        self.tried.append(executable_path)
        if executable_path not in self.starts:
            raise Error("cannot start")
        return f"running {executable_path}"


class Playwright:
    """Stands for Playwright."""

    def __init__(self, *starts):
        self.chromium = Chromium(*starts)


@pytest.fixture
def bare(monkeypatch):
    """A machine without a browser, on which nothing can be installed."""
    monkeypatch.delenv("SIM_BROWSER", raising=False)
    monkeypatch.setattr(browsers.shutil, "which", lambda name: None)
    done = type("Done", (), {"returncode": 1})
    commands = []
    monkeypatch.setattr(browsers.subprocess, "run", lambda command, **named: commands.append(command) or done)
    return commands


def test_the_one_that_is_named_comes_first(bare, monkeypatch):
    monkeypatch.setenv("SIM_BROWSER", "/mine")
    monkeypatch.setattr(browsers.shutil, "which", lambda name: f"/usr/bin/{name}")
    playwright = Playwright("/mine", "/usr/bin/chromium")
    assert browsers.launched(playwright) == "running /mine"


def test_one_that_does_not_start_gives_way_to_the_next_and_last_to_playwrights_own(bare, monkeypatch):
    monkeypatch.setenv("SIM_BROWSER", "/mine")
    playwright = Playwright(None)
    assert browsers.launched(playwright) == "running None"
    assert playwright.chromium.tried == ["/mine", None]
    assert bare == []


@pytest.mark.parametrize(
    ("user", "tried"), [(1000, [browsers.INSTALL]), (0, [browsers.INSTALL, browsers.FROM_PACKAGES])]
)
def test_without_any_it_is_installed_and_else_the_tests_fail_with_one_command(bare, monkeypatch, user, tried):
    monkeypatch.setattr(browsers.os, "geteuid", lambda: user)
    with pytest.raises(browsers.NoBrowserError, match="type: ") as failure:
        browsers.launched(Playwright())
    assert str(failure.value).endswith(f"{sys.executable} -m playwright install chromium")
    assert bare == tried
