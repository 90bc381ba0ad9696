"""The juror's pages: the charter, what there is to read, the desk on which a dossier is scored."""

import secrets
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from arobase.accounts.access import holders_of
from arobase.accounts.models import User
from arobase.accounts.roles import Role
from arobase.initiatives.queries.links import checks_of
from arobase.initiatives.queries.referential import referential, said
from arobase.initiatives.queries.reports import reported
from arobase.label.actions import jury as seats
from arobase.label.actions import reviews as changes
from arobase.label.models import Dossier, Juror, Review
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.dossiers import Reading, read
from arobase.label.queries.feedback import said_to
from arobase.label.queries.jury import readable
from arobase.label.queries.phrases import moment, points, refusal_words, value_sentence
from arobase.label.queries.progress import progress
from arobase.label.queries.reviews import is_writable, last_level, others, readings_of, score
from arobase.label.rules.fields import BadValue, Part
from arobase.label.rules.reviews import (
    FOR_JURY,
    FOR_TOWN,
    LONGEST_COMMENT,
    REVIEW,
    ReviewState,
    ReviewVerb,
    mark_field,
    sight,
)
from arobase.label.rules.saving import Overtaken, Save, WrittenMeanwhile
from arobase.label.rules.states import NotPossible
from arobase.label.views.desk import progress_shown
from arobase.label.views.dossiers import LONGEST_CLIENT, plain
from arobase.territories.models import Territory
from arobase.web.access import open_to

JURORS = holders_of(Role.JUROR)
TIES = range(3)  # territories that a juror can name on the page


@open_to(JURORS)
@require_http_methods(["GET", "HEAD", "POST"])
def jury_home(request: HttpRequest) -> HttpResponse:
    """One's seats in juries, the charter, and what is to be read; POST accepts the charter."""
    user, at, problem = cast(User, request.user), timezone.now(), ""
    if request.method == "POST":
        juror = get_object_or_404(Juror, pk=_number(request.POST.get("juror")), user=user)
        try:
            if request.POST.get("verb") == "withdraw":
                seats.withdraw(juror.pk, by=user, at=at)
                messages.success(request, _("Vous avez quitté le jury. Ce que vous aviez terminé reste."))
            else:
                ties = [
                    one for one in (request.POST.get(f"tie-{juror.pk}-{place}_id", "").strip() for place in TIES) if one
                ]
                seats.accept(juror.pk, expertise=request.POST.getlist("expertise"), ties=ties, by=user, at=at)
                messages.success(request, _("Charte acceptée."))
            return redirect("jury_home")
        except seats.UnknownPlace as error:
            problem = _("« %(name)s » n’est pas un territoire : choisissez-le dans la liste.") % {"name": error.name}
    mine = Juror.objects.filter(user=user).select_related("campaign").order_by("-campaign_id")
    context = {
        "problem": problem,
        "seats": [_seat(one, user, at=at) for one in mine],
        "categories": [(one.slug, said(one.name)) for one in referential().categories],
    }
    return render(request, "label/jury_home.html", context, status=422 if problem else 200)


def _seat(juror: Juror, user: User, *, at: datetime) -> dict[str, Any]:
    configuration = in_force(juror.campaign)
    phase = configuration.jury.phase(at)
    is_seated = juror.accepted_at is not None and juror.withdrew_at is None
    mine = readings_of(user, juror.campaign) if is_seated else []
    done = sum(one.state == ReviewState.DONE for one in mine)
    return {
        "juror": juror,
        "is_seated": is_seated,
        "reviews": [(one, _title(one, shows=phase.names), len(one.marks.all())) for one in mine],
        "done": done,
        "left": len(mine) - done,
        "closing": moment(configuration.calendar.review_closes_at),
        "phases": [(said(one.name), moment(one.until), one is phase) for one in configuration.jury.phases],
        "ties": _ties(juror),
        "said": said_to(juror),
    }


def _ties(juror: Juror) -> list[tuple[str, str, str]]:
    """Name, words and id of each field for a territory that the juror is tied to."""
    named = [(one.pk, one.name) for one in Territory.objects.filter(pk__in=juror.ties)]
    filled = [*named, *[("", "")] * len(TIES)][: len(TIES)]
    return [(f"tie-{juror.pk}-{place}", name, id) for place, (id, name) in zip(TIES, filled, strict=True)]


