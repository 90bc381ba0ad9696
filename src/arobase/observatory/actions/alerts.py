"""E-mails to those who follow a territory: one a person, once a campaign, only when there is something to say."""

import smtplib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.core.cache import caches
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from arobase.observatory.actions.follow import token_of
from arobase.observatory.models import About, Campaign, CampaignState, Change, Watch
from arobase.observatory.queries.follow import changes, ending_certificates, left_out
from arobase.web.dates import day

SOON = timedelta(days=21)  # before a certificate ends
TELLING, LONGEST_S = "observatory:alert", 3600  # held while letters go out, by one process of all machines
PERMANENT = 500  # SMTP's permanent refusals (RFC 5321, 4.2.1)
Phrase = Callable[[Change], str]


def alert(*, at: datetime, site: str, phrase: Phrase) -> Mapping[str, int]:
    """Tell everyone what is new; how many letters were sent, wait for the mail server, or were refused for good.

    site    address of this place, without a slash at the end
    phrase  says a change in words
    """
    counts = {"sent": 0, "waiting": 0, "refused": 0}
    published = Campaign.objects.filter(about=About.COMMUNES, state=CampaignState.PUBLISHED)
    latest = published.order_by("-published_at").first()
    if latest is None or not caches["default"].add(TELLING, at.isoformat(), LONGEST_S):
        return counts  # nothing is new, or another machine is telling it
    try:
        return _tell(latest, counts, at=at, site=site, phrase=phrase)
    finally:
        caches["default"].delete(TELLING)


def _tell(latest: Campaign, counts: dict[str, int], *, at: datetime, site: str, phrase: Phrase) -> Mapping[str, int]:
    ends = {one.territory_id: last for last, one in ending_certificates(on=at.date()) if last <= at.date() + SOON}
    for watches in _by_person(latest).values():
        letter = [(one, _lines(one, ends.get(one.territory_id), site, phrase)) for one in watches]
        told = [one for one, lines in letter if lines]
        outcome = _send(told, [line for _one, lines in letter for line in lines], site) if told else ""
        if outcome:
            counts[outcome] += 1
        if outcome != "waiting":
            Watch.objects.filter(pk__in=[one.pk for one in watches]).update(told_of=latest)
    return counts


def _by_person(latest: Campaign) -> Mapping[int, list[Watch]]:
    found: dict[int, list[Watch]] = defaultdict(list)
    waiting = Watch.objects.filter(person__is_active=True).exclude(told_of=latest).exclude(territory__in=left_out())
    for one in waiting.select_related("person", "territory", "told_of").order_by("person", "territory__name"):
        found[one.person_id].append(one)
    return found


def _lines(one: Watch, end: date | None, site: str, phrase: Phrase) -> list[str]:
    after = one.told_of.published_at if one.told_of else one.since
    said = [phrase(it) for it in changes().filter(territory=one.territory_id, campaign__published_at__gt=after)]
    if end:
        told = {"town": one.territory.name, "day": day(end)}
        said.append(_("%(town)s : le certificat du site finit le %(day)s.") % told)
    if not said:
        return []
    stop = _stop(site, one)
    return [*said, _("Ne plus suivre %(town)s : %(link)s") % {"town": one.territory.name, "link": stop}, ""]


def _stop(site: str, *watches: Watch) -> str:
    return f"{site}/observatoire/suivis/fin/{token_of(*watches)}"


def _send(told: Sequence[Watch], lines: Sequence[str], site: str) -> str:
    """Send one person's letter; its header ends all that it tells of."""
    body = "\n".join([_("Du nouveau dans les territoires que vous suivez :"), "", *lines])
    stop = _stop(site, *told)
    headers = {"List-Unsubscribe": f"<{stop}>"}
    if stop.startswith("https://"):  # one click is for encrypted addresses alone (RFC 8058, section 3.1)
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    try:
        EmailMessage(_("[Arobase] Ce qui a changé"), body, to=[told[0].person.email], headers=headers).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, _text = next(iter(error.recipients.values()))
        return "refused" if code >= PERMANENT else "waiting"
    except (smtplib.SMTPException, OSError):
        return "waiting"
    return "sent"
