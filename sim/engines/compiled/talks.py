"""Channels in the compiled engine: who meets whom, what is said, who believes it, and how it comes to light."""

from sim import chance
from sim.engines.compiled.bench import gains, start_over
from sim.engines.compiled.layout import (
    ACT,
    AID,
    CHANNEL,
    DENY,
    DISOWN,
    ESCALATION,
    EXPOSE,
    LEG,
    OFFICIAL,
    PLAN,
    SAID,
    STATE,
    STAY_SILENT,
    TRACK_ONE,
    TRACK_TWO,
    VIEW,
    kernel,
)
from sim.engines.compiled.states import (
    address,
    are_adversaries,
    credibility_at,
    fights,
    hearing_at,
    move_trust,
    normal,
    of_state,
    pair,
    section,
    uniform,
)
from sim.numerics import logistic
from sim.rules import escalation, exposure, hearing, messages, table
from sim.rules.trust import log_bayes_factor

UNCHECKED = -1


@kernel
def of_channel(plan, channel, field):
    """Return where a parameter of a channel stands in the record."""
    return section(plan, PLAN.at_channel) + channel * CHANNEL.size + field


@kernel
def of_leg(plan, leg, field):
    """Return where a parameter of a leg stands in the record."""
    return section(plan, PLAN.at_leg) + leg * LEG.size + field


@kernel
def of_official(plan, official, field):
    """Return where a parameter of an official stands in the record."""
    return section(plan, PLAN.at_official) + official * OFFICIAL.size + field


@kernel
def home_of(plan, record, channel):
    """Return the state the envoys of a channel come from."""
    return int(record[of_channel(plan, channel, CHANNEL.home)])


@kernel
def is_official(plan, record, channel):
    """Return whether serving officials meet on both sides."""
    return int(record[of_channel(plan, channel, CHANNEL.track)]) == TRACK_ONE


@kernel
def leg_of(plan, record, channel, number):
    """Return a leg of a channel by its number in the channel."""
    return int(record[of_channel(plan, channel, CHANNEL.first_leg)]) + number


@kernel
def legs_of(plan, record, channel):
    """Return how many legs a channel has."""
    return int(record[of_channel(plan, channel, CHANNEL.legs)])


@kernel
def receives(plan, record, leg):
    """Return whether a leg is on this week."""
    return record[of_leg(plan, leg, LEG.active)] > 0.0 and record[of_leg(plan, leg, LEG.start)] <= plan[PLAN.week]


@kernel
def visited(plan, record, leg):
    """Return the state a leg visits."""
    return int(record[of_leg(plan, leg, LEG.state)])


@kernel
def is_visited(plan, record, channel, who):
    """Return whether a channel visits a state this week."""
    for number in range(legs_of(plan, record, channel)):
        leg = leg_of(plan, record, channel, number)
        if receives(plan, record, leg) and visited(plan, record, leg) == who:
            return True
    return False


@kernel
def view_at(plan, channel, who):
    """Return where what a state knows of a channel stands."""
    return plan[PLAN.known] + (channel * plan[PLAN.states_count] + who) * VIEW.size


@kernel
def channel_occurs(plan, purpose, channel, audience, probability):
    """Return whether something occurs at the meeting of a channel with an audience."""
    actor = plan[plan[PLAN.channel_address] + channel]
    return table.occurs(uniform(plan, purpose, actor, audience), probability) > 0


@kernel
def meet(plan, record, state, sheet, work):
    """Let the channels meet."""
    for channel in range(plan[PLAN.channels_count]):
        begin_channel(plan, record, state, channel)
        if is_meeting(plan, record, channel):
            held = False
            for number in range(legs_of(plan, record, channel)):
                leg = leg_of(plan, record, channel, number)
                if receives(plan, record, leg):
                    if hold(plan, record, state, sheet, work, channel, leg):
                        held = True
            if held:
                drift(plan, record, state, channel)


@kernel
def is_meeting(plan, record, channel):
    """Return whether a channel meets this week."""
    if plan[plan[PLAN.closed] + channel] > 0 or plan[PLAN.in_force] > 0:
        return False
    if record[of_channel(plan, channel, CHANNEL.active)] <= 0.0:
        return False
    start = int(record[of_channel(plan, channel, CHANNEL.start)])
    end = int(record[of_channel(plan, channel, CHANNEL.end)])
    every = int(record[of_channel(plan, channel, CHANNEL.cadence_weeks)])
    return messages.meeting_due(plan[PLAN.week], start, end, every) > 0


