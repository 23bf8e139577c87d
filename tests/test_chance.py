"""Random numbers with an address: the published vectors, uniformity, independence, and addresses that never meet."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import chance
from sim.chance import (
    BREACH,
    COST_STEP,
    NOBODY,
    PURPOSES,
    UNIT_52,
    WORD,
    address,
    generator,
    normal,
    occasion_word,
    pair_address,
    philox,
    uniform,
)
from sim.numerics import normal_quantile
from sim.rules.registry import RULES
from tests.engines.compiled_functions import compiled

ROOT = Path(__file__).resolve().parents[1]

SEED = st.integers(0, 2**63 - 1)
REPLICATE = st.integers(0, 2**40 - 1)
WEEK = st.integers(0, 2**16 - 1)
PURPOSE = st.integers(0, 2**8 - 1)
PLACE = st.integers(0, 2**32 - 1)
ADDRESSES = st.tuples(SEED, REPLICATE, WEEK, PURPOSE, PLACE, PLACE)
COORDINATES = ["seed", "replicate", "week", "purpose", "actor", "counterpart"]
LIMITS = [2**63, 2**40, 2**16, 2**8, 2**32, 2**32]

FALSE_ALARM = 1e-6  # of each statistical test, had its addresses been drawn anew; they are fixed
DRAWS = 20_000


# The generator


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        (
            (0, 0, 0, 0),
            (0, 0),
            (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
        ),
        (
            (WORD, WORD, WORD, WORD),
            (WORD, WORD),
            (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
        ),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
    ids=["noughts", "ones", "digits of pi"],
)
def test_philox_gives_the_published_words(counter, key, words):
    assert philox(*counter, *key) == words


def test_philox_agrees_with_an_independent_philox():
    """NumPy has the 64-bit Philox4x64 only, so the rounds are written out here a second way, on Python's integers."""

    def by_bytes(counter, key):
        a, b, c, d = counter
        for turn in range(10):
            keys = [(key[0] + turn * 0x9E3779B9) % 2**32, (key[1] + turn * 0xBB67AE85) % 2**32]
            high_a, low_a = divmod(0xD2511F53 * a, 2**32)
            high_c, low_c = divmod(0xCD9E8D57 * c, 2**32)
            a, b, c, d = high_c ^ b ^ keys[0], low_c, high_a ^ d ^ keys[1], low_a
        return a, b, c, d

    for words in np.random.default_rng(1).integers(0, 2**32, (200, 6)).tolist():
        assert philox(*words) == by_bytes(words[:4], words[4:])


# From address to draw


@given(address=ADDRESSES)
def test_the_address_can_be_read_back_from_the_counter(address):
    _, replicate, week, purpose, _, _ = address
    occasion = occasion_word(replicate, week, purpose)
    assert 0 <= occasion <= WORD
    assert (occasion & 0xFF) << 32 | replicate & WORD == replicate
    assert occasion >> 8 & 0xFFFF == week
    assert occasion >> 24 == purpose


