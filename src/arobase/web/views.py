"""Health, the pages of errors, and what the house says of itself."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static

from arobase.web.access import ANYONE, open_to


@open_to(ANYONE)
async def health(request: HttpRequest) -> HttpResponse:
    """200 as soon as the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@open_to(ANYONE)
def favicon(request: HttpRequest) -> HttpResponse:
    """The mark, where browsers look for it beside a file or a picture, which name none."""
    return redirect(static("web/mark.svg"), permanent=True)


@open_to(ANYONE)
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/errors/400.html", {"sentence": _told(exception)}, status=400)


def _told(exception: Exception | None) -> str:
    """The sentence that a view raised for a person; what Django's own refusals say is for the log."""
    return str(exception) if type(exception) is BadRequest else ""


@open_to(ANYONE)
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/errors/403.html", status=403)


@open_to(ANYONE)
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/errors/404.html", status=404)


@open_to(ANYONE)
def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "web/errors/500.html", status=500)


@open_to(ANYONE)
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tried for people who cannot see, point or hear, and what was not."""
    return render(request, "web/accessibility.html")


@open_to(ANYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of readers and of people with an account."""
    return render(request, "web/privacy.html")