@kernel
def begin_channel(plan, record, state, channel):
    """Note the first week of a channel; tell its legs of it, and everyone if it is public."""
    if record[of_channel(plan, channel, CHANNEL.active)] <= 0.0:
        return
    if plan[PLAN.week] < record[of_channel(plan, channel, CHANNEL.start)]:
        return
    if plan[plan[PLAN.began] + channel] == 0:
        plan[plan[PLAN.began] + channel] = plan[PLAN.week]
        state[view_at(plan, channel, home_of(plan, record, channel)) + VIEW.informed] = 1.0
        for number in range(legs_of(plan, record, channel)):
            leg = leg_of(plan, record, channel, number)
            if receives(plan, record, leg):
                inform(plan, record, state, channel, visited(plan, record, leg), 0)
        if record[of_channel(plan, channel, CHANNEL.secret)] <= 0.0:
            plan[plan[PLAN.exposed_week] + channel] = plan[PLAN.week]
            tell_outsiders(plan, record, state, channel)
    for number in range(legs_of(plan, record, channel)):
        leg = leg_of(plan, record, channel, number)
        if receives(plan, record, leg):
            who = visited(plan, record, leg)
            if state[view_at(plan, channel, who) + VIEW.informed] <= 0.0:
                learn_of(plan, record, state, channel, who)


@kernel
def drift(plan, record, state, channel):
    """Draw every envoy of a channel a little toward the other side's view."""
    first = section(plan, PLAN.at_envoy) + int(record[of_channel(plan, channel, CHANNEL.first_envoy)])
    for number in range(int(record[of_channel(plan, channel, CHANNEL.envoys)])):
        envoy = int(record[first + number])
        lean = state[plan[PLAN.lean] + envoy]
        susceptibility = record[of_official(plan, envoy, OFFICIAL.susceptibility)]
        state[plan[PLAN.lean] + envoy] = messages.drifted_lean(lean, susceptibility)


@kernel
def would_meet(plan, record, state, sheet, work, who):
    """Return whether a government sees enough in meeting through a channel."""
    return gains(plan, record, state, sheet, work, who, record[of_state(plan, who, STATE.contact_cost)])


@kernel
def hold(plan, record, state, sheet, work, channel, leg):
    """Hold one meeting; return whether it took place."""
    audience = visited(plan, record, leg)
    if is_official(plan, record, channel):
        if not would_meet(plan, record, state, sheet, work, home_of(plan, record, channel)):
            return False
    if int(record[of_channel(plan, channel, CHANNEL.track)]) != TRACK_TWO:
        if not would_meet(plan, record, state, sheet, work, audience):
            return False
    plan[plan[PLAN.meetings] + channel] += 1
    if is_official(plan, record, channel):
        state_positions(plan, record, state, channel, leg)
    else:
        envoys = int(record[of_channel(plan, channel, CHANNEL.envoys)])
        turn = plan[plan[PLAN.leg_meetings] + leg] % envoys
        first = section(plan, PLAN.at_envoy) + int(record[of_channel(plan, channel, CHANNEL.first_envoy)])
        convey(plan, record, state, channel, leg, int(record[first + turn]))
    plan[plan[PLAN.leg_meetings] + leg] += 1
    return True


@kernel
def error(plan, purpose, channel, audience, subject, sd):
    """Return the error of a message about a state at the meeting with an audience."""
    meeting = plan[plan[PLAN.meeting_address] + channel * plan[PLAN.states_count] + audience]
    return sd * normal(plan, purpose, meeting, address(plan, subject))


@kernel
def hand(plan, record, channel, subject):
    """Return the factor on noise for what is known of a state: 1 at first hand."""
    if subject == home_of(plan, record, channel):
        first_hand = is_official(plan, record, channel)
        if record[of_channel(plan, channel, CHANNEL.authorised)] > 0.0:
            first_hand = True
    else:
        first_hand = is_visited(plan, record, channel, subject)
    if first_hand:
        return 1.0
    return record[of_channel(plan, channel, CHANNEL.second_hand)]


@kernel
def is_subject(plan, record, channel, audience, who):
    """Return whether a state is spoken of to an audience: home and the other belligerents."""
    if who == audience:
        return False
    return who == home_of(plan, record, channel) or fights(plan, record, who)


