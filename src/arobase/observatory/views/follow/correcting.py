"""What a town, or an organiser for it, puts right: its domains, there and back, and whether it is looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from arobase.accounts.access import ORGANISERS
from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.observatory.actions import follow
from arobase.observatory.models import OfficialDomain, OptOut, Purpose
from arobase.observatory.queries.follow import PUT_RIGHT, before_correction, corrections_of
from arobase.observatory.rules.declared import NotADomain, Site, mail_domain_of, site_of
from arobase.observatory.views.follow.phrases import flaw_said
from arobase.territories.models import Territory
from arobase.web.access import Audience, open_to

RECENT = 50
LONGEST_ADDRESS = 500
UNDO = "undo-"  # before what is put back to the directory's

Told = Mapping[Purpose, str]


def _speaks(user: object, *, code: str) -> bool:
    return holds(user, Role.AGENT, territory_id=f"commune:{code}")


SPEAKERS = Audience(Role.AGENT.value, _speaks)


class NothingGiven(ValueError):
    """The form was sent with both fields empty."""

    message = gettext_lazy(
        "Les deux champs sont vides, rien n’a changé. Donnez l’adresse du site ou le domaine de la messagerie."
    )


class NotAllDomains(ValueError):
    """Something in the form is not the name of a domain."""

    message = gettext_lazy("Rien n’a été corrigé : un champ ne donne pas de nom de domaine, comme ville.fr.")


REFUSALS = (follow.NoReason, follow.NothingPutRight, NothingGiven, NotAllDomains)


@dataclass(frozen=True)
class Field:
    """A domain to put right, with what is declared today.

    back     what the directory declared before it was put right; empty where it declared nothing
    problem  what is wrong with what was told
    """

    name: str
    label: str
    help: str
    now: str
    source: str
    is_put_right: bool
    back: str
    told: str
    problem: str


@open_to(SPEAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Put the declared site or mail domain right, or back to what the directory declares."""
    town, problem, status = _town(code), "", 200
    if request.method == "POST":
        try:
            messages.success(request, _righted(town, request.POST.get("act", ""), _told(request), _hand(request)))
            return redirect("observatory_commune", code)
        except REFUSALS as error:
            problem, status = str(error.message), 422
    context = {**_shown(request, town), "problem": problem}
    return render(request, "observatory/follow/correct.html", context, status=status)


@open_to(SPEAKERS)
@require_POST
def opt_out(request: HttpRequest, code: str) -> HttpResponse:
    """Leave a commune out, or look at it again where `back` is sent."""
    town, act = _town(code), "back" if "back" in request.POST else "out"
    messages.success(request, _acted(town, act, request, _hand(request)))
    return redirect("observatory_commune", code)


