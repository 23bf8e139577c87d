"""Every event has a sentence, and sentences read as sentences."""

import ast
import gc
import re
import weakref
from dataclasses import replace
from pathlib import Path

import pytest

import sim
from sim import words
from sim.report import narrative, timeline
from sim.report.traces import parting, trace
from sim.rules.outcomes import OUTCOMES
from sim.steps.events import KINDS, Event

PACKAGE = Path(sim.__file__).parent
NOTING = [*sorted((PACKAGE / "steps").glob("*.py")), PACKAGE / "engines" / "open.py"]
IN_WORDS = {
    "offers",
    "signs",
    "conveys",
    "misrepresents",
    "comes_to_light",
}  # by the points of issues, in what was passed off
TOLD = [
    "reference",
    "ukraine-kept-out",
    "track-1.5-kyiv-visited-later",
    "track-1.5-exposed",
    "track-1.5-exposed-disowned",
    "track-1.5-authorised",
    "front-gives-way",
]


def constants(node):
    """The texts an expression may be."""
    if isinstance(node, ast.IfExp):
        return constants(node.body) | constants(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def noted_kinds():
    """Every kind of event that the steps and the open engine note, with the place of the call."""
    for path in NOTING:
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            named = {}
            for node in ast.walk(function):
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    named.setdefault(node.targets[0].id, set()).update(constants(node.value))
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "note":
                    first = node.args[0]
                    kinds = named.get(first.id, set()) if isinstance(first, ast.Name) else constants(first)
                    yield f"{path.name}:{node.lineno}", kinds
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Event":
                    yield from ((f"{path.name}:{node.lineno}", kinds) for kinds in [constants(node.args[1])] if kinds)


@pytest.fixture(scope="module")
def cast():
    return narrative.Cast(without_words("track-1.5-kyiv-visited-later"))


def without_words(name):
    """A scenario whose issues have no points and whose channels say nothing of what they pass off."""
    scenario = sim.load(name)
    for era in scenario.eras:
        issues = {issue: replace(one, points={}) for issue, one in era.world.issues.items()}
        channels = {channel: replace(one, conveys="") for channel, one in era.world.channels.items()}
        era.__dict__["world"] = replace(era.world, issues=issues, channels=channels)
    return scenario


@pytest.fixture(scope="module")
def named():
    """A cast whose issues have points, with the front at .45, later at .60."""
    return narrative.Cast(sim.load("secret-track-1.5"), (0.45, 0.45, 0.6), {"back": 2})


@pytest.fixture(scope="module", params=TOLD)
def told(request):
    return trace(sim.load(request.param), 0, 1)


def moved(week, actor="ukraine", to="russia", cause="keeps", before=0.5, after=0.51):
    detail = {"log_factor": 0.04, "before": before, "after": after}
    return Event(week, "trust_moves", actor, to, detail, cause)


def test_the_engine_notes_only_declared_kinds_and_declares_none_in_vain():
    noted = dict(noted_kinds())
    assert all(noted.values()), "a kind that is not written out cannot be declared"
    assert set().union(*noted.values()) == set(KINDS)


def test_every_kind_has_a_meaning_and_a_sentence():
    assert set(narrative.SENTENCES) == set(KINDS)
    assert all(kind.meaning for kind in KINDS.values())


def test_every_event_has_the_details_that_its_kind_declares(told):
    assert [event for event in told.events if set(event.detail) != set(KINDS[event.kind].details)] == []


def test_every_outcome_has_words():
    assert tuple(words.OUTCOMES) == OUTCOMES


def test_lines_are_short_and_hold_no_identifier(told):
    for event in told.events:
        line = narrative.line(event, told.cast)
        assert len(line) <= 110 or event.kind in IN_WORDS
        assert "_" not in line
        assert not line.endswith("…")
        assert re.match(r"week \d+: [A-Z]", line)


def test_every_event_of_a_replicate_is_told(told):
    lines = timeline.lines(told.events, told.cast)
    assert lines[-1].endswith(f"The end: {words.OUTCOMES[told.row['outcome']]}")
    weeks = [int(re.search(r"\d+", line)[0]) for line in lines]
    assert weeks == sorted(weeks)


def test_trust_moves_with_its_bayes_factor_and_its_cause(cast):
    line = narrative.line(moved(7, cause="breaks", before=0.5, after=0.51), cast)
    assert line == "week 7: Ukraine's trust in Russia rises from 0.50 to 0.51 (Bayes factor 1.04: the agreement broken)"


def test_a_small_move_is_told_with_more_digits(cast):
    line = narrative.line(moved(7, before=0.501, after=0.5014), cast)
    assert "from 0.5010 to 0.5014" in line


def test_terms_say_which_way_they_run(cast):
    event = Event(3, "offers", "russia", "", {"terms": (0.4, 0.3, 0.5, 0.2), "round": 1})
    assert narrative.line(event, cast) == (
        "week 3: Russia offers territory 0.40, security 0.30, sanctions 0.50, accountability 0.20 (1: Russia's aims)"
    )
    assert cast.legend() == "Terms run from 0, Ukraine's aims, to 1, Russia's aims."


@pytest.mark.parametrize(
    ("gap", "reason"),
    [(0.02, "enough from 0.020"), (-0.1, "even if the war were free"), (1e300, "would not trust such a deal")],
)
def test_an_answer_says_why(cast, gap, reason):
    event = Event(3, "accepts", "russia", "ukraine", {"gap": gap, "cost": 0.03})
    assert reason in narrative.line(event, cast)


IN_MOSCOW = {"toward": "russia", "channel": "back"}


def test_a_misrepresentation_says_what_was_true(cast):
    detail = IN_MOSCOW | {"subject": "ukraine", "official": 0.2, "private": 0.25, "conveyed": 0.6}
    line = narrative.line(Event(9, "misrepresents", "envoy", "russia", detail), cast)
    assert "The envoy misleads Russia: Ukraine would go 0.60 of the way" in line
    assert "(official 0.20, private 0.25)" in line


def test_a_position_that_no_settlement_meets_is_none(cast):
    detail = IN_MOSCOW | {"subject": "ukraine", "official": -1.0, "private": 0.25, "conveyed": 0.25}
    assert "official none" in narrative.line(Event(9, "conveys", "envoy", "russia", detail), cast)


def test_terms_are_told_by_the_points_of_issues_with_their_numbers(named):
    line = narrative.line(Event(1, "offers", "russia", "", {"terms": (0.46, 0.25, 0.5, 0.3), "round": 1}), named)
    territory, security = "at the line of contact (0.46)", "at a treaty of defence with allies (0.25)"
    sanctions, accountability = "at relief step by step (0.50)", "at trials of few (0.30)"
    assert line == (
        f"week 1: Russia offers territory: {territory}; security: {security}; sanctions: {sanctions}; "
        f"accountability: {accountability}"
    )


def test_a_point_at_the_front_lies_where_the_front_stands_that_week(named):
    assert named.place("territory", 0.6, 1) == "midway between the line of contact and the four regions whole (0.60)"
    assert named.place("territory", 0.6, 2) == "at the line of contact (0.60)"


def test_a_week_after_the_last_has_the_last_front(named):
    assert named.place("territory", 0.6, 9) == named.place("territory", 0.6, 2)


def test_without_fronts_a_point_at_the_front_lies_where_the_front_starts():
    cast = narrative.Cast(sim.load("reference", {"front.start": 0.55}))
    assert cast.place("territory", 0.55, 40) == "at the line of contact (0.55)"


def test_private_official_and_stated_positions_are_told_apart_by_issue(named):
    detail = IN_MOSCOW | {"subject": "ukraine", "official": 0.25, "private": 0.45, "conveyed": 0.7}
    assert narrative.line(Event(1, "misrepresents", "envoy", "russia", detail), named) == (
        "week 1: The envoy misleads Russia about Ukraine, on territory: stated at the four regions whole (0.70); "
        "official at the line of February 2022 (0.25); private at the line of contact (0.45)"
    )


def test_a_position_runs_from_the_aims_of_who_is_spoken_of_to_those_of_the_audience(named):
    # On territory the United States want .2 and Russia 1: a quarter of the way is .2 + .8 / 4.
    assert named.position("united_states", "russia", 0.25, 1) == ("territory", named.place("territory", 0.4, 1))
    assert named.position("united_states", "russia", -1.0, 1) == ("territory", "no terms at all")


def test_what_a_channel_passes_off_is_told_of_its_home_and_when_it_comes_to_light(named):
    passed_off = '"Washington would press Kyiv to give up land for peace"'
    detail = IN_MOSCOW | {"official": 0.25, "private": 0.25, "conveyed": 0.5}
    of_home, of_another = (
        narrative.line(Event(2, "misrepresents", "envoy", "russia", detail | {"subject": subject}), named)
        for subject in ("united_states", "ukraine")
    )
    assert passed_off in of_home
    assert passed_off not in of_another
    early, late = (
        narrative.line(Event(week, "comes_to_light", "back", "", {"on_record": 0}), named) for week in (1, 2)
    )
    assert (
        late == f"week 2: The back channel comes to light, with no offer on its record; passed off in it: {passed_off}"
    )
    assert passed_off not in early


def test_an_idea_of_the_envoys_own_is_told_as_one(named):
    detail = IN_MOSCOW | {"subject": "united_states", "official": 0.25, "private": 0.3, "conveyed": 0.5}
    line = narrative.line(Event(2, "floats", "envoy", "ukraine", detail), named)
    assert "The envoy floats ideas of the envoys' own before Ukraine about the United States: " in line
    assert "Washington would press Kyiv" in line


def test_honest_messages_pass_nothing_off(named):
    detail = IN_MOSCOW | {"subject": "united_states", "official": 0.25, "private": 0.3, "conveyed": 0.3}
    line = narrative.line(Event(2, "conveys", "envoy", "russia", detail), named)
    assert '"' not in line
    assert "stated, and private, " in line


def test_a_kind_of_a_subclass_is_told_by_its_parts(cast):
    assert narrative.line(Event(2, "holds_a_parade", "united_states", "russia"), cast) == (
        "week 2: The United States holds a parade Russia"
    )


def test_names_become_nouns():
    assert words.state("united_states") == "the United States"
    assert words.state("european_union") == "the European Union"
    assert words.state("ukraine") == "Ukraine"
    assert words.possessive("the United States") == "the United States'"
    assert words.pair("united_states->russia") == "United States in Russia"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.number(-0.0001, 2) == "0.00"


def test_weeks_of_an_agreement_kept_are_told_together(cast):
    events = [moved(week, before=0.5 + 0.01 * week, after=0.51 + 0.01 * week) for week in range(1, 6)]
    assert timeline.lines(events, cast) == [
        "weeks 1-5: Ukraine's trust in Russia rises from 0.51 to 0.56 (Bayes factor 1.22: agreement kept)"
    ]


def test_two_weeks_of_an_agreement_kept_are_told_one_by_one(cast):
    assert len(timeline.lines([moved(1), moved(2)], cast)) == 2


def test_something_in_between_ends_the_quiet_weeks(cast):
    leak = Event(4, "comes_to_light", "back", "", {"on_record": False})
    lines = timeline.lines([moved(1), moved(2), moved(3), leak, moved(4), moved(5), moved(6), moved(7)], cast)
    assert [line.split(":")[0] for line in lines] == ["weeks 1-3", "week 4", "week 4", "weeks 5-7"]


def test_the_week_in_which_an_agreement_succeeds_belongs_to_the_quiet_ones(cast):
    holds = Event(3, "holds", "", "", {"weeks": 52})
    lines = timeline.lines([moved(1), moved(2), moved(3), holds], cast)
    assert [line.split(":")[0] for line in lines] == ["weeks 1-3", "week 3"]


def test_repeated_refusals_are_told_once(cast):
    away = [Event(week, "stays_away", "russia") for week in (4, 8, 12)]
    assert timeline.lines(away, cast) == [
        "weeks 4-12: Russia sees too little to gain and stays away from the table (3 times)"
    ]


def test_two_runs_part_at_the_first_event_told_differently():
    one, other = (trace(sim.load(name), 0, 1) for name in ("ukraine-kept-out", "reference"))
    where = parting(one, other)
    first, second = (narrative.line(run.events[where.place], run.cast) for run in (one, other))
    assert first != second
    assert [narrative.line(event, one.cast) for event in one.events[: where.place]] == [
        narrative.line(event, other.cast) for event in other.events[: where.place]
    ]
    assert where.week == one.events[where.place].week


def test_two_equal_runs_never_part():
    one = trace(sim.load("reference"), 0, 1)
    assert parting(one, one) is None


def test_two_columns_stay_within_their_width():
    rows = timeline.side_by_side(["one two three four five six"], ["a", "b"], 23)
    assert rows == ["one two    | a", "  three    |", "  four     |", "  five six |", "           | b"]


def test_a_trace_lets_go_of_the_model_it_was_played_by():
    models = []
    found = trace(sim.load("two-states-known-costs"), 0, 0, lambda talks, events: models.append(weakref.ref(talks)))
    gc.collect()
    assert found.events
    assert len(models) > 1
    assert [model() for model in models] == [None] * len(models)
