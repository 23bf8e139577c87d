"""The mechanisms of the essay's case, each declared once by what is set to switch it off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from docs.tables.markdown import code
from sim.scenario.load import Scenario, load

CASE, REFERENCE = "secret-track-1.5", "reference"
STATES = ("russia", "ukraine", "united_states")
ENVOYS = ("envoy", "second_envoy")
NEARLY_CERTAIN = 1.0 - 1e-6

Values = Mapping[str, object]


@dataclass(frozen=True)
class Mechanism:
    """Something that can be switched off alone.

    values       what is set to switch it off
    scenario     the scenario that has it switched off, where no values can say it
    sets_trust   whether Ukraine's first trust in the United States is itself set, so that T compares nothing
    """

    name: str
    what: str
    values: Values = field(default_factory=dict)
    scenario: str = CASE
    sets_trust: bool = False

    def switched_off(self, base: Scenario) -> Scenario:
        """Return the case without the mechanism."""
        return base.with_values(self.values) if self.scenario == CASE else load(self.scenario)

    def told(self) -> str:
        """Return what is set, in words: each parameter once, however many entries it is set in."""
        if self.scenario != CASE:
            return f"scenario {code(self.scenario)}"
        said = dict.fromkeys(f"{code(key.rpartition('.')[2])} {worded(value)}" for key, value in self.values.items())
        return ", ".join(said)


def worded(value: object) -> str:
    """Return a set value as a page shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float | int) else str(value)


def both(**values: object) -> dict[str, object]:
    """Return values for both envoys: one alone would leave the other as they were."""
    return {f"officials.{envoy}.{name}": value for envoy in ENVOYS for name, value in values.items()}


def every_state(**values: object) -> dict[str, object]:
    """Return values for every state."""
    return {f"states.{state}.{name}": value for state in STATES for name, value in values.items()}


def back(**values: object) -> dict[str, object]:
    """Return values for the channel."""
    return {f"channels.back.{name}": value for name, value in values.items()}


def agreement(**values: object) -> dict[str, object]:
    """Return values for what becomes of an agreement."""
    return {f"agreement.{name}": value for name, value in values.items()}


NO_DENIAL = back(believed_deny_authorised=0.97, believed_deny_freelance=0.97)
NO_OFFER = back(believed_offer_trustworthy=0.5, believed_offer_untrustworthy=0.5, believed_offer_freelance=0.5)
NO_EXISTENCE = back(believed_authorised_trustworthy=0.3, believed_authorised_untrustworthy=0.3)
NO_CHECKS = back(verification=0.0)
NO_LEAKS = both(discretion=1.0)
FROZEN = NO_EXISTENCE | NO_OFFER | NO_DENIAL | NO_CHECKS

