"""What goes dark: against a plain evaluation on random graphs, and against the IMC 2020 study's own figures."""

import gzip
import hashlib
import json
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from arobase.observatory.cli.outage import outage
from arobase.observatory.rules.concentration import herfindahl, largest_share
from arobase.observatory.rules.cuts import minimal_cuts
from arobase.observatory.rules.needs import NOTHING, All, Any, Need, Provider, Service
from arobase.observatory.rules.outage import Graph, UnknownFailure
from arobase.observatory.sources.graphs import read_graph
from strategies import outages

OBSERVED = (settings.DATA_MIRROR or Path("/nowhere")) / "observatory"
NEEDS_MIRROR = pytest.mark.skipif(not OBSERVED.is_dir(), reason="AROBASE_DATA_MIRROR has no observatory")


def stands(need: Need, lost: set[str]) -> bool:
    """Whether a need is met, read off its definition."""
    if isinstance(need, str):
        return need not in lost
    met = [stands(part, lost) for part in need.parts]
    return all(met) if isinstance(need, All) else any(met)


def fallen(failed: set[str], providers: list[Provider]) -> set[str]:
    """Providers that are lost: asked again and again until nothing changes."""
    lost = set(failed)
    while more := {one.name for one in providers if one.name not in lost and not stands(one.needs, lost)}:
        lost |= more
    return lost


def test_a_town_with_two_name_servers_survives_one():
    graph = Graph(
        [
            Service("one", "web", "left"),
            Service("both", "web", Any(("left", "right"))),
            Service("dressed", "web", "right", degraded_by=("fonts",)),
        ],
        [Provider("left", owner="big", needs="power"), Provider("fonts", owner="big"), Provider("right")],
    )

    spread = graph.spread(["owner:big"])

    assert [(one.territory, one.why) for one in graph.lost(spread)] == [("one", ("left",))]
    assert [(one.territory, one.why) for one in graph.degraded(spread)] == [("dressed", ("fonts",))]
    assert [one.why for one in graph.lost(graph.spread(["power"]))] == [("left", "power")]


def test_a_cycle_stands_until_something_outside_breaks_it():
    providers = [Provider("a", needs="b"), Provider("b", needs=All(("a", "power"))), Provider("idle")]
    graph = Graph([Service("town", "mail", "a")], providers)

    assert not graph.lost(graph.spread(["idle"]))
    assert [one.why for one in graph.lost(graph.spread(["power"]))] == [("a", "b", "power")]
    assert graph.lost_providers(graph.spread(["power"])) == ["a", "b"]


def test_what_no_one_knows_cannot_fail():
    graph = Graph([Service("town", "mail", "a")], [])

    with pytest.raises(UnknownFailure):
        graph.spread(["b"])


@given(outages.services(), outages.providers(), st.data())
def test_the_spread_is_what_a_plain_evaluation_finds(services, providers, data):
    graph = Graph(services, providers)
    names = data.draw(st.lists(st.sampled_from(graph.failures), max_size=3)) if graph.failures else []
    failed = {
        one.name for one in graph.providers if {one.name, f"owner:{one.owner}", f"country:{one.country}"} & set(names)
    }

    spread = graph.spread(names)

    lost = fallen(failed, list(graph.providers))
    dark = [one for one in services if not stands(one.needs, lost)]
    assert [one.territory for one in graph.lost(spread)] == [one.territory for one in dark]
    dimmed = [one.territory for one in services if one not in dark and set(one.degraded_by) & lost]
    assert [one.territory for one in graph.degraded(spread)] == dimmed
    assert set(graph.lost_providers(spread)) == lost - failed


@given(outages.services(), outages.providers(), st.data())
def test_who_misses_some_of_the_providers_is_who_is_degraded_by_one_of_them_that_is_lost(services, providers, data):
    graph = Graph(services, providers)
    names = [one.name for one in graph.providers]
    failed, asked = (data.draw(st.lists(st.sampled_from(names), unique=True)) if names else [] for _both in range(2))

    spread = graph.spread(failed)

    lost = {*failed, *graph.lost_providers(spread)}
    expected = [at for at in spread.degraded.tolist() if set(services[at].degraded_by) & set(asked) & lost]
    assert graph.missing(asked, spread).tolist() == expected


@given(outages.services(), outages.providers(), st.data())
def test_every_chain_ends_at_what_failed_and_each_link_is_needed_by_the_one_before(services, providers, data):
    graph = Graph(services, providers)
    failed = set(data.draw(st.lists(st.sampled_from([one.name for one in graph.providers] or ["a"]), max_size=3)))
    failed &= {one.name for one in graph.providers}
    needs = {one.name: one.needs for one in graph.providers}

    for one in graph.lost(graph.spread(failed)):
        assert one.why[-1] in failed
        for upper, lower in zip(one.why, one.why[1:], strict=False):
            assert lower in str(needs[upper])


