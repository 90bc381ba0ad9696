"""Bags beside what the same station had last time: on real polls, how often one is asked, and what is found out.

No two polls of the mirror have the same names: lists of one family stand for one another, which moves more than a list
that stands again would.
"""

import csv
import gzip
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pytest
from django.conf import settings

from arobase.elections.rules.checks import Check, Former, Station, findings
from arobase.elections.rules.counts import Bag, Ballots, Box, Count
from arobase.elections.rules.events import Counted, Plain
from arobase.elections.rules.states import State, Verb

MIRROR = settings.DATA_MIRROR
FOLDER = MIRROR / "elections" if MIRROR else None
pytestmark = pytest.mark.skipif(
    FOLDER is None or not (FOLDER / "towns_stable.csv").exists(),
    reason="polls by station are in the mirror (AROBASE_DATA_MIRROR)",
)

Families = Sequence[Sequence[str]]
EUROPEANS: tuple[str, Families, str, Families] = (
    "2014-europeennes",
    (("LFN",), ("LUMP",), ("LVEC",), ("LUG",), ("LFG",), ("LUC",)),
    "2019-europeennes",
    (
        ("PRENEZ LE POUVOIR",),
        ("UNION DROITE-CENTRE",),
        ("EUROPE ÉCOLOGIE",),
        ("ENVIE D'EUROPE",),
        ("LA FRANCE INSOUMISE",),
        ("RENAISSANCE", "LES EUROPÉENS"),
    ),
)
OF_2017: tuple[str, Families, str, Families] = (
    "2017-presidentielle-1",
    (("LE PEN",), ("FILLON",), ("MACRON",), ("MÉLENCHON",), ("HAMON",), ("DUPONT-AIGNAN",)),
    "2017-legislatives-1",
    (("FN",), ("LR", "UDI", "DVD"), ("REM", "MDM"), ("FI", "COM"), ("SOC", "RDG", "ECO", "DVG"), ("DLF",)),
)
DISPERSION = 62.5  # of a Dirichlet whose bags of 100 vary 1.6 times more than random ones


def polled(name: str, families: Families) -> dict[tuple[str, str], tuple[int, int, tuple[int, ...]]]:
    """Registered, voters and votes by family (the last: all others) of the stations of stable towns."""
    with (FOLDER / "towns_stable.csv").open(encoding="utf-8", newline="") as file:
        towns = {row["insee"] for row in csv.DictReader(file)}
    found = {}
    with gzip.open(FOLDER / f"{name}_bureaux.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["insee"] in towns:
                votes = [sum(int(row[one]) for one in family) for family in families]
                votes.append(int(row["exprimes"]) - sum(votes))
                found[row["insee"], row["bureau"]] = (int(row["inscrits"]), int(row["votants"]), tuple(votes))
    return found


def stations(pair: tuple[str, Families, str, Families]) -> Iterator[tuple[Station, np.ndarray]]:
    before, now = polled(pair[0], pair[1]), polled(pair[2], pair[3])
    for code, (registered, _voters, votes) in now.items():
        if sum(votes) >= 100 and code in before and sum(before[code][2]):
            yield Station(registered, Former(*before[code])), np.array(votes)


def asked_of_bag(votes: np.ndarray, station: Station) -> bool:
    bag = Counted(1, Ballots(tuple(map(int, votes)), 0, 0))
    return Check.LIKE_LAST_TIME in {one.check for one in findings(Count(len(votes)), bag, station)}


def asked_at_the_end(votes: np.ndarray, station: Station) -> bool:
    content = Ballots(tuple(map(int, votes)), 0, 0)
    count = Count(len(votes), box=Box(content.ballots, content.ballots), bags=(Bag(1, content),), state=State.COUNTING)
    return Check.LIKE_LAST_TIME in {one.check for one in findings(count, Plain(Verb.FINISH), station)}


def swapped(votes: np.ndarray, one: int, other: int) -> np.ndarray:
    found = votes.copy()
    found[[one, other]] = found[[other, one]]
    return found


@pytest.mark.parametrize(
    ("pair", "right", "exchanged"),
    [
        (EUROPEANS, {"stations": 5189, "bag": 11, "dispersed": 52, "end": 101}, {"swaps": 826, "bag": 530, "end": 803}),
        (
            OF_2017,
            {"stations": 5192, "bag": 44, "dispersed": 69, "end": 175},
            {"swaps": 3788, "bag": 2767, "end": 3722},
        ),
    ],
    ids=["europeans", "2017"],
)
def test_few_real_stations_are_asked_about_and_most_lines_exchanged_in_every_bag_are(pair, right, exchanged):
    rng = np.random.default_rng(20261126)
    well, wrong = dict.fromkeys(right, 0), dict.fromkeys(exchanged, 0)
    for station, votes in stations(pair):
        bag = rng.multivariate_hypergeometric(votes, 100)
        dispersed = rng.multinomial(100, rng.dirichlet(DISPERSION * votes / votes.sum() + 1e-9))
        well["stations"] += 1
        well["bag"] += asked_of_bag(bag, station)
        well["dispersed"] += asked_of_bag(dispersed, station)
        well["end"] += asked_at_the_end(votes, station)
        for one, other in combinations(range(len(votes)), 2):
            if abs(votes[one] - votes[other]) > 0.4 * votes.sum():
                wrong["swaps"] += 1
                wrong["bag"] += asked_of_bag(swapped(dispersed, one, other), station)
                wrong["end"] += asked_at_the_end(swapped(votes, one, other), station)

    assert (well, wrong) == (right, exchanged)
