"""The organiser's pages of the jury: who is invited, who reads what, what their scores are worth."""

import time
from collections.abc import Sequence
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arobase.accounts.access import ORGANISERS
from arobase.accounts.actions import BadAddress
from arobase.accounts.models import User
from arobase.label.actions import jury as changes
from arobase.label.models import Campaign, Conflict, Dossier, Juror, Review
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.feedback import comments_of, said_of, said_words
from arobase.label.queries.jury import first_readings, handed_in, lacking, seated, seats
from arobase.label.queries.phrases import moment, points
from arobase.label.queries.reviews import Grades, Row, grades
from arobase.label.queries.wording import say
from arobase.label.rules.assignment import BadProblem, Impossible
from arobase.label.rules.calendar import Phase
from arobase.label.rules.jury import Fact
from arobase.label.rules.levels import Level
from arobase.label.rules.reviews import ACTIVE
from arobase.label.sources.jury import refusal
from arobase.web.access import open_to

SECONDS = 20.0
LEAST_P = 0.001
MOST_READINGS = 5_000


@open_to(ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def jury(request: HttpRequest, year: int) -> HttpResponse:
    """The jury of a campaign; POST invites someone."""
    one, at = get_object_or_404(Campaign, pk=year), timezone.now()
    configuration, problem = in_force(one), ""
    if request.method == "POST":
        try:
            juror, is_new = changes.invite(
                one,
                request.POST.get("email", ""),
                name=request.POST.get("name", "").strip()[:150],
                by=cast(User, request.user),
                at=at,
                link=f"{settings.SITE_URL}/jury",
                closing=moment(configuration.calendar.review_closes_at),
            )
        except BadAddress:
            problem = _("Ce n’est pas une adresse électronique complète, comme prenom@exemple.fr.")
        else:
            said = _("%(juror)s est invité.") if is_new else _("%(juror)s est déjà du jury.")
            messages.success(request, said % {"juror": juror})
            return redirect("jury", one.pk)
    short, heard = lacking(one, configuration.jury.reviews), said_of(one)
    context = {
        "campaign": one,
        "problem": problem,
        "email": request.POST.get("email", ""),
        "name": request.POST.get("name", ""),
        "seats": seats(one, said_words(heard)),
        "said": heard,
        "comments": comments_of(one),
        "dossiers": handed_in(one),
        "lacking": len(short),
        "reviews": configuration.jury.reviews,
        "may_assign": configuration.calendar.phase(at) in {Phase.REVIEW, Phase.DELIBERATION},
        "closing": moment(configuration.calendar.closes_at),
        "conflicts": Conflict.objects.filter(dossier__campaign=one).select_related("juror__user", "dossier__territory"),
    }
    return render(request, "label/jury.html", context, status=422 if problem else 200)


@open_to(ORGANISERS)
@require_POST
def assign_jury(request: HttpRequest, year: int) -> HttpResponse:
    """Assign jurors to dossiers, keeping what can be kept."""
    one = get_object_or_404(Campaign, pk=year)
    start = time.perf_counter()
    try:
        found = changes.distribute(
            one,
            by=cast(User, request.user),
            at=timezone.now(),
            seconds=SECONDS,
            elapsed=lambda: time.perf_counter() - start,
        )
    except changes.NotYet:
        messages.error(request, _("La participation n’est pas close : les lectures s’attribuent après."))
    except changes.NothingToAssign:
        messages.error(request, _("Aucun dossier déposé, ou aucun juré qui a accepté la charte."))
    except (BadProblem, Impossible) as error:
        messages.error(request, _("Impossible : %(why)s") % {"why": say(refusal(_named(one, error)))})
    else:
        loads = found.loads.values()
        messages.success(
            request,
            _(
                "%(pairs)s lectures attribuées, de %(least)s à %(most)s par juré. Dossier le moins bien servi : "
                "%(worst)s, au plus %(bound)s."
            )
            % {
                "pairs": len(found.pairs),
                "least": min(loads),
                "most": max(loads),
                "worst": f"{found.worst_dossier_fit:.2f}",
                "bound": f"{found.worst_bound:.2f}",
            },
        )
        if not found.connected:
            messages.warning(
                request,
                _("Les jurés ne sont pas tous reliés par des dossiers communs : leurs notes se compareront mal."),
            )
    return redirect("jury", one.pk)


def _named(campaign: Campaign, error: BadProblem | Impossible) -> BadProblem | Impossible:
    """The same refusal with the names of dossiers and jurors where it has their numbers."""
    towns = {str(one.pk): str(one.territory) for one in handed_in(campaign)}
    people = {str(one.pk): str(one) for one in campaign.jurors.select_related("user")}
    names = {"dossier": towns, "dossiers": towns, "juror": people, "jurors": people}

    def told(name: str, fact: Fact) -> Fact:
        known = names.get(name, {})
        if isinstance(fact, tuple):
            return tuple(known.get(one, one) for one in fact)
        return known.get(str(fact), fact)

    return type(error)(error.reason, **{name: told(name, fact) for name, fact in error.facts.items()})


@open_to(ORGANISERS)
@require_POST
def set_loads(request: HttpRequest, year: int) -> HttpResponse:
    """Note how many dossiers each juror reads at most."""
    one = get_object_or_404(Campaign, pk=year)
    given = {juror: request.POST.get(f"most-{juror.pk}", "").strip() for juror in one.jurors.select_related("user")}
    if odd := [
        str(juror) for juror, text in given.items() if text and (not text.isdigit() or int(text) > MOST_READINGS)
    ]:
        messages.error(
            request,
            _("Rien n’est noté : un nombre de 0 à %(most)s, ou rien, pour %(names)s.")
            % {"most": MOST_READINGS, "names": ", ".join(odd)},
        )
        return redirect("jury", one.pk)
    for juror, text in given.items():
        changes.limit(juror.pk, int(text) if text else None, by=cast(User, request.user))
    messages.success(request, _("Charges notées. Attribuez de nouveau pour les suivre."))
    return redirect("jury", one.pk)


@open_to(ORGANISERS)
@require_POST
def set_conflict(request: HttpRequest, year: int) -> HttpResponse:
    """Set a conflict that the juror cannot lift, or lift one."""
    one, by = get_object_or_404(Campaign, pk=year), cast(User, request.user)
    if lifted := request.POST.get("lift"):
        found = get_object_or_404(Conflict, pk=lifted if lifted.isdigit() else 0, dossier__campaign=one)
        changes.lift(found.pk, by=by)
        messages.success(request, _("Conflit levé."))
        return redirect("jury", one.pk)
    juror = get_object_or_404(Juror, pk=_number(request, "juror"), campaign=one)
    dossier = get_object_or_404(Dossier, pk=_number(request, "dossier"), campaign=one)
    changes.declare(juror, dossier, reason=request.POST.get("reason", ""), by=by, at=timezone.now())
    messages.success(
        request, _("Conflit noté : ce juré ne voit plus ce dossier. Attribuez de nouveau pour le remplacer.")
    )
    return redirect("jury", one.pk)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdigit():
        raise Http404
    return int(text)


@open_to(ORGANISERS)
@require_safe
def calibration(request: HttpRequest, year: int) -> HttpResponse:
    """What the scores are worth: raw and corrected grades, severities, doubtful dossiers."""
    one = get_object_or_404(Campaign, pk=year)
    found = grades(one)
    return render(request, "label/calibration.html", {"campaign": one, **(_shown(found) if found else {})})


def _shown(found: Grades) -> dict[str, object]:
    spread = found.calibration.spread
    return {
        "applied": found.applied,
        "sd": f"{spread.sd:.1f}".replace(".", ","),
        "p": "" if spread.p_value is None else _probability(spread.p_value),
        "components": found.calibration.components,
        "rows": [
            {
                "dossier": one.dossier,
                "reviews": one.given.reviews,
                "raw": points(one.raw.value),
                "raw_level": one.raw.standing.arobases,
                "calibrated": points(one.calibrated.value),
                "level": one.calibrated.standing.arobases,
                "change": f"{float(one.calibrated.value - one.raw.value):+.1f}".replace(".", ","),
                "se": None if one.calibrated.se is None else f"{one.calibrated.se:.1f}".replace(".", ","),
                "is_doubtful": one.calibrated.is_doubtful,
                "needed": one.needed,
                **_drawn(one, found.levels),
                "chances": [
                    (level, round(100 * chance))
                    for level, chance in enumerate(one.calibrated.chances, 1)
                    if chance >= 0.01  # noqa: PLR2004 - a percent
                ],
            }
            for one in found.rows
        ],
        "doubtful": sum(one.calibrated.is_doubtful for one in found.rows),
        "jurors": [
            {
                "name": found.jurors[one.id],
                "severity": f"{one.severity:+.1f}".replace(".", ","),
                "se": None if one.se is None else f"{one.se:.1f}".replace(".", ","),
                "reviews": one.reviews,
            }
            for one in sorted(found.calibration.jurors, key=lambda one: -one.severity)
        ],
        "unread": found.unread,
        "n": sum(one.given.reviews for one in found.rows),
    }


def _drawn(one: Row, levels: Sequence[Level]) -> dict[str, object]:
    """Where the grades, the error and the thresholds stand on a line 100 long that begins at 2."""
    value, error = float(one.calibrated.value), one.calibrated.se or 0.0
    return {
        "x": _x(value),
        "raw_x": _x(float(one.raw.value)),
        "low": _x(value - error),
        "high": _x(value + error),
        "thresholds": [_x(float(level.threshold)) for level in levels],
    }


def _probability(p: float) -> str:
    """A probability as papers print it, never as nothing."""
    return "p < 0,001" if p < LEAST_P else f"p = {p:.3f}".replace(".", ",")


def _x(value: float) -> str:
    return f"{2 + min(100.0, max(0.0, value)):.1f}"


@open_to(ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def readings(request: HttpRequest, year: int) -> HttpResponse:
    """Who reads what; POST locks or frees a pair."""
    one = get_object_or_404(Campaign, pk=year)
    if request.method == "POST":
        review = get_object_or_404(Review, pk=_number(request, "review"), dossier__campaign=one, state__in=ACTIVE)
        Review.objects.filter(pk=review.pk).update(is_locked=not review.is_locked)
        return redirect("readings", one.pk)
    found = (
        first_readings()
        .filter(dossier__campaign=one, state__in=ACTIVE)
        .select_related("juror__user", "dossier__territory")
    )
    by_dossier: dict[int, list[Review]] = {}
    for review in found:
        by_dossier.setdefault(review.dossier_id, []).append(review)
    rows = [(dossier, by_dossier.get(dossier.pk, [])) for dossier in handed_in(one)]
    short = lacking(one, in_force(one).jury.reviews)
    names = {juror.pk: str(juror) for juror in seated(one)}
    context = {
        "campaign": one,
        "rows": [
            (dossier, reviews, dossier.pk in short, [names[juror] for juror in dossier.alternates if juror in names])
            for dossier, reviews in rows
        ],
    }
    return render(request, "label/readings.html", context)
