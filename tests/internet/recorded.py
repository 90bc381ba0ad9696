"""Recorded facts of real municipalities as zones, so that a name server on loopback says what theirs once said.

A record holds the texts of what SPF includes, one after the other and without their names. A name is known where, of a
domain's included names and texts, all the others are: `includes_of` finds them over all records together.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from arobase.observatory.rules import spf

Zones = dict[str, dict[str, list[str]]]
VERIFICATIONS = {"microsoft": "MS=", "google": "google-site-verification="}
NAME_SERVER = "ns1.host.test."
# What aliases lead to was there, and is not in the record.
A_KEY, AN_ADDRESS = {"TXT": ["v=DKIM1; k=rsa; p="]}, {"A": ["192.0.2.80"]}


def includes_of(records: Collection[Mapping[str, Any]]) -> dict[str, str]:
    """SPF records by the name that includes know them under: what leaves no choice, again until nothing is learnt."""
    known: dict[str, str] = {}
    said: dict[str, Counter[str]] = defaultdict(Counter)
    learnt = -1
    while learnt < len(known):
        learnt = len(known)
        for told in records:
            match _open(told, known):
                case [name], [text]:
                    said[name][text] += 1
        known |= {name: texts.most_common(1)[0][0] for name, texts in said.items() if name not in known}
    return known


def zones_of(told: Mapping[str, Any], known: Mapping[str, str]) -> Zones | None:
    """The zones that tell what was recorded of a domain; None where what SPF includes cannot be told by its names."""
    domain, dns = told["domain"].encode("idna").decode(), told["dns"]
    names, left = _open(told, known)
    if names or left:
        return None
    own = {
        "NS": [NAME_SERVER],
        "MX": [f"{preference} {host or ''}." for preference, host in dns["MX"]],
        "TXT": [*dns["TXT"], *(_verification(key, value) for key, value in dns["txt_verifications"].items())],
    }
    zones: Zones = {domain: {type: records for type, records in own.items() if records}}
    keys = {f"{selector}._domainkey.{domain}": alias for selector, alias in dns["dkim"].items()}
    hosts = dict(dns["mx_cnames"])
    if alias := dns["autodiscover"].get("autodiscover_cname"):
        hosts[f"autodiscover.{domain}"] = alias
    for aliases, there in ((keys, A_KEY), (hosts, AN_ADDRESS)):
        zones |= {name: {"CNAME": [f"{alias.lower()}."]} for name, alias in aliases.items()}
        zones |= {alias: there for alias in aliases.values() if alias not in zones}
    if service := dns["autodiscover"].get("autodiscover_srv"):
        zones[f"_autodiscover._tcp.{domain}"] = {"SRV": [f"0 0 443 {service}."]}
    texts = {name: {"TXT": [known[name]]} for name in _below(dns["TXT"], known) if name != domain}
    return merged([{name.lower(): records for name, records in zones.items()}, texts])


def merged(several: Iterable[Zones]) -> Zones:
    """Zones of several domains as one; of what two tell of the same name and type, the first holds."""
    found: Zones = {}
    for zones in several:
        for name, records in zones.items():
            found[name] = records | found.get(name, {})
    return found


def _verification(key: str, value: str) -> str:
    return f"{VERIFICATIONS.get(key, f'{key}-domain-verification=')}{value}"


def _open(told: Mapping[str, Any], known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Names that a domain's SPF includes without a text that is known, and texts without a name."""
    texts = Counter(spf.within(told["dns"]["spf_includes"] or ""))
    texts -= Counter(spf.within(" ".join(told["dns"]["TXT"])))
    names = list(_below(told["dns"]["TXT"], known))
    texts -= Counter(known[name] for name in names if name in known)
    return [name for name in names if name not in known], list(texts.elements())


def _below(own: Sequence[str], known: Mapping[str, str]) -> Iterator[str]:
    """Names below a domain's own record, as far as they are known, each once."""
    ahead, seen = list(own), set[str]()
    while ahead:
        for term in spf.terms(ahead.pop(0)):
            if term.mechanism in {"include", "redirect"} and term.value and term.value not in seen:
                seen.add(term.value)
                yield term.value
                ahead += [known[term.value]] if term.value in known else []
