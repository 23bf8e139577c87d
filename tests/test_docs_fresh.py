"""The generated tables of the pages are what the declarations say now."""

import subprocess
import sys

from docs.__main__ import MARKED, ROOT, TABLES, pages, stale_pages, with_tables


def test_no_table_is_stale():
    done = subprocess.run(
        [sys.executable, "-m", "docs", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stale_table_is_noticed_and_written_anew():
    stale = "before\n<!-- table: week -->\nold\n<!-- end -->\nafter\n"
    written = with_tables(stale)
    assert "| `fight` |" in written
    assert "old" not in written
    assert with_tables(written) == written
    assert stale_pages() == []


def test_every_table_is_used_and_every_marker_is_closed():
    texts = [page.read_text(encoding="utf-8") for page in pages()]
    used = {found["name"] for text in texts for found in MARKED.finditer(text)}
    assert used == set(TABLES)
    for text in texts:
        assert text.count("\n<!-- table: ") == len(list(MARKED.finditer(text)))
