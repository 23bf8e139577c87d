"""Results for other programs: CSV, Parquet or a spreadsheet, with a dictionary that says what each column means."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sim import words
from sim.cells import MARK, guarded
from sim.extras import optional_package
from sim.steps.columns import Column, Quantity, columns_of, outcomes_of
from sim.study.play.weekly import Weekly
from sim.study.store.folder import Folder
from sim.study.store.locking import explained_errors
from sim.study.store.parts import ASIDE, whole_file

if TYPE_CHECKING:
    import pyarrow

_REPLICATES, _WEEKLY, _SCENARIOS, _DICTIONARY = "replicates", "weekly", "scenarios", "columns"
_BOOK = "results.xlsx"
_MOST_ROWS = 1_048_575
_RANGES = {"flag": "0 or 1", "count": "0, 1, 2, ..."}
_UNIT_RANGES = {"probability": "0 to 1", "0..1": "0 to 1", "weeks": "1 to the horizon", "week": "1 to the horizon"}
_BAND = (0.1, 0.9)
_HOW_TO_READ = (
    "UTF-8 with a byte-order mark (encoding utf-8-sig in Python); an apostrophe stands before a text that begins with one, "
    "or with = + - @, a tab or a line break, so that no spreadsheet reckons it; numbers stand as they are"
)

_Row = tuple[str, str, str, str, str]
_HEADING: _Row = ("table", "column", "unit", "range", "meaning")


@dataclass(frozen=True, slots=True)
class _Exported:
    """One table: its name, the names and types of its columns, and its rows in pieces."""

    name: str
    schema: pyarrow.Schema
    pieces: Iterable[pyarrow.Table]


def dictionary(folder: Folder) -> list[_Row]:
    """Return table, name, unit, range and meaning of every exported column, and of each quantity followed by week."""
    point: tuple[str, str, str, str] = ("point", "text", "", "the point of the design")
    scenario: tuple[str, str, str, str] = ("scenario", "text", "", "the scenario's name in the experiment")
    factors, outcomes = folder.experiment.factors, _outcomes_of(folder)
    rows: list[_Row] = [
        (_REPLICATES, *point),
        (_REPLICATES, *scenario),
        *(
            (_REPLICATES, name, "", "", f"factor: {', '.join(factors[factor].keys)}")
            for factor, name in _factor_columns(folder).items()
        ),
        (_REPLICATES, "replicate", "number", "0 and above", "under one number all points share their luck"),
        *(
            (_REPLICATES, one.name, one.unit, _range_of(one, outcomes), one.meaning)
            for one in _measured_columns(folder)
        ),
    ]
    if folder.experiment.weekly:
        rows += _weekly_rows(point, _followed(folder))
    return [
        *rows,
        (_SCENARIOS, *scenario),
        (_SCENARIOS, "title", "text", "", "the scenario's title"),
        (_SCENARIOS, "extends", "text", "", "the shipped scenario or the file that it is made from"),
    ]


def _weekly_rows(point: tuple[str, str, str, str], followed: Iterable[Quantity]) -> Iterator[_Row]:
    """Yield what the dictionary says of the table of weeks: its columns, then each quantity."""
    yield _WEEKLY, *point
    yield _WEEKLY, "week", "week", "0 to the horizon", "the end of which week; 0 is the start"
    yield _WEEKLY, "quantity", "text", "", "what was followed; each has its row below"
    yield (
        _WEEKLY,
        "mean",
        "of the quantity",
        "any number",
        "the mean of the replicates; after an end its last value stands",
    )
    for name, share in zip(("low", "high"), _BAND, strict=True):
        meaning = f"{100 * share:.0f} % of the replicates lie below, to 1/256 of the quantity's range"
        yield _WEEKLY, name, "of the quantity", "any number", meaning
    yield _WEEKLY, "replicates", "number", "1 and above", "how many replicates were followed"
    for quantity in followed:
        ends = f"{quantity.low:g} to {quantity.high:g}"
        yield f"{_WEEKLY}, quantity", quantity.name, quantity.unit, ends, quantity.meaning


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


def _followed(folder: Folder) -> list[Quantity]:
    """Return the quantities that were followed at any point of a folder, each once, as its weeks name them."""
    points = {folder.points[number].label: folder.points[number] for number in folder.present}
    found = [weekly for point in points.values() if (weekly := folder.weekly(point.name)) is not None]
    return [*{quantity.name: quantity for weekly in found for quantity in weekly.quantities}.values()]


def _factor_columns(folder: Folder) -> dict[str, str]:
    """Return the column of each factor; one with the name of something measured is called factor.NAME."""
    measured = {column.name for column in _measured_columns(folder)}
    return {name: f"factor.{name}" if name in measured else name for name in folder.experiment.factors}


def _exported(folder: Folder) -> Iterator[_Exported]:
    """Yield every table of a folder, the dictionary last."""
    folder.check_parts()
    replicates = _schema_of(folder)
    yield _Exported(_REPLICATES, replicates, _replicate_tables(folder, replicates))
    if folder.experiment.weekly:
        weeks = _weekly_schema()
        yield _Exported(_WEEKLY, weeks, _weekly_tables(folder, weeks))
    extends, scenarios = folder.experiment.extends, folder.experiment.scenarios.items()
    rows = [(label, scenario.title, extends[label]) for label, scenario in scenarios]
    yield _of_texts(_SCENARIOS, ("scenario", "title", "extends"), rows)
    yield _of_texts(_DICTIONARY, _HEADING, dictionary(folder))


def _of_texts(name: str, heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> _Exported:
    """Return a table of texts."""
    import pyarrow

    schema = pyarrow.schema([(column, pyarrow.string()) for column in heading])
    table = pyarrow.Table.from_pylist([dict(zip(heading, row, strict=True)) for row in rows], schema=schema)
    return _Exported(name, schema, [table])


def _replicate_tables(folder: Folder, schema: pyarrow.Schema) -> Iterator[pyarrow.Table]:
    """Yield the replicates of one part after another, each as a table with every exported column."""
    import pyarrow

    factors, outcomes = _factor_columns(folder), _outcomes_of(folder)
    for number, ranges in folder.present.items():
        point = folder.points[number]
        constant: dict[str, Any] = {"point": point.name, "scenario": point.label}
        for name, value in point.values.items():
            is_text = pyarrow.types.is_string(schema.field(factors[name]).type)
            constant[factors[name]] = words.value(value) if is_text else value
        for where in ranges:
            columns: dict[str, Any] = dict(folder.part(where).columns)
            size = len(columns["replicate"])
            columns["outcome"] = [outcomes[code] for code in columns["outcome"].tolist()]
            arrays = [
                pyarrow.array([constant.get(field.name)] * size, field.type)
                if field.name not in columns
                else pyarrow.array(columns[field.name], field.type, from_pandas=True)
                for field in schema
            ]
            yield pyarrow.Table.from_arrays(arrays, schema=schema)


def _schema_of(folder: Folder) -> pyarrow.Schema:
    """Return names and types of the columns of the replicates."""
    import pyarrow

    fields = [("point", pyarrow.string()), ("scenario", pyarrow.string())]
    for factor, name in _factor_columns(folder).items():
        values = [point.values.get(factor) for point in folder.points]
        numeric = all(value is None or type(value) in (int, float) for value in values)
        fields.append((name, pyarrow.float64() if numeric else pyarrow.string()))
    fields.append(("replicate", pyarrow.int64()))
    types = {"category": pyarrow.string()}
    columns = _measured_columns(folder)
    return pyarrow.schema([*fields, *((column.name, types.get(column.kind, pyarrow.float64())) for column in columns)])


def _weekly_schema() -> pyarrow.Schema:
    """Return names and types of the columns of the weeks."""
    import pyarrow

    numbers = [(name, pyarrow.float64()) for name in ("mean", "low", "high")]
    texts = {name: (name, pyarrow.string()) for name in ("point", "quantity")}
    week, replicates = ((name, pyarrow.int64()) for name in ("week", "replicates"))
    return pyarrow.schema([texts["point"], week, texts["quantity"], *numbers, replicates])


def _weekly_tables(folder: Folder, schema: pyarrow.Schema) -> Iterator[pyarrow.Table]:
    """Yield the weeks of one point after another, those of one quantity together."""
    for number in folder.present:
        point = folder.points[number]
        weekly = folder.weekly(point.name)
        if weekly is not None:
            for name in weekly.names:
                yield _weeks_of(weekly, point.name, name, schema)


def _weeks_of(weekly: Weekly, point: str, name: str, schema: pyarrow.Schema) -> pyarrow.Table:
    """Return how one quantity went at a point, a row for each week."""
    import pyarrow

    size = weekly.weeks + 1
    values = (weekly.mean(name), *(weekly.quantile(name, share) for share in _BAND))
    columns = ([point] * size, range(size), [name] * size, *values, [weekly.replicates] * size)
    return pyarrow.table([pyarrow.array(*pair) for pair in zip(columns, schema.types, strict=True)], schema=schema)


@contextlib.contextmanager
def _files_below(folder: Path) -> Iterator[None]:
    """Make a folder for files; say in the reader's terms why they cannot be written."""
    with explained_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        yield


