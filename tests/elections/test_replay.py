"""A night replayed: bags of several tables come together, and nothing else changes."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from arobase.elections.rules.plans import Replayed
from arobase.elections.rules.replay import BAG_S, BAG_SPREAD_S, Step, night
from arobase.elections.rules.states import Verb
from arobase.elections.sources.replays import nights

RESULT = Replayed(signatures=830, votes=(500, 300), blank=20, null=10)


def bags(tables: int, *, seed: int = 1) -> list[Step]:
    steps = night({"1": RESULT}, hours=("10:00",), rng=np.random.default_rng(seed), tables={"1": tables})
    return [one for one in steps if one.verb is Verb.BAG]


def test_three_tables_finish_their_bags_together():
    times = [one.after_s for one in bags(3)]

    gaps = [after - before for before, after in pairwise(times)]
    assert [gap < BAG_S - BAG_SPREAD_S for gap in gaps] == [True, True, False] * 2 + [True, True]
    alone = [one.after_s for one in bags(1)]
    assert times[-1] - times[0] < (alone[-1] - alone[0]) / 2


@given(st.integers(1, 99), st.integers(0, 9))
def test_bags_come_in_order_and_hold_the_station_however_many_tables_there_are(tables, seed):
    found = bags(tables, seed=seed)

    assert [one.payload["number"] for one in found] == list(range(1, 10))
    assert [sum(one.payload["votes"][place] for one in found) for place in (0, 1)] == [500, 300]
    assert all(one.after_s < other.after_s for one, other in pairwise(found))


def test_a_station_of_one_table_is_replayed_as_where_nothing_is_said():
    plain = night({"1": RESULT}, hours=(), rng=np.random.default_rng(1))

    assert [one for one in plain if one.verb is Verb.BAG] == [
        one
        for one in night({"1": RESULT}, hours=(), rng=np.random.default_rng(1), tables={"1": 1})
        if one.verb is Verb.BAG
    ]


@pytest.mark.skipif(
    settings.DATA_MIRROR is None, reason="Narbonne and Toulouse are in the mirror (AROBASE_DATA_MIRROR)"
)
@pytest.mark.parametrize(
    ("missing", "places"),
    [
        (None, ["Narbonne", "Toulouse"]),
        ("toulouse_municipales_2026_t2*", ["Narbonne"]),
        ("toulouse_municipales_2026_t1*", ["Narbonne"]),
        ("toulouse_bureaux_contours*", ["Narbonne"]),
        ("2019-europeennes*", ["Toulouse"]),
        ("2017-presidentielle-1*", ["Toulouse"]),
        ("*_bureaux*", ["Valmont-le-Pont (ville inventée)"]),
    ],
)
def test_a_night_is_replayed_where_the_mirror_has_all_of_its_files(tmp_path, missing, places):
    folder = tmp_path / "elections"
    folder.mkdir()
    for file in (settings.DATA_MIRROR / "elections").iterdir():
        if not (missing and Path(file.name).match(missing)):
            (folder / file.name).symlink_to(file)

    assert [plan.place for plan in nights(tmp_path, day=date(2026, 11, 26))] == places


def test_without_a_mirror_a_town_is_invented():
    assert [plan.code for plan in nights(None, day=date(2026, 11, 26))] == ["00000"]
