"""Mail facts as JSON: a line of a file of cases, or a record of the mirror."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

import idna
from django.utils.translation import gettext as _
from publicsuffixlist import PublicSuffixList

from arobase.observatory.rules import dkim, spf
from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.rules.browsing import host_of
from arobase.observatory.rules.companies import names_a_host
from arobase.observatory.rules.facts import DomainFacts, Network
from arobase.observatory.rules.mail import MailFacts
from arobase.observatory.rules.services import Names
from arobase.observatory.rules.visits import Certificate, Ending, Hop, Kind, Page, Resource, Secured, Site, Visit

LONGEST_NAME, LONGEST_PART = 253, 63  # characters
MOST_SHOWN = 80


class BadFacts(ValueError):
    """A case is not in the form that is asked for; the message says where."""


@cache
def _suffixes(*, only_icann: bool = False) -> PublicSuffixList:
    return PublicSuffixList(only_icann=only_icann)


@cache
def registrable(name: str) -> str:
    """The part of a name that someone registered, by the public suffix list of the locked package.

    >>> registrable("mail.ville.example.fr"), registrable("mx.town.gv.at"), registrable("192.0.2.5")
    ('example.fr', 'town.gv.at', '192.0.2.5')
    """
    return (names_a_host(name) and _suffixes().privatesuffix(name)) or name


@cache
def zone_of(name: str) -> str:
    """The part of a name that a registry delegated: what platforms give below a domain of theirs is no zone.

    >>> zone_of("ville.github.io"), registrable("ville.github.io"), zone_of("mx.town.co.uk")
    ('github.io', 'ville.github.io', 'town.co.uk')
    """
    return (names_a_host(name) and _suffixes(only_icann=True).privatesuffix(name)) or name


NAMES = Names(registrable, zone_of)


def ascii_domain(told: object) -> str:
    """A domain in lower case and ASCII (IDNA 2008, as UTS 46 maps it). Raises BadFacts.

    Whatever can be asked about: an underscore may stand in it, as in no host that a town declares (`rules.declared`).

    >>> ascii_domain(" Épinal.fr."), ascii_domain("straße.example")
    ('xn--pinal-9ra.fr', 'xn--strae-oqa.example')
    """
    if not isinstance(told, str):
        raise BadFacts(
            _("un nom de domaine comme ville.example.fr était attendu, pas %(told)s") % {"told": shown(told)}
        )
    name = told.strip().removesuffix(".").lower()
    try:
        name = name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise _NoDomain(told, _("un de ses caractères n’est pas permis (IDNA 2008)")) from error
    if why := _fault(name):
        raise _NoDomain(told, why)
    return name


class _NoDomain(BadFacts):
    def __init__(self, told: str, why: str) -> None:
        said = {"told": plainly(told), "why": why}
        super().__init__(_("« %(told)s » n’est pas un nom de domaine comme ville.example.fr : %(why)s.") % said)


def shown(told: object) -> str:
    """A value as a sentence may carry it: short, signs that no terminal should obey written out."""
    return repr(told)[:MOST_SHOWN]


def plainly(text: str) -> str:
    """A text as a sentence may carry it, between its own quotes.

    >>> plainly("a\\tb")
    'a\\\\tb'
    """
    return repr(text)[1:-1][:MOST_SHOWN]


def _fault(name: str) -> str:
    """Why an ASCII text is no name that can be asked about (RFC 1035, 2.3.1 and 2.3.4); empty where it is one."""
    parts = name.split(".")
    if not name:
        return _("il est vide")
    if strange := re.search(r"[^a-z0-9._-]", name):
        return _("« %(sign)s » n’y a pas sa place") % {"sign": plainly(strange[0])}
    if parts[-1].isdecimal():
        return _("c’est une adresse IP ou un nombre")
    if len(parts) == 1 or not all(parts):
        return _("il faut des parties séparées par un point")
    if any(part[0] == "-" or part[-1] == "-" for part in parts):
        return _("aucune partie ne commence ni ne finit par un tiret")
    return _("il est trop long") if len(name) > LONGEST_NAME or max(map(len, parts)) > LONGEST_PART else ""


def mail_facts(dns: Mapping[str, Any]) -> MailFacts:
    """What a case tells of a domain's mail. Raises BadFacts."""
    exchangers = _list(dns, "MX") if dns.get("MX") is not None else None
    return MailFacts(
        mx=None if exchangers is None else [_exchanger(one, at) for at, one in enumerate(exchangers)],
        txt=_texts(dns, "TXT"),
        spf_records=spf.within(_text(dns, "spf_includes")),
        mx_cnames=_aliases(dns, "mx_cnames"),
        mx_systems=[int(one) for one in _list(dns, "mx_asns") if str(one).isascii() and str(one).isdecimal()],
        mx_countries=_texts(dns, "mx_countries"),
        autodiscover=_set_up(dns, "autodiscover"),
        dkim=_set_up(dns, "dkim"),
        verifications=_keys(dns, "txt_verifications"),
    )


def _at(key: str, told: object) -> dict[str, str]:
    """Where a case is not as it should be, for a sentence."""
    return {"key": plainly(key), "told": shown(told)}


def _exchanger(told: object, at: int) -> tuple[int, str]:
    if isinstance(told, str):
        return 0, told
    match told:
        case [preference, str(host)] if isinstance(preference, int):
            return preference, host
    raise BadFacts(_("%(key)s : [préférence, hôte] était attendu, pas %(told)s") % _at(f"MX[{at}]", told))


