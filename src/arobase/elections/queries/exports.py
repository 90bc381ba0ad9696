"""A night as others read it: NIST SP 1500-100 (version 2, JSON), the ministry's wide CSV, the prefecture's lines."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from arobase.elections.models import Kind
from arobase.elections.queries.results import Line, Night, StationResult
from arobase.elections.rules.columns import ANSWER, GROUPS, HEAD, NAME, PAIR, PANEL, PERSON, SHORT_NAME, VOTES
from arobase.elections.rules.palette import HUES, look
from arobase.elections.rules.persons import parts_of

PREFIX = "ElectionResults."
# The other kinds have canton and constituency before the `I` (Toulouse 2015 to 2022, by the columns of its open data):
# how wide their codes are written no file has shown, and a night does not hold them.
PREFECTURE = {Kind.MUNICIPAL: "MN"}
FRENCH, PANEL_DIGITS = "I", 3
TOWN, CONTEST = "commune", "contest"
MEASURES = {Kind.REFERENDUM, Kind.CONSULTATION}  # the others but these and PERSONS are between lists
SINGLE = {Kind.LEGISLATIVE, Kind.PRESIDENTIAL}
PERSONS = {Kind.DEPARTMENTAL, *SINGLE}


def nist(night: Night, *, generated: str, issuer: str) -> Mapping[str, Any]:
    """The report of NIST SP 1500-100r2 (doi.org/10.6028/NIST.SP.1500-100r2), one contest, one unit a station.

    generated   date and time of the report (ISO 8601)
    issuer      who publishes it
    """
    election = night.election
    return {
        "@type": f"{PREFIX}ElectionReport",
        "Format": "precinct-level",
        "GeneratedDate": generated,
        "Issuer": issuer,
        "IssuerAbbreviation": election.code,
        "IsTest": election.is_rehearsal,
        "SequenceStart": 1,
        "SequenceEnd": 1,
        "Status": "unofficial-complete" if night.is_final else "unofficial-partial",
        "VendorApplicationId": "Arobase",
        **({"Notes": election.origin} if election.origin else {}),
        "GpUnit": [_town(night), *(_unit(one) for one in night.stations)],
        **({} if Kind(election.kind) in MEASURES | PERSONS else {"Party": [_party(line) for line in night.lines]}),
        "Election": [_election(night)],
    }


def _election(night: Night) -> Mapping[str, Any]:
    election, day = night.election, night.election.day.isoformat()
    return {
        "@type": f"{PREFIX}Election",
        "Name": _text(_in_words(night)),
        "Type": "runoff" if election.round > 1 else "general" if election.scope == "general" else "special",
        "StartDate": day,
        "EndDate": day,
        "ElectionScopeId": TOWN,
        **({"Candidate": [_candidate(line) for line in night.lines]} if election.kind in PERSONS else {}),
        "Contest": [_contest(night)],
    }


def _in_words(night: Night) -> str:
    """« Élection municipale, Le Havre, second tour, 22 mars 2026 »: in French, whoever asks."""
    election = night.election
    with override("fr"):
        rounds = {1: _("premier tour"), 2: _("second tour")} if election.has_rounds else {}
        told = (_kind_of(night), election.place, rounds.get(election.round), date_format(election.day, "DATE_FORMAT"))
        return ", ".join(part for part in told if part)


def _kind_of(night: Night) -> str:
    with override("fr"):
        name = str(night.election.get_kind_display())
    return name[0].upper() + name[1:]


def _contest(night: Night) -> Mapping[str, Any]:
    """Between lists, between persons (a pair of a department's council is one), or of answers to a question."""
    election, lines = night.election, night.lines
    asked: Mapping[str, Any]
    if election.kind in MEASURES:
        asked = {"@type": f"{PREFIX}BallotMeasureContest", "Type": "referendum"}
        choices = [_selection(line, night, "BallotMeasure", {"Selection": _text(line.choice.name)}) for line in lines]
    elif election.kind in PERSONS:
        asked = {"@type": f"{PREFIX}CandidateContest", "VotesAllowed": 1}
        choices = [_selection(line, night, "Candidate", {"CandidateIds": [_key("candidate", line)]}) for line in lines]
    else:
        asked = {"@type": f"{PREFIX}PartyContest"}
        choices = [_selection(line, night, "Party", {"PartyIds": [_key("party", line)]}) for line in lines]
    return {
        **asked,
        "@id": CONTEST,
        "Name": _kind_of(night),
        "ElectoralDistrictId": TOWN,
        "TotalSubUnits": len(night.stations),
        "SubUnitsReported": len(night.final),
        "SummaryCounts": [_summary(one) for one in night.stations],
        "BallotSelection": choices,
    }


def _town(night: Night) -> Mapping[str, Any]:
    return {
        "@type": f"{PREFIX}ReportingUnit",
        "@id": TOWN,
        "Type": "municipality",
        "Name": night.election.place,
        "ExternalIdentifier": [
            {
                "@type": f"{PREFIX}ExternalIdentifier",
                "Type": "other",
                "OtherType": "code-insee",
                "Value": night.election.code,
            }
        ],
        "ComposingGpUnitIds": [_id(one) for one in night.stations],
        "TotalSubUnits": len(night.stations),
        "SubUnitsReported": len(night.final),
    }


def _unit(one: StationResult) -> Mapping[str, Any]:
    opened = one.count.opened
    status = "completed" if one.count.is_final else "in-process" if one.is_begun else "not-processed"
    return {
        "@type": f"{PREFIX}ReportingUnit",
        "@id": _id(one),
        "Type": "precinct",
        "Name": str(one.station),
        "VotersRegistered": one.station.registered,
        **({"VotersParticipated": opened.envelopes} if opened else {}),
        "CountStatus": [{"@type": f"{PREFIX}CountStatus", "Type": "total", "Status": status}],
    }


def _party(line: Line) -> Mapping[str, Any]:
    return {
        "@type": f"{PREFIX}Party",
        "@id": _key("party", line),
        "Name": _text(line.choice.name),
        "Abbreviation": line.choice.short,
        "Color": HUES[look(line.choice.place)[0]].removeprefix("#"),
    }


def _candidate(line: Line) -> Mapping[str, Any]:
    return {
        "@type": f"{PREFIX}Candidate",
        "@id": _key("candidate", line),
        "BallotName": _text(line.choice.name),
    }


def _selection(line: Line, night: Night, kind: str, chosen: Mapping[str, Any]) -> Mapping[str, Any]:
    place = line.choice.place
    return {
        "@type": f"{PREFIX}{kind}Selection",
        "@id": _key("selection", line),
        **chosen,
        "SequenceOrder": place + 1,
        "VoteCounts": [
            {
                "@type": f"{PREFIX}VoteCounts",
                "Type": "total",
                "GpUnitId": _id(one),
                "Count": one.ballots.votes[place],
            }
            for one in night.stations
        ],
    }


def _summary(one: StationResult) -> Mapping[str, Any]:
    """Blank ballots are undervotes there, null ones are rejected: the nearest that the format has."""
    return {
        "@type": f"{PREFIX}SummaryCounts",
        "Type": "total",
        "GpUnitId": _id(one),
        "BallotsCast": one.ballots.ballots,
        "BallotsRejected": one.ballots.null,
        "Undervotes": one.ballots.blank,
    }


def _id(one: StationResult) -> str:
    return f"bureau-{one.station.code}"


def _key(what: str, line: Line) -> str:
    return f"{what}-{line.choice.place}"


def _text(content: str) -> Mapping[str, Any]:
    string = {"@type": f"{PREFIX}LanguageString", "Language": "fr", "Content": content}
    return {"@type": f"{PREFIX}InternationalizedText", "Text": [string]}


def ministry(night: Night, *, department: tuple[str, str]) -> Iterator[Sequence[str]]:
    """Rows of the ministry's file by station in its form since 2024, header first; stations that are complete only.

    department   code and name
    """
    group = GROUPS[night.election.kind]
    yield [*HEAD, *(f"{name} {place + 1}" for place in range(len(night.choices)) for name in group)]
    for one in night.final:
        lines = [_told(line, one, night) for line in night.lines]
        yield [*_figures(one, night, department), *(told.get(name, "") for told in lines for name in group)]


def _figures(one: StationResult, night: Night, department: tuple[str, str]) -> Iterator[str]:
    registered, voters, ballots = one.station.registered, one.ballots.ballots, one.ballots
    yield from (*department, night.election.code, night.election.place, one.station.code)
    yield str(registered)
    yield from (str(voters), _percent(voters, registered))
    yield from (str(registered - voters), _percent(registered - voters, registered))
    for part in (ballots.valid, ballots.blank, ballots.null):
        yield from (str(part), _percent(part, registered), _percent(part, voters))


def _told(line: Line, one: StationResult, night: Night) -> Mapping[str, str]:
    """What is known of a choice in a station, by the ministry's name for it; nuances and seats are the State's."""
    votes, choice = one.ballots.votes[line.choice.place], line.choice
    shares = (_percent(votes, whole) for whole in (one.station.registered, one.ballots.valid))
    return {
        PANEL: choice.number or str(choice.place + 1),
        SHORT_NAME: choice.short,
        **dict.fromkeys([NAME, PAIR, ANSWER], choice.name),
        **dict(zip(VOTES, [str(votes), *shares], strict=True)),
        **(_told_of_person(choice.name) if night.election.kind in SINGLE else {}),
    }


def _told_of_person(name: str) -> Mapping[str, str]:
    person = parts_of(name)
    return dict(zip(PERSON, [person.last, person.first, person.sex], strict=True))


def _percent(part: int, whole: int) -> str:
    """As the ministry writes it: two decimals, a comma, half up."""
    share = Decimal(100 * part) / whole if whole else Decimal(0)
    return f"{share.quantize(Decimal('0.01'), ROUND_HALF_UP)}".replace(".", ",") + "%"


def prefecture(night: Night, *, department: str) -> Iterator[Sequence[str]]:
    """The line of each signed or complete station that a town sends to its prefecture; no header.

    As in the file of Toulouse's 284 stations for 15 March 2026 (open data of Toulouse Métropole): sequence, type of
    election, year, round, department, commune within it, station, `I`, registered, abstentions, envelopes, signatures,
    blank, null, valid, number of lists, then each list's code and votes.

    department   code
    Raises       KeyError for a kind of election whose form is not known (`PREFECTURE`).
    """
    election = night.election
    kind, commune = PREFECTURE[Kind(election.kind)], election.code.removeprefix(department)
    for place, one in enumerate(night.stations, 1):
        if not one.count.is_final:
            continue
        voters, ballots, opened = one.ballots.ballots, one.ballots, one.count.opened
        where = (kind, str(election.day.year), str(election.round), department, commune, one.station.code, FRENCH)
        signatures = opened.signatures if opened else voters
        registered = one.station.registered
        counted = (registered, registered - voters, voters, signatures, ballots.blank, ballots.null, ballots.valid)
        votes = (cell for line in night.lines for cell in (_panel(line), str(one.ballots.votes[line.choice.place])))
        yield (str(place), *where, *map(str, counted), str(len(night.choices)), *votes)


def _panel(line: Line) -> str:
    return (line.choice.number or str(line.choice.place + 1)).zfill(PANEL_DIGITS)
