"""The compiled engine's replicate: begin, play the weeks in the order of the table, write the columns down."""

from sim import chance
from sim.engines.compiled.bench import check_deal, negotiate
from sim.engines.compiled.layout import (
    AGREEMENT,
    CHANNEL,
    ESCALATION,
    FRONT,
    HEARER,
    OFFICIAL,
    PLAN,
    SCALAR,
    STATE,
    TOWARD,
    kernel,
)
from sim.engines.compiled.peace import DECIDED_BY_FORCE, SUCCESS, fight, keep, of_agreement
from sim.engines.compiled.states import (
    address,
    are_adversaries,
    credibility_at,
    normal,
    occurs,
    of_state,
    pair,
    section,
    write_estimate,
)
from sim.engines.compiled.talks import expose, meet, of_channel, of_official
from sim.engines.outcomes import FAILURES, OUTCOMES
from sim.numerics import log, logistic, logit, power
from sim.rules import beliefs, worth

FIRST_WEEK, LAST_WEEK, DEAL_CHECK_WEEK = 27, 52, 26
REASONS = len(FAILURES)
IN_FORCE_UNPROVEN = OUTCOMES.index("in_force_unproven") + 1
NEVER_OPENED = OUTCOMES.index("never_opened") + 1
IMPASSE = OUTCOMES.index("impasse") + 1
MISSING = float("nan")


@kernel
def play(plan, record, state, sheet, work, seed, replicate):
    """Play one replicate to its end; the arrays then hold all there is to know of it."""
    begin(plan, record, state, seed, replicate)
    while plan[PLAN.outcome] == 0 and plan[PLAN.week] < plan[PLAN.weeks_count]:
        play_week(plan, record, state, sheet, work)
    finish(plan, state)


@kernel
def play_week(plan, record, state, sheet, work):
    """Play one week, in the order of the table of the week."""
    plan[PLAN.week] += 1
    intervene(plan, record, state)
    fight(plan, record, state)
    meet(plan, record, state, sheet, work)
    expose(plan, record, state)
    keep(plan, record, state, sheet)
    if plan[PLAN.outcome] == 0:
        signed = plan[PLAN.agreements]
        negotiate(plan, record, state, sheet, work)
        if plan[PLAN.agreements] > signed and plan[PLAN.perception_weeks] == 0:
            perceive(plan, state)
    write_down(plan, record, state, sheet, work)
    follow(plan, state)


@kernel
def begin(plan, record, state, seed, replicate):
    """Clear the arrays; draw types and costs, then first beliefs."""
    for place in range(plan[PLAN.began], len(plan)):
        plan[place] = 0
    for place in range(PLAN.seed, PLAN.size):
        plan[place] = 0
    for place in range(len(state)):
        state[place] = 0.0
    plan[PLAN.seed] = seed
    plan[PLAN.replicate] = replicate
    enter(plan, record, state, 0)
    state[SCALAR.front_now] = record[section(plan, PLAN.at_front) + FRONT.start]
    for issue in range(plan[PLAN.issues_count]):
        state[plan[PLAN.terms] + issue] = MISSING
    for official in range(plan[PLAN.officials_count]):
        state[plan[PLAN.lean] + official] = record[of_official(plan, official, OFFICIAL.lean)]
    for who in range(plan[PLAN.states_count]):
        begin_state(plan, record, state, who)
    for who in range(plan[PLAN.states_count]):
        for other in range(plan[PLAN.states_count]):
            if other != who:
                take_stock(plan, record, state, who, other)
    follow(plan, state)