def _list(dns: Mapping[str, Any], key: str) -> list[Any]:
    value = dns.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadFacts(_("%(key)s : une liste était attendue, pas %(told)s") % _at(key, value))
    return value


def texts_of(dns: Mapping[str, Any], key: str) -> list[str]:
    """A list of texts, or one alone. Raises BadFacts."""
    value = dns.get(key)
    return _texts({key: [value]} if isinstance(value, str) else dns, key)


def _texts(dns: Mapping[str, Any], key: str) -> list[str]:
    found = _list(dns, key)
    if not all(isinstance(one, str) for one in found):
        raise BadFacts(_("%(key)s : des textes étaient attendus, pas %(told)s") % _at(key, found))
    return found


def _text(dns: Mapping[str, Any], key: str) -> str:
    value = dns.get(key) or ""
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if not isinstance(value, str):
        raise BadFacts(_("%(key)s : un texte était attendu, pas %(told)s") % _at(key, value))
    return value


def _gathered(dns: Mapping[str, Any], key: str, take: Callable[[Mapping[str, Any]], Iterable[Any]]) -> list[str]:
    value = dns.get(key)
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if not isinstance(value, Mapping | list):
        raise BadFacts(_("%(key)s : une liste ou un objet était attendu, pas %(told)s") % _at(key, value))
    return [str(one) for one in (take(value) if isinstance(value, Mapping) else value) if one]


def _values(dns: Mapping[str, Any], key: str) -> list[str]:
    return _gathered(dns, key, lambda told: told.values())


def _set_up(dns: Mapping[str, Any], key: str) -> list[str]:
    """What names for the mail are aliases of, without what several are aliases of: a wildcard answers for any name."""
    found, selectors, service = _values(dns, key), dns.get("dkim"), dns.get("autodiscover")
    if not isinstance(selectors, Mapping):
        return found
    alias = service.get("autodiscover_cname") if isinstance(service, Mapping) else None
    targets = {name: str(target) for name, target in {**selectors, "autodiscover": alias}.items() if target}
    shared = {*targets.values()} - {*dkim.set_up(targets).values()}
    return [one for one in found if one not in shared]


def _keys(dns: Mapping[str, Any], key: str) -> list[str]:
    return _gathered(dns, key, lambda told: told.keys())


def _aliases(dns: Mapping[str, Any], key: str) -> dict[str, str]:
    value = dns.get(key) or {}
    if not isinstance(value, Mapping):
        raise BadFacts(_("%(key)s : un objet était attendu, pas %(told)s") % _at(key, value))
    return {
        str(host): str(name[0] if isinstance(name, list) and name else name) for host, name in value.items() if name
    }


def web_facts(domain: str, told: Mapping[str, Any], *, on: date) -> DomainFacts:
    """What a case tells of a domain's names and site, as if they had been asked and visited. Raises BadFacts.

    told  the case: `dns` as for mail, `networks` {address: {system, name, country}}, and `site` {headers, cookies,
          issuer, until, resources [{kind, url}]}; any may be missing
    """
    dns = mapping_of(told, "dns")
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
    networks = {address: _network(address, one) for address, one in mapping_of(told, "networks").items()}
    return DomainFacts(domain, on, answers, _site(domain, mapping_of(told, "site"), on), networks)


def mapping_of(told: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """An object within a case; empty where there is none. Raises BadFacts."""
    value = told.get(key) or {}
    if not isinstance(value, Mapping):
        raise BadFacts(_("%(key)s : un objet était attendu, pas %(told)s") % _at(key, value))
    return value


def _network(address: str, told: object) -> Network:
    match told:
        case {"system": int(system), **more}:
            return Network(system, str(more.get("name", "")), str(more.get("country", "")))
    expected = _('%(key)s : {"system": 64500, "country": "FR"} était attendu, pas %(told)s')
    raise BadFacts(expected % _at(f"networks[{address}]", told))


def _site(domain: str, told: Mapping[str, Any], on: date) -> Site | None:
    if not told:
        return None
    url = f"https://{domain}/"
    headers = {str(name).lower(): str(value) for name, value in mapping_of(told, "headers").items()}
    secured = Secured("", _certificate(domain, told, on)) if told.get("issuer") else None
    visit = Visit(url, Ending.ANSWERED, (Hop(url, 200),), secured, headers, tuple(texts_of(told, "cookies")))
    page = Page(url, resources=tuple(_resource(one, at) for at, one in enumerate(_list(told, "resources"))))
    return Site(domain, datetime.combine(on, time(), UTC), (visit,), page if "resources" in told else None)


def _certificate(domain: str, told: Mapping[str, Any], on: date) -> Certificate:
    issuer = _text(told, "issuer")
    try:
        until = date.fromisoformat(_text(told, "until") or on.isoformat())
    except ValueError as error:
        expected = _("%(key)s : un jour comme 2026-12-31 était attendu, pas %(told)s")
        raise BadFacts(expected % _at("until", told["until"])) from error
    return Certificate(domain, (domain,), issuer, issuer, on, until)


def _resource(told: object, at: int) -> Resource:
    match told:
        case {"kind": str(kind), "url": str(url)} if kind in set(Kind) and (host := host_of(url)):
            return Resource(Kind(kind), host, url)
    expected = _('%(key)s : {"kind": "script", "url": "https://…"} était attendu, pas %(told)s')
    raise BadFacts(expected % _at(f"resources[{at}]", told))
