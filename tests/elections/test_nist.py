"""The report of NIST SP 1500-100: what its JSON schema requires, written down by hand, and what it says in words."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from arobase.elections.models import Kind
from elections.exporting import a_night, read

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
# What fields hold; a name is text in a language for these, a plain string for units and contests.
INTEGERS = (
    "SequenceStart SequenceEnd SequenceOrder TotalSubUnits SubUnitsReported VotersRegistered VotersParticipated "
    "BallotsCast BallotsRejected Undervotes VotesAllowed Count"
)
TEXTS = {("Election", "Name"), ("Party", "Name"), ("Candidate", "BallotName"), ("BallotMeasureSelection", "Selection")}
NEVER_EMPTY = "Text PartyIds CandidateIds"
CONTESTS = {
    **dict.fromkeys(Kind, "Party"),
    **dict.fromkeys([Kind.DEPARTMENTAL, Kind.LEGISLATIVE, Kind.PRESIDENTIAL], "Candidate"),
    **dict.fromkeys([Kind.REFERENDUM, Kind.CONSULTATION], "BallotMeasure"),
}


def everything(node) -> Iterator[dict]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for one in node if isinstance(node, list) else []:
        yield from everything(one)


def objects_of(report) -> list[tuple[str, dict]]:
    return [(one["@type"].removeprefix("ElectionResults."), one) for one in everything(report)]


def is_of_its_type(of: str, name: str, value: object) -> bool:
    """Whether a field holds what the schema says it does."""
    if name in INTEGERS.split():
        return type(value) is int and value >= 0
    if name == "IsTest":
        return type(value) is bool
    if (of, name) in TEXTS:
        return isinstance(value, dict) and value["@type"] == "ElectionResults.InternationalizedText"
    if isinstance(value, list):
        return bool(value) or name not in NEVER_EMPTY.split()
    return isinstance(value, str) and bool(value)


@pytest.mark.parametrize("kind", Kind.values)
def test_the_report_has_what_its_schema_requires_each_field_of_its_type(kind):
    for name, one in objects_of(json.loads(read("election_nist", a_night(kind=kind)))):
        required, allowed = (set(fields.split()) for fields in FIELDS[name])
        assert required <= set(one) <= required | allowed | {"@type"}, name
        assert all(is_of_its_type(name, field, value) for field, value in one.items()), one
        assert all(one[field] in words.split() for (of, field), words in WORDS.items() if of == name and field in one)


@pytest.mark.parametrize("kind", Kind.values)
def test_the_report_names_only_what_is_in_it(kind):
    report = json.loads(read("election_nist", a_night(kind=kind)))
    objects = objects_of(report)
    ids = [one["@id"] for _, one in objects if "@id" in one]
    named = {
        value
        for _, one in objects
        for name, given in one.items()
        if name.endswith(("Id", "Ids")) and name not in {"@id", "VendorApplicationId"}
        for value in (given if isinstance(given, list) else [given])
    }

    assert named <= set(ids)
    assert len(ids) == len(set(ids))
    contest = CONTESTS[Kind(kind)]
    assert {name for name, _ in objects if name.endswith("Contest")} == {f"{contest}Contest"}
    assert len([name for name, _ in objects if name == f"{contest}Selection"]) == 3
    assert (report["Status"], report["IsTest"]) == ("unofficial-partial", True)


def test_days_moments_and_colours_are_written_as_the_schema_has_them():
    report = json.loads(read("election_nist", a_night()))
    [election] = report["Election"]

    assert datetime.fromisoformat(report["GeneratedDate"]).utcoffset() is not None
    assert date.fromisoformat(election["StartDate"]) == date.fromisoformat(election["EndDate"])
    assert all(re.fullmatch("[0-9a-f]{6}", one["Color"]) for one in report["Party"])


@pytest.mark.parametrize(
    ("facts", "name", "contest"),
    [
        (
            {"kind": "municipal_plm", "place": "Lyon"},
            "Élection municipale à Paris, Lyon ou Marseille, Lyon, premier tour, 15 mars 2026",
            "Élection municipale à Paris, Lyon ou Marseille",
        ),
        ({"round": 2}, "Élection municipale, Le Havre, second tour, 15 mars 2026", "Élection municipale"),
        ({"kind": "european"}, "Élection européenne, Le Havre, 15 mars 2026", "Élection européenne"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_election_is_named_in_french_words_whoever_asks(facts, name, contest, language):
    report = json.loads(read("election_nist", a_night(**facts), **{"accept-language": language}))
    [election] = report["Election"]

    [said] = election["Name"]["Text"]
    assert (said["Language"], said["Content"]) == ("fr", name)
    assert election["Contest"][0]["Name"] == contest


def test_the_report_counts_as_the_stations_do():
    report = json.loads(read("election_nist", a_night()))
    contest = report["Election"][0]["Contest"][0]

    counts = [[one["Count"] for one in selection["VoteCounts"]] for selection in contest["BallotSelection"]]
    assert counts == [[90, 20, 0], [70, 60, 0], [28, 18, 0]]
    assert (contest["SubUnitsReported"], contest["TotalSubUnits"]) == (2, 3)
