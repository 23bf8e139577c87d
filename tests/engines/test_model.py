"""The open engine as it plays: the order of the week, interventions and acts, who learns and who pays, and when."""

from itertools import pairwise
from math import log

import pytest

from sim.engines.open import War
from sim.numerics import logistic, logit
from sim.scenario.load import load
from sim.steps.trust import OWN, PUBLIC
from sim.steps.week import WEEK
from tests.campaigns.nulls import with_observer
from tests.engines.worlds import busy, of_envoys, played, scenario_of, tree_of, without_a_table

SEED = 13
SECRET = "secret-track-1.5"


def leaky(name=SECRET, **changes):
    """A busy world in which a channel is never exposed by chance, with an intervention in week 20 if anything changes."""
    scenario = busy(name).with_values(of_envoys(discretion=1.0))
    interventions = {"act": {"week": 20} | changes} if changes else {}
    return scenario_of(tree_of(scenario) | {"interventions": interventions})


def of_kind(talks, *kinds):
    return [event for event in talks.events if event.kind in kinds]


def lay_out(talks, terms):
    """Lay out a deal for the calculations of states about it, with the promises of those at the table."""
    for issue, term in zip(talks.issues, terms, strict=True):
        issue.offer = term
    talks.lay_out_offer()
    talks.count_promises_at_table()


def gap_of(talks, state, terms):
    """The gap of a deal in a state's own eyes."""
    lay_out(talks, terms)
    return state.own_gap(0.0)


# The week


def test_a_week_is_played_in_the_order_of_the_table_of_the_week(monkeypatch):
    calls = []
    for name, _ in WEEK:
        step = getattr(War, name)
        monkeypatch.setattr(War, name, lambda self, name=name, step=step: (calls.append((self.week, name)), step(self)))
    talks = War(busy(SECRET), SEED, 0)
    talks.step()
    talks.step()
    assert calls == [(week, name) for week in (1, 2) for name, _ in WEEK]


def test_the_events_of_a_week_follow_the_same_order():
    """Each kind of event belongs to a step; within a week steps never go back."""
    steps = {
        "intervenes": 0,
        "wins": 1,
        **dict.fromkeys(("stays_home", "meets", "conveys", "misrepresents", "checks", "weighs_source"), 2),
        **dict.fromkeys(
            ("comes_to_light", "denies", "stays_silent", "disowns", "pays_audience_cost", "starts_over"), 3
        ),
        **dict.fromkeys(("breaks", "spoils", "holds"), 4),
        **dict.fromkeys(("stays_away", "opens", "offers", "passes", "accepts", "refuses", "signs", "ratifies"), 5),
        "ends": 6,
    }
    for name in ("track-1.5-exposed-denied", "ukraine-overruled", "track-1.5-exposed-disowned"):
        for number in range(4):
            known = [event for event in played(busy(name), SEED, number).events if event.kind in steps]
            order = [(event.week, steps[event.kind]) for event in known]
            assert order == sorted(order)


def test_a_replicate_ends_at_its_horizon_or_with_its_decision():
    weeks = set()
    for number in range(12):
        talks = played(busy("reference"), SEED, number)
        weeks.add(talks.week)
        assert talks.outcome_name == "success" or talks.week == 40
        assert talks.events[-1].kind == "ends"
    assert len(weeks) > 1


def test_an_agreement_that_holds_its_weeks_is_a_success_in_the_last_of_them():
    held = 0
    for number in range(12):
        talks = played(busy("reference"), SEED, number)
        if talks.outcome_name == "success":
            held += 1
            signed = of_kind(talks, "signs")[-1].week
            assert talks.week == signed + 15
            assert talks.row()["weeks_to_success"] == talks.week
    assert held > 0


def test_a_front_that_reaches_its_end_ends_the_war_in_that_week():
    scenario = without_a_table(load("reference", {"weeks": 40, "front.sd": 0.2}))
    for number in range(6):
        talks = played(scenario, SEED, number)
        assert talks.outcome_name == "decided_by_force"
        assert talks.front.position in (0.0, 1.0)
        assert [event.week for event in of_kind(talks, "wins", "ends")] == [talks.week, talks.week]


