"""The index: figures that anyone can compute again by hand, and what must always hold of it."""

import doctest
import re
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from arobase.observatory.rules import sovereignty
from arobase.observatory.rules.profile import Layer, LayerVerdict, Profile, State
from arobase.observatory.rules.providers import Law
from arobase.observatory.rules.sovereignty import DISPENSABLE, LEAST_KNOWN, VALUES, WEIGHTS, Rank, index
from arobase.observatory.sources.providers import catalogue
from conftest import ROOT
from observatory.presences import DAY, a_profile, by, held
from strategies.profiles import layers, profiles, told_profiles

NOTHING = LayerVerdict(State.NONE)
QUALIFIED = frozenset({"outscale"})


def test_examples_in_the_rules_hold():
    told = doctest.testmod(sovereignty)

    assert (told.attempted > 0, told.failed) == (True, 0)


def test_every_layer_has_a_weight_and_they_come_to_a_hundred():
    assert set(WEIGHTS) == set(Layer)
    assert sum(WEIGHTS.values()) == 100


def test_weights_printed_in_the_methodology_are_those_of_the_rules():
    text = (ROOT / "docs" / "methodology" / "sovereignty.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| ([a-z, -]+) \|$", text, re.MULTILINE)

    assert {layer: int(weight) for weight, layers in rows for layer in layers.split(", ")} == dict(WEIGHTS)


def test_town_with_mail_in_america_and_the_rest_at_home():
    """Mail 24 × 0 + hosting 18 × 0.9 + names 12 × 0.9 + a page without third parties 20 × 1, over 74 of 86 points."""
    free = {layer.value: NOTHING for layer in DISPENSABLE}
    none = {"gateway": NOTHING, "cdn": NOTHING}
    told = index(
        a_profile(mail=by(held("microsoft", Law.US)), hosting=by(held("ovh")), dns=by(held("ovh")), **free, **none)
    )

    assert told.value == Fraction(27 + 20, 74)
    assert told.known == Fraction(74, 86)


def test_weakest_of_several_holders_counts():
    mixed = by(held("ovh"), held("aws", Law.US))

    assert parts(a_profile(dns=mixed))[Layer.DNS].rank is Rank.FOREIGN


def test_unknown_holder_hides_the_layer_unless_another_is_foreign():
    hidden = by(held("ovh"), held("somebody.example", Law.UNKNOWN))
    foreign = by(held("aws", Law.US), held("somebody.example", Law.UNKNOWN))

    assert parts(a_profile(dns=hidden))[Layer.DNS].rank is None
    assert parts(a_profile(dns=foreign))[Layer.DNS].rank is Rank.FOREIGN


def test_qualified_offer_counts_only_under_european_law():
    told = index(a_profile(hosting=by(held("outscale")), mail=by(held("outscale", Law.US))), qualified=QUALIFIED)

    assert {one.layer: one.rank for one in told.parts if one.rank} == {
        Layer.HOSTING: Rank.QUALIFIED,
        Layer.MAIL: Rank.FOREIGN,
    }


def test_too_little_known_gives_no_figure():
    told = index(a_profile(mail=by(held("ovh"))))

    assert (told.value, told.is_told) == (None, False)
    assert told.known == Fraction(24, 100)


def test_town_without_a_site_is_not_praised_for_an_empty_page():
    free = {layer.value: NOTHING for layer in DISPENSABLE}
    told = index(a_profile(mail=by(held("google", Law.US)), hosting=NOTHING, dns=NOTHING, **free))

    assert [one.layer for one in told.parts if one.rank] == [Layer.MAIL]


def test_catalogue_knows_who_has_a_qualified_offer():
    slugs = {one.slug for one in catalogue().providers.values() if one.secnumcloud}

    assert "outscale" in slugs


def parts(profile: Profile):
    return {one.layer: one for one in index(profile).parts}


@given(profiles)
def test_index_and_known_share_lie_between_nothing_and_all(profile):
    told = index(profile, qualified=QUALIFIED)

    assert 0 <= told.known <= 1
    assert told.value is None or (0 <= told.value <= 1 and told.known >= LEAST_KNOWN)


@given(told_profiles)
def test_index_is_the_mean_of_the_known_layers(profile):
    told = index(profile, qualified=QUALIFIED)
    known = [one for one in told.parts if one.rank]

    assert told.value * sum(one.weight for one in known) == sum(one.weight * VALUES[one.rank] for one in known)


@given(profiles, st.sampled_from(Layer))
def test_layer_that_nobody_knows_is_as_one_that_is_missing(profile, layer):
    without = {one: verdict for one, verdict in profile.layers.items() if one is not layer}

    assert index(Profile(DAY, {**without, layer: LayerVerdict(State.UNKNOWN)})) == index(Profile(DAY, without))


@given(profiles, st.sampled_from(Layer))
def test_layer_that_becomes_unknown_lowers_the_known_share_alone(profile, layer):
    """The mean of the others stays what it was: what is not known is neither good nor bad."""
    assume(profile.layer(layer).state is not State.NONE)
    before, after = (
        index(profile),
        index(replace(profile, layers={**profile.layers, layer: LayerVerdict(State.UNKNOWN)})),
    )
    others = [(one.weight, one.rank) for one in before.parts if one.layer is not layer]

    assert after.known <= before.known
    assert [(one.weight, one.rank) for one in after.parts if one.layer is not layer] == others


@given(profiles, st.sampled_from(Layer))
def test_move_from_american_to_european_law_never_lowers_the_index(profile, layer):
    american = replace(profile, layers={**profile.layers, layer: by(held("microsoft", Law.US))})
    european = replace(profile, layers={**profile.layers, layer: by(held("ovh"))})
    before, after = index(american), index(european)

    assert before.known == after.known
    assert before.value is None or after.value >= before.value


@given(layers, st.randoms())
def test_order_of_layers_and_holders_changes_nothing(told, rng):
    def shuffled(some):
        some = list(some)
        rng.shuffle(some)
        return some

    turned = {one: replace(told[one], held=tuple(shuffled(told[one].held))) for one in shuffled(told)}

    assert index(Profile(DAY, turned), qualified=QUALIFIED) == index(Profile(DAY, told), qualified=QUALIFIED)
