"""A night's results as others read them: the ministry's columns, and NIST SP 1500-100."""

import csv
import io
import json
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from elections.nights import a_rehearsal, count_all

pytestmark = pytest.mark.django_db
# Required fields of each type that the report uses (JSON schema of NIST SP 1500-100, version 2).
REQUIRED = {
    "ElectionReport": {
        "Format", "GeneratedDate", "Issuer", "IssuerAbbreviation", "SequenceEnd", "SequenceStart", "Status",
        "VendorApplicationId",
    },
    "Election": {"ElectionScopeId", "EndDate", "Name", "StartDate", "Type"},
    "ReportingUnit": {"Type", "@id"},
    "Party": {"Name", "@id"},
    "PartyContest": {"ElectoralDistrictId", "Name", "@id"},
    "PartySelection": {"PartyIds", "@id"},
    "VoteCounts": {"Count", "Type"},
    "SummaryCounts": {"Type"},
    "CountStatus": {"Status", "Type"},
    "InternationalizedText": {"Text"},
    "LanguageString": {"Content", "Language"},
    "ExternalIdentifier": {"Type", "Value"},
}  # fmt: skip


def a_night():
    election = a_rehearsal(stations=3)
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


def test_the_report_has_what_its_schema_requires_and_names_only_what_is_in_it():
    report = json.loads(read("election_nist", a_night()))
    objects = [one for one in everything(report) if "@type" in one]
    ids = {one["@id"] for one in objects if "@id" in one}
    named = {
        value
        for one in objects
        for name, given in one.items()
        if name.endswith(("Id", "Ids")) and name not in {"@id", "VendorApplicationId"}
        for value in (given if isinstance(given, list) else [given])
    }

    lacking = [
        (kind, sorted(REQUIRED[kind] - set(one)))
        for one in objects
        if REQUIRED[kind := one["@type"].removeprefix("ElectionResults.")] - set(one)
    ]
    assert lacking == []
    assert named <= ids
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