@kernel
def put_down(plan, state, place, subject, message, noise, slant):
    """Write one message of a meeting; `noise` is its sd, `slant` what the hearer suspects (prior sd)."""
    at = plan[PLAN.said] + place * SAID.size
    state[at + SAID.subject] = subject
    state[at + SAID.message] = message
    state[at + SAID.noise] = noise
    state[at + SAID.slant] = slant


@kernel
def reaches_leader(plan, record, channel, audience):
    """Return whether what is said reaches the decision-makers of the state visited."""
    transfer = record[of_channel(plan, channel, CHANNEL.transfer_audience)]
    return channel_occurs(plan, chance.TRANSFER_AUDIENCE, channel, address(plan, audience), transfer)


@kernel
def reaches_home(plan, record, channel, audience):
    """Return whether what is heard reaches the decision-makers at home."""
    if record[of_channel(plan, channel, CHANNEL.authorised)] > 0.0:
        return True
    transfer = record[of_channel(plan, channel, CHANNEL.transfer_home)]
    return channel_occurs(plan, chance.TRANSFER_HOME, channel, address(plan, audience), transfer)


@kernel
def official_slant(plan, record, channel, hearer, subject):
    """Return the slant a hearer expects of an official position: minus the bluff of a government on itself."""
    home = home_of(plan, record, channel)
    if subject == home or hearer == home:
        return -record[of_state(plan, subject, STATE.bluff)]
    return 0.0


@kernel
def state_positions(plan, record, state, channel, leg):
    """Let serving officials state their governments' official positions to each other (track 1)."""
    home, audience = home_of(plan, record, channel), visited(plan, record, leg)
    noise = record[of_channel(plan, channel, CHANNEL.noise)]
    if reaches_leader(plan, record, channel, audience):
        count = 0
        for subject in range(plan[PLAN.states_count]):
            if is_subject(plan, record, channel, audience, subject):
                sd = messages.message_noise(noise, 1.0, 1.0, hand(plan, record, channel, subject))
                off = error(plan, chance.MESSAGE_NOISE_OUT, channel, audience, subject, sd)
                bluff = 0.0
                if subject == home:
                    bluff = record[of_state(plan, subject, STATE.bluff)]
                message = official_message(plan, record, state, subject, bluff, off)
                slant = official_slant(plan, record, channel, audience, subject)
                put_down(plan, state, count, subject, message, sd, slant)
                count += 1
        hear_officials(plan, record, state, channel, audience, count)
    if reaches_home(plan, record, channel, audience):
        sd = messages.message_noise(noise, 1.0, record[of_leg(plan, leg, LEG.access)], 1.0)
        off = error(plan, chance.MESSAGE_NOISE_IN, channel, audience, audience, sd)
        message = official_message(plan, record, state, audience, record[of_state(plan, audience, STATE.bluff)], off)
        put_down(plan, state, 0, audience, message, sd, official_slant(plan, record, channel, home, audience))
        hear_officials(plan, record, state, channel, home, 1)


@kernel
def official_message(plan, record, state, subject, bluff, off):
    """Return what an official says of a state's log cost."""
    spread = record[of_state(plan, subject, STATE.cost_sd)]
    return messages.official_message(state[plan[PLAN.log_cost] + subject], bluff, spread, off)


@kernel
def convey(plan, record, state, channel, leg, envoy):
    """Let a former official speak to an audience and report home (tracks 1.5 and 2)."""
    home, audience = home_of(plan, record, channel), visited(plan, record, leg)
    noise = record[of_channel(plan, channel, CHANNEL.noise)]
    acuity = record[of_official(plan, envoy, OFFICIAL.acuity)]
    shading = record[of_official(plan, envoy, OFFICIAL.shading)]
    candour = record[of_official(plan, envoy, OFFICIAL.candour)]
    misrepresented = 0
    if channel_occurs(plan, chance.MESSAGE_BIT, channel, address(plan, audience), 1.0 - candour):
        misrepresented = 1
    plan[plan[PLAN.misrepresented] + channel] += misrepresented
    if misrepresented > 0 and shading > 0.0:
        plan[plan[PLAN.on_record] + channel] = 1
    if reaches_leader(plan, record, channel, audience):
        count = speak(plan, record, state, channel, audience, envoy, misrepresented)
        false = messages.is_false(misrepresented, shading, record[of_state(plan, home, STATE.cost_sd)])
        checked = check(plan, record, channel, audience, false)
        hear_envoy(plan, record, state, channel, audience, count, checked)
    if reaches_home(plan, record, channel, audience):
        sd = messages.message_noise(noise, acuity, record[of_leg(plan, leg, LEG.access)], 1.0)
        off = error(plan, chance.MESSAGE_NOISE_IN, channel, audience, audience, sd)
        message = messages.inward_message(
            state[plan[PLAN.log_cost] + audience],
            state[plan[PLAN.lean] + envoy],
            record[of_state(plan, audience, STATE.bluff)],
            record[of_state(plan, audience, STATE.cost_sd)],
            off,
        )
        report_claim(plan, record, state, channel, audience, envoy)
        put_down(plan, state, 0, audience, message, sd, -record[of_channel(plan, channel, CHANNEL.suspected)])
        hear_envoy(plan, record, state, channel, home, 1, UNCHECKED)