def to_csv(folder: Folder, into: Path) -> list[Path]:
    """Write every table as CSV that a spreadsheet can open into a folder, and return the files."""
    return _to_files(folder, into, ".csv", _write_csv)


def to_parquet(folder: Folder, into: Path) -> list[Path]:
    """Write every table as Parquet into a folder, and return the files."""
    return _to_files(folder, into, ".parquet", _write_parquet)


def _to_files(folder: Folder, into: Path, ending: str, write: Callable[[BinaryIO, _Exported], None]) -> list[Path]:
    """Write every table into a file of its own, aside and renamed when whole, and return the files."""
    files = []
    with _files_below(into):
        for exported in _exported(folder):
            path = into / f"{exported.name}{ending}"
            with whole_file(path) as file:
                write(file, exported)
            files.append(path)
    return files


def _write_csv(file: BinaryIO, exported: _Exported) -> None:
    """Write a table as CSV; the dictionary says at its end how it is to be read."""
    import pyarrow
    from pyarrow import csv

    schema = pyarrow.schema([(guarded(field.name), field.type) for field in exported.schema])
    file.write(MARK.encode())
    with csv.CSVWriter(file, schema) as rows:
        for piece in exported.pieces:
            rows.write_table(_guarded_texts(piece).rename_columns(schema.names))
        if exported.name == _DICTIONARY:
            texts = ("every file", "", "", "", _HOW_TO_READ)
            rows.write_table(pyarrow.Table.from_arrays([[text] for text in texts], schema=schema))


