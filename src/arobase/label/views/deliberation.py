"""The screen of the jury's meeting, its minutes, and publication."""

import json
from importlib.resources import files
from typing import cast

import typst
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from arobase.accounts.access import ORGANISERS
from arobase.accounts.models import User
from arobase.initiatives.queries.referential import said
from arobase.label.actions import deliberation as changes
from arobase.label.actions import outcomes
from arobase.label.models import Campaign, Decision
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.deliberation import Meeting, meeting
from arobase.label.queries.phrases import level_words, moment
from arobase.label.rules.calendar import Phase
from arobase.label.rules.levels import HIGHEST, LOWEST
from arobase.label.rules.states import CampaignState, NotPossible
from arobase.web.access import open_to


@open_to(ORGANISERS)
@require_safe
def deliberation(request: HttpRequest, year: int) -> HttpResponse:
    """The meeting's screen."""
    one, at = get_object_or_404(Campaign, pk=year), timezone.now()
    calendar = in_force(one).calendar
    seen = meeting(one)
    context = {
        "campaign": one,
        "seen": seen,
        "mentions": [(mention.slug, said(mention.name)) for mention in seen.mentions],
        "levels": range(LOWEST, HIGHEST + 1),
        "is_open": calendar.phase(at) is Phase.DELIBERATION and one.state == CampaignState.OPEN,
        "opens": moment(calendar.review_closes_at),
        "ceremony": moment(calendar.ceremony_at),
        "may_publish": at >= calendar.ceremony_at and one.state == CampaignState.OPEN,
        "is_ready": bool(seen.items) and seen.decided == len(seen.items),
    }
    return render(request, "label/deliberation.html", context)


@open_to(ORGANISERS)
@require_POST
def propose(request: HttpRequest, year: int) -> HttpResponse:
    """Make proposals of today's grades."""
    one = get_object_or_404(Campaign, pk=year)
    try:
        number = changes.propose(one, by=cast(User, request.user), at=timezone.now())
    except changes.NotDeliberating:
        messages.error(request, _outside(one))
    except changes.Unread as error:
        names = ", ".join(str(dossier.territory) for dossier in error.dossiers[:8])
        messages.error(
            request, _("Rien n’est proposé : aucune évaluation terminée pour %(names)s.") % {"names": names or "–"}
        )
    else:
        messages.success(request, ngettext("%(n)s proposition.", "%(n)s propositions.", number) % {"n": number})
    return redirect("deliberation", one.pk)


@open_to(ORGANISERS)
@require_POST
def attendance(request: HttpRequest, year: int) -> HttpResponse:
    """Note who is in the meeting."""
    one = get_object_or_404(Campaign, pk=year)
    present = {int(value) for value in request.POST.getlist("present") if value.isdigit()}
    number = changes.attend(one, present, by=cast(User, request.user))
    messages.success(request, ngettext("%(n)s juré présent.", "%(n)s jurés présents.", number) % {"n": number})
    return redirect("deliberation", one.pk)