def _title(review: Review, *, shows: bool) -> str:
    if shows:
        return str(review.dossier.territory)
    return _("Dossier n° %(number)s") % {"number": review.dossier_id}


@open_to(JURORS)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """The desk: what the dossier presents, and one's marks; POST keeps them all, for those without scripts."""
    one, user, at = _readable(request, review_id), cast(User, request.user), timezone.now()
    problems: dict[str, tuple[str, str]] = {}
    if request.method == "POST":
        problems = _mark_all(request, one, user)
        if not problems:
            messages.success(request, _("Enregistré."))
            return redirect("review", one.pk)
    configuration, reading = in_force(one.juror.campaign), read(one.dossier)
    phase = configuration.jury.phase(at)
    seen = sight(phase, has_first_opinion=one.first_opinion_at is not None)
    own = score(one, configuration)
    is_open = is_writable(one, configuration, at=at)
    context = {
        "review": one,
        "title": _title(one, shows=seen.name),
        "may_write": one.state == ReviewState.ASSIGNED and is_open,
        "verbs": REVIEW.possible(ReviewState(one.state))[:2] if is_open else (),
        "progress": progress_shown(progress(reading), reading),
        "answers": [(said(q.label), reading.value(q.slug)) for q in reading.questions if reading.value(q.slug)],
        "initiatives": _presented(reading),
        "scale": [(anchor.score, said(anchor.text)) for anchor in configuration.jury.scale],
        "fields": _fields(one, problems),
        "problems": [(name, text) for name, (_value, text) in problems.items()],
        "score": points(own) if own is not None else "",
        "others": [(opinion.juror, points(opinion.score)) for opinion in others(one, configuration)]
        if seen.others
        else [],
        "sees_others": seen.others,
        "last": last_level(one.dossier) if seen.last_level else None,
        "closing": moment(configuration.calendar.review_closes_at),
        "phase": said(phase.name) if configuration.jury.phases else "",
        "until": moment(phase.until),
        "client": secrets.token_hex(8),
    }
    return render(request, "label/review.html", context, status=422 if problems else 200)


def _presented(reading: Reading) -> list[dict[str, Any]]:
    known = {one.pk: one for one in reading.documents}
    told = reported(one.initiative.pk for one in reading.presented)
    links = checks_of(one.values[Part.ADDRESS] or one.initiative.address for one in reading.presented)
    return [
        {
            "initiative": one.initiative,
            "services": [said(referential().service(slug).name) for slug in one.initiative.services],
            "refusal": refusal_words(one.refusal),
            "proof": one.action.proof,
            "address": one.values[Part.ADDRESS] or one.initiative.address,
            "document": known.get(int(one.values[Part.DOCUMENT])) if one.values[Part.DOCUMENT] else None,
            "note": one.values[Part.NOTE],
            "reports": told.get(one.initiative.pk, 0),
            "link": links.get(one.values[Part.ADDRESS] or one.initiative.address),
        }
        for one in sorted(reading.presented, key=lambda one: (one.refusal is not None, one.initiative.pk))
        if one.action.is_kept
    ]


def _fields(one: Review, problems: dict[str, tuple[str, str]]) -> dict[str, Any]:
    kept = {mark.field: mark for mark in one.marks.all()}
    configuration = in_force(one.juror.campaign)
    scale = configuration.jury.scale
    words = {anchor.score: said(anchor.text) for anchor in scale}
    steps = range(scale[0].score, scale[-1].score + 1)

    def shown(name: str) -> dict[str, Any]:
        row = kept.get(name)
        value = row.value if row else ""
        typed, problem = problems.get(name, (value, ""))
        return {
            "name": name,
            "id": name.replace(".", "-"),
            "kept": value,
            "value": typed,
            "version": row.version if row else 0,
            "problem": problem,
        }

    marks = [
        {
            **shown(mark_field(category.slug)),
            "label": said(category.name),
            "choices": [
                (
                    str(step),
                    f"{step} · {words[step]}" if step in words else str(step),
                    str(step) == shown(mark_field(category.slug))["value"],
                )
                for step in steps
            ],
        }
        for category in referential().categories
        if configuration.scoring.categories[category.slug]
    ]
    comments = [
        {
            **shown(FOR_TOWN),
            "label": _("Pour le territoire"),
            "help": _("Il le lira avec son résultat. Ce qui est réussi, ce qui aiderait."),
        },
        {**shown(FOR_JURY), "label": _("Pour le jury"), "help": _("Lu en délibération seulement.")},
    ]
    return {"marks": marks, "comments": comments, "longest": LONGEST_COMMENT}


