"""The benchmarks run, print what they promise, and compare engines that give the same bits."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.clock import exponent
from benchmarks.rows import figure

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def printed():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "row",
    [
        "reference, compiled, 1 thread",
        "reference, 1 thread against open",
        "secret-track-1.5, 1 thread against mesa.batch_run",
        "reference, no deals looked for against all columns",
        "sim --help",
        "loading the module, in the cache",
        "writing the module, nothing in the cache",
        "1 replicate",
        "exponent, states at the table",
        "exponent, channels",
        "exponent, weeks",
        "best_offer, Newton steps",
    ],
)
def test_a_quick_run_prints_every_kind_of_row(printed, row):
    assert f"  {row} " in printed


@pytest.mark.slow
def test_all_that_played_the_same_replicates_gave_the_same_bits(printed):
    assert "DIFFERENT BITS" not in printed
    assert printed.count("same bits in") == 6


def test_an_exponent_is_the_slope_of_the_logarithms():
    assert exponent({1: 3.0, 2: 12.0, 4: 48.0}) == pytest.approx(2.0)


def test_figures_have_three_digits():
    assert [figure(value) for value in (0.01234, 1.234, 12.34, 123.4, 12345.0, None)] == [
        "0.0123",
        "1.23",
        "12.3",
        "123",
        "12,300",
        "–",
    ]
