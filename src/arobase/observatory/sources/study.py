"""The graph of the IMC 2020 study, from the mirror: the most visited sites of 2020 and whom they needed."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from arobase.observatory.queries.dependence import Dependence, Origin, Source, Subject
from arobase.observatory.sources.graphs import read_graph
from arobase.observatory.sources.providers import catalogue
from arobase.territories.sources.files import mirror

FILE = "observatory/web_names_graph.json.gz"
SLUG = "imc-2020"
SOURCE = "Kashaf, Sekar, Agarwal, IMC 2020, doi 10.1145/3419394.3423664"
DAY = date(2020, 1, 1)  # of the year of the measurements, as the study gives no single day


def is_here() -> bool:
    """Whether the mirror holds the study."""
    return mirror(FILE) is not None


def study() -> Dependence | None:
    """The study's sites and their graph; None without the mirror. Raises graphs.BadGraph."""
    path = mirror(FILE)
    return _read(path, path.stat().st_mtime_ns) if path else None


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> Dependence:
    graph = read_graph(path)
    subjects = [Subject(one.territory, one.territory, site=one.territory) for one in graph.services]
    sources = {Origin.STUDY: Source(SOURCE, DAY)}
    return Dependence(SLUG, subjects, graph, catalogue(), [Origin.STUDY] * len(subjects), {}, DAY, SOURCE, sources)
