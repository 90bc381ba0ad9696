"""From a name as the press printed it to a territory of today: placed only when sure, else proposed with a reason.

The method is told in docs/methodology/reconciliation.md.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from arobase.label.rules.elsewhere import ELSEWHERE
from arobase.label.rules.intercommunal import IN_FULL, may_be_acronym, same_kind, split_kind
from arobase.label.rules.names import fold, key, split_brackets, town_of, without_links
from arobase.label.rules.places import ASSOCIATED, EPCI, Former, Gazetteer, Named, Place, by_population
from arobase.label.rules.remarks import Remark, _

MOST_CANDIDATES = 8
_SIREN_LENGTH = 9
_LEAST_SHARE = 0.3  # of two names of bodies that they must have in common to be proposed


class Status(StrEnum):
    """What became of a line."""

    EXACT = "exact"
    HISTORICAL = "historical"
    PROPOSED = "proposed"
    UNRESOLVED = "unresolved"
    INVALID = "invalid"


PLACED = frozenset({Status.EXACT, Status.HISTORICAL})


@dataclass(frozen=True)
class Printed:
    """What a line says about who was awarded: texts as printed, empty where it says nothing."""

    territory: str = ""
    code: str = ""
    department: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Candidate:
    """A territory of today that may be meant, and why."""

    id: str
    code: str
    name: str
    why: Remark


@dataclass(frozen=True)
class Outcome:
    """What became of a printed name. `place` is set only for `exact` and `historical`; candidates are best first."""

    status: Status
    place: Place | None = None
    candidates: tuple[Candidate, ...] = ()
    problem: Remark | None = None

    @property
    def code(self) -> str | None:
        return self.place.code if self.place else None


def reconcile(printed: Printed, *, gazetteer: Gazetteer) -> Outcome:
    """Find the territory of today that a line means.

    A code prevails over a name and is checked against it. Without one, the name places the line when exactly one
    territory has it (or had it, before a merger or a change of name) among those of the printed department; else the
    line is proposed with candidates, or unresolved. Nothing is chosen by size.
    """
    if not printed.territory.strip() and not printed.code.strip():
        return Outcome(
            Status.INVALID, problem=Remark(_("Ni territoire ni code : la ligne ne dit pas qui est lauréat."))
        )
    if printed.code.strip():
        return _by_code(printed, gazetteer)
    return _by_name(printed, gazetteer)


# --- by code -------------------------------------------------------------------------------------------------------


def _by_code(printed: Printed, gazetteer: Gazetteer) -> Outcome:
    code = _tidy_code(printed.code)
    if not code:
        facts = {"code": printed.code.strip()}
        return Outcome(
            Status.INVALID,
            problem=Remark(
                _("« %(code)s » n’est pas un code : un code INSEE a 5 caractères (76351), un SIREN en a 9."), facts
            ),
        )
    outcome = _place_of_code(code, gazetteer)
    if not printed.territory.strip():
        return outcome
    return _checked_against_name(outcome, printed, code=code, gazetteer=gazetteer)


def _tidy_code(text: str) -> str:
    """The code as it is kept; a spreadsheet's lost zero is given back. Empty when it cannot be one."""
    code = text.replace(" ", "").replace("\u00a0", "").upper()
    if re.fullmatch(r"\d{4}", code):
        code = f"0{code}"
    return code if re.fullmatch(r"\d{5}|2[AB]\d{3}|\d{9}", code) else ""


def _place_of_code(code: str, gazetteer: Gazetteer) -> Outcome:
    if place := gazetteer.by_code.get(code):
        return Outcome(Status.EXACT, place)
    former = {named.place.id: named for named in gazetteer.by_former_code.get(code, ())}
    if len(former) == 1:
        return _historical(next(iter(former.values())), gazetteer)
    if former:
        candidates = _candidates(
            [(named.place, _why_former(named)) for named in former.values()], gazetteer, limit=len(former)
        )
        problem = Remark(_("Le code %(code)s a été partagé entre plusieurs communes."), {"code": code})
        return Outcome(Status.PROPOSED, candidates=candidates, problem=problem)
    kind = _("Aucune intercommunalité n’a ou n’a eu le SIREN %(code)s.")
    if len(code) != _SIREN_LENGTH:
        kind = _("Aucune commune n’a ou n’a eu le code %(code)s.")
    return Outcome(Status.UNRESOLVED, problem=Remark(kind, {"code": code}))


