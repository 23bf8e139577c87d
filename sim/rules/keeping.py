"""Whether an agreement is kept: trust, deterrence and guarantees.

A state believes that a deal is kept over a horizon of H weeks with probability

    q = (1 - h_T)^H  product over those who could attack it of  [trust + (1 - trust) (d + (1 - d) (1 - h_U)^H)]
    d = 1 - (1 - own) product over guarantors of (1 - effect G trust_in_guarantor),     G = 1 - |x - aim|

`1 - d` is called exposure here. Guarantees as the remedy of the commitment problem: Walter (1997); the product is ours.
A state that could be attacked by several fears each; an attacker that faces several goes for the most exposed.
"""

from sim.rules.registry import rule


@rule
def guarantee_strength(term, aim):
    """Return how much of a guarantee the deal leaves, 0..1: all if the issue ends at the beneficiary's aim."""
    return 1.0 - abs(term - aim)


@rule
def sworn(effect, trust, counts):
    """Return the chance that a full guarantee deters, in the eyes of a state with `trust` in the guarantor.

    counts   1 if the guarantor is a party to the deal or has accepted it, else 0
    """
    if counts > 0:
        return effect * trust
    return 0.0


@rule
def burden_borne(burden, counts):
    """Return what a guarantee costs its guarantor (utility): `burden` if it counts (1), nothing if it does not (0)."""
    if counts > 0:
        return burden
    return 0.0


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
    """Return the probability that a guarantee does not deter: 1 - effect G, with the effect in an observer's eyes."""
    return 1.0 - effect * guarantee_strength(term, aim)


@rule
def bears_breach(broken, broke):
    """Return 1 if a belligerent bears its loss when an agreement that is followed ends, else 0.

    broken   1 if a belligerent broke it, 0 if it was only spoiled: then all bear their loss
    broke    1 if this one did
    """
    if broken > 0 and broke > 0:
        return 0
    return 1


@rule
def pays_for_breach(broken, betrayed):
    """Return 1 if a belligerent bears its loss when an agreement ends, else 0.

    broken     1 if a belligerent broke it, 0 if it was only spoiled: then all bear their loss
    betrayed   1 if an adversary of this one broke it
    """
    if broken > 0 and not betrayed:
        return 0
    return 1
