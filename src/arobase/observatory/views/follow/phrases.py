"""What changed, and what is wrong with a domain, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from arobase.observatory.models import Change as Kept
from arobase.observatory.queries.change_phrases import change
from arobase.observatory.queries.criteria_phrases import title
from arobase.observatory.rules.change import Change, Kind
from arobase.observatory.rules.declared import Flaw
from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.providers import Catalogue
from arobase.observatory.views.wording import layer_name


def changed(one: Kept, catalogue: Catalogue) -> str:
    """A change as a sentence: whose, and from whom to whom or which criterion."""
    told = Change(Kind(one.kind), one.layer, tuple(one.before), tuple(one.after))
    if told.kind is Kind.MOVED and told.subject == Layer.MAIL:
        names = {"before": named(one.before, catalogue), "after": named(one.after, catalogue)}
        return _("%(town)s a déplacé sa messagerie de %(before)s vers %(after)s.") % {
            "town": one.territory.name,
            **names,
        }
    return _("%(town)s : %(what)s") % {"town": one.territory.name, "what": change(told, catalogue)}


def about(code: str) -> str:
    """What a change is about: a layer, or a criterion by its title."""
    return layer_name(code) if code in set(Layer) else title(code)


def named(slugs: Sequence[str], catalogue: Catalogue) -> str:
    """Providers by name, as they are written where the catalogue does not know them."""
    known = [catalogue.providers[one].name if one in catalogue.providers else one for one in slugs]
    return ", ".join(known) or _("rien")


def flaw_said(flaw: Flaw) -> str:
    """Why a text is no domain, in a sentence."""
    return {
        Flaw.SPACE: _("Il y a un espace dedans."),
        Flaw.SCHEME: _("Une adresse de site commence par https:// ou http://."),
        Flaw.USER: _("Une adresse de site n’a pas d’arobase avant le nom de domaine."),
        Flaw.NUMBERS: _("C’est une adresse en chiffres, non un nom."),
        Flaw.PORT: _("Le port, après les deux-points, est un nombre de 1 à 65535."),
        Flaw.SINGLE: _("Il manque l’extension, comme .fr."),
        Flaw.SEVERAL: _("Donnez une seule adresse."),
        Flaw.LABEL: _(
            "Un nom de domaine n’a que des lettres, des chiffres, des traits d’union et des points, 63 signes au plus "
            "entre deux points."
        ),
    }[flaw]
