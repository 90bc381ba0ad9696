"""Who may use a view. Every view of the product wears one of these; a test walks all URLs and holds them to it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase | Awaitable[HttpResponseBase]])


@dataclass(frozen=True)
class Audience:
    """A named group of people.

    name     for docs and tests
    admits   tells whether a visitor (maybe anonymous) belongs to it, given the view's arguments
    visitor  who asks: the request's user, unless people come in another way
    door     where someone who is not in yet may come in
    """

    name: str
    admits: Callable[..., bool]
    visitor: Callable[[HttpRequest], object] = lambda request: request.user
    door: Callable[[HttpRequest], HttpResponseBase] = lambda request: redirect_to_login(request.get_full_path())


ANYONE = Audience("anyone", lambda _user, **_arguments: True)
SIGNED_IN = Audience("signed in", lambda user, **_arguments: bool(user.is_authenticated))


def open_to(audience: Audience) -> Callable[[View], View]:
    """Let only an audience in: others sign in first, or are refused with 403 when they have."""

    def decorate(view: View) -> View:
        if audience is ANYONE:
            cast(Any, view).audience = audience
            return view
        if iscoroutinefunction(view):
            raise TypeError("an asynchronous view may only be open to anyone: the check reads the database")

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if audience.admits(audience.visitor(request), **kwargs):
                return view(request, *args, **kwargs)
            if request.user.is_authenticated:
                raise PermissionDenied(audience.name)
            return audience.door(request)

        cast(Any, guarded).audience = audience
        return cast(View, guarded)

    return decorate
