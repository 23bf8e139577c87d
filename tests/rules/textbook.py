"""The quantities of a sheet written as in the literature, over named parties, with SciPy's normal distribution.

No function of the package is called here: this is what the rules are compared with.
"""

from itertools import product
from math import exp, inf, log

import mpmath
from scipy.special import log_ndtr, ndtr

from tests.rules.sheets import Party, Talks


def deterred(talks: Talks, party: Party, fighter: int, terms: list[float]) -> float:
    """d = 1 - (1 - own) product over guarantors of (1 - effect G trust), G = 1 - |x - aim|."""
    undeterred = party.openness[fighter]
    for pledge, sworn in zip(talks.pledges, party.sworn, strict=False):
        if pledge.target == fighter:
            undeterred *= 1.0 - sworn * (1.0 - abs(terms[pledge.issue] - pledge.aim))
    return 1.0 - undeterred


def held_off(talks: Talks, party: Party, fighter: int, terms: list[float]) -> float:
    """The mean of exp(-wild (1 - d)) over the types of those who guarantee a fighter, the row sure of its own."""
    pledges = [pair for pair in zip(talks.pledges, party.sworn, strict=False) if pair[0].target == fighter]
    mean = 0.0
    for types in product((0, 1), repeat=len(pledges)):
        likely, exposure = 1.0, party.openness[fighter]
        for keeps, (pledge, sworn) in zip(types, pledges, strict=True):
            likely *= sworn / pledge.effect if keeps else 1.0 - sworn / pledge.effect
            exposure *= 1.0 - keeps * pledge.effect * (1.0 - abs(terms[pledge.issue] - pledge.aim))
        mean += likely * (mpmath.exp if isinstance(exposure, mpmath.mpf) else exp)(-talks.wild * exposure)
    return mean


def kept_as_it_settles(talks: Talks, party: Party, terms: list[float]) -> float:
    """q = product over attackers of S_T [tau + (1 - tau) the mean of exp(-wild (1 - d))] of the most exposed."""
    q = 1.0
    for attacker, side in enumerate(talks.sides):
        prey = [fighter for fighter, other in enumerate(talks.sides) if other != side]
        if party.lapses[attacker] > 0.0:
            weakest = min(prey, key=lambda fighter: deterred(talks, party, fighter, terms))
            distrust = party.lapses[attacker]
            q *= talks.kept_trustworthy * (1.0 - distrust + distrust * held_off(talks, party, weakest, terms))
    return q


def kept(talks: Talks, party: Party, terms: list[float]) -> float:
    """q = (1 - h_T)^H product over attackers of 1 - lapse (1 - d of the most exposed of the other side)."""
    if talks.wild > 0.0:
        return kept_as_it_settles(talks, party, terms)
    q = talks.kept_trustworthy
    for attacker, side in enumerate(talks.sides):
        prey = [fighter for fighter, other in enumerate(talks.sides) if other != side]
        weakest = min((deterred(talks, party, fighter, terms) for fighter in prey), default=1.0)
        q *= 1.0 - party.lapses[attacker] * (1.0 - weakest)
    return q


def worth(party: Party, terms: list[float]) -> float:
    return 1.0 - sum(w * (x - a) ** 2 for w, x, a in zip(party.weights, terms, party.aims, strict=True))


def burden(talks: Talks, party: Party, terms: list[float]) -> float:
    each = zip(talks.pledges, party.burdens, strict=False)
    return sum(cost * (1.0 - abs(terms[pledge.issue] - pledge.aim)) for pledge, cost in each)


def outside(party: Party) -> float:
    """r = u(x_war) - c g."""
    return party.war_utility - party.cost * party.weariness


def surplus(talks: Talks, party: Party, terms: list[float]) -> float:
    """V - r with V = q u + (1 - q) (r - betrayal) - burdens."""
    q, r = kept(talks, party, terms), outside(party)
    value = q * worth(party, terms) + (1.0 - q) * (r - party.betrayal) - burden(talks, party, terms)
    return value - r


def gap(talks: Talks, party: Party, terms: list[float]) -> float:
    """y = u(x_war) - u(x) + ((1 - q) betrayal + burdens + margin) / q."""
    q = kept(talks, party, terms)
    if q == 0.0:
        return inf
    price = (1.0 - q) * party.betrayal + burden(talks, party, terms) + party.margin
    return party.war_utility - worth(party, terms) + price / q


def log_consent(talks: Talks, party: Party, terms: list[float]) -> float:
    """log of 1 - b (1 - P), P = Phi((m - log(y / g)) / sd)."""
    y = gap(talks, party, terms)
    if y <= 0.0:
        return 0.0
    z = (party.mean - log(y / party.weariness)) / party.sd
    if party.blocking == 1.0:
        return float(log_ndtr(z))
    return log(1.0 - party.blocking * (1.0 - float(ndtr(z))))


def log_objective(talks: Talks, terms: list[float]) -> float:
    """log of (V_p - r_p) times the probability that nobody stands in the way; minus infinity below p's margin."""
    proposer = talks.parties[talks.proposer]
    gain = surplus(talks, proposer, terms)
    if gain <= proposer.margin:
        return -inf
    asked = [party for row, party in enumerate(talks.parties) if row != talks.proposer]
    return log(gain) + sum(log_consent(talks, party, terms) for party in asked)


def least_spare(talks: Talks, terms: list[float]) -> float:
    """The smallest c g - y over all parties: above 0 if the deal beats everybody's outside option."""
    return min(party.cost * party.weariness - gap(talks, party, terms) for party in talks.parties)
