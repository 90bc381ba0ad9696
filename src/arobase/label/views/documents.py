"""Documents of a territory: sent by its agents, read by them, the organiser and its jurors."""

from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from arobase.accounts.access import AGENTS
from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.label.actions.documents import keep
from arobase.label.models import Document
from arobase.label.queries.jury import reads_documents
from arobase.label.queries.wording import say
from arobase.label.sources.documents import opened, store
from arobase.label.views.audiences import own_dossier
from arobase.web.access import SIGNED_IN, open_to
from arobase.web.files import UnreadableFile


@open_to(AGENTS)
@require_POST
def send_document(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Add a document to the territory's library."""
    one = own_dossier(request, dossier_id)
    file = request.FILES.get("file")
    try:
        if not isinstance(file, UploadedFile):
            raise UnreadableFile(_("Choisissez un document."))
        digest, media_type, size = store(cast(Any, file))
    except UnreadableFile as error:
        messages.error(request, say(error))
        return redirect("dossier", one.pk)
    name = (file.name or "").replace("\0", "")
    by = cast(User, request.user)
    kept, is_new = keep(
        one.territory_id, digest=digest, name=name, media_type=media_type, size=size, by=by, at=timezone.now()
    )
    if is_new:
        messages.success(request, _("« %(name)s » est dans la bibliothèque du territoire.") % {"name": kept.name})
    else:
        messages.info(request, _("Ce document y est déjà, sous le nom « %(name)s ».") % {"name": kept.name})
    return redirect("dossier", one.pk)


@open_to(SIGNED_IN)
@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """A document, always to be saved and never shown as a page of ours."""
    one = get_object_or_404(Document, pk=document_id)
    user = cast(User, request.user)
    is_own = holds(user, Role.AGENT, territory_id=one.territory_id) or holds(user, Role.ORGANISER)
    if not is_own and not reads_documents(user, one.territory_id):
        raise Http404
    try:
        file = opened(one)
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(file, as_attachment=True, filename=one.name, content_type=one.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