@kernel
def speak(plan, record, state, channel, audience, envoy, misrepresented):
    """Write what an envoy tells an audience; return how many messages."""
    noise = record[of_channel(plan, channel, CHANNEL.noise)]
    acuity = record[of_official(plan, envoy, OFFICIAL.acuity)]
    shading = record[of_official(plan, envoy, OFFICIAL.shading)]
    suspected = record[of_channel(plan, channel, CHANNEL.suspected)]
    count = 0
    for subject in range(plan[PLAN.states_count]):
        if is_subject(plan, record, channel, audience, subject):
            sd = messages.message_noise(noise, acuity, 1.0, hand(plan, record, channel, subject))
            off = error(plan, chance.MESSAGE_NOISE_OUT, channel, audience, subject, sd)
            spread = record[of_state(plan, subject, STATE.cost_sd)]
            log_cost = state[plan[PLAN.log_cost] + subject]
            message = messages.outward_message(log_cost, misrepresented, shading, spread, off)
            put_down(plan, state, count, subject, message, sd, suspected)
            count += 1
    return count


@kernel
def check(plan, record, channel, audience, false):
    """Return what a check with the home government shows the audience: 1 false, 0 true, UNCHECKED."""
    verification = record[of_channel(plan, channel, CHANNEL.verification)]
    if not channel_occurs(plan, chance.CHECK, channel, address(plan, audience), verification):
        return UNCHECKED
    plan[plan[PLAN.checked] + channel] += 1
    plan[plan[PLAN.caught] + channel] += false
    return false


@kernel
def begin_hearing(plan, record, state, channel, hearer, message):
    """Return where the hearing of a message's subject starts, begun if it is the first; `message` is its place."""
    subject = int(state[message + SAID.subject])
    at = hearing_at(plan, channel, hearer, subject)
    if state[at + hearing.HEARD] <= 0.0:
        place = pair(plan, hearer, subject)
        spread = record[of_state(plan, subject, STATE.cost_sd)]
        hearing.start_hearing(
            state,
            at,
            state[plan[PLAN.mean] + place],
            state[plan[PLAN.variance] + place],
            state[message + SAID.slant] * spread,
            record[of_channel(plan, channel, CHANNEL.slant)] * spread,
        )
    return at


@kernel
def hear_officials(plan, record, state, channel, hearer, count):
    """Take in official positions: surely slanted, by an unknown bluff."""
    for number in range(count):
        message = plan[PLAN.said] + number * SAID.size
        at = begin_hearing(plan, record, state, channel, hearer, message)
        noise = state[message + SAID.noise] * state[message + SAID.noise]
        hearing.hear(state, at + hearing.STRAIGHT, state[message + SAID.message], noise, 1.0)
        hearing.hear(state, at + hearing.CROOKED, state[message + SAID.message], noise, 1.0)


@kernel
def hear_envoy(plan, record, state, channel, hearer, count, checked):
    """Take in one meeting's messages of a former official, and what a check showed if there was one."""
    for number in range(count):
        begin_hearing(plan, record, state, channel, hearer, plan[PLAN.said] + number * SAID.size)
    if checked != UNCHECKED:
        weigh_check(plan, record, state, channel, hearer, checked)
    rarely = record[of_channel(plan, channel, CHANNEL.straight_falsehood)]
    often = record[of_channel(plan, channel, CHANNEL.crooked_falsehood)]
    straight = take_in(plan, state, channel, hearer, count, hearing.STRAIGHT, rarely, checked)
    crooked = take_in(plan, state, channel, hearer, count, hearing.CROOKED, often, checked)
    if checked == UNCHECKED:
        place = credibility_at(plan, channel, hearer)
        state[place] = state[place] + (straight - crooked)


