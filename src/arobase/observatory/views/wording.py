"""Names of what fails, of services, subjects, origins and laws, in the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel import Locale
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from arobase.observatory.models import About
from arobase.observatory.queries.dependence import Dependence, Origin
from arobase.observatory.queries.standings import CriteriaMet
from arobase.observatory.rules.criteria.finding import Met
from arobase.observatory.rules.profile import Certainty
from arobase.observatory.rules.providers import Company, Law
from arobase.observatory.rules.services import LAYERS, MAIL, NAMES, PLACE, SYSTEM, WEB, ZONE
from arobase.web.dates import day


def announcers_said(told: Mapping[str, Any]) -> str:
    """Where a campaign knows from who announces addresses; empty where it does not say."""
    words = {"day": day(date.fromisoformat(told["on"])) if told.get("on") else _("jour inconnu"), **told}
    match told.get("by"):
        case "table":
            return _("Réseaux et pays des adresses : table de RIPE NCC et des registres chargée le %(day)s.") % words
        case "lookup":
            return _(
                "Réseaux et pays des adresses : demandés par DNS à %(zone)s le %(day)s ; %(known)s connus sur "
                "%(addresses)s adresses, %(nobody)s que personne n’annonce, %(unanswered)s sans réponse."
            ) % {"known": 0, "nobody": 0, "unanswered": 0, **words}
        case "nothing":
            return _("Réseaux et pays des adresses : inconnus, aucune table n’était chargée.")
    return ""


def failure_name(failure: str, on: Dependence) -> str:
    """What fails, for a person: a provider, one of its layers, a whole group, a country's law or soil, a network."""
    kind, colon, what = failure.partition(":")
    if not colon:
        return on.name(failure)
    if kind in LAYERS:
        return _("%(provider)s (%(layer)s)") % {"provider": on.name(failure), "layer": layer_name(kind)}
    templates = {
        "country": _("droit : %(what)s"),
        PLACE: _("adresses en : %(what)s"),
        SYSTEM: _("réseau AS%(what)s"),
        "owner": _("groupe : %(what)s"),
        ZONE: _("noms de %(what)s"),
    }
    named = country_name(what) if kind in {"country", PLACE} else on.name(failure)
    return templates[kind] % {"what": named} if kind in templates else failure


def country_name(code: str) -> str:
    """A country's name in the active language, its code where it has none."""
    return str(Locale.parse(get_language() or "fr", sep="-").territories.get(code, code))


def owner_name(company: Company) -> str:
    """A company with its country, where that is known."""
    return f"{company.name} ({country_name(company.country)})" if company.country else company.name


def layer_name(layer: str) -> str:
    """What a layer is called."""
    return {
        "mail": _("messagerie"),
        "gateway": _("filtre de courrier"),
        "dns": _("noms de domaine"),
        "mail-dns": _("noms du domaine de messagerie"),
        "hosting": _("hébergement"),
        "cdn": _("diffusion et protection (CDN)"),
        "ca": _("autorité de certification"),
        "fonts": _("polices"),
        "analytics": _("mesure d’audience"),
        "maps": _("cartes"),
        "video": _("vidéos"),
        "captcha": _("captcha"),
        "consent": _("bandeau de consentement"),
        "chat": _("assistant de discussion"),
        "office": _("suite bureautique"),
        "social": _("réseaux sociaux"),
        "libraries": _("bibliothèques de code empruntées"),
    }.get(layer, layer)


def service_name(kind: str) -> str:
    """What a service is called."""
    return {WEB: _("site"), MAIL: _("messagerie"), NAMES: _("noms de domaine")}[kind]


def criteria_said(one: CriteriaMet) -> str:
    """How many of the State's criteria are met, of how many; empty where none was judged."""
    if not one.total:
        return ""
    if not one.known:
        return _("Critères de l’État : aucun des %(total)s n’est encore connu.") % {"total": one.total}
    words = {"met": one.met, "known": one.known, "total": one.total}
    return _("Critères de l’État remplis : %(met)s sur %(known)s connus (%(total)s en tout).") % words


