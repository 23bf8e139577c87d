"""What a deal is worth to a row of a sheet, and from which cost of war on the row accepts it.

The formulas are those of sim/rules: here they are summed over issues and multiplied over belligerents and guarantees,
as a sheet (sim/search/sheet.py) lists them.
"""

from sim.numerics import exp
from sim.rules.consent import gap_from
from sim.rules.keeping import guarantee_strength, undeterred
from sim.rules.registry import rule
from sim.search.sheet import (
    BETRAYAL,
    COST,
    FIGHTERS,
    ISSUES,
    KEPT_TRUSTWORTHY,
    MARGIN,
    PLEDGE_AIM,
    PLEDGE_EFFECT,
    PLEDGE_GUARANTOR,
    PLEDGE_ISSUE,
    PLEDGE_TARGET,
    PLEDGES,
    WAR_UTILITY,
    WEARINESS,
    WILD,
    aims_at,
    burdens_at,
    lapses_at,
    openness_at,
    pledge_at,
    side_at,
    sworn_at,
    weights_at,
)


@rule
def distance(terms, terms_at, party, weights_at, aims_at, issues):
    """Return how far `terms` lie from what a party wants, 0..1.

        sum over issues of weight (x - aim)^2

    terms, terms_at         the deal: one number 0..1 for each issue, from position `terms_at`
    party                   a sequence that holds the weights (sum 1) from `weights_at` and the aims from `aims_at`
    """
    total = 0.0
    for issue in range(issues):
        away = terms[terms_at + issue] - party[aims_at + issue]
        total = total + party[weights_at + issue] * away * away
    return total


@rule
def exposure_of(sheet, at, target, terms, terms_at):
    """Return the probability, in the eyes of a row, that nothing deters an attack on fighter number `target`."""
    exposure = sheet[openness_at(sheet, at) + target]
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        if sheet[promise + PLEDGE_TARGET] == target:
            term = terms[terms_at + int(sheet[promise + PLEDGE_ISSUE])]
            effect = sheet[sworn_at(sheet, at) + pledge]
            exposure = exposure * undeterred(effect, term, sheet[promise + PLEDGE_AIM])
    return exposure


@rule
def exposure_if(sheet, at, target, guarantor, trustworthy, terms, terms_at):
    """Return what `exposure_of` would be if it were known whether a guarantor is trustworthy.

    guarantor, trustworthy   a state number, and 1 if its promises are surely kept or 0 if they are void
    """
    exposure = sheet[openness_at(sheet, at) + target]
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        if sheet[promise + PLEDGE_TARGET] == target:
            term = terms[terms_at + int(sheet[promise + PLEDGE_ISSUE])]
            effect = sheet[sworn_at(sheet, at) + pledge]
            if sheet[promise + PLEDGE_GUARANTOR] == guarantor:
                effect = sheet[promise + PLEDGE_EFFECT] * trustworthy
            exposure = exposure * undeterred(effect, term, sheet[promise + PLEDGE_AIM])
    return exposure


@rule
def most_exposed(sheet, at, side, terms, terms_at):
    """Return the number of the fighter of `side` that is most exposed in the eyes of a row; -1 if there is none."""
    found = -1
    most = 0.0
    for fighter in range(int(sheet[FIGHTERS])):
        if sheet[side_at(sheet, fighter)] == side:
            exposure = exposure_of(sheet, at, fighter, terms, terms_at)
            if found < 0 or exposure > most:
                found = fighter
                most = exposure
    return found


@rule
def side_exposure(sheet, at, side, terms, terms_at):
    """Return the exposure of the most exposed fighter of `side` in the eyes of a row; 0 if there is none."""
    most = 0.0
    for fighter in range(int(sheet[FIGHTERS])):
        if sheet[side_at(sheet, fighter)] == side:
            exposure = exposure_of(sheet, at, fighter, terms, terms_at)
            if exposure > most:
                most = exposure
    return most