@given(address=ADDRESSES)
def test_a_uniform_draw_is_made_of_the_first_fifty_two_bits_at_its_address(address):
    seed, replicate, week, purpose, actor, counterpart = address
    words = philox(
        replicate % 2**32,
        replicate // 2**32 + week * 2**8 + purpose * 2**24,
        actor,
        counterpart,
        seed % 2**32,
        seed // 2**32,
    )
    assert uniform(*address) == (2 * (words[0] * 2**20 + words[1] // 2**12) + 1) / 2**53


@given(address=ADDRESSES)
def test_a_uniform_draw_lies_strictly_between_nought_and_one(address):
    assert 0.0 < uniform(*address) < 1.0


def test_the_extreme_words_still_lie_strictly_between_nought_and_one():
    assert UNIT_52 == 2.0**-52
    assert 0.5 * UNIT_52 > 0.0
    assert (2**52 - 1 + 0.5) * UNIT_52 == 1.0 - 2.0**-53


@given(address=ADDRESSES)
def test_a_normal_draw_is_the_quantile_of_the_uniform_draw(address):
    assert normal(*address) == normal_quantile(uniform(*address))


@given(address=ADDRESSES)
def test_the_same_address_gives_the_same_draw(address):
    assert uniform(*address) == uniform(*address)


@pytest.mark.parametrize("coordinate", range(6), ids=COORDINATES)
def test_a_coordinate_moved_by_one_bit_gives_another_draw(coordinate):
    here = [0, 0, 0, 0, 0, 0]
    draws = {uniform(*here)}
    bits = (LIMITS[coordinate] - 1).bit_length()
    for bit in range(bits):
        there = list(here)
        there[coordinate] = 1 << bit
        draws.add(uniform(*there))
    assert len(draws) == bits + 1


def test_seed_nought_is_a_seed_of_its_own():
    draws = [uniform(seed, 0, 0, COST_STEP, 5, NOBODY) for seed in (0, 1, 2**32, 2**63 - 1)]
    assert len(set(draws)) == 4
    assert generator(0, "bootstrap").random() != generator(1, "bootstrap").random()


@pytest.mark.portable
def test_draws_keep_their_published_values():
    assert uniform(0, 0, 0, 0, 0, 0) == (2 * (0x6627E8D5E169C58D >> 12) + 1) / 2**53
    assert uniform(20, 7, 3, BREACH, address("Russia"), NOBODY) == 0.8744625471831787
    assert normal(20, 7, 3, COST_STEP, address("Ukraine"), NOBODY) == 0.8960737696012652


# Statistics


def addresses_at_random(count):
    """Return addresses as a table, address by coordinate; the last value of each coordinate is left free."""
    random = np.random.default_rng(20110601)
    return np.column_stack([random.integers(0, limit - 1, count) for limit in LIMITS])


def draws_at(table):
    return np.array([uniform(*row) for row in table.tolist()])


def draws_along(coordinate):
    """Return the draws at one address as a coordinate runs up from nought, as far as it goes or 20,000 steps."""
    table = np.tile(addresses_at_random(1), (min(DRAWS, LIMITS[coordinate]), 1))
    table[:, coordinate] = np.arange(len(table))
    return draws_at(table)


def counted(draws, cells):
    """Return how many draws fall in each of the equal cells of the unit interval."""
    return np.bincount((draws * cells).astype(int), minlength=cells)


@pytest.mark.parametrize("coordinate", range(6), ids=COORDINATES)
def test_draws_along_one_coordinate_are_uniform(coordinate):
    draws = draws_along(coordinate)
    assert stats.kstest(draws, "uniform").pvalue > FALSE_ALARM
    assert stats.chisquare(counted(draws, 16)).pvalue > FALSE_ALARM


def test_draws_at_scattered_addresses_are_uniform_and_normal():
    draws = draws_at(addresses_at_random(DRAWS))
    assert stats.chisquare(counted(draws, 256)).pvalue > FALSE_ALARM
    assert stats.chisquare(counted(draws * 256 % 1.0, 256)).pvalue > FALSE_ALARM
    assert stats.kstest([normal_quantile(u) for u in draws.tolist()], "norm").pvalue > FALSE_ALARM


@pytest.mark.parametrize("coordinate", range(6), ids=COORDINATES)
def test_draws_at_neighbouring_addresses_are_independent(coordinate):
    table = addresses_at_random(DRAWS)
    neighbours = table.copy()
    neighbours[:, coordinate] += 1
    here, there = draws_at(table), draws_at(neighbours)
    assert stats.pearsonr(here, there).pvalue > FALSE_ALARM
    assert stats.pearsonr(abs(here - 0.5), abs(there - 0.5)).pvalue > FALSE_ALARM
    cells = (here * 8).astype(int) * 8 + (there * 8).astype(int)
    assert stats.chisquare(np.bincount(cells, minlength=64)).pvalue > FALSE_ALARM


@pytest.mark.parametrize("coordinate", range(6), ids=COORDINATES)
def test_successive_draws_along_a_coordinate_are_independent(coordinate):
    draws = draws_along(coordinate)
    assert stats.pearsonr(draws[:-1], draws[1:]).pvalue > FALSE_ALARM
    pairs = (draws[:-1:2] * 4).astype(int) * 4 + (draws[1::2] * 4).astype(int)
    assert stats.chisquare(np.bincount(pairs, minlength=16)).pvalue > FALSE_ALARM


# Names


def test_the_address_of_a_name_is_its_hash_written_out():
    digest = hashlib.blake2b(b"Ukraine", digest_size=4, person=b"name").digest()
    assert address("Ukraine") == int.from_bytes(digest, "big")


def test_the_address_of_a_name_does_not_depend_on_the_process():
    program = "from sim.chance import address, pair_address; print(address('Türkiye'), pair_address('A', 'B'))"
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()[-2:]
        == [str(address("Türkiye")), str(pair_address("A", "B"))]
        for seed in ("1", "2")
    }
    assert printed == {True}


@given(first=st.text(), second=st.text())
def test_addresses_fit_a_word(first, second):
    assert 0 <= address(first) <= WORD
    assert 0 <= pair_address(first, second) <= WORD


@pytest.mark.parametrize(
    ("one", "other"),
    [(("A", "B"), ("B", "A")), (("AB", "C"), ("A", "BC")), (("", "AB"), ("AB", "")), (("A\0", "B"), ("A", "\0B"))],
)
def test_pairs_of_names_that_read_alike_have_different_addresses(one, other):
    assert pair_address(*one) != pair_address(*other)


def test_a_pair_is_not_a_name():
    assert pair_address("", "Ukraine") != address("Ukraine")
    assert pair_address("Ukraine", "") != address("Ukraine")


# Purposes


def test_every_purpose_has_a_number_of_its_own_that_fits_its_eight_bits():
    numbers = [purpose.number for purpose in PURPOSES]
    assert len(set(numbers)) == len(numbers)
    assert all(0 < number < 2**8 for number in numbers)


def test_every_purpose_is_a_constant_and_says_whose_addresses_it_carries():
    for purpose in PURPOSES:
        assert getattr(chance, purpose.name) == purpose.number
        assert type(purpose.number) is int
        assert purpose.decides.endswith(("(uniform)", "(normal)"))
        assert purpose.actor
        assert purpose.counterpart


def test_no_purpose_is_left_off_the_list():
    listed = {purpose.name for purpose in PURPOSES}
    other = {"WORD", "MULTIPLIER_0", "MULTIPLIER_1", "KEY_STEP_0", "KEY_STEP_1", "UNIT_52", "NOBODY", "PURPOSES"}
    assert {name for name in vars(chance) if name.isupper()} - {"TYPE_CHECKING"} == listed | other


# Generators for work outside the model


def test_a_generator_repeats_for_the_same_seed_and_purpose_and_for_no_other():
    draws = generator(3, "design").random(4)
    assert (generator(3, "design").random(4) == draws).all()
    assert (generator(3, "bootstrap").random(4) != draws).all()
    assert (generator(4, "design").random(4) != draws).all()
    assert (generator(3 + 2**32, "design").random(4) != draws).all()


def test_importing_chance_does_not_import_numpy():
    program = "import sys, sim.chance; print('numpy' in sys.modules, 'wasmtime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "False"]


# Compiled


def test_the_draws_are_rules():
    assert {philox, occasion_word, uniform, normal} <= set(RULES)


@pytest.mark.parametrize("draw", [uniform, normal])
def test_compiled_and_plain_draws_agree_to_the_last_bit(draw):
    quick = compiled(draw, *"iiiiii")
    largest = [limit - 1 for limit in LIMITS]
    for row in [[0] * 6, largest, *addresses_at_random(5_000).tolist()]:
        assert quick(*row) == draw(*row)