@open_to(ORGANISERS)
@require_POST
def decide(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Decide a level, or take a decision back."""
    one = get_object_or_404(Decision.objects.select_related("dossier__campaign", "dossier__territory"), pk=decision_id)
    by, at = cast(User, request.user), timezone.now()
    try:
        if request.POST.get("verb") == "undo":
            changes.undo(one.pk, by=by, at=at)
            messages.success(
                request,
                _("%(territory)s : décision reprise, la trace la garde.") % {"territory": one.dossier.territory},
            )
        else:
            level = request.POST.get("level", "")
            made = changes.decide(
                one.pk,
                int(level) if level.isdigit() else 0,
                reason=request.POST.get("reason", ""),
                mentions=request.POST.getlist("mentions"),
                by=by,
                at=at,
            )
            facts = {"territory": one.dossier.territory, "level": level_words(made.level or 0)}
            messages.success(request, _("%(territory)s : %(level)s, pas encore publié.") % facts)
    except changes.NotDeliberating:
        messages.error(request, _outside(one.dossier.campaign))
    except changes.NoQuorum as error:
        facts = {"present": error.present, "seated": error.seated}
        messages.error(
            request, _("Pas de quorum : %(present)s jurés présents sur %(seated)s. Rien n’est décidé.") % facts
        )
    except changes.ReasonNeeded:
        messages.error(
            request,
            _("%(territory)s : dites pourquoi le niveau diffère de la proposition.")
            % {"territory": one.dossier.territory},
        )
    except changes.BadLevel:
        messages.error(request, _("Un niveau va de 1 à 5 arobases."))
    except NotPossible:
        messages.warning(request, _("Cette décision a changé d’état entre-temps."))
    return redirect(f"{reverse('deliberation', args=[one.dossier.campaign_id])}#d{one.pk}")


def _outside(campaign: Campaign) -> str:
    calendar = in_force(campaign).calendar
    facts = {"start": moment(calendar.review_closes_at), "end": moment(calendar.ceremony_at)}
    return _("La délibération va du %(start)s à la cérémonie, le %(end)s.") % facts


@open_to(ORGANISERS)
@require_POST
def publish(request: HttpRequest, year: int) -> HttpResponse:
    """Publish everything at once, or let the campaign do so by itself at the second of the ceremony."""
    one, by = get_object_or_404(Campaign, pk=year), cast(User, request.user)
    verb = request.POST.get("verb", "")
    if verb in {"release", "hold"}:
        outcomes.release(one.pk, itself=verb == "release", by=by)
        messages.success(
            request,
            _("La publication se fera d’elle-même.")
            if verb == "release"
            else _("La publication attendra votre geste."),
        )
        return redirect("deliberation", one.pk)
    if verb != "publish":
        raise Http404
    try:
        number = outcomes.publish(one.pk, by=by, at=timezone.now(), site=settings.SITE_URL)
    except outcomes.NotYet as error:
        messages.error(
            request, _("Rien n’est publié avant la cérémonie, le %(at)s.") % {"at": moment(error.ceremony_at)}
        )
    except outcomes.Undecided as error:
        names = ", ".join(str(dossier.territory) for dossier in error.dossiers[:8])
        messages.error(request, _("Rien n’est publié : il reste à décider de %(names)s.") % {"names": names})
    except NotPossible:
        messages.warning(request, _("C’était déjà fait."))
    else:
        messages.success(
            request, ngettext("%(n)s résultat publié.", "%(n)s résultats publiés.", number) % {"n": number}
        )
    return redirect("deliberation", one.pk)


@open_to(ORGANISERS)
@require_safe
def minutes(request: HttpRequest, year: int) -> HttpResponse:
    """The minutes of the meeting as a PDF: who was there, every decision with its proposal, reason and trace."""
    one = get_object_or_404(Campaign, pk=year)
    answer = HttpResponse(_minutes_pdf(one, meeting(one)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="proces-verbal-{one.pk}.pdf"'
    return answer


def _minutes_pdf(campaign: Campaign, seen: Meeting) -> bytes:
    verbs = {
        "propose": _("proposé"),
        "decide": _("décidé"),
        "undo": _("repris"),
        "publish": _("publié"),
        "appeal": _("après recours"),
    }
    at = timezone.now()
    facts = {
        "title": _("Procès-verbal de la délibération"),
        "label": _("Label Territoires, Villes et Villages Internet, édition %(year)s") % {"year": campaign.pk},
        "present_label": _("Présents"),
        "present": [str(juror) for juror in seen.jurors if juror.is_present],
        "columns": [_("Territoire"), _("Brute"), _("Corrigée"), _("Proposé"), _("Décidé"), _("Motif")],
        "rows": [
            [
                str(item.decision.dossier.territory),
                item.decision.raw,
                item.decision.calibrated,
                f"{item.decision.proposed} @",
                f"{item.decision.level} @" if item.decision.level else "–",
                item.decision.reason,
            ]
            for item in sorted(seen.items, key=lambda one: str(one.decision.dossier.territory))
        ],
        "trace_label": _("Toutes les étapes"),
        "trace": [
            " · ".join(filter(None, [moment(event.at), town, f"{verbs[event.verb]} {event.level} @", event.reason]))
            for item in seen.items
            for town in [str(item.decision.dossier.territory)]
            for event in item.decision.events.all()
            if event.verb != "propose"
        ],
        "sample": _("Exemple inventé pour la démonstration") if campaign.is_sample else "",
        "lang": "fr",
    }
    source = files("arobase.label").joinpath("typst/minutes.typ").read_bytes()
    return bytes(
        typst.compile(
            source,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["a-2b"],
            timestamp=int(at.timestamp()),
            sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        )
    )
