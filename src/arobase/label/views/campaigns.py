"""The organiser's pages of a campaign: its configuration, its dossiers, its letters."""

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arobase.accounts.access import ORGANISERS
from arobase.accounts.models import User
from arobase.label.actions import campaigns as changes
from arobase.label.actions import dossiers
from arobase.label.actions.invitations import invite, team_emails
from arobase.label.actions.letters import write_letter
from arobase.label.models import Campaign, Dossier
from arobase.label.queries.campaigns import campaigns, dossiers_of, overview
from arobase.label.queries.configuration.text import BadConfiguration
from arobase.label.queries.dossiers import deadline, read
from arobase.label.queries.phrases import closing_words, euros, moment
from arobase.label.queries.teams import requests_for
from arobase.label.rules.calendar import BadWallTime, Phase, instant
from arobase.label.rules.states import CAMPAIGN, CampaignState, CampaignVerb, DossierState, NotPossible
from arobase.label.views.configuration import refused
from arobase.territories.models import Territory
from arobase.web.access import open_to


@open_to(ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def all_campaigns(request: HttpRequest) -> HttpResponse:
    """All campaigns; POST begins the next one."""
    if request.method == "POST":
        try:
            made = changes.begin(by=cast(User, request.user), at=timezone.now())
        except changes.AlreadyThere as error:
            messages.warning(request, _("La campagne %(year)s existe déjà.") % {"year": error.label_year})
            return redirect("campaign", error.label_year)
        except BadConfiguration as error:
            messages.error(request, refused(error)[0][1])
            return redirect("campaigns")
        messages.success(request, _("Campagne %(year)s en préparation. Relisez sa configuration.") % {"year": made.pk})
        return redirect("configuration", made.pk)
    context = {"campaigns": campaigns(), "requests": requests_for(None)}
    return render(request, "label/campaigns.html", context)


@open_to(ORGANISERS)
@require_safe
def campaign(request: HttpRequest, year: int) -> HttpResponse:
    """A campaign at a glance: calendar, dossiers, what can be done now."""
    one, at = get_object_or_404(Campaign.objects.select_related("edition"), pk=year), timezone.now()
    seen = overview(one, at=at)
    calendar = seen.configuration.calendar
    days = [
        (Phase.PARTICIPATION, _("Participation"), calendar.opens_at, calendar.closes_at),
        (Phase.REVIEW, _("Évaluation par le jury"), calendar.closes_at, calendar.review_closes_at),
        (Phase.DELIBERATION, _("Délibération"), calendar.deliberates_at, calendar.ceremony_at),
        (Phase.CEREMONY, _("Cérémonie, puis recours"), calendar.ceremony_at, calendar.appeals_close_at()),
    ]
    found = _rows(one, seen, at=at, state=request.GET.get("etat", ""))
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {
        "seen": seen,
        "phases": [
            (name, moment(start), moment(end), "now" if seen.phase is phase else "past" if at >= end else "ahead")
            for phase, name, start, end in days
        ],
        "page": page,
        "state": request.GET.get("etat", ""),
        "states": [
            (str(state), Dossier(state=state).get_state_display(), seen.dossiers[str(state)]) for state in DossierState
        ],
        "verbs": [verb for verb in CAMPAIGN.possible(CampaignState(one.state)) if verb is not CampaignVerb.PUBLISH],
        "requests": requests_for(None),
    }
    return render(request, "label/campaign.html", context)


def _rows(one: Campaign, seen: Any, *, at: datetime, state: str) -> list[tuple[Dossier, str, bool, str]]:
    return [
        (dossier, closing_words(closing), closing.is_extended, euros(dossier.fee))
        for dossier in dossiers_of(one)
        if not state or dossier.state == state
        for closing in [deadline(dossier, seen.configuration, at=at)]
    ]


@open_to(ORGANISERS)
@require_POST
def campaign_state(request: HttpRequest, year: int) -> HttpResponse:
    """Open or archive a campaign."""
    one, verb = get_object_or_404(Campaign, pk=year), request.POST.get("verb", "")
    if verb not in {CampaignVerb.OPEN, CampaignVerb.ARCHIVE}:
        raise Http404
    try:
        changes.move(one.pk, CampaignVerb(verb), by=cast(User, request.user), at=timezone.now())
    except NotPossible:
        messages.warning(request, _("C’était déjà fait."))
    except changes.AlreadyClosed:
        messages.error(request, _("La clôture de la participation est déjà passée : corrigez d’abord le calendrier."))
    else:
        messages.success(request, _("La campagne est ouverte.") if verb == "open" else _("La campagne est archivée."))
    return redirect("campaign", one.pk)


@open_to(ORGANISERS)
@require_POST
def invite_territories(request: HttpRequest, year: int) -> HttpResponse:
    """Invite territories by their codes, one per line or separated by spaces."""
    one, at = get_object_or_404(Campaign, pk=year), timezone.now()
    seen = overview(one, at=at)
    codes = request.POST.get("codes", "").replace(",", " ").replace(";", " ").upper().split()
    living = Territory.objects.filter(valid_to__isnull=True, code__in=codes, kind__in=["commune", "epci", "department"])
    by_code = {territory.code: territory for territory in living.select_related("department")}
    written = begun = 0
    try:
        for code in dict.fromkeys(codes):
            if code in by_code:
                _made, letters = invite(
                    one,
                    by_code[code],
                    by=cast(User, request.user),
                    at=at,
                    link=lambda made: f"{settings.SITE_URL}/dossiers/{made.pk}",
                    closing=lambda made: closing_words(deadline(made, seen.configuration, at=at)),
                )
                begun += 1
                written += len(letters)
    except dossiers.Closed as error:
        messages.error(
            request,
            _("Personne n’est invité : la participation n’est pas ouverte (clôture le %(at)s).")
            % {"at": moment(error.closes_at)},
        )
        return redirect("campaign", one.pk)
    messages.success(
        request,
        ngettext("%(n)s territoire invité", "%(n)s territoires invités", begun) % {"n": begun}
        + ", "
        + ngettext("%(n)s courriel à envoyer.", "%(n)s courriels à envoyer.", written) % {"n": written},
    )
    if unknown := [code for code in codes if code not in by_code]:
        messages.warning(request, _("Codes inconnus : %(codes)s.") % {"codes": ", ".join(unknown[:20])})
    return redirect("campaign", one.pk)


@open_to(ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_dossier(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """A dossier as its organiser sees it: more time, fee, what happened."""
    found = Dossier.objects.select_related("campaign", "territory__department").prefetch_related("extensions__by")
    one, at, by = get_object_or_404(found, pk=dossier_id), timezone.now(), cast(User, request.user)
    problem = ""
    if request.method == "POST" and request.POST.get("fee") in Dossier.FeeState.values:
        dossiers.settle_fee(one.pk, Dossier.FeeState(request.POST["fee"]), by=by, at=at)
        return redirect("campaign_dossier", one.pk)
    if request.method == "POST":
        problem = _extend(request, one, at=at)
        if not problem:
            return redirect("campaign_dossier", one.pk)
    reading = read(one)
    context = {
        "dossier": one,
        "closing": closing_words(deadline(one, reading.configuration, at=at)),
        "filled": reading.filled,
        "fee": euros(one.fee),
        "fee_states": Dossier.FeeState.choices,
        "events": one.events.select_related("by"),
        "problem": problem,
        "until": request.POST.get("until", ""),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "label/campaign_dossier.html", context, status=422 if problem else 200)


def _extend(request: HttpRequest, one: Dossier, *, at: datetime) -> str:
    reason = request.POST.get("reason", "").strip()
    try:
        until = instant(datetime.fromisoformat(request.POST.get("until", "")))
        dossiers.extend(one.pk, until=until, reason=reason, by=cast(User, request.user), at=at)
    except BadWallTime:
        return _("Cette heure est douteuse : les horloges changent cette nuit-là. Choisissez-en une autre.")
    except ValueError:
        return _("Donnez un jour et une heure après la clôture et avant la fin de l’évaluation, et un motif.")
    fresh = (
        Dossier.objects.prefetch_related("extensions")
        .select_related("campaign", "territory__department")
        .get(pk=one.pk)
    )
    reading = read(fresh)
    for email in team_emails(one.territory_id):
        write_letter(
            one.campaign,
            "extension",
            key=f"extension:{one.pk}:{until.isoformat()}:{email}",
            to=email,
            at=at,
            territory=str(one.territory),
            edition=one.campaign_id,
            closing=closing_words(deadline(fresh, reading.configuration, at=at)),
            reason=reason,
            link=f"{settings.SITE_URL}/dossiers/{one.pk}",
        )
    messages.success(request, _("Délai accordé, noté, et annoncé à l’équipe."))
    return ""