def test_nobody_meets_and_the_front_stands_while_an_agreement_is_in_force():
    peaceful = 0
    for number in range(8):
        talks = War(busy(SECRET), SEED, number)
        while talks.running:
            front, in_force = talks.front.position, talks.agreement.in_force
            talks.step()
            if in_force:
                peaceful += 1
                assert talks.front.position == front
                assert not [event for event in of_kind(talks, "meets") if event.week == talks.week]
    assert peaceful > 0


# Interventions


def test_an_intervention_takes_effect_in_its_week_and_not_before():
    scenario = leaky(set={"officials.envoy.candour": 0.0, "officials.second_envoy.candour": 0.0})
    talks = played(without_a_table(scenario.with_values(of_envoys(candour=1.0))), SEED, 0)
    told = {event.week: event.kind for event in of_kind(talks, "conveys", "misrepresents")}
    assert {kind for week, kind in told.items() if week < 20} == {"conveys"}
    assert {kind for week, kind in told.items() if week >= 20} == {"misrepresents"}
    assert min(week for week in told if week >= 20) == 21
    assert [event.week for event in of_kind(talks, "intervenes")] == [20]


def test_a_guarantee_that_is_withdrawn_no_longer_counts_for_those_who_judge_a_deal():
    terms = [0.3, 0.1, 0.3, 0.3]
    gaps = {}
    for name, scenario in {
        "kept": leaky(),
        "withdrawn": leaky(remove=["guarantees.united_states_for_ukraine"]),
    }.items():
        talks = War(scenario, SEED, 0)
        gaps[name] = []
        for _ in range(21):
            talks.step()
            ukraine = talks.state("ukraine")
            gaps[name].append(gap_of(talks, ukraine, terms))
    assert gaps["kept"][:19] == gaps["withdrawn"][:19]
    assert gaps["withdrawn"][19] > gaps["kept"][19]


def test_aid_that_is_cut_off_lets_the_front_go_from_that_week_on():
    """Aid of .6 whatever is feared: 1.0 - .21 - .6 = .19 before, .79 after."""
    scenario = without_a_table(leaky(remove=["aid.united_states_to_ukraine"])).with_values(
        {"front.sd": 0.0, "aid.united_states_to_ukraine.sensitivity": 0.0}
    )
    talks, steps = War(scenario, SEED, 0), []
    for _ in range(25):
        front = talks.front.position
        talks.step()
        steps.append(talks.front.position - front)
    assert steps[:19] == pytest.approx([0.00019] * 19)
    assert steps[19:] == pytest.approx([0.00079] * 6)


def test_a_channel_that_is_removed_meets_no_more():
    talks = played(leaky(remove=["channels.back"]), SEED, 2)
    assert {event.week for event in of_kind(talks, "meets")} <= set(range(1, 20))
    assert of_kind(talks, "meets") != []


def test_changed_lean_starts_from_its_new_value_and_other_leans_drift_on():
    scenario = without_a_table(leaky(set={"officials.envoy.lean": 0.9}))
    talks = War(scenario, SEED, 0)
    for _ in range(20):
        talks.step()
    drifted = 0.2
    for _ in range(10):  # meetings in weeks 1, 3 .. 19
        drifted += 0.01 * (1.0 - drifted)
    assert talks.envoy("envoy").leaning == 0.9
    assert talks.envoy("second_envoy").leaning == pytest.approx(drifted)


def test_nobody_is_drawn_to_the_other_side_by_meetings_that_do_not_take_place():
    talks = War(without_a_table(leaky()).with_values({"states.russia.contact_cost": 10.0}), SEED, 0)
    talks.step()
    assert of_kind(talks, "stays_home") != []
    assert talks.envoy("envoy").leaning == 0.2


# Acts


