"""Sheets for the tests: parties and pledges under their names, and the flat list that the rules read.

The list is laid out here by hand, from the documented order of the fields and not by the rules that write sheets, so
that the two check each other. `textbook.py` holds the same quantities written as in the literature.
"""

from dataclasses import dataclass, replace
from math import exp, log
from random import Random

WEEKS = 156  # horizon of belief in the random sheets


@dataclass(frozen=True)
class Pledge:
    """A guarantee: who is protected, on which issue, where the beneficiary wants that issue, and by whom."""

    target: int
    issue: int
    aim: float = 0.0
    guarantor: int = 2
    effect: float = 0.8


@dataclass(frozen=True)
class Party:
    """One row of a sheet; what is not said of it is harmless: no fear, no promise, no margin, certain of nothing."""

    weights: tuple[float, ...]
    aims: tuple[float, ...]
    war_utility: float = 0.7
    cost: float = 0.03
    mean: float = log(0.03)
    sd: float = 0.7
    weariness: float = 1.0
    margin: float = 0.0
    betrayal: float = 0.0
    blocking: float = 1.0
    lapses: tuple[float, ...] = (0.0, 0.0)
    openness: tuple[float, ...] = (1.0, 1.0)
    sworn: tuple[float, ...] = ()
    burdens: tuple[float, ...] = ()


@dataclass(frozen=True)
class Talks:
    """A deal under discussion: who fights (the side of each), what is pledged, who is asked and who proposes."""

    parties: tuple[Party, ...]
    pledges: tuple[Pledge, ...] = ()
    sides: tuple[int, ...] = (0, 1)
    proposer: int = 0
    kept_trustworthy: float = 1.0
    wild: float = 0.0

    @property
    def issues(self) -> int:
        return len(self.parties[0].aims)

    def sheet(self) -> list[float]:
        """Return the flat list: header, sides, pledges, rows."""
        sizes = [self.issues, len(self.sides), len(self.pledges), len(self.parties)]
        flat = [*sizes, self.proposer, self.kept_trustworthy, self.wild, *self.sides]
        for pledge in self.pledges:
            flat += [pledge.target, pledge.issue, pledge.aim, pledge.guarantor, pledge.effect]
        for party in self.parties:
            flat += [party.blocking, party.mean, party.sd, party.cost, party.weariness]
            flat += [party.war_utility, party.margin, party.betrayal]
            flat += [*party.weights, *party.aims, *party.lapses, *party.openness]
            flat += [*(party.sworn or [0.0] * len(self.pledges)), *(party.burdens or [0.0] * len(self.pledges))]
        return [float(number) for number in flat]

    def with_party(self, row: int, **changes: object) -> "Talks":
        """Return the same talks with one party changed."""
        parties = list(self.parties)
        parties[row] = replace(parties[row], **changes)
        return replace(self, parties=tuple(parties))


def mirrored(talks: Talks) -> Talks:
    """Return the talks with sides swapped and every issue read from its other end."""
    parties = tuple(replace(party, aims=tuple(1.0 - aim for aim in party.aims)) for party in talks.parties)
    pledges = tuple(replace(pledge, aim=1.0 - pledge.aim) for pledge in talks.pledges)
    return replace(talks, parties=parties, pledges=pledges, sides=tuple(1 - side for side in talks.sides))


def utility(weights, aims, terms):
    return 1.0 - sum(w * (x - aim) * (x - aim) for w, aim, x in zip(weights, aims, terms, strict=True))


def two_states(cost_a=0.03, cost_b=0.045, sd=0.7, front=0.45) -> Talks:
    """Return the smallest war: one issue, two belligerents who trust each other, no pledge, no margin; A proposes."""
    a = Party((1.0,), (1.0,), utility((1.0,), (1.0,), (front,)), cost_a, log(cost_a), sd)
    b = Party((1.0,), (0.0,), utility((1.0,), (0.0,), (front,)), cost_b, log(cost_b), sd)
    return Talks((a, b))


def guaranteed_peace() -> Talks:
    """Return a hand-made case of two issues: A, B and a third party that guarantees B on the second issue."""
    front = (0.5, 0.5)
    a = Party((0.6, 0.4), (1.0, 1.0), utility((0.6, 0.4), (1.0, 1.0), front), 0.05, log(0.04), 0.6)
    b = Party((0.7, 0.3), (0.0, 0.0), utility((0.7, 0.3), (0.0, 0.0), front), 0.06, log(0.05), 0.5)
    c = Party((0.5, 0.5), (0.2, 0.3), utility((0.5, 0.5), (0.2, 0.3), front), 0.03, log(0.03), 0.7)
    return Talks(
        (
            replace(a, betrayal=0.08, lapses=(0.0, 0.3), openness=(0.4, 0.0), sworn=(0.1,), burdens=(0.0,)),
            replace(b, betrayal=0.2, lapses=(0.6, 0.0), openness=(0.0, 0.7), sworn=(0.5,), burdens=(0.0,)),
            replace(c, margin=0.01, lapses=(0.5, 0.2), openness=(0.4, 0.7), sworn=(0.8,), burdens=(0.05,)),
        ),
        pledges=(Pledge(target=1, issue=1, aim=0.0, guarantor=2, effect=0.8),),
        kept_trustworthy=0.9,
    )


def random_terms(random: Random, issues: int) -> list[float]:
    """Return terms inside the box, now and then at its edge."""
    return [random.choice([0.0, 1.0]) if random.random() < 0.1 else random.random() for _ in range(issues)]


def random_weights(random: Random, issues: int) -> tuple[float, ...]:
    drawn = [random.random() + 0.02 for _ in range(issues)]
    total = sum(drawn)
    return tuple(weight / total for weight in drawn)


