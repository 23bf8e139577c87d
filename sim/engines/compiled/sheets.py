"""How the compiled engine writes the sheet that a calculation about a deal reads."""

from sim.engines.compiled.layout import GUARANTEE, PLAN, SCALAR, STATE, kernel
from sim.engines.compiled.states import (
    OWN,
    PUBLIC,
    PUBLIC_AFTER_FAIT,
    aspiration,
    audience_cost,
    betrayal,
    cost,
    fears,
    fights,
    grievance,
    is_seated,
    of_state,
    section,
    trust_of,
    war_utility,
    weariness,
    write_estimate,
)
from sim.rules import consent, keeping
from sim.search.offers import copy
from sim.search.sheet import (
    COST,
    aims_at,
    lapses_at,
    row_at,
    weights_at,
    write_header,
    write_pledge,
    write_position,
    write_role,
    write_side,
    write_sworn,
    write_threat,
)


@kernel
def of_guarantee(plan, guarantee, field):
    """Return where a parameter of a guarantee stands in the record."""
    return section(plan, PLAN.at_guarantee) + guarantee * GUARANTEE.size + field


@kernel
def promise_seated(plan, record):
    """Let the promises of those at the table count for everyone."""
    for who in range(plan[PLAN.states_count]):
        plan[plan[PLAN.promising] + who] = 0
        if is_seated(plan, record, who):
            plan[plan[PLAN.promising] + who] = 1


@kernel
def promise_guarantors(plan):
    """Let the promises of those who accepted the agreement in force count for everyone."""
    for who in range(plan[PLAN.states_count]):
        plan[plan[PLAN.promising] + who] = plan[plan[PLAN.guarantors] + who]


@kernel
def fighter_number(plan, who):
    """Return which of the fighters a state is."""
    for number in range(plan[PLAN.fighters_count]):
        if plan[plan[PLAN.fighter] + number] == who:
            return number
    return -1


@kernel
def counts(plan, record, guarantee, who):
    """Return 1 if a guarantee counts in the eyes of a state, else 0."""
    if record[of_guarantee(plan, guarantee, GUARANTEE.active)] <= 0.0:
        return 0.0
    guarantor = int(record[of_guarantee(plan, guarantee, GUARANTEE.guarantor)])
    if guarantor == who or plan[plan[PLAN.promising] + guarantor] > 0:
        return 1.0
    return 0.0


@kernel
def begin_sheet(plan, record, state, sheet, rows, proposer):
    """Write header, sides and pledges; `promising` says whose promises count."""
    issues, fighters, pledges = plan[PLAN.issues_count], plan[PLAN.fighters_count], plan[PLAN.guarantees_count]
    write_header(sheet, issues, fighters, pledges, rows, proposer, state[SCALAR.kept_trustworthy])
    for number in range(fighters):
        who = plan[plan[PLAN.fighter] + number]
        write_side(sheet, number, record[of_state(plan, who, STATE.side)])
    for guarantee in range(pledges):
        beneficiary = int(record[of_guarantee(plan, guarantee, GUARANTEE.beneficiary)])
        issue = int(record[of_guarantee(plan, guarantee, GUARANTEE.issue)])
        effect = keeping.sworn(
            record[of_guarantee(plan, guarantee, GUARANTEE.effect)], 1.0, counts(plan, record, guarantee, -1)
        )
        aim = record[section(plan, PLAN.at_aims) + beneficiary * issues + issue]
        guarantor = record[of_guarantee(plan, guarantee, GUARANTEE.guarantor)]
        write_pledge(sheet, guarantee, fighter_number(plan, beneficiary), issue, aim, guarantor, effect)


@kernel
def write_state(plan, record, state, sheet, row, who, view):
    """Write one row, with the trust of a view; cost and role are for the caller."""
    at, issues = row_at(sheet, row), plan[PLAN.issues_count]
    utility = war_utility(plan, record, state, who)
    write_position(sheet, at, 0.0, weariness(plan, record, who), utility, betrayal(plan, record, who))
    copy(record, section(plan, PLAN.at_weights) + who * issues, sheet, weights_at(sheet, at), issues)
    copy(record, section(plan, PLAN.at_aims) + who * issues, sheet, aims_at(sheet, at), issues)
    for number in range(plan[PLAN.fighters_count]):
        fighter = plan[plan[PLAN.fighter] + number]
        lapsing, openness = 0.0, 0.0
        if fears(plan, record, who, fighter):
            trusted = trust_of(plan, record, state, who, fighter, view)
            lapsing = keeping.lapse(trusted, state[SCALAR.kept_untrustworthy])
        if fighter == who or not fights(plan, record, who):
            openness = keeping.open_to_attack(record[of_state(plan, fighter, STATE.deterrence)])
        write_threat(sheet, at, number, lapsing, openness)
    for guarantee in range(plan[PLAN.guarantees_count]):
        write_promise(plan, record, state, sheet, at, who, guarantee, view)


