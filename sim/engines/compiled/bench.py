"""The table in the compiled engine: opening, rounds, consent, ratification, failure."""

from sim import chance
from sim.engines.compiled.layout import PLAN, STATE, TABLE, kernel
from sim.engines.compiled.sheets import (
    begin_sheet,
    is_outsider,
    promise_seated,
    seat_self,
    write_proposal,
    write_state,
)
from sim.engines.compiled.states import (
    OWN,
    PUBLIC,
    address,
    are_adversaries,
    aspiration,
    audience_cost,
    cost,
    grievance,
    hearing_at,
    is_seated,
    move_trust,
    normal,
    occurs,
    of_state,
    pair,
    section,
    uniform,
    weariness,
)
from sim.engines.outcomes import FAILURES
from sim.numerics import log
from sim.rules import beliefs, consent, hearing, table
from sim.search import offers
from sim.search.sheet import COST, row_at, write_role

IMPASSE, VETOED, NOT_RATIFIED, BROKEN = range(len(FAILURES))


@kernel
def of_table(plan, field):
    """Return where a parameter of the table stands in the record."""
    return section(plan, PLAN.at_table) + field


@kernel
def negotiate(plan, record, state, sheet, work):
    """Open if it is time and all would join; play a round if one is due."""
    if plan[PLAN.in_force] > 0:
        return
    if plan[PLAN.is_open] == 0 and plan[PLAN.week] >= plan[PLAN.closed_until]:
        consider_opening(plan, record, state, sheet, work)
    if plan[PLAN.is_open] > 0:
        every = int(record[of_table(plan, TABLE.round_weeks)])
        if table.round_due(plan[PLAN.week], plan[PLAN.opened], every) > 0:
            play_round(plan, record, state, sheet, work)


@kernel
def consider_opening(plan, record, state, sheet, work):
    """Open by decree, or attempt to open where all would join."""
    decreed = int(record[of_table(plan, TABLE.opens)])
    if decreed > 0 and plan[PLAN.openings] == 0:
        if plan[PLAN.week] >= decreed:
            check_deal(plan, record, state, sheet, work)
            open_table(plan, record)
    elif table.attempt_due(plan[PLAN.week], int(record[of_table(plan, TABLE.attempt_weeks)])) > 0:
        check_deal(plan, record, state, sheet, work)
        if occurs(plan, chance.CONVENING, chance.NOBODY, record[of_table(plan, TABLE.convening)]):
            if all_join(plan, record, state, sheet, work):
                open_table(plan, record)


@kernel
def all_join(plan, record, state, sheet, work):
    """Return whether every party would sit down this week, out of interest or goodwill."""
    for who in range(plan[PLAN.states_count]):
        if is_seated(plan, record, who):
            if not occurs(plan, chance.GOODWILL, address(plan, who), record[of_state(plan, who, STATE.goodwill)]):
                if not gains(plan, record, state, sheet, work, who, record[of_state(plan, who, STATE.table_cost)]):
                    return False
    return True


@kernel
def gains(plan, record, state, sheet, work, who, least):
    """Return whether talks promise a state a gain of `least` (own medians) at the last round's aspirations."""
    write_proposal(plan, record, state, sheet, who, 0.0, 1, 1)
    median = record[of_state(plan, who, STATE.cost_median)]
    return offers.gain_reaches(sheet, table.least_gain(least, median), work) > 0


@kernel
def count_proposers(plan, record):
    """Return how many parties take turns to make offers."""
    count = 0
    for who in range(plan[PLAN.states_count]):
        if is_seated(plan, record, who) and record[of_state(plan, who, STATE.proposes)] > 0.0:
            count += 1
    return count


@kernel
def proposer_at(plan, record, turn):
    """Return the state whose turn it is."""
    left = turn
    for who in range(plan[PLAN.states_count]):
        if is_seated(plan, record, who) and record[of_state(plan, who, STATE.proposes)] > 0.0:
            if left == 0:
                return who
            left -= 1
    return -1


