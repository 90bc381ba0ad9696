"""What changed between two looks: what is told, what is passed over, and when a person must look first."""

import doctest
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.observatory.queries.change_phrases import LAYERS
from arobase.observatory.queries.change_phrases import change as in_words
from arobase.observatory.rules import change
from arobase.observatory.rules.change import Campaign, Change, Kind, Snapshot, changes, compare
from arobase.observatory.rules.criteria.finding import Finding, Met, Why
from arobase.observatory.rules.profile import Layer, LayerVerdict, Profile, State
from arobase.observatory.sources.providers import catalogue
from observatory.presences import DAY, a_profile, by, held
from strategies.profiles import profiles

CRITERIA = ["1.2", "1.3", "2.5"]


def seen(profile: Profile | None = None, **criteria: Met) -> Snapshot:
    """A snapshot whose findings are named `c25` for 2.5."""
    codes = {name: f"{name[1]}.{name[2]}" for name in criteria}
    findings = {codes[name]: Finding(codes[name], met, Why.AS_ASKED) for name, met in criteria.items()}
    return Snapshot(profile or Profile(DAY), findings)


def test_examples_in_the_rules_hold():
    told = doctest.testmod(change)

    assert (told.attempted > 0, told.failed) == (True, 0)


def test_town_that_moves_its_mail_is_told_from_whom_to_whom():
    told = changes(seen(a_profile(mail=by(held("microsoft")))), seen(a_profile(mail=by(held("infomaniak")))))

    assert told == (Change(Kind.MOVED, Layer.MAIL, ("microsoft",), ("infomaniak",)),)
    assert in_words(told[0], catalogue()) == "Changement pour la messagerie : de Microsoft 365 à Infomaniak."


NOBODY, UNKNOWN = LayerVerdict(State.NONE), LayerVerdict(State.UNKNOWN)
LAYER_CASES = [
    (by(held("ovh")), by(held("ovh", countries=("FR",))), None),
    (by(held("ovh"), held("gandi")), by(held("gandi"), held("ovh")), None),
    (by(held("ovh")), by(held("ovh"), held("gandi")), Kind.MOVED),
    (NOBODY, by(held("cloudflare")), Kind.BEGUN),
    (by(held("cloudflare")), NOBODY, Kind.ENDED),
    (UNKNOWN, by(held("ovh")), None),
    (by(held("ovh")), UNKNOWN, None),
]


@pytest.mark.parametrize(("before", "after", "kind"), LAYER_CASES)
def test_layer_changes_where_both_looks_know_it(before, after, kind):
    told = changes(seen(a_profile(cdn=before)), seen(a_profile(cdn=after)))

    assert [one.kind for one in told] == ([kind] if kind else [])


CRITERION_CASES = [
    (Met.MET, Met.NOT_MET, {"c25": Kind.LOST, "c13": Kind.DARK}),
    (Met.NOT_MET, Met.MET, {"c25": Kind.WON, "c13": Kind.BACK}),
    (Met.UNKNOWN, Met.NOT_MET, {}),
    (Met.MET, Met.UNKNOWN, {}),
]


@pytest.mark.parametrize(("before", "after", "kinds"), CRITERION_CASES)
@pytest.mark.parametrize("code", ["c25", "c13"])
def test_criterion_is_won_or_lost_and_a_site_goes_dark(code, before, after, kinds):
    told = changes(seen(**{code: before}), seen(**{code: after}))

    assert [one.kind for one in told] == ([kinds[code]] if code in kinds else [])


def test_twenty_verdicts_may_change_by_one_and_not_by_two():
    assert [Campaign(20, changed).is_held for changed in (0, 1, 2)] == [False, False, True]


def test_many_that_fall_silent_hold_a_campaign_too():
    assert Campaign(compared=90, changed=0, silent=10).is_held
    assert not Campaign(compared=0, changed=0, fresh=500).is_held


def test_campaign_counts_each_layer_and_criterion_of_each_town():
    still = seen(a_profile(mail=by(held("ovh")), dns=by(held("ovh"))), c25=Met.MET, c12=Met.MET)
    moved = replace(still, profile=a_profile(mail=by(held("gandi")), dns=UNKNOWN, hosting=by(held("ovh"))))
    told = compare([(still, still), (still, moved)])

    assert told == Campaign(compared=7, changed=1, silent=1, fresh=1)
    assert told.changed_share == Fraction(1, 7)


def test_every_layer_and_kind_has_words():
    layers = [
        Change(kind, layer, ("ovh",), ("self",)) for layer in Layer for kind in (Kind.MOVED, Kind.BEGUN, Kind.ENDED)
    ]
    criteria = [Change(kind, code) for code in CRITERIA for kind in (Kind.WON, Kind.LOST, Kind.DARK, Kind.BACK)]

    assert set(LAYERS) == set(Layer)
    assert all(in_words(one, catalogue()).endswith(".") for one in (*layers, *criteria))


found = st.dictionaries(st.sampled_from(CRITERIA), st.sampled_from(Met)).map(
    lambda told: {code: Finding(code, met, Why.AS_ASKED) for code, met in told.items()}
)
snapshots = st.builds(Snapshot, profiles, found)


@given(snapshots)
def test_nothing_changes_between_a_look_and_itself(one):
    assert changes(one, one) == ()
    assert compare([(one, one)]).changed == 0


@given(snapshots, snapshots)
def test_way_back_undoes_every_change(one, other):
    there, back = changes(one, other), changes(other, one)

    assert {(it.subject, it.before, it.after) for it in there} == {(it.subject, it.after, it.before) for it in back}
    assert compare([(one, other)]).changed == len(there)


@given(st.lists(st.tuples(snapshots, snapshots), max_size=3))
def test_shares_are_shares(pairs):
    told = compare(pairs)

    assert 0 <= told.changed_share <= 1
    assert 0 <= told.silent_share <= 1
    assert told.changed == sum(len(changes(*pair)) for pair in pairs)