@open_to(ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def act_for(request: HttpRequest, code: str) -> HttpResponse:
    """Put right, leave out or look at again a commune that wrote to the organiser; why is asked for and kept."""
    town, problem, status = _town(code), "", 200
    asked, act = _text(request, "asked"), request.POST.get("act", "")
    if request.method == "POST":
        try:
            messages.success(request, _acted(town, act, request, _hand(request, why=asked)))
            return redirect("observatory_act_for", code)
        except REFUSALS as error:
            problem, status = str(error.message), 422
    context = {
        **_shown(request, town),
        "problem": problem,
        "asked": asked,
        "why": _text(request, "why"),
        "act": act,
        "longest": follow.LONGEST,
        "opt_out": OptOut.objects.filter(territory=town, until=None).first(),
    }
    return render(request, "observatory/follow/act_for.html", context, status=status)


def _acted(town: Territory, act: str, request: HttpRequest, hand: follow.Hand) -> str:
    """What was done, in a sentence. Raises one of REFUSALS."""
    if act == "out":
        follow.opt_out(town.pk, why=_text(request, "why"), hand=hand, on=timezone.localdate())
        return _("La commune n’est plus observée.")
    if act == "back":
        follow.opt_in(town.pk, hand=hand, on=timezone.localdate())
        return _("La campagne suivante observera de nouveau la commune.")
    return _righted(town, act, _told(request), hand)


def _righted(town: Territory, act: str, told: Told, hand: follow.Hand) -> str:
    """What was put right, or put back, in a sentence. Raises NothingPutRight, NothingGiven, NotAllDomains."""
    for purpose in Purpose:
        if act == f"{UNDO}{purpose}":
            follow.take_back_correction(town.pk, purpose, hand=hand, on=timezone.localdate())
            return _("La correction est retirée ; l’annuaire vaut de nouveau, et ses chargements comptent.")
    _correct(town, told, hand)
    return _("Corrigé ; les chargements suivants garderont cette correction.")


def _correct(town: Territory, told: Told, hand: follow.Hand) -> None:
    """Put right what was given. Raises NothingGiven, NotAllDomains."""
    given = {purpose: text for purpose, text in told.items() if text}
    if not given:
        raise NothingGiven
    try:
        read = {purpose: _READ[purpose](text) for purpose, text in given.items()}
    except NotADomain as error:
        raise NotAllDomains from error
    for purpose, one in read.items():
        follow.correct_domain(town.pk, purpose, host=one.host, address=one.address, hand=hand, on=timezone.localdate())


def _site(text: str) -> Site:
    site = site_of(text)
    return Site(site.host, site.address[:LONGEST_ADDRESS])


def _letterbox(text: str) -> Site:
    return Site(mail_domain_of(text), "")


_READ: Mapping[Purpose, Callable[[str], Site]] = {Purpose.WEB: _site, Purpose.MAIL: _letterbox}


def _shown(request: HttpRequest, town: Territory) -> dict[str, Any]:
    """What the forms show: fields as they were typed, and what was put right before."""
    return {
        "town": town,
        "fields": _fields(town, _told(request)),
        "undo": UNDO,
        "corrections": corrections_of(town.pk)[:RECENT],
    }


def _fields(town: Territory, told: Told) -> list[Field]:
    declared = {one.purpose: one for one in OfficialDomain.objects.filter(territory=town, until=None)}
    words = {
        Purpose.WEB: (_("Adresse du site"), _("Par exemple https://www.ville.fr/.")),
        Purpose.MAIL: (_("Domaine de la messagerie"), _("Ce qui suit l’arobase des adresses, comme ville.fr.")),
    }
    return [
        Field(
            purpose.value,
            *words[purpose],
            now=_declared(now := declared.get(purpose)),
            source=_(now.source) if now else "",
            is_put_right=bool(now and now.source in PUT_RIGHT),
            back=_declared(before_correction(town.pk, purpose)),
            told=told[purpose],
            problem=_problem(purpose, told[purpose]),
        )
        for purpose in Purpose
    ]


def _declared(one: OfficialDomain | None) -> str:
    return (one.address or one.host) if one else ""


def _problem(purpose: Purpose, text: str) -> str:
    """What is wrong with what was typed, and what would be right; empty where nothing is."""
    try:
        if text:
            _READ[purpose](text)
    except NotADomain as error:
        wrong = {
            Purpose.WEB: _(
                "« %(told)s » n’est pas l’adresse d’un site. %(why)s Écrivez par exemple https://www.ville.fr/."
            ),
            Purpose.MAIL: _("« %(told)s » n’est pas un domaine de messagerie. %(why)s Écrivez par exemple ville.fr."),
        }
        return wrong[purpose] % {"told": text, "why": flaw_said(error.flaw)}
    return ""


def _told(request: HttpRequest) -> Told:
    return {one: _text(request, one.value).strip()[:LONGEST_ADDRESS] for one in Purpose}


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "")


def _hand(request: HttpRequest, *, why: str | None = None) -> follow.Hand:
    """Whoever asks: the town's agent, or an organiser where `why` is given. Raises follow.NoReason."""
    return follow.Hand(cast(User, request.user), timezone.now(), why is None, why or "")


def _town(code: str) -> Territory:
    return get_object_or_404(Territory, pk=f"commune:{code}")
