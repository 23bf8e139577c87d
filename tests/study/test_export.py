"""Exports: the replicates with their factors, and a dictionary of the columns."""

import csv
import zipfile

import pytest

from sim.rules.outcomes import OUTCOMES
from sim.study.store.export import dictionary, to_csv, to_xlsx
from sim.study.store.locking import FolderError
from tests.study.sweeping import small, swept


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return swept(small(tmp_path, replicates=6, points=2), tmp_path / "out")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def test_csv_holds_every_replicate_of_every_point_with_its_factors(folder, tmp_path):
    replicates, _ = to_csv(folder, tmp_path / "csv")
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
    replicates, columns = to_csv(folder, tmp_path / "csv")
    said = rows(columns)
    assert [row["column"] for row in said] == [*rows(replicates)[0]]
    assert all(row["meaning"] for row in said)
    assert [(row["unit"], row["range"]) for row in said if row["column"] == "success"] == [("0 or 1", "0 or 1")]
    assert ("sd", "", "", "factor: front.sd") in dictionary(folder)


def test_a_spreadsheet_holds_both_and_no_formula(folder, tmp_path):
    [book] = to_xlsx(folder, tmp_path / "xlsx")
    with zipfile.ZipFile(book) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = [archive.read(name).decode() for name in sorted(sheets)]
    assert len(texts) == 2
    assert texts[1].count("<row ") == 13
    assert "<f>" not in "".join(texts)


def test_a_place_that_cannot_be_written_is_told(folder, tmp_path):
    (tmp_path / "taken").touch()
    with pytest.raises(FolderError, match="is not a folder"):
        to_csv(folder, tmp_path / "taken")
