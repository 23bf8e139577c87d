"""Exports: the replicates with their factors, and a dictionary of the columns."""

import csv
import re
import zipfile

import pandas
import pytest
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from sim.cells import guarded
from sim.rules.outcomes import OUTCOMES
from sim.study.store.export import dictionary, to_csv, to_parquet, to_xlsx
from sim.study.store.locking import FolderError
from tests.study.sweeping import small, swept


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return swept(small(tmp_path, replicates=6, points=2), tmp_path / "out")


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file)]


def test_csv_holds_every_replicate_of_every_point_with_its_factors(folder, tmp_path):
    replicates, *_ = to_csv(folder, tmp_path / "csv")
    said = rows(replicates)
    assert [(row["point"], row["sd"], row["replicate"]) for row in said] == [
        (f"two sd={sd}", sd, str(number)) for sd in ("0", "0.005") for number in range(6)
    ]
    columns = folder.result("two sd=0.005").columns
    assert [float(row["front"]) for row in said[6:]] == columns["front"].tolist()
    assert [row["outcome"] for row in said[6:]] == [OUTCOMES[code] for code in columns["outcome"]]


def test_a_value_that_is_not_there_is_an_empty_cell(folder, tmp_path):
    for row in rows(to_csv(folder, tmp_path / "csv")[0]):
        assert (row["weeks_to_agreement"] == "") == (row["agreements"] == "0")


def test_the_dictionary_says_of_every_column_what_it_means(folder, tmp_path):
    *tables, columns = to_csv(folder, tmp_path / "csv")
    said = rows(columns)
    for table in tables:
        assert [row["column"] for row in said if row["table"] == table.stem] == [*rows(table)[0]]
    assert all(row["meaning"] for row in said)
    assert [(row["unit"], row["range"]) for row in said if row["column"] == "success"] == [("0 or 1", "0 or 1")]
    assert ("replicates", "sd", "", "", "factor: front.sd") in dictionary(folder)


def test_a_spreadsheet_holds_both_and_no_formula(folder, tmp_path):
    [book] = to_xlsx(folder, tmp_path / "xlsx")
    with zipfile.ZipFile(book) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = [archive.read(name).decode() for name in sorted(sheets)]
    assert len(texts) == 3
    assert texts[1].count("<row ") == 13
    assert "<f>" not in "".join(texts)


HOSTILE = """
title = "Texts that a spreadsheet would reckon"
question = "Are they only shown?"
replicates = 2
weekly = true
[scenarios.two]
extends = "two-states-known-costs"
set = { weeks = 60, title = "=cmd|' /C calc'!A0" }
[scenarios.minus]
extends = "two-states-known-costs"
set = { weeks = 60, title = "-2+3 Переговоры 和谈" }
[factors.optimism]
keys = ["states.attacker.optimism"]
values = [-1, -0.5]
"""


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "hostile.toml"
    file.write_text(HOSTILE, encoding="utf-8")
    return swept(file, tmp_path / "out")


def test_a_text_that_a_spreadsheet_would_reckon_is_a_text_in_csv_and_comes_back_whole(hostile, tmp_path):
    _, _, scenarios, columns = to_csv(hostile, tmp_path / "csv")
    titles = [row["title"] for row in rows(scenarios)]
    assert titles == ["'=cmd|' /C calc'!A0", "'-2+3 Переговоры 和谈"]
    assert [title.removeprefix("'") for title in titles] == [one.title for one in hostile.experiment.scenarios.values()]
    assert "apostrophe" in rows(columns)[-1]["meaning"]
    assert "utf-8-sig" in rows(columns)[-1]["meaning"]


def test_a_negative_number_stays_a_number_in_csv(hostile, tmp_path):
    replicates, *_ = to_csv(hostile, tmp_path / "csv")
    assert {row["optimism"] for row in rows(replicates)} == {"-1", "-0.5"}
    assert pandas.read_csv(replicates)["optimism"].tolist() == [-1.0, -1.0, -0.5, -0.5] * 2


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'", " ="])
def test_each_sign_that_begins_a_formula_is_guarded_and_the_text_can_be_had_again(first):
    assert guarded(f"{first}1+1") == f"'{first}1+1"
    assert guarded(f"a{first}1") == f"a{first}1"


def test_every_csv_begins_with_the_mark_by_which_excel_knows_its_letters(hostile, tmp_path):
    for file in to_csv(hostile, tmp_path / "csv"):
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        first = rows(file)[0]
        assert [*pandas.read_csv(file)] == [*first] == arrow_csv.read_csv(file).column_names


def test_a_text_that_a_spreadsheet_would_reckon_is_a_text_as_it_is_in_a_spreadsheet(hostile, tmp_path):
    [book] = to_xlsx(hostile, tmp_path / "xlsx")
    with zipfile.ZipFile(book) as archive:
        names = re.findall(r'<sheet name="([^"]*)"', archive.read("xl/workbook.xml").decode())
        sheets = {name: archive.read(f"xl/worksheets/sheet{at}.xml").decode() for at, name in enumerate(names, start=1)}
    assert names == ["columns", "replicates", "weekly", "scenarios"]
    assert "<f>" not in "".join(sheets.values())
    assert "<is><t>=cmd|' /C calc'!A0</t></is>" in sheets["scenarios"]
    assert "<v>-0.5</v>" in sheets["replicates"]


def test_weeks_that_were_kept_are_exported_with_the_bands_of_the_page(hostile, tmp_path):
    _, weeks, *_ = to_csv(hostile, tmp_path / "csv")
    said = rows(weeks)
    for point in hostile.points:
        weekly = hostile.weekly(point.name)
        for name in weekly.names:
            mine = [row for row in said if (row["point"], row["quantity"]) == (point.name, name)]
            assert [int(row["week"]) for row in mine] == [*range(61)]
            for column, values in (
                ("mean", weekly.mean(name)),
                ("low", weekly.quantile(name, 0.1)),
                ("high", weekly.quantile(name, 0.9)),
            ):
                assert [float(row[column]) for row in mine] == values.tolist()
            assert {row["replicates"] for row in mine} == {"2"}
    followed = {one for table, one, *_ in dictionary(hostile) if table == "weekly, quantity"}
    assert followed == {row["quantity"] for row in said}


def test_without_weeks_that_were_kept_there_is_no_table_of_weeks(folder, tmp_path):
    assert [file.name for file in to_csv(folder, tmp_path / "csv")] == [
        "replicates.csv",
        "scenarios.csv",
        "columns.csv",
    ]


def test_parquet_holds_the_same_tables_with_their_texts_as_they_are(hostile, tmp_path):
    files = to_parquet(hostile, tmp_path / "parquet")
    assert [file.name for file in files] == [
        f"{name}.parquet" for name in ("replicates", "weekly", "scenarios", "columns")
    ]
    replicates, weeks, scenarios, columns = (parquet.read_table(file) for file in files)
    assert replicates.num_rows == 8
    assert weeks.num_rows == len(rows(to_csv(hostile, tmp_path / "csv")[1]))
    assert scenarios["title"].to_pylist() == [one.title for one in hostile.experiment.scenarios.values()]
    assert [tuple(row.values()) for row in columns.to_pylist()] == dictionary(hostile)


def test_a_place_that_cannot_be_written_is_told(folder, tmp_path):
    (tmp_path / "taken").touch()
    with pytest.raises(FolderError, match="is not a folder"):
        to_csv(folder, tmp_path / "taken")
