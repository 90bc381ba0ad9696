"""E-mails: written once with what they are about, sent when the mail server takes them, tried again otherwise."""

import smtplib
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F

from arobase.label.models import Campaign, Letter, Silence
from arobase.label.queries.configuration.editions import in_force
from arobase.label.rules.configuration import LETTERS

SILENCEABLE = frozenset({"invitation", "reminder", "digest"})
PATIENCE = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))  # between tries
MOST_AT_ONCE = 500


def write_letter(
    campaign: Campaign, kind: str, *, key: str, to: str, at: datetime, english: bool = False, **facts: Any
) -> Letter | None:
    """Keep a letter to be sent; None when it was written before, or its reader asked for silence.

    key     what it is about, the same for the same thing
    facts   what stands in the places of that kind of letter
    """
    if kind in SILENCEABLE and Silence.objects.filter(email__iexact=to).exists():
        return None
    text = in_force(campaign).letters[kind]
    said = dict.fromkeys(LETTERS[kind], "") | facts
    subject, body = (text.subject.en, text.body.en) if english else (text.subject.fr, text.body.fr)
    letter, is_new = Letter.objects.get_or_create(
        key=key,
        defaults={
            "campaign": campaign,
            "kind": kind,
            "to": to,
            "subject": " ".join(subject.format_map(said).split())[:200],
            "body": body.format_map(said),
            "written_at": at,
            "try_at": at,
        },
    )
    return letter if is_new else None


def post(*, at: datetime, unsubscribe: str, footer: str) -> dict[str, int]:
    """Send what is due; how many were sent, wait, or were refused for good.

    unsubscribe   address of the page, to which a signed token is added
    footer        a sentence that names it, with %(link)s
    """
    counts = {"sent": 0, "waiting": 0, "refused": 0}
    due = list(
        Letter.objects.filter(state=Letter.State.WAITING, try_at__lte=at).order_by("try_at", "id")[:MOST_AT_ONCE]
    )
    if not due:
        return counts
    connection = get_connection()
    for letter in due:
        state, problem = _try(letter, connection, unsubscribe=unsubscribe, footer=footer)
        wait = PATIENCE[min(letter.attempts, len(PATIENCE) - 1)]
        Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING).update(
            state=state,
            problem=problem,
            attempts=F("attempts") + 1,
            sent_at=at if state == Letter.State.SENT else None,
            try_at=at + wait,
        )
        counts[str(state)] += 1
    connection.close()
    return counts


def _try(letter: Letter, connection: Any, *, unsubscribe: str, footer: str) -> tuple[Letter.State, str]:
    body, headers = letter.body, {}
    if letter.kind in SILENCEABLE:
        link = f"{unsubscribe}{signing.dumps(letter.to, salt='silence')}"
        body = f"{body}\n\n-- \n{footer % {'link': link}}"
        headers = {"List-Unsubscribe": f"<{link}>"}
    message = EmailMessage(letter.subject, body, to=[letter.to], headers=headers, connection=connection)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        permanent = code >= 500  # noqa: PLR2004 - SMTP's permanent refusals (RFC 5321, 4.2.1)
        said = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
        return (Letter.State.REFUSED if permanent else Letter.State.WAITING), f"{code} {said}"[:500]
    except (smtplib.SMTPException, OSError) as error:
        return Letter.State.WAITING, f"{type(error).__name__}: {error}"[:500]
    return Letter.State.SENT, ""


def silence(token: str, *, at: datetime) -> str:
    """Send no more reminders to the address that a token names; the address. Raises signing.BadSignature."""
    email = str(signing.loads(token, salt="silence"))
    with transaction.atomic():
        Silence.objects.get_or_create(email=email, defaults={"since": at})
    return email
