"""Appeals: a territory files one from its dossier, the organiser has it read again and answers."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from arobase.accounts.access import AGENTS, ORGANISERS
from arobase.accounts.models import User
from arobase.label.actions import appeals as changes
from arobase.label.models import Appeal, Campaign
from arobase.label.queries.appeals import heard
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.phrases import moment, points
from arobase.label.rules.appeals import AppealVerb, WorseThanBefore
from arobase.label.rules.levels import HIGHEST
from arobase.label.rules.states import NotPossible
from arobase.label.views.audiences import own_dossier
from arobase.label.views.dossiers import plain
from arobase.web.access import open_to


@open_to(AGENTS)
@require_POST
def appeal(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Appeal against the level of one's dossier, or take that back."""
    one, by, at = own_dossier(request, dossier_id), cast(User, request.user), timezone.now()
    try:
        if request.POST.get("verb") == AppealVerb.WITHDRAW:
            changes.take_back(get_object_or_404(Appeal, dossier=one).pk, by=by, at=at)
            messages.success(request, _("Recours retiré."))
        else:
            changes.file(one.pk, grounds=plain(request.POST.get("grounds", "")), by=by, at=at)
            messages.success(
                request, _("Recours déposé : d’autres jurés liront votre dossier, et vous aurez la réponse.")
            )
    except changes.NotTheirs as error:
        raise PermissionDenied from error
    except changes.OutOfTime as error:
        messages.error(request, _("Le délai de recours est passé depuis le %(at)s.") % {"at": moment(error.closes_at)})
    except changes.NoGrounds:
        messages.error(request, _("Dites ce qui a été mal lu : le recours n’est pas déposé sans motif."))
    except (changes.AlreadyFiled, NotPossible):
        messages.warning(request, _("C’était déjà fait."))
    return redirect("dossier", one.pk)


@open_to(ORGANISERS)
@require_safe
def appeals(request: HttpRequest, year: int) -> HttpResponse:
    """The appeals of a campaign."""
    one = get_object_or_404(Campaign, pk=year)
    context = {
        "campaign": one,
        "closes": moment(in_force(one).calendar.appeals_close_at()),
        "heard": [
            (
                seen,
                [(review, points(value) if value is not None else "") for review, value in seen.readings],
                points(seen.grade.value) if seen.grade else "",
                range(seen.appeal.level_before, HIGHEST + 1),
            )
            for seen in heard(one)
        ],
    }
    return render(request, "label/appeals.html", context)


@open_to(ORGANISERS)
@require_POST
def answer_appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """Have an appeal read, name more readers, answer it."""
    one = get_object_or_404(Appeal.objects.select_related("dossier"), pk=appeal_id)
    by, at, verb = cast(User, request.user), timezone.now(), request.POST.get("verb", "")
    reason, level = plain(request.POST.get("reason", "")), request.POST.get("level", "")
    try:
        if verb in {AppealVerb.ADMIT, "appoint"}:
            read_by = (changes.admit if verb == AppealVerb.ADMIT else changes.appoint)(one.pk, by=by, at=at)
            said = ngettext("%(n)s juré relira ce dossier.", "%(n)s jurés reliront ce dossier.", len(read_by))
            messages.success(request, said % {"n": len(read_by)})
        elif verb == AppealVerb.REJECT:
            changes.reject(one.pk, reason=reason, by=by, at=at)
            messages.success(request, _("Répondu, et annoncé à l’équipe."))
        elif verb == AppealVerb.CONCLUDE:
            chosen = int(level) if level.isdigit() else 0
            changes.conclude(one.pk, chosen, reason=reason, by=by, at=at, site=settings.SITE_URL)
            messages.success(request, _("Conclu, et annoncé à l’équipe."))
        else:
            raise Http404
    except changes.NobodyElse:
        messages.error(request, _("Aucun autre juré n’est libre : tous l’ont lu ou sont en conflit. Invitez-en un."))
    except changes.NoGrounds:
        messages.error(request, _("Donnez un motif : l’équipe le lira."))
    except changes.Unread:
        messages.error(request, _("La seconde lecture n’est pas terminée."))
    except WorseThanBefore as error:
        messages.error(request, _("Un recours ne fait rien perdre : %(n)s @ au moins.") % {"n": error.before})
    except NotPossible:
        messages.warning(request, _("C’était déjà fait."))
    return redirect("appeals", one.dossier.campaign_id)
