"""What the next seat hangs on, as the sentence that the page says."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from arobase.elections.rules.seats.changes import Change


def disputed(change: Change) -> str:
    """A change of seat in words: how many votes more, for which list, and what it would have by them."""
    if change.undecided:
        said = _("Avec %(more)s pour « %(name)s », personne n’aurait eu la majorité absolue.")
    elif change.tied:
        said = _to_a_tie(change.seats)
    elif change.level:
        said = _out_of_a_tie(change.seats)
    else:
        said = _taken(change.seats) if change.loses else _filled(change.seats)
    return said % {
        "more": ngettext("%s voix de plus", "%s voix de plus", change.votes) % number_format(change.votes),
        "name": change.name,
        "seats": change.seats,
        "from": _quoted(change.loses),
        "level": _quoted(change.level),
    }


def _to_a_tie(seats: int) -> str:
    return ngettext(
        "Le siège le plus disputé : avec %(more)s, « %(name)s » serait à égalité avec %(level)s ; l’âge moyen"
        " déciderait.",
        "Les %(seats)s sièges les plus disputés : avec %(more)s, « %(name)s » serait à égalité avec %(level)s ; l’âge"
        " moyen déciderait.",
        seats,
    )


def _out_of_a_tie(seats: int) -> str:
    return ngettext(
        "Le siège le plus disputé : « %(name)s » est à égalité avec %(level)s ; avec %(more)s, ce siège lui revenait.",
        "Les %(seats)s sièges les plus disputés : « %(name)s » est à égalité avec %(level)s ; avec %(more)s, ces"
        " sièges lui revenaient.",
        seats,
    )


def _taken(seats: int) -> str:
    return ngettext(
        "Le siège le plus disputé : avec %(more)s, « %(name)s » l’aurait pris à %(from)s.",
        "Les %(seats)s sièges les plus disputés : avec %(more)s, « %(name)s » les aurait pris à %(from)s.",
        seats,
    )


def _filled(seats: int) -> str:
    """Seats that no list loses: they were vacant, or ages would have decided about them."""
    return ngettext(
        "Le siège le plus disputé : avec %(more)s, « %(name)s » l’aurait eu.",
        "Les %(seats)s sièges les plus disputés : avec %(more)s, « %(name)s » les aurait eus.",
        seats,
    )


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(_("« %s »") % name for name in names)
