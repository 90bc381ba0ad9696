"""Observatory: verdicts a second, and outages over the mirror's 91,456 sites beside a plain evaluation."""

import gzip
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import networkx
import numpy

from arobase.observatory.rules.layers import profile
from arobase.observatory.rules.mail import interpret
from arobase.observatory.rules.needs import NOTHING, All, Any, Need, Provider, Service
from arobase.observatory.rules.outage import Graph
from arobase.observatory.rules.profile import Profile
from arobase.observatory.sources.facts import mail_facts, registrable
from arobase.observatory.sources.graphs import read_graph
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.recorded_sites import FILE, recorded_sites

TURNS = 5


def run() -> list[tuple[str, str]]:
    """Label and figure; nothing but a word where there is no mirror."""
    mirror = os.environ.get("AROBASE_DATA_MIRROR", "")
    if not mirror:
        return [("no mirror", "set AROBASE_DATA_MIRROR")]
    folder = Path(mirror) / "observatory"
    return [
        *_interpretation(folder / "recorded_dns.jsonl.gz"),
        *_layers(folder / FILE),
        *_outages(folder),
        *_towns(35_000),
    ]


def _interpretation(path: Path) -> list[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        cases = [(told["domain"], mail_facts(told["dns"])) for told in map(json.loads, file)]
    known = catalogue()
    for domain, facts in cases[:100]:
        interpret(domain, facts, known, registrable=registrable)
    seconds = _seconds(lambda: [interpret(domain, facts, known, registrable=registrable) for domain, facts in cases])
    return [(f"mail verdicts, {len(cases)} municipalities", f"{len(cases) / seconds:,.0f} a second")]


def _layers(path: Path) -> list[tuple[str, str]]:
    facts = [one.facts for one in recorded_sites(path)]
    resources = sum(len(one.site.page.resources) for one in facts if one.site and one.site.page)
    known = catalogue()

    def read() -> list[Profile]:
        return [profile(one, one, known, registrable=registrable, on=one.on) for one in facts]

    read()
    seconds = _seconds(read)
    return [
        (f"profiles, {len(facts)} recorded sites with {resources} askings", f"{len(facts) / seconds:,.0f} a second")
    ]


def _outages(folder: Path) -> list[tuple[str, str]]:
    start = time.perf_counter()
    graph = read_graph(folder / "web_names_graph.json.gz")
    figures = [(f"reading {len(graph.services)} sites", f"{time.perf_counter() - start:.2f} s")]
    cases = json.loads((folder / "web_names_graph_expected.json").read_text(encoding="utf-8"))
    failures = [case["fail"] if isinstance(case["fail"], list) else [case["fail"]] for case in cases]
    ours = [_seconds(lambda names=names: graph.spread(names)) for names in failures]
    with_chains = [_seconds(lambda names=names: graph.lost(graph.spread(names))) for names in failures]
    plain = [_seconds(lambda names=names: _plainly(graph, names), turns=1) for names in failures]
    figures.append((f"who is lost, {len(failures)} failures, median and worst", _told(ours)))
    figures.append(("… with the chain of each", _told(with_chains)))
    figures.append(("the same by a plain fixed point in Python", _told(plain)))
    figures.append(("plain / ours, median", f"{median(plain) / median(ours):.0f} ×"))
    return figures


def _told(seconds: list[float]) -> str:
    return f"{median(seconds) * 1000:.1f} ms, {max(seconds) * 1000:.1f} ms"


def _seconds(work: Callable[[], object], *, turns: int = TURNS) -> float:
    best = []
    for _turn in range(turns):
        start = time.perf_counter()
        work()
        best.append(time.perf_counter() - start)
    return median(best)


def _plainly(graph: Graph, names: list[str]) -> list[str]:
    """Ask every provider again until nothing changes, then every service."""
    lost = set(names)
    while more := {one.name for one in graph.providers if one.name not in lost and not _stands(one.needs, lost)}:
        lost |= more
    return [one.territory for one in graph.services if not _stands(one.needs, lost)]


def _stands(need: Need, lost: set[str]) -> bool:
    if isinstance(need, str):
        return need not in lost
    met = (_stands(part, lost) for part in need.parts)
    return all(met) if isinstance(need, All) else any(met)


def _towns(n: int) -> list[tuple[str, str]]:
    """Names, site and mail of n towns, with providers that need each other, beside the same on a networkx graph."""
    graph, wired = _france(n), _on_networkx(_france(n))
    failures = ["p0", "p3", "p17"]
    ours = [_seconds(lambda name=name: graph.spread([name])) for name in failures]
    theirs = [_seconds(lambda name=name: _spread_on_networkx(wired, name), turns=1) for name in failures]
    for name in failures:
        assert len(graph.spread([name]).services) == len(_spread_on_networkx(wired, name))
    return [
        (f"who is lost, {n} towns with 3 services each, median and worst", _told(ours)),
        ("the same on a networkx graph", _told(theirs)),
        ("networkx / ours, median", f"{median(theirs) / median(ours):.0f} ×"),
    ]


def _france(n: int) -> Graph:
    """An invented country: a few providers serve most, and some of these need another for their names."""
    chance = numpy.random.default_rng(5)
    providers = [Provider(f"p{at}", needs=f"p{at // 3}" if at % 7 == 0 and at else NOTHING) for at in range(300)]
    picked = (300 * chance.random((n, 4)) ** 4).astype(int)
    services = []
    for town, (names, second, host, mail) in enumerate(picked.tolist()):
        served = Any((f"p{names}", f"p{second}"))
        services.append(Service(f"t{town}", "names", served))
        services.append(Service(f"t{town}", "web", All((served, f"p{host}")), (f"p{second}",)))
        services.append(Service(f"t{town}", "mail", All((served, f"p{mail}"))))
    return Graph(services, providers)


def _on_networkx(graph: Graph) -> networkx.DiGraph:
    """Edges lead from what is needed to who needs it; `every` says that one loses only when all are lost."""
    wired = networkx.DiGraph()

    def wire(need: Need, above: object) -> None:
        if isinstance(need, str):
            wired.add_edge(need, above)
            return
        inner = object()
        wired.add_node(inner, every=isinstance(need, Any))
        wired.add_edge(inner, above)
        for part in need.parts:
            wire(part, inner)

    for one in graph.providers:
        wired.add_node(one.name, every=False)
        wire(one.needs, one.name)
    for one in graph.services:
        wired.add_node((one.territory, one.service), every=False)
        wire(one.needs, (one.territory, one.service))
    return wired


def _spread_on_networkx(wired: networkx.DiGraph, failed: str) -> list[tuple[str, str]]:
    lost, ahead = {failed}, [failed]
    while ahead:
        for above in wired.successors(ahead.pop()):
            falls = all(one in lost for one in wired.predecessors(above)) if wired.nodes[above]["every"] else True
            if falls and above not in lost:
                lost.add(above)
                ahead.append(above)
    return [one for one in lost if isinstance(one, tuple)]
