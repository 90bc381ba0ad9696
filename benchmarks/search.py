"""Search: what is found and how fast, on queries made from the names of all communes.

Own: the commune that was meant. Fair: it, or one that the same query means with at least the same right
(docs/methodology/search.md). The peers see a twentieth of the queries.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz import fuzz, process
from tests.strategies.perturbations import WAYS, Rivals, Typed, communes_of_the_package, queries

from arobase.territories.rules.search import SearchIndex, Subject
from arobase.territories.rules.spelling import folded

EACH = 100
SEED = 1999
PEERS_SEE = 20
Find = Callable[[str], list[str]]


def run() -> list[tuple[str, str]]:
    """Label and figure: time to build, speed, hit rates by kind of perturbation, peers."""
    subjects = communes_of_the_package()
    start = time.perf_counter()
    index = SearchIndex(subjects)
    built = time.perf_counter() - start
    rivals = Rivals(subjects)
    asked = queries(subjects, each=EACH, rng=np.random.default_rng(SEED))

    def ours(query: str) -> list[str]:
        return [hit.subject.id for hit in index.search(query, limit=5)]

    ours("Le Havre")
    figures = [("index of all communes built in", f"{built:.2f} s")]
    figures += _figures("search", ours, asked, rivals)
    for way in WAYS:
        figures += _figures(f"  {way}", ours, [typed for typed in asked if typed.way == way], rivals)[:1]
    few = asked[::PEERS_SEE]
    figures += _figures("search, on the peers' queries", ours, few, rivals)
    figures += _figures("peer: SQLite LIKE 'query%'", _sqlite(subjects), few, rivals)
    figures += _figures("peer: rapidfuzz WRatio over all", _full_scan(subjects), few, rivals)
    return figures


def _figures(label: str, find: Find, asked: Sequence[Typed], rivals: Rivals) -> list[tuple[str, str]]:
    times, own, fair, five = [], 0, 0, 0
    for typed in asked:
        start = time.perf_counter()
        ids = find(typed.query)
        times.append(1000 * (time.perf_counter() - start))
        meant = ids[:1] == [typed.meant.id]
        others = set() if meant else rivals.of(typed)
        own += meant
        fair += meant or (bool(ids) and ids[0] in others)
        five += typed.meant.id in ids or (len(others) >= 5 and bool(ids) and set(ids) <= others)
    count = len(asked)
    p50, p95 = np.percentile(times, [50, 95])
    rates = f"first: {fair / count:.1%} fair, {own / count:.1%} own; among five: {five / count:.1%} fair"
    return [(f"{label} ({count})", rates), (f"{label}, time", f"p50 {p50:.2f} ms, p95 {p95:.2f} ms")]


def _sqlite(subjects: Sequence[Subject]) -> Find:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE commune (id TEXT, name TEXT COLLATE NOCASE, population INTEGER)")
    database.executemany(
        "INSERT INTO commune VALUES (?, ?, ?)", [(one.id, one.name, one.population) for one in subjects]
    )
    statement = "SELECT id FROM commune WHERE name LIKE ? || '%' ORDER BY population DESC LIMIT 5"
    return lambda query: [row[0] for row in database.execute(statement, (query,))]


def _full_scan(subjects: Sequence[Subject]) -> Find:
    names = [folded(subject.name) for subject in subjects]

    def find(query: str) -> list[str]:
        return [
            subjects[place].id for _name, _score, place in process.extract(folded(query), names, scorer=fuzz.WRatio)
        ]

    return find
