"""The organiser's queue: what is proposed, and what changed since it was read."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from arobase.accounts.access import ORGANISERS
from arobase.accounts.models import User
from arobase.initiatives.actions.initiatives import ReasonNeeded, move, read_again
from arobase.initiatives.models import Initiative
from arobase.initiatives.queries.desk import changed_since_read, waiting
from arobase.initiatives.queries.reports import waiting_reports
from arobase.initiatives.rules.states import NotPossible, Verb
from arobase.web.access import open_to

SHOWN = 50


@open_to(ORGANISERS)
@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first."""
    proposed, changed = waiting(), changed_since_read()
    context = {
        "proposed": proposed[:SHOWN],
        "proposed_number": proposed.count(),
        "changed": changed[:SHOWN],
        "changed_number": changed.count(),
        "reports": waiting_reports()[:SHOWN],
    }
    return render(request, "initiatives/moderation.html", context)


@open_to(ORGANISERS)
@require_POST
def decide(request: HttpRequest, initiative_id: int) -> HttpResponse:
    """Publish, send back with a reason, or say that a change was read."""
    found = get_object_or_404(Initiative, pk=initiative_id)
    verb, reason = request.POST.get("verb", ""), request.POST.get("reason", "").strip()
    user = cast(User, request.user)
    try:
        if verb == "read":
            read_again(found.pk, by=user, at=timezone.now())
        elif verb in {Verb.PUBLISH, Verb.RETURN}:
            move(found.pk, Verb(verb), by=user, at=timezone.now(), reason=reason)
        else:
            raise Http404
    except ReasonNeeded:
        messages.error(
            request,
            _("« %(title)s » : dites pourquoi elle est renvoyée, le territoire le lira.") % {"title": found.title},
        )
    except NotPossible:
        messages.error(request, _("« %(title)s » a changé d’état entre-temps.") % {"title": found.title})
    else:
        messages.success(request, _("« %(title)s » : c’est fait.") % {"title": found.title})
    return redirect("moderation")
