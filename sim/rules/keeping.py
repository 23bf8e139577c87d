"""Whether an agreement is kept: trust, deterrence and guarantees.

A state believes that a deal is kept over a horizon of H weeks with probability

    q = (1 - h_T)^H  product over those who could attack it of  [trust + (1 - trust) (d + (1 - d) (1 - h_U)^H)]
    d = 1 - (1 - own) product over guarantors of (1 - effect G trust_in_guarantor),     G = 1 - |x - aim|

`1 - d` is called exposure here. Guarantees as the remedy of the commitment problem: Walter (1997); the product is ours.
A state that could be attacked by several fears each; an attacker that faces several goes for the most exposed.

The functions below read a sheet (sim/rules/sheet.py), which holds one row for each state whose view counts.
"""

from sim.rules.registry import rule
from sim.rules.sheet import (
    FIGHTERS,
    KEPT_TRUSTWORTHY,
    PLEDGE_AIM,
    PLEDGE_EFFECT,
    PLEDGE_GUARANTOR,
    PLEDGE_ISSUE,
    PLEDGE_TARGET,
    PLEDGES,
    lapses_at,
    openness_at,
    pledge_at,
    side_at,
    sworn_at,
)


@rule
def guarantee_strength(term, aim):
    """Return how much of a guarantee the deal leaves, 0..1: all if the issue ends at the beneficiary's aim."""
    return 1.0 - abs(term - aim)


@rule
def sworn(effect, trust, counts):
    """Return the chance that a full guarantee deters, in the eyes of a state with `trust` in the guarantor.

    counts   1 if the guarantor is a party to the deal or has accepted it, else 0
    """
    return effect * trust * counts


@rule
def lapse(trust, kept_by_untrustworthy):
    """Return the probability that an undeterred state breaks within the horizon because it is not trustworthy."""
    return (1.0 - trust) * (1.0 - kept_by_untrustworthy)


@rule
def open_to_attack(deterrence):
    """Return the probability that own strength does not deter an attack."""
    return 1.0 - deterrence


@rule
def weekly_hazard(trustworthy, hazard_trustworthy, hazard_untrustworthy, exposure):
    """Return the probability that a belligerent breaks in a week, given its type and its target's exposure."""
    if trustworthy > 0.0:
        return hazard_trustworthy
    return hazard_trustworthy + hazard_untrustworthy * exposure


@rule
def exposure_if(sheet, at, target, guarantor, trustworthy, terms, terms_at):
    """Return the probability, in the eyes of a row, that nothing deters an attack on fighter number `target`.

    guarantor, trustworthy   a state number whose promises are taken as surely kept (1) or void (0); -1 for none
    """
    exposure = sheet[openness_at(sheet, at) + target]
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        if int(sheet[promise + PLEDGE_TARGET]) == target:
            issue = int(sheet[promise + PLEDGE_ISSUE])
            effect = sheet[sworn_at(sheet, at) + pledge]
            if int(sheet[promise + PLEDGE_GUARANTOR]) == guarantor:
                effect = sheet[promise + PLEDGE_EFFECT] * trustworthy
            strength = guarantee_strength(terms[terms_at + issue], sheet[promise + PLEDGE_AIM])
            exposure = exposure * (1.0 - effect * strength)
    return exposure


@rule
def exposure_of(sheet, at, target, terms, terms_at):
    """Return the probability, in the eyes of a row, that nothing deters an attack on fighter number `target`."""
    return exposure_if(sheet, at, target, -1, 0.0, terms, terms_at)


@rule
def most_exposed(sheet, at, side, terms, terms_at):
    """Return the number of the fighter of `side` that is most exposed in the eyes of a row; -1 if there is none."""
    found = -1
    most = 0.0
    for fighter in range(int(sheet[FIGHTERS])):
        if int(sheet[side_at(sheet, fighter)]) == side:
            exposure = exposure_of(sheet, at, fighter, terms, terms_at)
            if found < 0 or exposure > most:
                found = fighter
                most = exposure
    return found


@rule
def side_exposure(sheet, at, side, terms, terms_at):
    """Return the exposure of the most exposed fighter of `side` in the eyes of a row; 0 if there is none."""
    target = most_exposed(sheet, at, side, terms, terms_at)
    if target < 0:
        return 0.0
    return exposure_of(sheet, at, target, terms, terms_at)


@rule
def kept_belief(sheet, at, terms, terms_at):
    """Return q: the probability, in the eyes of a row, that the deal `terms` is kept over the horizon."""
    kept = sheet[KEPT_TRUSTWORTHY]
    of_side_a = side_exposure(sheet, at, 0, terms, terms_at)
    of_side_b = side_exposure(sheet, at, 1, terms, terms_at)
    for fighter in range(int(sheet[FIGHTERS])):
        lapsing = sheet[lapses_at(sheet, at) + fighter]
        if int(sheet[side_at(sheet, fighter)]) == 0:
            kept = kept * (1.0 - lapsing * of_side_b)
        else:
            kept = kept * (1.0 - lapsing * of_side_a)
    return kept
