"""Days in words, the same everywhere."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language


def day(when: date | datetime) -> str:
    """A day in words, of a moment the site's own; in French the first of a month is « 1er »."""
    on = localdate(when) if isinstance(when, datetime) else when
    words = date_format(on, "DATE_FORMAT")
    return words.replace("1 ", "1er ", 1) if on.day == 1 and (get_language() or "").startswith("fr") else words
