"""What is followed of a territory: who wants to be told, what changed, who asked to be left out."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_noop

from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.observatory.models import (
    Campaign,
    CampaignState,
    Change,
    Correction,
    ErrorReport,
    OfficialDomain,
    OptOut,
    Purpose,
    Standing,
)
from arobase.observatory.models import Watch as Watched

SOON = timedelta(days=30)
BY_THE_TOWN = gettext_noop("corrigé par la commune")
BY_THE_ORGANISER = gettext_noop("corrigé par l’organisateur, à la demande de la commune")
PUT_RIGHT = frozenset({BY_THE_TOWN, BY_THE_ORGANISER})  # sources that no file ends or replaces


def left_out() -> QuerySet[OptOut, str]:
    """Ids of territories that asked not to be looked at: a campaign skips them, no page shows them."""
    return OptOut.objects.filter(until=None).values_list("territory_id", flat=True)


def left_out_domains() -> set[str]:
    """Domains that these territories declare or declared, by which other sets name them."""
    return set(OfficialDomain.objects.filter(territory_id__in=left_out()).values_list("host", flat=True))


def changes() -> QuerySet[Change]:
    """What changed in published campaigns, the latest first, without territories that asked to be left out."""
    return (
        Change.objects.filter(campaign__state=CampaignState.PUBLISHED)
        .exclude(territory_id__in=left_out())
        .select_related("campaign", "territory")
        .order_by("-campaign__began_at", "territory__name", "layer", "pk")
    )


def follow_of(territory_id: str, user: Any) -> Mapping[str, Any]:
    """The context of `observatory/follow/actions.html`: what this person may do about this territory."""
    signed_in = bool(user.is_authenticated)
    may_speak = holds(user, Role.AGENT, territory_id=territory_id)
    return {
        "follow_territory": territory_id,
        "is_watching": signed_in and Watched.objects.filter(person=user, territory_id=territory_id).exists(),
        "may_watch": signed_in,
        "may_speak": may_speak,
        "may_act_for": holds(user, Role.ORGANISER),
        "opt_out": OptOut.objects.filter(territory_id=territory_id, until=None).first(),
        "answered_reports": ErrorReport.objects.filter(territory_id=territory_id).exclude(answer=""),
    }


def corrections_of(territory_id: str) -> QuerySet[Correction]:
    """What was put right for a territory, the latest first; who and why are for organisers alone."""
    return Correction.objects.filter(territory_id=territory_id).select_related("by").order_by("-at", "-pk")


def before_correction(territory_id: str, purpose: Purpose) -> OfficialDomain | None:
    """What a file declared until the day on which it was put right by hand; None where no file declared anything."""
    kept = OfficialDomain.objects.filter(territory_id=territory_id, purpose=purpose)
    of_a_file = kept.exclude(source__in=PUT_RIGHT).filter(until__isnull=False).order_by("-until", "-pk").first()
    corrected_on = set(kept.filter(source__in=PUT_RIGHT).values_list("since", flat=True))
    return of_a_file if of_a_file and of_a_file.until in corrected_on else None


def ending_certificates(*, on: date) -> list[tuple[date, Standing]]:
    """Certificates of each set's latest published campaign that ended or end within 30 days, by day."""
    soon = _certificates().filter(until__lte=(on + SOON).isoformat()).select_related("campaign", "territory")
    return [(date.fromisoformat(one.until), one) for one in soon.order_by("until", "name")]


def certificates_seen() -> list[tuple[Campaign, int]]:
    """How many certificates each set's latest published campaign saw, where it saw any."""
    counted = _certificates().order_by().values("campaign").annotate(n=Count("pk")).values_list("campaign", "n")
    campaigns = Campaign.objects.in_bulk(dict(counted))
    return sorted(((campaigns[pk], n) for pk, n in counted), key=lambda row: row[0].about)


def certificate_ends(standings: QuerySet[Standing]) -> dict[str, date]:
    """By subject, the last day of its site's certificate, where one was seen."""
    told = _with_certificate(standings).values_list("subject", "until")
    return {subject: date.fromisoformat(until) for subject, until in told}


def _certificates() -> QuerySet[Any]:
    """Subjects of each set's latest published campaign whose certificate was seen."""
    latest = {one.about: one.pk for one in Campaign.objects.filter(state=CampaignState.PUBLISHED).order_by("began_at")}
    shown = Standing.objects.filter(campaign__in=latest.values())
    return _with_certificate(shown.exclude(territory_id__isnull=False, territory_id__in=left_out()))


def _with_certificate(standings: QuerySet[Standing]) -> QuerySet[Any]:
    """Those of whose certificate the last day was seen, with it as text, which sorts by day (ISO 8601)."""
    until = Cast(KT("profile__layers__ca__until"), CharField())
    return standings.annotate(until=until).filter(until__isnull=False).exclude(until="null")  # JSON's null in SQLite
