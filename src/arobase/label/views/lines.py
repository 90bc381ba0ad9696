"""Settle a line that waits: place it, set it aside, or undo that."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arobase.accounts.access import ORGANISERS
from arobase.accounts.models import User
from arobase.label.actions.settlement import AlreadySettled, YearNeeded, place, set_aside, undo
from arobase.label.models import Line
from arobase.label.queries.imports import shown
from arobase.label.queries.places import NoTerritories, gazetteer
from arobase.label.queries.wording import say
from arobase.label.rules.lines import Unreadable, level_of, year_of
from arobase.label.rules.reconciliation import Printed, reconcile
from arobase.label.sources.laureates import NOT_LOADED
from arobase.territories.models import Territory
from arobase.web.access import open_to


class NotSettled(ValueError):
    """The form does not say what is needed; carries the sentence for the person."""


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(ORGANISERS)
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """What a line says, who it may mean, what was decided; a decision is sent here."""
    found = get_object_or_404(Line.objects.select_related("source_import", "placed_as"), pk=line_id)
    problem = ""
    if request.method == "POST":
        try:
            _settle(request, found)
            return redirect("label_line", line_id)
        except NotSettled as error:
            problem = str(error)
    context = {
        "line": shown(found),
        "import": found.source_import,
        "settlements": found.settlements.select_related("by", "territory"),
        "problem": problem,
        "asked": request.POST,
    }
    return render(request, "label/line.html", context, status=422 if problem else 200)


def _settle(request: HttpRequest, found: Line) -> None:
    """Do what the form asks. Raises NotSettled with a sentence."""
    by, at, verb = cast(User, request.user), timezone.now(), request.POST.get("verb")
    try:
        if verb == "undo":
            undo(found.pk, by=by, at=at)
            messages.success(request, _("Décision annulée : la ligne attend de nouveau."))
        elif verb == "set-aside":
            reason = request.POST.get("reason", "").strip()[:500]
            if not reason:
                raise NotSettled(_("Dites en quelques mots pourquoi la ligne est mise de côté."))
            set_aside(found.pk, reason=reason, by=by, at=at)
            messages.success(request, _("Ligne mise de côté."))
        else:
            year = _year(request) if found.year is None else None
            level = _level(request) if found.level is None else None
            place(found.pk, territory_id=_territory(request), by=by, at=at, year=year, level=level)
            messages.success(request, _("Ligne rattachée."))
    except AlreadySettled as error:
        raise NotSettled(_("Cette ligne est déjà réglée : annulez d’abord la décision.")) from error
    except YearNeeded as error:
        raise NotSettled(_("Indiquez l’année du label.")) from error
    except Territory.DoesNotExist as error:
        raise NotSettled(_("Ce territoire n’existe pas.")) from error


def _year(request: HttpRequest) -> int | None:
    try:
        return year_of(request.POST.get("year", ""))
    except Unreadable as error:
        raise NotSettled(say(error.remark)) from error


def _level(request: HttpRequest) -> int | None:
    try:
        return level_of(request.POST.get("level", ""))
    except Unreadable as error:
        raise NotSettled(say(error.remark)) from error


def _territory(request: HttpRequest) -> str:
    """The id chosen among the candidates or in the search field, else what the typed code or name means."""
    if chosen := request.POST.get("candidate") or request.POST.get("territory_id"):
        return chosen
    typed = request.POST.get("territory", "").strip()
    if not typed:
        raise NotSettled(_("Choisissez un territoire, ou tapez son code."))
    code = typed if typed[:1].isdigit() else ""
    try:
        outcome = reconcile(Printed(code=code, territory="" if code else typed), gazetteer=gazetteer())
    except NoTerritories as error:
        raise NotSettled(say(NOT_LOADED)) from error
    if outcome.place is None:
        near = ", ".join(f"{candidate.name} ({candidate.code})" for candidate in outcome.candidates[:5])
        raise NotSettled(
            _("« %(typed)s » ne désigne pas un seul territoire. %(near)s") % {"typed": typed, "near": near}
        )
    return outcome.place.id
