"""The dossier of a territory: written field by field, seen as a mosaic, handed in, taken back."""

import secrets
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arobase.accounts.access import AGENTS
from arobase.accounts.models import User
from arobase.accounts.queries import places_of
from arobase.accounts.roles import Role
from arobase.label.actions import dossiers
from arobase.label.actions.letters import write_letter
from arobase.label.models import Dossier
from arobase.label.queries.appeals import appeal_of, may_appeal
from arobase.label.queries.campaigns import open_campaign
from arobase.label.queries.dossiers import Reading, deadline, may_write, read
from arobase.label.queries.feedback import ASKED, opinions_of
from arobase.label.queries.phrases import (
    closing_words,
    euros,
    gap_sentence,
    level_words,
    missing_words,
    moment,
    value_sentence,
)
from arobase.label.queries.progress import progress
from arobase.label.queries.reviews import result_of
from arobase.label.queries.teams import may_submit, requests_for, team_of
from arobase.label.rules.feedback import HIGHEST, LOWEST
from arobase.label.rules.fields import BadValue
from arobase.label.rules.saving import Kept, Overtaken, Save, WrittenMeanwhile
from arobase.label.rules.states import DOSSIER, DossierState, DossierVerb, NotPossible
from arobase.label.views.audiences import own_dossier
from arobase.label.views.desk import initiatives_shown, progress_shown, questions_shown
from arobase.label.views.receipts import receipt_pdf
from arobase.territories.models import Territory
from arobase.web.access import open_to

LONGEST_CLIENT = 40


