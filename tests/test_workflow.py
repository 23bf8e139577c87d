"""The workflow of a public forge can be read, plays on the platforms that the docs name, and runs tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
yaml = pytest.importorskip("yaml")


@pytest.fixture(scope="module")
def jobs():
    text = (ROOT / ".github" / "workflows" / "platforms.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["jobs"]


def commands(job):
    return [step["run"] for step in job["steps"] if "run" in step]


def test_the_platforms_are_those_of_the_docs(jobs):
    page = (ROOT / "docs" / "reference" / "platforms.md").read_text(encoding="utf-8")
    named = {"windows": "Windows", "macos": "macOS arm64", "arm": "Linux arm64", "ubuntu": "Linux x86-64"}
    systems = jobs["same-bits"]["strategy"]["matrix"]["system"]
    for part, name in named.items():
        assert any(part in system for system in systems)
        assert name in page
    assert jobs["same-bits"]["strategy"]["matrix"]["python"][0] == "3.11"


def test_every_job_plays_the_hashes_and_names_tests_that_are_there(jobs):
    for name, job in jobs.items():
        named = re.findall(r"tests/\S+\.py", "\n".join(commands(job)))
        assert "tests/engines/test_hashes.py" in named, name
        assert [file for file in named if not (ROOT / file).is_file()] == []


def test_the_newest_wasmtime_is_installed_whatever_the_package_allows(jobs):
    assert any("--upgrade --no-deps wasmtime" in command for command in commands(jobs["newest-wasmtime"]))
