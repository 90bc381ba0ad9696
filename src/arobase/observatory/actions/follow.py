"""What people ask of the observatory: to be told, to say that it errs, to put a domain right, to be left out."""

from datetime import date, datetime

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from arobase.accounts.models import User
from arobase.observatory.models import ErrorReport, OfficialDomain, OptOut, Purpose, Watch

SALT = "observatory.watch"
LONGEST = 2000  # characters of a report or of its answer
BY_THE_TOWN = gettext_noop("corrigé par la commune")


class NothingSaid(ValueError):
    """A report or an answer without a word."""

    message = _("Dites-le en quelques mots.")


def watch(person: User, territory_id: str, *, at: datetime) -> Watch:
    """Tell this person when what a territory stands on changes; pressing twice changes nothing."""
    kept, _is_new = Watch.objects.get_or_create(person=person, territory_id=territory_id, defaults={"since": at})
    return kept


def unwatch(person: User, territory_id: str) -> None:
    """Tell them no more."""
    Watch.objects.filter(person=person, territory_id=territory_id).delete()


def token_of(*watches: Watch) -> str:
    """What a link or a header of an e-mail carries, so that these end without signing in."""
    return signing.dumps([one.pk for one in watches], salt=SALT)


def watches_named(token: str) -> list[Watch]:
    """The watches that a token names, without those that have ended. Raises signing.BadSignature."""
    named = signing.loads(token, salt=SALT)
    kept = Watch.objects.select_related("territory").order_by("territory__name")
    return list(kept.filter(pk__in=named if isinstance(named, list) else [named]))  # one number in letters of before


def report_error(territory_id: str, text: str, *, at: datetime, layer: str = "") -> ErrorReport:
    """Keep what someone says is wrong, and nothing of who says it. Raises NothingSaid."""
    return ErrorReport.objects.create(territory_id=territory_id, layer=layer, text=_words(text), made_at=at)


def answer_error(one: ErrorReport, text: str, *, by: User, at: datetime) -> None:
    """Answer a report. Raises NothingSaid."""
    one.answer, one.answered_at, one.answered_by = _words(text), at, by
    one.save(update_fields=["answer", "answered_at", "answered_by"])


def opt_out(territory_id: str, *, why: str, by: User, on: date) -> OptOut:
    """Look at a territory no more, from this day; asking twice changes nothing."""
    given = {"since": on, "why": why.strip()[:LONGEST], "by": by}
    kept, _is_new = OptOut.objects.get_or_create(territory_id=territory_id, until=None, defaults=given)
    return kept


def opt_in(territory_id: str, *, on: date) -> None:
    """Look at a territory again."""
    OptOut.objects.filter(territory_id=territory_id, until=None).update(until=on)


@transaction.atomic
def correct_domain(territory_id: str, purpose: Purpose, *, host: str, address: str, on: date) -> OfficialDomain:
    """Declare a territory's domain in its own name; the one before ends that day and stays in the history."""
    current = OfficialDomain.objects.select_for_update().filter(territory_id=territory_id, purpose=purpose, until=None)
    same = current.filter(host=host, address=address, source=BY_THE_TOWN).first()
    if same:
        return same
    current.update(until=on)
    return OfficialDomain.objects.create(
        territory_id=territory_id,
        purpose=purpose,
        host=host,
        address=address,
        source=BY_THE_TOWN,
        told_on=on,
        since=on,
    )


def _words(text: str) -> str:
    said = text.replace("\0", "").strip()[:LONGEST]
    if not said:
        raise NothingSaid
    return said
