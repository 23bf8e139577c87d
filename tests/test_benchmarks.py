"""The benchmarks run, print what they promise, and the port to C has the bits of the rules."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
        "secret-track-1.5, 1 thread against mesa.batch_run",
        "normal_cdf, C",
        "best_offer, Python against Numba",
        "sim --help",
        "loading the kernel, in the cache",
        "1 replicate",
        "exponent, states at the table",
        "exponent, channels",
        "exponent, weeks",
        "best_offer, Newton steps",
        "whole compilation",
    ],
)
def test_a_quick_run_prints_every_kind_of_row(printed, row):
    assert f"  {row} " in printed


@pytest.mark.slow
def test_all_that_played_the_same_replicates_gave_the_same_bits(printed):
    assert "DIFFERENT BITS" not in printed
    assert printed.count("same bits in") == 6


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
def test_the_port_to_c_has_the_bits_of_the_rules(printed):
    ported = [line for line in printed.splitlines() if ", C " in line]
    assert len(ported) == 7
    assert all("same bits" in line for line in ported)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("gcc") is not None, reason="gcc is installed")
def test_without_a_compiler_the_rows_of_c_say_so(printed):
    assert printed.count("gcc is not installed") >= 7


def test_an_exponent_is_the_slope_of_the_logarithms():
    from benchmarks.clock import exponent

    assert exponent({1: 3.0, 2: 12.0, 4: 48.0}) == pytest.approx(2.0)


def test_figures_have_three_digits():
    from benchmarks.rows import figure

    assert [figure(one) for one in (0.01234, 1.234, 12.34, 123.4, 12345.0, None)] == [
        "0.0123",
        "1.23",
        "12.3",
        "123",
        "12,300",
        "–",
    ]