CHANNEL = (
    Mechanism("the whole channel", "no former official carries messages", scenario=REFERENCE),
    Mechanism("trust moved by the channel", "leak, record, denial and checks are no news of home's type", FROZEN),
    Mechanism("exposure", "the channel never leaks", NO_LEAKS),
    Mechanism("existence", "such a channel is as likely of either type of home", NO_EXISTENCE),
    Mechanism("offer on the record", "an offer on the record is as likely of every home", NO_OFFER),
    Mechanism("denial and silence", "observers find a denial as likely if authorised as if not", NO_DENIAL),
    Mechanism("verification", "nobody checks with the home government", NO_CHECKS),
    Mechanism("misrepresentation", "every meeting is honest", both(candour=1.0)),
    Mechanism("shading", "a misrepresented meeting says nothing false", both(shading=0.0)),
    Mechanism("lean", "no bluff is relayed, nor ever will be", both(lean=0.0, susceptibility=0.0)),
    Mechanism("susceptibility", "envoys are not drawn in", both(susceptibility=0.0)),
    Mechanism("bluff", "there is no bluff to relay", every_state(bluff=0.0)),
    Mechanism("escalation claims", "no envoy says they would use nuclear weapons", back(claim_rate=0.0)),
    Mechanism("second-hand noise", "what is known at second hand is as clear as at first", back(second_hand=1.0)),
    Mechanism("what home hears", "nothing reaches the decision-makers at home", back(transfer_home=0.0)),
    Mechanism("what the audience hears", "nothing reaches those visited", back(transfer_audience=0.0)),
    Mechanism("contact cost", "governments meet whatever they expect", every_state(contact_cost=0.0)),
    Mechanism("audience cost", "an exposed channel costs nobody anything at home", every_state(exposure_cost=0.0)),
)
BARGAINING = (
    Mechanism("aspiration", "nobody holds out for more than a gain", every_state(aspiration=0.0)),
    Mechanism("table cost", "governments sit down whatever they expect", every_state(table_cost=0.0)),
    Mechanism("goodwill", "nobody sits down without a gain", every_state(goodwill=0.0)),
    Mechanism("convening", "the table opens as soon as all would join", {"table.convening": 1.0}),
    Mechanism("cooling off", "a failed table may open again at once", {"table.cooling_off_weeks": 0}),
    Mechanism(
        "ratification", "no parliament is asked", {f"states.{one}.ratifies": False for one in ("ukraine", STATES[2])}
    ),
    Mechanism("grievance", "a state kept out asks for nothing extra", every_state(grievance=0.0)),
    Mechanism("fait accompli", "a done deal is no news of trustworthiness", {"table.fait_accompli": 1.0}),
    Mechanism("spoiling", "nobody overruled spoils a deal", agreement(spoiling=0.0)),
)
BELIEFS = (
    Mechanism("optimism", "nobody overrates the other side's costs", every_state(optimism=0.0)),
    Mechanism(
        "ignorance at the start",
        "all know all costs when it begins; costs still wander",
        {f"states.{one}.toward.{two}.intelligence": 0.001 for one in STATES for two in STATES if one != two},
    ),
    Mechanism("volatility", "costs do not wander and beliefs do not fade", every_state(volatility=0.0)),
    Mechanism("weariness", "costs do not grow", every_state(growth=0.0)),
)
KEEPING = (
    Mechanism("betrayal", "a broken agreement loses nothing beyond the war", every_state(betrayal=0.0)),
    Mechanism("deterrence by own strength", "own forces deter nobody", every_state(deterrence=0.0)),
    Mechanism("guarantee", "the guarantee deters nobody", {"guarantees.united_states_for_ukraine.effect": 0.0}),
    Mechanism(
        "burden", "the guarantee costs its guarantor nothing", {"guarantees.united_states_for_ukraine.burden": 0.0}
    ),
    Mechanism(
        "doubt about the guarantor",
        "Russia and Ukraine trust the United States from the start",
        {f"states.{one}.toward.united_states.trust": NEARLY_CERTAIN for one in STATES[:2]},
        sets_trust=True,
    ),
    Mechanism("breaches by the trustworthy", "who is trustworthy never breaks", agreement(hazard_trustworthy=0.0)),
    Mechanism("breaches by others", "others break no more than they do", agreement(hazard_untrustworthy=0.0)),
)
WAR = (
    Mechanism("response of the front", "the front does not answer to arms", {"front.response": 0.0}),
    Mechanism("chance at the front", "the front moves without chance", {"front.sd": 0.0}),
    Mechanism("aid", "no arms are given", {"aid.united_states_to_ukraine.maximum": 0.0}),
    Mechanism("fear of escalation", "aid does not heed it", {"aid.united_states_to_ukraine.sensitivity": 0.0}),
)
PARTS = {
    "The channel": CHANNEL,
    "Bargaining": BARGAINING,
    "Costs and beliefs about them": BELIEFS,
    "Keeping an agreement": KEEPING,
    "The war": WAR,
}
MECHANISMS = tuple(one for part in PARTS.values() for one in part)

KEPT_OUT: Values = {"table.parties": ["russia", "united_states"]}
OF_THOSE_KEPT_OUT = tuple(one for one in BARGAINING if one.name in ("grievance", "fait accompli", "spoiling"))
