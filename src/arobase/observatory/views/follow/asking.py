"""What people ask: to be told, to mend an error, to correct a domain, to be left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from arobase.accounts.access import ORGANISERS
from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.observatory.actions import follow
from arobase.observatory.models import ErrorReport, OfficialDomain, OptOut, Purpose, Watch
from arobase.observatory.queries.follow import corrections_of
from arobase.observatory.rules.declared import host_of
from arobase.territories.models import Territory
from arobase.web.access import ANYONE, SIGNED_IN, Audience, open_to

RECENT = 50
TRAP = "website"  # hidden from people: whoever fills it in is a machine


def _speaks(user: object, *, code: str) -> bool:
    return holds(user, Role.AGENT, territory_id=f"commune:{code}")


SPEAKERS = Audience(Role.AGENT.value, _speaks)


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


@open_to(SPEAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Put the declared site or mail domain right."""
    town, problem, status = _town(code), "", 200
    told = {one.value: request.POST.get(one.value, "").replace("\0", "").strip()[:500] for one in Purpose}
    if request.method == "POST":
        try:
            _correct(town, told, _hand(request))
            messages.success(request, _("Corrigé ; les chargements suivants garderont cette correction."))
            return redirect("observatory_commune", code)
        except (NothingGiven, NotADomain) as error:
            problem, status = str(error.message), 422
    fields = _fields(town, told, is_refused=bool(problem))
    context = {"town": town, "fields": fields, "problem": problem}
    return render(request, "observatory/follow/correct.html", context, status=status)


def _hand(request: HttpRequest, *, why: str | None = None) -> follow.Hand:
    """Whoever asks: the town's agent, or an organiser where `why` is given. Raises follow.NoReason."""
    return follow.Hand(cast(User, request.user), timezone.now(), why is None, why or "")


def _correct(town: Territory, told: Mapping[str, str], hand: follow.Hand) -> None:
    """Put right what was given. Raises NothingGiven, NotADomain."""
    hosts = {purpose: _host(text) for purpose, text in told.items() if text}
    if not hosts:
        raise NothingGiven
    if not all(hosts.values()):
        raise NotADomain
    for purpose, host in hosts.items():
        address = told[purpose] if "://" in told[purpose] else f"https://{host}/"
        address = address if purpose == Purpose.WEB else ""
        follow.correct_domain(town.pk, Purpose(purpose), host=host, address=address, hand=hand, on=timezone.localdate())


def _host(text: str) -> str:
    return host_of(text.rpartition("@")[2])


@dataclass(frozen=True)
class Field:
    """A domain to put right, with what is declared today.

    problem  what is wrong with what was told
    """

    name: str
    label: str
    help: str
    now: str
    source: str
    told: str
    problem: str


def _fields(town: Territory, told: Mapping[str, str], *, is_refused: bool) -> list[Field]:
    declared = {one.purpose: one for one in OfficialDomain.objects.filter(territory=town, until=None)}
    words = {
        Purpose.WEB: (_("Adresse du site"), _("Par exemple https://www.ville.fr/.")),
        Purpose.MAIL: (_("Domaine de la messagerie"), _("Ce qui suit l’arobase des adresses, comme ville.fr.")),
    }
    wrong = {
        Purpose.WEB: _("« %(told)s » n’est pas l’adresse d’un site. Écrivez par exemple https://www.ville.fr/."),
        Purpose.MAIL: _("« %(told)s » n’est pas un domaine de messagerie. Écrivez par exemple ville.fr."),
    }
    return [
        Field(
            purpose.value,
            *words[purpose],
            now=(now.address or now.host) if (now := declared.get(purpose)) else "",
            source=_(now.source) if now else "",
            told=told[purpose],
            problem=wrong[purpose] % {"told": told[purpose]}
            if is_refused and told[purpose] and not _host(told[purpose])
            else "",
        )
        for purpose in Purpose
    ]


@open_to(SPEAKERS)
@require_POST
def opt_out(request: HttpRequest, code: str) -> HttpResponse:
    """Leave a commune out, or look at it again where `back` is sent."""
    town = _town(code)
    if "back" in request.POST:
        follow.opt_in(town.pk, hand=_hand(request), on=timezone.localdate())
        messages.success(request, _("La campagne suivante observera de nouveau la commune."))
    else:
        why = request.POST.get("why", "").replace("\0", "")
        follow.opt_out(town.pk, why=why, hand=_hand(request), on=timezone.localdate())
        messages.success(request, _("La commune n’est plus observée."))
    return redirect("observatory_commune", code)


@open_to(ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def act_for(request: HttpRequest, code: str) -> HttpResponse:
    """Put right, leave out or look at again a commune that wrote to the organiser; why is asked for and kept."""
    town, problem, status = _town(code), "", 200
    told = {one.value: request.POST.get(one.value, "").replace("\0", "").strip()[:500] for one in Purpose}
    asked, shown = (request.POST.get(name, "").replace("\0", "") for name in ("asked", "why"))
    act = request.POST.get("act", "")
    if request.method == "POST":
        try:
            said = _acted(town, act, told=told, shown=shown, hand=_hand(request, why=asked))
            messages.success(request, said)
            return redirect("observatory_act_for", code)
        except (follow.NoReason, NothingGiven, NotADomain) as error:
            problem, status = str(error.message), 422
    context = {
        "town": town,
        "fields": _fields(town, told, is_refused=bool(problem)),
        "problem": problem,
        "asked": asked,
        "why": shown,
        "act": act,
        "longest": follow.LONGEST,
        "opt_out": OptOut.objects.filter(territory=town, until=None).first(),
        "corrections": corrections_of(town.pk)[:RECENT],
    }
    return render(request, "observatory/follow/act_for.html", context, status=status)


class NothingGiven(ValueError):
    """The form was sent with both fields empty."""

    message = gettext_lazy(
        "Les deux champs sont vides, rien n’a changé. Donnez l’adresse du site ou le domaine de la messagerie."
    )


class NotADomain(ValueError):
    """Something in the form is not the name of a domain."""

    message = gettext_lazy("Rien n’a été corrigé : un champ ne donne pas de nom de domaine, comme ville.fr.")


def _acted(town: Territory, act: str, *, told: Mapping[str, str], shown: str, hand: follow.Hand) -> str:
    """What was done, in a sentence. Raises NothingGiven, NotADomain."""
    if act == "out":
        follow.opt_out(town.pk, why=shown, hand=hand, on=timezone.localdate())
        return _("La commune n’est plus observée.")
    if act == "back":
        follow.opt_in(town.pk, hand=hand, on=timezone.localdate())
        return _("La campagne suivante observera de nouveau la commune.")
    _correct(town, told, hand)
    return _("Corrigé ; les chargements suivants garderont cette correction.")


def _town(code: str) -> Territory:
    return get_object_or_404(Territory, pk=f"commune:{code}")
