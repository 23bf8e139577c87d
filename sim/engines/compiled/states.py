"""What a state knows and is, read from the arrays."""

from sim import chance
from sim.engines.compiled.layout import PLAN, SCALAR, STATE, TABLE, kernel
from sim.numerics import exp, log, logistic
from sim.rules import beliefs, consent, exposure, hearing, table, worth

OWN, PUBLIC, OWN_AFTER_FAIT, PUBLIC_AFTER_FAIT, TRUTH = range(5)
THIRD_PARTY = 2


@kernel
def section(plan, name):
    """Return where a section of the current era's block starts."""
    return plan[PLAN.era] + plan[name]


@kernel
def of_state(plan, who, field):
    """Return where a parameter of a state stands in the record."""
    return section(plan, PLAN.at_state) + who * STATE.size + field


@kernel
def pair(plan, one, other):
    """Return the number of an ordered pair of states."""
    return one * plan[PLAN.states_count] + other


@kernel
def uniform(plan, purpose, actor, counterpart):
    """Return this week's uniform draw."""
    return chance.uniform(plan[PLAN.seed], plan[PLAN.replicate], plan[PLAN.week], purpose, actor, counterpart)


@kernel
def normal(plan, purpose, actor, counterpart):
    """Return this week's standard normal draw."""
    return chance.normal(plan[PLAN.seed], plan[PLAN.replicate], plan[PLAN.week], purpose, actor, counterpart)


@kernel
def address(plan, who):
    """Return the address of a state."""
    return plan[plan[PLAN.state_address] + who]


@kernel
def fights(plan, record, who):
    """Return whether a state is a belligerent."""
    return record[of_state(plan, who, STATE.side)] < THIRD_PARTY


@kernel
def is_seated(plan, record, who):
    """Return whether a state sits at the table."""
    return record[of_state(plan, who, STATE.seated)] > 0.0


@kernel
def are_adversaries(plan, record, one, other):
    """Return whether two states fight each other."""
    if not fights(plan, record, one) or not fights(plan, record, other):
        return False
    return record[of_state(plan, one, STATE.side)] != record[of_state(plan, other, STATE.side)]


@kernel
def fears(plan, record, who, fighter):
    """Return whether a breach by `fighter` matters to a state's view of a deal."""
    if who == fighter:
        return False
    return are_adversaries(plan, record, who, fighter) or not fights(plan, record, who)


@kernel
def trust_of(plan, record, state, who, other, view):
    """Return a state's trust in another, by one of the views OWN .. TRUTH."""
    if view == TRUTH:
        return state[plan[PLAN.trustworthy] + other]
    place = pair(plan, who, other)
    odds = state[plan[PLAN.public_odds] + place]
    if view == OWN or view == OWN_AFTER_FAIT:
        odds = state[plan[PLAN.log_odds] + place]
    if view == OWN or view == PUBLIC or plan[PLAN.fait_done] > 0:
        return logistic(odds)
    if is_seated(plan, record, other) and not are_adversaries(plan, record, who, other):
        return logistic(odds + log(record[section(plan, PLAN.at_table) + TABLE.fait_accompli]))
    return logistic(odds)


@kernel
def weariness(plan, record, who):
    """Return the factor by which a state's cost has grown."""
    return worth.weariness(record[of_state(plan, who, STATE.growth)], plan[PLAN.week])


@kernel
def cost(plan, state, who):
    """Return a state's private cost of war before weariness."""
    return exp(state[plan[PLAN.log_cost] + who])


@kernel
def betrayal(plan, record, who):
    """Return what a breach by an adversary costs a state."""
    if fights(plan, record, who):
        return record[of_state(plan, who, STATE.betrayal)]
    return 0.0


@kernel
def war_utility(plan, record, state, who):
    """Return what a state expects of fighting on, before the cost."""
    issues = plan[PLAN.issues_count]
    weights = section(plan, PLAN.at_weights) + who * issues
    aims = section(plan, PLAN.at_aims) + who * issues
    return 1.0 - worth.distance(state, plan[PLAN.ends], record, weights, aims, issues)