@kernel
def take_in(plan, state, channel, hearer, count, belief, falsehood, checked):
    """Update the straight or the crooked beliefs by a meeting and return its log predictive density."""
    honest, shaded = 0.0, 0.0
    for number in range(count):
        message = plan[PLAN.said] + number * SAID.size
        at = hearing_at(plan, channel, hearer, int(state[message + SAID.subject])) + belief
        noise = state[message + SAID.noise] * state[message + SAID.noise]
        honest = honest + hearing.honest_log_density(state, at, state[message + SAID.message], noise)
        shaded = shaded + hearing.shaded_log_density(state, at, state[message + SAID.message], noise)
    weight = float(checked)
    if checked == UNCHECKED:
        weight = hearing.shaded_weight(falsehood, honest, shaded)
    for number in range(count):
        message = plan[PLAN.said] + number * SAID.size
        at = hearing_at(plan, channel, hearer, int(state[message + SAID.subject])) + belief
        noise = state[message + SAID.noise] * state[message + SAID.noise]
        hearing.hear(state, at, state[message + SAID.message], noise, weight)
    return hearing.total_log_density(falsehood, honest, shaded)


@kernel
def weigh_check(plan, record, state, channel, hearer, false):
    """Let a check move credibility, privately held trust in home, and how likely the channel is authorised."""
    view, place = view_at(plan, channel, hearer), credibility_at(plan, channel, hearer)
    rarely = record[of_channel(plan, channel, CHANNEL.straight_falsehood)]
    often = record[of_channel(plan, channel, CHANNEL.crooked_falsehood)]
    likely = hearing.expected_falsehood(logistic(state[place]), rarely, often)
    sincere = record[of_channel(plan, channel, CHANNEL.sincere_false_share)]
    mandated = exposure.observed(false, likely * sincere)
    other = exposure.observed(false, likely)
    one, two = state[view + VIEW.if_trustworthy], state[view + VIEW.if_not]
    factor = exposure.log_joint_factor(one, two, mandated, other, other, other)
    state[view + VIEW.if_trustworthy] = exposure.updated_share(one, mandated, other)
    state[view + VIEW.if_not] = exposure.updated_share(two, other, other)
    state[place] = state[place] + hearing.checked_log_odds(false, rarely, often)
    trust = plan[PLAN.log_odds] + pair(plan, hearer, home_of(plan, record, channel))
    state[trust] = state[trust] + factor


@kernel
def report_claim(plan, record, state, channel, audience, envoy):
    """Let home hear, or not hear, that the audience would escalate, if home arms an adversary of it."""
    home = home_of(plan, record, channel)
    if not arms_adversary(plan, record, home, audience):
        return
    rate = record[of_channel(plan, channel, CHANNEL.claim_rate)]
    likely = escalation.claim_probability(state[plan[PLAN.lean] + envoy], rate)
    claimed = 0
    if channel_occurs(plan, chance.CLAIM, channel, address(plan, audience), likely):
        claimed = 1
    fear = section(plan, PLAN.at_escalation)
    factor = escalation.log_claim_factor(
        claimed,
        logistic(state[credibility_at(plan, channel, home)]),
        record[fear + ESCALATION.claim_factor],
        record[fear + ESCALATION.believed_claim_rate],
    )
    state[plan[PLAN.fear] + home] = state[plan[PLAN.fear] + home] + factor


@kernel
def arms_adversary(plan, record, home, audience):
    """Return whether a state arms an adversary of another."""
    for flow in range(plan[PLAN.aid_count]):
        at = section(plan, PLAN.at_flow) + flow * AID.size
        if record[at + AID.active] > 0.0 and int(record[at + AID.giver]) == home:
            if are_adversaries(plan, record, int(record[at + AID.recipient]), audience):
                return True
    return False


@kernel
def has_act(plan, channel, kind):
    """Return whether something is done about a channel this week by decree of the scenario."""
    for act in range(plan[PLAN.acts_count]):
        at = plan[PLAN.act] + act * ACT.size
        if plan[at + ACT.week] == plan[PLAN.week] and plan[at + ACT.channel] == channel and plan[at + ACT.kind] == kind:
            return True
    return False


