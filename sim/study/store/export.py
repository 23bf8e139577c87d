"""Results for other programs: CSV or a spreadsheet, with a dictionary that says what each column means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import words
from sim.engines.outcomes import OUTCOMES, Column, columns_of
from sim.study.play.results import imported
from sim.study.store.contents import from_bytes
from sim.study.store.folder import Folder
from sim.study.store.locking import told
from sim.study.store.parts import write_whole

if TYPE_CHECKING:
    import pyarrow

REPLICATES, DICTIONARY, BOOK = "replicates.csv", "columns.csv", "results.xlsx"
HEADING = ("column", "unit", "range", "meaning")
MOST_ROWS = 1_048_575
RANGES = {"flag": "0 or 1", "category": " | ".join(OUTCOMES), "count": "0, 1, 2, ..."}
UNIT_RANGES = {"probability": "0 to 1", "0..1": "0 to 1", "weeks": "1 to the horizon", "week": "1 to the horizon"}


def dictionary(folder: Folder) -> list[tuple[str, str, str, str]]:
    """Return name, unit, range and meaning of every exported column."""
    rows = [
        ("point", "text", "", "the point of the design"),
        ("scenario", "text", "", "the scenario's name in the experiment"),
        *((name, "", "", f"factor: {', '.join(one.keys)}") for name, one in folder.experiment.factors.items()),
        ("replicate", "number", "0 and above", "the replicate; under one number all points share their luck"),
    ]
    return [*rows, *((one.name, one.unit, range_of(one), one.meaning) for one in measured(folder))]


def range_of(column: Column) -> str:
    """Return which values a column may hold, in words."""
    return RANGES.get(column.kind) or UNIT_RANGES.get(column.unit, "any number")


def measured(folder: Folder) -> list[Column]:
    """Return the columns that any scenario of a folder has and that are kept, each once."""
    listed = [one for case in folder.experiment.scenarios.values() for one in columns_of(case.eras[-1].world)]
    kept = folder.experiment.kept
    return list({one.name: one for one in listed if not kept or one.name in kept}.values())


def tables(folder: Folder) -> Iterator[pyarrow.Table]:
    """Yield the replicates of one part after another, each as a table with every exported column."""
    import pyarrow

    schema = schema_of(folder)
    for number, ranges in folder.present.items():
        point = folder.points[number]
        said = {"point": point.name, "scenario": point.label}
        said |= {name: words.value(point.values[name]) for name in point.values}
        for one in ranges:
            columns: dict[str, Any] = dict(from_bytes(folder.read(one).columns)[0])
            size = len(columns["replicate"])
            columns["outcome"] = [OUTCOMES[code] for code in columns["outcome"].tolist()]
            arrays = [
                pyarrow.array([said.get(field.name)] * size, field.type)
                if field.name not in columns
                else pyarrow.array(columns[field.name], field.type, from_pandas=True)
                for field in schema
            ]
            yield pyarrow.Table.from_arrays(arrays, schema=schema)


def schema_of(folder: Folder) -> pyarrow.Schema:
    """Return names and types of the exported columns."""
    import pyarrow

    texts = ["point", "scenario", *folder.experiment.factors]
    fields = [*((name, pyarrow.string()) for name in texts), ("replicate", pyarrow.int64())]
    kinds = {"category": pyarrow.string()}
    return pyarrow.schema([*fields, *((one.name, kinds.get(one.kind, pyarrow.float64())) for one in measured(folder))])


def to_csv(folder: Folder, into: Path) -> list[Path]:
    """Write the replicates and the dictionary as CSV into a folder and return the files."""
    import pyarrow
    from pyarrow import csv

    with told(into):
        into.mkdir(parents=True, exist_ok=True)
        aside = into / f".{REPLICATES}"
        with csv.CSVWriter(aside, schema_of(folder)) as file:
            for table in tables(folder):
                file.write_table(table)
        aside.replace(into / REPLICATES)
        rows = dictionary(folder)
        columns = {name: [row[place] for row in rows] for place, name in enumerate(HEADING)}
        sink = pyarrow.BufferOutputStream()
        csv.write_csv(pyarrow.table(columns), sink)
        write_whole(into / DICTIONARY, sink.getvalue().to_pybytes())
    return [into / REPLICATES, into / DICTIONARY]


def to_xlsx(folder: Folder, into: Path) -> list[Path]:
    """Write the replicates and the dictionary as one spreadsheet into a folder and return the file."""
    xlsxwriter = imported("xlsxwriter")
    with told(into):
        into.mkdir(parents=True, exist_ok=True)
        path = into / BOOK
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(path), options) as book:
            sheet = book.add_worksheet("columns")
            for at, row in enumerate([HEADING, *dictionary(folder)]):
                sheet.write_row(at, 0, row)
            fill(book, folder)
    return [path]


def fill(book: Any, folder: Folder) -> None:
    """Write the replicates into sheets of a spreadsheet, a new sheet where one is full."""
    names = schema_of(folder).names
    sheet: Any = None
    at, number = MOST_ROWS + 1, 0
    for table in tables(folder):
        for row in zip(*(table[name].to_pylist() for name in names), strict=True):
            if at > MOST_ROWS:
                number += 1
                sheet, at = book.add_worksheet(f"replicates {number}"), 1
                sheet.write_row(0, 0, names)
            sheet.write_row(at, 0, row)
            at += 1
