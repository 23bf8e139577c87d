"""What a worker answers counts only if a sound worker may have given it."""

import json
import random
import zlib

import numpy as np
import pyarrow
import pytest

from sim.engines.ensemble import module_bytes
from sim.rules.outcomes import OUTCOMES
from sim.scenario.load import load
from sim.shipped import shipped_names
from sim.study.store.contents import Origin
from sim.study.store.parts import Range
from sim.study.sweep.answers import AnswerError, parts_of
from sim.study.sweep.tasks import Job, play_job, play_jobs
from sim.study.sweep.workers import Identity, identity_answer, identity_of, module_hash, refusal, task_answer
from sim.version import model_version

SEED, REPLICATES = 5, 20
TWO = "two-states-known-costs"


def job(name=TWO, first=0, count=REPLICATES, **other):
    """Return a job that plays replicates of a shipped scenario."""
    scenario = load(name)
    about = {
        "sets": {},
        "name": name,
        "origin": Origin(2, "0" * 64, "1-0", SEED),
        "engine": "compiled",
        "weekly": False,
        "kept": (),
    } | other
    return Job(scenario=scenario.to_dict(), range=Range(0, first, count), **about)


def answer_to(*jobs):
    """Return what a sound worker answers."""
    return task_answer(jobs, module_bytes())


def believed(answer, *jobs):
    """Return the parts that an answer gives."""
    return parts_of(answer, jobs, module_hash(module_bytes()))


def changed(answer, change):
    """Return an answer to one job whose head and values were changed by a function of both, the values by their names."""
    head, _, packed = answer.partition(b"\n")
    told = json.loads(head)
    data, at, values = unpacked(packed), 0, {}
    (part,) = told["parts"]
    rows = part["range"][2] - len(part["failed"])
    for name, kind in part["columns"]:
        values[name] = np.frombuffer(data, kind, rows, at).copy()
        at += values[name].nbytes
    change(part, values)
    return packed_again(told, b"".join(array.tobytes() for array in values.values()))


def unpacked(packed):
    """Return the values of an answer."""
    return pyarrow.input_stream(pyarrow.BufferReader(packed), compression="zstd").read()


def packed_again(told, data):
    """Return an answer of a head and values, with their sum in the head."""
    return json.dumps(told | {"sum": zlib.crc32(data)}).encode() + b"\n" + zstd(data)


def zstd(data):
    """Return values compressed."""
    return pyarrow.compress(data, codec="zstd", asbytes=True)


def refused(change, **other):
    """Return why an answer that was changed so is refused."""
    asked = job(**other)
    with pytest.raises(AnswerError) as caught:
        believed(changed(answer_to(asked), change), asked)
    return str(caught.value)


def put(name, value, row=3):
    """Return what puts a value into a column."""

    def change(part, values):
        values[name][row] = value

    return change


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_what_a_sound_worker_answers_gives_the_files_that_are_made_here(name):
    jobs = [job(name), job(name, first=70, count=3, weekly=True), job(name, kept=("success", "front"))]
    assert believed(answer_to(*jobs), *jobs) == play_jobs(jobs)


def test_an_answer_of_the_open_engine_is_believed_too():
    asked = job(engine="open", weekly=True, count=4)
    assert parts_of(task_answer([asked], b""), [asked], "") == play_jobs([asked])


