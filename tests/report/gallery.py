"""A page with every kind of figure, drawn from made-up data: long names, hostile texts, missing values."""

import math

import numpy as np

import sim
from sim.report import page, palette, stories
from sim.report.figures import (
    discovery,
    estimates,
    factors,
    heat,
    ledger,
    network,
    sensitivity,
    spaces,
    states,
    trust,
    twofold,
    weeks,
)
from sim.report.figures.labelled import Labelled
from sim.report.figures.measures import Measure
from sim.report.tables import Table
from sim.study.claims.spaces import Space
from sim.study.claims.verdicts import ClaimVerdict, RowVerdict
from sim.study.design.claim_file import AskedClaim, AskedRow
from sim.study.play.contrasts import SharesMoved
from sim.study.statistics.estimates import Estimate, exact_share, wilson

LONGEST = max((sim.load(name).title for name in sim.shipped.shipped_names("scenarios")), key=len)
SIXTY = "A scenario whose name has sixty characters and not one fewer"
HOSTILE = "<img src=x onerror=alert(1)> </script> %{x} & $x$"
NAMES = ("none", "kept_out", "longest", "sixty", "hostile")
LABELS = {
    "none": "All three at the table, no back channel",
    "kept_out": "Ukraine kept out of the table",
    "longest": LONGEST,
    "sixty": SIXTY,
    "hostile": HOSTILE,
}
LOOKS = palette.looks(NAMES)
PAIRS = 2000


def change(difference, half):
    """A difference with an interval of so much to either side."""
    return Estimate(difference, difference - half, difference + half, PAIRS)


def shares():
    """Success of each scenario."""
    return [Labelled(LABELS[name], LOOKS[name], wilson(700 - 120 * at, PAIRS)) for at, name in enumerate(NAMES)]


def effects():
    """What each change does, one of them missing."""
    found = [
        Labelled(LABELS[name], LOOKS[name], change(-0.05 * at, 0.02), ("none", name))
        for at, name in enumerate(NAMES[1:])
    ]
    missing = Estimate(math.nan, math.nan, math.nan, 0)
    return [*found, Labelled("Nobody signed", LOOKS["none"], missing, ("none",))]


def asked_row(points, outcome="success", direction="higher", smallest=0.01, sign_fixed_by=()):
    """A row as a file asks it."""
    return AskedRow(
        name="row",
        points=points,
        outcome=outcome,
        direction=direction,
        kind="superiority",
        scale="difference",
        smallest=smallest,
        running_at=0,
        sign_fixed_by=sign_fixed_by,
        placebo="",
        counts=True,
        note="",
    )


def row(asked, effect, verdict):
    """A row with what was found."""
    return RowVerdict(asked, verdict, effect, effect, 0.01, 1.0, None, {}, {})


def claim(name, text, verdict, rows=(), space=None):
    """A claim with its rows."""
    asked = AskedClaim(id=name, claim=text, note="", share=0.0, rows=tuple(found.asked for found in rows))
    return ClaimVerdict(asked, verdict, tuple(rows), space)


TRUST = "trust.ukraine.united_states"
FLAGS = {"success"}


def claims():
    """Claims with every verdict."""
    rows = [
        row(asked_row(("none", "sixty")), change(0.03, 0.01), "supported"),
        row(asked_row(("never exposed", "exposed"), TRUST, "lower", 0.02, ("a.b < a.c",)), change(-0.27, 0.01), "supported"),
        row(asked_row(("none", "the other way"), direction="lower"), change(0.05, 0.02), "contradicted"),
        row(asked_row(("lean_none", "lean_strong"), "terms.territory", smallest=0.005), change(0.001, 0.001), "negligible"),
        row(asked_row(("a", "b", "c", "d")), change(0.004, 0.015), "not resolved"),
    ]  # fmt: skip
    texts = ("Talking is fine", SIXTY, HOSTILE, "The nuclear claim serves the Kremlin", LONGEST)
    return [
        claim(f"claim-{at}", text, found.verdict, (found,) if at else (found, rows[1]))
        for at, (text, found) in enumerate(zip(texts, rows, strict=True))
    ]


