"""What c-ares hands on, as answers: a record as one text."""

from collections.abc import Mapping, Sequence

import pycares

from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.sources.strangers import legible

TYPES: Mapping[str, int] = {
    "A": pycares.QUERY_TYPE_A,
    "AAAA": pycares.QUERY_TYPE_AAAA,
    "CAA": pycares.QUERY_TYPE_CAA,
    "MX": pycares.QUERY_TYPE_MX,
    "NS": pycares.QUERY_TYPE_NS,
    "SOA": pycares.QUERY_TYPE_SOA,
    "SRV": pycares.QUERY_TYPE_SRV,
    "TXT": pycares.QUERY_TYPE_TXT,
    "DS": 43,  # RFC 4034, section 5
    "DNSKEY": 48,  # RFC 4034, section 2
}
# c-ares tells "none" from "some" for these, and pycares drops their contents: such an answer has no records.
WITHOUT_CONTENTS = frozenset({"DS", "DNSKEY"})


def answer_of(name: str, type: str, told: pycares.DNSResult) -> Answer:
    """The records of the asked type, and the aliases met on the way.

    Servers turn the order of records from answer to answer, and it means nothing (RFC 2181, section 5): ours is fixed.
    """
    wanted = TYPES[type]
    records = tuple(sorted((text_of(one.data) for one in told.answer if one.type == wanted), key=_order))
    aliases = tuple([_host(one.data.cname) for one in told.answer if isinstance(one.data, pycares.CNAMERecordData)])
    is_there = bool(records) or (type in WITHOUT_CONTENTS and not told.answer)
    return Answer(name, type, Outcome.ANSWER if is_there else Outcome.NO_DATA, records, aliases)


def text_of(data: object) -> str:
    """A record as text: fields one after the other, names in lower case without their last dot."""
    match data:
        case pycares.ARecordData(addr=addr) | pycares.AAAARecordData(addr=addr):
            fields: list[object] = [addr]
        case pycares.MXRecordData(priority=priority, exchange=host):
            fields = [priority, _host(host)]
        case pycares.NSRecordData(nsdname=host):
            fields = [_host(host)]
        case pycares.TXTRecordData(data=value):
            fields = [_decoded(value)]
        case pycares.CAARecordData(critical=critical, tag=tag, value=value):
            fields = [critical, _decoded(tag), _decoded(value)]
        case pycares.SRVRecordData(priority=priority, weight=weight, port=port, target=host):
            fields = [priority, weight, port, _host(host)]
        case pycares.SOARecordData():
            times = (data.serial, data.refresh, data.retry, data.expire, data.minimum)
            fields = [_host(data.mname), _host(data.rname), *times]
        case _:
            raise TypeError(f"no text for {data!r}")
    return " ".join(map(str, fields))


def _order(record: str) -> tuple[int, str]:
    """By preference where a record begins with one, then by text."""
    first = record.partition(" ")[0]
    return int(first) if first.isdecimal() else 0, record


def _host(told: str | bytes) -> str:
    return _decoded(told).rstrip(".").lower()


def _decoded(told: str | bytes | Sequence[bytes]) -> str:
    if isinstance(told, str):
        return legible(told)
    return legible((told if isinstance(told, bytes) else b"".join(told)).decode("utf-8", "replace"))