@rule
def uncertain(sheet, at, pledge):
    """Return 1 if a pledge, in the eyes of a row, may be surely kept or void, else 0."""
    sworn = sheet[sworn_at(sheet, at) + pledge]
    if 0.0 < sworn < sheet[pledge_at(sheet, pledge) + PLEDGE_EFFECT]:
        return 1
    return 0


@rule
def uncertain_on(sheet, at, target):
    """Return how many pledges to a fighter a row is uncertain of."""
    count = 0
    for pledge in range(int(sheet[PLEDGES])):
        if sheet[pledge_at(sheet, pledge) + PLEDGE_TARGET] == target:
            count = count + uncertain(sheet, at, pledge)
    return count


@rule
def effect_if(sheet, at, pledge, keeps):
    """Return what a pledge deters, if one that a row is uncertain of is kept (1) or void (0)."""
    if uncertain(sheet, at, pledge) == 0:
        return sheet[sworn_at(sheet, at) + pledge]
    return sheet[pledge_at(sheet, pledge) + PLEDGE_EFFECT] * keeps


@rule
def chance_if(sheet, at, pledge, keeps):
    """Return the probability, in the eyes of a row, that a pledge is kept (1) or void (0); 1 of one it is sure of."""
    if uncertain(sheet, at, pledge) == 0:
        return 1.0
    trust = sheet[sworn_at(sheet, at) + pledge] / sheet[pledge_at(sheet, pledge) + PLEDGE_EFFECT]
    if keeps > 0:
        return trust
    return 1.0 - trust


@rule
def breach_of(sheet, at, target, terms, terms_at):
    """Return the probability, in the eyes of a row, that an untrustworthy enemy attacks fighter number `target`.

    Where agreements settle: 1 less the mean of exp(-WILD exposure) over the types of the guarantors that the row is
    uncertain of. Else the exposure: whether the enemy would attack if nothing deters it is in the lapse.
    """
    wild = sheet[WILD]
    if wild <= 0.0:
        return exposure_of(sheet, at, target, terms, terms_at)
    kept = 0.0
    for types in range(1 << uncertain_on(sheet, at, target)):
        likely, exposure, rest = 1.0, sheet[openness_at(sheet, at) + target], types
        for pledge in range(int(sheet[PLEDGES])):
            promise = pledge_at(sheet, pledge)
            if sheet[promise + PLEDGE_TARGET] == target:
                keeps = rest % 2
                rest = rest >> uncertain(sheet, at, pledge)
                term = terms[terms_at + int(sheet[promise + PLEDGE_ISSUE])]
                likely = likely * chance_if(sheet, at, pledge, keeps)
                effect = effect_if(sheet, at, pledge, keeps)
                exposure = exposure * undeterred(effect, term, sheet[promise + PLEDGE_AIM])
        kept = kept + likely * exp(-wild * exposure)
    return 1.0 - kept


@rule
def breach_if(sheet, at, target, guarantor, keeps, terms, terms_at):
    """Return what `breach_of` would be if it were known whether a guarantor keeps its promises (1) or not (0)."""
    if sheet[WILD] <= 0.0:
        return exposure_if(sheet, at, target, guarantor, keeps, terms, terms_at)
    found = -1
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        if sheet[promise + PLEDGE_TARGET] == target and sheet[promise + PLEDGE_GUARANTOR] == guarantor:
            found = pledge
    if found < 0:
        return breach_of(sheet, at, target, terms, terms_at)
    place = sworn_at(sheet, at) + found
    before = sheet[place]
    sheet[place] = sheet[pledge_at(sheet, found) + PLEDGE_EFFECT] * keeps
    breach = breach_of(sheet, at, target, terms, terms_at)
    sheet[place] = before
    return breach


@rule
def side_breach(sheet, at, side, terms, terms_at):
    """Return `breach_of` the fighter of `side` that is most exposed in the eyes of a row; 0 if there is none."""
    target = most_exposed(sheet, at, side, terms, terms_at)
    if target < 0:
        return 0.0
    return breach_of(sheet, at, target, terms, terms_at)


