"""The page: sections of paragraphs, figures and tables, written into one file that needs no network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import jinja2
import plotly.graph_objects as go
from markupsafe import Markup, escape

from sim.report import palette
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.frame import NARROW, WIDE
from sim.report.numbers import decimal
from sim.report.palette import Look
from sim.report.tables import Cell, Table

ASSETS = Path(__file__).parent / "assets"
_TEMPLATES = Path(__file__).parent / "templates"
BUNDLE = "plotly-cartesian.min.js"
_FONTS = {"Inter": ("inter.woff2", "100 900"), "Source Serif 4": ("source-serif-4.woff2", "200 900")}
_BOLD = "font-weight:bold"
_DIGITS = 5
_MOST_ROWS = 80
_BREAKS = re.compile(r"(?<=[a-z_])[._](?=[a-z_])")

# Outlines of the symbols in a box of 16, for the buttons of the scenarios.
_OUTLINES = {
    "circle": "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13z",
    "square": "M2.2 2.2h11.6v11.6H2.2z",
    "diamond": "M8 .6L15.4 8L8 15.4L.6 8z",
    "triangle-up": "M8 1.2L15.2 14H.8z",
    "hexagon": "M8 .8L14.3 4.4v7.2L8 15.2L1.7 11.6V4.4z",
    "triangle-down": "M8 14.8L.8 2h14.4z",
    "cross": "M5.3 1h5.4v4.3H15v5.4h-4.3V15H5.3v-4.3H1V5.3h4.3z",
    "star": "M8 .8l2.1 4.7l5.1.5l-3.8 3.4l1.1 5L8 11.8l-4.5 2.6l1.1-5L.8 6l5.1-.5z",
}


@dataclass(frozen=True)
class Figure:
    """A figure in its place."""

    exhibit: Exhibit
    kind: ClassVar[str] = "figure"


@dataclass(frozen=True)
class Grid:
    """A table to read and sort; `scenarios` says for each row on which it rests."""

    caption: str
    table: Table
    scenarios: Sequence[Sequence[str]] = ()
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Command:
    """A command to type, and what it does."""

    said: str
    command: str
    kind: ClassVar[str] = "command"


@dataclass(frozen=True)
class Turn:
    """One line of a story: when, what, and the number it has in the figure, if any."""

    when: str
    text: str
    mark: str = ""


@dataclass(frozen=True)
class Events:
    """A story, event by event."""

    events: Sequence[Turn]
    kind: ClassVar[str] = "events"


@dataclass(frozen=True)
class Notes:
    """Points that belong together."""

    notes: Sequence[str]
    kind: ClassVar[str] = "notes"


@dataclass(frozen=True)
class Source:
    """The text of a program, folded away under its caption; it is shown and never run."""

    caption: str
    text: str
    kind: ClassVar[str] = "source"


Block = Figure | Grid | Command | Events | Notes | Source


@dataclass(frozen=True)
class Section:
    """A part of the page: a word for links, a title, paragraphs, and what follows them."""

    name: str
    title: str
    paragraphs: Sequence[str]
    blocks: Sequence[Block] = ()

    def exhibits(self) -> list[Exhibit]:
        """Return its figures, in their order."""
        return [block.exhibit for block in self.blocks if isinstance(block, Figure)]


@dataclass(frozen=True)
class Page:
    """All that a page says.

    answer     the answer with its interval, in a sentence or two
    headline   the figure that shows it
    looks      the scenarios with their labels, in their order
    """

    title: str
    question: str
    answer: str
    headline: Exhibit | None
    looks: Sequence[tuple[str, Look]]
    sections: Sequence[Section]
    footer: str

    def exhibits(self) -> Iterator[Exhibit]:
        """Yield every figure of the page, in its order."""
        if self.headline:
            yield self.headline
        for section in self.sections:
            yield from section.exhibits()


def render_page(page: Page) -> str:
    """Return the page as HTML."""
    figures = {exhibit.name: _figure_data(exhibit) for exhibit in page.exhibits()}
    data = {"dark": palette.in_the_dark(), "figures": figures}
    style = "".join([*map(_font, _FONTS), _colours(), *map(_room, figures, figures.values()), _asset("report.css")])
    scripts = {"first": _asset("first.js"), "plotly": _asset(BUNDLE), "behaviour": _asset("report.js")}
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            page=_page_data(page),
            policy=_policy(style, scripts.values()),
            style=Markup(style),
            scripts={name: Markup(text) for name, text in scripts.items()},
            data=_embedded(data),
        )
    )


def _policy(style: str, scripts: Iterable[str]) -> str:
    """Return what the page may do: run and wear what it brings, known by its hash, and fetch nothing.

    The drawing library puts an empty style sheet into the page, which it fills rule by rule, sets what is bold in figures by
    an attribute, and puts images of its own making into maps.
    """
    allowed = {
        "default-src": "'none'",
        "script-src": " ".join(map(_hash, scripts)),
        "style-src": f"{_hash(style)} {_hash('')}",
        "style-src-attr": f"'unsafe-hashes' {_hash(_BOLD)}",
        "font-src": "data:",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{what} {sources}" for what, sources in allowed.items())


def _hash(text: str) -> str:
    """Return what a policy knows an inlined text by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def _room(name: str, figure: dict[str, Any]) -> str:
    """Return the rule that keeps the room of a figure free until it is drawn."""
    heights = (f"--{room}:{round(figure[room]['layout']['height'])}px" for room in ("wide", "narrow"))
    return f".drawing[data-figure={json.dumps(name)}]{{{';'.join(heights)}}}\n"


