"""Agreements survive as independent weekly risks say: (1 - h)^n, times (1 - s)^n where an overruled state spoils.

The hazards are computed here from the parameters and the terms, not by the model: h_T for the trustworthy, and for others
h_T + h_U (1 - own deterrence of the target) (1 - effect x strength of the guarantee x type of the guarantor).
"""

from dataclasses import dataclass
from math import prod, sqrt
from typing import Any

from scipy.stats import binomtest, norm

from sim.engines.model import Talks
from sim.scenario import Scenario
from tests.engines.worlds import dotted, played, scenario_of, tree_of, two_states

SIZE, SEED = 3000, 31
FALSE_ALARM = 1e-3  # of the whole campaign, over all its comparisons
WEEKS = 60
AFTER = (5, 15, 40)  # weeks from signing at which survivors are counted

H_T, H_U, SPOILING = 0.01, 0.06, 0.03


@dataclass(frozen=True)
class Case:
    """A world, and the weekly risks of an agreement in it by who ends it."""

    scenario: Scenario
    spoiled: bool = False

    def risks(self, talks: Talks) -> list[float]:
        """Return the weekly probabilities, of each belligerent and of each spoiler, that the first agreement ends."""
        values = self.scenario.values
        signed = next(event for event in talks.events if event.kind == "signs")
        terms = dict(zip(values["issues"], signed.detail["terms"], strict=True))
        risks = [SPOILING] * self.spoiled
        for breaker, target in (("attacker", "defender"), ("defender", "attacker")):
            open_to_attack = 1.0 - values["states"][target]["deterrence"]
            for pledge in values["guarantees"].values():
                if pledge["beneficiary"] == target:
                    aim = values["states"][target]["aims"][pledge["issue"]]
                    kept = float(talks.governments[pledge["guarantor"]].trustworthy)
                    open_to_attack *= 1.0 - pledge["effect"] * (1.0 - abs(terms[pledge["issue"]] - aim)) * kept
            trustworthy = talks.governments[breaker].trustworthy
            risks.append(H_T if trustworthy else H_T + H_U * open_to_attack)
        return risks


def cases() -> dict[str, Case]:
    """Return the worlds: sure types, undeterred and half deterred, a guarantor of either type, a state overruled."""
    hazards = dotted({"weeks": WEEKS, "agreement__hazard_trustworthy": H_T, "agreement__hazard_untrustworthy": H_U})
    base = two_states(**hazards)
    crooks = base.with_values(dotted({f"states__{state}__reliability": 0.0 for state in ("attacker", "defender")}))
    deterred = crooks.with_values({"states.attacker.deterrence": 0.6, "states.defender.deterrence": 0.3})
    guaranteed = tree_of(deterred)
    state = {"cost_sd": 0.0, "volatility": 0.0, "growth": 0.0, "aspiration": 0.0, "weights": {"territory": 1.0}}
    guaranteed["states"]["patron"] = state | {"reliability": 0.5, "aims": {"territory": 0.3}, "cost_median": 0.5}
    guaranteed["guarantees"] = {
        "shield": {"guarantor": "patron", "beneficiary": "defender", "issue": "territory", "effect": 0.9}
    }
    guaranteed["table"]["parties"] = ["attacker", "defender", "patron"]
    spoiled = tree_of(base)
    outsider = {"aims": {"territory": 0.0}, "grievance": 20.0, "blocking": 1e-9, "believed_blocking": 0.0}
    spoiled["states"]["overruled"] = state | outsider
    spoiled.setdefault("agreement", {})["spoiling"] = SPOILING
    return {
        "trustworthy": Case(base),
        "untrustworthy": Case(crooks),
        "deterred": Case(deterred),
        "guaranteed": Case(scenario_of(guaranteed)),
        "spoiled": Case(scenario_of(spoiled), spoiled=True),
    }


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return, for each world, survivors beside what is expected, and the p-values of the comparisons.

    left       agreements still in force some weeks after signing, against the product of the weekly chances
    endings    endings in all weeks at risk, against the sum of the weekly risks (a martingale, so z is standard normal)
    spoiled    endings in which a spoiler had a part, against its share of the risk
    """
    result: dict[str, Any] = {"replicates": replicates, "cases": {}, "p_values": {}}
    for name, case in cases().items():
        lasted, risks, by_spoiler = [], [], []
        for number in range(replicates):
            talks = played(case.scenario, seed, number)
            ends = [event.week for event in talks.events if event.kind in ("breaks", "spoils")]
            signed = next(event.week for event in talks.events if event.kind == "signs")
            risks.append(case.risks(talks))
            lasted.append((min(ends) - signed if ends else WEEKS - signed + 1, bool(ends)))
            if ends:
                by_spoiler.append(any(event.kind == "spoils" for event in talks.events))
        result["cases"][name] = _compared(name, lasted, risks, by_spoiler, result["p_values"])
    return result


def _compared(
    name: str,
    lasted: list[tuple[int, bool]],
    risks: list[list[float]],
    by_spoiler: list[bool],
    p_values: dict[str, float],
) -> dict[str, Any]:
    """Return what one world showed beside what is expected, and add the p-values."""
    ending = [1.0 - prod(1.0 - risk for risk in each) for each in risks]
    at_risk = [weeks if ended else weeks - 1 for weeks, ended in lasted]
    expected = sum(weeks * chance for weeks, chance in zip(at_risk, ending, strict=True))
    spread = sqrt(sum(weeks * chance * (1.0 - chance) for weeks, chance in zip(at_risk, ending, strict=True)))
    endings = sum(ended for _, ended in lasted)
    p_values[f"{name}: endings"] = float(2.0 * norm.sf(abs(endings - expected) / spread))
    left = {}
    for weeks in AFTER:
        survivors = sum(length > weeks for length, _ in lasted)
        mean = sum((1.0 - chance) ** weeks for chance in ending) / len(ending)
        left[weeks] = (survivors / len(lasted), mean)
        if len({round(chance, 12) for chance in ending}) == 1:
            p_values[f"{name}: left after {weeks} weeks"] = binomtest(survivors, len(lasted), mean).pvalue
    if by_spoiler and any(by_spoiler):
        share = SPOILING / ending[0]
        p_values[f"{name}: spoiled"] = binomtest(sum(by_spoiler), len(by_spoiler), share).pvalue
    return {"endings": endings, "expected": expected, "left": left, "chances": sorted({round(c, 6) for c in ending})}


def wrong(result: dict[str, Any]) -> list[str]:
    """Return the comparisons that chance does not explain."""
    return unexplained(result["p_values"], FALSE_ALARM)


def unexplained(p_values: dict[str, float], false_alarm: float) -> list[str]:
    """Return the comparisons whose p-value lies below their share of the false-alarm rate (Bonferroni)."""
    least = false_alarm / len(p_values)
    return [f"{name}: p = {p:.2g}, below {least:.2g}" for name, p in p_values.items() if p < least]


def least_likely(result: dict[str, Any]) -> str:
    """Return the comparison that chance explains least, in a line."""
    p_values = result["p_values"]
    name = min(p_values, key=p_values.__getitem__)
    return f"smallest p of {len(p_values)} comparisons {p_values[name]:.2g} ({name})"


found = least_likely
