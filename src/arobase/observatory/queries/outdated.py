"""Whether a campaign looked at the domains that a territory declares today, and in words where it did not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from arobase.observatory.models import OfficialDomain, Purpose
from arobase.observatory.queries.follow import PUT_RIGHT
from arobase.observatory.queries.standings import Seen
from arobase.observatory.rules.declared import domain_of_site
from arobase.web.dates import day


@dataclass(frozen=True)
class Outdated:
    """A campaign looked at another domain than the one that is declared today.

    measured, declared  domains; empty where none was, or is
    since               the day since which today's is declared
    is_put_right        whether someone put it right by hand that day
    """

    purpose: Purpose
    measured: str
    declared: str
    since: date | None
    is_put_right: bool


def outdated(found: Seen, declared: Iterable[OfficialDomain]) -> list[Outdated]:
    """Domains that a campaign looked at and that are not, or not any more, those that the territory declares.

    declared  its domains of today
    """
    today = {one.purpose: one for one in declared}
    pairs = [(Purpose.WEB, found.standing.site), (Purpose.MAIL, found.standing.mail)]
    told = [(purpose, measured, today.get(purpose)) for purpose, measured in pairs]
    return [
        Outdated(purpose, measured, one.host, one.since, one.source in PUT_RIGHT)
        if one
        else Outdated(purpose, measured, "", None, is_put_right=False)
        for purpose, measured, one in told
        if measured != _asked_about(purpose, one)
    ]


def _asked_about(purpose: Purpose, one: OfficialDomain | None) -> str:
    """The domain that a campaign asks about, of what is declared."""
    if one is None:
        return ""
    return domain_of_site(one.host) if purpose is Purpose.WEB else one.host


def outdated_said(one: Outdated) -> str:
    """Which domain was measured, and since when it is not the one that is declared."""
    words = {
        "service": capfirst(one.purpose.label),
        "measured": one.measured,
        "declared": one.declared,
        "day": day(one.since) if one.since else "",
    }
    if not one.measured:
        return _("%(service)s : %(declared)s, déclaré le %(day)s, n’est pas encore mesuré.") % words
    if not one.declared:
        return _("%(service)s : mesuré sur %(measured)s, qui n’est plus déclaré.") % words
    if one.is_put_right:
        told = _(
            "%(service)s : mesuré sur %(measured)s, avant la correction du %(day)s ; %(declared)s ne l’est pas encore."
        )
    else:
        told = _(
            "%(service)s : mesuré sur %(measured)s, avant le changement du %(day)s ; %(declared)s ne l’est pas encore."
        )
    return told % words
