"""The page of `sim demo`: one self-contained file that says what a seat at the table is worth in the model."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from sim import words
from sim.report.intervals import Mark, Panel, figure
from sim.report.text import signed
from sim.report.traces import parting, trace
from sim.study.contrasts import Contrast, Difference
from sim.study.estimates import Estimate
from sim.version import MODEL_VERSION

SHOWN = 8
NARROW = "\N{NO-BREAK SPACE}"

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #57606a; --line: #d0d7de;
  --with: #0b5cad; --without: #a34a00; --both: #5b3a9e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --soft: #9aa4af; --line: #373e47;
  --with: #6cb0ff; --without: #f0a05a; --both: #b89cf5; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; }
p { margin: .6rem 0; }
.note { border-left: .25rem solid var(--line); padding: .1rem .8rem; color: var(--soft); }
figure { margin: 1.2rem 0; max-width: 35rem; }
figcaption { color: var(--soft); font-size: .92rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; paint-order: stroke; stroke: var(--paper);
  stroke-width: 4px; stroke-linejoin: round; }
svg .tick { fill: var(--soft); font-size: 11px; }
svg .value { font-weight: 600; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .zero { stroke: var(--soft); stroke-width: 1.5; }
svg .interval { stroke-width: 3; stroke-linecap: round; }
svg .with { stroke: var(--with); fill: var(--with); }
svg .without { stroke: var(--without); fill: var(--without); }
svg .both { stroke: var(--both); fill: var(--both); }
svg .interval { fill: none; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .94rem; }
th, td { padding: .35rem .4rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
th:first-child { text-align: left; font-weight: 400; }
thead th, thead th:first-child { font-weight: 600; }
td small { display: block; color: var(--soft); white-space: nowrap; }
.wars { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); }
.wars h3 { font-size: 1rem; margin: .4rem 0; }
.wars ol { margin: 0; padding-left: 1.1rem; font-size: .92rem; }
.wars li { margin: .3rem 0; }
code { font: .88rem ui-monospace, monospace; overflow-wrap: anywhere; }
@media print { main { max-width: none; padding: 0; } h2 { break-after: avoid; } figure, tr { break-inside: avoid; } }
"""