@kernel
def begin_state(plan, record, state, who):
    """Draw a state's type and private cost; set what it holds before the first week."""
    if occurs(plan, chance.TYPE, address(plan, who), record[of_state(plan, who, STATE.reliability)]):
        state[plan[PLAN.trustworthy] + who] = 1.0
    median, spread = record[of_state(plan, who, STATE.cost_median)], record[of_state(plan, who, STATE.cost_sd)]
    shock = normal(plan, chance.COST_START, address(plan, who), chance.NOBODY)
    state[plan[PLAN.log_cost] + who] = worth.stepped_log_cost(log(median), spread, shock)
    state[plan[PLAN.fear] + who] = logit(record[section(plan, PLAN.at_escalation) + ESCALATION.prior])
    for channel in range(plan[PLAN.channels_count]):
        prior = record[of_channel(plan, channel, CHANNEL.credibility)]
        state[credibility_at(plan, channel, who)] = logit(prior)


@kernel
def take_stock(plan, record, state, who, other):
    """Set a state's trust in another and its first belief: the population's, and one signal."""
    place = pair(plan, who, other)
    toward = section(plan, PLAN.at_toward) + place * TOWARD.size
    odds = logit(record[toward + TOWARD.trust])
    state[plan[PLAN.log_odds] + place] = odds
    state[plan[PLAN.public_odds] + place] = odds
    optimism = 0.0
    if are_adversaries(plan, record, who, other):
        optimism = record[of_state(plan, who, STATE.optimism)]
    spread = record[of_state(plan, other, STATE.cost_sd)]
    mean = beliefs.prior_mean(log(record[of_state(plan, other, STATE.cost_median)]), spread, optimism)
    noise = record[toward + TOWARD.intelligence]
    shock = normal(plan, chance.INTELLIGENCE, address(plan, who), address(plan, other))
    signal = state[plan[PLAN.log_cost] + other] + noise * shock
    state[plan[PLAN.mean] + place] = beliefs.updated_mean(mean, spread * spread, signal, noise * noise)
    state[plan[PLAN.variance] + place] = beliefs.updated_variance(spread * spread, noise * noise)


@kernel
def enter(plan, record, state, era):
    """Let the parameters of an era hold from now on."""
    plan[PLAN.era] = era * plan[PLAN.era_size]
    plan[PLAN.next_era] = era + 1
    weeks = int(record[of_agreement(plan, AGREEMENT.belief_horizon)])
    calm = record[of_agreement(plan, AGREEMENT.believed_hazard_trustworthy)]
    wild = record[of_agreement(plan, AGREEMENT.believed_hazard_untrustworthy)]
    state[SCALAR.kept_trustworthy] = power(1.0 - calm, weeks)
    state[SCALAR.kept_untrustworthy] = power(1.0 - wild, weeks)


@kernel
def intervene(plan, record, state):
    """Enter the era that starts this week, if one does; a lean that the scenario changes starts anew."""
    era = plan[PLAN.next_era]
    if era >= plan[PLAN.eras_count] or plan[plan[PLAN.era_start] + era] != plan[PLAN.week]:
        return
    before = plan[PLAN.era]
    enter(plan, record, state, era)
    for official in range(plan[PLAN.officials_count]):
        place = of_official(plan, official, OFFICIAL.lean)
        if record[place] != record[place - plan[PLAN.era] + before]:
            state[plan[PLAN.lean] + official] = record[place]


@kernel
def perceive(plan, state):
    """Add how far off every state's belief about every other is now."""
    plan[PLAN.perception_weeks] += 1
    for who in range(plan[PLAN.states_count]):
        for other in range(plan[PLAN.states_count]):
            if other != who:
                write_estimate(plan, state, who, other)
                off = state[SCALAR.mean] - state[plan[PLAN.log_cost] + other]
                place = plan[PLAN.misperception] + pair(plan, who, other)
                state[place] = state[place] + abs(off)
                place = plan[PLAN.calibration] + pair(plan, who, other)
                state[place] = state[place] + off / state[SCALAR.sd]


