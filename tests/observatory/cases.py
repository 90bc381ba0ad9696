"""Builders of mail facts with plain defaults."""

from arobase.observatory.rules.mail import MailFacts, MailVerdict, interpret
from arobase.observatory.sources.facts import registrable
from arobase.observatory.sources.providers import catalogue

OUTLOOK = "ville-fr.mail.protection.outlook.com"
FILTER = "mx01.cloud.vadesecure.com"
TENANT = "selector1-ville-fr._domainkey.ville.onmicrosoft.com"


def verdict(
    domain: str = "ville.fr", *, mx: tuple[str, ...] | None = (), spf: str = "", **facts: object
) -> MailVerdict:
    """The verdict on a domain whose mail exchangers stand in this order."""
    exchangers = None if mx is None else [(10 * at, host) for at, host in enumerate(mx)]
    told = MailFacts(mx=exchangers, txt=[spf] if spf else [], **facts)
    return interpret(domain, told, catalogue(), registrable=registrable)
