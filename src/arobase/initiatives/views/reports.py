"""Saying that an initiative is not true, and the organiser's answer."""

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from arobase.accounts.access import ORGANISERS
from arobase.accounts.models import User
from arobase.initiatives.actions.reports import LONGEST, NothingSaid, answer, report
from arobase.initiatives.models import Report
from arobase.initiatives.rules.states import State
from arobase.initiatives.views.sheets import readable
from arobase.web.access import ANYONE, open_to


@open_to(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def report_initiative(request: HttpRequest, initiative_id: int) -> HttpResponse:
    """Say what is not true."""
    one, problem, status = readable(request, initiative_id), "", 200
    if one.state != State.PUBLISHED:
        raise Http404
    text = request.POST.get("text", "").replace("\0", "")
    if request.method == "POST":
        if not ratelimit.consume(request, action="report"):
            problem, status = _("Trop de signalements depuis cette adresse : réessayez dans une heure."), 429
        else:
            try:
                report(one.pk, text, at=timezone.now())
            except NothingSaid:
                problem, status = _("Dites ce qui n’est pas vrai."), 422
        if not problem:
            messages.success(
                request, _("Merci. L’organisateur lira et répondra ; s’il retient ce signalement, cette page le dira.")
            )
            return redirect("initiative", one.pk)
    context = {"one": one, "problem": problem, "text": text, "longest": LONGEST}
    return render(request, "initiatives/report.html", context, status=status)


@open_to(ORGANISERS)
@require_POST
def answer_report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Uphold a report or not, with a reason."""
    one, verb = get_object_or_404(Report, pk=report_id), request.POST.get("verb", "")
    if verb not in {"uphold", "dismiss"}:
        raise Http404
    try:
        text = request.POST.get("answer", "")
        answer(one.pk, upheld=verb == "uphold", text=text, by=cast(User, request.user), at=timezone.now())
        messages.success(request, _("Répondu."))
    except NothingSaid:
        messages.error(request, _("Dites pourquoi : un signalement retenu est montré avec votre réponse."))
    return redirect("moderation")