@kernel
def write_down(plan, record, state, sheet, work):
    """Write the week down."""
    if plan[PLAN.in_force] > 0:
        return
    if plan[PLAN.week] == DEAL_CHECK_WEEK:
        check_deal(plan, record, state, sheet, work)
    plan[PLAN.weeks_of_war] += 1
    for flow in range(plan[PLAN.aid_count]):
        place = plan[PLAN.aid_sum] + flow
        state[place] = state[place] + state[plan[PLAN.aid_now] + flow]
    if FIRST_WEEK <= plan[PLAN.week] <= LAST_WEEK and plan[PLAN.agreements] == 0:
        perceive(plan, state)


@kernel
def follow(plan, state):
    """Write the followed quantities as they are now, in the order of `quantities_of`; nothing if none is followed."""
    if plan[PLAN.quantities_count] == 0:
        return
    states = plan[PLAN.states_count]
    pairs = states * (states - 1)
    at = plan[PLAN.course] + plan[PLAN.week] * plan[PLAN.quantities_count]
    for who in range(states):
        for other in range(states):
            if other != who:
                write_estimate(plan, state, who, other)
                state[at] = logistic(state[plan[PLAN.log_odds] + pair(plan, who, other)])
                state[at + pairs] = abs(state[SCALAR.mean] - state[plan[PLAN.log_cost] + other])
                at = at + 1
    at = at + pairs
    state[at] = state[SCALAR.front_now]
    state[at + 1] = flag(plan[PLAN.is_open] > 0)
    state[at + 2] = flag(plan[PLAN.in_force] > 0)
    state[at + 3] = flag(plan[PLAN.outcome] == SUCCESS)
    state[at + 4] = flag(plan[PLAN.outcome] == DECIDED_BY_FORCE)
    for channel in range(plan[PLAN.channels_count]):
        state[at + 5 + channel] = flag(plan[plan[PLAN.exposed_week] + channel] > 0)


@kernel
def let_stand(plan, state):
    """Let the followed quantities of the last week stand in the weeks that are not played."""
    quantities = plan[PLAN.quantities_count]
    played = plan[PLAN.course] + (plan[PLAN.week] + 1) * quantities
    for at in range(played, plan[PLAN.course] + (plan[PLAN.weeks_count] + 1) * quantities):
        state[at] = state[at - quantities]


@kernel
def finish(plan, state):
    """Settle the outcome, close the sums, and let the last week stand."""
    let_stand(plan, state)
    if plan[PLAN.outcome] == 0:
        if plan[PLAN.in_force] > 0:
            plan[PLAN.outcome] = IN_FORCE_UNPROVEN
        elif plan[PLAN.is_open] > 0:
            plan[PLAN.outcome] = IMPASSE
        elif plan[PLAN.last_failure] > 0:
            plan[PLAN.outcome] = IMPASSE + plan[PLAN.last_failure] - 1
        else:
            plan[PLAN.outcome] = NEVER_OPENED
    if plan[PLAN.perception_weeks] == 0:
        perceive(plan, state)


@kernel
def or_missing(week):
    """Return a week as a number, missing if it never came."""
    if week > 0:
        return float(week)
    return MISSING


@kernel
def flag(holds):
    """Return 1 for true and 0 for false, as a number."""
    if holds:
        return 1.0
    return 0.0


@kernel
def write_course(plan, row, at):
    """Write the columns about how the talks went and return where the next one stands."""
    existed, success = plan[PLAN.deal_existed], plan[PLAN.outcome] == SUCCESS
    row[at] = flag(success)
    row[at + 1] = float(plan[PLAN.outcome] - 1)
    row[at + 2] = or_missing(plan[PLAN.first_opening])
    row[at + 3] = or_missing(plan[PLAN.first_agreement])
    row[at + 4] = MISSING
    if success:
        row[at + 4] = float(plan[PLAN.week])
    row[at + 5] = float(plan[PLAN.openings])
    row[at + 6] = float(plan[PLAN.agreements])
    for reason in range(REASONS):
        row[at + 7 + reason] = float(plan[plan[PLAN.failures] + reason])
    at = at + 7 + REASONS
    row[at] = float(existed)
    row[at + 1] = flag(existed > 0 and plan[PLAN.agreements] == 0)
    row[at + 2] = flag(plan[PLAN.openings] > 0 and existed == 0)
    return at + 3