@given(outages.services(), outages.providers())
def test_minimal_sets_are_exactly_those_that_a_search_of_all_sets_finds(services, providers):
    names = sorted({one.name for one in Graph(services, providers).providers})
    needs = {one.name: one.needs for one in providers}
    service = services[0]

    found = minimal_cuts(service.needs, needs, at_most=len(names))

    breaking = [
        frozenset(some)
        for size in range(len(names) + 1)
        for some in combinations(names, size)
        if not stands(service.needs, fallen(set(some), providers))
    ]
    assert set(found) == {some for some in breaking if not any(other < some for other in breaking)}
    assert minimal_cuts(service.needs, needs, at_most=1) == [some for some in found if len(some) <= 1]


@given(st.lists(st.integers(0, 1000), min_size=1).filter(any))
def test_concentration_lies_between_equal_shares_and_one(sizes):
    index = herfindahl(sizes)

    assert 1 / len(sizes) - 1e-9 <= index <= 1 + 1e-9
    assert largest_share(sizes, len(sizes)) == pytest.approx(1)
    assert herfindahl([0]) is None


@NEEDS_MIRROR
def test_the_study_of_2020_falls_as_the_study_says():
    told = json.loads(gzip.decompress((OBSERVED / "web_names_graph.json.gz").read_bytes()))
    graph = read_graph(OBSERVED / "web_names_graph.json.gz")

    assert len(graph.services) == len(told["services"]) == 91_456
    for case in json.loads((OBSERVED / "web_names_graph_expected.json").read_text()):
        fail = case["fail"] if isinstance(case["fail"], list) else [case["fail"]]
        spread = graph.spread(fail)
        lost = sorted(graph.services[at].territory for at in spread.services)
        assert len(lost) == case["lost"], case["fail"]
        assert hashlib.sha256("\n".join(lost).encode()).hexdigest() == case["sha256"]
        assert graph.lost_providers(spread) == case["providers_lost"]


def written(folder: Path, graph: object) -> str:
    path = folder / "graph.json"
    path.write_text(json.dumps(graph))
    return str(path)


def test_the_command_tells_what_is_lost_in_one_document(tmp_path):
    graph = {
        "services": [{"territory": "T", "service": "web", "needs": {"any": ["a", {"all": ["b", "c"]}]}}],
        "providers": [{"name": "a", "country": "US"}, {"name": "c", "needs": "d", "country": None}],
    }
    path = written(tmp_path, graph)

    both = CliRunner().invoke(outage, ["--graph", path, "--fail", "country:US", "--fail", "d", "--json"])
    one = CliRunner().invoke(outage, ["--graph", path, "--fail", "a", "--json"])

    assert json.loads(both.stdout)["lost"] == [{"territory": "T", "service": "web", "why": ["a"]}]
    assert json.loads(one.stdout) == {"lost": [], "degraded": []}
    assert both.exit_code == one.exit_code == 0


def test_the_command_refuses_an_unknown_name_and_names_near_ones(tmp_path):
    path = written(tmp_path, {"services": [{"territory": "T", "service": "web", "needs": "ovh"}]})

    answer = CliRunner().invoke(outage, ["--graph", path, "--fail", "ovhh"])

    assert answer.exit_code == 2
    assert "ovh" in answer.stderr


@pytest.mark.parametrize(
    ("graph", "place"),
    [
        ([], "services"),
        ({"services": [{"service": "web"}]}, "services[0].territory"),
        ({"services": [{"territory": "T", "service": "web", "needs": {"all": ["a"], "any": []}}]}, "services[0].needs"),
        ({"services": [{"territory": "T", "service": "web", "needs": {"all": [3]}}]}, "services[0].needs.all[0]"),
        ({"services": [], "providers": [{"name": "a"}, {"name": "a"}]}, "named twice: a"),
        ({"services": [{"territory": "T", "service": "web", "degraded_by": [1]}]}, "services[0].degraded_by[0]"),
    ],
)
def test_a_file_that_is_no_graph_is_refused_with_the_place(tmp_path, graph, place):
    answer = CliRunner().invoke(outage, ["--graph", written(tmp_path, graph), "--fail", "a"])

    assert answer.exit_code == 1
    assert place in answer.stderr


def test_nothing_needed_always_stands():
    graph = Graph([Service("T", "web", NOTHING)], [Provider("a")])

    assert not graph.lost(graph.spread(["a"]))
