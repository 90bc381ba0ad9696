"""The library of initiatives: search, facets, feed and files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from arobase.initiatives.queries.library import Question, everything, find, shown
from arobase.initiatives.queries.referential import referential, said
from arobase.initiatives.queries.tables import TABLE
from arobase.initiatives.views.questions import NAMES, address_of, question_of
from arobase.registry.registers import territory_facets
from arobase.territories.queries.gazetteer import gazetteer
from arobase.territories.rules.sizes import SIZES
from arobase.territories.views.phrases import SIZE_NAMES
from arobase.web.access import ANYONE, open_to
from arobase.web.opendata import download

FEED_SIZE = 50
SHORT = 220
TITLES = {
    "enjeu": gettext_lazy("Enjeu"),
    "service": gettext_lazy("Service"),
    "population": gettext_lazy("Taille du territoire"),
    "region": gettext_lazy("Région"),
    "annee": gettext_lazy("Année de début"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet in the form: its name, how many initiatives it keeps, whether it is chosen."""

    value: str
    name: str
    number: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet of the form; `is_open` when something of it is chosen."""

    name: str
    title: str
    options: Sequence[Option]

    @property
    def is_open(self) -> bool:
        return any(option.is_chosen for option in self.options)


@open_to(ANYONE)
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """What is asked for, in a sentence and a list, with what each facet would keep."""
    question = question_of(request.GET)
    page = _page(request)
    answer = find(question, page=page)
    if page > answer.pages:
        page, answer = answer.pages, find(question, page=answer.pages)
    context = {
        "question": question,
        "answer": answer,
        "initiatives": shown(answer.ids),
        "facets": _facets(question, answer.counts),
        "pages": [(n, f"?{address_of(question, page=n)}", n == page) for n in _near(page, answer.pages)],
        "query": address_of(question),
        "is_empty": not question.words and not question.choice.chosen and not question.others and not answer.total,
        "short": SHORT,
    }
    return render(request, "initiatives/library.html", context)


@open_to(ANYONE)
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The same question as an Atom feed: what was published or changed last."""
    question = question_of(request.GET)
    rows = shown(everything(question)[:FEED_SIZE])
    atom = Atom1Feed(
        title=_("Initiatives numériques des territoires"),
        link=request.build_absolute_uri(f"{reverse('library')}?{address_of(question)}"),
        description=question.words,
        language=request.LANGUAGE_CODE,
        feed_url=request.build_absolute_uri(),
    )
    for one in rows:
        link = request.build_absolute_uri(reverse("initiative", args=[one.pk]))
        atom.add_item(
            title=f"{one.title} · {one.territory}",
            link=link,
            unique_id=link,
            description=one.summary,
            author_name=str(one.territory),
            pubdate=one.published_at,
            updateddate=one.changed_at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


@open_to(ANYONE)
@require_safe
def files(request: HttpRequest, extension: str) -> HttpResponseBase:
    """All that a question keeps, as a file."""
    rows = shown(everything(question_of(request.GET)))
    return download(
        request,
        table=TABLE,
        rows=rows,
        extension=extension,
        stem="initiatives",
        schema_url=reverse("initiatives_schema"),
        last_modified=max((one.changed_at for one in rows), default=None),
    )


@open_to(ANYONE)
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """What the columns of the files mean."""
    return render(request, "initiatives/schema.html", {"table": TABLE})


def _page(request: HttpRequest) -> int:
    try:
        return max(1, int(request.GET.get("page") or 1))
    except ValueError as error:
        raise BadRequest(_("Paramètre page : attendu un nombre entier.")) from error


def _near(page: int, pages: int) -> list[int]:
    """The pages that are linked: the first, the last, and those around."""
    return sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)}) if pages > 1 else []


def _facets(question: Question, counts: Mapping[str, Mapping[str, int]]) -> list[Facet]:
    own = [
        Facet(
            name, str(TITLES[name]), _options(_named(name, counts[facet]), counts[facet], question.choice.values(facet))
        )
        for name, facet in NAMES.items()
    ]
    offered = [
        Facet(name, str(facet.title), _options(facet.choices(), counts[name], question.others.get(name, frozenset())))
        for name, facet in zip(territory_facets.names(), territory_facets, strict=True)
    ]
    return [facet for facet in (*own, *offered) if facet.options]


def _options(named: Sequence[tuple[str, Any]], counts: Mapping[str, int], chosen: frozenset[str]) -> list[Option]:
    return [
        Option(value, str(name), counts.get(value, 0), value in chosen)
        for value, name in named
        if counts.get(value) or value in chosen
    ]


def _named(name: str, counts: Mapping[str, int]) -> list[tuple[str, Any]]:
    """The values of an own facet with their names, in the order of the form."""
    if name == "enjeu":
        return [(enjeu.slug, said(enjeu.name)) for enjeu in referential().enjeux]
    if name == "service":
        return [(service.slug, said(service.name)) for service in referential().services]
    if name == "population":
        return [(size, SIZE_NAMES[size]) for size in SIZES]
    if name == "annee":
        return [(year, year) for year in sorted(counts, reverse=True)]
    by_id = gazetteer().by_id
    places = [by_id.get(f"{kind}:{code}") for code in counts for kind in ("region", "collectivity")]
    return sorted([(place.code, place.name) for place in places if place], key=lambda pair: pair[1])