def _checked_against_name(by_code: Outcome, printed: Printed, *, code: str, gazetteer: Gazetteer) -> Outcome:
    by_name = _by_name(printed, gazetteer)
    if by_code.place is None:
        candidates = _as_candidates(by_name, gazetteer) + by_code.candidates
        status = Status.PROPOSED if candidates else Status.UNRESOLVED
        return Outcome(status, candidates=_unique(candidates), problem=by_code.problem)
    own = by_code.place
    if by_name.place == own or any(candidate.id == own.id for candidate in by_name.candidates):
        return by_code
    facts = {"code": code, "name": own.name, "printed": printed.territory.strip()}
    why = Remark(_("a le code %(code)s"), {"code": code})
    candidates = (_candidate(own, why), *_as_candidates(by_name, gazetteer))
    problem = Remark(_("Le code %(code)s est celui de %(name)s, la ligne dit « %(printed)s »."), facts)
    return Outcome(Status.PROPOSED, candidates=_unique(candidates), problem=problem)


def _as_candidates(outcome: Outcome, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    if outcome.place is None:
        return outcome.candidates
    return outcome.candidates or (_candidate(outcome.place, _why_here(outcome.place, gazetteer)),)


def _unique(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple({candidate.id: candidate for candidate in reversed(tuple(candidates))}.values())[::-1]


# --- by name -------------------------------------------------------------------------------------------------------


def _by_name(printed: Printed, gazetteer: Gazetteer) -> Outcome:
    name, inside = split_brackets(printed.territory.strip())
    departments = gazetteer.read_department(printed.department)
    if not printed.department.strip() and inside:
        departments = gazetteer.read_department(inside)
        if departments is None:
            name, departments = printed.territory.strip(), frozenset()
    if not key(name):
        problem = Remark(_("« %(printed)s » n’est pas un nom."), {"printed": printed.territory.strip()})
        return Outcome(Status.INVALID, problem=problem)
    if departments is None:
        return _with_unreadable_department(printed, name, gazetteer)
    kind, words = split_kind(name)
    if kind is not None:
        return _body(words, kind=kind, departments=departments, gazetteer=gazetteer)
    found = gazetteer.named(key(name)) or gazetteer.named(town_of(key(name)))
    if found:
        return _among_homonyms(found, departments=departments, year=printed.year, gazetteer=gazetteer)
    return _without_such_name(name, departments=departments, gazetteer=gazetteer)


def _with_unreadable_department(printed: Printed, name: str, gazetteer: Gazetteer) -> Outcome:
    outcome = _by_name(Printed(territory=name, year=printed.year), gazetteer)
    problem = Remark(
        _("Le département « %(department)s » n’est pas reconnu (attendu : Hérault, 34 ou Hérault 34)."),
        {"department": printed.department.strip()},
    )
    candidates = _as_candidates(outcome, gazetteer)
    return Outcome(Status.PROPOSED if candidates else Status.UNRESOLVED, candidates=candidates, problem=problem)


def _among_homonyms(
    found: list[Named], *, departments: frozenset[str], year: int | None, gazetteer: Gazetteer
) -> Outcome:
    """Place the one that has the name; a commune that has it today outdoes one that had lost it by that year."""
    here = [named for named in found if not departments or named.place.departments & departments]
    if not here:
        problem = Remark(
            _("Aucune commune de ce nom dans ce département : %(department)s."),
            {"department": gazetteer.department_names(departments)},
        )
        return Outcome(Status.PROPOSED, candidates=_of_named(found, gazetteer), problem=problem)
    today = [named for named in here if named.former is None]
    rivals = [named for named in here if named.former and _stood_in(named.former, year)]
    if len(today) == 1 and not rivals:
        return Outcome(Status.EXACT, today[0].place)
    if len(here) == 1:
        return _historical(here[0], gazetteer)
    problem = Remark(_("Plusieurs communes portent ou ont porté ce nom : le département ou le code tranche."))
    return Outcome(Status.PROPOSED, candidates=_of_named(here, gazetteer), problem=problem)


def _stood_in(former: Former, year: int | None) -> bool:
    """Whether a former commune may still have been one in the year of the label.

    Associated communes without a date merged under the law of 16 July 1971, nearly all before the label existed;
    delegated ones under that of 16 December 2010, in any year since.
    """
    if former.on:
        return year is None or year < int(former.on[:4])
    return former.kind != ASSOCIATED


def _historical(named: Named, gazetteer: Gazetteer) -> Outcome:
    why = _why_former(named)
    return Outcome(Status.HISTORICAL, named.place, candidates=(_candidate(named.place, why),))


def _without_such_name(name: str, *, departments: frozenset[str], gazetteer: Gazetteer) -> Outcome:
    name_key = key(name)
    if not departments and (abroad := next((entry for entry in ELSEWHERE if entry.key == name_key), None)):
        facts = {"name": abroad.name, "where": abroad.where, "source": abroad.source}
        return Outcome(
            Status.UNRESOLVED,
            problem=Remark(_("%(name)s se trouve hors de France : %(where)s (%(source)s)."), facts),
        )
    bodies = [
        body
        for body in gazetteer.bodies_by_words.get(without_links(name_key), ())
        if not departments or body.departments & departments
    ]
    if len(bodies) == 1 and _says_all_but_the_kind(bodies[0], name_key):
        return Outcome(Status.EXACT, bodies[0])
    proposals = [(body, _why_kind(body)) for body in bodies]
    if may_be_acronym(name):
        proposals += _by_acronym(name, departments=departments, gazetteer=gazetteer)
    proposals += _alike(town_of(name_key), departments=departments, gazetteer=gazetteer)
    return _proposed(proposals, departments=departments, gazetteer=gazetteer, printed=name)


def _says_all_but_the_kind(body: Place, name_key: str) -> bool:
    """Whether only the register's `CC`, `CA` or `CU` is missing from a name, which is no part of what it is called."""
    first, _space, rest = key(body.name).partition(" ")
    return without_links(rest if first in ("cc", "ca", "cu") else key(body.name)) == without_links(name_key)


def _alike(name_key: str, *, departments: frozenset[str], gazetteer: Gazetteer) -> list[tuple[Place, Remark]]:
    """Communes whose name is nearly the printed one, with the reason; within a reason, the most populous first."""
    reasons: list[tuple[Iterable[str], str]] = [
        (gazetteer.keys_but_for_the_article(name_key), _("« %(name)s », à l’article près")),
        (gazetteer.keys_of_the_same_words(name_key), _("« %(name)s » : les mêmes mots dans un autre ordre")),
        (gazetteer.keys_that_hold(name_key), _("« %(name)s » contient le nom imprimé")),
        (gazetteer.keys_that_begin(name_key), _("le nom imprimé commence par « %(name)s »")),
        (gazetteer.keys_spelt_like(name_key), _("« %(name)s » s’écrit presque ainsi")),
    ]
    proposals: list[tuple[Place, Remark]] = []
    for keys, why in reasons:
        found = [named for name_found in keys for named in gazetteer.named(name_found)]
        for named in sorted(
            found, key=lambda named: (named.former is not None, -named.place.population, named.place.code)
        ):
            former = named.former.name if named.former else named.place.name
            remark = Remark(why, {"name": former})
            if named.former:
                remark = _why_former(named)
            proposals.append((named.place, remark))
    return _those_of(proposals, departments)


def _those_of(proposals: list[tuple[Place, Remark]], departments: frozenset[str]) -> list[tuple[Place, Remark]]:
    """Those of the printed department first; the others after them, for a printed department may be wrong."""
    return sorted(proposals, key=lambda proposal: bool(departments) and not proposal[0].departments & departments)


# --- intercommunal bodies ------------------------------------------------------------------------------------------


def _body(words: str, *, kind: str, departments: frozenset[str], gazetteer: Gazetteer) -> Outcome:
    namesakes = gazetteer.bodies_by_words.get(words, [])
    here = [body for body in namesakes if not departments or body.departments & departments]
    sure = [body for body in here if same_kind(kind, body.subkind)]
    if len(sure) == 1:
        return Outcome(Status.EXACT, sure[0])
    if sure:
        problem = Remark(_("Plusieurs intercommunalités portent ce nom : le département ou le SIREN tranche."))
        proposals = [(body, _why_here(body, gazetteer)) for body in by_population(sure)]
        return Outcome(Status.PROPOSED, candidates=_candidates(proposals, gazetteer, limit=None), problem=problem)
    proposals = [(body, _why_kind(body)) for body in by_population([*here, *namesakes])]
    proposals += _by_acronym(words, departments=departments, gazetteer=gazetteer)
    shares = gazetteer.bodies_named_like(words)
    near = [
        (body, Remark(_("nom voisin : « %(name)s »"), {"name": body.name}))
        for body, share in shares
        if share >= _LEAST_SHARE
    ]
    members = [
        (gazetteer.by_code[commune.epci], Remark(_("%(commune)s en est membre"), {"commune": commune.name}))
        for commune in gazetteer.members_named_in(words)
        if commune.epci in gazetteer.by_code
    ]
    proposals += _those_of(near, departments) + _those_of(members, departments)
    return _proposed(proposals, departments=departments, gazetteer=gazetteer, printed=words, body=True)


def _by_acronym(name: str, *, departments: frozenset[str], gazetteer: Gazetteer) -> list[tuple[Place, Remark]]:
    acronym = fold(name.replace(".", "")).replace(" ", "")
    bodies = by_population(gazetteer.bodies_by_acronym.get(acronym, ()))
    here = [body for body in bodies if not departments or body.departments & departments]
    why = _("« %(acronym)s » peut abréger « %(name)s »")
    return [(body, Remark(why, {"acronym": acronym.upper(), "name": body.name})) for body in here]


def _why_kind(body: Place) -> Remark:
    if body.subkind not in IN_FULL:
        return Remark(_("s’appelle aujourd’hui « %(name)s »"), {"name": body.name})
    return Remark(_("est aujourd’hui une %(kind)s : « %(name)s »"), {"kind": IN_FULL[body.subkind], "name": body.name})


# --- candidates ----------------------------------------------------------------------------------------------------


def _proposed(
    proposals: list[tuple[Place, Remark]],
    *,
    departments: frozenset[str],
    gazetteer: Gazetteer,
    printed: str,
    body: bool = False,
) -> Outcome:
    candidates = _candidates(proposals, gazetteer, limit=MOST_CANDIDATES)
    if candidates:
        text = _("Aucune commune ne porte exactement ce nom ; voici ce qui s’en approche.")
        if body or all(candidate.id.startswith(EPCI) for candidate in candidates):
            text = _("Aucune intercommunalité ne porte exactement ce nom ; voici ce qui s’en approche.")
        return Outcome(Status.PROPOSED, candidates=candidates, problem=Remark(text))
    text = _("Aucun territoire ne porte ou n’a porté un nom proche de « %(printed)s ».")
    return Outcome(Status.UNRESOLVED, problem=Remark(text, {"printed": printed}))


def _candidates(
    proposals: Iterable[tuple[Place, Remark]], gazetteer: Gazetteer, *, limit: int | None
) -> tuple[Candidate, ...]:
    """Each place once, for the first reason given."""
    unique: dict[str, Candidate] = {}
    for place, why in proposals:
        unique.setdefault(place.id, _candidate(place, why))
    return tuple(unique.values())[:limit]


def _of_named(found: list[Named], gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    ranked = sorted(found, key=lambda named: (-named.place.population, named.place.code))
    return _candidates(
        [(named.place, _why_former(named) if named.former else _why_here(named.place, gazetteer)) for named in ranked],
        gazetteer,
        limit=None,
    )


def _candidate(place: Place, why: Remark) -> Candidate:
    return Candidate(place.id, place.code, place.name, why)


def _why_here(place: Place, gazetteer: Gazetteer) -> Remark:
    facts: dict[str, str | int] = {
        "department": gazetteer.department_names(place.departments),
        "population": place.population,
    }
    return Remark(_("%(department)s, %(population)s habitants"), facts)


_FORMER = {
    "merged": (
        _("%(former)s, fusionnée dans %(name)s"),
        _("%(former)s, fusionnée dans %(name)s le %(event_on)s"),
    ),
    "split": (
        _("%(former)s, dont %(name)s a été séparée"),
        _("%(former)s, dont %(name)s a été séparée le %(event_on)s"),
    ),
    "renamed": (
        _("%(former)s s’appelle aujourd’hui %(name)s"),
        _("%(former)s s’appelle %(name)s depuis le %(event_on)s"),
    ),
    "recoded": (
        _("%(former)s, aujourd’hui %(name)s sous un autre code"),
        _("%(former)s, %(name)s sous un autre code depuis le %(event_on)s"),
    ),
}


def _why_former(named: Named) -> Remark:
    former = named.former
    if former is None:
        raise ValueError("a place found by its own name has no former one")
    undated, dated = _FORMER[former.event]
    facts = {"former": former.name or former.code, "name": named.place.name}
    return Remark(dated, {**facts, "event_on": former.on}) if former.on else Remark(undated, facts)
