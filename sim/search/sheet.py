"""The sheet: everything a calculation about a deal needs, as one flat sequence of floats.

Both engines write it (a list in the open engine, an array in the compiled one) and the same rules read it. It has a
header, the fighters, the pledges (guarantees), then one row for each state whose view or consent counts.

    header   ISSUES, FIGHTERS, PLEDGES, ROWS, PROPOSER (row number or -1), KEPT_TRUSTWORTHY = (1 - h_T)^H,
             WILD: 0, or what an untrustworthy and undeterred state adds to the hazard, summed over the time reckoned with,
             where agreements settle; then KEPT_TRUSTWORTHY is that of one belligerent, and lapses are 1 - trust
    fighter  the side of each belligerent: 0 for A, 1 for B
    pledge   PLEDGE_TARGET (fighter number), PLEDGE_ISSUE, PLEDGE_AIM (what the beneficiary wants there),
             PLEDGE_GUARANTOR (state number), PLEDGE_EFFECT (what it deters if surely kept)
    row      the fields named below, then
             weights and aims              one for each issue
             lapses                        one for each fighter: what this state fears of it (0: nothing)
             openness                      one for each fighter: 1 - its own deterrence if this state cares, else 0
             sworn, burdens                one for each pledge: its effect in this state's eyes, what it costs this state

    BLOCKING       1 if the state must consent; for an excluded state the probability that its refusal blocks
    MEAN, SD       belief about the log of its cost of war
    COST           its cost of war, read only for the row itself and never by another row's calculation
    WEARINESS      factor by which that cost has grown
    WAR_UTILITY    what it expects of fighting on, before the cost
    MARGIN         what it asks for beyond its outside option: aspiration, audience cost or grievance (utility)
    BETRAYAL       what a breach would cost it (utility; 0 for third parties)
"""

from sim.rules.registry import rule

ISSUES, FIGHTERS, PLEDGES, ROWS, PROPOSER, KEPT_TRUSTWORTHY, WILD, HEADER = range(8)
PLEDGE_TARGET, PLEDGE_ISSUE, PLEDGE_AIM, PLEDGE_GUARANTOR, PLEDGE_EFFECT, PLEDGE_SIZE = range(6)
BLOCKING, MEAN, SD, COST, WEARINESS, WAR_UTILITY, MARGIN, BETRAYAL, ROW_FIELDS = range(9)


@rule
def row_size(issues, fighters, pledges):
    """Return the number of floats of one row."""
    return ROW_FIELDS + 2 * (issues + fighters + pledges)


@rule
def sheet_size(issues, fighters, pledges, rows):
    """Return the number of floats of a sheet."""
    return HEADER + fighters + PLEDGE_SIZE * pledges + rows * row_size(issues, fighters, pledges)


@rule
def side_at(sheet, fighter):
    """Return where the side of a fighter stands."""
    return HEADER + fighter


@rule
def pledge_at(sheet, pledge):
    """Return where a pledge starts."""
    return HEADER + int(sheet[FIGHTERS]) + PLEDGE_SIZE * pledge


@rule
def row_at(sheet, row):
    """Return where a row starts."""
    issues, fighters, pledges = int(sheet[ISSUES]), int(sheet[FIGHTERS]), int(sheet[PLEDGES])
    return HEADER + fighters + PLEDGE_SIZE * pledges + row * row_size(issues, fighters, pledges)


@rule
def weights_at(sheet, at):
    """Return where the weights of the row that starts at `at` stand."""
    return at + ROW_FIELDS


@rule
def aims_at(sheet, at):
    """Return where the aims of the row that starts at `at` stand."""
    return at + ROW_FIELDS + int(sheet[ISSUES])


@rule
def lapses_at(sheet, at):
    """Return where what the row fears of each fighter stands."""
    return at + ROW_FIELDS + 2 * int(sheet[ISSUES])


@rule
def openness_at(sheet, at):
    """Return where the openness of each fighter to attack stands, in the eyes of the row."""
    return lapses_at(sheet, at) + int(sheet[FIGHTERS])


@rule
def sworn_at(sheet, at):
    """Return where the effect of each pledge stands, in the eyes of the row."""
    return lapses_at(sheet, at) + 2 * int(sheet[FIGHTERS])


@rule
def burdens_at(sheet, at):
    """Return where the burden of each pledge on the row stands."""
    return sworn_at(sheet, at) + int(sheet[PLEDGES])


@rule
def write_header(sheet, issues, fighters, pledges, rows, proposer, kept_trustworthy):
    """Write the header; `proposer` is a row number or -1."""
    sheet[ISSUES] = issues
    sheet[FIGHTERS] = fighters
    sheet[PLEDGES] = pledges
    sheet[ROWS] = rows
    sheet[PROPOSER] = proposer
    sheet[KEPT_TRUSTWORTHY] = kept_trustworthy
    sheet[WILD] = 0.0


@rule
def write_settling(sheet, kept_trustworthy, wild):
    """Write what is reckoned with where agreements settle: of one trustworthy belligerent, and of one that is not."""
    sheet[KEPT_TRUSTWORTHY] = kept_trustworthy
    sheet[WILD] = wild


@rule
def write_side(sheet, fighter, side):
    """Write the side of a fighter: 0 for A, 1 for B."""
    sheet[side_at(sheet, fighter)] = side


@rule
def write_pledge(sheet, pledge, target, issue, aim, guarantor, effect):
    """Write one guarantee; `effect` is 0 where it does not count for this deal."""
    at = pledge_at(sheet, pledge)
    sheet[at + PLEDGE_TARGET] = target
    sheet[at + PLEDGE_ISSUE] = issue
    sheet[at + PLEDGE_AIM] = aim
    sheet[at + PLEDGE_GUARANTOR] = guarantor
    sheet[at + PLEDGE_EFFECT] = effect


@rule
def write_position(sheet, at, cost, weariness, war_utility, betrayal):
    """Write what a row's state knows of its own position."""
    sheet[at + COST] = cost
    sheet[at + WEARINESS] = weariness
    sheet[at + WAR_UTILITY] = war_utility
    sheet[at + BETRAYAL] = betrayal


@rule
def write_role(sheet, at, blocking, mean, sd, margin):
    """Write what part a row plays in this calculation."""
    sheet[at + BLOCKING] = blocking
    sheet[at + MEAN] = mean
    sheet[at + SD] = sd
    sheet[at + MARGIN] = margin


@rule
def write_threat(sheet, at, fighter, lapsing, open_to_attack):
    """Write what a row fears of a fighter and how open to attack it thinks that fighter is."""
    sheet[lapses_at(sheet, at) + fighter] = lapsing
    sheet[openness_at(sheet, at) + fighter] = open_to_attack


@rule
def write_sworn(sheet, at, pledge, effect, burden):
    """Write what a guarantee deters in a row's eyes and what it costs that row."""
    sheet[sworn_at(sheet, at) + pledge] = effect
    sheet[burdens_at(sheet, at) + pledge] = burden