@kernel
def is_to_be_exposed(plan, channel):
    """Return whether the scenario exposes a channel in a later week, so that it cannot leak before."""
    for act in range(plan[PLAN.acts_count]):
        at = plan[PLAN.act] + act * ACT.size
        if (
            plan[at + ACT.week] > plan[PLAN.week]
            and plan[at + ACT.channel] == channel
            and plan[at + ACT.kind] == EXPOSE
        ):
            return True
    return False


@kernel
def expose(plan, record, state):
    """Let secret channels leak, by chance or by act."""
    for channel in range(plan[PLAN.channels_count]):
        if plan[plan[PLAN.began] + channel] > 0:
            tell_envoys(plan, record, channel)
            disowned = has_act(plan, channel, DISOWN)
            if plan[plan[PLAN.exposed_week] + channel] == 0:
                if has_act(plan, channel, EXPOSE) or disowned or leaks(plan, record, channel):
                    come_to_light(plan, record, state, channel)
            if disowned:
                plan[plan[PLAN.closed] + channel] = 1


@kernel
def knows_at(plan, channel, official):
    """Return where it is counted whether an official speaks or spoke in a channel."""
    return plan[PLAN.in_the_know] + channel * plan[PLAN.officials_count] + official


@kernel
def tell_envoys(plan, record, channel):
    """Note who speaks in a channel this week."""
    if record[of_channel(plan, channel, CHANNEL.active)] > 0.0:
        for official in range(plan[PLAN.officials_count]):
            if is_envoy(plan, record, channel, official):
                plan[knows_at(plan, channel, official)] = 1


@kernel
def is_envoy(plan, record, channel, official):
    """Return whether an official is among the envoys of a channel this week."""
    first = section(plan, PLAN.at_envoy) + int(record[of_channel(plan, channel, CHANNEL.first_envoy)])
    for number in range(int(record[of_channel(plan, channel, CHANNEL.envoys)])):
        if int(record[first + number]) == official:
            return True
    return False


@kernel
def is_over(plan, record, channel):
    """Return whether a channel meets no more."""
    if plan[plan[PLAN.closed] + channel] > 0 or record[of_channel(plan, channel, CHANNEL.active)] <= 0.0:
        return True
    return plan[PLAN.week] > record[of_channel(plan, channel, CHANNEL.end)]


@kernel
def leaks(plan, record, channel):
    """Return whether someone in the know talks this week; not before the week of an `expose` still to come."""
    if is_to_be_exposed(plan, channel):
        return False
    kept, over = 1.0, is_over(plan, record, channel)
    for official in range(plan[PLAN.officials_count]):
        if plan[knows_at(plan, channel, official)] > 0:
            active = not over and is_envoy(plan, record, channel, official)
            kept = kept * exposure.kept_by(record[of_official(plan, official, OFFICIAL.discretion)], active)
    return channel_occurs(plan, chance.LEAK, channel, chance.NOBODY, 1.0 - kept)


@kernel
def come_to_light(plan, record, state, channel):
    """Become known: outsiders take it in, the home government answers, those who ruled it out pay."""
    plan[plan[PLAN.exposed_week] + channel] = plan[PLAN.week]
    denied = is_denied(plan, record, channel)
    tell_outsiders(plan, record, state, channel)
    for who in range(plan[PLAN.states_count]):
        if plan[plan[PLAN.newly] + who] > 0 and fights(plan, record, who):
            weigh_denial(plan, record, state, channel, who, denied)
    for who in range(plan[PLAN.states_count]):
        if plan[plan[PLAN.newly] + who] == 0:
            pay(plan, record, state, who)
    start_over(plan, record)
    if record[of_channel(plan, channel, CHANNEL.ends_on_exposure)] > 0.0:
        plan[plan[PLAN.closed] + channel] = 1


@kernel
def pay(plan, record, state, who):
    """Let a state that had ruled such talks out pay its audience cost."""
    if record[of_state(plan, who, STATE.ruled_out)] > 0.0:
        state[plan[PLAN.level] + who] = state[plan[PLAN.level] + who] + 1.0


