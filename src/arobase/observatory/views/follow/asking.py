"""What anyone may ask: to be told, to have an error mended."""

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from arobase.accounts.access import ORGANISERS
from arobase.accounts.models import User
from arobase.observatory.actions import follow
from arobase.observatory.models import ErrorReport, Watch
from arobase.territories.models import Territory
from arobase.web.access import ANYONE, SIGNED_IN, open_to

TRAP = "website"  # hidden from people: whoever fills it in is a machine


@open_to(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def watches(request: HttpRequest) -> HttpResponse:
    """What one follows; POST with `territory` follows one, with `stop` follows it no more."""
    person = cast(User, request.user)
    if request.method == "POST":
        town = get_object_or_404(Territory, pk=request.POST.get("territory", "").replace("\0", ""))
        if "stop" in request.POST:
            follow.unwatch(person, town.pk)
        else:
            follow.watch(person, town.pk, at=timezone.now())
        return redirect("observatory_watches")
    kept = Watch.objects.filter(person=person).select_related("territory").order_by("territory__name")
    return render(request, "observatory/follow/watches.html", {"watches": kept})


@csrf_exempt  # a mail program posts without having seen the page (RFC 8058): the signed token is what lets it
@open_to(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def stop_watching(request: HttpRequest, token: str) -> HttpResponse:
    """End what an e-mail names, without signing in; a link asks first, for mail filters follow links."""
    try:
        watches = follow.watches_named(token)
    except BadSignature as error:
        raise Http404 from error
    if request.method == "POST":
        for one in watches:
            one.delete()
        watches = []
    return render(request, "observatory/follow/stop.html", {"towns": ", ".join(one.territory.name for one in watches)})


@open_to(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is wrong about a commune."""
    town, problem, status = _town(code), "", 200
    text = request.POST.get("text", "").replace("\0", "")
    if request.method == "POST":
        if not ratelimit.consume(request, action="report"):
            problem, status = _("Trop de signalements depuis cette adresse : réessayez dans une heure."), 429
        elif not text.strip():
            problem, status = str(follow.NothingSaid.message), 422
        else:
            if not request.POST.get(TRAP):
                follow.report_error(town.pk, text, at=timezone.now())
            messages.success(request, _("Merci. L’organisateur lira et répondra."))
            return redirect("observatory_commune", code)
    context = {"town": town, "text": text, "problem": problem, "longest": follow.LONGEST, "trap": TRAP}
    return render(request, "observatory/follow/report.html", context, status=status)


@open_to(ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """What was reported, those without an answer first; POST answers one."""
    if request.method == "POST":
        pk = request.POST.get("report", "")
        one = get_object_or_404(ErrorReport, pk=int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 10 else 0)  # noqa: PLR2004 - fits the key
        try:
            follow.answer_error(one, request.POST.get("answer", ""), by=cast(User, request.user), at=timezone.now())
        except follow.NothingSaid as error:
            messages.error(request, error.message)
        return redirect("observatory_reports")
    found = ErrorReport.objects.select_related("territory").order_by("-made_at")
    ordered = sorted(found[:200], key=lambda one: one.answered_at is not None)
    counted = {"reports": ordered, "waiting": sum(one.answered_at is None for one in ordered)}
    return render(request, "observatory/follow/reports.html", {**counted, "longest": follow.LONGEST})


def _town(code: str) -> Territory:
    return get_object_or_404(Territory, pk=f"commune:{code}")
