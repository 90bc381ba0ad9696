"""Names of what fails and of laws, in the reader's language."""

from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arobase.observatory.queries.dependence import Dependence
from arobase.observatory.rules.providers import Law


def failure_name(failure: str, on: Dependence) -> str:
    """What fails, for a person: a provider, a whole group, or every provider under a country's law."""
    kind, colon, what = failure.partition(":")
    if not colon:
        return on.name(failure)
    if kind == "country":
        return _("pays : %(country)s") % {"country": country_name(what)}
    return _("groupe : %(group)s") % {"group": on.name(failure)}


def country_name(code: str) -> str:
    """A country's name in the active language, its code where it has none."""
    return str(Locale.parse(get_language() or "fr", sep="-").territories.get(code, code))


def law_name(law: Law) -> str:
    """Whose law."""
    return {
        Law.EU: _("Union européenne et EEE"),
        Law.US: _("États-Unis"),
        Law.ADEQUATE: _("pays au niveau de protection adéquat"),
        Law.OTHER: _("autre pays"),
        Law.UNKNOWN: _("pas encore connu"),
    }[law]
