"""Why an entry was not kept, as a sentence for whoever typed it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from arobase.elections.actions.entries import KeyTaken, NoSuchHour, NotAllowed, NotTheDay, NotYet
from arobase.elections.queries.wording import sentence, state_name
from arobase.elections.rules.counts import Ballots
from arobase.elections.rules.entry import (
    NOT_ENTERED,
    AlreadyCounted,
    AlreadyTyped,
    NoSuchBag,
    NothingToReplace,
    OneWayOnly,
    Refused,
    TooSoon,
    Unsure,
)
from arobase.elections.rules.events import Malformed
from arobase.elections.rules.states import NotNow, Verb

NOT_KEPT = (*NOT_ENTERED, KeyTaken, Malformed, NoSuchHour, NotAllowed, NotTheDay, NotYet)
CONFLICT, UNSURE, REFUSED, FORBIDDEN, LATE = "conflict", "unsure", "refused", "forbidden", "late"


@dataclass(frozen=True)
class Problem:
    """What is said of an entry that was not kept.

    kind      `unsure`: send it again with `sure`; `conflict`: something else is there; `refused`; `forbidden`;
              `late`: it can be left, for nothing of the count hangs on it
    lines     sentences
    field     the field to look at first (`votes.2`, `blank`, …), or empty
    entry     what is there: of a conflict, the bag or the totals; of what is asked about, what it `replaces`
    """

    kind: str
    lines: Sequence[str]
    field: str = ""
    entry: int | None = None


def problem_of(  # noqa: PLR0911 - one case an error
    error: Exception, names: Sequence[str], *, is_their_own: bool = False
) -> Problem:
    """The problem that an error of `actions.entries.record` tells; `is_their_own`: to whoever has that seat."""
    match error:
        case Unsure():
            return Problem(UNSURE, [sentence(one, names) for one in error.found], entry=_replaced(error))
        case Refused():
            return Problem(REFUSED, [sentence(one, names) for one in error.found])
        case Malformed():
            return Problem(REFUSED, [_malformed(error, names)], error.field)
        case AlreadyCounted():
            return _already(error, names)
        case AlreadyTyped():
            return _already_typed(error, names, is_shown=is_their_own or not error.is_blind)
        case NothingToReplace():
            said = _(
                "Ce que cette saisie devait remplacer n’est plus là : relisez la page. Si ces chiffres sont bien ceux"
                " de ce bureau, corrigez cette saisie et enregistrez-la de nouveau."
            )
            return Problem(CONFLICT, [said])
        case NotNow(verb=Verb.TURNOUT):
            return Problem(LATE, [_("Ce n’est plus possible : %s.") % state_name(error.state)])
        case NoSuchHour() | NotYet():
            return Problem(REFUSED, [_hour(error)])
        case NotAllowed():
            return Problem(FORBIDDEN, [_("Ce bureau n’est pas ouvert à cet appareil. Demandez un code à la mairie.")])
        case _:
            return Problem(REFUSED, [_other(error)])


def _malformed(error: Malformed, names: Sequence[str]) -> str:
    what = _field(error.field, names)
    match error.expected:
        case "text":
            return _("Dites en quelques mots pourquoi.")
        case "hour":
            return _("L’heure s’écrit comme 10:00.")
        case "count":
            return _("Il faut un nombre pour chaque liste, 0 compris.")
        case _:
            return _("%(what)s : il faut un nombre entier, 0 ou plus, sans signe ni virgule.") % {"what": what}


def _field(field: str, names: Sequence[str]) -> str:
    if field.startswith("votes."):
        return names[int(field.removeprefix("votes."))]
    known = {
        "blank": _("Bulletins blancs"),
        "null": _("Bulletins nuls"),
        "signatures": _("Émargements"),
        "envelopes": _("Enveloppes"),
        "voters": _("Votants"),
        "registered": _("Inscrits"),
        "valid": _("Suffrages exprimés"),
        "number": _("Numéro de la centaine"),
    }
    return known.get(field, field)


def _already(error: AlreadyCounted, names: Sequence[str]) -> Problem:
    said = _(
        "La centaine %(number)s est déjà saisie avec d’autres chiffres (%(figures)s, blancs %(blank)s, nuls %(null)s)."
        " Rien n’a été remplacé. Est-ce une autre centaine, ou faut-il corriger celle-ci ?"
    ) % {"number": error.number, **_figures(error.there.content, names)}
    return Problem(CONFLICT, [said], entry=error.there.entry)


def _figures(there: Ballots, names: Sequence[str]) -> dict[str, str | int]:
    figures = ", ".join(f"{name} {votes}" for name, votes in zip(names, there.votes, strict=True))
    return {"figures": figures, "blank": there.blank, "null": there.null}


def _already_typed(error: AlreadyTyped, names: Sequence[str], *, is_shown: bool) -> Problem:
    if not is_shown:
        said = _(
            "D’autres totaux de cette personne sont déjà là ; ils ne se montrent pas avant la seconde saisie. Rien n’a"
            " été remplacé. Pour les corriger, dites pourquoi."
        )
        return Problem(CONFLICT, [said], entry=error.entry)
    there = error.there
    said = _(
        "D’autres totaux sont déjà là : %(signatures)s émargements, %(envelopes)s enveloppes, %(figures)s, blancs"
        " %(blank)s, nuls %(null)s. Rien n’a été remplacé. Si ce sont eux qui sont faux, corrigez-les en disant"
        " pourquoi."
    ) % {"signatures": there.box.signatures, "envelopes": there.box.envelopes, **_figures(there.content, names)}
    return Problem(CONFLICT, [said], entry=error.entry)


def _replaced(error: Unsure) -> int | None:
    named = [one.facts["entry"] for one in error.found if "entry" in one.facts]
    return int(named[0]) if named else None


def _hour(error: NoSuchHour | NotYet) -> str:
    if isinstance(error, NoSuchHour) and not error.hours:
        return _("La participation n’est demandée à aucune heure.")
    if isinstance(error, NoSuchHour):
        hours = ", ".join(error.hours)
        return _("La participation se donne à %(hours)s, et à aucune autre heure.") % {"hours": hours}
    now = date_format(timezone.localtime(error.at), "H:i")
    return _("Il n’est pas encore %(hour)s, mais %(now)s à l’horloge du serveur.") % {"hour": error.hour, "now": now}


def _other(error: Exception) -> str:
    match error:
        case NotNow():
            return _("Ce n’est pas possible à ce moment : %s.") % state_name(error.state)
        case NotTheDay():
            return _("La saisie est ouverte de %(since)s à %(until)s, à l’heure du serveur.") % {
                "since": date_format(error.since, "j F H:i"),
                "until": date_format(error.until, "j F H:i"),
            }
        case TooSoon():
            return _("La centaine %(expected)s manque : saisissez-la avant la centaine %(number)s.") % {
                "expected": error.expected,
                "number": error.number,
            }
        case OneWayOnly():
            return _one_way(error.by)
        case NoSuchBag():
            return _("Cette centaine n’est plus la dernière de ce bureau : quelqu’un d’autre a saisi depuis.")
        case _:
            return _(
                "Cet appareil a déjà envoyé autre chose sous ce numéro : rechargez la page et saisissez de nouveau."
            )


def _one_way(by: str) -> str:
    if by == "bags":
        return _("Ce bureau est saisi centaine par centaine : continuez ainsi.")
    return _("Ce bureau est saisi en totaux : continuez ainsi.")
