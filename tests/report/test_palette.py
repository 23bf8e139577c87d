"""Colours: told apart by every eye, read on either ground, and as many as there are scenarios."""

import itertools

import numpy as np
import pytest

from sim.report import palette
from sim.report.palette import IN_INK, INK, PAPER, RISING, SCENARIOS, STATES, contrast, in_the_dark, looks, rgb

# Machado, Oliveira and Fernandes' matrices of complete deficiency, on linear light.
DEFICIENCIES = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_CONES = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005]]  # fmt: skip
TO_LAB = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
          [0.0259040371, 0.7827717662, -0.8086757660]]  # fmt: skip
JUST_NOTICEABLE = 0.02


def as_seen(colour, deficiency):
    """A colour as OKLab coordinates, through an eye."""
    parts = np.array(rgb(colour)) / 255.0
    light = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(DEFICIENCIES[deficiency]) @ light, 0.0, 1.0)
    return np.array(TO_LAB) @ np.cbrt(np.array(TO_CONES) @ seen)


@pytest.mark.parametrize("ground", [0, 1])
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_any_two_scenarios_differ_by_four_noticeable_steps_for_every_eye(ground, deficiency):
    places = [as_seen(tone[ground], deficiency) for tone in SCENARIOS]
    nearest = min(np.linalg.norm(one - other) for one, other in itertools.combinations(places, 2))
    assert nearest >= 4 * JUST_NOTICEABLE


@pytest.mark.parametrize(("ground", "least"), [(0, 3.1), (1, 4.5)])
def test_marks_stand_out_from_their_ground(ground, least):
    for tone in (*SCENARIOS, palette.SIGNAL, palette.WARNING):
        assert contrast(tone[ground], PAPER[ground]) >= least


@pytest.mark.parametrize("ground", [0, 1])
def test_words_can_be_read_on_their_ground(ground):
    for tone in (INK, palette.SOFT, palette.SIGNAL, palette.WARNING):
        assert contrast(tone[ground], PAPER[ground]) >= 4.5
        assert contrast(INK[ground], palette.WASH[ground]) >= 4.5


@pytest.mark.parametrize("ground", [0, 1])
def test_numbers_can_be_read_on_every_step_of_a_map(ground):
    for step, tone in enumerate(RISING):
        assert contrast(tone[ground], (INK if step < IN_INK else PAPER)[ground]) >= 4.5


@pytest.mark.parametrize("ground", [0, 1])
def test_numbers_can_be_read_on_every_area(ground):
    for tone in STATES.values():
        ink = max((INK, PAPER), key=lambda one: contrast(tone.light, one.light))
        assert contrast(tone[ground], ink[ground]) >= 4.5


def test_no_two_roles_share_a_light_colour():
    tones = [palette.PAPER, palette.INK, palette.SOFT, palette.GRID, palette.ZERO, palette.WASH, palette.SIGNAL]
    tones += [palette.WARNING, *SCENARIOS, *STATES.values(), *RISING]
    assert len({tone.light for tone in tones}) == len(tones)
    assert all(in_the_dark()[tone.light] == tone.dark for tone in tones)


def test_as_many_scenarios_as_an_experiment_may_have_look_different():
    found = looks(f"s{number}" for number in range(60))
    assert len({(one.colour, one.symbol) for one in found.values()}) == 60
    assert [one.name for one in found.values()] == [f"s{number}" for number in range(60)]


def test_a_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#123456", "#123456") == 1.0
