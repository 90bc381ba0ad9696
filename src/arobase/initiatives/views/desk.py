"""The desk of a town's agent: write an initiative, change it, propose it, show pictures of it."""

import json
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arobase.accounts.access import AGENTS
from arobase.accounts.models import User
from arobase.accounts.queries import holds, places_of
from arobase.accounts.roles import Role
from arobase.initiatives.actions.initiatives import BadSheet, ChangedMeanwhile, NotAllowed, change, move, write
from arobase.initiatives.actions.pictures import TooManyPictures, WordsNeeded, add_picture, take_away
from arobase.initiatives.models import COSTS, DOERS, EFFORTS, MATURITIES, Initiative, Picture
from arobase.initiatives.queries.desk import desks_of
from arobase.initiatives.queries.referential import referential, said
from arobase.initiatives.queries.sheets import kept, kept_sheet, sheet_from, sheet_of
from arobase.initiatives.queries.wording import BUTTONS, LABELS, sentence
from arobase.initiatives.rules.sheets import Sheet, missing
from arobase.initiatives.rules.states import BY_AGENTS, NotPossible, State, Verb, possible
from arobase.initiatives.sources.pictures import BadPicture, store
from arobase.initiatives.views.forms import Typed, typed, values_of
from arobase.initiatives.views.sheets import PICTURES
from arobase.territories.models import Territory
from arobase.web.access import open_to


@open_to(AGENTS)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The initiatives of one's territories, whatever their state."""
    return render(
        request, "initiatives/desk.html", {"desks": desks_of(cast(User, request.user), on=timezone.localdate())}
    )