@rule
def settled_belief(sheet, at, terms, terms_at):
    """Return q where agreements settle: every belligerent that is feared has to hold off."""
    kept = 1.0
    lapses = lapses_at(sheet, at)
    for fighter in range(int(sheet[FIGHTERS])):
        lapsing = sheet[lapses + fighter]
        if lapsing > 0.0:
            breach = side_breach(sheet, at, 1.0 - sheet[side_at(sheet, fighter)], terms, terms_at)
            kept = kept * sheet[KEPT_TRUSTWORTHY] * (1.0 - lapsing * breach)
    return kept


@rule
def kept_belief(sheet, at, terms, terms_at):
    """Return q: the probability, in the eyes of a row, that the deal `terms` is kept over the horizon."""
    if sheet[WILD] > 0.0:
        return settled_belief(sheet, at, terms, terms_at)
    kept = sheet[KEPT_TRUSTWORTHY]
    lapses = lapses_at(sheet, at)
    for fighter in range(int(sheet[FIGHTERS])):
        lapsing = sheet[lapses + fighter]
        if lapsing > 0.0:
            target_side = 1.0 - sheet[side_at(sheet, fighter)]
            kept = kept * (1.0 - lapsing * side_exposure(sheet, at, target_side, terms, terms_at))
    return kept


@rule
def demand(sheet, at, terms, terms_at):
    """Return what the row wants to be paid for signing: margin, risk of betrayal, burdens of its guarantees (utility)."""
    total = sheet[at + MARGIN] + sheet[at + BETRAYAL]
    burdens = burdens_at(sheet, at)
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        term = terms[terms_at + int(sheet[promise + PLEDGE_ISSUE])]
        total = total + sheet[burdens + pledge] * guarantee_strength(term, sheet[promise + PLEDGE_AIM])
    return total


@rule
def gap(sheet, at, terms, terms_at):
    """Return the gap of a row for the deal `terms` (utility): it accepts if its cost of war has grown to it."""
    loss = distance(terms, terms_at, sheet, weights_at(sheet, at), aims_at(sheet, at), int(sheet[ISSUES]))
    kept = kept_belief(sheet, at, terms, terms_at)
    return gap_from(sheet[at + WAR_UTILITY], loss, demand(sheet, at, terms, terms_at), kept, sheet[at + BETRAYAL])


@rule
def gain(sheet, at, terms, terms_at):
    """Return u - r: what the deal is worth to a row beyond fighting on if it is kept (utility), at its own cost of war."""
    loss = distance(terms, terms_at, sheet, weights_at(sheet, at), aims_at(sheet, at), int(sheet[ISSUES]))
    return sheet[at + COST] * sheet[at + WEARINESS] - sheet[at + WAR_UTILITY] + 1.0 - loss


@rule
def burden(sheet, at, terms, terms_at):
    """Return what the guarantees of a row cost it under the deal (utility), whether it is kept or not."""
    total, burdens = 0.0, burdens_at(sheet, at)
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        term = terms[terms_at + int(sheet[promise + PLEDGE_ISSUE])]
        total = total + sheet[burdens + pledge] * guarantee_strength(term, sheet[promise + PLEDGE_AIM])
    return total


@rule
def spare(sheet, at, terms, terms_at):
    """Return what the deal leaves a row beyond its margin, V - r - margin (utility), at its own cost of war.

    q (cost * weariness - u(x_war) + u(x) + betrayal) - demand,     which is q (cost * weariness - gap)
    """
    safe = gain(sheet, at, terms, terms_at) + sheet[at + BETRAYAL]
    return kept_belief(sheet, at, terms, terms_at) * safe - demand(sheet, at, terms, terms_at)


@rule
def surplus(sheet, at, terms, terms_at):
    """Return V - r: what the deal is worth to a row beyond its outside option (utility)."""
    return spare(sheet, at, terms, terms_at) + sheet[at + MARGIN]
