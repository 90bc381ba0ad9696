"""The page of an initiative: what it is, its like, whom it inspired, its history; follow it, or do the same."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from arobase.accounts.access import AGENTS
from arobase.accounts.models import User
from arobase.accounts.queries import holds, is_member, places_of
from arobase.accounts.roles import Role
from arobase.initiatives.actions.initiatives import NotAllowed
from arobase.initiatives.actions.reuse import NotPublished, follow, inspired, leave, seen
from arobase.initiatives.models import Following, Initiative, Picture
from arobase.initiatives.queries.desk import followed_by, may_read
from arobase.initiatives.queries.family import drawing
from arobase.initiatives.queries.library import alike
from arobase.initiatives.queries.links import checks_of
from arobase.initiatives.queries.referential import enjeux_of, referential, said
from arobase.initiatives.queries.reports import upheld
from arobase.initiatives.queries.sketch import sketch_of
from arobase.initiatives.queries.wording import DONE, LABELS
from arobase.initiatives.rules.filiation import Circle
from arobase.initiatives.rules.sheets import counts
from arobase.initiatives.rules.states import State
from arobase.web.access import ANYONE, SIGNED_IN, open_to

PICTURES = settings.MEDIA_ROOT / "initiatives"
YEAR_S = 31_536_000


def readable(request: HttpRequest, initiative_id: int) -> Initiative:
    """An initiative that whoever asks may read. Raises Http404: what is not published is not there for others."""
    found = get_object_or_404(Initiative.objects.select_related("territory"), pk=initiative_id)
    if not may_read(request.user, found):
        raise Http404
    return found


@open_to(ANYONE)
@require_safe
def initiative(request: HttpRequest, initiative_id: int) -> HttpResponse:
    """All that an initiative says of itself."""
    found = readable(request, initiative_id)
    known = {service.slug: service for service in referential().services}
    enjeux = {enjeu.slug: enjeu for enjeu in referential().enjeux}
    mine = [
        one
        for one in Initiative.objects.filter(territory_id__in=places_of(request.user, Role.AGENT)).order_by("title")
        if one.territory_id != found.territory_id and one.state != State.WITHDRAWN
    ]
    context = {
        "one": found,
        "pictures": found.pictures.all(),
        "services": [
            (slug, said(known[slug].name), said(known[slug].sentence)) for slug in found.services if slug in known
        ],
        "enjeux": [(slug, said(enjeux[slug].name)) for slug in enjeux_of(tuple(found.services))],
        "counts": counts(found.started_on, found.ended_on, on=timezone.localdate()),
        "family": drawing(found) if found.state == State.PUBLISHED else None,
        "alike": alike(found.pk),
        "is_member": is_member(request.user),
        "is_agent": holds(request.user, Role.AGENT, territory_id=found.territory_id),
        "is_followed": request.user.is_authenticated
        and Following.objects.filter(user=request.user, initiative=found).exists(),
        "followers": found.followers.count(),
        "mine": mine,
        "is_published": found.state == State.PUBLISHED,
        "upheld": upheld(found.pk),
        "sketch": sketch_of(found),
        "link": checks_of([found.address]).get(found.address),
    }
    return render(request, "initiatives/initiative.html", context)


@open_to(ANYONE)
@require_safe
def history(request: HttpRequest, initiative_id: int) -> HttpResponse:
    """Each change of an initiative: what it said before and says now. Contacts are shown to members only."""
    found = readable(request, initiative_id)
    hidden = set() if is_member(request.user) else {"contact_name", "contact_email"}
    revisions = [
        {
            "at": one.at,
            "by": one.by if is_member(request.user) else None,
            "what": DONE[one.verb],
            "reason": one.reason if may_see_reasons(request, found) else "",
            "changes": [
                (LABELS.get(name, name), _shown(before), _shown(now))
                for name, (before, now) in one.changes.items()
                if name not in hidden
            ],
        }
        for one in found.revisions.select_related("by").order_by("-at", "-id")
    ]
    return render(request, "initiatives/history.html", {"one": found, "revisions": revisions})


def may_see_reasons(request: HttpRequest, found: Initiative) -> bool:
    """What the organiser wrote to the territory is theirs."""
    return holds(request.user, Role.ORGANISER) or holds(request.user, Role.AGENT, territory_id=found.territory_id)


def _shown(value: Any) -> str:
    """A value of the history as a person reads it."""
    if isinstance(value, list):
        return ", ".join(
            " ".join(str(part) for part in one.values() if part) if isinstance(one, dict) else str(one) for one in value
        )
    return "" if value is None else str(value)


@open_to(ANYONE)
@require_safe
def picture(request: HttpRequest, sha256: str, size: str | None = None) -> HttpResponseBase:
    """A picture of an initiative that whoever asks may read."""
    shown = Picture.objects.filter(sha256=sha256).select_related("initiative")
    if not any(may_read(request.user, one.initiative) for one in shown):
        raise Http404
    path = PICTURES / f"{sha256}{'-petite' if size == 'petite' else ''}.webp"
    if not path.exists():
        raise Http404
    answer = FileResponse(path.open("rb"), content_type="image/webp")
    answer["Cache-Control"] = f"private, max-age={YEAR_S}, immutable"
    return answer


@open_to(SIGNED_IN)
@require_POST
def follow_it(request: HttpRequest, initiative_id: int) -> HttpResponse:
    """Follow an initiative, or leave it."""
    readable(request, initiative_id)
    if request.POST.get("verb") == "leave":
        leave(initiative_id, by=cast(User, request.user))
    else:
        try:
            follow(initiative_id, by=cast(User, request.user), at=timezone.now())
        except NotPublished:
            messages.error(request, _("On ne peut suivre que ce qui est publié."))
    return redirect("initiative", initiative_id)


@open_to(SIGNED_IN)
@require_safe
def followed(request: HttpRequest) -> HttpResponse:
    """What someone follows, with what is new."""
    user = cast(User, request.user)
    rows = followed_by(user)
    seen(by=user, at=timezone.now())
    return render(request, "initiatives/followed.html", {"rows": rows})


@open_to(AGENTS)
@require_POST
def same(request: HttpRequest, initiative_id: int) -> HttpResponse:
    """« We did the same »: one of the agent's own initiatives was inspired by this one."""
    readable(request, initiative_id)
    own = request.POST.get("mine", "")
    if not own.isdigit():
        messages.error(request, _("Choisissez laquelle de vos initiatives s’en inspire."))
        return redirect("initiative", initiative_id)
    try:
        note = request.POST.get("note", "").strip()
        inspired(int(own), by_id=initiative_id, note=note, by=cast(User, request.user), at=timezone.now())
        messages.success(request, _("C’est noté : votre initiative s’en inspire."))
    except Circle:
        messages.error(
            request,
            _("Celle-ci s’inspire déjà de la vôtre : l’une ne peut pas descendre de l’autre dans les deux sens."),
        )
    except NotPublished:
        messages.error(request, _("On ne peut s’inspirer que de ce qui est publié."))
    except (NotAllowed, Initiative.DoesNotExist) as error:
        raise Http404 from error
    return redirect("initiative", initiative_id)