@kernel
def audience_cost(plan, record, state, who):
    """Return what a state still pays for exposed talks."""
    return exposure.audience_cost(
        state[plan[PLAN.level] + who],
        record[of_state(plan, who, STATE.exposure_cost)],
        record[of_state(plan, who, STATE.cost_median)],
    )


@kernel
def aspiration(plan, record, who, round_number, rounds):
    """Return what a state holds out for at a round."""
    return consent.aspiration(
        record[of_state(plan, who, STATE.aspiration)],
        record[of_state(plan, who, STATE.cost_median)],
        round_number,
        rounds,
        record[of_state(plan, who, STATE.concession)],
    )


@kernel
def grievance(plan, record, who):
    """Return what a state kept out asks for to accept a done deal."""
    return record[of_state(plan, who, STATE.grievance)] * record[of_state(plan, who, STATE.cost_median)]


@kernel
def hearing_at(plan, channel, hearer, subject):
    """Return where a hearing starts."""
    number = (channel * plan[PLAN.states_count] + hearer) * plan[PLAN.states_count] + subject
    return plan[PLAN.hearing] + number * hearing.HEARING_SIZE


@kernel
def credibility_at(plan, channel, hearer):
    """Return where the log-odds that a channel is straight stand."""
    return plan[PLAN.credibility] + channel * plan[PLAN.states_count] + hearer


@kernel
def sources(plan, state, who, other):
    """Return how many channels a state has heard of another from."""
    count = 0
    for channel in range(plan[PLAN.channels_count]):
        if state[hearing_at(plan, channel, who, other) + hearing.HEARD] > 0.0:
            count += 1
    return count


@kernel
def with_channel(plan, state, channel, who, other, result):
    """Write mean and variance of a state's belief about another with one channel at `result` of the state."""
    at = hearing_at(plan, channel, who, other)
    credibility = logistic(state[credibility_at(plan, channel, who)])
    state[result] = hearing.heard_mean(state, at, credibility)
    state[result + 1] = hearing.heard_variance(state, at, credibility)


@kernel
def write_estimate(plan, state, who, other):
    """Write mean and standard deviation of the belief that offers use at SCALAR.mean and SCALAR.sd."""
    place = pair(plan, who, other)
    mean, variance = state[plan[PLAN.mean] + place], state[plan[PLAN.variance] + place]
    count = sources(plan, state, who, other)
    floor = 1.0 / (variance + beliefs.LEAST_VARIANCE)
    precision, pull = floor, floor * mean
    if count > 0:
        for channel in range(plan[PLAN.channels_count]):
            if state[hearing_at(plan, channel, who, other) + hearing.HEARD] > 0.0:
                with_channel(plan, state, channel, who, other, SCALAR.mean)
                weight = 1.0 / (state[SCALAR.sd] + beliefs.LEAST_VARIANCE)
                precision = precision + (weight - floor)
                pull = pull + (weight * state[SCALAR.mean] - floor * mean)
    if count == 0:
        state[SCALAR.mean] = mean
        state[SCALAR.sd] = beliefs.deviation(variance)
    elif count == 1:
        state[SCALAR.sd] = beliefs.deviation(state[SCALAR.sd])
    else:
        precision = hearing.precision_floor(precision, floor)
        state[SCALAR.mean] = pull / precision
        state[SCALAR.sd] = beliefs.deviation(1.0 / precision)


@kernel
def move_trust(plan, state, who, other, log_factor):
    """Move a state's trust, and what everyone takes it to be, by a public event."""
    place = pair(plan, who, other)
    state[plan[PLAN.log_odds] + place] = state[plan[PLAN.log_odds] + place] + log_factor
    state[plan[PLAN.public_odds] + place] = state[plan[PLAN.public_odds] + place] + log_factor


@kernel
def occurs(plan, purpose, actor, probability):
    """Return whether an event of this probability occurs, by the draw for its purpose and actor."""
    return table.occurs(uniform(plan, purpose, actor, chance.NOBODY), probability) > 0
