"""The only real count by bags found (Cogolin, municipal 2026, two rounds) goes through the entry as it happened."""

import csv
from collections import defaultdict
from itertools import combinations

import pytest
from django.conf import settings

from arobase.elections.actions.preparing import prepare
from arobase.elections.models import Election, Station
from arobase.elections.queries.audit import broken
from arobase.elections.queries.results import night_of
from arobase.elections.rules.checks import FAR, Check, findings
from arobase.elections.rules.checks import Station as Known
from arobase.elections.rules.counts import Bag, Ballots, Count
from arobase.elections.rules.entry import Unsure
from arobase.elections.rules.events import Counted
from arobase.elections.rules.plans import Plan, PlannedChoice, PlannedStation
from arobase.elections.rules.states import State, Verb
from elections.nights import DAY, NIGHT, send

MIRROR = settings.DATA_MIRROR
FOLDER = MIRROR / "elections" if MIRROR else None
pytestmark = pytest.mark.skipif(
    FOLDER is None or not (FOLDER / "cogolin_municipales_2026_centaines.csv").exists(),
    reason="the count of Cogolin is in the mirror (AROBASE_DATA_MIRROR)",
)


def rows(name: str, turn: str) -> list[dict[str, str]]:
    with (FOLDER / f"cogolin_municipales_2026_{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["tour"] == turn]


def real_bags(turn: str) -> dict[str, list[Ballots]]:
    """Bags by station, in the order they were counted."""
    found = defaultdict(list)
    for row in rows("centaines", turn):
        votes = tuple(int(row[f"L{number}"]) for number in range(1, 8) if row[f"L{number}"])
        found[row["bureau"]].append(Ballots(votes, int(row["blancs"]), int(row["nuls"])))
    return found


def cogolin(turn: str) -> Election:
    lists = len(next(iter(real_bags(turn).values()))[0].votes)
    plan = Plan(
        code="83042",
        place="Cogolin",
        kind="municipal",
        day=DAY,
        round=int(turn),
        choices=[PlannedChoice(f"Liste {number + 1}") for number in range(lists)],
        stations=[PlannedStation(row["bureau"], int(row["inscrits"])) for row in rows("bureaux", turn)],
        hours=[row["heure"].replace("h", ":") for row in rows("participation", "1") if row["bureau"] == "1"],
        origin="Municipales 2026",
    )
    return prepare(plan, by=None, at=NIGHT)


@pytest.mark.django_db
@pytest.mark.parametrize("turn", ["1", "2"])
def test_the_night_of_cogolin_adds_up_as_it_did(turn):
    election = cogolin(turn)
    for row in rows("participation", turn):
        send(
            election,
            row["bureau"],
            Verb.TURNOUT,
            {"hour": row["heure"].replace("h", ":"), "voters": int(row["votants_cumules"])},
        )
    asked = 0
    for row in rows("bureaux", turn):
        box = {"signatures": int(row["emargements"]), "envelopes": int(row["votants"])}
        send(election, row["bureau"], Verb.BOX, box)
        for number, content in enumerate(real_bags(turn)[row["bureau"]], start=1):
            bag = {"number": number, "votes": list(content.votes), "blank": content.blank, "null": content.null}
            try:
                send(election, row["bureau"], Verb.BAG, bag, sure=False)
            except Unsure:
                asked += 1
                send(election, row["bureau"], Verb.BAG, bag, sure=True)
        send(election, row["bureau"], Verb.FINISH, {})
    night = night_of(Election.objects.get(pk=election.pk))

    assert {station.state for station in Station.objects.filter(election=election)} == {State.COUNTED.value}
    assert night.ballots.ballots == sum(int(row["votants"]) for row in rows("bureaux", turn))
    assert {one.station.code: one.ballots.ballots for one in night.stations} == {
        row["bureau"]: int(row["somme_centaines"]) for row in rows("bureaux", turn)
    }
    assert asked <= 6, "of 53 and 52 bags, those that do not hold a hundred, and one that is unlike the others"
    assert broken(Election.objects.get(pk=election.pk)) is None


def unlike(before: list[Ballots], bag: Ballots) -> bool:
    count = Count(len(bag.votes), bags=tuple(Bag(place, one) for place, one in enumerate(before)), state=State.COUNTING)
    found = findings(count, Counted(len(before) + 1, bag), Known(10_000))
    return any(one.check in {Check.LIKE_OWN_BAGS, Check.LINES_ARE_NOT_SWAPPED} for one in found)


def test_one_real_bag_in_eighty_one_is_asked_about_and_most_swaps_are():
    real = wrong = caught = asked = again = 0
    for turn in ("1", "2"):
        for bags in real_bags(turn).values():
            for place, bag in enumerate(bags[1:], start=1):
                real, asked = real + 1, asked + unlike(bags[:place], bag)
                again += bag in bags[:place]
                for one, other in combinations(range(len(bag.votes)), 2):
                    if abs(bag.votes[one] - bag.votes[other]) > 0.2 * bag.valid:
                        votes = list(bag.votes)
                        votes[one], votes[other] = votes[other], votes[one]
                        wrong += 1
                        caught += unlike(bags[:place], Ballots(tuple(votes), bag.blank, bag.null))

    assert FAR == 2.5
    assert (asked, real) == (1, 81)
    assert again == 0, "no real bag repeats another of its station"
    assert (caught, wrong) == (289, 342)
