"""A night's results as others read them: the ministry's columns and the prefecture's lines (test_nist.py: NIST's)."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arobase.elections.actions.preparing import prepare
from arobase.elections.models import Election
from arobase.elections.rules.plans import Plan, PlannedChoice, PlannedStation
from arobase.elections.rules.states import Verb
from builders import an_account
from elections.exporting import a_night, read
from elections.nights import a_rehearsal, send
from people import Person

pytestmark = pytest.mark.django_db


def test_the_ministrys_columns_hold_complete_stations_with_its_percentages():
    rows = list(csv.DictReader(io.StringIO(read("election_ministry", a_night())), delimiter=";"))

    assert [row["Code BV"] for row in rows] == ["0001", "0002"]
    first = rows[0]
    assert (first["Inscrits"], first["Votants"], first["% Votants"]) == ("500", "192", "38,40%")
    assert (first["Exprimés"], first["Blancs"], first["Nuls"]) == ("188", "2", "2")
    assert (first["Libellé de liste 2"], first["Voix 2"], first["% Voix/exprimés 2"]) == (
        "Pour Le Havre",
        "70",
        "37,23%",
    )


# Station 0005 of Toulouse on 15 March 2026, as Toulouse Métropole published it (open data, Licence Ouverte 2.0).
TOULOUSE_5 = (
    "5;MN;2026;1;31;555;0005;I;957;401;556;556;4;2;550;10;"
    "003;121;009;0;001;1;010;3;005;185;008;13;011;3;007;9;004;208;002;7"
)


def toulouse() -> Election:
    panels = {"3": 121, "9": 0, "1": 1, "10": 3, "5": 185, "8": 13, "11": 3, "7": 9, "4": 208, "2": 7}
    plan = Plan(
        code="31555",
        place="Toulouse",
        kind="municipal",
        day=date(2026, 3, 15),
        origin="Toulouse Métropole",
        choices=[PlannedChoice(f"Liste {number}", number=number) for number in panels],
        stations=[PlannedStation(f"{number:04}", 957) for number in range(1, 7)],
    )
    election = prepare(plan, by=None, at=timezone.now())
    box = {"signatures": 556, "envelopes": 556}
    send(election, "0005", Verb.TOTALS, {"votes": list(panels.values()), "blank": 4, "null": 2, **box})
    return election


def officer(election: Election) -> Client:
    client = Client()
    client.force_login(an_account(Person(f"agent-{election.pk}@exemple.fr", "Agent", "agent", election.territory_id)))
    return client


def test_the_prefectures_file_has_the_form_that_toulouse_published():
    election = toulouse()

    answer = officer(election).get(reverse("election_prefecture", kwargs={"number": election.pk}))

    assert answer.content.decode().splitlines() == [TOULOUSE_5]
    assert answer["Content-Disposition"] == 'attachment; filename="repetition-prefecture-31555-2026-03-15-tour-1.csv"'


def test_the_prefectures_file_is_the_town_officers_alone_and_of_municipal_elections_alone():
    for election, answers, is_offered in ((toulouse(), 200, True), (a_rehearsal(kind="european"), 404, False)):
        address = reverse("election_prefecture", kwargs={"number": election.pk})
        client = officer(election)
        desk = client.get(reverse("election_desk", kwargs={"number": election.pk})).content.decode()

        assert Client().get(address).status_code == 302
        assert client.get(address).status_code == answers
        assert (address in desk) is is_offered