@open_to(AGENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def participation(request: HttpRequest) -> HttpResponse:
    """The dossiers of one's territories; POST begins one, or opens the one that is there."""
    user, at = cast(User, request.user), timezone.now()
    own = places_of(user, Role.AGENT)
    campaign = open_campaign()
    if request.method == "POST":
        if campaign is None or request.POST.get("territory") not in own:
            raise Http404
        territory = get_object_or_404(Territory, pk=request.POST["territory"])
        try:
            found, _is_new = dossiers.begin(campaign, territory, by=user, at=at)
        except dossiers.Closed as error:
            messages.error(request, _("La participation est close depuis le %(at)s.") % {"at": moment(error.closes_at)})
            return redirect("participation")
        return redirect("dossier", found.pk)
    kept = Dossier.objects.filter(territory_id__in=own).select_related("campaign", "territory__department")
    readings = [read(one) for one in kept.prefetch_related("extensions")]
    rows = [(one.dossier, one, deadline(one.dossier, one.configuration, at=at)) for one in readings]
    begun = {one.territory_id for one, _reading, _deadline in rows if campaign and one.campaign_id == campaign.pk}
    context = {
        "campaign": campaign,
        "rows": [
            (one, reading.filled, closing_words(closing), closing.is_open, missing_words(reading))
            for one, reading, closing in rows
        ],
        "waiting": [one for one in Territory.objects.filter(pk__in=own) if one.pk not in begun] if campaign else [],
        "requests": requests_for([one for one in own if may_submit(user, one)]),
    }
    return render(request, "label/participation.html", context)


@open_to(AGENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def dossier(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The whole dossier; POST keeps every field at once, for those without scripts."""
    at = timezone.now()
    one = own_dossier(request, dossier_id)
    problems: dict[str, Any] = {}
    if request.method == "POST":
        problems = _keep_all(request, one, at=at)
        if not problems:
            messages.success(request, _("Enregistré. Le dossier reste un brouillon tant qu’il n’est pas déposé."))
            return redirect("dossier", one.pk)
    reading = read(one)
    return render(
        request, "label/dossier.html", _context(request, reading, problems, at=at), status=422 if problems else 200
    )


def _keep_all(request: HttpRequest, one: Dossier, *, at: datetime) -> dict[str, Any]:
    """Keep each field that differs from what it was when the form was opened; what was not kept, and why."""
    problems: dict[str, Any] = {}
    client = request.POST.get("client", "")[:LONGEST_CLIENT]
    for name, value in request.POST.items():
        base = request.POST.get(f"base:{name}")
        if base is None or not base.isdigit() or value == request.POST.get(f"was:{name}"):
            continue
        save = Save(plain(str(value)), int(base), client, 1)
        try:
            dossiers.write(one.pk, name, save, by=cast(User, request.user), at=at)
        except BadValue as error:
            problems[name] = (value, value_sentence(error))
        except WrittenMeanwhile as error:
            problems[name] = (
                value,
                _("Quelqu’un d’autre a écrit ici entre-temps : « %(theirs)s ».") % {"theirs": error.kept.value},
            )
        except (dossiers.Closed, dossiers.NotADraft):
            problems[name] = (
                value,
                _("Pas enregistré : le dossier n’est plus ouvert à l’écriture. Gardez votre texte."),
            )
        except Overtaken:
            continue
    return problems


@open_to(AGENTS)
@require_POST
def save_field(request: HttpRequest, dossier_id: int) -> JsonResponse:
    """Keep one field; the answer says which version stands, or why it was not kept."""
    at = timezone.now()
    one = own_dossier(request, dossier_id)
    try:
        save = Save(
            plain(request.POST.get("value", "")),
            int(request.POST["base"]),
            request.POST["client"][:LONGEST_CLIENT],
            int(request.POST["sequence"]),
        )
        name = request.POST["field"]
    except (KeyError, ValueError):
        return JsonResponse({"problem": _("Cet envoi est incomplet : rechargez la page.")}, status=400)
    answer, status = _kept(one, name, save, by=cast(User, request.user), at=at)
    return JsonResponse(answer, status=status)


def _kept(one: Dossier, name: str, save: Save, *, by: User, at: datetime) -> tuple[dict[str, Any], int]:
    """The answer to a save and its status."""
    answer: tuple[dict[str, Any], int]
    try:
        kept = dossiers.write(one.pk, name, save, by=by, at=at)
    except BadValue as error:
        answer = {"problem": value_sentence(error)}, 422
    except Overtaken:
        answer = {"overtaken": True}, 200
    except WrittenMeanwhile as error:
        answer = _conflict(one, name, error.kept), 409
    except dossiers.Closed as error:
        answer = {"problem": _("La participation est close depuis le %(at)s.") % {"at": moment(error.closes_at)}}, 410
    except dossiers.NotADraft:
        answer = {"problem": _("Ce dossier est déposé : rouvrez-le pour le modifier.")}, 410
    else:
        answer = {"version": kept.version, "at": timezone.localtime(at).strftime("%H:%M:%S")}, 200
    return answer


def _conflict(one: Dossier, name: str, kept: Kept) -> dict[str, Any]:
    answer = one.answers.select_related("by").filter(field=name).first()
    return {"theirs": kept.value, "version": kept.version, "by": str(answer.by) if answer and answer.by else ""}


def plain(value: str) -> str:
    """Text without NUL, with the line ends of a database."""
    return value.replace("\r\n", "\n").replace("\0", "").strip()


@open_to(AGENTS)
@require_safe
def dossier_progress(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The mosaic, the level within reach and what is missing: asked for again after a save."""
    reading = read(own_dossier(request, dossier_id))
    return render(request, "label/parts/progress.html", {"progress": progress_shown(progress(reading), reading)})


@open_to(AGENTS)
@require_POST
def dossier_state(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Hand in, reopen, withdraw, resume."""
    at, user = timezone.now(), cast(User, request.user)
    one = own_dossier(request, dossier_id)
    verb = request.POST.get("verb", "")
    if verb not in set(DossierVerb):
        raise Http404
    try:
        moved = dossiers.move(one.pk, DossierVerb(verb), by=user, at=at)
    except dossiers.NotAllowed as error:
        raise PermissionDenied from error
    except dossiers.Incomplete as error:
        messages.error(
            request,
            _("Pas déposé. Il manque : %(gaps)s.") % {"gaps": ", ".join(gap_sentence(gap) for gap in error.gaps)},
        )
    except dossiers.Closed as error:
        messages.error(
            request,
            _("La participation est close depuis le %(at)s : rien n’a changé.") % {"at": moment(error.closes_at)},
        )
    except NotPossible:
        messages.warning(request, _("C’était déjà fait, ou l’état du dossier a changé entre-temps."))
    else:
        words = {
            DossierVerb.SUBMIT: _("Déposé. Le reçu est prêt, et vous est aussi envoyé."),
            DossierVerb.REOPEN: _("Rouvert : c’est de nouveau un brouillon. Déposez-le avant la clôture."),
            DossierVerb.WITHDRAW: _("Retiré. Rien n’est perdu : il peut être repris jusqu’à la clôture."),
            DossierVerb.RESUME: _("Repris en brouillon."),
        }
        messages.success(request, words[DossierVerb(verb)])
        if verb == DossierVerb.SUBMIT:
            _send_receipt(request, moved)
    return redirect("dossier", one.pk)


def _send_receipt(request: HttpRequest, one: Dossier) -> None:
    snapshot = one.snapshots.last()
    if snapshot is None or one.submitted_at is None:
        return
    write_letter(
        one.campaign,
        "receipt",
        key=f"receipt:{snapshot.pk}",
        to=cast(User, request.user).email,
        at=one.submitted_at,
        territory=str(one.territory),
        edition=one.campaign_id,
        submitted_at=moment(one.submitted_at),
        fingerprint=snapshot.fingerprint,
        link=request.build_absolute_uri(f"/dossiers/{one.pk}/recu.pdf"),
    )


@open_to(AGENTS)
@require_safe
def receipt(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The receipt of the last time the dossier was handed in, as a PDF."""
    one = own_dossier(request, dossier_id)
    snapshot = one.snapshots.filter(milestone="submitted").last()
    if snapshot is None:
        raise Http404
    answer = HttpResponse(receipt_pdf(one, snapshot), content_type="application/pdf")
    answer["Content-Disposition"] = (
        f'attachment; filename="recu-{one.campaign_id}-{one.territory.code}-{snapshot.fingerprint[:8]}.pdf"'
    )
    return answer


@open_to(AGENTS)
@require_safe
def record(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """What was handed in, as the very document whose fingerprint the receipt prints."""
    one = own_dossier(request, dossier_id)
    snapshot = one.snapshots.filter(milestone="submitted").last()
    if snapshot is None:
        raise Http404
    return JsonResponse(
        snapshot.content, json_dumps_params={"ensure_ascii": False, "sort_keys": True, "separators": (",", ":")}
    )


def _result(one: Dossier) -> dict[str, Any] | None:
    """The level and what the jurors wrote for the territory, once all is published."""
    found = result_of(one)
    if found is None:
        return None
    return {
        "level": found.level,
        "words": level_words(found.level),
        "mentions": found.mentions,
        "opinions": opinions_of(one),
        "asked": ASKED,
        "scale": range(LOWEST, HIGHEST + 1),
    }


def _context(request: HttpRequest, reading: Reading, problems: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    one, user = reading.dossier, cast(User, request.user)
    closing = deadline(one, reading.configuration, at=at)
    submits = may_submit(user, one.territory_id)
    verbs = DOSSIER.possible(DossierState(one.state)) if closing.is_open and submits else ()
    return {
        "dossier": one,
        "closing": closing_words(closing),
        "is_open": closing.is_open,
        "is_extended": closing.is_extended,
        "may_write": may_write(reading, at=at),
        "verbs": verbs,
        "may_submit": submits,
        "blocking": [gap_sentence(gap) for gap in reading.gaps if gap.blocks],
        "questions": questions_shown(reading, problems),
        "initiatives": initiatives_shown(reading, problems),
        "problems": [(name, text) for name, (_value, text) in problems.items()],
        "progress": progress_shown(progress(reading), reading),
        "documents": reading.documents,
        "snapshot": one.snapshots.filter(milestone="submitted").last(),
        "submitted_at": moment(one.submitted_at) if one.submitted_at else "",
        "fee": euros(one.fee),
        "team": team_of(one.territory_id),
        "result": _result(one),
        "appeal": appeal_of(one),
        "may_appeal": submits and may_appeal(one, at=at),
        "appeals_close": moment(reading.configuration.calendar.appeals_close_at()),
        "events": one.events.select_related("by"),
        "client": secrets.token_hex(8),
    }
