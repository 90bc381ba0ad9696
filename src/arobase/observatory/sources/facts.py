"""Mail facts as JSON: a line of a file of cases, or a record of the mirror."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from publicsuffixlist import PublicSuffixList

from arobase.observatory.rules import spf
from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.rules.browsing import host_of
from arobase.observatory.rules.facts import DomainFacts, Network
from arobase.observatory.rules.mail import MailFacts
from arobase.observatory.rules.visits import Certificate, Ending, Hop, Kind, Page, Resource, Secured, Site, Visit


class BadFacts(ValueError):
    """A case is not in the form that is asked for; the message says where."""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def registrable(name: str) -> str:
    """The part of a name that someone registered, by the public suffix list of the locked package.

    >>> registrable("mail.ville.example.fr"), registrable("mx.town.gv.at")
    ('example.fr', 'town.gv.at')
    """
    return _suffixes().privatesuffix(name) or name


def ascii_domain(told: object) -> str:
    """A domain in lower case and ASCII (IDNA). Raises BadFacts."""
    if not isinstance(told, str) or not told.strip(" .") or any(sign in told for sign in "/@ "):
        raise BadFacts(f"domain: expected a domain name such as ville.example.fr, not {told!r:.80}")
    try:
        return told.strip().rstrip(".").lower().encode("idna").decode("ascii")
    except UnicodeError as error:
        raise BadFacts(f"domain: {told!r:.80} is no domain name ({error})") from error


def mail_facts(dns: Mapping[str, Any]) -> MailFacts:
    """What a case tells of a domain's mail. Raises BadFacts."""
    exchangers = _list(dns, "MX") if dns.get("MX") is not None else None
    return MailFacts(
        mx=None if exchangers is None else [_exchanger(one, at) for at, one in enumerate(exchangers)],
        txt=_texts(dns, "TXT"),
        spf_records=spf.within(_text(dns, "spf_includes")),
        mx_cnames=_aliases(dns, "mx_cnames"),
        mx_systems=[int(one) for one in _list(dns, "mx_asns") if str(one).isdigit()],
        mx_countries=_texts(dns, "mx_countries"),
        autodiscover=_values(dns, "autodiscover"),
        dkim=_values(dns, "dkim"),
        verifications=_keys(dns, "txt_verifications"),
    )


def _exchanger(told: object, at: int) -> tuple[int, str]:
    if isinstance(told, str):
        return 0, told
    match told:
        case [preference, str(host)] if isinstance(preference, int):
            return preference, host
    raise BadFacts(f"MX[{at}]: expected [preference, host], not {told!r:.80}")


def _list(dns: Mapping[str, Any], key: str) -> list[Any]:
    value = dns.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadFacts(f"{key}: expected a list, not {value!r:.80}")
    return value


def texts_of(dns: Mapping[str, Any], key: str) -> list[str]:
    """A list of texts, or one alone. Raises BadFacts."""
    value = dns.get(key)
    return _texts({key: [value]} if isinstance(value, str) else dns, key)


def _texts(dns: Mapping[str, Any], key: str) -> list[str]:
    found = _list(dns, key)
    if not all(isinstance(one, str) for one in found):
        raise BadFacts(f"{key}: expected texts, not {found!r:.80}")
    return found


def _text(dns: Mapping[str, Any], key: str) -> str:
    value = dns.get(key) or ""
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if not isinstance(value, str):
        raise BadFacts(f"{key}: expected a text, not {value!r:.80}")
    return value


def _gathered(dns: Mapping[str, Any], key: str, take: Callable[[Mapping[str, Any]], Iterable[Any]]) -> list[str]:
    value = dns.get(key)
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    return [str(one) for one in (take(value) if isinstance(value, Mapping) else value) if one]


def _values(dns: Mapping[str, Any], key: str) -> list[str]:
    return _gathered(dns, key, lambda told: told.values())


def _keys(dns: Mapping[str, Any], key: str) -> list[str]:
    return _gathered(dns, key, lambda told: told.keys())


def _aliases(dns: Mapping[str, Any], key: str) -> dict[str, str]:
    value = dns.get(key) or {}
    if not isinstance(value, Mapping):
        raise BadFacts(f"{key}: expected {{host: name}}, not {value!r:.80}")
    return {
        str(host): str(name[0] if isinstance(name, list) and name else name) for host, name in value.items() if name
    }


def web_facts(domain: str, told: Mapping[str, Any], *, on: date) -> DomainFacts:
    """What a case tells of a domain's names and site, as if they had been asked and visited. Raises BadFacts.

    told  the case: `dns` as for mail, `networks` {address: {system, name, country}}, and `site` {headers, cookies,
          issuer, until, resources [{kind, url}]}; any may be missing
    """
    dns = _mapping(told, "dns")
    answers = {
        (domain, type): Answer(
            domain, type, Outcome.ANSWER if dns[type] else Outcome.NO_DATA, tuple(texts_of(dns, type))
        )
        for type in ("NS", "A", "AAAA", "TXT")
        if dns.get(type) is not None
    }
    if aliases := texts_of(dns, "CNAME"):
        www = f"www.{domain}"
        records = tuple(texts_of(dns, "A"))
        answers[www, "A"] = Answer(www, "A", Outcome.ANSWER, records, tuple(aliases))
    networks = {address: _network(address, one) for address, one in _mapping(told, "networks").items()}
    return DomainFacts(domain, on, answers, _site(domain, _mapping(told, "site"), on), networks)


def _mapping(told: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = told.get(key) or {}
    if not isinstance(value, Mapping):
        raise BadFacts(f"{key}: expected an object, not {value!r:.80}")
    return value


def _network(address: str, told: object) -> Network:
    match told:
        case {"system": int(system), **more}:
            return Network(system, str(more.get("name", "")), str(more.get("country", "")))
    raise BadFacts(f'networks[{address}]: expected {{"system": 64500, "country": "FR"}}, not {told!r:.80}')


def _site(domain: str, told: Mapping[str, Any], on: date) -> Site | None:
    if not told:
        return None
    url = f"https://{domain}/"
    headers = {str(name).lower(): str(value) for name, value in _mapping(told, "headers").items()}
    secured = Secured("", _certificate(domain, told, on)) if told.get("issuer") else None
    visit = Visit(url, Ending.ANSWERED, (Hop(url, 200),), secured, headers, tuple(texts_of(told, "cookies")))
    page = Page(url, resources=tuple(_resource(one, at) for at, one in enumerate(_list(told, "resources"))))
    return Site(domain, datetime.combine(on, time(), UTC), (visit,), page if "resources" in told else None)


def _certificate(domain: str, told: Mapping[str, Any], on: date) -> Certificate:
    issuer = _text(told, "issuer")
    try:
        until = date.fromisoformat(_text(told, "until") or on.isoformat())
    except ValueError as error:
        raise BadFacts(f"until: expected a day such as 2026-12-31, not {told['until']!r:.80}") from error
    return Certificate(domain, (domain,), issuer, issuer, on, until)


def _resource(told: object, at: int) -> Resource:
    match told:
        case {"kind": str(kind), "url": str(url)} if kind in set(Kind) and (host := host_of(url)):
            return Resource(Kind(kind), host, url)
    raise BadFacts(f'resources[{at}]: expected {{"kind": "script", "url": "https://.."}}, not {told!r:.80}')
