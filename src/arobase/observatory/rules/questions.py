"""What is asked about a domain: first of itself, then of the hosts that its answers name."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from arobase.observatory.rules import dmarc, spf
from arobase.observatory.rules.answers import SETTLED, Answer, Outcome

Question = tuple[str, str]  # name, type
Answers = Mapping[Question, Answer]

# Selectors that large providers hand out (their documentation, read up to November 2025).
SELECTORS = ("selector1", "selector2", "google", "ovhmo-selector-1", "default", "mail", "dkim", "k1", "s1")
MOST_ABOVE = 2  # names between a domain and what was registered, for its CAA
MOST_HOSTS = 20  # of one kind, for one domain: a zone with 500 name servers is not asked 500 times


NOTHING_MORE = frozenset({Outcome.NO_NAME, Outcome.BAD_NAME})
# Where even the name servers' names cannot be had, little is asked: enough to tell a silent zone from a lame one.
NO_ANSWER = frozenset({Outcome.TIMEOUT, Outcome.FAILED, Outcome.REFUSED, Outcome.BAD})


def first_of(domain: str) -> Question:
    """What is asked before anything else."""
    return domain, "NS"


def of_itself(domain: str, first: Outcome) -> Iterator[Question]:
    """What is asked of the domain itself, once its first question has ended."""
    if first in NOTHING_MORE:
        return
    yield from ((domain, type) for type in ("A", "MX"))
    if first in NO_ANSWER:
        return
    yield from ((domain, type) for type in ("AAAA", "TXT", "SOA", "DS", "CAA"))
    yield from ((f"www.{domain}", type) for type in ("A", "AAAA"))
    yield f"_dmarc.{domain}", "TXT"


def of_its_mail(domain: str) -> Iterator[Question]:
    """What is asked only where there is mail: policies, known keys, and where programs find the mailbox."""
    yield from ((f"{label}.{domain}", "TXT") for label in ("_mta-sts", "_smtp._tls"))
    yield from ((f"{selector}._domainkey.{domain}", "TXT") for selector in SELECTORS)
    yield f"autodiscover.{domain}", "A"
    yield f"_autodiscover._tcp.{domain}", "SRV"


def that_follow(domain: str, answers: Answers) -> Iterator[Question]:
    """What the answers so far make one ask of the domain's own names."""
    if is_answered(answers, domain, "MX"):
        yield from of_its_mail(domain)
    if is_answered(answers, domain, "DS"):
        yield domain, "DNSKEY"


def above(domain: str, organisation: str) -> tuple[str, ...]:
    """Names above a domain up to what somebody registered, the nearest first.

    >>> above("mairie.ville.agglo.fr", "agglo.fr"), above("ville.fr", "ville.fr")
    (('ville.agglo.fr', 'agglo.fr'), ())
    """
    if not domain.endswith(f".{organisation}"):
        return ()
    labels = domain.removesuffix(f".{organisation}").split(".")
    return tuple(".".join([*labels[at:], organisation]) for at in range(1, len(labels) + 1))


def of_its_parents(domain: str, answers: Answers, *, organisation: str) -> Iterator[Question]:
    """What holds for a domain that says nothing itself: the organisation's DMARC, the CAA of the nearest above.

    organisation  what somebody registered (RFC 7489, section 3.2; RFC 8659, section 3)
    """
    own = answers.get((f"_dmarc.{domain}", "TXT"))
    if domain != organisation and own and own.outcome in SETTLED and not dmarc.records(own.records):
        yield f"_dmarc.{organisation}", "TXT"
    for name, parent in pairwise((domain, *above(domain, organisation)[:MOST_ABOVE])):
        told = answers.get((name, "CAA"))
        if told is None or told.outcome not in SETTLED or told.records:
            return
        yield parent, "CAA"


def of_others(domain: str, answers: Answers, *, organisation: str) -> Iterator[Question]:
    """What the answers so far make one ask of names that many domains share: parents, hosts, SPF's records."""
    yield from of_its_parents(domain, answers, organisation=organisation)
    for type in ("MX", "NS"):
        told = answers.get((domain, type))
        hosts = [record.rpartition(" ")[2] for record in told.records][:MOST_HOSTS] if told else []
        yield from ((host, address) for host in hosts if host for address in ("A", "AAAA"))
    if (domain, "TXT") not in answers:
        return
    texts = {name: answer.records for (name, type), answer in answers.items() if type == "TXT"}
    yield from ((name, "TXT") for name in spf.tree(domain, texts).missing)


def is_answered(answers: Answers, name: str, type: str) -> bool:
    """Whether there is such a record."""
    told = answers.get((name, type))
    return told is not None and told.outcome is Outcome.ANSWER
