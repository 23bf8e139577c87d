"""Reports of result folders: what they say is what the folder holds."""

import re

import pytest

import sim
from sim.cli import main
from sim.report import numbers, stories
from sim.report.figures.frame import WIDE
from sim.report.findings import Findings
from sim.report.page import Page
from sim.report.turning_points import MOST_TURNING_POINTS
from sim.report.write import report_page, write_figures, write_report
from sim.steps.trust import OWN
from sim.study.store.folder import open_folder

SEAT = "a-seat-at-the-table"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("results") / "seat"
    assert main(["sweep", SEAT, "-n", "60", "--out", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def page(folder):
    return report_page(folder, folder)


def test_the_answer_is_the_contrast_with_its_interval(folder, page):
    [one] = Findings(open_folder(folder), folder).contrasts
    assert numbers.in_full(one.contrast.success) in page.answer
    for result in (one.contrast.a, one.contrast.b):
        assert numbers.percent(result.success.estimate) in page.answer
    assert "60 replicates" in page.answer


def test_the_headline_holds_the_numbers_of_the_folder(folder, page):
    results = [open_folder(folder).result(name) for name in ("seated", "kept_out")]
    assert [row[1:4] for row in page.headline.table.rows] == [
        (one.success.estimate, one.success.low, one.success.high) for one in results
    ]


def test_a_section_stands_only_where_the_results_have_its_data(page):
    names = [section.name for section in page.sections]
    assert names == ["played", "changes", "endings", "harm", "replicate", "method", "parameters"]
    assert len({one.name for one in page.exhibits()}) == len(list(page.exhibits()))


def test_the_typical_replicate_ended_in_the_commonest_way_and_can_be_replayed(folder, page):
    findings = Findings(open_folder(folder), folder)
    point = findings.typical_point
    result = findings.result(point)
    number, why = stories.typical(result)
    assert point.label == "kept_out"
    row = result.columns["replicate"].tolist().index(number)
    codes = result.columns["outcome"].tolist()
    assert codes.count(codes[row]) == max(codes.count(code) for code in set(codes))
    [section] = [one for one in page.sections if one.name == "replicate"]
    assert why in section.paragraphs[0]
    [command] = [block.command for block in section.blocks if block.kind == "command"]
    assert command.endswith(f"&& sim trace ukraine-kept-out --replicate {number} --seed 0")


def test_a_story_is_the_trace_of_its_replicate_week_by_week():
    told = stories.story(sim.load("secret-track-1.5"), 0, 3)
    talks = sim.War(sim.load("secret-track-1.5"), seed=0, replicate=3).run()
    assert told.trace.events == tuple(talks.events)
    assert len(told.weeks) == talks.week + 1
    last = told.weeks[-1].trust["ukraine", "united_states"]
    assert last == talks.state("ukraine").trust_in(talks.state("united_states"), OWN)
    meetings = [event for event in talks.events if event.kind == "meets"]
    assert sum(len(week.meetings) for week in told.weeks) == len(meetings)
    misled = {(event.week, event.to) for event in talks.events if event.kind == "misrepresents"}
    found = {(at, one.audience) for at, week in enumerate(told.weeks) for one in week.meetings if one.misrepresented}
    assert found == misled
    assert len(told.turns()) <= MOST_TURNING_POINTS


def test_spans_are_the_stretches_in_which_something_holds():
    def week(in_force):
        return stories.Week({}, (), (), in_force)

    held = tuple(week(flag) for flag in (False, True, True, False, True))
    assert stories.spans(held, "in_force") == [(1, 2), (4, 4)]


def test_results_of_another_model_get_no_replicate_of_this_one(folder, monkeypatch):
    monkeypatch.setattr("sim.study.store.folder.model_version", lambda: "0-another")
    assert "replicate" not in [section.name for section in report_page(folder, folder).sections]


def test_the_command_writes_the_page_where_it_is_told(folder, tmp_path, capsys):
    assert main(["report", str(folder)]) == 0
    assert capsys.readouterr().out == f"Written: {folder / 'report.html'}\n"
    assert main(["report", str(folder), "--out", str(tmp_path / "mine.html")]) == 0
    mine, theirs = (path.read_text(encoding="utf-8") for path in (tmp_path / "mine.html", folder / "report.html"))
    assert [line for line in mine.splitlines() if line not in theirs and "command" not in line] == []


def test_a_sweep_writes_its_page_on_request(tmp_path, capsys):
    assert main(["sweep", SEAT, "-n", "4", "--out", str(tmp_path / "s"), "--report"]) == 0
    assert f"Written: {tmp_path / 's' / 'report.html'}" in capsys.readouterr().out
    assert (tmp_path / "s" / "report.html").stat().st_size > 1_000_000


def test_data_are_written_one_file_a_figure(folder, page, tmp_path):
    paths = write_figures(folder, "csv", tmp_path / "figures")
    assert {path.name for path in paths} == {f"{one.name}.csv" for one in page.exhibits()}
    for path, one in zip(paths, page.exhibits(), strict=True):
        assert path.read_bytes().decode("utf-8") == one.table.csv()
        assert one.table.csv().startswith("\ufeff")


def test_a_figure_is_drawn_as_an_image(folder, tmp_path, monkeypatch):
    [first, *_] = report_page(folder, folder).exhibits()
    monkeypatch.setattr(Page, "exhibits", lambda page: [first])
    [path] = write_figures(folder, "svg", tmp_path)
    drawn = path.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "All three at the table" in drawn
    [picture] = write_figures(folder, "png", tmp_path)
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_without_a_browser_the_command_says_what_to_do(folder, monkeypatch, capsys):
    monkeypatch.delenv("SIM_BROWSER", raising=False)
    monkeypatch.setattr("sim.report.images.shutil.which", lambda name: None)
    assert main(["report", str(folder), "--png"]) == 1
    assert "install chromium, or set SIM_BROWSER" in capsys.readouterr().err


def test_a_folder_that_holds_no_results_is_told_in_a_line(tmp_path, capsys):
    assert main(["report", str(tmp_path)]) == 2
    assert re.fullmatch(r".* holds no results \(it has no manifest\.json\)\n", capsys.readouterr().err)


ALONE = """
title = "Alone"
question = "How often does it hold?"
replicates = 1
outcomes = ["success", "terms.territory"]

[scenarios.none]
extends = "two-states-known-costs"
"""


def test_one_scenario_played_once_has_a_report(tmp_path):
    (tmp_path / "alone.toml").write_text(ALONE)
    assert main(["sweep", str(tmp_path / "alone.toml"), "--out", str(tmp_path / "one"), "--report"]) == 0
    page = report_page(tmp_path / "one", tmp_path)
    assert page.answer.startswith("An agreement holds in ")
    assert page.headline.name == "answer"


def test_a_folder_in_which_nothing_was_played_is_told_in_a_line(tmp_path, capsys):
    from sim.study.design.experiments import load_experiment
    from sim.study.store.folder import create_folder
    from sim.study.store.locking import write_lock

    with write_lock(tmp_path / "none"):
        create_folder(tmp_path / "none", load_experiment(SEAT), "sim sweep")
    assert main(["report", str(tmp_path / "none")]) == 1
    assert "nothing has been played yet; go on with sim sweep" in capsys.readouterr().err


def test_the_page_is_the_same_every_time(folder, tmp_path):
    one, two = (write_report(folder, tmp_path / name).read_bytes() for name in ("1.html", "2.html"))
    assert one == two


def test_files_with_names_in_other_scripts_keep_them_on_the_page_and_their_titles_in_csv(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"переговоры": "Переговоры", "和谈": "和谈", "مفاوضات": "مفاوضات"}
    for name, title in names.items():
        text = f'extends = "two-states-known-costs"\ntitle = "{title}"\nweeks = 60\n'
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    first, second, _ = names
    vary = ["vary", f"{first}.toml", "front.start=0.4,0.5", "--against", f"{second}.toml", "-n", "2", "--out", "kept"]
    assert main(vary) == 0
    assert list(Findings(open_folder("kept"), tmp_path).labels.values()) == ["Переговоры", "和谈"]
    assert main(["export", "kept", "--csv"]) == 0
    told = (tmp_path / "kept/export/scenarios.csv").read_text(encoding="utf-8-sig")
    assert "Переговоры" in told
    assert "和谈" in told


def test_the_axis_of_a_factor_says_what_is_varied_and_not_its_key_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["vary", "two-states-known-costs", "front.sd=0,0.01", "-n", "2", "--out", "kept"]) == 0
    page = report_page("kept", tmp_path)
    along = next(one for one in page.exhibits() if "depend on sd" in one.title)
    assert along.draw(WIDE).layout.xaxis.title.text.startswith("sd: weekly chance movement of the front")


TIE = """
title = "A tie"
question = "Which is better?"
replicates = 4
[scenarios.one]
extends = "two-states-known-costs"
set = { weeks = 60 }
[scenarios.other]
extends = "two-states-known-costs"
set = { weeks = 60 }
[contrasts.same]
a = "one"
b = "other"
"""


def test_two_scenarios_that_tie_are_told_as_a_tie(tmp_path, capsys):
    (tmp_path / "tie.toml").write_text(TIE, encoding="utf-8")
    assert main(["sweep", str(tmp_path / "tie.toml"), "--out", str(tmp_path / "tie")]) == 0
    page = report_page(tmp_path / "tie", tmp_path)
    assert page.answer.startswith(
        "Success is 100.0\N{NO-BREAK SPACE}% with “One” and with “Other” alike: 0.0 percentage points"
    )
    assert page.headline.title.endswith("of replicates in each scenario alike")
    assert not [one.title for one in page.exhibits() if "between" in one.title]
    assert main(["compare", "two-states-known-costs", "two-states-known-costs", "-n", "4"]) == 0
    assert "in a and in b alike" in capsys.readouterr().out