def space(supported, contradicted):
    """The shares of 2,000 places at which a claim is supported and contradicted."""
    mask = np.zeros(PAIRS, dtype=bool)
    low, high = wilson(round(PAIRS * supported), PAIRS), wilson(round(PAIRS * (1.0 - contradicted)), PAIRS)
    return Space(mask, mask, mask, low, high, 0.0, np.arange(PAIRS))


def over_space():
    """Verdicts over the plausible space."""
    shares = {"Talking is fine": (0.62, 0.11), SIXTY: (0.1, 0.55), HOSTILE: (0.0, 1.0)}
    return [claim(f"claim-{at}", text, "supported", (), space(*shares[text])) for at, text in enumerate(shares)]


def trusts():
    """Trust week by week for two pairs that move and one that does not."""
    weeks_ = np.arange(157)

    def course(name, slope):
        mean = 0.63 + slope * (1.0 - np.exp(-weeks_ / 40.0))
        return trust.Course(LABELS[name], LOOKS[name], mean, mean - 0.1, mean + 0.1)

    falling = tuple(course(name, -0.1 * at) for at, name in enumerate(NAMES))
    close = tuple(course(name, 0.01 * at) for at, name in enumerate(NAMES))
    still = tuple(course(name, 0.0) for name in NAMES)
    return [
        trust.Pair("Ukraine’s trust in the United States", falling),
        trust.Pair("Russia’s trust in Ukraine", close),
        trust.Pair("The United States’ trust in Russia", still),
    ]


def states_of_affairs():
    """States of affairs week by week."""
    far = 1.0 - np.exp(-np.arange(157) / 60.0)

    def one(name, part):
        shares_ = {"success": 0.4 * part * far, "in_force": 0.2 * far, "table_open": 0.15 * far}
        force = 0.02 * far
        return Labelled(
            LABELS[name],
            LOOKS[name],
            {**shares_, "decided_by_force": force, "closed": 1.0 - force - sum(shares_.values())},
        )

    return [one(name, 1.0 / (1 + at)) for at, name in enumerate(NAMES)]


def lines():
    """Success along a factor."""
    return [
        Labelled(
            LABELS[name],
            LOOKS[name],
            {
                week: wilson(300 + 40 * at + 30 * step, PAIRS)
                for step, week in enumerate((0.0, 13.0, 26.0, 52.0, 104.0))
            },
            (name,),
        )
        for at, name in enumerate(NAMES)
    ]


def effect_lines():
    """What two changes do along a factor, on both sides of zero."""

    def changes(at):
        return {
            week: Estimate(
                0.02 * step - 0.03 * at, 0.02 * step - 0.03 * at - 0.01, 0.02 * step - 0.03 * at + 0.01, PAIRS
            )
            for step, week in enumerate((8, 16, 26, 52, 104))
        }

    return [Labelled(LABELS[name], LOOKS[name], changes(at), ("none", name)) for at, name in enumerate(NAMES[3:])]


def named_lines():
    """Success along a factor whose values are words."""
    return [
        Labelled(LABELS[name], LOOKS[name], {"moves": wilson(300 + 90 * at, PAIRS), "frozen": wilson(600, PAIRS)})
        for at, name in enumerate(NAMES[:2])
    ]


def maps():
    """Success over two factors, one cell unplayed."""
    across, up = ("0", "0.25", "0.5", "0.75", "1"), ("0", "0.5", "1", "1.5")
    cells = {(x, y): wilson(200 + 60 * i + 80 * j, PAIRS) for j, y in enumerate(up) for i, x in enumerate(across)}
    del cells["0.5", "0.5"]
    return [Labelled(LABELS[name], LOOKS[name], cells) for name in NAMES[:3]]


def square():
    """Two changes at once."""
    four = tuple(wilson(count, PAIRS) for count in (700, 560, 610, 400))
    return twofold.Square(
        ("Kyiv is a leg of the channel", "Kyiv is left out"),
        ("the envoys are honest", "the envoys misrepresent"),
        (LOOKS["none"], LOOKS["kept_out"]),
        four,
        change(-0.035, 0.02),
    )


