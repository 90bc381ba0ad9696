"""The tables of docs/methodology/trend.md from back-tests that were kept: python tools/trend_tables.py FILE…

Each FILE is what `arobase elections backtest --json` wrote; a test holds the page to them.
"""

import json
import sys
from pathlib import Path
from typing import Any

NAMES = ("raw", "weighted", "swing", "ridge", "shrunk", "product")
PEER = "elex-model"
EVENTS = {"first", "order", "majority", "tenth"}  # of the chances, those that the page shows


def rows(document: dict[str, Any]) -> list[str]:
    """A line for each spread of bags, order and share of stations, every estimator beside the others."""
    return [_line(*_head(one), *(_marks(one, name) for name in NAMES), *_of_product(one)) for one in document["rows"]]


def peer_rows(document: dict[str, Any]) -> list[str]:
    """The same rows for elex-model, which projects another thing."""
    return [_peer_row(one) for one in document["rows"] if PEER in one["estimators"]]


def chance_rows(document: dict[str, Any]) -> list[str]:
    """A line for each event and class of chance: how many were told, their mean, how many came true."""
    return [
        _line(one["event"], f"{one['from']}–{one['to']} %", one["n"], f"{one['told']:.1f} %", f"{one['true']:.1f} %")
        for one in document["chances"]
        if one["event"] in EVENTS
    ]


def _peer_row(row: dict[str, Any]) -> str:
    one = row["estimators"][PEER]
    head = (f"{row['overdispersion']:g}", row["reporting"], f"{100 * row['share']:.0f} %", one["asked"])
    told = (_mark(one), f"{one['width']:.1f}") if one["answered"] else ("–", "–")
    return _line(*head, one["answered"], *told)


def _head(row: dict[str, Any]) -> tuple[object, ...]:
    return f"{row['overdispersion']:g}", row["reporting"], f"{100 * row['share']:.0f} %", row["nights"]


def _marks(row: dict[str, Any], name: str) -> str:
    return _mark(row["estimators"][name])


def _mark(one: dict[str, Any]) -> str:
    return f"{one['error']:.2f}/{one['coverage']['90']:.0f}/{one['score']:.1f}"


def _of_product(row: dict[str, Any]) -> tuple[str, str]:
    one = row["estimators"]["product"]
    held = "/".join(f"{one['coverage'][level]:.1f}" for level in ("50", "80", "90"))
    return held, f"{100 * one['answered'] / one['asked']:.0f} %"


def _line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    for path in sys.argv[1:]:
        told = json.loads(Path(path).read_text(encoding="utf-8"))
        print(path, *rows(told), "", *peer_rows(told), "", *chance_rows(told), "", sep="\n")
