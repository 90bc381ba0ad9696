"""Bring in a file of results: upload, look at what it would do, confirm."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from arobase.accounts.access import ORGANISERS
from arobase.accounts.models import User
from arobase.label.actions.imports import discard, receive
from arobase.label.models import Import, Line
from arobase.label.queries.imports import counts_of, imports, lines_of, previewed, settled_lines, shown, waiting_lines
from arobase.label.queries.places import NoTerritories
from arobase.label.queries.wording import say
from arobase.label.sources.laureates import NOT_LOADED, Preview, import_lines, preview
from arobase.web.access import open_to
from arobase.web.files import MOST_BYTES, UnreadableFile, bounded

_PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(ORGANISERS)
def all_imports(request: HttpRequest) -> HttpResponse:
    """The list of imports and of lines that wait; a file sent here becomes a draft."""
    problem = ""
    if request.method == "POST":
        try:
            return redirect("import", _received(request).pk)
        except UnreadableFile as error:
            problem = say(error)
    waiting = _page(request, waiting_lines())
    context = {
        "problem": problem,
        "most": MOST_BYTES // 1024 // 1024,
        "imports": imports()[:20],
        "waiting": waiting,
        "lines": [shown(line) for line in waiting],
        "settled": [shown(line) for line in settled_lines()[:10]],
    }
    return render(request, "label/imports.html", context, status=422 if problem else 200)


def _received(request: HttpRequest) -> Import:
    """The draft of the file that was sent. Raises UnreadableFile when it is missing, too large or unreadable."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise UnreadableFile(_("Choisissez un fichier CSV."))
    content = bounded(cast(Any, file))
    _understood(content)
    return receive(content, file_name=file.name or "?", by=cast(User, request.user), at=timezone.now())


def _understood(content: bytes) -> Preview:
    try:
        return preview(content)
    except NoTerritories as error:
        raise UnreadableFile(NOT_LOADED.text) from error


@require_http_methods(["GET", "HEAD"])
@open_to(ORGANISERS)
def one_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """What a draft would do, or what became of the lines of an import."""
    found = get_object_or_404(Import.objects.select_related("received_by"), pk=import_id)
    status = request.GET.get("etat", "")
    context: dict[str, Any] = {"import": found, "status": status}
    if found.imported_at is None:
        try:
            seen = _understood(bytes(found.content or b""))
        except UnreadableFile as error:
            return render(request, "label/import.html", {**context, "problem": say(error)}, status=422)
        page = _page(request, [line for line in seen.lines if status in ("", line.status)])
        context |= {"totals": _totals(seen.totals), "ignored": seen.table.ignored, "lines": previewed(list(page))}
        context |= {"is_empty": not seen.lines}
    else:
        page = _page(request, lines_of(import_id, status=status))
        context |= {"totals": _totals(counts_of(import_id)), "lines": [shown(line) for line in page]}
    return render(request, "label/import.html", {**context, "page": page})


@require_POST
@open_to(ORGANISERS)
def confirm_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Record a draft; the second time nothing is left to do."""
    found = get_object_or_404(Import, pk=import_id)
    if found.imported_at is None:
        try:
            seen = _understood(bytes(found.content or b""))
        except UnreadableFile:
            return redirect("import", import_id)  # whose page says why
        recorded = import_lines(
            seen.table.lines,
            sha256=found.sha256,
            file_name=found.file_name,
            by=cast(User, request.user),
            at=timezone.now(),
        )
        messages.success(
            request,
            _("%(lines)s lignes enregistrées, %(awards)s prix ajoutés.")
            % {"lines": recorded.lines.added, "awards": recorded.awards.added},
        )
    return redirect("import", import_id)


@require_POST
@open_to(ORGANISERS)
def discard_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Forget a draft."""
    discard(import_id)
    return redirect("imports")


def _page(request: HttpRequest, rows: "Sequence[Any] | QuerySet[Any]") -> "Page[Any]":
    return Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))


def _totals(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [
        (status.value, str(status.label), counts[status.value]) for status in Line.Status if counts.get(status.value)
    ]
