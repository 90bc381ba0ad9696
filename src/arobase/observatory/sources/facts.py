"""Mail facts as JSON: a line of a file of cases, or a record of the mirror."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from publicsuffixlist import PublicSuffixList

from arobase.observatory.rules import spf
from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.rules.mail import MailFacts
from arobase.observatory.rules.questions import SELECTORS


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


def of_answers(domain: str, answers: Iterable[Answer]) -> dict[str, Any]:
    """What a scan learnt of a domain, in the form in which cases are told; what was not answered is left out."""
    told = {(one.name, one.type): one for one in answers}

    def records(name: str, type: str) -> tuple[str, ...]:
        found = told.get((name, type))
        return found.records if found else ()

    exchangers = told.get((domain, "MX"))
    is_answered = exchangers is not None and exchangers.outcome in {Outcome.ANSWER, Outcome.NO_DATA}
    dns: dict[str, Any] = {type: list(records(domain, type)) for type in ("NS", "A", "AAAA", "TXT", "CAA")}
    dns["CNAME"] = list(found.aliases) if (found := told.get((f"www.{domain}", "A"))) else []
    if exchangers and is_answered:
        dns["MX"] = [[int(one.split(" ")[0]), one.partition(" ")[2]] for one in exchangers.records]
        hosts = [host for _preference, host in dns["MX"]]
        dns["mx_cnames"] = {h: told[h, "A"].aliases[-1] for h in hosts if (h, "A") in told and told[h, "A"].aliases}
    texts = {name: answer.records for (name, type), answer in told.items() if type == "TXT"}
    dns["spf_includes"] = " ".join(spf.tree(domain, texts).records)
    dns["autodiscover"] = dict(enumerate(_pointed_from(f"autodiscover.{domain}", told)))
    dns["dkim"] = dict(enumerate(alias for name in _selectors(domain) for alias in _pointed_from(name, told)))
    dns["txt_verifications"] = {key: text for text in dns["TXT"] if (key := _verification(text))}
    return dns


VERIFICATIONS = {"ms=": "microsoft", "google-site-verification=": "google", "zoho-verification=": "zoho"}


def _verification(text: str) -> str:
    return next((key for start, key in VERIFICATIONS.items() if text.lower().startswith(start)), "")


def _selectors(domain: str) -> list[str]:
    return [f"{selector}._domainkey.{domain}" for selector in SELECTORS]


def _pointed_from(name: str, told: Mapping[tuple[str, str], Answer]) -> Iterable[str]:
    """Where a name leads, of whatever type it was asked."""
    return [alias for type in ("TXT", "A") if (name, type) in told for alias in told[name, type].aliases[-1:]]
