"""Many initiatives from one file: an agent looks at what it would do, then confirms."""

from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from arobase.accounts.access import AGENTS
from arobase.accounts.models import User
from arobase.accounts.queries import places_of
from arobase.accounts.roles import Role
from arobase.initiatives.queries.referential import referential, said
from arobase.initiatives.queries.wording import sentence
from arobase.initiatives.rules.referential import Referential
from arobase.initiatives.sources.bulk import COLUMNS, HasInvalidLines, Line, Outcome, keep, read
from arobase.web.access import open_to
from arobase.web.files import UnreadableFile, decoded

MOST_BYTES = 1024 * 1024  # the text goes to the page and back
OUTCOMES = {
    Outcome.NEW: gettext_lazy("nouvelle"),
    Outcome.CHANGED: gettext_lazy("changée"),
    Outcome.SAME: gettext_lazy("inchangée"),
    Outcome.INVALID: gettext_lazy("à corriger"),
}


@open_to(AGENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """Send a file, see what each line would become, confirm; drafts of one's own territories only."""
    user = cast(User, request.user)
    context: dict[str, Any] = {"columns": COLUMNS, "services": _services(referential()), "lines": None}
    if request.method != "POST":
        return render(request, "initiatives/bulk.html", context)
    at = timezone.now()
    try:
        content = _content(request)
        lines = read(content, at=at, publish=False, own=frozenset(places_of(user, Role.AGENT)))
        if request.POST.get("verb") == "keep":
            done = keep(lines, by=user, at=at, publish=False)
            messages.success(
                request,
                _("%(new)s nouvelles, %(changed)s changées, %(same)s inchangées.")
                % {"new": done.new, "changed": done.changed, "same": done.same},
            )
            return redirect("desk")
    except UnreadableFile as error:
        context["problem"] = _(error.text) % error.facts
        return render(request, "initiatives/bulk.html", context, status=422)
    except HasInvalidLines:
        pass  # they are shown below, and there is nothing to confirm
    context |= {
        "content": decoded(content)[0],
        "lines": [_shown(line) for line in lines],
        "may_keep": bool(lines) and all(line.outcome is not Outcome.INVALID for line in lines),
    }
    return render(request, "initiatives/bulk.html", context)


def _content(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if isinstance(file, UploadedFile):
        content = bytes(file.read(MOST_BYTES + 1))
    else:
        content = request.POST.get("content", "").encode()
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("Le fichier dépasse 1 Mo : importez-le en plusieurs parties."))
    if not content:
        raise UnreadableFile(_("Choisissez un fichier CSV ou JSON."))
    return content


def _shown(line: Line) -> dict[str, Any]:
    return {
        "number": line.number,
        "outcome": OUTCOMES[line.outcome],
        "title": line.sheet.title,
        "territory": line.territory,
        "problems": [sentence(problem) for problem in line.problems],
    }


def _services(known: Referential) -> list[tuple[str, str]]:
    return [(service.slug, said(service.name)) for service in known.services]
