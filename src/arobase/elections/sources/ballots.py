"""Cases of seats to be shared, read strictly: every value checked, every problem named by its place."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from arobase.elections.rules.seats.averages import Ballot
from arobase.elections.rules.seats.law import Kind, fewest_candidates, rule_of

Whole = Annotated[int, Field(strict=True, ge=0, le=10**9)]
_SHOWN = 40  # characters of a wrong value that are repeated


class BadCase(ValueError):
    """A case that cannot be read; `problems` says where and what, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Case:
    """One election whose seats are to be shared."""

    kind: Kind
    year: int
    round: int
    seats: int | None
    population: int | None
    ballots: Sequence[Ballot]


class _List(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(strict=True, min_length=1)]
    votes: Whole
    average_age: Annotated[float, Field(strict=True, gt=0, lt=150, allow_inf_nan=False)] | None = None
    candidates: Annotated[int, Field(strict=True, ge=1, le=2000)] | None = None


class _Case(BaseModel):
    model_config = ConfigDict(extra="ignore")
    kind: Kind
    year: Annotated[int, Field(strict=True, ge=1945, le=2200)]
    round: Annotated[int, Field(strict=True, ge=1, le=2)] | None = None
    seats: Annotated[int, Field(strict=True, ge=1, le=2000)] | None = None
    population: Whole | None = None
    lists: Annotated[list[_List], Field(min_length=1, max_length=1000)]


def case_of(told: Any) -> Case:
    """The case that a JSON document tells. Raises BadCase, and NoRule where the year's law is not known."""
    try:
        read = _Case.model_validate(told)
    except ValidationError as error:
        raise BadCase([_sentence(one) for one in error.errors(include_url=False)]) from error
    ballots = [Ballot(one.name, one.votes, _age(one.average_age), one.candidates) for one in read.lists]
    rule = rule_of(read.kind, read.year, population=read.population)
    if read.round is None and rule.has_two_rounds:
        raise BadCase([_("round : dites de quel tour ce sont les voix, 1 ou 2.")])
    problems = [*_same_names(ballots), *_no_votes(ballots), *_too_short(read, ballots)]
    if problems:
        raise BadCase(problems)
    return Case(read.kind, read.year, read.round or 1, read.seats, read.population, ballots)


def _age(given: float | None) -> Fraction | None:
    return None if given is None else Fraction(str(given))


def _same_names(ballots: Sequence[Ballot]) -> list[str]:
    twice = [name for name, times in Counter(one.name for one in ballots).items() if times > 1]
    return [
        _("lists : deux listes s’appellent « %(name)s » ; donnez à chacune un nom à elle.") % {"name": name}
        for name in twice
    ]


def _no_votes(ballots: Sequence[Ballot]) -> list[str]:
    if any(one.votes for one in ballots):
        return []
    return [_("lists : aucune liste n’a de voix ; il n’y a rien d’après quoi répartir les sièges.")]


def _too_short(read: _Case, ballots: Sequence[Ballot]) -> list[str]:
    """Lists that the law does not admit: two names fewer than seats at most, below 1,000 inhabitants only (L252)."""
    if read.kind is not Kind.MUNICIPAL or read.population is None or read.seats is not None:
        return []
    least = fewest_candidates(read.population)
    return [
        _(
            "lists : « %(name)s » a %(candidates)s candidats ; il en faut au moins %(least)s dans une commune de"
            " %(population)s habitants (Code électoral, L252 et L260)."
        )
        % {"name": one.name, "candidates": one.candidates, "least": least, "population": read.population}
        for one in ballots
        if one.candidates is not None and one.candidates < least
    ]


def _sentence(error: Any) -> str:
    """Where, what was expected with an example, and what stands there."""
    where = ".".join(map(str, error["loc"])) or "$"
    facts = {"where": where, "given": _shown(error["input"]), **_bounds(error.get("ctx", {}))}
    return _expected(error["type"]) % facts


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _bounds(context: Any) -> dict[str, str]:
    names = {"ge": "bound", "le": "bound", "gt": "bound", "lt": "bound", "expected": "bound", "max_length": "bound"}
    return {names[name]: str(value) for name, value in context.items() if name in names}


def _expected(kind: str) -> str:
    """The sentence for a kind of error that pydantic finds (its documentation, "Validation errors")."""
    return {
        "missing": _("%(where)s : ce champ manque."),
        "extra_forbidden": _(
            "%(where)s : ce champ n’est pas connu ; une liste a name, votes, et au choix average_age et candidates."
        ),
        "enum": _(
            "%(where)s : « %(given)s » n’est pas connu ; attendu municipal, municipal_plm, sector, community, regional"
            " ou european."
        ),
        "int_type": _("%(where)s : attendu un nombre entier, par exemple 412, non « %(given)s »."),
        "float_type": _("%(where)s : attendu un nombre d’années, par exemple 48.5, ou null, non « %(given)s »."),
        "finite_number": _("%(where)s : attendu un nombre d’années, par exemple 48.5, ou null, non « %(given)s »."),
        "string_type": _("%(where)s : attendu un texte, par exemple « Liste A », non « %(given)s »."),
        "string_too_short": _("%(where)s : le nom est vide ; donnez celui de la liste."),
        "list_type": _("%(where)s : attendu une liste de listes, chacune avec name et votes."),
        "too_short": _("%(where)s : aucune liste ; donnez-en au moins une, avec name et votes."),
        "too_long": _("%(where)s : plus de %(bound)s listes ; ce n’est pas un scrutin."),
        "model_type": _("%(where)s : attendu un objet JSON, non « %(given)s »."),
        "greater_than_equal": _("%(where)s : %(given)s est trop petit ; attendu %(bound)s au moins."),
        "less_than_equal": _("%(where)s : %(given)s est trop grand ; attendu %(bound)s au plus."),
        "greater_than": _("%(where)s : %(given)s est trop petit ; attendu plus de %(bound)s."),
        "less_than": _("%(where)s : %(given)s est trop grand ; attendu moins de %(bound)s."),
    }.get(kind, _("%(where)s : « %(given)s » n’a pas la forme attendue."))