def _mark_all(request: HttpRequest, one: Review, user: User) -> dict[str, tuple[str, str]]:
    problems: dict[str, tuple[str, str]] = {}
    client = request.POST.get("client", "")[:LONGEST_CLIENT]
    for name, value in request.POST.items():
        base = request.POST.get(f"base:{name}")
        if base is None or not base.isdigit() or value == request.POST.get(f"was:{name}"):
            continue
        answer, status = _kept(one, name, Save(plain(str(value)), int(base), client, 1), user)
        if status != 200:  # noqa: PLR2004 - kept
            problems[name] = (
                str(value),
                answer.get("problem") or _("Écrit entre-temps dans une autre fenêtre : « %(theirs)s ».") % answer,
            )
    return problems


@open_to(JURORS)
@require_POST
def save_mark(request: HttpRequest, review_id: int) -> JsonResponse:
    """Keep one field of one's review."""
    one = _readable(request, review_id)
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
    answer, status = _kept(one, name, save, cast(User, request.user))
    return JsonResponse(answer, status=status)


def _kept(one: Review, name: str, save: Save, user: User) -> tuple[dict[str, Any], int]:
    at = timezone.now()
    answer: tuple[dict[str, Any], int]
    try:
        kept = changes.mark(one.pk, name, save, by=user, at=at)
    except BadValue as error:
        answer = {"problem": value_sentence(error)}, 422
    except Overtaken:
        answer = {"overtaken": True}, 200
    except WrittenMeanwhile as error:
        answer = {"theirs": error.kept.value, "version": error.kept.version, "by": str(user)}, 409
    except changes.ReviewsClosed:
        answer = {"problem": _("Les évaluations sont closes, ou ne sont pas encore ouvertes.")}, 410
    except changes.Finished:
        answer = {"problem": _("Cette évaluation est terminée : rouvrez-la pour la modifier.")}, 410
    else:
        answer = {"version": kept.version, "at": timezone.localtime(at).strftime("%H:%M:%S")}, 200
    return answer


@open_to(JURORS)
@require_POST
def review_state(request: HttpRequest, review_id: int) -> HttpResponse:
    """Finish, reopen, or declare a conflict and read no further."""
    one, user, at = _readable(request, review_id), cast(User, request.user), timezone.now()
    verb = request.POST.get("verb", "")
    if verb == ReviewVerb.RECUSE:
        dossier = Dossier.objects.get(pk=one.dossier_id)
        seats.declare(one.juror, dossier, reason=request.POST.get("reason", ""), by=user, at=at)
        messages.success(request, _("Conflit noté : ce dossier ne vous est plus montré."))
        return redirect("jury_home")
    if verb not in {ReviewVerb.FINISH, ReviewVerb.REOPEN}:
        raise Http404
    try:
        changes.move(one.pk, ReviewVerb(verb), by=user, at=at)
    except changes.Unmarked:
        messages.error(request, _("Pas terminée : chaque catégorie attend une note."))
    except changes.ReviewsClosed:
        messages.error(request, _("Les évaluations sont closes, ou ne sont pas encore ouvertes."))
    except NotPossible:
        messages.warning(request, _("C’était déjà fait."))
    else:
        messages.success(request, _("Évaluation terminée.") if verb == ReviewVerb.FINISH else _("Évaluation rouverte."))
    return redirect("review", one.pk)


def _readable(request: HttpRequest, review_id: int) -> Review:
    found = readable(cast(User, request.user), review_id)
    if found is None:
        raise Http404
    return found


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
