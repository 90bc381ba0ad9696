"""The letter to a mayor as a PDF, set by typst: what the town stands on, and what to do first."""

import json
from importlib.resources import files
from typing import Any

import typst
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from arobase.observatory.models import About, OfficialDomain
from arobase.observatory.queries.dependence import Dependence, dependence
from arobase.observatory.queries.outdated import outdated, outdated_said
from arobase.observatory.queries.standings import Seen, criteria_met, seen
from arobase.observatory.rules.profile import Layer, State
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.views.subjects import layer_row, measure_row, measures_of
from arobase.observatory.views.wording import criteria_said
from arobase.territories.models import Kind, Territory
from arobase.territories.rules.names import of_place
from arobase.web.access import ANYONE, open_to
from arobase.web.dates import day
from arobase.web.templatetags.arobase import percent

MOST_MEASURES = 8


@open_to(ANYONE)
@require_safe
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """The letter; where nothing was measured, a page that says when it comes."""
    territory = get_object_or_404(Territory, kind=Kind.COMMUNE, code=code, valid_to__isnull=True)
    found = seen(territory.pk, About.COMMUNES)
    declared = OfficialDomain.objects.filter(territory=territory, until__isnull=True)
    stale = outdated(found, declared) if found else []
    if found is None or stale:
        context = {"territory": territory, "outdated": [outdated_said(one) for one in stale]}
        return render(request, "observatory/letter_to_come.html", context, status=404)
    facts = _facts(territory, found, dependence(catalogue()))
    source = files("arobase.observatory").joinpath("typst/letter.typ").read_bytes()
    pdf = typst.compile(
        source,
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["a-2b"],
        timestamp=int(found.campaign.began_at.timestamp()),
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False), "at": found.campaign.began_at.isoformat()},
    )
    answer = HttpResponse(bytes(pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="lettre-{territory.code}.pdf"'
    return answer


def _facts(territory: Territory, found: Seen, on: Dependence) -> dict[str, Any]:
    measures = measures_of(found)
    seen_on = day(found.campaign.began_at)
    verdicts = [(layer, found.profile.layer(layer)) for layer in Layer]
    rows = [layer_row(layer, one, on) for layer, one in verdicts if one.state is State.FOUND]
    address = settings.SITE_URL + reverse("observatory_commune", kwargs={"code": territory.code})
    return {
        "lang": (get_language() or "fr")[:2],
        "to": _("À l’attention du maire – %(name)s") % {"name": territory.name},
        "day": seen_on,
        "title": _("Sur quoi reposent le site et la messagerie %(of_name)s")
        % {"of_name": of_place(territory.name, territory.name_link), "name": territory.name},
        "hello": _("Madame, Monsieur le Maire,"),
        "says": [
            _(
                "Le site, la messagerie et les noms de domaine de la commune reposent sur des entreprises ; quand "
                "l’une tombe, ils peuvent tomber avec elle, et la loi de son pays s’y applique. Voici ce qui s’en voit "
                "de l’extérieur, sans rien de confidentiel, au %(day)s."
            )
            % {"day": seen_on},
            *filter(None, _index(found, address)),
        ],
        "table_title": _("De qui dépend la commune"),
        "header": [_("Couche"), _("Chez qui"), _("Sous quel droit")],
        "rows": [[row.name.capitalize(), one.name, one.law] for row in rows for one in row.holders],
        "plan_title": _("Que faire, et dans quel ordre"),
        "measures": [vars(measure_row(one)) for one in measures[:MOST_MEASURES]],
        "towards": _("Vers quoi aller :"),
        "more": _("%(n)s autres mesures sont sur la page de la commune.") % {"n": len(measures) - MOST_MEASURES}
        if len(measures) > MOST_MEASURES
        else "",
        "origin": _("Mesuré le %(day)s par Arobase, de l’extérieur ; chaque verdict est expliqué : %(address)s")
        % {"day": seen_on, "address": address},
    }


def _index(found: Seen, address: str) -> list[str]:
    """The index with where its formula is, where there is one; and the criteria."""
    criteria = criteria_said(criteria_met(found.standing))
    if found.standing.index is None:
        return [criteria]
    told = _("Indice de souveraineté : %(index)s, sur les couches connues (%(known)s du poids).")
    words = {"index": percent(found.standing.index), "known": percent(found.standing.known_share)}
    where = _("Sa formule, couche par couche, est sur la page de la commune : %(address)s") % {"address": address}
    return [f"{told % words} {where}", criteria]