@kernel
def write_promise(plan, record, state, sheet, at, who, guarantee, view):
    """Write what one guarantee deters in a state's eyes and what it costs that state."""
    guarantor = int(record[of_guarantee(plan, guarantee, GUARANTEE.guarantor)])
    effect = record[of_guarantee(plan, guarantee, GUARANTEE.effect)]
    counting = counts(plan, record, guarantee, who)
    trusted, burden = 1.0, 0.0
    if guarantor == who:
        burden = record[of_guarantee(plan, guarantee, GUARANTEE.burden)] * counting
    else:
        trusted = trust_of(plan, record, state, who, guarantor, view)
    write_sworn(sheet, at, guarantee, keeping.sworn(effect, trusted, counting), burden)


@kernel
def look_at_all(plan, record, sheet, row):
    """Let a row care for the safety of every fighter: it watches rather than reckons for itself."""
    at = row_at(sheet, row)
    for number in range(plan[PLAN.fighters_count]):
        fighter = plan[plan[PLAN.fighter] + number]
        openness = keeping.open_to_attack(record[of_state(plan, fighter, STATE.deterrence)])
        write_threat(sheet, at, number, sheet[lapses_at(sheet, at) + number], openness)


@kernel
def seat_self(plan, record, state, sheet, row, who, margin):
    """Write the row of a state in its own eyes: its own cost and its own trust."""
    write_state(plan, record, state, sheet, row, who, OWN)
    at = row_at(sheet, row)
    sheet[at + COST] = cost(plan, state, who)
    write_role(sheet, at, 1.0, 0.0, 0.0, margin)


@kernel
def margin_of(plan, record, state, who, round_number, rounds):
    """Return the margin a proposer reckons with for another party."""
    return consent.margin_of_ratifier(
        aspiration(plan, record, who, round_number, rounds),
        record[of_state(plan, who, STATE.ratifies)],
        audience_cost(plan, record, state, who),
        record[of_state(plan, who, STATE.slack)],
    )


@kernel
def is_promised(plan, record, who):
    """Return whether a state has promised a guarantee that is in force."""
    for guarantee in range(plan[PLAN.guarantees_count]):
        if record[of_guarantee(plan, guarantee, GUARANTEE.active)] > 0.0:
            if int(record[of_guarantee(plan, guarantee, GUARANTEE.guarantor)]) == who:
                return True
    return False


@kernel
def is_outsider(plan, record, who):
    """Return whether a done deal is put to a state kept out: it can block it or guarantees it."""
    if is_seated(plan, record, who):
        return False
    return record[of_state(plan, who, STATE.blocking)] > 0.0 or is_promised(plan, record, who)


@kernel
def is_blocker(plan, record, who):
    """Return whether a proposer reckons with the refusal of a state kept out."""
    return is_outsider(plan, record, who) and record[of_state(plan, who, STATE.believed_blocking)] > 0.0


@kernel
def count_rows(plan, record, proposer):
    """Return how many rows the sheet of a proposal has."""
    rows = 1
    for who in range(plan[PLAN.states_count]):
        if who != proposer and (is_seated(plan, record, who) or is_blocker(plan, record, who)):
            rows += 1
    return rows


@kernel
def seat_other(plan, record, state, sheet, row, proposer, who, margin):
    """Write the row of another party at the table, in the proposer's eyes."""
    write_state(plan, record, state, sheet, row, who, PUBLIC)
    write_estimate(plan, state, proposer, who)
    write_role(sheet, row_at(sheet, row), 1.0, state[SCALAR.mean], state[SCALAR.sd], margin)


@kernel
def seat_outside(plan, record, state, sheet, row, proposer, who):
    """Write the row of a state kept out, as it will be when it faces a done deal."""
    write_state(plan, record, state, sheet, row, who, PUBLIC_AFTER_FAIT)
    write_estimate(plan, state, proposer, who)
    blocking = record[of_state(plan, who, STATE.believed_blocking)]
    write_role(sheet, row_at(sheet, row), blocking, state[SCALAR.mean], state[SCALAR.sd], grievance(plan, record, who))


@kernel
def write_proposal(plan, record, state, sheet, proposer, own_margin, round_number, rounds):
    """Write the sheet of what a state could propose; one kept out reckons as if it could."""
    promise_seated(plan, record)
    begin_sheet(plan, record, state, sheet, count_rows(plan, record, proposer), 0)
    seat_self(plan, record, state, sheet, 0, proposer, own_margin)
    row = 1
    for who in range(plan[PLAN.states_count]):
        if who != proposer and is_seated(plan, record, who):
            margin = margin_of(plan, record, state, who, round_number, rounds)
            seat_other(plan, record, state, sheet, row, proposer, who, margin)
            row += 1
    for who in range(plan[PLAN.states_count]):
        if who != proposer and is_blocker(plan, record, who):
            seat_outside(plan, record, state, sheet, row, proposer, who)
            row += 1
