"""Why an entry was not kept, as a sentence for whoever typed it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from arobase.elections.actions.entries import KeyTaken, NotAllowed, NotTheDay
from arobase.elections.queries.wording import sentence, state_name
from arobase.elections.rules.entry import NOT_ENTERED, AlreadyCounted, NoSuchBag, OneWayOnly, Refused, TooSoon, Unsure
from arobase.elections.rules.events import Malformed
from arobase.elections.rules.states import NotNow

NOT_KEPT = (*NOT_ENTERED, KeyTaken, Malformed, NotAllowed, NotTheDay)
CONFLICT, UNSURE, REFUSED, FORBIDDEN = "conflict", "unsure", "refused", "forbidden"


@dataclass(frozen=True)
class Problem:
    """What is said of an entry that was not kept.

    kind      `unsure`: send it again with `sure`; `conflict`: something else is there; `refused`; `forbidden`
    lines     sentences
    field     the field to look at first (`votes.2`, `blank`, …), or empty
    entry     of a conflict: the entry of the bag that is there
    """

    kind: str
    lines: Sequence[str]
    field: str = ""
    entry: int | None = None


def problem_of(error: Exception, names: Sequence[str]) -> Problem:
    """The problem that an error of `actions.entries.record` tells."""
    match error:
        case Unsure():
            return Problem(UNSURE, [sentence(one, names) for one in error.found])
        case Refused():
            return Problem(REFUSED, [sentence(one, names) for one in error.found])
        case Malformed():
            return Problem(REFUSED, [_malformed(error, names)], error.field)
        case AlreadyCounted():
            return _already(error, names)
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
    there = error.there.content
    figures = ", ".join(f"{name} {votes}" for name, votes in zip(names, there.votes, strict=True))
    said = _(
        "La centaine %(number)s est déjà saisie avec d’autres chiffres (%(figures)s, blancs %(blank)s, nuls %(null)s)."
        " Rien n’a été remplacé. Est-ce une autre centaine, ou faut-il corriger celle-ci ?"
    ) % {"number": error.number, "figures": figures, "blank": there.blank, "null": there.null}
    return Problem(CONFLICT, [said], entry=error.there.entry)


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