def _guarded_texts(table: pyarrow.Table) -> pyarrow.Table:
    """Return a table in which no text is reckoned by a spreadsheet; each is looked at once, however often it comes."""
    import pyarrow

    for place, field in enumerate(table.schema):
        if pyarrow.types.is_string(field.type):
            coded = table.column(place).combine_chunks().dictionary_encode()
            texts = [None if text is None else guarded(text) for text in coded.dictionary.to_pylist()]
            found = pyarrow.array(texts, pyarrow.string()).take(coded.indices)
            table = table.set_column(place, field, found)
    return table


def _write_parquet(file: BinaryIO, exported: _Exported) -> None:
    """Write a table as Parquet."""
    from pyarrow import parquet

    with parquet.ParquetWriter(file, exported.schema) as tables:
        for piece in exported.pieces:
            tables.write_table(piece)


def to_xlsx(folder: Folder, into: Path) -> list[Path]:
    """Write every table into one spreadsheet, in which a text is a text, and return the file."""
    xlsxwriter = optional_package("xlsxwriter")
    with _files_below(into):
        path = into / _BOOK
        with whole_file(path) as file, tempfile.TemporaryDirectory(prefix=ASIDE, dir=into) as aside:
            options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": aside}
            try:
                with xlsxwriter.Workbook(file, options) as book:
                    for exported in sorted(_exported(folder), key=lambda exported: exported.name != _DICTIONARY):
                        _fill_sheets(book, exported)
            except xlsxwriter.exceptions.FileCreateError as error:  # what the system said is inside
                raise error.args[0] from None
    return [path]


def _fill_sheets(book: Any, exported: _Exported) -> None:
    """Write a table into a sheet of its name, and into further ones where that is full."""
    names = exported.schema.names
    sheet: Any = None
    at, number = _MOST_ROWS + 1, 0
    for piece in exported.pieces:
        for row in zip(*(piece[name].to_pylist() for name in names), strict=True):
            if at > _MOST_ROWS:
                number += 1
                sheet, at = book.add_worksheet(exported.name if number == 1 else f"{exported.name} {number}"), 1
                sheet.write_row(0, 0, names)
            sheet.write_row(at, 0, row)
            at += 1
