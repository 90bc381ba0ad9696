"""A territory says what it thinks of an evaluation of its dossier."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from arobase.accounts.access import AGENTS
from arobase.accounts.models import User
from arobase.label.actions import feedback
from arobase.label.rules.feedback import Asked, BadAnswer
from arobase.label.views.audiences import own_dossier
from arobase.label.views.dossiers import plain
from arobase.web.access import open_to


@open_to(AGENTS)
@require_POST
def say_of_review(request: HttpRequest, dossier_id: int, review_id: int) -> HttpResponse:
    """Two marks and a word for one evaluation."""
    one = own_dossier(request, dossier_id)
    given = {asked: request.POST.get(asked, "") for asked in Asked}
    try:
        answers = {asked: int(value) if value.isdigit() else 0 for asked, value in given.items()}
        comment = plain(request.POST.get("comment", ""))
        feedback.say(review_id, answers, comment=comment, by=cast(User, request.user), at=timezone.now())
    except feedback.NotTheirs as error:
        raise Http404 from error
    except BadAnswer:
        messages.error(request, _("Chaque réponse va de 1 à 5."))
    else:
        messages.success(request, _("Merci : l’organisateur et ce juré en tireront parti."))
    return redirect("dossier", one.pk)