@kernel
def open_table(plan, record):
    """Open the table and draw who proposes first."""
    plan[PLAN.is_open] = 1
    plan[PLAN.openings] += 1
    plan[PLAN.opened] = plan[PLAN.week]
    if plan[PLAN.first_opening] == 0:
        plan[PLAN.first_opening] = plan[PLAN.week]
    plan[PLAN.clock] = 0
    plan[PLAN.rounds_left] = int(record[of_table(plan, TABLE.max_rounds)])
    plan[PLAN.fait_done] = 0
    plan[PLAN.started_over] = 0
    for who in range(plan[PLAN.states_count]):
        plan[plan[PLAN.answered] + who] = 0
    draw = uniform(plan, chance.FIRST_PROPOSER, chance.NOBODY, chance.NOBODY)
    plan[PLAN.turn] = table.place_in_turn(draw, count_proposers(plan, record))


@kernel
def start_over(plan, record):
    """Begin the rounds again when talks become known, once an opening."""
    if plan[PLAN.is_open] > 0 and plan[PLAN.started_over] == 0:
        plan[PLAN.started_over] = 1
        plan[PLAN.clock] = 0
        plan[PLAN.rounds_left] = int(record[of_table(plan, TABLE.max_rounds)])


@kernel
def fail(plan, record, reason):
    """Close the table for a while and keep why."""
    plan[PLAN.is_open] = 0
    plan[PLAN.closed_until] = plan[PLAN.week] + int(record[of_table(plan, TABLE.cooling_off_weeks)])
    plan[plan[PLAN.failures] + reason] += 1
    plan[PLAN.last_failure] = reason + 1


@kernel
def play_round(plan, record, state, sheet, work):
    """Let the next party make an offer, hear the answers, and sign if all consent."""
    plan[PLAN.clock] += 1
    plan[PLAN.rounds_left] -= 1
    rounds = int(record[of_table(plan, TABLE.max_rounds)])
    proposer = proposer_at(plan, record, plan[PLAN.turn] % count_proposers(plan, record))
    plan[PLAN.turn] += 1
    margin = aspiration(plan, record, proposer, plan[PLAN.clock], rounds)
    write_proposal(plan, record, state, sheet, proposer, margin, plan[PLAN.clock], rounds)
    if offers.best_offer(sheet, work) > offers.OUT_OF_REACH:
        offers.copy(work, offers.BEST, state, plan[PLAN.offer], plan[PLAN.issues_count])
        if hear_answers(plan, record, state, sheet, proposer, rounds):
            conclude(plan, record, state, sheet)
    if plan[PLAN.is_open] > 0 and plan[PLAN.rounds_left] <= 0:
        fail(plan, record, IMPASSE)


@kernel
def own_gap(plan, record, state, sheet, who, margin):
    """Return the gap of the offer on the table for a state, in its own eyes."""
    begin_sheet(plan, record, state, sheet, 1, -1)
    seat_self(plan, record, state, sheet, 0, who, margin)
    return consent.gap(sheet, row_at(sheet, 0), state, plan[PLAN.offer])


@kernel
def public_gap(plan, record, state, sheet, who, margin):
    """Return the gap of the offer on the table for a state, as everyone reckons it."""
    begin_sheet(plan, record, state, sheet, 1, -1)
    write_state(plan, record, state, sheet, 0, who, PUBLIC)
    write_role(sheet, row_at(sheet, 0), 1.0, 0.0, 0.0, margin)
    return consent.gap(sheet, row_at(sheet, 0), state, plan[PLAN.offer])


@kernel
def accepts(plan, record, state, who, gap):
    """Return whether a deal with this gap is good enough for a state."""
    return consent.accepts(cost(plan, state, who), weariness(plan, record, who), gap) > 0


