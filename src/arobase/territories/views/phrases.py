"""A territory told in a sentence or two, with the articles that French asks for."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from arobase.territories.models import Kind, Succession
from arobase.territories.queries.pages import FormerTerritory, Place, TerritoryPage
from arobase.territories.rules.names import LES, of_place, with_article
from arobase.territories.rules.similarity import Reason
from arobase.territories.rules.sizes import NOT_A_COMMUNE, UNKNOWN
from arobase.web.dates import day

# That two towns both lie in the metropole goes without saying.
REASONS = {
    Reason.SAME_REGION: gettext_lazy("même région"),
    Reason.SAME_FORM: gettext_lazy("même forme d’intercommunalité"),
}

SIZE_NAMES = {
    "moins-de-500": gettext_lazy("Communes de moins de 500 habitants"),
    "500-a-1999": gettext_lazy("500 à 1 999 habitants"),
    "2000-a-9999": gettext_lazy("2 000 à 9 999 habitants"),
    "10000-a-49999": gettext_lazy("10 000 à 49 999 habitants"),
    "50000-a-99999": gettext_lazy("50 000 à 99 999 habitants"),
    "100000-et-plus": gettext_lazy("100 000 habitants et plus"),
    NOT_A_COMMUNE: gettext_lazy("Intercommunalités et autres"),
    UNKNOWN: gettext_lazy("Population inconnue"),
}


def counted(number: int) -> str:
    """A whole number with the thousands of the reader's language."""
    return number_format(number, use_l10n=True, force_grouping=True)


def coordinates(*, lon: float, lat: float) -> str:
    """A position in words: 46,6487° N, 0,2519° O."""
    north, east = (_("N") if lat >= 0 else _("S")), (_("E") if lon >= 0 else pgettext("point cardinal", "O"))
    return f"{number_format(abs(lat), 4)}°\u202f{north}, {number_format(abs(lon), 4)}°\u202f{east}"


def of_(place: Place) -> str:
    """« du Havre », « de la Communauté d’agglomération … »."""
    return of_place(place.name, place.link)


def summary(page: TerritoryPage) -> str:
    """Who a territory is: what, where, how many people, and what it is part or made of."""
    return " ".join(sentence for sentence in (_what(page), _how_many(page), _member_of(page)) if sentence)


def _what(page: TerritoryPage) -> str:
    return WHAT[Kind(page.territory.kind)](page)


def _commune(page: TerritoryPage) -> str:
    names = {"name": page.place.name}
    within = page.department or page.region
    if within is None:
        return _("%(name)s est une commune de France.") % names
    names |= {"of_within": of_(within), "within": within.name}
    if page.region and page.region.name != within.name:
        names["region"] = page.region.name
        if page.is_seat and within.name != page.place.name:
            return _("%(name)s est le chef-lieu %(of_within)s, en région %(region)s.") % names
        return _("%(name)s est une commune %(of_within)s, en région %(region)s.") % names
    if page.is_seat and within.name != page.place.name:
        return _("%(name)s est le chef-lieu %(of_within)s.") % names
    return _("%(name)s est une commune %(of_within)s.") % names


def _part(page: TerritoryPage) -> str:
    if page.parent is None:
        return ""
    names = {"name": page.place.name, "of_parent": of_(page.parent), "parent": page.parent.name}
    match page.territory.kind:
        case Kind.DELEGATED:
            return _("%(name)s est une commune déléguée %(of_parent)s.") % names
        case Kind.ASSOCIATED:
            return _("%(name)s est une commune associée %(of_parent)s.") % names
        case _:
            return _("%(name)s est un arrondissement municipal %(of_parent)s.") % names


def _department(page: TerritoryPage) -> str:
    names = {"the_name": _capital(with_article(page.place.name, page.place.link)), "name": page.place.name}
    if page.region is None or page.region.name == page.place.name:
        return _("%(the_name)s est un département de France.") % names
    names["region"] = page.region.name
    if page.place.link == LES:
        return _("%(the_name)s sont un département de la région %(region)s.") % names
    return _("%(the_name)s est un département de la région %(region)s.") % names