@pytest.mark.parametrize("discretion", [1.0, 0.0])
def test_an_exposure_by_decree_replaces_the_draw_in_its_week_and_before(discretion):
    scenario = leaky(expose="back").with_values(of_envoys(discretion=discretion))
    for number in range(3):
        assert played(scenario, SEED, number).channel("back").exposed_week == 20


@pytest.mark.parametrize(("act", "kind"), [("deny", "denies"), ("stay_silent", "stays_silent")])
def test_an_answer_by_decree_replaces_the_draw(act, kind):
    """Whatever the probability of a denial, and without changing what others believe of it."""
    factors = set()
    for probability in (0.0, 0.5, 1.0):
        changes = {"channels.back.deny_freelance": probability, "channels.back.believed_deny_freelance": 0.97}
        talks = played(leaky(expose="back", **{act: "back"}).with_values(changes), SEED, 0)
        assert [event.kind for event in of_kind(talks, "denies", "stays_silent")] == [kind]
        (move,) = [event for event in talks.events if event.cause == kind]
        assert (move.actor, move.to) == ("ukraine", "united_states")
        factors.add(move.detail["log_factor"])
    assert len(factors) == 1


def test_a_decree_in_another_week_leaves_the_answer_to_chance():
    tree = tree_of(leaky(expose="back"))
    tree["interventions"]["late"] = {"week": 30, "expose": "back", "stay_silent": "back"}
    scenario = scenario_of(tree).with_values({"channels.back.deny_freelance": 1.0})
    assert [event.week for event in of_kind(played(scenario, SEED, 0), "denies", "stays_silent")] == [20]
    assert of_kind(played(scenario, SEED, 0), "denies") != []


def test_to_disown_the_envoys_exposes_denies_and_ends_the_channel():
    talks = played(leaky(disown="back"), SEED, 0)
    assert [event.week for event in of_kind(talks, "comes_to_light", "denies", "disowns")] == [20, 20, 20]
    assert not [event for event in of_kind(talks, "meets") if event.week > 20]


def test_a_denied_leak_costs_less_trust_than_a_silent_one():
    """A freelance channel: a denial is what a government that sent nobody would say."""
    trust = {}
    for act in ("deny", "stay_silent"):
        talks = War(leaky(expose="back", **{act: "back"}), SEED, 0)
        for _ in range(20):
            talks.step()
        ukraine, home = talks.state("ukraine"), talks.state("united_states")
        trust[act] = ukraine.trust_in(home, OWN)
    before = 0.63
    assert trust["stay_silent"] < trust["deny"] < before


def test_an_exposure_with_an_offer_on_the_record_costs_more_trust():
    factors = {}
    for candour in (1.0, 0.0):
        scenario = leaky(expose="back").with_values(of_envoys(candour=candour))
        (move,) = [e for e in played(scenario, SEED, 0).events if e.cause == "the channel comes to light"]
        factors[candour] = move.detail["log_factor"]
    assert factors[0.0] < factors[1.0] < 0.0
    assert factors[1.0] == pytest.approx(log(0.5))


def test_of_a_leak_without_ukraine_russia_draws_no_conclusions():
    talks = played(leaky(expose="back"), SEED, 0)
    moved = {(e.actor, e.to) for e in talks.events if e.kind == "trust_moves" and e.week == 20}
    assert {pair for pair in moved if pair[1] == "united_states"} == {("ukraine", "united_states")}


def test_of_a_leak_a_third_party_draws_no_conclusions_about_the_home_government():
    """Trust is moved by channels about oneself: of belligerents only."""
    talks = played(with_observer(leaky(expose="back")), SEED, 0)
    moved = {event.actor for event in talks.events if event.cause in ("the channel comes to light", "denies")}
    assert moved == {"ukraine"}


# Legs added later


