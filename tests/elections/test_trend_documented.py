"""The tables of the trend's methodology are those of the back-tests that were kept, cell by cell."""

import json
from pathlib import Path

from trend_tables import chance_rows, peer_rows, rows

from serving import ROOT

PAGE = (ROOT / "docs" / "methodology" / "trend.md").read_text(encoding="utf-8").splitlines()
RECORD = ROOT / "src" / "arobase" / "elections" / "trend_record.json"
BESIDE = ROOT / "docs" / "methodology" / "trend"


def told(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_table_of_the_page_is_that_of_a_kept_back_test():
    record = told(RECORD)
    expected = [*rows(record), *peer_rows(record), *chance_rows(record)]
    expected += [line for path in sorted(BESIDE.glob("*.json")) for line in rows(told(path))]
    written = [line for line in PAGE if line.startswith("| ") and not line.startswith(("| φ", "| chance", "| ---"))]

    assert [line for line in expected if line not in PAGE] == []
    assert [line for line in written if line not in expected] == []
