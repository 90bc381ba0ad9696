"""The action plan: what comes first, what it rests on, and what a town may turn to."""

import doctest
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from arobase.observatory.queries.plan_phrases import ACTIONS, REMARKS, alternative, how, what, why
from arobase.observatory.rules import plan as rules
from arobase.observatory.rules.alternatives import Remark, Sort
from arobase.observatory.rules.criteria.beyond import Beyond
from arobase.observatory.rules.criteria.finding import Finding, Met, Why, unmet
from arobase.observatory.rules.criteria.referential import Criterion
from arobase.observatory.rules.evidence import Evidence, Reason
from arobase.observatory.rules.plan import MOVES, ROWS, Action, plan
from arobase.observatory.rules.profile import Layer, LayerVerdict, Profile, State
from arobase.observatory.rules.protection import Protection
from arobase.observatory.rules.providers import Law
from arobase.observatory.sources.alternatives import BadAlternative, alternatives, read_alternatives
from arobase.observatory.sources.providers import catalogue
from observatory.presences import DAY, a_judgement, a_profile, by, held, some_facts
from strategies.profiles import profiles

EMPTY = Profile(DAY)
CODES = [*Criterion, *Beyond, *Protection]


def actions(*findings: Finding, profile: Profile = EMPTY) -> list[Action]:
    return [one.action for one in plan(findings, profile, alternatives())]


def test_examples_in_the_rules_hold():
    told = doctest.testmod(rules)

    assert (told.attempted > 0, told.failed) == (True, 0)


def test_town_in_order_has_nothing_to_do():
    shared = a_profile(mail=by(held("ovh")), dns=by(held("ovh"), held("gandi")))
    told = a_judgement()

    assert plan(told.findings.values(), shared, alternatives()) == ()


def test_town_at_gmail_is_told_to_take_a_name_of_its_own_and_not_to_mend_gmail():
    facts = some_facts({("gmail.com", "TXT"): ()}, domain="gmail.com")
    profile = a_profile(mail=by(held("google", Law.US)))
    told = a_judgement(mail="gmail.com", letters=facts, profile=profile)
    measures = plan(told.all, profile, alternatives())

    assert [one.action for one in measures if one.layer is Layer.MAIL] == [Action.OWN_MAIL_DOMAIN]
    assert Action.PUBLISH_SPF not in [one.action for one in measures]
    assert [one.provider for one in measures[0].holders] == ["google"]


def test_measure_carries_its_evidence_its_line_and_its_alternatives():
    profile = a_profile(fonts=by(held("google", Law.US)), mail=by(held("ovh")), dns=by(held("ovh"), held("gandi")))
    findings = a_judgement(letters=some_facts({("ville.fr", "TXT"): ()}), profile=profile).findings.values()
    spf, fonts = plan(findings, profile, alternatives())

    assert (spf.action, spf.publish) == (Action.PUBLISH_SPF, ('ville.fr. TXT "v=spf1 include:mx.ovh.com ~all"',))
    assert (fonts.action, fonts.layer) == (Action.LEAVE, Layer.FONTS)
    assert [one.sort for one in fonts.alternatives] == [Sort.WITHOUT, Sort.SOFTWARE, Sort.PROVIDER]
    assert what(fonts) == "Changer de fournisseur pour les polices de caractères"
    assert why(fonts, catalogue())[0].endswith("en a la charge, et relève du droit américain (CLOUD Act, FISA 702).")


def test_strict_policy_waits_for_what_it_needs():
    told = actions(*(unmet(one, Why.NO_RECORD) for one in (Criterion.STRICT_DMARC, Criterion.DMARC, Criterion.SPF)))

    assert told == [Action.PUBLISH_SPF, Action.PUBLISH_DMARC, Action.TIGHTEN_DMARC]


def test_site_that_is_down_is_brought_back_before_it_is_encrypted():
    down = [unmet(one, Why.NO_NAME) for one in (Criterion.REACHABLE, Criterion.HTTPS, Criterion.CERTIFICATE)]

    assert actions(*down) == [Action.RESTORE_SITE]


def test_what_fails_for_want_of_a_site_calls_for_a_site_alone():
    told = a_judgement("", "")

    assert actions(*told.findings.values()) == [Action.DECLARE_SITE, Action.DECLARE_MAIL]


@pytest.mark.parametrize(("holders", "due"), [(["ovh"], True), (["ovh", "gandi"], False), (["ovh", "ovh"], True)])
def test_names_with_one_company_call_for_a_second(holders, due):
    told = plan([], a_profile(dns=by(*map(held, holders))), alternatives())

    assert ([one.action for one in told] == [Action.SECOND_DNS]) is due
    assert all("ovh" not in {other.slug for other in one.alternatives} for one in told)


