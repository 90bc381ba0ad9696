"""Teams of territories: ask to join, answer, name who hands in."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from arobase.accounts.actions import RoleNotHeld
from arobase.accounts.models import User
from arobase.label.actions import teams
from arobase.label.models import JoinRequest, TeamMember
from arobase.territories.models import Kind, Territory
from arobase.web.access import SIGNED_IN, open_to

CANDIDATES = (Kind.COMMUNE, Kind.EPCI, Kind.DEPARTMENT, Kind.REGION, Kind.COLLECTIVITY)


@open_to(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def join_team(request: HttpRequest) -> HttpResponse:
    """Ask to join a territory's team."""
    user, problem = cast(User, request.user), ""
    typed, chosen = request.POST.get("territory", ""), request.POST.get("territory_id", "")
    if request.method == "POST":
        territory = _territory(chosen or typed)
        if territory is None:
            problem = _(
                "Ce territoire n’est pas reconnu : choisissez-le dans la liste, ou donnez son code INSEE ou SIREN."
            )
        else:
            try:
                found = teams.ask(
                    territory, by=user, at=timezone.now(), message=request.POST.get("message", "").strip()
                )
            except teams.AlreadyIn:
                problem = _("Vous êtes déjà de cette équipe.")
            except teams.AlreadyAsked:
                problem = _("Votre demande attend déjà une réponse.")
            else:
                if isinstance(found, TeamMember):
                    messages.success(
                        request, _("Bienvenue : votre adresse est du domaine officiel, vous êtes de l’équipe.")
                    )
                    return redirect("participation")
                messages.success(request, _("Demande envoyée à l’équipe et à l’organisateur."))
                return redirect("join_team")
    context = {
        "problem": problem,
        "typed": typed,
        "chosen": chosen,
        "message": request.POST.get("message", ""),
        "asked": JoinRequest.objects.filter(user=user).select_related("territory"),
    }
    return render(request, "label/join.html", context, status=422 if problem else 200)


def _territory(text: str) -> Territory | None:
    """By id, or by a code that only one candidate has."""
    living = Territory.objects.filter(kind__in=CANDIDATES, valid_to__isnull=True)
    found = list(living.filter(pk=text.strip()) or living.filter(code=text.strip().upper())[:2])
    return found[0] if len(found) == 1 else None


@open_to(SIGNED_IN)
@require_POST
def decide_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """Accept or refuse someone."""
    get_object_or_404(JoinRequest, pk=request_id)
    try:
        teams.decide(
            request_id,
            is_accepted=request.POST.get("decision") == "accept",
            by=cast(User, request.user),
            at=timezone.now(),
        )
    except teams.NotAllowed as error:
        raise Http404 from error
    except teams.AlreadyDecided:
        messages.warning(request, _("Quelqu’un a déjà répondu à cette demande."))
    else:
        messages.success(request, _("C’est noté."))
    return redirect(_next(request))


@open_to(SIGNED_IN)
@require_POST
def team_member(request: HttpRequest, territory_id: str) -> HttpResponse:
    """Name who hands in, or end someone's place."""
    by, at = cast(User, request.user), timezone.now()
    person = get_object_or_404(
        User, pk=request.POST.get("person", "0") if request.POST.get("person", "0").isdigit() else 0
    )
    verb = request.POST.get("verb", "")
    try:
        if verb == "remove":
            teams.take_out(territory_id, person, by=by, at=at)
        elif verb in {"name", "unname"}:
            teams.name_submitter(territory_id, person, may=verb == "name", by=by, at=at)
        else:
            raise Http404
    except teams.NotAllowed as error:
        raise PermissionDenied from error
    except teams.LastSubmitter:
        messages.error(
            request, _("Rien n’a changé : plus personne ne pourrait déposer. Désignez d’abord quelqu’un d’autre.")
        )
    except RoleNotHeld:
        messages.warning(request, _("Cette personne n’est plus de l’équipe."))
    else:
        messages.success(request, _("C’est noté."))
    return redirect(_next(request))


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "participation"
