"""Small records that guard a domain: mail in transit (MTA-STS, TLS-RPT), certificates (CAA), lasting https (HSTS)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

SIX_MONTHS_S = 15_768_000
_NUMBER = re.compile(r'"?(\d+)"?$')


def mta_sts(texts: Iterable[str]) -> str:
    """The id of the one MTA-STS record at `_mta-sts.<domain>`; empty where there is none that holds.

    More than one is as none (RFC 8461, section 3.1). The policy itself stands on a web page and is not read here.

    >>> mta_sts(["v=STSv1; id=20260101T000000;"]), mta_sts(["v=STSv1; id=1;", "v=STSv1; id=2;"])
    ('20260101T000000', '')
    """
    own = [tags for tags in map(_tags, texts) if tags[:1] == [("v", "STSv1")]]
    told = dict(own[0]).get("id", "") if len(own) == 1 else ""
    return told if re.fullmatch(r"[A-Za-z0-9]{1,32}", told) else ""


def tls_reports(texts: Iterable[str]) -> tuple[str, ...]:
    """Where reports on encryption in transit go, by the one record at `_smtp._tls.<domain>` (RFC 8460, section 3).

    >>> tls_reports(["v=TLSRPTv1; rua=mailto:tls@ville.fr"])
    ('mailto:tls@ville.fr',)
    """
    own = [tags for tags in map(_tags, texts) if tags[:1] == [("v", "TLSRPTv1")]]
    told = dict(own[0]).get("rua", "") if len(own) == 1 else ""
    return tuple(uri.strip() for uri in told.split(",") if uri.strip())


def issuers(records: Iterable[str]) -> tuple[str, ...] | None:
    """Authorities that may issue for a name, by its CAA records (RFC 8659, section 4.2); None where anyone may.

    Records stand as `0 issue "letsencrypt.org"`; an empty value lets nobody issue.

    >>> issuers(['0 issue "letsencrypt.org; validationmethods=dns-01"', '0 iodef "mailto:a@ville.fr"'])
    ('letsencrypt.org',)
    >>> issuers(['0 issue ";"']), issuers(['0 iodef "mailto:a@ville.fr"']), issuers([])
    ((), None, None)
    """
    values = []
    for record in records:
        _flags, _space, rest = record.strip().partition(" ")
        tag, _space, value = rest.strip().partition(" ")
        if tag.lower() == "issue":
            values.append(value.strip().strip('"').partition(";")[0].strip().lower())
    return tuple(dict.fromkeys(value for value in values if value)) if values else None


@dataclass(frozen=True)
class Hsts:
    """How long a browser keeps to https for a host, in seconds, and whether for all below it."""

    max_age_s: int
    includes_below: bool = False

    @property
    def is_long(self) -> bool:
        """At least half a year, as the HTTP Observatory of Mozilla asks."""
        return self.max_age_s >= SIX_MONTHS_S


def hsts(header: str) -> Hsts | None:
    """A Strict-Transport-Security header; None where it is none that a browser heeds (RFC 6797, section 6.1).

    Of several headers only the first counts (section 8.1); servers and proxies join them by commas.

    >>> hsts('Max-Age="31536000" ; includeSubDomains'), hsts("includeSubDomains"), hsts("max-age=1; max-age=2")
    (Hsts(max_age_s=31536000, includes_below=True), None, None)
    """
    names, values = list[str](), dict[str, str]()
    for part in header.partition(",")[0].split(";"):
        name, _equals, value = part.partition("=")
        if name.strip():
            names.append(name.strip().lower())
            values[names[-1]] = value.strip()
    age = _NUMBER.match(values.get("max-age", ""))
    if age is None or len(names) != len(set(names)):
        return None
    return Hsts(int(age[1]), "includesubdomains" in values)


def _tags(text: str) -> list[tuple[str, str]]:
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return [(name.strip(), value.strip()) for name, _equals, value in pairs]