@kernel
def hear_answers(plan, record, state, sheet, proposer, rounds):
    """Return whether all others at the table accept; everyone there learns from the answers."""
    promise_seated(plan, record)
    agreed = True
    for who in range(plan[PLAN.states_count]):
        if who != proposer and is_seated(plan, record, who):
            margin = aspiration(plan, record, who, plan[PLAN.clock], rounds)
            accepted = accepts(plan, record, state, who, own_gap(plan, record, state, sheet, who, margin))
            plan[plan[PLAN.newly] + who] = accepted
            state[plan[PLAN.answer_gap] + who] = public_gap(plan, record, state, sheet, who, margin)
            agreed = agreed and accepted
    for who in range(plan[PLAN.states_count]):
        if who != proposer and is_seated(plan, record, who):
            spread(plan, record, state, who, plan[plan[PLAN.newly] + who])
    return agreed


@kernel
def tells_more(plan, state, who, accepted, threshold):
    """Return whether an answer is tighter than those of its kind already seen; keep it if so.

    `answered` holds 1 if an acceptance has been seen from the state at this table, 2 if a refusal, 3 if both.
    """
    seen = plan[plan[PLAN.answered] + who]
    if accepted > 0:
        if seen % 2 == 1 and threshold <= state[plan[PLAN.accepted_above] + who]:
            return False
        state[plan[PLAN.accepted_above] + who] = threshold
        if seen % 2 == 0:
            plan[plan[PLAN.answered] + who] = seen + 1
    else:
        if seen >= 2 and threshold >= state[plan[PLAN.refused_below] + who]:
            return False
        state[plan[PLAN.refused_below] + who] = threshold
        if seen < 2:
            plan[plan[PLAN.answered] + who] = seen + 2
    return True


@kernel
def spread(plan, record, state, who, accepted):
    """Let everyone at the table learn from an answer, if it tells more than those already seen."""
    gap = state[plan[PLAN.answer_gap] + who]
    if gap <= 0.0 or record[of_state(plan, who, STATE.shows_answers)] <= 0.0:
        return
    threshold = consent.log_threshold(gap, weariness(plan, record, who))
    if not tells_more(plan, state, who, accepted, threshold):
        return
    for other in range(plan[PLAN.states_count]):
        if other != who and is_seated(plan, record, other):
            if record[of_state(plan, other, STATE.sees_answers)] > 0.0:
                learn(plan, state, other, who, threshold, accepted)


@kernel
def learn(plan, state, who, other, threshold, accepted):
    """Take in an answer of another party: its log cost lies above or below the threshold."""
    place = pair(plan, who, other)
    mean, variance = state[plan[PLAN.mean] + place], state[plan[PLAN.variance] + place]
    sd = beliefs.deviation(variance)
    if accepted > 0:
        state[plan[PLAN.mean] + place] = beliefs.mean_above(mean, sd, threshold)
        state[plan[PLAN.variance] + place] = beliefs.variance_above(mean, sd, threshold)
    else:
        state[plan[PLAN.mean] + place] = beliefs.mean_below(mean, sd, threshold)
        state[plan[PLAN.variance] + place] = beliefs.variance_below(mean, sd, threshold)
    for channel in range(plan[PLAN.channels_count]):
        at = hearing_at(plan, channel, who, other)
        if state[at + hearing.HEARD] > 0.0:
            hearing.cut_belief(state, at + hearing.STRAIGHT, threshold, accepted)
            hearing.cut_belief(state, at + hearing.CROOKED, threshold, accepted)


@kernel
def conclude(plan, record, state, sheet):
    """Put a deal that all at the table accept to those kept out and to parliaments, and sign it."""
    blocked = False
    promise_seated(plan, record)
    for who in range(plan[PLAN.states_count]):
        plan[plan[PLAN.guarantors] + who] = plan[plan[PLAN.promising] + who]
        plan[plan[PLAN.spoilers] + who] = 0
    for who in range(plan[PLAN.states_count]):
        if is_outsider(plan, record, who):
            blocking = record[of_state(plan, who, STATE.blocking)]
            if put_to(plan, record, state, sheet, who):
                plan[plan[PLAN.guarantors] + who] = 1
            elif occurs(plan, chance.BLOCKING, address(plan, who), blocking):
                blocked = True
            elif blocking > 0.0:
                plan[plan[PLAN.spoilers] + who] = 1
    plan[PLAN.fait_done] = 1
    if blocked:
        fail(plan, record, VETOED)
    elif not is_ratified(plan, record, state, sheet):
        fail(plan, record, NOT_RATIFIED)
    else:
        sign(plan, record, state, sheet)


