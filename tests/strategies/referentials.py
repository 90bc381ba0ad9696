"""Referentials: sound ones of every shape, with words that spreadsheets could take for formulas."""

from hypothesis import strategies as st

from arobase.initiatives.rules.referential import (
    CandidateKind,
    Category,
    Enjeu,
    Evidence,
    Referential,
    Service,
    Text,
    as_document,
    parse,
)

# Few slugs, so that two referentials have some in common.
SLUGS = ("culture", "debats", "emploi", "conseil-filme", "3d", "ecole", "a", "wi-fi-public", "prets", "don")
LETTERS = st.sampled_from("aé’œ\u202f;,\"'=+-@|!(《ñ 0")
WORDS = st.sampled_from(["Emploi", "=1", "'=1", "@ccueil", "+33", "-2|cmd", "''", "a, b; c"])
WORDS |= st.text(LETTERS, min_size=1, max_size=6).map(str.strip).filter(bool)
TEXTS = st.builds(Text, fr=WORDS, en=WORDS)


def some_slugs(most: int) -> st.SearchStrategy[list[str]]:
    """One slug or more, none twice."""
    return st.lists(st.sampled_from(SLUGS), min_size=1, max_size=most, unique=True)


@st.composite
def referentials(draw: st.DrawFn) -> Referential:
    """Some categories, some enjeux spread over all of them, some services over all of these."""
    services = draw(some_slugs(5))
    enjeux = draw(some_slugs(min(3, len(services))))
    categories = draw(some_slugs(min(2, len(enjeux))))
    return Referential(
        version=f"2026.{draw(st.integers(0, 99))}",
        categories=tuple(Category(slug, draw(TEXTS), draw(TEXTS)) for slug in categories),
        enjeux=tuple(
            Enjeu(slug, category, draw(TEXTS), draw(TEXTS)) for slug, category in spread(enjeux, over=categories)
        ),
        services=tuple(draw(services_of(slug, enjeu)) for slug, enjeu in spread(services, over=enjeux)),
    )


def spread(slugs: list[str], *, over: list[str]) -> list[tuple[str, str]]:
    """Each slug with the one it stands in, those of the first in front, none left without."""
    return [(slug, over[at * len(over) // len(slugs)]) for at, slug in enumerate(slugs)]


@st.composite
def services_of(draw: st.DrawFn, slug: str, enjeu: str) -> Service:
    """Any service of that slug within that enjeu."""
    least = draw(st.none() | st.integers(0, 500_000))
    most = draw(st.none() | st.integers(least or 0, 600_000))
    return Service(
        slug=slug,
        enjeu=enjeu,
        name=draw(TEXTS),
        sentence=draw(TEXTS),
        kinds=draw(st.frozensets(st.sampled_from(CandidateKind), min_size=1)),
        evidence=draw(st.frozensets(st.sampled_from(Evidence), min_size=1)),
        weight=draw(st.integers(1, 3)),
        min_population=least,
        max_population=most,
    )


def a_referential() -> Referential:
    """A small one: two categories, two enjeux, three services."""
    return parse(a_document())


def a_document() -> dict[str, object]:
    """The same as a plain mapping, new at each call."""
    democracy, sharing = Text("Démocratie", "Democracy"), Text("Partage", "Sharing")
    council, library = Text("Conseil filmé", "Council filmed"), Text("Prêts numériques", "Digital loans")
    villages, everyone = frozenset({CandidateKind.VILLAGE}), frozenset(CandidateKind)
    seen = frozenset({Evidence.ADDRESS, Evidence.VISIT})
    return as_document(
        Referential(
            "2026.1",
            (Category("democratie", democracy, democracy), Category("savoirs", sharing, sharing)),
            (Enjeu("debats", "democratie", democracy, democracy), Enjeu("culture", "savoirs", sharing, sharing)),
            (
                Service("conseil-filme", "debats", council, council, everyone, seen, 3),
                Service("secretariat", "debats", council, council, villages, seen, 1, max_population=3_500),
                Service("prets", "culture", library, library, everyone, seen, 2, min_population=500),
            ),
        )
    )
