"""The configuration of an edition: read, changed as text, compared, tried before it opens."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from arobase.accounts.access import ORGANISERS
from arobase.accounts.models import User
from arobase.label.actions import campaigns as changes
from arobase.label.models import Campaign
from arobase.label.queries.configuration.editions import last_revision
from arobase.label.queries.configuration.shape import configuration_of
from arobase.label.queries.configuration.text import BadConfiguration
from arobase.label.queries.phrases import obstacle_sentence
from arobase.label.queries.trial import trial
from arobase.label.rules.configuration import LETTERS
from arobase.label.rules.levels import HIGHEST
from arobase.web.access import open_to


@open_to(ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def configuration(request: HttpRequest, year: int) -> HttpResponse:
    """The configuration in force; POST tries another text, or keeps it as a new version."""
    one = get_object_or_404(Campaign, pk=year)
    last = last_revision(one)
    context = {
        "campaign": one,
        "last": last,
        "text": last.text,
        "reason": "",
        "revisions": list(one.revisions.select_related("by").order_by("-number")),
        "places": [(kind, sorted(places)) for kind, places in LETTERS.items()],
    }
    status = 200
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
        reason = request.POST.get("reason", "")
        context |= {"text": text, "reason": reason}
        try:
            if request.POST.get("then") == "keep":
                revision, found = changes.revise(
                    one.pk,
                    text,
                    since=int(request.POST.get("since", "0") or 0),
                    by=cast(User, request.user),
                    at=timezone.now(),
                    reason=reason,
                )
                words = (
                    _("Version %(number)s gardée.")
                    if found
                    else _("Rien n’a changé : la version %(number)s reste en vigueur.")
                )
                messages.success(request, words % {"number": revision.number})
                return redirect("configuration", one.pk)
            context |= {
                "changes": changes.changes_between(last.text, text),
                "trial": _tried(one, text),
                "is_tried": True,
            }
        except BadConfiguration as error:
            context["problems"], status = refused(error), 422
        except changes.YearIsFixed as error:
            context["problems"], status = (
                [
                    (
                        0,
                        _("« label_year » reste %(year)s : une autre année est une autre campagne.")
                        % {"year": error.label_year},
                    )
                ],
                422,
            )
        except changes.ReasonNeeded:
            context["problems"], status = (
                [(0, _("La campagne est ouverte : dites pourquoi vous changez sa configuration."))],
                422,
            )
        except (changes.ChangedMeanwhile, ValueError):
            context["problems"] = [
                (
                    0,
                    _("Une autre version a été gardée entre-temps. Votre texte est ci-dessous : comparez."),
                )
            ]
            status = 409
    return render(request, "label/configuration.html", context, status=status)


def _tried(one: Campaign, text: str) -> dict[str, object] | None:
    """What the text would make of last year's dossiers, ready to be shown."""
    found = trial(one, configuration_of(text))
    if found is None:
        return None
    return {
        "campaign": found.campaign,
        "dossiers": found.dossiers,
        "levels": [(level, found.was.get(level, 0), found.would_be.get(level, 0)) for level in range(1, HIGHEST + 1)],
        "moves": [
            (
                one.snapshot.dossier.territory,
                one.was,
                one.would_be,
                [obstacle_sentence(two, one.mosaic) for two in one.obstacles],
            )
            for one in found.moves
        ],
    }


@open_to(ORGANISERS)
@require_safe
def configuration_revision(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """A version of the configuration, and what it changed of the one before."""
    one = get_object_or_404(Campaign, pk=year)
    revision = get_object_or_404(one.revisions.select_related("by"), number=number)
    earlier = one.revisions.filter(number=number - 1).first()
    found = changes.changes_between(earlier.text, revision.text) if earlier else []
    return render(
        request, "label/revision.html", {"campaign": one, "revision": revision, "changes": found, "earlier": earlier}
    )


@open_to(ORGANISERS)
@require_safe
def configuration_file(request: HttpRequest, year: int) -> HttpResponse:
    """The configuration in force, as its YAML file."""
    one = get_object_or_404(Campaign, pk=year)
    answer = HttpResponse(last_revision(one).text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="edition-{one.pk}.yaml"'
    return answer


def refused(error: BadConfiguration) -> list[tuple[int, str]]:
    """Line and sentence of each problem."""
    found = []
    for one in error.problems:
        text = _(one.text) % one.facts
        place = f"{one.path} : " if one.path else ""
        line = _("Ligne %(line)s, ") % {"line": one.line} if one.line else ""
        found.append((one.line, f"{line}{place}{text}"))
    return found
