"""Whether an agreement is kept: trust, deterrence and guarantees.

A state believes that a deal is kept over a horizon of H weeks with probability

    q = (1 - h_T)^H  product over those who could attack it of  [trust + (1 - trust) (d + (1 - d) (1 - h_U)^H)]
    d = 1 - (1 - own) product over guarantors of (1 - effect G trust_in_guarantor),     G = 1 - |x - aim|

`1 - d` is called exposure here. Guarantees as the remedy of the commitment problem: Walter (1997); the product is ours.
A state that could be attacked by several fears each; an attacker that faces several goes for the most exposed.

The functions below read a sheet (sim/search/sheet.py), which holds one row for each state whose view counts.
"""

from sim.rules.registry import rule
from sim.search.sheet import (
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
def undeterred(effect, term, aim):
    """Return the probability that a guarantee does not deter: 1 - effect G, with the effect in a row's eyes."""
    return 1.0 - effect * guarantee_strength(term, aim)


@rule
def exposure_of(sheet, at, target, terms, terms_at):
    """Return the probability, in the eyes of a row, that nothing deters an attack on fighter number `target`."""
    exposure = sheet[openness_at(sheet, at) + target]
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        if sheet[promise + PLEDGE_TARGET] == target:
            term = terms[terms_at + int(sheet[promise + PLEDGE_ISSUE])]
            effect = sheet[sworn_at(sheet, at) + pledge]
            exposure = exposure * undeterred(effect, term, sheet[promise + PLEDGE_AIM])
    return exposure


@rule
def exposure_if(sheet, at, target, guarantor, trustworthy, terms, terms_at):
    """Return what `exposure_of` would be if it were known whether a guarantor is trustworthy.

    guarantor, trustworthy   a state number, and 1 if its promises are surely kept or 0 if they are void
    """
    exposure = sheet[openness_at(sheet, at) + target]
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        if sheet[promise + PLEDGE_TARGET] == target:
            term = terms[terms_at + int(sheet[promise + PLEDGE_ISSUE])]
            effect = sheet[sworn_at(sheet, at) + pledge]
            if sheet[promise + PLEDGE_GUARANTOR] == guarantor:
                effect = sheet[promise + PLEDGE_EFFECT] * trustworthy
            exposure = exposure * undeterred(effect, term, sheet[promise + PLEDGE_AIM])
    return exposure


@rule
def most_exposed(sheet, at, side, terms, terms_at):
    """Return the number of the fighter of `side` that is most exposed in the eyes of a row; -1 if there is none."""
    found = -1
    most = 0.0
    for fighter in range(int(sheet[FIGHTERS])):
        if sheet[side_at(sheet, fighter)] == side:
            exposure = exposure_of(sheet, at, fighter, terms, terms_at)
            if found < 0 or exposure > most:
                found = fighter
                most = exposure
    return found


@rule
def side_exposure(sheet, at, side, terms, terms_at):
    """Return the exposure of the most exposed fighter of `side` in the eyes of a row; 0 if there is none."""
    most = 0.0
    for fighter in range(int(sheet[FIGHTERS])):
        if sheet[side_at(sheet, fighter)] == side:
            exposure = exposure_of(sheet, at, fighter, terms, terms_at)
            if exposure > most:
                most = exposure
    return most


@rule
def kept_belief(sheet, at, terms, terms_at):
    """Return q: the probability, in the eyes of a row, that the deal `terms` is kept over the horizon."""
    kept = sheet[KEPT_TRUSTWORTHY]
    lapses = lapses_at(sheet, at)
    for fighter in range(int(sheet[FIGHTERS])):
        lapsing = sheet[lapses + fighter]
        if lapsing > 0.0:
            target_side = 1.0 - sheet[side_at(sheet, fighter)]
            kept = kept * (1.0 - lapsing * side_exposure(sheet, at, target_side, terms, terms_at))
    return kept
