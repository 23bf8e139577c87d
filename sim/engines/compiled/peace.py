"""The war and the agreement in force in the compiled engine: the front, aid, breaches, and trust in those who keep."""

from sim import chance
from sim.engines.compiled.bench import BROKEN, fail
from sim.engines.compiled.layout import AGREEMENT, AID, ESCALATION, FRONT, GUARANTEE, ISSUE, PLAN, SCALAR, STATE, kernel
from sim.engines.compiled.sheets import begin_sheet, look_at_all, of_guarantee, promise_guarantors, write_state
from sim.engines.compiled.states import (
    OWN,
    PUBLIC,
    TRUTH,
    address,
    are_adversaries,
    betrayal,
    normal,
    occurs,
    of_state,
    pair,
    section,
    trust_of,
)
from sim.engines.outcomes import OUTCOMES
from sim.numerics import logistic, logit
from sim.rules import beliefs, escalation, exposure, hearing, keeping, trust, war, worth
from sim.search.sheet import row_at

SUCCESS = OUTCOMES.index("success") + 1
DECIDED_BY_FORCE = OUTCOMES.index("decided_by_force") + 1


@kernel
def of_agreement(plan, field):
    """Return where a parameter of agreements stands in the record."""
    return section(plan, PLAN.at_agreement) + field


@kernel
def of_flow(plan, flow, field):
    """Return where a parameter of a flow of aid stands in the record."""
    return section(plan, PLAN.at_flow) + flow * AID.size + field


@kernel
def live_a_week(plan, record, state):
    """Let costs wander, audience costs and fears lapse, and beliefs fade."""
    fear = section(plan, PLAN.at_escalation)
    calm, reversion = logit(record[fear + ESCALATION.prior]), record[fear + ESCALATION.reversion]
    for who in range(plan[PLAN.states_count]):
        shock = normal(plan, chance.COST_STEP, address(plan, who), chance.NOBODY)
        place = plan[PLAN.log_cost] + who
        state[place] = worth.stepped_log_cost(state[place], record[of_state(plan, who, STATE.volatility)], shock)
        place = plan[PLAN.level] + who
        state[place] = exposure.lapsed(state[place], record[of_state(plan, who, STATE.exposure_lapse)])
        place = plan[PLAN.fear] + who
        state[place] = escalation.reverted(state[place], calm, reversion)
        for other in range(plan[PLAN.states_count]):
            if other != who:
                age(plan, record, state, who, other)


@kernel
def age(plan, record, state, who, other):
    """Let a week pass over a state's beliefs about another."""
    volatility = record[of_state(plan, other, STATE.volatility)]
    place = plan[PLAN.variance] + pair(plan, who, other)
    state[place] = beliefs.aged_variance(state[place], volatility)
    for channel in range(plan[PLAN.channels_count]):
        number = (channel * plan[PLAN.states_count] + who) * plan[PLAN.states_count] + other
        at = plan[PLAN.hearing] + number * hearing.HEARING_SIZE
        if state[at + hearing.HEARD] > 0.0:
            hearing.age_hearing(state, at, volatility)


@kernel
def fight(plan, record, state):
    """Let costs wander; send aid and move the front unless an agreement is in force."""
    live_a_week(plan, record, state)
    front = section(plan, PLAN.at_front)
    if plan[PLAN.in_force] == 0:
        for flow in range(plan[PLAN.aid_count]):
            state[plan[PLAN.aid_now] + flow] = aid_of(plan, record, state, flow)
        shock = normal(plan, chance.FRONT_STEP, chance.NOBODY, chance.NOBODY)
        moved = war.stepped_front(state[SCALAR.front_now], drift(plan, record, state), record[front + FRONT.sd], shock)
        state[SCALAR.front_now] = moved
        if war.decided_by_force(moved) > 0:
            plan[PLAN.outcome] = DECIDED_BY_FORCE
    reckon(plan, record, state)


