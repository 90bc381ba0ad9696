"""Nights to replay in the demonstration: real towns whose files the mirror has, else an invented one, marked so."""

import csv
import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arobase.elections.rules.plans import FormerResult, Plan, PlannedChoice, PlannedStation, Replayed
from arobase.elections.sources.ministry_forms import BESIDE_LISTS

Row = Mapping[str, str]
EUROPEAN_2019, PRESIDENTIAL_2017 = "2019-europeennes_bureaux.csv.gz", "2017-presidentielle-1_bureaux.csv.gz"
TOULOUSE_ROUNDS = ("toulouse_municipales_2026_t1_bureaux.csv.gz", "toulouse_municipales_2026_t2_bureaux.csv.gz")
TOULOUSE_OUTLINES = "toulouse_bureaux_contours.geojson"


def nights(mirror: Path | None, *, day: date) -> Sequence[Plan]:
    """The nights of the demonstration, as if they were today: each whose files are all there."""
    folder = mirror / "elections" if mirror else None
    real = {
        _narbonne: (EUROPEAN_2019, PRESIDENTIAL_2017),
        _toulouse: (*TOULOUSE_ROUNDS, TOULOUSE_OUTLINES),
    }
    found = [
        made(folder, day=day)
        for made, files in real.items()
        if folder and all((folder / name).exists() for name in files)
    ]
    return found or [_invented(day=day)]


def _narbonne(folder: Path, *, day: date) -> Plan:
    rows = list(_rows(folder / EUROPEAN_2019, commune="11262"))
    before = {row["bureau"]: row for row in _rows(folder / PRESIDENTIAL_2017, commune="11262")}
    poll = gettext_noop("premier tour de la présidentielle, 23 avril 2017")
    return Plan(
        code="11262",
        place="Narbonne",
        kind="european",
        day=day,
        choices=[PlannedChoice(name) for name in _lists(rows[0])],
        stations=[_station(row, former=_former(before.get(row["bureau"]), poll)) for row in rows],
        origin=gettext_noop(
            "Européennes du 26 mai 2019 à Narbonne (ministère de l’Intérieur), enveloppes tirées au sort"
        ),
    )


def _toulouse(folder: Path, *, day: date) -> Plan:
    before, now = TOULOUSE_ROUNDS
    rows = list(_rows(folder / now, commune="31555"))
    first = {row["bureau"]: row for row in _rows(folder / before, commune="31555")}
    outlines = json.loads((folder / TOULOUSE_OUTLINES).read_text(encoding="utf-8"))
    drawn = {one["properties"]["bureau"]: one for one in outlines["features"]}
    poll = gettext_noop("premier tour, 15 mars 2026")
    return Plan(
        code="31555",
        place="Toulouse",
        kind="municipal",
        day=day,
        round=2,
        seats=69,
        choices=[PlannedChoice(_panel(name), number=_number(name)) for name in _lists(rows[0])],
        stations=[
            _station(row, former=_former(first.get(row["bureau"]), poll, _panel), outline=drawn.get(row["bureau"]))
            for row in rows
        ],
        origin=gettext_noop(
            "Second tour des municipales à Toulouse, 22 mars 2026 (Toulouse Métropole), enveloppes tirées au sort"
        ),
    )


def _number(column: str) -> str:
    return column.removeprefix("L").lstrip("0")


def _panel(column: str) -> str:
    return _("Liste du panneau %s") % _number(column)


def _rows(path: Path, *, commune: str) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file) if row["insee"] == commune)


def _lists(row: Row) -> Sequence[str]:
    return [name for name in row if name not in BESIDE_LISTS]


def _station(
    row: Row, *, former: FormerResult | None = None, outline: Mapping[str, Any] | None = None
) -> PlannedStation:
    place = outline["properties"] if outline else {}
    return PlannedStation(
        code=row["bureau"],
        registered=int(row["inscrits"]),
        name=place.get("nom", ""),
        address=place.get("adresse", ""),
        opens=time(8),
        closes=time(20),
        outline=outline["geometry"] if outline else None,
        former=former,
        replayed=Replayed(
            signatures=int(row.get("emargements") or row["votants"]),
            votes=tuple(int(row[name]) for name in _lists(row)),
            blank=int(row["blancs"]),
            null=int(row["nuls"]),
        ),
    )


def _former(row: Row | None, poll: str, named: Callable[[str], str] = str) -> FormerResult | None:
    if row is None:
        return None
    votes = {named(name): int(row[name]) for name in _lists(row)}
    return FormerResult(poll, int(row["inscrits"]), int(row["votants"]), votes)


def _invented(*, day: date) -> Plan:
    """A town that does not exist: twelve stations, four lists, a former poll; drawn once, the same every time."""
    rng = np.random.default_rng(1998)
    stations = [_invented_station(number, rng) for number in range(1, 13)]
    names = ("Vivre ici", "Ensemble pour demain", "Une ville solidaire", "Agir autrement")
    return Plan(
        code="00000",
        place=_("Valmont-le-Pont (ville inventée)"),
        kind="municipal",
        day=day,
        seats=33,
        choices=[PlannedChoice(name, number=str(place)) for place, name in enumerate(names, start=1)],
        stations=stations,
        origin=gettext_noop("Ville et résultats inventés"),
    )


def _invented_station(number: int, rng: np.random.Generator) -> PlannedStation:
    registered = int(rng.integers(550, 1150))
    leaning = rng.normal(0, 0.25, 4)
    shares = np.exp(np.log([0.38, 0.31, 0.2, 0.11]) + leaning)
    voters = int(registered * rng.uniform(0.5, 0.62))
    *votes, blank, null = rng.multinomial(voters, [*(shares / shares.sum() * 0.97), 0.018, 0.012])
    before = np.exp(np.log([0.35, 0.4, 0.25]) + leaning[:3])
    earlier = rng.multinomial(int(registered * 0.55), before / before.sum())
    past = dict(zip(("Vivre ici", "Union pour Valmont", "Une ville solidaire"), map(int, earlier), strict=True))
    return PlannedStation(
        code=f"{number:04}",
        registered=registered,
        name=_("École %s (inventée)") % number,
        closes=time(20),
        former=FormerResult(_("municipale précédente, inventée"), registered, int(earlier.sum()), past),
        replayed=Replayed(voters, tuple(map(int, votes)), int(blank), int(null)),
    )