def test_a_point_that_makes_no_scenario_fails_in_each_replicate_also_elsewhere():
    asked = job(sets={"front.sd": -1.0}, count=3)
    (part,) = believed(answer_to(asked), asked)
    assert part == play_jobs([asked])[0]
    assert len(play_job(asked).failed) == 3


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("success", 2, "values of success lie outside 0..1"),
        ("outcome", len(OUTCOMES), f"values of outcome lie outside 0..{len(OUTCOMES) - 1}"),
        ("outcome", -1, "values of outcome lie outside"),
        ("openings", -1, "values of openings lie outside 0..inf"),
        ("front", 1.0 + 1e-9, "values of front lie outside 0..1"),
        ("front", np.nan, "values of front are missing"),
        ("front", np.inf, "values of front lie outside"),
        ("weeks_to_agreement", 0.0, "values of weeks_to_agreement lie outside 1.."),
        ("weeks_to_agreement", 1e6, "values of weeks_to_agreement lie outside 1.."),
        ("weeks_to_agreement", 1.5, "values of weeks_to_agreement are no whole weeks"),
        ("weeks_to_agreement", -np.inf, "values of weeks_to_agreement lie outside"),
        ("replicate", 99, "its replicates are not those that were asked for"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_column(name, value, said):
    why = refused(put(name, value))
    assert f"{TWO}, replicates 0..19: {said}" in why


def test_other_names_types_orders_and_ranges_are_refused():
    def rename(part, values):
        part["columns"][1][0] = "failure"

    def retype(part, values):
        part["columns"][1][1] = "<i8"

    def swap(part, values):
        part["columns"][1:3] = part["columns"][2:0:-1]

    for change in (rename, retype, swap):
        assert "other names or types" in refused(change)
    assert "answers another range than" in refused(lambda part, values: part.update(range=[1, 0, REPLICATES]))
    assert "answers another range than" in refused(lambda part, values: part.update(range=[0, 20, REPLICATES]))


def test_more_or_fewer_values_than_were_asked_for_are_refused():
    def drop(part, values):
        values["front"] = values["front"][:-1]

    def add(part, values):
        values["front"] = np.zeros(10**6)

    for change in (drop, add):
        assert "or are not as many as were asked for" in refused(change)


def test_two_answers_in_the_wrong_order_are_refused():
    jobs = [job(), job(first=20)]
    with pytest.raises(AnswerError, match="answers another range"):
        believed(answer_to(*jobs[::-1]), *jobs)
    with pytest.raises(AnswerError, match="does not answer 2 ranges"):
        believed(answer_to(jobs[0]), *jobs)


def test_failures_are_numbers_of_the_range_with_short_texts():
    def failing(*rows):
        def change(part, values):
            part["failed"] = [list(row) for row in rows]
            for name in values:
                values[name] = values[name][len(rows) :]

        return change

    for rows in ([(20, "E", "")], [(1, "E", ""), (1, "E", "")], [(-1, "E", "")], [(2, "E", ""), (1, "E", "")]):
        assert "replicates failed that were not asked for, or twice" in refused(failing(*rows))
    for row in [("1", "E", ""), (1, None, ""), (1, "E"), (True, "E", ""), (1.0, "E", "")]:
        assert "not told in numbers and texts" in refused(failing(row))
    assert "is longer than" in refused(failing((0, "E" * 5_000, "")))
    asked = job()
    (part,) = believed(changed(answer_to(asked), failing((0, "E", "tb"))), asked)
    assert part != play_jobs([asked])[0]


def test_weeks_that_do_not_hold_each_replicate_once_are_refused():
    asked = job(weekly=True)
    head, _, packed = answer_to(asked).partition(b"\n")
    data = bytearray(unpacked(packed))
    data[-4:] = (7).to_bytes(4, "little")
    with pytest.raises(AnswerError, match="weeks do not hold each replicate once"):
        believed(packed_again(json.loads(head), bytes(data)), asked)


def test_an_answer_larger_than_any_that_was_asked_for_is_not_read():
    asked = job(count=2)
    with pytest.raises(AnswerError, match=r"has 10,000,000 bytes, [\d,]+ at most were asked for"):
        believed(b"[" * 10_000_000, asked)


def test_values_that_unpack_to_more_than_was_asked_for_are_not_unpacked():
    asked = job()
    head, _, _ = answer_to(asked).partition(b"\n")
    bomb = zstd(bytes(50_000_000))
    assert len(bomb) < 60_000
    with pytest.raises(AnswerError, match="or are not as many as were asked for"):
        believed(head + b"\n" + bomb, asked)


@pytest.mark.parametrize("answer", [None, 7, [], "text", {"parts": []}, bytearray(b"{}")])
def test_an_answer_that_is_no_bytes_is_refused(answer):
    with pytest.raises(AnswerError, match="not with bytes"):
        believed(answer, job())


@pytest.mark.parametrize(
    "answer", [b"", b"\n", b"[]\n", b"{}", b"[" * 20_000, b"\xff\xfe", b'{"parts": 1}\n', b"1" * 9_000]
)
def test_an_answer_that_is_no_answer_is_refused(answer):
    with pytest.raises(AnswerError):
        believed(answer, job())


def test_an_error_of_a_worker_is_told_in_a_line_that_a_terminal_may_show():
    asked = job(model="no_such_module:Class")
    with pytest.raises(AnswerError, match=r"it cannot play: SimError: a worker has no no_such_module:Class"):
        believed(answer_to(asked), asked)
    with pytest.raises(AnswerError) as caught:
        believed(json.dumps({"error": "a\nb \x1b[31mred"}).encode() + b"\n", job())
    assert str(caught.value) == "it cannot play: 'a b \\x1b[31mred'"


def test_an_answer_by_another_module_is_refused():
    asked = job()
    with pytest.raises(AnswerError, match="another module"):
        believed(task_answer([asked], b""), asked)


def test_a_module_that_cannot_be_played_gives_an_error_and_no_values():
    asked = job()
    with pytest.raises(AnswerError, match="it cannot play: NoMachineError"):
        parts_of(task_answer([asked], b"no module"), [asked], module_hash(b"no module"))


def test_a_worker_plays_the_module_that_was_sent_and_not_its_own(monkeypatch):
    from sim.engines import ensemble

    asked, module = job(), module_bytes()
    monkeypatch.setattr(ensemble, "_MACHINES", {})
    monkeypatch.setattr(ensemble, "module_bytes", lambda model=None: pytest.fail("made its own"))
    assert believed(task_answer([asked], module), asked)


def test_a_byte_changed_anywhere_in_an_answer_is_refused_or_changes_no_value():
    asked = job(count=2)
    answer, whole = answer_to(asked), play_jobs([asked])
    for place in random.Random(11).sample(range(len(answer)), 200):
        flipped = bytearray(answer)
        flipped[place] ^= 1 << place % 8
        try:
            assert believed(bytes(flipped), asked) == whole
        except AnswerError:
            continue


def test_who_a_worker_is_comes_as_a_few_words_or_not_at_all():
    own = identity_of(identity_answer(model_version(), module_bytes()))
    assert refusal(own, own) == ""
    other = identity_of(json.dumps(["\x1b[2J", "0", "0"]).encode())
    assert "\x1b" not in refusal(own, other)
    for answer in (own, b"x" * 2_000, b"[1, 2, 3]", b'["1", "2"]', b"\xff", None):
        with pytest.raises(AnswerError):
            identity_of(answer)
    assert Identity(*own) == own
