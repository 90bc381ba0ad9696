"""Preparing election nights: an agent's nights, a new one, its second round, its rehearsal."""

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from arobase.accounts.access import AGENTS
from arobase.accounts.models import User
from arobase.accounts.queries import places_of
from arobase.accounts.roles import Role
from arobase.elections.actions.preparing import (
    AlreadyDecided,
    AlreadyPrepared,
    BadPlan,
    NoRehearsal,
    StillHeld,
    change,
    wipe,
)
from arobase.elections.actions.preparing import prepare as prepared
from arobase.elections.models import Election, Kind, Scope
from arobase.elections.queries.plans import (
    counted_of,
    former_polls,
    has_second_round,
    plan_of,
    prepared_nights,
    with_seats,
)
from arobase.elections.queries.results import embargo_of
from arobase.elections.queries.sheets import codes_of
from arobase.elections.queries.wording import wrong
from arobase.elections.rules.palette import look
from arobase.elections.rules.plans import Plan, usual_kind
from arobase.elections.rules.preparing import (
    Frozen,
    NoFigures,
    NotChosen,
    TooEarly,
    rehearsal,
    rehearsal_by_hand,
    second_round,
    with_figures_of,
)
from arobase.elections.sources.former import known_polls
from arobase.elections.views.audiences import OFFICERS
from arobase.elections.views.preparing_facts import NOTHING, Filled, day_of
from arobase.elections.views.preparing_form import filled_of, read_form, read_mending, say_problems
from arobase.territories.models import Kind as Ground
from arobase.territories.models import Territory
from arobase.web.access import open_to

MOST_NAMED = 8  # stations named in a sentence
EXERCISE = gettext_noop("Chiffres d’exercice, saisis par l’équipe")
DECIDED = gettext_noop(
    "Le premier tour a élu le conseil : une liste a plus de la moitié des suffrages exprimés (Code électoral, L262). Il"
    " n’y a pas de second tour."
)
NO_SECOND_ROUND = gettext_noop("Ce scrutin n’a pas de second tour à préparer, ou il est déjà préparé.")


