"""Campaigns that wait until an organiser has looked at what differs in them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arobase.accounts.access import ORGANISERS
from arobase.observatory.queries.change_phrases import change
from arobase.observatory.queries.waiting import Waiting, waiting
from arobase.observatory.queries.waiting_phrases import subject_said
from arobase.observatory.sources.providers import catalogue
from arobase.web.access import open_to

SHOWN_MOVES = 50


@open_to(ORGANISERS)
@require_safe
def waiting_page(request: HttpRequest) -> HttpResponse:
    """What waits, and what differs in it; the command decides, since it may take long over all communes."""
    rows = [{"one": one, **_told(one)} for one in waiting()]
    return render(request, "observatory/follow/waiting.html", {"rows": rows})


def _told(one: Waiting) -> dict[str, object]:
    known = catalogue()
    codes = dict.fromkeys([*one.changed, *one.silent])
    return {
        "counts": [(subject_said(code), one.changed.get(code, 0), one.silent.get(code, 0)) for code in codes],
        "moves": [(change(move, known), n) for move, n in one.moves[:SHOWN_MOVES]],
        "first": [
            (
                subject.name,
                subject.territory.removeprefix("commune:"),
                [change(move, known) for move in subject.changes],
                ", ".join(map(subject_said, subject.silent)),
            )
            for subject in one.first
        ],
    }
