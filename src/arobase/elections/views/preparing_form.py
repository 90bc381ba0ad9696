"""What an agent types and sends to prepare a night, read into a plan: everything wrong at once, nothing lost."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO, TypeVar, cast

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arobase.elections.queries.wording import wrong
from arobase.elections.rules.plans import FormerResult, Plan, PlannedChoice, PlannedStation, Problem, Wrong, problems
from arobase.elections.rules.preparing import joined, key_of
from arobase.elections.sources import stations as tables
from arobase.elections.sources.former import POLLS, NotThere, results_of
from arobase.elections.sources.ministry import Results, is_results, read_registered, read_results, written
from arobase.elections.sources.outlines import Outlines, read_outlines, written_outlines
from arobase.elections.sources.tables import Fault
from arobase.elections.views.preparing_facts import NOTHING, Filled, facts_of, hours_of, phone_of
from arobase.web.files import UnreadableFile, bounded, decoded

T = TypeVar("T")
MOST_FAULTS = 20  # named one by one; of more, how many
MOST_KEPT = 1_000_000  # characters of a file that the page carries along; above, it is to be chosen again
MOST_OUTLINES = 100 * 1024 * 1024  # bytes, decompressed: a department's file has 25 MB at most, that of France 650
# In the order of the page.
FIELDS = (
    *("code", "kind", "sector", "round", "day", "scope", "seats", "community_seats", "typists", "hours", "phone"),
    *("lists", "stations", "known", "former", "poll", "outlines"),
)
FIELD_OF = {
    Wrong.NO_CHOICE: "lists",
    Wrong.CHOICE_WITHOUT_NAME: "lists",
    Wrong.CHOICE_TWICE: "lists",
    Wrong.NUMBER_TWICE: "lists",
    Wrong.SHORT_TWICE: "lists",
    Wrong.TOO_FEW_CANDIDATES: "lists",
    Wrong.NO_SEATS: "seats",
    Wrong.NO_COMMUNITY_SEATS: "community_seats",
    Wrong.KIND_OF_PLM: "kind",
    Wrong.KIND_OF_OTHERS: "kind",
    Wrong.NO_SECTOR: "sector",
    Wrong.SECTOR_OF_ANOTHER_KIND: "sector",
    Wrong.ALWAYS_GENERAL: "scope",
    Wrong.DAY_IS_GENERAL: "scope",
    Wrong.PARTIAL_TOO_LATE: "scope",
    Wrong.DAY_HAS_BEGUN: "day",
    Wrong.HOUR_IS_GIVEN: "hours",
}
# What figures are read by: it does not change once the first is entered.
FROZEN = ("code", "kind", "sector", "round", "day", "scope", "seats", "community_seats", "typists", "lists")
Files = MultiValueDict[str, UploadedFile]


def filled_of(plan: Plan) -> Filled:
    """The form of what was prepared."""
    former = {key_of(one.code): one.former for one in plan.stations if one.former}
    outlines = {key_of(one.code): one.outline for one in plan.stations if one.outline}
    values = {
        "code": plan.code,
        "kind": plan.kind,
        "sector": plan.sector,
        "round": str(plan.round),
        "day": plan.day.isoformat(),
        "scope": plan.scope,
        "seats": "" if plan.seats is None else str(plan.seats),
        "community_seats": "" if plan.community_seats is None else str(plan.community_seats),
        "typists": str(plan.typists),
        "hours": " ".join(plan.hours),
        "phone": plan.phone,
        "lists": tables.written_choices(plan.choices),
        "stations": tables.written_stations(plan.stations),
        "poll": next((one.poll for one in former.values()), ""),
        "kept_former": written(former, commune=plan.code) if former else "",
        "kept_outlines": written_outlines(outlines) if outlines else "",
    }
    return Filled({**NOTHING, **values})


def read_form(sent: Mapping[str, str], files: Files, *, communes: Mapping[str, str]) -> Filled:
    """The plan, or everything that is wrong; `communes` are those one may prepare for, with their names."""
    filled = Filled({name: sent.get(name, plain).replace("\0", "") for name, plain in NOTHING.items()})
    for name in ("former", "outlines"):
        if f"drop_{name}" in sent:
            filled.values[f"kept_{name}"] = filled.values["faulty"] = ""
    facts = facts_of(filled, communes)
    choices = _choices(filled)
    stations = _stations(filled, files)
    former = _former(filled, files)
    outlines = _outlines(filled, files)
    names = [one.name for one in choices]
    plan = Plan(**facts, choices=choices, stations=joined(stations, names=names, former=former, outlines=outlines))
    say_problems(filled, problems(plan))
    own = {key_of(one.code) for one in stations}
    filled.unmatched = sorted({*former, *outlines} - own)
    filled.plan = None if filled.problems else plan
    return filled


def read_mending(sent: Mapping[str, str], files: Files, *, kept: Plan) -> Filled:
    """The plan of a night that has begun, with what may still change of it; what may not is named."""
    before = filled_of(kept).values
    filled = Filled({**before, **{name: sent[name].replace("\0", "") for name in NOTHING if name in sent}})
    if any(filled.values[name].split() != before[name].split() for name in FROZEN):
        filled.say("lists", _("Des chiffres sont déjà saisis : scrutin, jour, sièges et listes ne changent plus."))
    stations = _stations(filled, files)
    hours, phone = hours_of(filled), phone_of(filled)
    filled.plan = None if filled.problems else replace(kept, hours=hours, phone=phone, stations=stations)
    return filled


def say_problems(filled: Filled, found: Sequence[Problem]) -> None:
    """What the rules say of the plan as a whole, unless its field has lines that explain it already."""
    already = set(filled.by_field)
    for one in found:
        if (name := FIELD_OF.get(one.wrong, "stations")) not in already:
            filled.say(name, wrong(one))
    filled.problems.sort(key=lambda one: FIELDS.index(one[0]))


def _choices(filled: Filled) -> Sequence[PlannedChoice]:
    read = tables.read_choices(filled.values["lists"])
    _say_faults(filled, "lists", read.faults)
    return read.choices


def _stations(filled: Filled, files: Files) -> Sequence[PlannedStation]:
    """The file where there is one, else what is typed; a file that was read becomes what is typed."""
    if file := files.get("stations_file"):
        _tried(filled, "stations", lambda: _typed_by_file(filled, cast(Any, file)))
    read = _tried(filled, "stations", lambda: tables.read_stations(filled.values["stations"]))
    if read is None:
        return []
    _say_faults(filled, "stations", read.faults)
    return read.stations


def _typed_by_file(filled: Filled, file: BinaryIO) -> None:
    """Put a file in the place of the table: one of stations as it is, of one of results codes and registered."""
    if not is_results(file):
        filled.values["stations"] = decoded(bounded(file))[0]
        return
    registered, faults = read_registered(file, commune=filled.values["code"])
    _say_faults(filled, "stations", faults)
    filled.values["stations"] = tables.written_stations([PlannedStation(*one) for one in registered.items()])


def _former(filled: Filled, files: Files) -> Mapping[str, FormerResult]:
    file, kept = files.get("former_file"), filled.values["kept_former"]
    known = "" if file else filled.values["known"]
    if not file and not kept and not known:
        return {}
    poll = POLLS.get(known) or filled.values["poll"].strip()
    if not poll:
        filled.say("poll", _("Dites de quel scrutin sont ces résultats : « municipales, 15 mars 2020 »."))
    read = _tried(filled, "known" if known else "former", lambda: _results(filled, file, known, poll[:200]))
    if read is None:
        return {}
    if known:
        filled.values |= {"known": "", "poll": poll}  # read once: from here on it is carried along
    _settle(filled, read, is_new=file is not None or bool(known))
    return read.stations


def _results(filled: Filled, file: UploadedFile | None, known: str, poll: str) -> Results:
    """The results of the file sent, of the poll chosen, else those carried along. Raises UnreadableFile."""
    commune = filled.values["code"]
    if known:
        try:
            return results_of(known, commune=commune)
        except NotThere as error:
            raise UnreadableFile(gettext_noop("Ce site ne connaît plus ce scrutin : choisissez un fichier.")) from error
    stream: BinaryIO = cast(Any, file) if file else io.BytesIO(filled.values["kept_former"].encode())
    return read_results(stream, commune=commune, poll=poll)


def _settle(filled: Filled, read: Results, *, is_new: bool) -> None:
    """Name the bad lines of a file until someone says to go on without them; the good ones are carried along."""
    values = filled.values
    kept = written(read.stations, commune=values["code"]) if read.stations else ""
    values["kept_former"] = kept if len(kept) <= MOST_KEPT else ""
    if is_new:
        values["faulty"] = "1" if read.faults else ""
    if values["faulty"] and not values["skip"]:
        _say_faults(filled, "former", read.faults)
        filled.say("former", _("Corrigez ces lignes et choisissez de nouveau le fichier, ou continuez sans elles."))


def _outlines(filled: Filled, files: Files) -> Outlines:
    file, kept = files.get("outlines_file"), filled.values["kept_outlines"]
    if not file and not kept:
        return {}
    stream: BinaryIO = cast(Any, file) if file else io.BytesIO(kept.encode())
    commune = filled.values["code"]
    found = _tried(filled, "outlines", lambda: read_outlines(stream, commune=commune, most=MOST_OUTLINES))
    again = written_outlines(found) if found else ""
    filled.values["kept_outlines"] = again if len(again) <= MOST_KEPT else ""
    return found or {}


def _tried(filled: Filled, name: str, read: Callable[[], T]) -> T | None:
    try:
        return read()
    except UnreadableFile as error:
        filled.say(name, _(error.text) % error.facts)
        return None


def _say_faults(filled: Filled, name: str, faults: Sequence[Fault]) -> None:
    for one in faults[:MOST_FAULTS]:
        filled.say(name, _("Ligne %(line)s : %(text)s") % {"line": one.line, "text": one.text})
    if len(faults) > MOST_FAULTS:
        filled.say(name, _("Autres lignes fausses : %s.") % (len(faults) - MOST_FAULTS))