def random_pledges(random: Random, issues: int, sides: tuple[int, ...], rows: int) -> tuple[Pledge, ...]:
    """Return none to two guarantees, most of them for side B, whose aim may lie inside the box."""
    pledges = []
    for _ in range(random.choice([0, 1, 1, 2])):
        target = random.choice([fighter for fighter, side in enumerate(sides) if side == 1] * 4 + [0])
        aim = float(1 - sides[target]) if random.random() < 0.7 else random.random()
        guarantor = random.randrange(len(sides), max(rows, len(sides) + 1) + 1)
        pledges.append(Pledge(target, random.randrange(issues), aim, guarantor, random.uniform(0.3, 0.95)))
    return tuple(pledges)


def random_party(random: Random, row: int, talks: Talks, issues: int, front: list[float]) -> Party:
    """Return a belligerent (rows that fight) or a third party, with beliefs about it from near certain to vague."""
    sides, fights = talks.sides, row < len(talks.sides)
    side = sides[row] if fights else -1
    weights = random_weights(random, issues)
    aims = tuple(random.random() for _ in range(issues)) if side < 0 else (float(1 - side),) * issues
    median = random.choice([0.03, 0.045])
    log_cost = log(median) + random.gauss(0.0, 0.7)
    kept_untrustworthy = (1.0 - random.choice([0.004, 0.008, 0.02])) ** WEEKS
    trust_in_guarantor = {state: random.random() for state in range(20)} | {row: 1.0}
    burden = 0.0 if fights else random.uniform(0.0, 0.08)
    return Party(
        weights,
        aims,
        war_utility=utility(weights, aims, front),
        cost=exp(log_cost),
        mean=log_cost + random.gauss(0.0, 0.5),
        sd=random.choice([0.05, 0.2, 0.4, 0.7, 1.0]),
        weariness=1.0 + 0.004 * random.randrange(WEEKS),
        margin=random.choice([0.0, 0.0, 0.3, 1.0]) * random.random() * median,
        betrayal=random.uniform(0.0, 0.3) if fights else 0.0,
        lapses=tuple(0.0 if s == side else (1.0 - random.random()) * (1.0 - kept_untrustworthy) for s in sides),
        openness=tuple(random.uniform(0.2, 0.8) if f == row or not fights else 0.0 for f in range(len(sides))),
        sworn=tuple(p.effect * trust_in_guarantor[p.guarantor] for p in talks.pledges),
        burdens=tuple(burden if p.guarantor == row else 0.0 for p in talks.pledges),
    )


def random_talks(random: Random, excluded: bool = False, issues: int = 0, rows: int = 0, many: bool = False) -> Talks:
    """Return talks drawn from the model's plausible ranges.

    excluded   states other than the proposer may be left out, with blocking power .2, .5, .8 or 1
    issues     1..8, or 0 to draw it; rows likewise, 2..5
    many       up to two fighters a side instead of one
    """
    issues = issues or random.choice([1, 2, 3, 4, 4, 4, 5, 6, 8])
    sides = random.choice([(0, 1, 1), (0, 0, 1), (0, 0, 1, 1)]) if many else (0, 1)
    rows = max(rows or random.choice([2, 3, 3, 4, 5]), len(sides))
    contested = (issues + 1) // 2
    front = [random.uniform(0.3, 0.6)] * contested + [random.choice([0.0, 0.3, 1.0]) for _ in range(contested, issues)]
    talks = Talks((), random_pledges(random, issues, sides, rows), sides, random.randrange(rows), 0.999**WEEKS)
    parties = [random_party(random, row, talks, issues, front) for row in range(rows)]
    if excluded:
        out = [row for row in range(rows) if row != talks.proposer and random.random() < 0.6]
        for row in out or [(talks.proposer + 1) % rows]:
            parties[row] = replace(parties[row], blocking=random.choice([0.2, 0.5, 0.8, 1.0]))
    wild = random.choice([0.0, 0.0, random.uniform(0.2, 3.0)])  # agreements settle in a third
    return replace(talks, parties=tuple(parties), wild=wild)


def extreme_talks(random: Random) -> Talks:
    """Return talks in which every number stands at an end of its range: no fear or all, no promise or a sure one."""
    issues, rows = random.choice([1, 2, 8]), random.choice([2, 3, 5])
    sides = random.choice([(0, 1), (0, 1, 1), (1, 0), (0, 0)])
    rows = max(rows, len(sides))
    pledges = tuple(
        Pledge(random.randrange(len(sides)), random.randrange(issues), random.choice([0.0, 0.5, 1.0]), 2, 1.0)
        for _ in range(random.choice([0, 1, 2]))
    )
    parties = []
    for row in range(rows):
        weights = [0.0] * issues
        weights[random.randrange(issues)] = 1.0
        parties.append(
            Party(
                tuple(weights),
                tuple(random.choice([0.0, 1.0]) for _ in range(issues)),
                war_utility=random.choice([0.0, 1.0]),
                cost=random.choice([1e-6, 1.0]),
                mean=random.choice([-14.0, 0.0]),
                sd=random.choice([0.0, 3.0]),
                weariness=random.choice([1.0, 10.0]),
                margin=random.choice([0.0, 1.0]),
                betrayal=random.choice([0.0, 1.0]),
                blocking=1.0 if row == 0 else random.choice([0.0, 0.5, 1.0]),
                lapses=tuple(random.choice([0.0, 1.0]) for _ in sides),
                openness=tuple(random.choice([0.0, 1.0]) for _ in sides),
                sworn=tuple(random.choice([0.0, 1.0]) for _ in pledges),
                burdens=tuple(random.choice([0.0, 1.0]) for _ in pledges),
            )
        )
    return Talks(tuple(parties), pledges, sides, 0, random.choice([0.0, 1.0]), random.choice([0.0, 3.0]))
