"""What changes: the domains that territories declare, with their history, and others' verdicts."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date

from arobase.observatory.models import OfficialDomain, OthersVerdict
from arobase.observatory.queries.follow import PUT_RIGHT
from arobase.observatory.rules.declared import Declared

BATCH = 2000
Key = tuple[str, str]  # territory id, purpose


def keep_domains(declared: Mapping[Key, Declared], *, among: Collection[str], on: date) -> Mapping[str, int]:
    """Make the current domains of these territories what is declared; what was declared before ends `on` and stays.

    What a town put right, or an organiser for it, is kept: no file ends or replaces it (actions/follow.py).

    among  ids of the territories that were asked for: those without a domain lose theirs
    """
    current = {
        (one.territory_id, one.purpose): one
        for one in OfficialDomain.objects.filter(until__isnull=True)
        if one.territory_id in among
    }
    loaded = {key: one for key, one in current.items() if one.source not in PUT_RIGHT}
    ended = [one for key, one in loaded.items() if key not in declared]
    changed = [one for key, one in loaded.items() if key in declared and _differs(one, declared[key])]
    for one in (*ended, *changed):
        one.until = on
    OfficialDomain.objects.bulk_update([*ended, *changed], ["until"], batch_size=BATCH)
    replaced = {(one.territory_id, one.purpose) for one in changed}
    new = [key for key in declared if key not in current or key in replaced]
    OfficialDomain.objects.bulk_create(
        [
            OfficialDomain(territory_id=territory, purpose=purpose, since=on, **asdict(declared[territory, purpose]))
            for territory, purpose in new
        ],
        batch_size=BATCH,
    )
    return {"added": len(new) - len(changed), "changed": len(changed), "removed": len(ended)}


def _differs(kept: OfficialDomain, declared: Declared) -> bool:
    return (kept.host, kept.address) != (declared.host, declared.address)


def keep_verdicts(verdicts: Collection[OthersVerdict], *, among: Collection[str], project: str) -> Mapping[str, int]:
    """Make a project's verdicts on these territories these."""
    known = {
        one.territory_id: one for one in OthersVerdict.objects.filter(project=project) if one.territory_id in among
    }
    fresh = {one.territory_id: one for one in verdicts}
    changed = [id for id in known.keys() & fresh.keys() if _said(known[id]) != _said(fresh[id])]
    gone = [id for id in known if id not in fresh]
    pks = [known[id].pk for id in (*changed, *gone)]
    for start in range(0, len(pks), BATCH):
        OthersVerdict.objects.filter(pk__in=pks[start : start + BATCH]).delete()
    OthersVerdict.objects.bulk_create(
        [fresh[id] for id in fresh if id not in known or id in set(changed)], batch_size=BATCH
    )
    return {"added": len(fresh.keys() - known.keys()), "changed": len(changed), "removed": len(gone)}


def _said(one: OthersVerdict) -> tuple[str, str, int, date]:
    return one.domain, one.provider, one.confidence, one.told_on
