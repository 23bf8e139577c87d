"""Results for other programs: CSV or a spreadsheet, with a dictionary that says what each column means."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import words
from sim.extras import optional_package
from sim.steps.columns import Column, columns_of, outcomes_of
from sim.study.store.folder import Folder
from sim.study.store.locking import explained_errors
from sim.study.store.parts import ASIDE, whole_file, write_whole

if TYPE_CHECKING:
    import pyarrow

_REPLICATES, _DICTIONARY, _BOOK = "replicates.csv", "columns.csv", "results.xlsx"
_HEADING = ("column", "unit", "range", "meaning")
_MOST_ROWS = 1_048_575
_RANGES = {"flag": "0 or 1", "count": "0, 1, 2, ..."}
_UNIT_RANGES = {"probability": "0 to 1", "0..1": "0 to 1", "weeks": "1 to the horizon", "week": "1 to the horizon"}


def dictionary(folder: Folder) -> list[tuple[str, str, str, str]]:
    """Return name, unit, range and meaning of every exported column."""
    rows = [
        ("point", "text", "", "the point of the design"),
        ("scenario", "text", "", "the scenario's name in the experiment"),
        *(
            (_factor_columns(folder)[name], "", "", f"factor: {', '.join(factor.keys)}")
            for name, factor in folder.experiment.factors.items()
        ),
        ("replicate", "number", "0 and above", "the replicate; under one number all points share their luck"),
    ]
    outcomes = _outcomes_of(folder)
    columns = _measured_columns(folder)
    return [*rows, *((one.name, one.unit, _range_of(one, outcomes), one.meaning) for one in columns)]


def _outcomes_of(folder: Folder) -> tuple[str, ...]:
    """Return the words of a folder's outcomes, in the order of their codes."""
    return outcomes_of(next(iter(folder.experiment.scenarios.values())))


def _range_of(column: Column, outcomes: Sequence[str]) -> str:
    """Return which values a column may hold, in words."""
    if column.kind == "category":
        return " | ".join(outcomes)
    return _RANGES.get(column.kind) or _UNIT_RANGES.get(column.unit, "any number")


def _measured_columns(folder: Folder) -> list[Column]:
    """Return the columns that any scenario of a folder has and that are kept, each once."""
    scenarios, kept = folder.experiment.scenarios.values(), folder.experiment.kept
    columns = {column.name: column for scenario in scenarios for column in columns_of(scenario)}
    return [column for name, column in columns.items() if not kept or name in kept]


def _factor_columns(folder: Folder) -> dict[str, str]:
    """Return the column of each factor; one with the name of something measured is called factor.NAME."""
    measured = {column.name for column in _measured_columns(folder)}
    return {name: f"factor.{name}" if name in measured else name for name in folder.experiment.factors}


def _tables(folder: Folder) -> Iterator[pyarrow.Table]:
    """Yield the replicates of one part after another, each as a table with every exported column."""
    import pyarrow

    folder.check_parts()
    schema, factors, outcomes = _schema_of(folder), _factor_columns(folder), _outcomes_of(folder)
    for number, ranges in folder.present.items():
        point = folder.points[number]
        texts = {"point": point.name, "scenario": point.label}
        texts |= {factors[name]: words.value(value) for name, value in point.values.items()}
        for where in ranges:
            columns: dict[str, Any] = dict(folder.part(where).columns)
            size = len(columns["replicate"])
            columns["outcome"] = [outcomes[code] for code in columns["outcome"].tolist()]
            arrays = [
                pyarrow.array([texts.get(field.name)] * size, field.type)
                if field.name not in columns
                else pyarrow.array(columns[field.name], field.type, from_pandas=True)
                for field in schema
            ]
            yield pyarrow.Table.from_arrays(arrays, schema=schema)


def _schema_of(folder: Folder) -> pyarrow.Schema:
    """Return names and types of the exported columns."""
    import pyarrow

    texts = ["point", "scenario", *_factor_columns(folder).values()]
    fields = [*((name, pyarrow.string()) for name in texts), ("replicate", pyarrow.int64())]
    types = {"category": pyarrow.string()}
    columns = _measured_columns(folder)
    return pyarrow.schema([*fields, *((column.name, types.get(column.kind, pyarrow.float64())) for column in columns)])


@contextlib.contextmanager
def _files_below(folder: Path) -> Iterator[None]:
    """Make a folder for files; say in the reader's terms why they cannot be written."""
    with explained_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        yield


def to_csv(folder: Folder, into: Path) -> list[Path]:
    """Write the replicates and the dictionary as CSV into a folder and return the files."""
    import pyarrow
    from pyarrow import csv

    with _files_below(into):
        with whole_file(into / _REPLICATES) as file, csv.CSVWriter(file, _schema_of(folder)) as rows_of_file:
            for table in _tables(folder):
                rows_of_file.write_table(table)
        rows = dictionary(folder)
        columns = {name: [row[place] for row in rows] for place, name in enumerate(_HEADING)}
        sink = pyarrow.BufferOutputStream()
        csv.write_csv(pyarrow.table(columns), sink)
        write_whole(into / _DICTIONARY, sink.getvalue().to_pybytes())
    return [into / _REPLICATES, into / _DICTIONARY]


def to_xlsx(folder: Folder, into: Path) -> list[Path]:
    """Write the replicates and the dictionary as one spreadsheet into a folder and return the file."""
    xlsxwriter = optional_package("xlsxwriter")
    with _files_below(into):
        path = into / _BOOK
        with whole_file(path) as file, tempfile.TemporaryDirectory(prefix=ASIDE, dir=into) as aside:
            options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": aside}
            try:
                with xlsxwriter.Workbook(file, options) as book:
                    sheet = book.add_worksheet("columns")
                    for at, row in enumerate([_HEADING, *dictionary(folder)]):
                        sheet.write_row(at, 0, row)
                    _fill_book(book, folder)
            except xlsxwriter.exceptions.FileCreateError as error:  # what the system said is inside
                raise error.args[0] from None
    return [path]


def _fill_book(book: Any, folder: Folder) -> None:
    """Write the replicates into sheets of a spreadsheet, a new sheet where one is full."""
    names = _schema_of(folder).names
    sheet: Any = None
    at, number = _MOST_ROWS + 1, 0
    for table in _tables(folder):
        for row in zip(*(table[name].to_pylist() for name in names), strict=True):
            if at > _MOST_ROWS:
                number += 1
                sheet, at = book.add_worksheet(f"replicates {number}"), 1
                sheet.write_row(0, 0, names)
            sheet.write_row(at, 0, row)
            at += 1
