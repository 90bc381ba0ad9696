"""What happened to communes since 1943, read from INSEE's file of movements: who became whom, when and how.

Source: INSEE, Code officiel géographique, « Liste des événements survenus aux communes » (v_mvt_commune) and its
dictionary of variables: MOD 10 change of name, 20 creation, 21 re-establishment, 30 suppression, 31 simple merger,
32 creation of a commune nouvelle, 33 merger with association, 34 association become simple merger, 35 suppression of
a delegated commune, 41 change of code with the department, 50 change of code with the seat, 70 associated become
delegated.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from arobase.territories.rules.geographic_code import Link

KINDS = {"COM": "commune", "COMD": "delegated", "COMA": "associated", "ARM": "arrondissement"}
EVENTS = {
    10: "renamed",
    20: "split",
    21: "split",
    31: "merged",
    32: "merged",
    33: "merged",
    34: "merged",
    35: "merged",
    41: "recoded",
    50: "recoded",
}
BEGINNINGS = frozenset({20, 21, 32, 41, 50})
RESTORATIONS = frozenset({20, 21})
COLUMNS = ("MOD", "DATE_EFF", "TYPECOM_AV", "COM_AV", "LIBELLE_AV", "TYPECOM_AP", "COM_AP", "LIBELLE_AP")


class NotMovements(ValueError):
    """The rows are not INSEE's file of movements; says the line and what was expected."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line, self.problem = line, problem


@dataclass(frozen=True, slots=True)
class State:
    """A commune or part of one as it was named before or after an event."""

    kind: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Movement:
    """One row of the file: `before` became `after` on a day; `mode` is INSEE's MOD."""

    mode: int
    on: date
    before: State
    after: State


def parse(rows: Iterable[Mapping[str, str | None]]) -> list[Movement]:
    """Movements of INSEE's file, in order of time. Raises NotMovements."""
    found = []
    for line, row in enumerate(rows, 2):
        cells = {str(name).strip().upper(): value or "" for name, value in row.items() if name is not None}
        if missing := [column for column in COLUMNS if column not in cells]:
            raise NotMovements(line, f"column {missing[0]} is missing")
        try:
            movement = _movement(cells)
        except (ValueError, KeyError) as error:
            raise NotMovements(line, str(error)) from error
        found.append(movement)
    return sorted(found, key=lambda movement: movement.on)


def _movement(row: Mapping[str, str]) -> Movement:
    return Movement(
        int(row["MOD"]),
        date.fromisoformat(row["DATE_EFF"]),
        State(KINDS[row["TYPECOM_AV"]], row["COM_AV"], row["LIBELLE_AV"]),
        State(KINDS[row["TYPECOM_AP"]], row["COM_AP"], row["LIBELLE_AP"]),
    )


class History:
    """Movements arranged so that a former commune can be followed to today's.

    today   names of today's communes by code
    """

    def __init__(self, movements: Sequence[Movement], *, today: Mapping[str, str]) -> None:
        self._movements = movements
        self._today = today
        self._later: dict[str, list[tuple[date, int, list[str]]]] = _events_by_code(movements)

    def links(self) -> list[Link]:
        """Each former code or name with today's commune that it became, the event and the day it happened."""
        found: dict[Link, None] = {}
        for movement in self._movements:
            for link in self._links_of(movement):
                found.setdefault(link)
        return _latest(found)

    def _links_of(self, movement: Movement) -> Iterator[Link]:
        before, after = movement.before, movement.after
        if after.kind != "commune" or movement.mode not in EVENTS:
            return
        if (before.code, before.name) == (after.code, after.name):
            return
        if before.kind != "commune" and before.code == after.code:
            return
        for code in self._followed(after.code, since=movement.on, origin=self._origin(movement)):
            if (before.code, before.name) != (code, self._today[code]):
                kind, event = before.kind, EVENTS[movement.mode]
                yield Link(kind, before.code, before.name, f"commune:{code}", event, movement.on)

    @staticmethod
    def _origin(movement: Movement) -> str:
        """Whom to follow when what follows is split: of a restored commune itself, else the one that was merged."""
        return movement.after.code if movement.mode in RESTORATIONS else movement.before.code

    def _followed(self, code: str, *, since: date, origin: str) -> list[str]:
        """Today's communes that a commune became after a day, by code."""
        for on, mode, targets in self._later.get(code, ()):
            ways = _ways(targets, code=code, origin=origin) if mode in RESTORATIONS else targets
            is_later = on > since or (on == since and code not in ways and code not in self._today)
            if is_later and ways != [code]:
                ends = [end for way in ways for end in self._followed(way, since=on, origin=origin)]
                return list(dict.fromkeys(ends))
        return [code] if code in self._today else []

    def first_days(self) -> dict[str, date]:
        """The day since when today's communes have had their code as communes, where movements tell it."""
        found = {}
        for movement in self._movements:
            after = movement.after
            if movement.mode in BEGINNINGS and after.kind == "commune" and after.code in self._today:
                if movement.mode in RESTORATIONS and movement.before.code == after.code:
                    continue
                found[after.code] = movement.on
        return found


def _ways(targets: list[str], *, code: str, origin: str) -> list[str]:
    """Where a split leads those who had joined: back to the commune that they were, else they stay."""
    stay = origin if origin in targets else code
    return [stay] if stay in targets else targets


def _events_by_code(movements: Sequence[Movement]) -> dict[str, list[tuple[date, int, list[str]]]]:
    """By the code of a commune: the days on which it became something, how, and the codes it became."""
    grouped: dict[tuple[str, date], tuple[int, list[str]]] = {}
    for movement in movements:
        if movement.before.kind == movement.after.kind == "commune" and movement.mode in EVENTS:
            mode, targets = grouped.setdefault((movement.before.code, movement.on), (movement.mode, []))
            if movement.after.code not in targets:
                targets.append(movement.after.code)
    found: dict[str, list[tuple[date, int, list[str]]]] = defaultdict(list)
    for (code, on), (mode, targets) in grouped.items():
        found[code].append((on, mode, targets))
    for events in found.values():
        events.sort()
    return found


def _latest(links: Iterable[Link]) -> list[Link]:
    """One link for each former place, successor and event: the last day it happened."""
    found: dict[tuple[str, str, str, str, str], Link] = {}
    for link in links:
        key = (link.former_kind, link.former_code, link.former_name, link.successor, link.event)
        kept = found.get(key)
        if kept is None or (link.on and kept.on and link.on > kept.on):
            found[key] = link
    return list(found.values())