def _former_region(page: TerritoryPage) -> str:
    names = {"name": page.place.name}
    if not page.became:
        return _("%(name)s est une ancienne région de France.") % names
    names["region"] = page.became[0].name
    if page.became_on is None:
        return _(
            "%(name)s est une ancienne région de France ; elle fait aujourd’hui partie de la région %(region)s."
        ) % (names)
    names["date"] = day(page.became_on)
    return (
        _("%(name)s est une ancienne région de France ; depuis le %(date)s, elle fait partie de la région %(region)s.")
        % names
    )


def _region(page: TerritoryPage) -> str:
    if facts := _facts(page):
        return _("La région %(name)s compte %(facts)s.") % {"name": page.place.name, "facts": _(" et ").join(facts)}
    return _("La région %(name)s est l’une des régions de France.") % {"name": page.place.name}


def _collectivity(page: TerritoryPage) -> str:
    names = {"the_name": _capital(with_article(page.place.name, page.place.link)), "name": page.place.name}
    if page.place.link == LES:
        return _("%(the_name)s sont une collectivité d’outre-mer.") % names
    return _("%(the_name)s est une collectivité d’outre-mer.") % names


def _epci(page: TerritoryPage) -> str:
    name = with_article(page.place.name, page.place.link).replace("la Communauté", "la communauté", 1)
    return _("%(the_name)s est une intercommunalité.") % {"the_name": _capital(name), "name": page.place.name}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


WHAT = {
    Kind.REGION: _region,
    Kind.COLLECTIVITY: _collectivity,
    Kind.EPCI: _epci,
    Kind.COMMUNE: _commune,
    Kind.DELEGATED: _part,
    Kind.ASSOCIATED: _part,
    Kind.ARRONDISSEMENT: _part,
    Kind.DEPARTMENT: _department,
    Kind.FORMER_REGION: _former_region,
}


def _how_many(page: TerritoryPage) -> str:
    facts = _facts(page)
    if not facts or page.territory.kind == Kind.REGION:
        return ""
    return _("On y compte %(facts)s.") % {"facts": _(" et ").join(facts)}


def _facts(page: TerritoryPage) -> list[str]:
    """What is counted: communes or departments, and people."""
    facts = []
    if page.communes:
        facts.append(
            ngettext("%(number)s commune", "%(number)s communes", page.communes) % {"number": counted(page.communes)}
        )
    elif departments := next((len(one.rows) for one in page.listings if one.kind == Kind.DEPARTMENT), 0):
        facts.append(
            ngettext("%(number)s département", "%(number)s départements", departments)
            % {"number": counted(departments)}
        )
    if population := page.territory.population:
        facts.append(
            ngettext("%(number)s habitant", "%(number)s habitants", population) % {"number": counted(population)}
        )
    return facts


def _member_of(page: TerritoryPage) -> str:
    if page.epci is None or page.territory.kind != Kind.COMMUNE:
        return ""
    return _("Elle fait partie %(of_epci)s.") % {"of_epci": of_epci(page.epci), "epci": page.epci.name}


def of_epci(epci: Place) -> str:
    """« de la communauté urbaine Le Havre Seine Métropole »: inside a sentence the legal form is a common noun."""
    return of_(epci).replace("de la Communauté", "de la communauté", 1)


def became(former: FormerTerritory) -> str:
    """What a former territory became, and when."""
    successors = _(" et ").join(place.name for place in former.successors)
    names = {"name": former.name or former.code, "successors": successors}
    if former.on is None:
        return _("%(name)s n’existe plus sous ce code : c’est aujourd’hui %(successors)s.") % names
    names["date"] = day(former.on)
    return _("%(name)s n’existe plus sous ce code : c’est, depuis le %(date)s, %(successors)s.") % names


def event_label(event: str) -> str:
    """What happened, in words."""
    return str(Succession.Event(event).label)


def likeness(reasons: Sequence[Reason]) -> str:
    """Why a territory was held to be similar, beyond its population."""
    return _(", ").join(str(REASONS[reason]) for reason in reasons if reason in REASONS)
