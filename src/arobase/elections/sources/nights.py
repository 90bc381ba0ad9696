"""A night as JSON tells it: read, checked to the last number; and the projection as the command's contract has it."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from arobase.elections.rules.projection import Bag, Estimate, Former, Night, Projection, Silence, Station
from arobase.elections.sources.silences import silence_sentence

Facts = dict[str, str | int]
MOST = 10**9  # of anything counted
_SENTENCES = {
    "not_object": _("%(where)s\u00a0: attendu un objet JSON, par exemple %(example)s."),
    "missing": _("%(where)s\u00a0: le champ «\u202f%(field)s\u202f» manque\u00a0; ajoutez-le."),
    "not_list": _("%(where)s\u00a0: le champ «\u202f%(field)s\u202f» doit être une liste."),
    "not_text": _("%(where)s\u00a0: le champ «\u202f%(field)s\u202f» doit être un texte qui n’est pas vide."),
    "not_number": _(
        "%(where)s\u00a0: le champ «\u202f%(field)s\u202f» doit être un nombre entier, zéro ou plus, "
        "par exemple 100\u00a0; reçu "
        "%(found)s."
    ),
    "not_true_or_false": _(
        "%(where)s\u00a0: le champ «\u202f%(field)s\u202f» doit être true ou false\u00a0; reçu %(found)s."
    ),
    "twice": _("%(where)s\u00a0: «\u202f%(name)s\u202f» figure deux fois\u00a0; gardez-en un."),
    "votes_length": _(
        "%(where)s\u00a0: %(found)s nombres de voix pour %(expected)s candidatures\u00a0; donnez-en un "
        "par candidature, dans "
        "l’ordre de «\u202fchoices\u202f»."
    ),
    "bag_sum": _(
        "%(where)s\u00a0: blancs, nuls et voix font %(found)s, pas %(expected)s bulletins\u00a0; "
        "recomptez l’enveloppe ou corrigez "
        "la saisie."
    ),
    "more_voters": _(
        "%(where)s\u00a0: %(found)s votants pour %(expected)s inscrits\u00a0; vérifiez la liste "
        "d’émargement et les inscrits."
    ),
    "more_ballots": _(
        "%(where)s\u00a0: les enveloppes contiennent %(found)s bulletins pour %(expected)s inscrits\u202f; vérifiez "
        "les enveloppes et les inscrits."
    ),
    "former_sum": _(
        "%(where)s\u00a0: l’élection passée compte %(found)s voix pour %(expected)s votants\u00a0; "
        "vérifiez le fichier dont elle vient."
    ),
    "complete_without_bags": _(
        "%(where)s\u00a0: le bureau est dit complet mais n’a aucune enveloppe\u00a0; donnez-les, ou "
        "«\u202fcomplete\u202f»\u00a0: false."
    ),
}


class UnreadableNight(ValueError):
    """A case that holds no night: `reason` is a word for machines, `facts` say where and what."""

    def __init__(self, reason: str, **facts: str | int) -> None:
        self.reason, self.facts = reason, facts
        super().__init__(f"{reason}: {facts}")

    def __str__(self) -> str:
        """What is wrong, where, and what to do, in the reader's language."""
        return gettext(_SENTENCES[self.reason]) % self.facts


def night_of(told: object) -> Night:
    """The night that a JSON document tells. Raises UnreadableNight."""
    top = _object(told, where="Document", example='{"choices": ["A", "B"], "stations": []}')
    choices = _choices(top)
    stations = _list(top, "stations", where="Document")
    found = tuple(_station(one, number, choices) for number, one in enumerate(stations, 1))
    seen: set[str] = set()
    for number, station in enumerate(found, 1):
        if station.id in seen:
            raise UnreadableNight("twice", where=f"stations[{number}]", name=station.id)
        seen.add(station.id)
    return Night(choices=choices, stations=found)


def _choices(top: Mapping[str, Any]) -> tuple[str, ...]:
    names = _list(top, "choices", where="Document")
    for number, name in enumerate(names, 1):
        if not isinstance(name, str) or not name.strip():
            raise UnreadableNight("not_text", where=f"choices[{number}]", field="choices")
        if name in names[: number - 1]:
            raise UnreadableNight("twice", where=f"choices[{number}]", name=name)
    return tuple(names)