def page(contrast: Contrast, command: str) -> str:
    """Return the page; `command` makes it again."""
    title = finding(contrast)
    body = [
        f"<h1>{escape(title)}</h1>",
        *_answer(contrast),
        _figure(contrast, title),
        "<h2>How the wars ended</h2>",
        _outcomes(contrast),
        "<h2>Trust at the end</h2>",
        "<p>The probability, in the eyes of the first, that the second keeps agreements.</p>",
        _trust(contrast),
        *_one_war(contrast),
        *_method(contrast, command),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def finding(contrast: Contrast) -> str:
    """Return what the contrast shows, in a sentence."""
    before, after = percent(contrast.a.success.estimate), percent(contrast.b.success.estimate)
    if not contrast.settled:
        count = words.count(len(contrast), "simulated war")
        return f"{count} do not settle whether keeping Ukraine out of the talks changes the chance of a lasting peace"
    verb = "raises" if contrast.success.difference > 0.0 else "lowers"
    return f"Keeping Ukraine out of the talks {verb} the chance of a lasting peace from {before} to {after}"


def percent(share: float) -> str:
    """Return a share in percent."""
    return f"{100.0 * share:.0f}{NARROW}%"


def points(one: Difference) -> str:
    """Return a difference and its interval in percentage points."""
    return f"{100.0 * one.difference:+.0f} ({100.0 * one.low:+.0f} to {100.0 * one.high:+.0f}) points"


def _answer(contrast: Contrast) -> list[str]:
    """Return the answer, and what it is not."""
    moved = contrast.moved
    count = words.count(len(contrast), "simulated war")
    weeks = contrast.a.scenario.eras[-1].world.agreement.hold_weeks
    answer = (
        f"<p>{count}, each played twice with the same luck: once with all three at the table, once with Russia and the "
        f"United States alone. The share in which an agreement held for {words.count(weeks, 'week')} changes by "
        f"<strong>{escape(points(contrast.success))}</strong>, with its 95 % interval. Without a seat "
        f"{escape(percent(moved.harmed))} of the wars lose a peace they would have had, "
        f"{escape(percent(moved.helped))} gain one.</p>"
    )
    note = "The model explores consequences of stated assumptions. It forecasts nothing."
    return [answer, f'<p class="note">{note}</p>']


def _figure(contrast: Contrast, title: str) -> str:
    """Return the figure of both shares and their difference."""
    before, after, one = contrast.a.success, contrast.b.success, contrast.success
    shares = [
        Mark("Ukraine at the table", _said(before), before.low, before.estimate, before.high, "circle", "with"),
        Mark("Ukraine kept out", _said(after), after.low, after.estimate, after.high, "square", "without"),
    ]
    said = f"{100.0 * one.difference:+.0f} ({100.0 * one.low:+.0f} to {100.0 * one.high:+.0f})"
    difference = [Mark("Difference in the same wars", said, one.low, one.difference, one.high, "diamond", "both")]
    description = (
        f"An agreement held in {_said(before)} of the wars with Ukraine at the table and in {_said(after)} "
        f"with Ukraine kept out; the paired difference is {points(one)}. Brackets give 95 % intervals."
    )
    drawn = figure(
        "success",
        title,
        description,
        [
            Panel(shares, "percent of wars in which an agreement held"),
            Panel(difference, "percentage points, kept out minus at the table", signed=True),
        ],
    )
    caption = "Marks are estimates, lines their 95 % intervals. The wars are paired, so the difference is surer."
    return f"<figure>{drawn}<figcaption>{escape(caption)}</figcaption></figure>"


def _said(one: Estimate) -> str:
    """Return a share and its interval in percent."""
    return f"{percent(one.estimate)} ({100.0 * one.low:.0f} to {100.0 * one.high:.0f})"


def _table(heads: Iterable[str], rows: Iterable[tuple[str, str, str, Difference]]) -> str:
    """Return a table of both scenarios and their difference."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{escape(before)}</td><td>{escape(after)}</td>'
        f"<td>{escape(signed(one.difference))}"
        f"<small>{escape(signed(one.low))} to {escape(signed(one.high))}</small></td></tr>"
        for label, before, after, one in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _outcomes(contrast: Contrast) -> str:
    """Return the table of outcomes that occurred."""
    before, after = contrast.a.outcomes, contrast.b.outcomes
    rows = [
        (words.OUTCOMES[name], words.number(before[name].estimate), words.number(after[name].estimate), one)
        for name, one in contrast.outcomes.items()
        if before[name].estimate + after[name].estimate > 0.0
    ]
    return _table(("share of wars", "with a seat", "kept out", "difference"), rows)


def _trust(contrast: Contrast) -> str:
    """Return the table of trust."""
    before, after = contrast.a.trust, contrast.b.trust
    rows = [
        (words.pair(pair), words.number(before[pair].after), words.number(after[pair].after), one)
        for pair, one in contrast.trust.items()
    ]
    return _table(("trust of", "with a seat", "kept out", "difference"), rows)


def _one_war(contrast: Contrast) -> list[str]:
    """Return one war in which the seat mattered, told from where its two runs part; nothing if there is none."""
    kind = "harmed" if contrast.moved.harmed >= contrast.moved.helped else "helped"
    numbers = contrast.replicates_of(kind)
    if not numbers:
        return []
    first, second = (trace(one.scenario, one.seed, numbers[0]) for one in (contrast.a, contrast.b))
    where = parting(first, second)
    if where is None:
        return []
    told = []
    for name, one, lines in zip(("With a seat", "Kept out"), (first, second), where.lines(SHOWN), strict=True):
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        told.append(f"<div><h3>{name}: {escape(one.ending())}</h3><ol>{items}</ol></div>")
    command = f"sim trace {second.scenario.name} --replicate {numbers[0]} --seed {second.seed}"
    beside = f"{command} --against {first.scenario.name}"
    opening = (
        f"<p>Until week {where.week} nothing sets the two apart. These are the next {SHOWN} events of each; "
        "the numbers are what the states know and want in the model.</p>"
    )
    closing = (
        f"<p>The whole of it: <code>{escape(command)}</code>; both side by side: <code>{escape(beside)}</code></p>"
    )
    return [
        f"<h2>One of these wars, number {numbers[0]}</h2>",
        opening,
        f'<div class="wars">{"".join(told)}</div>',
        closing,
    ]


def _method(contrast: Contrast, command: str) -> list[str]:
    """Return how it was done and how to do it again."""
    differing = ", ".join(key for key, _, _ in contrast.differences) or "nothing"
    names = [f"<code>{escape(one.scenario.name)}</code>" for one in (contrast.a, contrast.b)]
    method = (
        f"<p>The scenarios {names[0]} and {names[1]} differ in one thing: <code>{escape(differing)}</code>. "
        "Every random number has an address, so both are played with the same luck. Shares have Wilson's intervals, "
        "their difference Tango's, differences of means Student's. Most parameters are assumed, not measured: "
        "<code>sim params</code> prints the standing and source of each.</p>"
    )
    again = (
        f"<p>Seed {contrast.a.seed}, model {escape(MODEL_VERSION)}. This page again: <code>{escape(command)}</code></p>"
    )
    return ["<h2>How this was made</h2>", method, again]