def test_a_leg_added_later_learns_of_the_channel_once():
    """Kyiv, let in from week 20 on: its trust moves then by the factor of an exposure, and not again at the leak."""
    tree = tree_of(leaky(add={"channels": {"back": {"legs": {"kyiv": {"state": "ukraine"}}}}}))
    tree["interventions"]["leak"] = {"week": 30, "expose": "back"}
    for number in range(3):
        talks = played(scenario_of(tree).with_values(of_envoys(candour=1.0)), SEED, number)
        learned = [
            e for e in talks.events if e.actor == "ukraine" and e.cause.startswith(("is brought", "the channel"))
        ]
        assert [(event.week, event.to) for event in learned] == [(20, "united_states")]
        assert learned[0].detail["log_factor"] == pytest.approx(log(0.5))
        assert not [event for event in talks.events if event.cause in ("denies", "stays_silent")]


def test_a_leg_from_the_start_learns_nothing_by_the_leak():
    tree = tree_of(leaky(expose="back"))
    tree["channels"]["back"]["legs"]["kyiv"] = {"state": "ukraine"}
    talks = played(scenario_of(tree), SEED, 0)
    causes = {event.cause for event in talks.events if event.kind == "trust_moves"}
    assert causes <= {"keeps", "breaks", "checks"}
    assert talks.channel("back").exposed_week == 20


# Audience costs


def audience_costs(talks, weeks):
    """What each state still pays, week by week."""
    paid = []
    for _ in range(weeks):
        talks.step()
        paid.append({state.name: state.audience_cost for state in talks.states})
    return paid


def test_an_audience_cost_is_paid_once_by_home_and_the_audience_that_had_ruled_talks_out_and_lapses():
    """Exposure cost .2 medians of .03, falling by a twenty-sixth a week; Ukraine had no part in it and pays nothing."""
    scenario = leaky(expose="back").with_values({"states.ukraine.ruled_out": True})
    paid = audience_costs(War(scenario, SEED, 0), 40)
    for state in ("russia", "united_states"):
        assert [week[state] for week in paid[:19]] == [0.0] * 19
        lapsing = [week[state] for week in paid[19:]]
        assert lapsing[0] == pytest.approx(0.2 * 0.03)
        assert [after / before for before, after in pairwise(lapsing)] == pytest.approx([25 / 26] * 20)
    assert {week["ukraine"] for week in paid} == {0.0}


def test_a_stop_in_kyiv_costs_kyiv_nothing_unless_it_had_ruled_such_talks_out():
    tree = tree_of(leaky(expose="back"))
    tree["channels"]["back"]["legs"]["kyiv"] = {"state": "ukraine"}
    for ruled_out in (False, True):
        tree["states"]["ukraine"]["ruled_out"] = ruled_out
        paid = audience_costs(War(scenario_of(tree), SEED, 0), 20)[-1]["ukraine"]
        assert paid == pytest.approx(0.2 * 0.045 if ruled_out else 0.0)


def test_a_public_channel_costs_nobody_and_is_denied_by_nobody():
    talks = played(busy("open-track-1.5"), SEED, 0)
    assert of_kind(talks, "pays_audience_cost", "denies", "stays_silent", "comes_to_light") == []
    assert talks.channel("back").exposed_week == 1


# The table


def test_a_table_starts_over_once_an_opening():
    """Two leaks in one opening: the second leaves the clock running."""
    tree = tree_of(leaky())
    tree["channels"]["aside"] = tree["channels"]["back"] | {"track": "2"}
    tree["interventions"] = {
        "one": {"week": 4, "expose": "back"},
        "other": {"week": 6, "expose": "aside"},
    }
    tree["table"] |= {"opens": 1, "max_rounds": 6, "round_weeks": 1, "cooling_off_weeks": 50}
    for state in tree["states"].values():
        state["aspiration"] = 20.0
    over, clocks = [], []
    for number in range(3):
        talks = War(scenario_of(tree), SEED, number)
        while talks.running:
            talks.step()
            clocks.append((talks.week, talks.table.clock))
        over.append([event.week for event in of_kind(talks, "starts_over")])
    assert over == [[4], [4], [4]]
    assert (3, 3) in clocks
    assert (4, 1) in clocks
    assert (6, 3) in clocks


