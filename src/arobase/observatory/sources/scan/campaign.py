"""A scan from a list to its facts: shard by shard, on one engine or the other, and never twice."""

from collections.abc import Callable, Iterable

from arobase.observatory.sources import shards
from arobase.observatory.sources.scan import cluster, embedded
from arobase.observatory.sources.scan.asking import Campaign, Tally

Told = Callable[[Tally], None]


def scan(domains: Iterable[str], campaign: Campaign, *, workers: int = 1, scheduler: str = "", tell: Told) -> Tally:
    """Ask about every domain and keep the facts; a domain of which they are there is not asked about again.

    domains    read as they are needed, so that a list of any length takes the same memory
    workers    processes; one asks by itself, several are Dask's
    scheduler  address of a running Dask scheduler, whose workers are asked instead
    tell       is told what was done since it was told before
    Raises     workers.TooManyDeaths, workers.NoScheduler
    """
    total = Tally()

    def hear(done: Tally) -> None:
        total.add(done)
        tell(done)

    waiting = shards.undone(domains, campaign.folder / "facts", tell=lambda count: hear(Tally(before=count)))
    if workers > 1 or scheduler:
        cluster.run(waiting, campaign, workers=workers, scheduler=scheduler, tell=hear)
    else:
        embedded.run(waiting, campaign, tell=hear)
    return total
