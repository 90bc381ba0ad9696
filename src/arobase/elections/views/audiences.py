"""Who may do what on an election night: the town's officer, and the two people of a polling station."""

from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import ResolverMatch, reverse
from django.utils import timezone

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.elections.actions.passes import taken
from arobase.elections.models import Election, Pass, Station
from arobase.web.access import Audience

KEPT_IN_SESSION = "elections_passes"  # by the address of their station: which pass, and when it was used
LONGEST = timedelta(days=2)  # a pass is in force from the morning of the poll to six the next day
READ = "_elections_pass"


def _is_officer(user: object, *, number: int, **_arguments: object) -> bool:
    election = Election.objects.filter(pk=number).first()
    return election is not None and holds(user, Role.AGENT, territory_id=election.territory_id)


def pass_of(request: HttpRequest, number: int, code: str) -> Pass | None:
    """The pass with which this device came in at a station; None once it is revoked, or another device has its code."""
    if not hasattr(request, READ):
        kept = request.session.get(KEPT_IN_SESSION, {}).get(_place(number, code))
        setattr(request, READ, _read(kept, Q(station__election=number, station__code=code)) if kept else None)
    return cast(Pass | None, getattr(request, READ))


def own_pass(request: HttpRequest, digest: str) -> Pass | None:
    """The pass of a code with which this device came in, at whatever station."""
    kept = request.session.get(KEPT_IN_SESSION, {}).values()
    return next((found for one in kept if (found := _read(one, Q(digest=digest)))), None)


def _read(kept: tuple[int, str], is_meant: Q) -> Pass | None:
    number, used_at = kept
    opens = Pass.objects.select_related("station__election").defer("station__outline", "station__replayed")
    found = opens.filter(is_meant, pk=number, revoked_at=None).first()
    if found is not None and found.seen_at is None:
        taken(found.pk, used_at=datetime.fromisoformat(used_at), at=timezone.now())
        found.refresh_from_db(fields=["used_at", "seen_at"])
    if found is None or found.used_at is None or found.used_at.isoformat() != used_at:
        return None
    return found


def let_in(request: HttpRequest, opened: Pass) -> None:
    """Keep in this device's session that it came in with a pass, beside those of other stations: a page for each."""
    used_at, station = cast(datetime, opened.used_at), opened.station
    kept = request.session.get(KEPT_IN_SESSION, {})
    recent = {at: one for at, one in kept.items() if datetime.fromisoformat(one[1]) > used_at - LONGEST}
    request.session.cycle_key()
    place = _place(station.election_id, station.code)
    request.session[KEPT_IN_SESSION] = {**recent, place: (opened.pk, used_at.isoformat())}


def _place(number: int, code: str) -> str:
    return f"{number}/{code}"


def who_enters(request: HttpRequest) -> User | Pass:
    """Who enters figures: the town's officer, else the pass of this device, whoever is signed in on it."""
    return cast(User | Pass, _visitor(request))


def station_of(request: HttpRequest, number: int, code: str) -> Station:
    """The station of this address, without its outline; a device brings the one that its pass was read with."""
    by = who_enters(request)
    if isinstance(by, Pass):
        return by.station
    return get_object_or_404(Station.objects.defer("outline", "replayed"), election=number, code=code)


def _may_enter(visitor: object, *, number: int, code: str, **_arguments: object) -> bool:
    if isinstance(visitor, Pass):
        return visitor.station.election_id == number and visitor.station.code == code
    return _is_officer(visitor, number=number)


def _visitor(request: HttpRequest) -> object:
    address = cast(ResolverMatch, request.resolver_match).kwargs
    if request.user.is_authenticated and _is_officer(request.user, **address):
        return request.user
    return pass_of(request, address["number"], address["code"])


def _code_page(request: HttpRequest) -> HttpResponseBase:
    return redirect(f"{reverse('election_code')}?{urlencode({'next': request.get_full_path()})}")


OFFICERS = Audience(Role.AGENT.value, _is_officer)
SECRETARIES = Audience(Role.AGENT.value, _may_enter, visitor=_visitor, door=_code_page)
