"""The sheet: the rules that write it and the documented order of its fields agree."""

from random import Random

from sim.search import sheet as rules
from sim.search.sheet import row_at, row_size, sheet_size
from tests.rules.sheets import Talks, guaranteed_peace, random_talks


def written_by_rules(talks: Talks) -> list[float]:
    issues, fighters, pledges, rows = talks.issues, len(talks.sides), len(talks.pledges), len(talks.parties)
    sheet = [float("nan")] * sheet_size(issues, fighters, pledges, rows)
    rules.write_header(sheet, issues, fighters, pledges, rows, talks.proposer, talks.kept_trustworthy)
    rules.write_settling(sheet, talks.kept_trustworthy, talks.wild)
    for fighter, side in enumerate(talks.sides):
        rules.write_side(sheet, fighter, side)
    for number, pledge in enumerate(talks.pledges):
        rules.write_pledge(sheet, number, pledge.target, pledge.issue, pledge.aim, pledge.guarantor, pledge.effect)
    for row, party in enumerate(talks.parties):
        at = row_at(sheet, row)
        rules.write_position(sheet, at, party.cost, party.weariness, party.war_utility, party.betrayal)
        rules.write_role(sheet, at, party.blocking, party.mean, party.sd, party.margin)
        for issue in range(issues):
            sheet[rules.weights_at(sheet, at) + issue] = party.weights[issue]
            sheet[rules.aims_at(sheet, at) + issue] = party.aims[issue]
        for fighter in range(fighters):
            rules.write_threat(sheet, at, fighter, party.lapses[fighter], party.openness[fighter])
        for number in range(pledges):
            rules.write_sworn(sheet, at, number, party.sworn[number], party.burdens[number])
    return sheet


def test_the_rules_write_the_sheet_in_the_documented_order():
    for number in range(50):
        talks = random_talks(Random(f"written/{number}"), many=True)
        assert written_by_rules(talks) == talks.sheet()


def test_a_row_of_two_issues_two_fighters_and_one_pledge_has_eighteen_numbers():
    assert row_size(2, 2, 1) == 8 + 2 + 2 + 2 + 2 + 1 + 1
    assert sheet_size(2, 2, 1, 3) == 7 + 2 + 5 + 3 * 18


def test_rows_fill_the_sheet_without_overlap_to_its_last_number():
    sheet = guaranteed_peace().sheet()
    assert [row_at(sheet, row) for row in range(4)] == [14, 32, 50, 68]
    assert len(sheet) == 68
