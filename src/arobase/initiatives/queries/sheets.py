"""An initiative as its sheet says it, and as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from arobase.initiatives.models import Initiative
from arobase.initiatives.rules.sheets import Partner, Place, Sheet, Software

LISTS = {"places": Place, "partners": Partner, "software": Software}
PLAIN = tuple(name for name in Sheet.__dataclass_fields__ if name not in LISTS)


def sheet_of(initiative: Initiative) -> Sheet:
    """What is kept of an initiative, as a sheet."""
    return sheet_from({name: getattr(initiative, name) for name in Sheet.__dataclass_fields__})


def sheet_from(columns: Mapping[str, Any]) -> Sheet:
    """A sheet from columns or from the JSON that `kept_sheet` gave; days may be texts. Raises TypeError, ValueError."""
    plain = {name: columns[name] for name in PLAIN}
    for name in ("started_on", "ended_on"):
        plain[name] = date.fromisoformat(plain[name]) if isinstance(plain[name], str) else plain[name]
    lists = {name: tuple(kind(**one) for one in columns[name]) for name, kind in LISTS.items()}
    return Sheet(**{**plain, **lists, "services": tuple(columns["services"])})


def kept_sheet(sheet: Sheet) -> dict[str, Any]:
    """A sheet as JSON keeps it."""
    return {name: kept(getattr(sheet, name)) for name in Sheet.__dataclass_fields__}


def columns_of(sheet: Sheet) -> dict[str, Any]:
    """What a sheet becomes in the columns of an initiative."""
    return {
        name: kept(getattr(sheet, name)) if name in (*LISTS, "services") else getattr(sheet, name)
        for name in Sheet.__dataclass_fields__
    }


def kept(value: Any) -> Any:
    """A value of a sheet as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [asdict(one) if hasattr(one, "__dataclass_fields__") else one for one in value]
    return value


def kept_changes(changes: Mapping[str, tuple[object, object]]) -> dict[str, Sequence[Any]]:
    """Changes of a sheet as the history keeps them."""
    return {name: [kept(before), kept(now)] for name, (before, now) in changes.items()}
