"""The offer search finds what SciPy finds: at least 99.9 % of the best expected gain in at least 97 % of random talks.

Half of the talks have states kept out of the table. How the talks are drawn and what SciPy is asked is in
tests/rules/offer_campaign.py.
"""

from typing import Any

from tests.rules import offer_campaign

SIZE, SEED = 1000, 2


def run(instances: int, seed: int) -> dict[str, Any]:
    """Return the share of the talks in which the search is good enough, and where it is not."""
    return dict(offer_campaign.run(instances, seed))


def wrong(result: dict[str, Any]) -> list[str]:
    """Return that too many searches miss too much."""
    share = result["share"]
    return [] if share >= offer_campaign.SHARE else [f"only {share:.1%} of the searches are good enough"]


def found(result: dict[str, Any]) -> str:
    """Return the figures in a line."""
    return (
        f"{result['share']:.1%} within .1 % of SciPy's best; the worst of 97 % misses {result['quantiles'][0.97]:.2g}"
    )
