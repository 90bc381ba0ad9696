"""What stands between a dossier and a level, what is missing and what is wrong, in sentences."""

from datetime import datetime
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from arobase.initiatives.queries.referential import referential, said
from arobase.label.queries.dossiers import Deadline, Gap, GapKind, Reading
from arobase.label.rules.fields import BadValue, Why
from arobase.label.rules.levels import Obstacle, What
from arobase.label.rules.scoring import Mosaic, Refusal
from arobase.territories.rules.clocks import PARIS


def points(value: Fraction) -> str:
    """Points with one decimal, never rounded up: what stands just below a threshold must not look like it.

    >>> points(Fraction(29999, 1000))
    '29,9'
    """
    return str(formats.number_format(floor(value * 10) / 10, 1))


def euros(cents: int) -> str:
    """An amount in euros."""
    return f"{formats.number_format(cents / 100, 2, force_grouping=True)} €"


def moment(at: datetime, zone: ZoneInfo = PARIS) -> str:
    """A day and a time, in a time zone."""
    return str(formats.date_format(timezone.localtime(at, zone), _("j F Y à H:i")))


def closing_words(deadline: Deadline) -> str:
    """When participation closes, in Paris time and, where clocks differ, in the territory's own."""
    paris = _("%(moment)s, heure de Paris") % {"moment": moment(deadline.at)}
    if not deadline.is_elsewhere:
        return paris
    own = _("%(moment)s sur place") % {"moment": moment(deadline.at, deadline.zone)}
    return f"{paris} ({own})"


def obstacle_sentence(one: Obstacle, mosaic: Mosaic) -> str:
    """What a level asks for and what the dossier has."""
    if one.condition is None:
        return _("%(needs)s points, vous en avez %(has)s") % {"needs": points(one.needs), "has": points(one.has)}
    facts = {"needs": int(one.needs), "has": int(one.has)}
    if one.condition.what is What.ENJEUX:
        return (
            ngettext(
                "%(needs)s enjeu où quelque chose compte, vous en avez %(has)s",
                "%(needs)s enjeux où quelque chose compte, vous en avez %(has)s",
                facts["needs"],
            )
            % facts
        )
    if one.condition.what is What.DOCUMENTED:
        return (
            ngettext(
                "%(needs)s service montré par une adresse ou un document, vous en avez %(has)s",
                "%(needs)s services montrés par une adresse ou un document, vous en avez %(has)s",
                facts["needs"],
            )
            % facts
        )
    if one.condition.what is What.EACH_CATEGORY:
        weakest = min({tile.category for tile in mosaic.tiles}, key=lambda slug: (mosaic.category_share(slug), slug))
        name = next(said(category.name) for category in referential().categories if category.slug == weakest)
        shares = {"needs": floor(one.needs * 100), "has": floor(one.has * 100), "name": name}
        return _("%(needs)s %% des points dans chaque catégorie ; « %(name)s » en a %(has)s %%") % shares
    names = ", ".join(
        said(referential().service(slug).name) for slug in one.condition.services if slug not in mosaic.shown
    )
    return _("%(needs)s de ces services, vous en avez %(has)s ; il reste : %(names)s") % {**facts, "names": names}


def gap_sentence(gap: Gap) -> str:
    """What is missing."""
    if gap.question is not None:
        return said(gap.question.label)
    if gap.kind is GapKind.NO_ACTION:
        return _("au moins une initiative qui compte")
    return ngettext(
        "%(number)s initiative dont rien n’est dit", "%(number)s initiatives dont rien n’est dit", gap.number
    ) % {"number": gap.number}


def missing_words(reading: Reading) -> str:
    """All that is missing, in one sentence."""
    return ", ".join(gap_sentence(one) for one in reading.gaps) or _("rien, il reste à déposer")


def refusal_words(refusal: Refusal | None) -> str:
    """Why an initiative does not count; empty when it does."""
    words = {
        None: "",
        Refusal.LEFT_OUT: _("ne compte pas : dites ce qu’il en est"),
        Refusal.OVER: _("ne compte plus : finie, et commencée il y a deux ans ou plus"),
        Refusal.NOT_BEGUN: _("ne compte pas encore : son premier jour manque ou est après la clôture"),
        Refusal.ONLY_AN_IDEA: _("ne compte pas encore : en projet seulement"),
        Refusal.NO_SERVICE: _("ne compte pas : aucun service choisi"),
        Refusal.WITHDRAWN: _("ne compte pas : retirée"),
    }
    return words[refusal]


def value_sentence(error: BadValue) -> str:
    """Why a value was not kept, and what is expected."""
    words = {
        Why.UNKNOWN_FIELD: _("Ce champ n’existe plus : la page a changé, rechargez-la."),
        Why.TOO_LONG: _("Trop long : %(most)s caractères au plus."),
        Why.NO_NUMBER: _("Un nombre est attendu, comme 12 ou 3,5."),
        Why.NO_CHOICE: _("Ce choix n’est pas dans la liste."),
        Why.NO_ADDRESS: _("Une adresse complète est attendue, comme https://www.exemple.fr/page."),
    }
    return words[error.why] % {"most": error.most}


def level_words(level: int) -> str:
    """A level in words."""
    return ngettext("%(n)s arobase", "%(n)s arobases", level) % {"n": level}