@kernel
def is_denied(plan, record, channel):
    """Return 1 if the home government denies having authorised the channel, else 0."""
    if has_act(plan, channel, DENY) or has_act(plan, channel, DISOWN):
        return 1
    if has_act(plan, channel, STAY_SILENT):
        return 0
    likely = exposure.denial_probability(
        record[of_channel(plan, channel, CHANNEL.authorised)],
        record[of_channel(plan, channel, CHANNEL.deny_authorised)],
        record[of_channel(plan, channel, CHANNEL.deny_freelance)],
    )
    if channel_occurs(plan, chance.DENIAL, channel, chance.NOBODY, likely):
        return 1
    return 0


@kernel
def tell_outsiders(plan, record, state, channel):
    """Let every state that did not know learn of the channel, and mark those as `newly` informed."""
    for who in range(plan[PLAN.states_count]):
        plan[plan[PLAN.newly] + who] = 0
        if state[view_at(plan, channel, who) + VIEW.informed] <= 0.0:
            plan[plan[PLAN.newly] + who] = 1
            learn_of(plan, record, state, channel, who)


@kernel
def learn_of(plan, record, state, channel, who):
    """Learn that a channel exists; a belligerent kept out of it draws its conclusions about home."""
    on_record = plan[plan[PLAN.on_record] + channel]
    inform(plan, record, state, channel, who, on_record)
    if fights(plan, record, who):
        factor = log_bayes_factor(
            existence(plan, record, channel, 1, on_record), existence(plan, record, channel, 0, on_record)
        )
        move_trust(plan, state, who, home_of(plan, record, channel), factor)


@kernel
def inform(plan, record, state, channel, who, on_record):
    """Note that a state knows of a channel, and how likely it takes it to be authorised."""
    view = view_at(plan, channel, who)
    state[view + VIEW.informed] = 1.0
    state[view + VIEW.if_trustworthy] = share(plan, record, channel, 1, on_record)
    state[view + VIEW.if_not] = share(plan, record, channel, 0, on_record)


@kernel
def believed_authorised(plan, record, channel, trustworthy):
    """Return the believed probability that one type of home has such an authorised channel."""
    if trustworthy > 0:
        return record[of_channel(plan, channel, CHANNEL.believed_authorised_trustworthy)]
    return record[of_channel(plan, channel, CHANNEL.believed_authorised_untrustworthy)]


@kernel
def believed_offer(plan, record, channel, trustworthy):
    """Return the believed probability of an offer on the record of a channel authorised by one type of home."""
    if trustworthy > 0:
        return record[of_channel(plan, channel, CHANNEL.believed_offer_trustworthy)]
    return record[of_channel(plan, channel, CHANNEL.believed_offer_untrustworthy)]


@kernel
def existence(plan, record, channel, trustworthy, on_record):
    """Return the believed probability of such a channel with such a record, for one type of home."""
    return exposure.existence(
        believed_authorised(plan, record, channel, trustworthy),
        record[of_channel(plan, channel, CHANNEL.believed_freelance)],
        on_record,
        believed_offer(plan, record, channel, trustworthy),
        record[of_channel(plan, channel, CHANNEL.believed_offer_freelance)],
    )


@kernel
def share(plan, record, channel, trustworthy, on_record):
    """Return the believed probability that the channel is authorised, for one type of home."""
    return exposure.authorised_share(
        believed_authorised(plan, record, channel, trustworthy),
        record[of_channel(plan, channel, CHANNEL.believed_freelance)],
        on_record,
        believed_offer(plan, record, channel, trustworthy),
        record[of_channel(plan, channel, CHANNEL.believed_offer_freelance)],
    )


@kernel
def weigh_denial(plan, record, state, channel, who, denied):
    """Let a denial, or silence, move trust in home and how likely the channel is authorised."""
    view = view_at(plan, channel, who)
    authorised = exposure.observed(denied, record[of_channel(plan, channel, CHANNEL.believed_deny_authorised)])
    freelance = exposure.observed(denied, record[of_channel(plan, channel, CHANNEL.believed_deny_freelance)])
    one, two = state[view + VIEW.if_trustworthy], state[view + VIEW.if_not]
    factor = exposure.log_joint_factor(one, two, authorised, freelance, authorised, freelance)
    state[view + VIEW.if_trustworthy] = exposure.updated_share(one, authorised, freelance)
    state[view + VIEW.if_not] = exposure.updated_share(two, authorised, freelance)
    move_trust(plan, state, who, home_of(plan, record, channel), factor)