@kernel
def write_pairs(plan, state, row, at):
    """Write the columns about each ordered pair of states and return where the next one stands."""
    states = plan[PLAN.states_count]
    pairs = states * (states - 1)
    for who in range(states):
        for other in range(states):
            if other != who:
                place = pair(plan, who, other)
                row[at] = logistic(state[plan[PLAN.log_odds] + place])
                row[at + pairs] = state[plan[PLAN.misperception] + place] / plan[PLAN.perception_weeks]
                row[at + 2 * pairs] = state[plan[PLAN.calibration] + place] / plan[PLAN.perception_weeks]
                at = at + 1
    return at + 2 * pairs


@kernel
def write_deal(plan, state, row, at):
    """Write the columns about the agreement signed last and return where the next one stands."""
    for issue in range(plan[PLAN.issues_count]):
        row[at + issue] = state[plan[PLAN.terms] + issue]
    at = at + plan[PLAN.issues_count]
    for who in range(plan[PLAN.states_count]):
        row[at + who] = state[plan[PLAN.surplus] + who]
        row[at + plan[PLAN.states_count] + who] = state[plan[PLAN.payoff] + who]
    return at + 2 * plan[PLAN.states_count]


@kernel
def write_war(plan, state, row, at):
    """Write the columns about the war at the end and return where the next one stands."""
    row[at] = state[SCALAR.front_now]
    at = at + 1
    weeks = plan[PLAN.weeks_of_war]
    if weeks < 1:
        weeks = 1
    for flow in range(plan[PLAN.aid_count]):
        row[at] = state[plan[PLAN.aid_sum] + flow] / weeks
        at = at + 1
    for number in range(plan[PLAN.givers_count]):
        giver = plan[plan[PLAN.giver] + number]
        row[at] = logistic(state[plan[PLAN.fear] + giver])
        at = at + 1
    return at


@kernel
def write_channels(plan, state, row, at):
    """Write the columns about channels and return where the next one would stand."""
    for channel in range(plan[PLAN.channels_count]):
        row[at] = float(plan[plan[PLAN.meetings] + channel])
        row[at + 1] = float(plan[plan[PLAN.misrepresented] + channel])
        row[at + 2] = float(plan[plan[PLAN.checked] + channel])
        row[at + 3] = float(plan[plan[PLAN.caught] + channel])
        row[at + 4] = or_missing(plan[plan[PLAN.exposed_week] + channel])
        at = at + 5
    for number in range(plan[PLAN.hearers_count]):
        hearer = plan[PLAN.hearer] + number * HEARER.size
        place = credibility_at(plan, plan[hearer + HEARER.channel], plan[hearer + HEARER.state])
        row[at] = logistic(state[place])
        at = at + 1
    return at


@kernel
def write_row(plan, state, row, at):
    """Write every column of a finished replicate from `at` on, in the order of `columns_of`, then what was followed."""
    at = write_course(plan, row, at)
    at = write_pairs(plan, state, row, at)
    at = write_deal(plan, state, row, at)
    at = write_war(plan, state, row, at)
    at = write_channels(plan, state, row, at)
    for place in range((plan[PLAN.weeks_count] + 1) * plan[PLAN.quantities_count]):
        row[at] = state[plan[PLAN.course] + place]
        at = at + 1
    return at


@kernel
def play_many(plan, record, state, sheet, work, seed, first, rows):
    """Play a run of replicates and write one row for each; `rows` is (replicates, columns)."""
    for number in range(len(rows)):
        play(plan, record, state, sheet, work, seed, first + number)
        write_row(plan, state, rows[number], 0)
