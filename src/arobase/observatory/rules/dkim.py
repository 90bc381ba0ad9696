"""Names set up for a domain's mail (DKIM keys, autodiscover), told apart from a wildcard that answers for any name.

`*.ville.fr CNAME cluster021.hosting.ovh.net` answers for every selector and for autodiscover alike (RFC 4592, section
3.3): it shows where the site is, and nothing of the mail.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

TAG = re.compile(r"\s*(v\s*=\s*DKIM1|[kp]\s*=.*)\s*", re.IGNORECASE | re.DOTALL)


def is_key(text: str) -> bool:
    """Whether a TXT record is a DKIM key, told by one of its tags (RFC 6376, section 3.6.1); a revoked one is too.

    >>> [is_key(one) for one in ("v=DKIM1; k=rsa; p=MIGf", "p=MIGf", "1|www.ville.fr", "v=spf1 mx -all", "keep=1")]
    [True, True, False, False, False]
    """
    return any(TAG.fullmatch(one) for one in text.split(";"))


def set_up(targets: Mapping[str, str], *, elsewhere: Iterable[str] = ()) -> dict[str, str]:
    """Those of a domain's names whose target no other name shares: what several lead to, any name leads to.

    targets    what a name is an alias of, by name
    elsewhere  what names of the domain that are not for mail are aliases of: its site's

    >>> set_up({"selector1": "a.example", "selector2": "b.example", "autodiscover": "b.example"})
    {'selector1': 'a.example'}
    """
    shared = Counter(_plain(one) for one in (*targets.values(), *elsewhere))
    return {name: target for name, target in targets.items() if shared[_plain(target)] == 1}


def _plain(name: str) -> str:
    return name.lower().rstrip(".")
