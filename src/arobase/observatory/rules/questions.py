"""What is asked about a domain: first of itself, then of the hosts that its answers name."""

from collections.abc import Iterator, Mapping

from arobase.observatory.rules import spf
from arobase.observatory.rules.answers import Answer

Question = tuple[str, str]  # name, type
Answers = Mapping[Question, Answer]

# Selectors that large providers hand out (their documentation, read up to November 2025).
SELECTORS = ("selector1", "selector2", "google", "ovhmo-selector-1", "default", "mail", "dkim", "k1", "s1")
MOST_HOSTS = 20  # of one kind, for one domain: a zone with 500 name servers is not asked 500 times


def of_itself(domain: str) -> Iterator[Question]:
    """The first questions about a domain."""
    yield from ((domain, type) for type in ("NS", "A", "AAAA", "MX", "TXT", "CAA"))
    yield from ((f"www.{domain}", type) for type in ("A", "AAAA"))
    yield from ((f"{label}.{domain}", "TXT") for label in ("_dmarc", "_mta-sts", "_smtp._tls"))
    yield from ((f"{selector}._domainkey.{domain}", "TXT") for selector in SELECTORS)
    yield f"autodiscover.{domain}", "A"
    yield f"_autodiscover._tcp.{domain}", "SRV"


def that_follow(domain: str, answers: Answers) -> Iterator[Question]:
    """What the answers so far make one ask: addresses of mail and name servers, and the records that SPF includes."""
    for type in ("MX", "NS"):
        told = answers.get((domain, type))
        hosts = [record.rpartition(" ")[2] for record in told.records][:MOST_HOSTS] if told else []
        yield from ((host, address) for host in hosts if host for address in ("A", "AAAA"))
    texts = {name: answer.records for (name, type), answer in answers.items() if type == "TXT"}
    yield from ((name, "TXT") for name in spf.tree(domain, texts).missing)
