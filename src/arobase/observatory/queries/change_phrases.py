"""What changed for a territory, as sentences."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from arobase.observatory.queries.criteria_phrases import title
from arobase.observatory.rules.change import Change, Kind
from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.providers import Catalogue

LAYERS: dict[Layer, Callable[[], str]] = {
    Layer.MAIL: lambda: _("la messagerie"),
    Layer.GATEWAY: lambda: _("le filtre du courrier"),
    Layer.DNS: lambda: _("les serveurs de noms"),
    Layer.MAIL_DNS: lambda: _("les serveurs de noms de la messagerie"),
    Layer.HOSTING: lambda: _("l’hébergement du site"),
    Layer.CDN: lambda: _("le relais devant le site (CDN)"),
    Layer.CA: lambda: _("l’autorité qui signe le certificat"),
    Layer.FONTS: lambda: _("les polices de caractères"),
    Layer.ANALYTICS: lambda: _("la mesure d’audience"),
    Layer.MAPS: lambda: _("les cartes"),
    Layer.VIDEO: lambda: _("les vidéos"),
    Layer.CAPTCHA: lambda: _("le contrôle anti-robots (captcha)"),
    Layer.CONSENT: lambda: _("le recueil du consentement"),
    Layer.CHAT: lambda: _("le dialogue en ligne"),
    Layer.OFFICE: lambda: _("la suite bureautique"),
    Layer.SOCIAL: lambda: _("les réseaux sociaux sur la page"),
    Layer.LIBRARIES: lambda: _("les scripts et styles empruntés ailleurs"),
}

_LAYER_SENTENCES: dict[Kind, Callable[[], str]] = {
    Kind.MOVED: lambda: _("Changement pour %(layer)s : de %(before)s à %(after)s."),
    Kind.BEGUN: lambda: _("Nouveau pour %(layer)s : %(after)s."),
    Kind.ENDED: lambda: _("Fin pour %(layer)s : %(before)s n’y est plus."),
}


def change(one: Change, catalogue: Catalogue) -> str:
    """A change as a sentence in the active language."""
    if one.kind is Kind.DARK:
        return _("Le site était joignable et ne l’est plus.")
    if one.kind is Kind.BACK:
        return _("Le site est de nouveau joignable.")
    if one.kind in {Kind.WON, Kind.LOST}:
        told = _("Critère gagné : %(title)s.") if one.kind is Kind.WON else _("Critère perdu : %(title)s.")
        return told % {"title": title(one.subject)}
    before, after = (", ".join(_name(slug, catalogue) for slug in slugs) for slugs in (one.before, one.after))
    layer = LAYERS[Layer(one.subject)]()
    return _LAYER_SENTENCES[one.kind]() % {"layer": layer, "before": before, "after": after}


def _name(slug: str, catalogue: Catalogue) -> str:
    known = catalogue.providers.get(slug)
    return known.name if known else _("un serveur en propre") if slug == "self" else slug
