"""What people ask of the observatory: to be told, to say that it errs, to put a domain right, to be left out."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from arobase.accounts.models import User
from arobase.observatory.models import Correction, ErrorReport, OfficialDomain, OptOut, Purpose, Righted, Watch
from arobase.observatory.queries.follow import BY_THE_ORGANISER, BY_THE_TOWN, PUT_RIGHT, before_correction

SALT = "observatory.watch"
LONGEST = 2000  # characters of a report or of its answer
BACK = {Purpose.WEB: Righted.WEB_BACK, Purpose.MAIL: Righted.MAIL_BACK}


class NothingSaid(ValueError):
    """A report or an answer without a word."""

    message = _("Dites-le en quelques mots.")


class NoReason(ValueError):
    """Who acts for a town without being its agent says who asked for it, and when."""

    message = _("Dites qui l’a demandé et quand, par exemple : courriel de la secrétaire de mairie, 12 novembre.")


class NothingPutRight(ValueError):
    """What is declared today comes from a file already."""

    message = _("Rien n’a changé : ce qui est déclaré vient déjà de l’annuaire.")


@dataclass(frozen=True)
class Hand:
    """Whose hand puts something right for a territory, and when: its agent's, or an organiser's with the reason.

    Raises  NoReason
    """

    by: User
    at: datetime
    is_town: bool = True
    why: str = ""

    def __post_init__(self) -> None:
        if not self.is_town and not self.why.strip():
            raise NoReason

    @property
    def source(self) -> str:
        """What a domain says of where it is from."""
        return BY_THE_TOWN if self.is_town else BY_THE_ORGANISER

    def keep(self, territory_id: str, kind: Righted, value: str = "") -> None:
        """Write down what it did."""
        why = self.why.strip()[:LONGEST]
        Correction.objects.create(
            territory_id=territory_id, kind=kind, value=value, is_by_town=self.is_town, why=why, by=self.by, at=self.at
        )


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


@transaction.atomic
def opt_out(territory_id: str, *, why: str, hand: Hand, on: date) -> OptOut:
    """Look at a territory no more, from this day; asking twice changes nothing.

    why  shown to everybody
    """
    given = {"since": on, "why": why.strip()[:LONGEST], "by": hand.by}
    kept, is_new = OptOut.objects.get_or_create(territory_id=territory_id, until=None, defaults=given)
    if is_new:
        hand.keep(territory_id, Righted.OUT)
    return kept


@transaction.atomic
def opt_in(territory_id: str, *, hand: Hand, on: date) -> None:
    """Look at a territory again."""
    if OptOut.objects.filter(territory_id=territory_id, until=None).update(until=on):
        hand.keep(territory_id, Righted.BACK)


@transaction.atomic
def correct_domain(
    territory_id: str, purpose: Purpose, *, host: str, address: str, hand: Hand, on: date
) -> OfficialDomain:
    """Declare a territory's domain in its own name; the one before ends that day and stays in the history."""
    current = OfficialDomain.objects.select_for_update().filter(territory_id=territory_id, purpose=purpose, until=None)
    same = current.filter(host=host, address=address, source=hand.source).first()
    if same:
        return same
    current.update(until=on)
    hand.keep(territory_id, Righted(purpose), address or host)
    return OfficialDomain.objects.create(
        territory_id=territory_id,
        purpose=purpose,
        host=host,
        address=address,
        source=hand.source,
        told_on=on,
        since=on,
    )


@transaction.atomic
def take_back_correction(territory_id: str, purpose: Purpose, *, hand: Hand, on: date) -> OfficialDomain | None:
    """Declare again what a file declared before it was put right; files change it from then on. None where none did.

    Raises  NothingPutRight
    """
    current = OfficialDomain.objects.select_for_update().filter(
        territory_id=territory_id, purpose=purpose, until=None, source__in=PUT_RIGHT
    )
    before = before_correction(territory_id, purpose)
    if not current.update(until=on):
        raise NothingPutRight
    hand.keep(territory_id, BACK[purpose], (before.address or before.host) if before else "")
    if before is None:
        return None
    return OfficialDomain.objects.create(
        territory_id=territory_id,
        purpose=purpose,
        host=before.host,
        address=before.address,
        source=before.source,
        told_on=before.told_on,
        since=on,
    )


def _words(text: str) -> str:
    said = text.replace("\0", "").strip()[:LONGEST]
    if not said:
        raise NothingSaid
    return said
