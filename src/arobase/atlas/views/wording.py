"""Numbers and places of the dynamics put into sentences of the reader's language."""

from fractions import Fraction
from math import floor

from django.utils import formats
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from arobase.atlas.queries.dynamics import AreaPage, AreaRow, Named, Overview
from arobase.atlas.rules.areas import Family
from arobase.atlas.rules.dynamics import Partial, Rate
from arobase.atlas.rules.wording import in_area
from arobase.territories.models import Kind
from arobase.territories.rules.names import intercommunal_name, typeset

DECIMALS = 2
FAMILIES = {
    Family.REGION: gettext_lazy("Régions"),
    Family.FORMER_REGION: gettext_lazy("Anciennes régions"),
    Family.DEPARTMENT: gettext_lazy("Départements"),
    Family.EPCI: gettext_lazy("Intercommunalités"),
}


def number(value: int) -> str:
    """A whole number with the reader's separators."""
    return str(formats.number_format(value, use_l10n=True, force_grouping=True))


def rounded(value: Fraction) -> str:
    """A rate as a person reads it: rounded here, once, halves upwards."""
    hundredths = floor(value * 10**DECIMALS + Fraction(1, 2))
    whole, rest = divmod(hundredths, 10**DECIMALS)
    return str(formats.number_format(f"{whole}.{rest:0{DECIMALS}}", DECIMALS, use_l10n=True, force_grouping=True))


def rate(value: Rate) -> str:
    """A rate, what is known of how many, or a dash where there is nothing to divide by."""
    if isinstance(value, Partial):
        return partial(value)
    return "–" if value is None else rounded(value)


def partial(missing: Partial) -> str:
    """What is known, of how many there were."""
    shown = max(missing.known, 1)  # French says « 0 connu »
    if missing.total is None:
        text = ngettext("%(known)s connu, total non publié", "%(known)s connus, total non publié", shown)
    else:
        text = ngettext("%(known)s connu sur %(total)s", "%(known)s connus sur %(total)s", shown)
    return text % {"known": number(missing.known), "total": number(missing.total or 0)}


def name(area: Named) -> str:
    """Its name as printed."""
    return intercommunal_name(area.name) if area.kind == Kind.EPCI else typeset(area.name)


def where(area: Named) -> str:
    """« en Occitanie »; in other languages as their translation says."""
    if (get_language() or "fr").startswith("fr"):
        return in_area(area.name, kind=area.kind, code=area.code, link=area.link)
    return _("dans %(area)s") % {"area": name(area)}


def when(year: int | None, *, first: int | None) -> str:
    """« En 2024 », or « Depuis 2001 » for all editions."""
    if year is not None:
        return _("En %(year)s") % {"year": year}
    return _("Depuis %(year)s") % {"year": first} if first else _("À ce jour")


def here(row: AreaRow, *, missing: Partial | None) -> str:
    """« 70 lauréats en Occitanie »; "known" stands in it while the edition is not complete."""
    laureates, place = row.dynamics.counts.laureates, where(row.area)
    if not laureates:
        text = _("aucun lauréat %(where)s") if missing is None else _("aucun lauréat connu %(where)s")
        return text % {"where": place}
    if missing is None:
        text = ngettext("%(laureates)s lauréat %(where)s", "%(laureates)s lauréats %(where)s", laureates)
    else:
        text = ngettext("%(laureates)s lauréat connu %(where)s", "%(laureates)s lauréats connus %(where)s", laureates)
    return text % {"laureates": number(laureates), "where": place}


def there(row: AreaRow) -> str:
    """« 89 en Nouvelle-Aquitaine », after another area."""
    return _("%(laureates)s %(where)s") % {
        "laureates": number(row.dynamics.counts.laureates),
        "where": where(row.area),
    }


def area_sentence(page: AreaPage) -> str:
    """What the press says of an area, in one sentence."""
    parts = [here(AreaRow(page.area, page.dynamics), missing=page.missing)]
    if page.beside:
        parts.append(there(page.beside))
    return _("%(when)s : %(what)s.") % {"when": _when(page), "what": ", ".join(parts)}


def overview_sentence(shown: Overview) -> str:
    """The areas with the most laureates, in one sentence; empty where no laureate is known."""
    ranked = sorted(shown.rows, key=lambda row: (-row.dynamics.counts.laureates, row.area.name))
    first = [row for row in ranked if row.dynamics.counts.laureates][:3]
    if not first:
        return ""
    parts = [here(first[0], missing=shown.missing), *(there(row) for row in first[1:])]
    return _("%(when)s : %(what)s.") % {"when": _when(shown), "what": ", ".join(parts)}


def _when(shown: AreaPage | Overview) -> str:
    held = [edition.year for edition in shown.editions if edition.counts.awards]
    return when(shown.year, first=min(held, default=None))


def completeness_sentence(year: int | None, *, missing: Partial | None) -> str:
    """How much of the edition, or of all of them, the atlas holds."""
    if missing is None:
        return (_("Toutes les éditions sont complètes.") if year is None else _("L’édition %(year)s est complète.")) % {
            "year": year
        }
    facts = {"known": number(missing.known), "year": year, "total": number(missing.total or 0)}
    if missing.total is None:
        text = (
            _("L’atlas connaît %(known)s labels ; le total de toutes les éditions n’est pas publié.")
            if year is None
            else _("L’atlas connaît %(known)s labels de l’édition %(year)s ; son total n’est pas publié.")
        )
    elif year is None:
        text = _("L’atlas connaît %(known)s labels sur les %(total)s attribués.")
    else:
        text = _("L’atlas connaît %(known)s labels sur les %(total)s de l’édition %(year)s.")
    return text % facts