def bundle_version() -> str:
    """Return the version of the bundled plotly.js, as its first lines give it."""
    head = _asset(BUNDLE)[:200]
    return head.partition("minified) v")[2].split()[0]


def _figure_data(exhibit: Exhibit) -> dict[str, Any]:
    """Return a figure for both rooms as plain data; that of a phone gives its own traces only where they differ."""
    wide, narrow = (_spec(exhibit.draw(room)) for room in (WIDE, NARROW))
    frames = wide.pop("frames", None)
    narrow.pop("frames", None)
    if narrow["data"] == wide["data"]:
        narrow.pop("data")
    data: dict[str, Any] = {"wide": wide, "narrow": narrow}
    if exhibit.frames:
        data |= {"frames": [frame["data"] for frame in frames or []], "labels": list(exhibit.frames)}
    return data


def _spec(figure: go.Figure) -> dict[str, Any]:
    """Return a figure as plain data without its title, which the page says itself."""
    spec: dict[str, Any] = json.loads(figure.to_json(), parse_float=_short)
    layout = spec["layout"]
    head = layout["meta"]["head"]
    for key in ("title", "template", "sliders", "updatemenus"):
        layout.pop(key, None)
    layout["height"] -= head
    layout["margin"]["t"] -= head
    return spec


def _short(text: str) -> float:
    """Return a number with no more digits than a figure can show."""
    return float(f"{float(text):.{_DIGITS}g}")


def _page_data(page: Page) -> dict[str, Any]:
    """Return the page as its template reads it."""
    looks = [
        {"name": look.name, "label": label, "colour": look.colour, "path": _OUTLINES[look.symbol]}
        for label, look in page.looks
    ]
    return {
        "title": page.title,
        "question": page.question,
        "answer": page.answer,
        "headline": page.headline and _exhibit_data(page.headline),
        "looks": looks,
        "sections": [_section_data(section) for section in page.sections],
        "footer": page.footer,
        "plotly": bundle_version(),
    }


def _section_data(section: Section) -> dict[str, Any]:
    """Return a section as its template reads it."""
    return {
        "name": section.name,
        "title": section.title,
        "paragraphs": section.paragraphs,
        "blocks": [_block_data(block) for block in section.blocks],
    }