def test_a_table_that_starts_over_has_all_its_rounds_again():
    tree = tree_of(leaky(expose="back"))
    tree["interventions"]["act"]["week"] = 4
    tree["table"] |= {"opens": 1, "max_rounds": 5, "round_weeks": 1, "cooling_off_weeks": 50}
    for state in tree["states"].values():
        state["aspiration"] = 20.0
        state["concession"] = 0.05
    for scenario, last in ((scenario_of(tree), 8), (scenario_of(tree | {"interventions": {}}), 5)):
        talks = played(scenario, SEED, 1)
        weeks = [event.week for event in of_kind(talks, "offers", "passes")]
        assert weeks == list(range(1, last + 1))


def test_a_failed_table_stays_closed_for_the_weeks_of_cooling_off():
    gaps = []
    for number in range(12):
        events = of_kind(played(busy("ukraine-kept-out"), SEED, number), "fails", "opens")
        gaps += [later.week - one.week for one, later in pairwise(events) if one.kind == "fails"]
    assert min(gaps) >= 4
    assert 4 in gaps or 5 in gaps


def test_proposers_take_turns_from_whoever_is_drawn_first():
    starts = set()
    for number in range(8):
        talks = played(busy("reference"), SEED, number)
        turns, states = {}, [state.name for state in talks.states]
        opening = 0
        for event in of_kind(talks, "opens", "offers", "passes"):
            if event.kind == "opens":
                opening += 1
            else:
                turns.setdefault(opening, []).append(states.index(event.actor))
        for order in turns.values():
            assert all((one + 1) % 3 == other for one, other in pairwise(order))
            starts.add(order[0])
    assert starts == {0, 1, 2}


def test_everybody_at_the_table_learns_from_an_answer_and_nobody_else_does():
    for number in range(6):
        talks = played(busy("ukraine-kept-out"), SEED, number)
        assert {event.actor for event in of_kind(talks, "learns")} <= {"russia", "united_states"}
        assert {event.to for event in of_kind(talks, "learns")} <= {"russia", "united_states"}
    assert {event.actor for event in of_kind(played(busy("reference"), SEED, 1), "learns")} == {
        state.name for state in talks.states
    }


def test_a_refusal_lowers_the_believed_cost_and_an_acceptance_raises_it():
    seen = set()
    for number in range(6):
        for event in of_kind(played(busy("reference"), SEED, number), "learns"):
            seen.add(event.cause)
            higher = event.detail["after"] > event.detail["before"]
            assert higher == (event.cause == "accepts")
    assert seen == {"accepts", "refuses"}


def show(state, accepted, gap):
    """Let the others learn an answer with this gap."""
    state.accepted, state.answer_gap = accepted, gap
    state.show_answer()


def test_the_same_refusal_is_not_counted_twice():
    """An answer updates only if it tells more than the tightest of its kind seen at this table."""
    talks = War(busy("reference"), SEED, 1)
    while not talks.table.is_open:
        talks.step()
    russia = talks.state("russia")
    observer = talks.state("ukraine").toward(russia)
    observer.variance = 0.49
    russia.was_seen_to_refuse = False
    show(russia, False, 0.02)
    once = (observer.mean, observer.variance)
    show(russia, False, 0.02)
    show(russia, False, 0.03)
    assert (observer.mean, observer.variance) == once
    show(russia, False, 0.01)
    assert observer.mean < once[0]


def test_a_gap_of_zero_or_less_teaches_nothing():
    talks = War(busy("reference"), SEED, 1)
    talks.step()
    belief = talks.state("ukraine").toward(talks.state("russia"))
    before = (belief.mean, belief.variance)
    show(talks.state("russia"), True, 0.0)
    show(talks.state("russia"), True, -0.1)
    assert (belief.mean, belief.variance) == before