@kernel
def put_to(plan, record, state, sheet, who):
    """Return whether a state kept out accepts the done deal; facing it moves its trust, once a table."""
    if plan[PLAN.fait_done] == 0:
        factor = log(record[of_table(plan, TABLE.fait_accompli)])
        for other in range(plan[PLAN.states_count]):
            if is_seated(plan, record, other) and not are_adversaries(plan, record, who, other):
                move_trust(plan, state, who, other, factor)
    return accepts(plan, record, state, who, own_gap(plan, record, state, sheet, who, grievance(plan, record, who)))


@kernel
def surplus(plan, record, state, sheet, who):
    """Return V - r of the offer on the table for a state; `promising` says whose promises count."""
    begin_sheet(plan, record, state, sheet, 1, -1)
    seat_self(plan, record, state, sheet, 0, who, 0.0)
    return consent.surplus(sheet, row_at(sheet, 0), state, plan[PLAN.offer])


@kernel
def is_ratified(plan, record, state, sheet):
    """Return whether every parliament that is asked passes the deal."""
    passed = True
    for who in range(plan[PLAN.states_count]):
        if is_seated(plan, record, who) and record[of_state(plan, who, STATE.ratifies)] > 0.0:
            votes = consent.ratified(
                surplus(plan, record, state, sheet, who),
                audience_cost(plan, record, state, who),
                record[of_state(plan, who, STATE.slack)],
                record[of_state(plan, who, STATE.domestic_sd)],
                normal(plan, chance.RATIFICATION, address(plan, who), chance.NOBODY),
            )
            passed = passed and votes > 0
    return passed


@kernel
def sign(plan, record, state, sheet):
    """Put the offer on the table in force and write down what it leaves each state."""
    plan[PLAN.is_open] = 0
    plan[PLAN.in_force] = 1
    plan[PLAN.held] = 0
    plan[PLAN.agreements] += 1
    if plan[PLAN.first_agreement] == 0:
        plan[PLAN.first_agreement] = plan[PLAN.week]
    offers.copy(state, plan[PLAN.offer], state, plan[PLAN.terms], plan[PLAN.issues_count])
    for who in range(plan[PLAN.states_count]):
        plan[plan[PLAN.promising] + who] = plan[plan[PLAN.guarantors] + who]
    for who in range(plan[PLAN.states_count]):
        gain = surplus(plan, record, state, sheet, who)
        state[plan[PLAN.surplus] + who] = gain
        state[plan[PLAN.payoff] + who] = state[plan[PLAN.payoff] + who] + gain


@kernel
def is_needed(plan, record, who):
    """Return whether a deal must be better for a state: it has a seat or can block."""
    return is_seated(plan, record, who) or record[of_state(plan, who, STATE.blocking)] > 0.0


@kernel
def check_deal(plan, record, state, sheet, work):
    """Keep whether a deal better for all exists this week, unless one was found before."""
    if plan[PLAN.deal_existed] > 0:
        return
    rows = 0
    for who in range(plan[PLAN.states_count]):
        plan[plan[PLAN.promising] + who] = 0
        if is_needed(plan, record, who):
            plan[plan[PLAN.promising] + who] = 1
            rows += 1
    begin_sheet(plan, record, state, sheet, rows, -1)
    row = 0
    for who in range(plan[PLAN.states_count]):
        if is_needed(plan, record, who):
            write_state(plan, record, state, sheet, row, who, OWN)
            at = row_at(sheet, row)
            sheet[at + COST] = cost(plan, state, who)
            write_role(sheet, at, 1.0, state[plan[PLAN.log_cost] + who], 0.0, 0.0)
            row += 1
    plan[PLAN.deal_existed] = offers.deal_exists(sheet, work)
