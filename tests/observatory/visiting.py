"""Visits for tests: over the test Internet, at one moment."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime

from arobase.observatory.rules.visits import Site
from arobase.observatory.sources.visiting.manners import Manners
from arobase.observatory.sources.visiting.visitor import Visitor

AT = datetime(2025, 11, 18, 12, tzinfo=UTC)


def visited(domains: Iterable[str], manners: Manners) -> dict[str, Site]:
    """Visit some domains together."""

    async def all_of() -> dict[str, Site]:
        async with Visitor(manners) as visitor:
            sites = await asyncio.gather(*(visitor.visit(domain, at=AT) for domain in domains))
        return {site.domain: site for site in sites}

    return asyncio.run(all_of())