def test_others_reckon_with_what_is_publicly_known_of_a_states_trust():
    """A party answers by its own trust; what its answer tells the others is read by its publicly known trust."""
    gaps, thresholds = [], []
    for private in (0.0, 0.5):
        talks = War(busy("reference"), SEED, 1)
        while not talks.table.is_open:
            talks.step()
        ukraine = talks.state("ukraine")
        ukraine.was_seen_to_accept = ukraine.was_seen_to_refuse = False
        ukraine.toward(talks.state("united_states")).log_odds += private
        lay_out(talks, [0.45, 0.3, 0.5, 0.5])
        talks.table.hear_answers(talks.state("russia"), 6)
        answer = [event for event in of_kind(talks, "accepts", "refuses") if event.actor == "ukraine"][-1]
        gaps.append((answer.kind, answer.detail["gap"]))
        accepts, refuses = ukraine.was_seen_to_accept, ukraine.was_seen_to_refuse
        thresholds.append((accepts and ukraine.accepted_above, refuses and ukraine.refused_below))
    assert gaps[0][0] == gaps[1][0]
    assert gaps[1][1] < gaps[0][1]
    assert thresholds[0] == thresholds[1] != (False, False)


# Messages


def said_at_the_first_meeting(scenario):
    """Return, by hearer, what was said at the first meeting: (state spoken of, message less its log cost, sd)."""
    said, talks = {}, War(scenario, SEED, 0)
    for state in talks.states:
        for method in ("hear_envoy", "hear_officials"):

            def listen(channel, count, *_, name=state.name):
                messages = [talks.message(place) for place in range(count)]
                found = {one.subject.name: (one.said - one.subject.log_cost, one.noise) for one in messages}
                said.setdefault(name, found)

            setattr(state, method, listen)
    talks.step()
    return said


def clear(name=SECRET, **changes):
    """A world whose messages are all but free of noise and reach everybody."""
    plain = {"channels.back.transfer_home": 1.0, "channels.back.transfer_audience": 1.0, "channels.back.noise": 0.01}
    return busy(name).with_values(plain | of_envoys(candour=1.0, lean=0.0) | changes)


NOISE = 6.0  # sd within which an error lies (false-alarm rate 2e-9 each, at a fixed seed)


def test_an_envoy_tells_moscow_of_home_and_of_ukraine_and_home_of_moscow():
    said = said_at_the_first_meeting(clear())
    assert {hearer: set(subjects) for hearer, subjects in said.items()} == {
        "russia": {"united_states", "ukraine"},
        "united_states": {"russia"},
    }
    for subjects in said.values():
        for off, sd in subjects.values():
            assert 0.0 < abs(off) < NOISE * sd


def test_what_is_known_at_second_hand_is_told_less_clearly():
    """Home is spoken of first hand if it sent the envoys, Ukraine if they stop there; access sharpens what comes back."""
    tree = tree_of(clear())
    tree["channels"]["back"]["legs"]["kyiv"] = {"state": "ukraine"}
    worlds = {
        "alone": (clear(), 2.0, 2.0),
        "sent": (clear(**{"channels.back.authorised": True}), 1.0, 2.0),
        "by way of Kyiv": (scenario_of(tree), 2.0, 1.0),
    }
    for scenario, home, ukraine in worlds.values():
        said = said_at_the_first_meeting(scenario)
        assert said["russia"]["united_states"][1] == pytest.approx(0.01 * home)
        assert said["russia"]["ukraine"][1] == pytest.approx(0.01 * ukraine)
        assert said["united_states"]["russia"][1] == pytest.approx(0.01 / 0.7)


def test_a_misrepresented_meeting_makes_everybody_spoken_of_look_readier_to_settle():
    said = said_at_the_first_meeting(clear(**of_envoys(candour=0.0)))
    for off, sd in said["russia"].values():
        assert off == pytest.approx(1.5 * 0.7, abs=NOISE * sd)
    off, sd = said["united_states"]["russia"]
    assert off == pytest.approx(0.0, abs=NOISE * sd)


