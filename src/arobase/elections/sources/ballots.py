"""Cases of seats to be shared, read strictly: every value checked, every problem named by its place."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from arobase.elections.rules.seats.averages import Ballot
from arobase.elections.rules.seats.law import Kind

Whole = Annotated[int, Field(strict=True, ge=0, le=10**9)]


class BadCase(ValueError):
    """A case that cannot be read; `problems` says where and what, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
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
    name: Annotated[str, Field(min_length=1)]
    votes: Whole
    average_age: Annotated[float, Field(gt=0, lt=150, allow_inf_nan=False)] | None = None
    candidates: Whole | None = None


class _Case(BaseModel):
    model_config = ConfigDict(extra="ignore")
    kind: Kind
    year: Annotated[int, Field(strict=True, ge=1945, le=2200)]
    round: Annotated[int, Field(strict=True, ge=1, le=2)] = 1
    seats: Annotated[int, Field(strict=True, ge=1, le=2000)] | None = None
    population: Whole | None = None
    lists: Annotated[list[_List], Field(min_length=1)]


def case_of(told: Any) -> Case:
    """The case that a JSON document tells. Raises BadCase."""
    try:
        read = _Case.model_validate(told)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc'])) or '$'}: {one['msg']}" for one in error.errors()]
        raise BadCase(lines) from error
    twice = [name for name, times in Counter(one.name for one in read.lists).items() if times > 1]
    if twice:
        raise BadCase([f"lists: {name!r} is there twice; each list needs a name of its own" for name in twice])
    if not sum(one.votes for one in read.lists):
        raise BadCase(["lists: no list has a vote; there is nothing to share seats by"])
    ballots = [Ballot(one.name, one.votes, _age(one.average_age), one.candidates) for one in read.lists]
    return Case(read.kind, read.year, read.round, read.seats, read.population, ballots)


def _age(given: float | None) -> Fraction | None:
    return None if given is None else Fraction(str(given))