@open_to(AGENTS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def prepare(request: HttpRequest) -> HttpResponseBase:
    """One's nights and the form of a new one; everything typed is kept when something is wrong."""
    communes = _communes(request)
    if request.method != "POST":
        return _page(request, _empty(communes))
    filled = read_form(cast(Any, request.POST), cast(Any, request.FILES), communes=communes)
    if filled.plan is None:
        return _page(request, filled)
    try:
        made = prepared(with_seats(filled.plan), by=cast(User, request.user), at=timezone.now())
    except BadPlan as error:
        say_problems(filled, error.found)
        return _page(request, filled)
    messages.success(request, _said_of(made, filled))
    return _to(made)


def _empty(communes: Mapping[str, str]) -> Filled:
    """The form of a new night, for the first of one's communes."""
    code = next(iter(communes), "")
    return Filled({**NOTHING, "code": code, "kind": usual_kind(code)})


@open_to(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, number: int) -> HttpResponseBase:
    """Change what was prepared; once the first figure is entered, only what no figure is read by."""
    election = get_object_or_404(Election, pk=number)
    if request.method != "POST":
        return _edited(request, election, filled_of(plan_of(election)))
    filled = _read_again(request, election)
    if filled.plan is None:
        return _edited(request, election, filled)
    try:
        made = change(number, filled.plan, by=cast(User, request.user), at=timezone.now())
    except BadPlan as error:
        say_problems(filled, error.found)
        return _edited(request, election, filled)
    except Frozen as error:
        filled.say("stations", _said_of_frozen(error))
        return _edited(request, Election.objects.get(pk=number), filled)
    messages.success(request, _("Corrections enregistrées.") if made.head_sequence else _said_of(made, filled))
    return _to(made)


def _read_again(request: HttpRequest, election: Election) -> Filled:
    """The form of a night that is there: all of it before the first figure, what may still change after."""
    kept = plan_of(election)
    sent, files = cast(Any, request.POST), cast(Any, request.FILES)
    if election.head_sequence:
        return read_mending(sent, files, kept=kept)
    filled = read_form(sent, files, communes={election.code: election.place})
    if filled.plan is not None:
        filled.plan = with_figures_of(filled.plan, kept) if election.is_rehearsal else with_seats(filled.plan)
    return filled


def _said_of_frozen(error: Frozen) -> str:
    if not error.stations:  # the first figure came in while someone typed
        return _("Un premier chiffre vient d’être saisi : rechargez la page, qui montre ce qui peut encore changer.")
    return _(
        "Des chiffres sont déjà saisis : bureaux, inscrits, ouverture et fermeture ne changent plus. Remettez ceux"
        " d’avant pour : %s."
    ) % _few(error.stations)


def _edited(request: HttpRequest, election: Election, filled: Filled) -> HttpResponse:
    facts = {
        **_form_facts(filled, {election.code: election.place}),
        "election": election,
        "is_begun": bool(election.head_sequence),
        "codes": codes_of(election),
        "colours": [("hue-{} {}".format(*look(one.place)), one.name) for one in election.choices.all()],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if filled.problems else HTTPStatus.OK
    return render(request, "elections/edit.html", facts, status=status)


def _form_facts(filled: Filled, communes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "communes": communes.items(),
        "values": filled.values,
        "problems": filled.problems,
        "wrong": filled.by_field,
        "kinds": Kind.choices,
        "scopes": Scope.choices,
        "known": [(slug, _(name)) for slug, name in known_polls().items()],
    }


@open_to(OFFICERS)
@require_POST
def prepare_second_round(request: HttpRequest, number: int) -> HttpResponseBase:  # noqa: PLR0911 - each refusal is said
    """The second round of a night: lists that stand again, the same stations, the first round as last time's result."""
    first = get_object_or_404(Election, pk=number)
    is_held = embargo_of(first, at=timezone.now()) is not None
    if first.round != 1 or first.is_rehearsal or is_held or has_second_round(first):
        return _refused(request, first, _(NO_SECOND_ROUND))
    filled = Filled({})
    day = day_of(filled, request.POST.get("day", ""))
    if filled.problems:
        return _refused(request, first, *[text for _name, text in filled.problems])
    poll = _("premier tour, %s") % date_format(first.day, "DATE_FORMAT")
    try:
        plan = second_round(plan_of(first), _chosen(request, first), day=day, counted=counted_of(first, poll=poll))
        made = prepared(plan, by=cast(User, request.user), at=timezone.now(), first_round=first)
    except NotChosen:
        return _refused(request, first, _("Cochez les listes qui se présentent au second tour."))
    except AlreadyPrepared:
        return _refused(request, first, _(NO_SECOND_ROUND))
    except AlreadyDecided:
        return _refused(request, first, _(DECIDED))
    except TooEarly:
        return _refused(request, first, _("Le second tour vient après le premier : choisissez un jour plus tard."))
    except BadPlan as error:
        return _refused(request, first, *map(wrong, error.found))
    messages.success(request, _("Second tour préparé. Faites ses feuilles : les codes du premier n’y ouvrent rien."))
    return _to(made)


@open_to(OFFICERS)
@require_POST
def rehearse(request: HttpRequest, number: int) -> HttpResponseBase:
    """A night apart: last time's figures go by again, or people type figures for practice."""
    election = get_object_or_404(Election, pk=number)
    filled = Filled({})
    day = day_of(filled, request.POST.get("day", ""))
    if filled.problems:
        return _refused(request, election, *[text for _name, text in filled.problems])
    by_hand = request.POST.get("figures") == "hand"
    try:
        plan = (_by_hand if by_hand else _of_last_time)(election, day)
        made = prepared(plan, by=cast(User, request.user), at=timezone.now(), first_round=election.first_round)
    except NoFigures:
        return _refused(
            request,
            election,
            _("Aucun résultat d’avant n’est connu : ajoutez-le au scrutin, ou choisissez de saisir les chiffres."),
        )
    except BadPlan as error:
        return _refused(request, election, *map(wrong, error.found))
    messages.success(request, _("Répétition préparée. Faites ses feuilles, ou rejouez-la depuis le serveur."))
    return _to(made)


def _by_hand(election: Election, day: date) -> Plan:
    return rehearsal_by_hand(plan_of(election), day=day, origin=EXERCISE)


def _of_last_time(election: Election, day: date) -> Plan:
    origin = _("Chiffres de : %s ; enveloppes tirées au sort, blancs et nuls réunis") % ", ".join(
        former_polls(election)
    )
    return rehearsal(plan_of(election), day=day, origin=origin[:200])


@open_to(OFFICERS)
@require_POST
def wipe_night(request: HttpRequest, number: int) -> HttpResponseBase:
    """Forget a rehearsal with all its figures, or a night in which nothing was entered."""
    election = get_object_or_404(Election, pk=number)
    try:
        wipe(number, by=cast(User, request.user), at=timezone.now())
    except StillHeld as error:
        with timezone.override(election.clock):
            until = date_format(timezone.localtime(error.until), "j F H:i")
        return _refused(
            request,
            election,
            _("Le jour du vote a commencé\u00a0: cette soirée reste jusqu’à la fin de son embargo, %s.") % until,
        )
    except NoRehearsal:
        return _refused(
            request, election, _("Des chiffres y sont saisis\u00a0: la chaîne en répond, rien n’est effacé.")
        )
    if election.is_rehearsal:
        messages.success(request, _("La répétition est effacée, avec tous ses chiffres."))
    else:
        messages.success(request, _("La soirée est effacée. Rien n’y était saisi."))
    return redirect("election_prepare")


def _page(
    request: HttpRequest, filled: Filled, *, about: Election | None = None, refused: Sequence[str] = ()
) -> HttpResponse:
    communes = _communes(request)
    facts = {
        **_form_facts(filled, communes),
        "nights": prepared_nights(list(communes), at=timezone.now()),
        "about": about,
        "refused": refused,
        "today": timezone.localdate(),
    }
    is_wrong = bool(filled.problems or refused)
    return render(
        request, "elections/prepare.html", facts, status=HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    )


def _refused(request: HttpRequest, about: Election, *lines: str) -> HttpResponse:
    return _page(request, _empty(_communes(request)), about=about, refused=lines)


def _communes(request: HttpRequest) -> Mapping[str, str]:
    """The communes someone is an agent of, by code."""
    own = [place for place in places_of(request.user, Role.AGENT) if place.startswith("commune:")]
    codes = [place.removeprefix("commune:") for place in own]
    names = dict(Election.objects.filter(code__in=codes).values_list("code", "place"))
    names |= dict(Territory.objects.filter(pk__in=own, kind=Ground.COMMUNE).values_list("code", "name"))
    return dict(sorted(names.items(), key=lambda one: one[1]))


def _chosen(request: HttpRequest, first: Election) -> Mapping[str, str]:
    """Lists ticked, with the name they have now."""
    return {
        one.name: request.POST.get(f"name.{one.place}", "").replace("\0", "").strip()[:200] or one.name
        for one in first.choices.all()
        if f"list.{one.place}" in request.POST
    }


def _said_of(made: Election, filled: Filled) -> str:
    said = _("Soirée préparée. Listes : %(lists)s. Bureaux : %(stations)s, dont %(former)s avec résultats d’avant.") % {
        "lists": made.choices.count(),
        "stations": made.stations.count(),
        "former": made.stations.exclude(former={}).count(),
    }
    if not filled.unmatched:
        return said
    return said + " " + _("Laissés de côté, car absents de la table des bureaux : %s.") % _few(filled.unmatched)


def _few(codes: Sequence[str]) -> str:
    more = len(codes) - MOST_NAMED
    return ", ".join(codes[:MOST_NAMED]) + (f" (+ {more})" if more > 0 else "")


def _to(made: Election) -> HttpResponseBase:
    return redirect(f"{reverse('election_prepare')}#soiree-{made.pk}")
