"""Claims that the other side would escalate, and the fear that withholds aid.

With credibility kappa a claim moves the hearer's log-odds of escalation by log(kappa B + 1 - kappa), a meeting without one
by the complement under the hearer's own belief p about how often such claims come; moved log-odds revert to the prior.
Such threats seldom work (Sechser & Fuhrmann 2013), so B is swept from below 1.
"""

from sim.numerics import log
from sim.rules.registry import rule


@rule
def claim_probability(lean, claim_rate):
    """Return the probability that a meeting conveys an escalation claim."""
    return lean * claim_rate


@rule
def log_claim_factor(claimed, credibility, claim_factor, believed_rate):
    """Return the move of the log-odds of escalation by a meeting with or without a claim (believed_rate B below 1)."""
    if claimed > 0:
        return log(credibility * claim_factor + 1.0 - credibility)
    spared = (1.0 - believed_rate * claim_factor) / (1.0 - believed_rate)
    return log(credibility * spared + 1.0 - credibility)


@rule
def reverted(log_odds, prior_log_odds, reversion):
    """Return log-odds a week later, a share `reversion` of the way back to the prior."""
    return log_odds - reversion * (log_odds - prior_log_odds)