@kernel
def aid_of(plan, record, state, flow):
    """Return the aid a flow brings this week."""
    if record[of_flow(plan, flow, AID.active)] <= 0.0:
        return 0.0
    giver = int(record[of_flow(plan, flow, AID.giver)])
    fear = logistic(state[plan[PLAN.fear] + giver])
    return war.aid_given(record[of_flow(plan, flow, AID.maximum)], record[of_flow(plan, flow, AID.sensitivity)], fear)


@kernel
def drift(plan, record, state):
    """Return the expected weekly movement of the front."""
    balance = 0.0
    for number in range(plan[PLAN.fighters_count]):
        who = plan[plan[PLAN.fighter] + number]
        power = record[of_state(plan, who, STATE.strength)]
        for flow in range(plan[PLAN.aid_count]):
            if int(record[of_flow(plan, flow, AID.recipient)]) == who:
                power = power + state[plan[PLAN.aid_now] + flow]
        if record[of_state(plan, who, STATE.side)] <= 0.0:
            balance = balance + power
        else:
            balance = balance - power
    return war.front_drift(record[section(plan, PLAN.at_front) + FRONT.response], balance)


@kernel
def reckon(plan, record, state):
    """Reckon how each issue would end without a deal."""
    lookahead = int(record[section(plan, PLAN.at_front) + FRONT.lookahead])
    expected = war.expected_front(state[SCALAR.front_now], drift(plan, record, state), lookahead)
    for issue in range(plan[PLAN.issues_count]):
        at = section(plan, PLAN.at_issue) + issue * ISSUE.size
        ends = worth.without_deal(record[at + ISSUE.contested], record[at + ISSUE.status_quo], expected)
        state[plan[PLAN.ends] + issue] = ends


@kernel
def keep(plan, record, state, sheet):
    """Keep, break or spoil the agreement in force; trust moves by what is seen."""
    if plan[PLAN.in_force] == 0:
        return
    promise_guarantors(plan)
    broken, spoiled = 0, 0
    for number in range(plan[PLAN.fighters_count]):
        who = plan[plan[PLAN.fighter] + number]
        plan[plan[PLAN.broke] + who] = breaks(plan, record, state, sheet, who)
        broken += plan[plan[PLAN.broke] + who]
    for who in range(plan[PLAN.states_count]):
        if plan[plan[PLAN.spoilers] + who] > 0:
            if occurs(plan, chance.SPOILING, address(plan, who), record[of_agreement(plan, AGREEMENT.spoiling)]):
                spoiled += 1
    for number in range(plan[PLAN.fighters_count]):
        watch(plan, record, state, sheet, plan[plan[PLAN.fighter] + number])
    if broken > 0 or spoiled > 0:
        charge(plan, record, state, broken)
        plan[PLAN.in_force] = 0
        fail(plan, record, BROKEN)
        return
    plan[PLAN.held] += 1
    if plan[PLAN.held] >= int(record[of_agreement(plan, AGREEMENT.hold_weeks)]):
        plan[PLAN.outcome] = SUCCESS


@kernel
def target_side(plan, record, fighter):
    """Return the side a belligerent would attack: 0 for A, 1 for B."""
    return 1 - int(record[of_state(plan, fighter, STATE.side)])


@kernel
def breaks(plan, record, state, sheet, fighter):
    """Return 1 if a belligerent breaks the agreement this week, else 0."""
    begin_sheet(plan, record, state, sheet, 1, -1)
    write_state(plan, record, state, sheet, 0, fighter, TRUTH)
    look_at_all(plan, record, sheet, 0)
    side = target_side(plan, record, fighter)
    found = keeping.side_exposure(sheet, row_at(sheet, 0), side, state, plan[PLAN.terms])
    hazard = keeping.weekly_hazard(
        state[plan[PLAN.trustworthy] + fighter],
        record[of_agreement(plan, AGREEMENT.hazard_trustworthy)],
        record[of_agreement(plan, AGREEMENT.hazard_untrustworthy)],
        found,
    )
    if occurs(plan, chance.BREACH, address(plan, fighter), hazard):
        return 1
    return 0