def _station(told: object, number: int, choices: tuple[str, ...]) -> Station:
    one = _object(
        told, where=f"stations[{number}]", example='{"id": "0001", "registered": 900, "voters": 512, "bags": []}'
    )
    name = one.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int) or not str(name).strip():
        raise UnreadableNight("not_text", where=f"stations[{number}]", field="id")
    where = f"stations[{number}] ({name})"
    registered = _number(one, "registered", where=where)
    voters = None if one.get("voters") is None else _number(one, "voters", where=where)
    if voters is not None and voters > registered:
        raise UnreadableNight("more_voters", where=where, found=voters, expected=registered)
    bags = tuple(
        _bag(bag, f"{where}, bags[{place}]", choices) for place, bag in enumerate(_list(one, "bags", where=where), 1)
    )
    if (ballots := sum(bag.ballots for bag in bags)) > registered:
        raise UnreadableNight("more_ballots", where=where, found=ballots, expected=registered)
    complete = one.get("complete", False)
    if not isinstance(complete, bool):
        raise UnreadableNight("not_true_or_false", where=where, field="complete", found=_shown(complete))
    if complete and not bags and voters != 0:
        raise UnreadableNight("complete_without_bags", where=where)
    former = None if one.get("previous") is None else _former(one["previous"], f"{where}, previous")
    return Station(str(name), registered, voters, bags, complete, former)


def _bag(told: object, where: str, choices: tuple[str, ...]) -> Bag:
    one = _object(told, where=where, example='{"ballots": 100, "blank": 1, "null": 2, "votes": [55, 42]}')
    ballots, blank, null = (_number(one, field, where=where) for field in ("ballots", "blank", "null"))
    told_votes = _list(one, "votes", where=where)
    if len(told_votes) != len(choices):
        raise UnreadableNight("votes_length", where=where, found=len(told_votes), expected=len(choices))
    votes = tuple(_whole(vote, f"votes[{place}]", where=where) for place, vote in enumerate(told_votes, 1))
    if (total := blank + null + sum(votes)) != ballots:
        raise UnreadableNight("bag_sum", where=where, found=total, expected=ballots)
    return Bag(ballots=ballots, blank=blank, null=null, votes=votes)


def _former(told: object, where: str) -> Former:
    example = '{"registered": 880, "voters": 490, "votes": {"A": 250, "B": 230}}'
    one = _object(told, where=where, example=example)
    registered, voters = (_number(one, field, where=where) for field in ("registered", "voters"))
    if "votes" not in one:
        raise UnreadableNight("missing", where=where, field="votes")
    told_votes = _object(one["votes"], where=f"{where}, votes", example='{"A": 250, "B": 230}')
    votes = {name: _number(told_votes, name, where=f"{where}, votes") for name in told_votes}
    if (total := sum(votes.values())) > voters:
        raise UnreadableNight("former_sum", where=where, found=total, expected=voters)
    return Former(registered=registered, voters=voters, votes=votes)


def _object(told: object, *, where: str, example: str) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise UnreadableNight("not_object", where=where, example=example)
    return told


def _list(told: Mapping[str, Any], field: str, *, where: str) -> list[Any]:
    if field not in told:
        raise UnreadableNight("missing", where=where, field=field)
    if not isinstance(told[field], list):
        raise UnreadableNight("not_list", where=where, field=field)
    found: list[Any] = told[field]
    return found


def _number(told: Mapping[str, Any], field: str, *, where: str) -> int:
    if field not in told:
        raise UnreadableNight("missing", where=where, field=field)
    return _whole(told[field], field, where=where)


def _whole(value: object, field: str, *, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise UnreadableNight("not_number", where=where, field=field, found=_shown(value))
    return value


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:40]


def document_of(found: Projection | Silence) -> dict[str, Any]:
    """The projection, or the silence with its sentence, as `arobase elections project --json` prints it."""
    if isinstance(found, Silence):
        return {"silent": True, "reason": silence_sentence(found), "why": found.why.value, "facts": dict(found.facts)}
    return {
        "silent": False,
        "choices": [
            {
                "name": one.name,
                **_estimate(one.estimate),
                "p_first": one.p_first,
                "p_first_two": one.p_first_two,
                "p_majority": one.p_majority,
                "p_tenth": one.p_tenth,
                "p_twentieth": one.p_twentieth,
            }
            for one in found.outlooks
        ],
        "turnout": None if found.turnout is None else _estimate(found.turnout),
        "p_majority": found.p_majority,
        "p_second_round": found.p_second_round,
        "orders": [
            {"choices": [found.outlooks[place].name for place in order.choices], "p": order.p} for order in found.orders
        ],
        "stations": found.stations,
        "counted": found.counted,
        "final": found.is_final,
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {
        "share": estimate.share,
        "intervals": {str(level): list(ends) for level, ends in estimate.intervals.items()},
    }
