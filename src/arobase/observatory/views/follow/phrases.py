"""What changed, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from arobase.observatory.models import Change as Kept
from arobase.observatory.queries.change_phrases import change
from arobase.observatory.queries.criteria_phrases import title
from arobase.observatory.rules.change import Change, Kind
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
