"""A night's results as others read them: the ministry's columns, the prefecture's lines, and NIST SP 1500-100."""

import csv
import io
import json
from collections.abc import Iterator
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
from elections.nights import a_rehearsal, count_all, send
from people import Person

pytestmark = pytest.mark.django_db
# Of each type that the report uses: the fields that must be there, and the others that may (JSON schema of NIST
# SP 1500-100, version 2, github.com/usnistgov/ElectionResultsReporting).
CONTEST = "SummaryCounts TotalSubUnits SubUnitsReported BallotSelection"
FIELDS = {
    "ElectionReport": (
        "Format GeneratedDate Issuer IssuerAbbreviation SequenceEnd SequenceStart Status VendorApplicationId",
        "Election GpUnit Party IsTest Notes",
    ),
    "Election": ("ElectionScopeId EndDate Name StartDate Type", "Candidate Contest"),
    "ReportingUnit": (
        "Type @id",
        "ComposingGpUnitIds CountStatus ExternalIdentifier Name SubUnitsReported TotalSubUnits "
        "VotersParticipated VotersRegistered",
    ),
    "Party": ("Name @id", "Abbreviation Color"),
    "Candidate": ("BallotName @id", ""),
    "PartyContest": ("ElectoralDistrictId Name @id", CONTEST),
    "CandidateContest": ("VotesAllowed ElectoralDistrictId Name @id", CONTEST),
    "BallotMeasureContest": ("ElectoralDistrictId Name @id", f"Type {CONTEST}"),
    "PartySelection": ("PartyIds @id", "SequenceOrder VoteCounts"),
    "CandidateSelection": ("CandidateIds @id", "SequenceOrder VoteCounts"),
    "BallotMeasureSelection": ("Selection @id", "SequenceOrder VoteCounts"),
    "VoteCounts": ("Count Type", "GpUnitId"),
    "SummaryCounts": ("Type", "BallotsCast BallotsRejected GpUnitId Undervotes"),
    "CountStatus": ("Status Type", ""),
    "InternationalizedText": ("Text", ""),
    "LanguageString": ("Content Language", ""),
    "ExternalIdentifier": ("Type Value", "OtherType"),
}
WORDS = {
    ("ElectionReport", "Format"): "precinct-level summary-contest",
    ("ElectionReport", "Status"): "certified correction pre-election recount unofficial-complete unofficial-partial",
    ("Election", "Type"): "general other primary runoff special",
    ("ReportingUnit", "Type"): "municipality precinct",
    ("BallotMeasureContest", "Type"): "ballot-measure initiative other referendum",
    ("VoteCounts", "Type"): "election-day other total",
    ("SummaryCounts", "Type"): "election-day other total",
    ("CountStatus", "Type"): "election-day other total",
    ("CountStatus", "Status"): "completed in-process not-processed unknown",
    ("ExternalIdentifier", "Type"): "fips local-level national-level ocd-id other state-level",
}


def a_night(**facts):
    election = a_rehearsal(stations=3, **facts)
    count_all(election, "0001", bags=[(50, 30, 18), (40, 40, 10)], signatures=193)
    count_all(election, "0002", bags=[(20, 60, 18)])
    return election


def read(name: str, election) -> str:
    answer = Client().get(reverse(name, kwargs={"number": election.pk}))
    assert answer.status_code == 200
    return answer.getvalue().decode()


def everything(node) -> Iterator[dict]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for one in node if isinstance(node, list) else []:
        yield from everything(one)


@pytest.mark.parametrize(
    ("kind", "contest"),
    [("municipal", "Party"), ("european", "Party"), ("legislative", "Candidate"), ("departmental", "Candidate"),
     ("referendum", "BallotMeasure")],
)  # fmt: skip
def test_the_report_has_what_its_schema_requires_and_names_only_what_is_in_it(kind, contest):
    report = json.loads(read("election_nist", a_night(kind=kind)))
    objects = [(one["@type"].removeprefix("ElectionResults."), one) for one in everything(report) if "@type" in one]
    ids = [one["@id"] for _, one in objects if "@id" in one]
    named = {
        value
        for _, one in objects
        for name, given in one.items()
        if name.endswith(("Id", "Ids")) and name not in {"@id", "VendorApplicationId"}
        for value in (given if isinstance(given, list) else [given])
    }

    for name, one in objects:
        required, allowed = (set(fields.split()) for fields in FIELDS[name])
        assert required <= set(one) <= required | allowed | {"@type"}, name
        assert all(one[field] in words.split() for (of, field), words in WORDS.items() if of == name and field in one)
    assert named <= set(ids)
    assert len(ids) == len(set(ids))
    assert {name for name, _ in objects if name.endswith("Contest")} == {f"{contest}Contest"}
    assert len([name for name, _ in objects if name == f"{contest}Selection"]) == 3
    assert (report["Status"], report["IsTest"]) == ("unofficial-partial", True)


def test_the_report_counts_as_the_stations_do():
    report = json.loads(read("election_nist", a_night()))
    contest = report["Election"][0]["Contest"][0]

    counts = [[one["Count"] for one in selection["VoteCounts"]] for selection in contest["BallotSelection"]]
    assert counts == [[90, 20, 0], [70, 60, 0], [28, 18, 0]]
    assert (contest["SubUnitsReported"], contest["TotalSubUnits"]) == (2, 3)


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