def subjects_named(slug: str, n: int) -> str:
    """So many subjects of a set, as « 12 communes »."""
    counted = {
        About.COMMUNES: ngettext("%(n)s commune", "%(n)s communes", n),
        About.EUROPE: ngettext("%(n)s collectivité", "%(n)s collectivités", n),
        About.PUBLIC_SITES: ngettext("%(n)s site public", "%(n)s sites publics", n),
        About.TRIAL: ngettext("%(n)s ville inventée", "%(n)s villes inventées", n),
    }
    named = {about.value: text for about, text in counted.items()}
    template = named.get(slug, ngettext("%(n)s site", "%(n)s sites", n))
    return template % {"n": number_format(n, use_l10n=True, force_grouping=True)}


def would_lose(kind: str, n: int, *, known: int, slug: str) -> str:
    """What so many subjects of a set would lose, of those known: « 3 communes sur 9 perdraient leur messagerie ».

    Those that are sites go dark.
    """
    told = {
        WEB: ngettext("%(lost)s sur %(known)s perdrait son site", "%(lost)s sur %(known)s perdraient leur site", n),
        MAIL: ngettext(
            "%(lost)s sur %(known)s perdrait sa messagerie", "%(lost)s sur %(known)s perdraient leur messagerie", n
        ),
        NAMES: ngettext(
            "%(lost)s sur %(known)s perdrait ses noms de domaine",
            "%(lost)s sur %(known)s perdraient leurs noms de domaine",
            n,
        ),
    }[kind]
    if kind == WEB and slug not in {About.COMMUNES, About.EUROPE, About.TRIAL}:
        told = ngettext("%(lost)s sur %(known)s s’éteindrait", "%(lost)s sur %(known)s s’éteindraient", n)
    words = {"lost": subjects_named(slug, n), "known": number_format(known, use_l10n=True, force_grouping=True)}
    return told % words


def indirect_said(n: int, *, of: int) -> str:
    """How many of those that are lost need what fails through others alone; empty where nobody is lost."""
    if not of:
        return ""
    told = ngettext(
        "Dépendance critique : sur %(of)s, %(n)s n’en dépend qu’à travers d’autres, sans le nommer.",
        "Dépendance critique : sur %(of)s, %(n)s n’en dépendent qu’à travers d’autres, sans le nommer.",
        n,
    )
    return told % {"n": _counted(n), "of": _counted(of)}


def redundant_said(n: int, *, slug: str) -> str:
    """How many rest on what fails and stand all the same."""
    told = ngettext(
        "Dépendance redondante : %(subjects)s s’y appuie aussi et tient, un autre y suffisant.",
        "Dépendance redondante : %(subjects)s s’y appuient aussi et tiennent, un autre y suffisant.",
        n,
    )
    return told % {"subjects": subjects_named(slug, n)}


def _counted(n: int) -> str:
    return str(number_format(n, use_l10n=True, force_grouping=True))


def origin_name(origin: Origin, on: Dependence) -> str:
    """Where something is known from, with its day."""
    source = on.sources.get(origin)
    words = {"source": source.name if source else "", "day": day(source.day) if source else ""}
    return {
        Origin.MEASURED: _("par notre mesure du %(day)s") % words,
        Origin.DECLARED: _("par l’adresse même que la commune déclare (annuaire de l’administration)"),
        Origin.RECORDED: _("par nos règles, sur des faits relevés par d’autres (%(source)s, %(day)s)") % words,
        Origin.OTHERS: _("d’après le verdict d’un autre projet (%(source)s, %(day)s)") % words,
        Origin.STUDY: _("par l’étude"),
        Origin.INVENTED: _("par notre mesure, le %(day)s, d’un Internet d’essai dont les villes sont inventées")
        % words,
    }[origin]


def law_name(law: Law) -> str:
    """Whose law."""
    return {
        Law.EU: _("Union européenne et EEE"),
        Law.US: _("États-Unis"),
        Law.ADEQUATE: _("pays au niveau de protection adéquat"),
        Law.OTHER: _("autre pays"),
        Law.UNKNOWN: _("pas encore connu"),
    }[law]


def certainty_name(certainty: Certainty) -> str:
    """How sure a verdict is."""
    return {Certainty.SURE: _("sûr"), Certainty.LIKELY: _("probable"), Certainty.UNSURE: _("incertain")}[certainty]


def met_name(met: Met) -> str:
    """Whether a criterion is met."""
    return {Met.MET: _("oui"), Met.NOT_MET: _("non"), Met.UNKNOWN: _("inconnu")}[met]
