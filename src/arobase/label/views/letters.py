"""E-mails of a campaign as the organiser sees them, and the way out for those who want none."""

from collections import Counter

from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from arobase.accounts.access import ORGANISERS
from arobase.label.actions.letters import silence as silence_
from arobase.label.models import Campaign, Letter
from arobase.web.access import ANYONE, open_to


@open_to(ORGANISERS)
@require_safe
def letters(request: HttpRequest, year: int) -> HttpResponse:
    """What was written, and what became of it."""
    one = get_object_or_404(Campaign, pk=year)
    state = request.GET.get("etat", "")
    counts = Counter(one.letters.values_list("state", flat=True))
    found = one.letters.filter(state=state) if state in Letter.State.values else one.letters.all()
    context = {
        "year": one,
        "state": state,
        "states": [(value, words, counts[value]) for value, words in Letter.State.choices],
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
    }
    return render(request, "label/letters.html", context)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed token is what allows it
@open_to(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def silence(request: HttpRequest, token: str) -> HttpResponse:
    """Ask before, then send no more reminders."""
    try:
        is_done = request.method == "POST"
        email = silence_(token, at=timezone.now()) if is_done else str(signing.loads(token, salt="silence"))
    except signing.BadSignature:
        return render(request, "label/silence.html", {"email": ""}, status=404)
    return render(request, "label/silence.html", {"email": email, "is_done": is_done})
