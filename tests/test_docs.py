"""The pages keep their word: examples run and print what they show, links lead somewhere, sources are listed."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from docs.__main__ import ROOT, pages
from docs.examples import blocks, commands, differs, keep, masked, refilled, run, workplace
from sim.study.play import proof

PAGES = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in pages()}
WITH_EXAMPLES = [name for name, text in PAGES.items() if blocks(text)]
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
PROGRAMS = {"sim", "make", "python", "source", "pip"}

LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)
CODE_PATH = re.compile(r"`((?:sim|tests|scenarios|docs|evidence|constraints)/[\w./-]*)`")
TEST_NAME = re.compile(r"`(?P<file>tests/[\w/]+\.py)::(?P<name>test_\w+)`")
AUTHORS = r"[A-Z][\w'-]+(?:, [A-Z][\w'-]+)*,?(?: (?:&|and) [A-Z][\w'-]+| et al\.)?"
YEAR = r"(?:18|19|20)\d\d\b"
CITED = re.compile(rf"({AUTHORS}) \(({YEAR})|[(;] ?({AUTHORS}),? ({YEAR})")
NOT_AUTHORS = {"Dec", "December", "February", "May"}


def script(page):
    """Return the Python examples of a page as one script."""
    return "\n".join(block.text for block in blocks(PAGES[page]) if block.language == "python" and not block.is_kept)


# Examples


@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_the_examples_of_a_page_run_and_print_what_it_shows(page, monkeypatch):
    monkeypatch.setattr(proof, "PROVEN", 3)  # that a hundred would agree is not what a page shows
    with workplace() as folder:
        for block in blocks(PAGES[page]):
            if block.is_kept:
                keep(block, folder)
            elif block.language == "console":
                for command in commands(block):
                    if command.is_ours:
                        status, printed = run(command)
                        assert (command.line, status) == (command.line, command.status), "\n".join(printed)
                        assert differs(command.shown, printed) == "", f"{command.line}: run `make docs`?"
        if script(page):
            subprocess.run(
                [sys.executable, "-c", script(page)], check=True, capture_output=True, env=here(), cwd=folder
            )


def here():
    """Return the environment in which a script finds this checkout."""
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_other_programs_in_examples_are_known(page):
    for block in blocks(PAGES[page]):
        if block.language == "console":
            for command in commands(block):
                assert command.words[0] in PROGRAMS, command.line
                if command.words[0] == "make":
                    assert command.words[1] in TARGETS, command.line


def test_every_fenced_block_is_an_example_or_plain_text():
    for page, text in PAGES.items():
        fences = re.findall(r"^```(\w*)$", text, re.MULTILINE)
        assert set(fences[::2]) <= {"console", "python", "toml", "text"}, page
        assert set(fences[1::2]) <= {""}, page


# The words


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_and_headings_that_exist(page):
    for found in LINK.finditer(PAGES[page]):
        target, _, heading = found["target"].partition("#")
        if "://" in target:
            continue
        path = (ROOT / page).parent / target if target else ROOT / page
        assert path.exists(), f"{page}: {found['target']}"
        if heading:
            titles = [title.lower() for title in HEADING.findall(path.read_text(encoding="utf-8"))]
            assert heading in [re.sub(r"[^\w -]", "", title).replace(" ", "-") for title in titles], found["target"]


@pytest.mark.parametrize("page", PAGES)
def test_files_named_in_code_exist(page):
    for name in CODE_PATH.findall(PAGES[page]):
        assert (ROOT / name).exists(), f"{page}: {name}"


@pytest.mark.parametrize("page", PAGES)
def test_tests_named_by_file_and_name_exist(page):
    for found in TEST_NAME.finditer(PAGES[page]):
        assert f"def {found['name']}(" in (ROOT / found["file"]).read_text(encoding="utf-8"), found.group()


def test_every_mechanism_is_listed_and_names_its_rules():
    listed = PAGES["docs/index.md"]
    for page in (ROOT / "docs" / "explanation" / "mechanisms").glob("*.md"):
        assert f"explanation/mechanisms/{page.name}" in listed
        assert "<!-- table: rules " in page.read_text(encoding="utf-8")


def test_every_rule_is_in_the_table_of_some_mechanism():
    """Chance apart, of which the purposes are the table."""
    rows = set(re.findall(r"^\| `(\w+\.\w+)` \|", "\n".join(PAGES.values()), re.MULTILINE))
    files = [path for room in ("rules", "search") for path in (ROOT / "sim" / room).glob("*.py")]
    for path in [*files, ROOT / "sim" / "numerics.py"]:
        for name in re.findall(r"^@rule\ndef (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert f"{path.stem}.{name}" in rows


def test_every_source_cited_in_code_and_pages_is_listed():
    listed = PAGES["SOURCES.md"]
    code = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in (ROOT / "sim").rglob("*.py")
    }
    for name, text in {**PAGES, **code}.items():
        for found in CITED.finditer(" ".join(text.split())):
            authors, year = found[1] or found[3], found[2] or found[4]
            first = re.split(r",| &| and| et al|'s", authors)[0]
            if first not in NOT_AUTHORS:
                assert re.search(rf"{re.escape(first)}\b[^\n]*\({year}\)", listed), f"{name}: {authors} ({year})"


def test_the_change_log_starts_with_the_version_of_the_package():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert HEADING.findall(PAGES["CHANGELOG.md"])[1].startswith(version)


# How examples are read


def test_shown_output_must_be_printed_in_order_and_dots_stand_for_any_lines():
    printed = ["one", "two", "three"]
    assert differs((), printed) == ""
    assert differs(("one", "two", "three"), printed) == ""
    assert differs(("...", "two", "..."), printed) == ""
    assert differs(("one", "...", "three"), printed) == ""
    assert differs(("one", "three"), printed) == "three"
    assert differs(("one", "two"), printed) == "three"
    assert differs(("...", "three", "...", "one", "..."), printed) == "one"


def test_numbers_are_refilled_where_the_words_are_the_same():
    assert masked("by -0.275, 95 % -0.4 to 1,000") == masked("by +1, 95 % 3 to 2")
    assert refilled(("...", "share 0.1", "gone 2"), ["title", "share 0.25", "rest"]) == ["...", "share 0.25", "gone 2"]


def test_a_toml_block_that_is_wrong_is_refused(tmp_path):
    from sim.errors import ScenarioError

    [wrong] = blocks("```toml\n[officials.envoy]\ncandour = 2.0\n```\n")
    with pytest.raises(ScenarioError):
        keep(wrong, Path(tmp_path))
