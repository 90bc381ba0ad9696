"""Badges: as files, as what they point at, the page that checks one, and the organiser's taking one back."""

import json
from typing import cast
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arobase.accounts.access import ORGANISERS
from arobase.accounts.models import User
from arobase.label.actions.badges import NoReason, revoke
from arobase.label.models import Badge, Campaign
from arobase.label.queries.badges import FOUND, latest_badge
from arobase.label.queries.received import received
from arobase.label.queries.wording import say
from arobase.label.rules.badges import Finding
from arobase.label.rules.states import CampaignState
from arobase.label.sources.badges import MOST_BYTES, baked, check, signed, status_list
from arobase.label.sources.badges import achievement as achievement_of
from arobase.label.sources.keys import did_document
from arobase.web.access import ANYONE, open_to
from arobase.web.files import UnreadableFile

KEPT_S = 300


@open_to(ANYONE)
@require_safe
def open_badge(request: HttpRequest, year: int, kind: str, code: str) -> HttpResponse:
    """The badge as a signed credential."""
    badge = _badge(year, kind, code)
    answer = _json(signed(badge))
    answer["Content-Disposition"] = f'attachment; filename="badge-{year}-{code}.json"'
    return answer


@open_to(ANYONE)
@require_safe
def baked_badge(request: HttpRequest, year: int, kind: str, code: str) -> HttpResponse:
    """The badge as a drawing that carries the signed credential."""
    answer = HttpResponse(baked(_badge(year, kind, code)), content_type="image/svg+xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="badge-{year}-{code}.svg"'
    return answer


@open_to(ANYONE)
@require_safe
def badge_credential(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A badge by its identifier, also when another has replaced it."""
    return _json(signed(get_object_or_404(Badge.objects.select_related("award__edition", "award__territory"), uid=uid)))


@open_to(ANYONE)
@require_safe
def achievement(request: HttpRequest, year: int, level: int) -> HttpResponse:
    """What the badges of an edition and a level stand for."""
    published = Campaign.objects.filter(state__in=[CampaignState.PUBLISHED, CampaignState.ARCHIVED])
    one = get_object_or_404(published.select_related("edition"), pk=year)
    if level not in range(1, 6):
        raise Http404
    context = {"@context": "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}
    return _json(json.dumps({**context, **achievement_of(one.edition, level).to_dict()}, ensure_ascii=False))


@open_to(ANYONE)
@require_safe
def badge_status(request: HttpRequest) -> HttpResponse:
    """The badges that were taken back, as a signed list of bits."""
    return _json(status_list(at=timezone.now()))


@open_to(ANYONE)
@require_safe
def did(request: HttpRequest) -> HttpResponse:
    """The keys of this site."""
    return _json(json.dumps(did_document()))


@open_to(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a badge that somebody has as a file or as text."""
    context: dict[str, object] = {"text": request.POST.get("text", "")}
    if request.method == "POST" and not ratelimit.consume(request, action="check"):
        context["problem"] = _("Trop de vérifications depuis cette adresse : réessayez dans une minute.")
        return render(request, "label/verify.html", context, status=429)
    if request.method == "POST":
        sent = request.FILES.get("file")
        content = sent.read(MOST_BYTES + 1) if sent else str(context["text"]).encode()
        try:
            checked = check(content, at=timezone.now())
            context |= {"checked": checked, "found": FOUND[checked.finding], "holds": checked.finding == Finding.VALID}
        except UnreadableFile as error:
            context["problem"] = say(error)
    return render(request, "label/verify.html", context, status=422 if "problem" in context else 200)


@open_to(ORGANISERS)
@require_POST
def revoke_badge(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a badge back, with a reason that its page shows."""
    badge = get_object_or_404(Badge.objects.select_related("award__territory"), uid=uid)
    try:
        revoke(badge.pk, reason=request.POST.get("reason", ""), by=cast(User, request.user), at=timezone.now())
        messages.success(request, _("Badge retiré ; la liste publique le dit dès maintenant."))
    except NoReason:
        messages.error(request, _("Donnez un motif : la page du badge le montre."))
    award = badge.award
    return redirect("laureate", award.edition_id, award.territory.slug, award.territory.code)


def _badge(year: int, kind: str, code: str) -> Badge:
    award = received(year, kind, code)
    badge = latest_badge(award.pk) if award else None
    if badge is None:
        raise Http404
    return badge


def _json(text: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = f"public, max-age={KEPT_S}"
    return answer