@kernel
def charge(plan, record, state, broken):
    """Charge the loss to belligerents whose adversary broke the agreement; to all where it was spoiled."""
    for number in range(plan[PLAN.fighters_count]):
        who = plan[plan[PLAN.fighter] + number]
        betrayed = broken == 0
        for another in range(plan[PLAN.fighters_count]):
            other = plan[plan[PLAN.fighter] + another]
            if plan[plan[PLAN.broke] + other] > 0 and are_adversaries(plan, record, who, other):
                betrayed = True
        if betrayed:
            state[plan[PLAN.payoff] + who] = state[plan[PLAN.payoff] + who] - betrayal(plan, record, who)


@kernel
def watch(plan, record, state, sheet, fighter):
    """Let every other state draw its conclusions from a week in which a belligerent kept or broke the agreement."""
    for observer in range(plan[PLAN.states_count]):
        if observer != fighter:
            draw_conclusions(plan, record, state, sheet, observer, fighter, OWN)
            draw_conclusions(plan, record, state, sheet, observer, fighter, PUBLIC)


@kernel
def odds_of(plan, view):
    """Return where the log-odds of a view stand."""
    if view == PUBLIC:
        return plan[PLAN.public_odds]
    return plan[PLAN.log_odds]


@kernel
def draw_conclusions(plan, record, state, sheet, observer, fighter, view):
    """Move one state's own, or publicly known, trust in a belligerent and in those who guarantee its target."""
    begin_sheet(plan, record, state, sheet, 1, -1)
    write_state(plan, record, state, sheet, 0, observer, view)
    look_at_all(plan, record, sheet, 0)
    at, terms, broke = row_at(sheet, 0), plan[PLAN.terms], plan[plan[PLAN.broke] + fighter]
    target = keeping.most_exposed(sheet, at, target_side(plan, record, fighter), state, terms)
    calm = record[of_agreement(plan, AGREEMENT.believed_hazard_trustworthy)]
    wild = record[of_agreement(plan, AGREEMENT.believed_hazard_untrustworthy)]
    trusted = trust_of(plan, record, state, observer, fighter, view)
    untrusted = keeping.weekly_hazard(0.0, calm, wild, keeping.exposure_of(sheet, at, target, state, terms))
    place = odds_of(plan, view) + pair(plan, observer, fighter)
    state[place] = state[place] + trust.log_bayes_factor(trust.seen(broke, calm), trust.seen(broke, untrusted))
    protected = plan[plan[PLAN.fighter] + target]
    for guarantor in range(plan[PLAN.states_count]):
        if guarantor != observer and protects(plan, record, guarantor, protected):
            kept = keeping.exposure_if(sheet, at, target, guarantor, 1.0, state, terms)
            void = keeping.exposure_if(sheet, at, target, guarantor, 0.0, state, terms)
            if_kept = trust.mixed(trusted, calm, keeping.weekly_hazard(0.0, calm, wild, kept))
            if_void = trust.mixed(trusted, calm, keeping.weekly_hazard(0.0, calm, wild, void))
            place = odds_of(plan, view) + pair(plan, observer, guarantor)
            state[place] = state[place] + trust.log_bayes_factor(trust.seen(broke, if_kept), trust.seen(broke, if_void))


@kernel
def protects(plan, record, guarantor, beneficiary):
    """Return whether a state's promise to protect another counts in the agreement in force."""
    if plan[plan[PLAN.guarantors] + guarantor] == 0:
        return False
    for guarantee in range(plan[PLAN.guarantees_count]):
        if record[of_guarantee(plan, guarantee, GUARANTEE.active)] > 0.0:
            if int(record[of_guarantee(plan, guarantee, GUARANTEE.guarantor)]) == guarantor:
                if int(record[of_guarantee(plan, guarantee, GUARANTEE.beneficiary)]) == beneficiary:
                    return True
    return False