def test_a_captured_envoy_brings_home_the_bluff_of_the_other_side():
    off, sd = said_at_the_first_meeting(clear(**of_envoys(lean=1.0)))["united_states"]["russia"]
    assert off == pytest.approx(-1.0 * 0.7, abs=NOISE * sd)


def test_officials_understate_what_war_costs_their_own_government_and_nobody_elses():
    said = said_at_the_first_meeting(clear("secret-track-1"))
    expected = {("russia", "united_states"): -0.7, ("russia", "ukraine"): 0.0, ("united_states", "russia"): -0.7}
    assert {(hearer, subject) for hearer, subjects in said.items() for subject in subjects} == set(expected)
    for (hearer, subject), bluff in expected.items():
        off, sd = said[hearer][subject]
        assert off == pytest.approx(bluff, abs=NOISE * sd)


def heard_through(state, channel, other):
    """Mean and variance of a state's belief about another with one channel, weighted by its credibility."""
    view = channel.view_of(state)
    straight, crooked = view.hearing_of(other).straight, view.hearing_of(other).crooked
    share = logistic(view.credibility)
    mean = share * straight.c + (1.0 - share) * crooked.c
    apart = straight.c - crooked.c
    return mean, share * straight.cc + (1.0 - share) * crooked.cc + share * (1.0 - share) * apart * apart


def test_several_channels_add_their_precision_beyond_what_was_known_without_them():
    tree = tree_of(clear())
    tree["channels"]["aside"] = tree["channels"]["back"] | {"track": "2"}
    talks = War(scenario_of(tree), SEED, 0)
    talks.step()
    russia, ukraine = talks.state("russia"), talks.state("ukraine")
    base = russia.toward(ukraine)
    each = [heard_through(russia, talks.channel(name), ukraine) for name in ("back", "aside")]
    precision = 1.0 / base.variance + sum(1.0 / variance - 1.0 / base.variance for _, variance in each)
    pull = base.mean / base.variance + sum(mean / v - base.mean / base.variance for mean, v in each)
    mean, sd = russia.estimate(ukraine)
    assert mean == pytest.approx(pull / precision, rel=1e-6)
    assert sd == pytest.approx(precision**-0.5, rel=1e-6)


# Checks


def test_a_check_moves_credibility_from_the_odds_before_the_meeting_whatever_was_said():
    scenario = busy(SECRET).with_values(of_envoys(candour=0.5) | {"channels.back.verification": 1.0})
    talks = played(scenario, SEED, 0)
    checks = of_kind(talks, "checks")
    weighed = [event for event in of_kind(talks, "weighs_source") if event.actor == "russia"]
    assert {check.detail["false"] for check in checks} == {True, False}
    for check, event in zip(checks, weighed, strict=True):
        move = log(0.05 / 0.6) if check.detail["false"] else log(0.95 / 0.4)
        assert event.detail["after"] == pytest.approx(logistic(logit(event.detail["before"]) + move), abs=1e-12)


def test_a_check_moves_trust_privately():
    """Others go on reckoning with what is publicly known."""
    scenario = busy(SECRET).with_values({"channels.back.verification": 1.0})
    talks = War(scenario, SEED, 0)
    talks.step()
    russia, home = talks.state("russia"), talks.state("united_states")
    assert [event.cause for event in talks.events if event.kind == "trust_moves"] == ["checks"]
    assert russia.trust_in(home, OWN) != pytest.approx(0.2, abs=1e-6)
    assert russia.trust_in(home, PUBLIC) == pytest.approx(0.2, abs=1e-12)


def test_official_positions_are_heard_without_weighing_the_source():
    """Track 1 carries no bit: credibility stays at its prior and nothing is checked."""
    talks = played(busy("secret-track-1"), SEED, 1)
    assert talks.channel("back").meetings > 0
    assert of_kind(talks, "weighs_source", "checks", "misrepresents", "conveys") == []
    row = talks.row()
    assert row["credibility.back.russia"] == pytest.approx(0.6)
    assert row["checked.back"] == 0.0