def indices():
    """Sensitivities, two of them noise."""
    sizes = {
        "what a broken peace costs Russia": 0.41,
        "own deterrence of Ukraine": 0.22,
        "discretion": 0.02,
        "noise": 0.01,
    }
    return [
        sensitivity.Index(name, Estimate(size, size - 0.05, size + 0.06, 512), size > 0.1)
        for name, size in sizes.items()
    ]


def region():
    """A rule found over the space."""
    rng = np.random.default_rng(4)
    places = rng.uniform((0.0, 0.8), (1.0, 1.0), (200, 2))
    points = tuple(
        (float(x), float(y), "supported" if x < 0.5 and y > 0.9 else ("contradicted", "not resolved")[at % 2])
        for at, (x, y) in enumerate(places)
    )
    axes = ("candour of the envoys, probability", "discretion, probability a person-week")
    rule = "holds where candour is below 0.5 and discretion above 0.9"
    return discovery.Region(
        "misrepresenting", "Misrepresenting is not", rule, axes, points, ((0, 0.5), (0.9, 1)), 0.8, 0.9, 0.3
    )


def moves():
    """Helped and harmed."""
    one = SharesMoved(0.02, 0.26, (0.0, 0.09), (0.24, 0.33), exact_share(40, 560))
    return [Labelled(LABELS[name], palette.NOBODY, one, ("none", name)) for name in NAMES[1:]]


def ends():
    """How replicates ended."""
    kinds = ("success", "never_opened", "impasse", "vetoed", "broken")
    return [
        Labelled(
            LABELS[name],
            LOOKS[name],
            {kind: wilson(100 * (1 + at) + 50 * place, PAIRS) for place, kind in enumerate(kinds)},
        )
        for at, name in enumerate(NAMES)
    ]


def replicate():
    """One replicate in the open, of a world in which much happens."""
    return stories.story(sim.load("secret-track-1.5"), 0, 3)


def all_exhibits():
    """Every kind of figure."""
    told = replicate()
    trust_change = Measure(
        "change-trust", "Ukraine’s trust in the United States", "change in trust, probability", signed=True
    )
    effect = Measure("effects", "success", "points", percent=True, signed=True)
    return [
        ledger.glance(claims(), FLAGS),
        ledger.exhibit(claims(), FLAGS),
        spaces.exhibit(over_space()),
        estimates.success(shares()),
        estimates.changes(effects()),
        estimates.changes(effects(), trust_change),
        trust.exhibit(trusts()),
        states.exhibit(states_of_affairs()),
        estimates.endings(ends()),
        estimates.moved(moves()),
        twofold.exhibit("both", square()),
        factors.exhibit("along", "week of the leak", lines()),
        factors.exhibit("effects", "week", effect_lines(), effect),
        factors.exhibit("along-words", "trust", named_lines()),
        heat.exhibit(("candour", "shading"), maps()),
        sensitivity.exhibit("sensitivity", sensitivity.Study("success", Estimate(0.6, 0.58, 0.62, 512), 2), indices()),
        discovery.exhibit(region()),
        weeks.exhibit(told),
        network.exhibit(told),
    ]  # fmt: skip


def scenarios():
    """A table with numbers, and with texts that begin with one."""
    rows = [(LABELS[name], 10 - at, f"−{at + 8}.1 (−20.0 to −1.0)") for at, name in enumerate(NAMES)]
    return Table(("scenario", "replicates", "change"), rows)


def full_page():
    """A page with every kind of figure and block."""
    headline, *rest = all_exhibits()
    blocks = [
        page.Grid("Scenarios", scenarios(), [[name] for name in NAMES]),
        page.Command("Again:", f"sim report '{HOSTILE}'"),
        page.Notes([HOSTILE, "A limit."]),
        page.Events([page.Turn("week 3", HOSTILE, "1"), page.Turn("week 4", "Nothing.")]),
    ]  # fmt: skip
    parts = [page.Section("figures", HOSTILE, [HOSTILE], [page.Figure(one) for one in rest])]
    parts.append(page.Section("blocks", "Tables and commands", [], blocks))
    looks = [(LABELS[name], look) for name, look in LOOKS.items()]
    return page.Page(HOSTILE, f"What of {HOSTILE}?", HOSTILE, headline, looks, parts, HOSTILE)