@open_to(AGENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin an initiative."""
    user = cast(User, request.user)
    own = places_of(user, Role.AGENT)
    chosen = request.POST.get("territory") or request.GET.get("territoire") or own[0]
    if chosen not in own:
        raise PermissionDenied
    territory = get_object_or_404(Territory, pk=chosen)
    if request.method != "POST":
        service = [
            slug for slug in request.GET.getlist("service") if slug in {one.slug for one in referential().services}
        ]
        return _form(request, territory, Sheet(title="", services=tuple(service)))
    read = typed(request.POST)
    try:
        _refuse_unread(read)
        made = write(read.sheet, territory_id=territory.pk, by=user, at=timezone.now())
    except BadForm as error:
        return _form(request, territory, read.sheet, read=read, errors=error.sentences)
    except BadSheet as error:
        return _form(
            request, territory, read.sheet, read=read, errors=[(one.field, sentence(one)) for one in error.problems]
        )
    return _after(request, made)


@open_to(AGENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, initiative_id: int) -> HttpResponse:
    """Change an initiative; what two people changed at once is shown side by side, and nothing is lost."""
    one = _own(request, initiative_id)
    if request.method != "POST":
        return _form(request, one.territory, sheet_of(one), one=one)
    read = typed(request.POST)
    try:
        _refuse_unread(read)
        since = sheet_from(json.loads(request.POST.get("since", "")))
        changed = change(one.pk, read.sheet, since=since, by=cast(User, request.user), at=timezone.now())
    except BadForm as error:
        return _form(request, one.territory, read.sheet, read=read, errors=error.sentences, one=one)
    except BadSheet as error:
        errors = [(problem.field, sentence(problem)) for problem in error.problems]
        return _form(request, one.territory, read.sheet, read=read, errors=errors, one=one)
    except ChangedMeanwhile as error:
        one.refresh_from_db()
        both = [
            (LABELS[name], _plain(theirs), _plain(getattr(read.sheet, name)))
            for name, (_before, theirs) in error.conflicts.items()
        ]
        # What they wrote is what the next save starts from: sending again keeps mine, knowingly.
        return _form(request, one.territory, read.sheet, read=read, one=one, both=both, other=error.by, status=409)
    except (ValueError, KeyError, TypeError, AttributeError):
        return _form(request, one.territory, read.sheet, read=read, one=one, status=409, both=[])
    return _after(request, changed)


@open_to(AGENTS)
@require_POST
def state(request: HttpRequest, initiative_id: int) -> HttpResponse:
    """Propose, withdraw or take up again."""
    one = _own(request, initiative_id)
    verb = request.POST.get("verb", "")
    if verb not in BY_AGENTS:
        raise Http404
    _move(request, one, Verb(verb))
    return redirect(
        "desk" if verb == Verb.WITHDRAW else "edit_initiative", *(() if verb == Verb.WITHDRAW else (one.pk,))
    )


@open_to(AGENTS)
@require_POST
def send_picture(request: HttpRequest, initiative_id: int) -> HttpResponse:
    """Show a picture."""
    one = _own(request, initiative_id)
    file = request.FILES.get("picture")
    try:
        if file is None:
            raise BadPicture("missing")
        if not request.POST.get("alternative", "").strip():
            raise WordsNeeded
        written = store(cast(BinaryIO, file), folder=PICTURES)
        add_picture(
            one.pk,
            sha256=written.sha256,
            size=(written.width, written.height),
            alternative=request.POST.get("alternative", "").strip(),
            credit=request.POST.get("credit", "").strip(),
            by=cast(User, request.user),
            at=timezone.now(),
        )
    except BadPicture as error:
        messages.error(request, _picture_sentence(error))
    except WordsNeeded:
        messages.error(request, _("Dites ce que l’image montre : ceux qui ne la voient pas le liront."))
    except TooManyPictures:
        messages.error(request, _("Huit images au plus : retirez-en une d’abord."))
    return redirect("edit_initiative", one.pk)


@open_to(AGENTS)
@require_POST
def remove_picture(request: HttpRequest, picture_id: int) -> HttpResponse:
    """Show a picture no more."""
    found = get_object_or_404(Picture, pk=picture_id)
    _own(request, found.initiative_id)
    one = take_away(found.pk, by=cast(User, request.user), at=timezone.now())
    return redirect("edit_initiative", one.pk)


class BadForm(ValueError):
    """Days or places that cannot be read; carries a sentence for each field."""

    def __init__(self, sentences: Sequence[tuple[str, str]]) -> None:
        super().__init__("unread fields")
        self.sentences = list(sentences)


def _refuse_unread(read: Typed) -> None:
    if read.unread:
        raise BadForm(list(read.unread.items()))


def _own(request: HttpRequest, initiative_id: int) -> Initiative:
    """An initiative of a territory one is an agent of. Raises Http404: those of others are not there."""
    found = get_object_or_404(Initiative.objects.select_related("territory"), pk=initiative_id)
    if not holds(request.user, Role.AGENT, territory_id=found.territory_id):
        raise Http404
    return found


def _after(request: HttpRequest, one: Initiative) -> HttpResponse:
    """Saved; submitted as well where that was the button."""
    if request.POST.get("then") == Verb.SUBMIT:
        _move(request, one, Verb.SUBMIT)
    else:
        messages.success(request, _("Enregistré."))
    return redirect("edit_initiative", one.pk)


def _move(request: HttpRequest, one: Initiative, verb: Verb) -> None:
    try:
        move(one.pk, verb, by=cast(User, request.user), at=timezone.now())
    except BadSheet as error:
        lacking = " ".join(sentence(problem) for problem in error.problems)
        messages.error(request, _("Enregistré en brouillon, pas encore proposé. %(lacking)s") % {"lacking": lacking})
    except NotPossible:
        messages.error(request, _("Cela ne se peut plus : l’initiative a changé d’état entre-temps."))
    except NotAllowed as error:
        raise Http404 from error
    else:
        words = {
            Verb.SUBMIT: _("Proposée : l’organisateur la lira avant de la publier."),
            Verb.WITHDRAW: _("Retirée. Rien n’est perdu : elle peut être reprise."),
            Verb.RESTORE: _("Reprise en brouillon."),
        }
        messages.success(request, words[verb])


def _form(
    request: HttpRequest,
    territory: Territory,
    sheet: Sheet,
    *,
    one: Initiative | None = None,
    read: Typed | None = None,
    errors: Sequence[tuple[str, str]] = (),
    both: Sequence[tuple[Any, str, str]] | None = None,
    other: User | None = None,
    status: int = 200,
) -> HttpResponse:
    known = referential()
    chosen = set(sheet.services)
    groups = [
        (
            said(enjeu.name),
            [
                (service.slug, said(service.name), said(service.sentence), service.slug in chosen)
                for service in known.services
                if service.enjeu == enjeu.slug
            ],
        )
        for enjeu in known.enjeux
    ]
    context = {
        "territory": territory,
        "one": one,
        "values": read.values if read else values_of(sheet),
        "since": json.dumps(kept_sheet(sheet_of(one)), ensure_ascii=False) if one else "",
        "errors": [(field, text, LABELS.get(field, field)) for field, text in errors],
        "wrong": dict(errors),
        "both": both,
        "other": other,
        "groups": [(name, services, any(is_chosen for *_rest, is_chosen in services)) for name, services in groups],
        "choices": {
            "maturity": MATURITIES.items(),
            "doer": DOERS.items(),
            "cost": COSTS.items(),
            "effort": EFFORTS.items(),
        },
        "lacking": [LABELS[problem.field] for problem in missing(sheet_of(one))] if one else [],
        "verbs": [(verb, BUTTONS[verb]) for verb in possible(State(one.state)) if verb in BY_AGENTS] if one else [],
        "may_submit": one is None or Verb.SUBMIT in possible(State(one.state)),
        "pictures": one.pictures.all() if one else [],
    }
    return render(request, "initiatives/form.html", context, status=422 if errors else status)


def _plain(value: Any) -> str:
    value = kept(value)
    if isinstance(value, list):
        return ", ".join(
            " ".join(str(part) for part in one.values() if part) if isinstance(one, dict) else str(one) for one in value
        )
    return "" if value is None else str(value)


def _picture_sentence(error: BadPicture) -> str:
    said_of = {
        "missing": _("Choisissez une image."),
        "too large": _("L’image dépasse %(most)s Mo : réduisez-la d’abord."),
        "too many pixels": _("L’image compte plus de %(most)s millions de points : réduisez-la d’abord."),
        "no picture": _("Ce fichier n’est pas une image JPEG, PNG ou WebP lisible."),
    }
    return said_of[error.why] % error.facts
