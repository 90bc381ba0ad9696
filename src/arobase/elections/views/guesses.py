"""Codes that open nothing, counted by address and minute: nobody tries them one after the other.

The limits of accounts wait for a lock, which a killed server keeps for ten seconds and a crowd for more than one: they
would refuse right codes at the hour when a hundred stations come in from one address.
"""

from datetime import datetime
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

NETWORK = 64  # bits of an IPv6 address that one household or firm has to itself
KEPT_S = 120


def are_too_many(request: HttpRequest, *, at: datetime) -> bool:
    """Whether so many codes from this address opened nothing in this minute that none is tried any more."""
    return int(caches["default"].get(_key(request, at), 0)) >= settings.CODE_GUESSES_A_MINUTE


def count(request: HttpRequest, *, at: datetime) -> None:
    """One more that opened nothing."""
    caches["default"].add(_key(request, at), 0, KEPT_S)
    caches["default"].incr(_key(request, at))


def _key(request: HttpRequest, at: datetime) -> str:
    address = get_adapter().get_client_ip(request)
    if ip_address(address).version == 6:  # noqa: PLR2004 - IPv6
        address = str(ip_network(f"{address}/{NETWORK}", strict=False).network_address)
    return f"elections:guesses:{address}:{at:%H%M}"