@pytest.mark.parametrize(
    ("mail", "mail_names", "falls"),
    [
        (
            by(held("ovh")),
            LayerVerdict(State.NONE, because=(Evidence(Reason.SAME_DOMAIN, "ville.fr"),)),
            "le site et le courrier tombent",
        ),
        (by(held("orange")), by(held("orange")), "le site tombe"),
        (
            LayerVerdict(State.NONE),
            LayerVerdict(State.NONE, because=(Evidence(Reason.SAME_DOMAIN, "ville.fr"),)),
            "le site tombe",
        ),
        (LayerVerdict(State.UNKNOWN), LayerVerdict(State.UNKNOWN), "le site tombe"),
    ],
    ids=["mail at the site's domain", "mail at orange.fr", "no mail", "nobody knows"],
)
def test_names_with_one_company_take_the_mail_with_them_only_where_they_are_the_mail_s_too(mail, mail_names, falls):
    (told,) = plan([], a_profile(dns=by(held("ovh")), mail=mail, mail_dns=mail_names), alternatives())

    assert [re.sub(r"\s", " ", one) for one in why(told, catalogue())] == [
        f"OVHcloud sert seul les noms : s’il tombe, {falls}."
    ]


def test_every_criterion_but_the_law_over_mail_has_its_measure():
    """The law over the mailboxes is the mail layer's own measure, which the profile calls for."""
    covered = {code for row in ROWS for code in row.criteria}

    assert set(CODES) - covered == {Beyond.MAIL_LAW}
    assert set(MOVES) == set(Layer)
    assert {row.action for row in ROWS} | {Action.LEAVE, Action.SECOND_DNS} == set(Action)


def test_every_layer_that_can_be_left_has_alternatives_under_laws_that_protect():
    told = alternatives()

    assert set(told) == set(MOVES)
    assert {one.law for some in told.values() for one in some} <= {Law.EU, Law.ADEQUATE}
    assert all(some for some in told.values())


def test_alternatives_stand_in_the_order_the_file_promises():
    order = [Sort.WITHOUT, Sort.SOFTWARE, Sort.PROVIDER]
    keys = [[(order.index(one.sort), one.slug or one.name.lower()) for one in some] for some in alternatives().values()]

    assert keys == [sorted(told) for told in keys]


BAD = [
    ("{provider: google, source: 'https://a.fr'}", BadAlternative, "US"),
    ("{provider: nobody, source: 'https://a.fr'}", BadAlternative, "nobody"),
    ("{provider: ovh}", ValidationError, "source"),
    ("{provider: ovh, software: NSD, source: 'https://a.fr'}", ValidationError, "one of"),
    ("{software: NSD, source: 'https://a.fr', remark: cheap}", ValidationError, "remark"),
]


@pytest.mark.parametrize(("row", "error", "words"), BAD)
def test_alternative_that_must_not_be_proposed_is_refused(row, error, words):
    with pytest.raises(error, match=words):
        read_alternatives(f"version: '1'\nlayers: {{mail: [{row}]}}", catalogue())


def test_every_action_and_remark_has_words():
    one_of_each = [
        replace(plan([unmet(code, Why.NO_RECORD, ["x"])], EMPTY, alternatives())[0])
        for row in ROWS
        for code in row.criteria
    ]

    moves = [
        plan([], a_profile(**{layer.replace("-", "_"): by(held("google", Law.US))}), alternatives()) for layer in Layer
    ]

    assert all(how(one) and why(one, catalogue()) and what(one) for some in moves for one in some)
    assert set(ACTIONS) == set(Action)
    assert set(REMARKS) == set(Remark)
    assert all(what(one) and why(one, catalogue()) and how(one) for one in one_of_each)
    assert all(alternative(one) for some in alternatives().values() for one in some)


some_findings = st.dictionaries(st.sampled_from(CODES), st.sampled_from(Met)).map(
    lambda told: [Finding(code, met, Why.NO_RECORD) for code, met in told.items()]
)


@given(some_findings, profiles, st.randoms())
def test_plan_is_the_same_whatever_the_order_of_what_it_reads(findings, profile, rng):
    turned, layers = list(findings), list(profile.layers.items())
    rng.shuffle(turned)
    rng.shuffle(layers)

    assert plan(turned, Profile(DAY, dict(layers)), alternatives()) == plan(findings, profile, alternatives())


@given(some_findings, profiles)
def test_each_measure_has_a_reason_and_comes_after_what_it_needs(findings, profile):
    measures = plan(findings, profile, alternatives())
    order = [one.action for one in measures]
    needs = [(row.action, before) for row in ROWS for before in row.after]

    assert all(one.because or one.holders for one in measures)
    assert all(one.met is Met.NOT_MET for measure in measures for one in measure.because)
    assert all(order.index(before) < order.index(it) for it, before in needs if it in order and before in order)


def test_measure_that_others_need_outranks_them():
    place = {row.action: (-row.estimate.rank, at) for at, row in enumerate(ROWS)}

    assert [(row.action, one) for row in ROWS for one in row.after if place[one] > place[row.action]] == []


@given(some_findings, profiles)
def test_measures_stand_by_rank(findings, profile):
    ranks = [one.estimate.rank for one in plan(findings, profile, alternatives())]

    assert ranks == sorted(ranks, reverse=True)


@given(some_findings)
def test_unknown_findings_call_for_nothing(findings):
    unknown = [replace(one, met=Met.UNKNOWN) for one in findings]

    assert plan(unknown, EMPTY, alternatives()) == ()
