"""One's own account, and the pages for a form filled in too late and for too many attempts."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arobase.accounts.models import User
from arobase.accounts.queries import account_of
from arobase.web.access import ANYONE, SIGNED_IN, open_to


@open_to(SIGNED_IN)
def overview(request: HttpRequest) -> HttpResponse:
    """Who one is here: roles, e-mail addresses, how one signs in."""
    return render(request, "accounts/account.html", {"account": account_of(cast(User, request.user))})


@open_to(ANYONE)
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer holds: the session ended, or another tab signed in or out meanwhile."""
    return render(request, "accounts/stale_form.html", status=403)


@open_to(ANYONE)
def too_many_attempts(request: HttpRequest) -> HttpResponse:
    """Sign-in, or another form that could be tried by a machine, was tried too often."""
    return render(request, "accounts/too_many_attempts.html", status=429)
