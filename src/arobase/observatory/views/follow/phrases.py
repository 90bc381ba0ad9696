"""What changed, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from arobase.observatory.models import Change
from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.providers import Catalogue
from arobase.observatory.views.wording import layer_name


def changed(one: Change, catalogue: Catalogue) -> str:
    """A change as a sentence: who moved what, from whom to whom."""
    told = {
        "town": one.territory.name,
        "layer": layer_name(one.layer),
        "before": named(one.before, catalogue),
        "after": named(one.after, catalogue),
    }
    if one.layer == Layer.MAIL and one.before and one.after:
        return _("%(town)s a déplacé sa messagerie de %(before)s vers %(after)s.") % told
    return _("%(town)s, %(layer)s : de %(before)s à %(after)s.") % told


def named(slugs: Sequence[str], catalogue: Catalogue) -> str:
    """Providers by name, as they are written where the catalogue does not know them."""
    known = [catalogue.providers[one].name if one in catalogue.providers else one for one in slugs]
    return ", ".join(known) or _("rien")