def _block_data(block: Block) -> dict[str, Any]:
    """Return a block as its template reads it."""
    if isinstance(block, Figure):
        return {"kind": block.kind, "exhibit": _exhibit_data(block.exhibit)}
    if isinstance(block, Grid):
        cells = [[_cell_data(cell) for cell in row] for row in block.table.rows]
        named = {"columns": block.table.columns, "rows": cells, "scenarios": block.scenarios}
        return {"kind": block.kind, "caption": block.caption, **named}
    return {"kind": block.kind, **vars(block)}


def _exhibit_data(exhibit: Exhibit) -> dict[str, Any]:
    """Return a figure as its template reads it."""
    rows = exhibit.table.rows
    return {
        "name": exhibit.name,
        "title": exhibit.title,
        "said": exhibit.said,
        "caption": exhibit.caption,
        "key": [{"label": key.label, "colour": key.colour} for key in exhibit.key],
        "frames": exhibit.frames,
        "csv": _data_address("text/csv;charset=utf-8", exhibit.table.csv().encode()),
        "columns": exhibit.table.columns,
        "rows": [[_cell_data(cell) for cell in row] for row in rows[:: -(-len(rows) // _MOST_ROWS) or 1]],
        "all_rows": len(rows),
        "scenarios": [],
    }


def _cell_data(cell: Cell) -> dict[str, Any]:
    """Return a cell: its text, and the number by which it sorts."""
    if isinstance(cell, float):
        return {"text": decimal(cell, 4), "number": cell}
    if isinstance(cell, int):
        return {"text": f"{cell:,}", "number": cell}
    return {"text": cell or "", "number": None}


def _embedded(data: dict[str, Any]) -> Markup:
    """Return data as JSON that can stand in a script: nothing in it can end the script or begin a tag."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)


def _colours() -> str:
    """Return the colours as variables of a style sheet, for the light, the dark and paper."""
    named = {"paper": palette.PAPER, "ink": palette.INK, "soft": palette.SOFT, "grid": palette.GRID}
    named |= {"zero": palette.ZERO, "wash": palette.WASH, "focus": palette.SCENARIOS[0]}

    def block(selector: str, place: int, scheme: str) -> str:
        tones = {name: tone[place] for name, tone in named.items()}
        dark = {light: light if place == 0 else other for light, other in palette.in_the_dark().items()}
        tones |= {light[1:]: colour for light, colour in dark.items() if light.startswith("#")}
        inside = "".join(f"--{name if name in named else f'c-{name}'}:{colour};" for name, colour in tones.items())
        return f"{selector}{{color-scheme:{scheme};{inside}}}"

    light, dark = block(":root", 0, "light"), block(':root:not([data-theme="light"])', 1, "dark")
    chosen = block(':root[data-theme="dark"]', 1, "dark")
    paper = block(":root:root:root", 0, "light")
    fills = "".join(
        f".{_toned(colour)}{{fill:var(--{_toned(colour)})}}" for colour in palette.in_the_dark() if colour[0] == "#"
    )
    return f"{fills}{light}@media (prefers-color-scheme:dark){{{dark}}}{chosen}@media print{{{paper}}}\n"


def _toned(colour: str) -> str:
    """Return the class and variable of a colour of the light set, which is its dark twin in the dark."""
    return f"c-{colour[1:]}"


def _breakable(text: str) -> Markup:
    """Return a text, escaped, in which a line may break after the dots and underscores of a key."""
    return Markup(_BREAKS.sub(r"\g<0><wbr>", str(escape(text))))


@cache
def _environment() -> jinja2.Environment:
    """Return the templates; whatever they are given is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["toned"] = _toned
    environment.filters["breakable"] = _breakable
    return environment


@cache
def _asset(name: str) -> str:
    """Return a file that is put into the page."""
    return (ASSETS / name).read_text(encoding="utf-8")


@cache
def _font(family: str) -> str:
    """Return the rule that brings a font with the page."""
    name, weights = _FONTS[family]
    address = _data_address("font/woff2", (ASSETS / name).read_bytes())
    return f'@font-face{{font-family:"{family}";font-weight:{weights};src:url({address}) format("woff2")}}\n'


def _data_address(kind: str, data: bytes) -> str:
    """Return an address that holds data."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
