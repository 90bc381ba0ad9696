"""`arobase observatory classify` and `agreement`, as others call them."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from arobase.observatory.cli.agreement import agreement
from arobase.observatory.cli.classify import classify


def answers(tmp_path, *lines: object) -> list[dict]:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines), encoding="utf-8")
    told = CliRunner().invoke(classify, [str(path)])
    assert told.exit_code == 0, told.output
    return [json.loads(line) for line in told.stdout.splitlines()]


def test_a_case_a_line_is_answered_in_order(tmp_path):
    mail, names = answers(
        tmp_path,
        {"domain": "ville.fr", "dns": {"MX": [[10, "ville-fr.mail.protection.outlook.com"]], "mx_countries": ["FR"]}},
        {"domain": "ville.fr", "dns": {"NS": ["dns1.ovh.net", "ns-12.awsdns-01.com"], "CNAME": "x.netlify.app"}},
    )

    assert mail["domain"] == "ville.fr"
    assert (mail["mail"]["provider"], mail["mail"]["country"], mail["mail"]["law"]) == ("microsoft", "FR", "US")
    assert 0.98 < mail["mail"]["confidence"] <= 1
    assert "ville-fr.mail.protection.outlook.com" in mail["mail"]["because"][0]
    assert (names["dns"]["providers"], names["hosting"]["provider"]) == (["ovh", "aws"], "netlify")
    assert (names["mail"]["provider"], names["mail"]["law"], names["mail"]["confidence"]) == (None, "unknown", 0)


def test_a_bad_case_is_an_error_on_its_line_and_the_others_go_on(tmp_path):
    told = answers(
        tmp_path,
        "{not json",
        "[]",
        {"domain": "mairie@ville.fr"},
        {"domain": "ville.fr", "dns": {"MX": "mail.ville.fr"}},
        {"domain": "ville.fr", "dns": {"MX": [["ten", "mail.ville.fr"]]}},
        {"domain": "Évry.fr", "dns": {"MX": [[10, "mail.xn--vry-9la.fr."]]}},
    )

    assert [one.get("line") for one in told if "error" in one] == [1, 2, 3, 4, 5]
    assert told[-1]["mail"]["provider"] == "self"


def test_agreement_without_a_mirror_says_what_is_missing(settings):
    settings.DATA_MIRROR = None

    told = CliRunner().invoke(agreement, ["--json"])

    assert told.exit_code == 1
    assert "AROBASE_DATA_MIRROR" in told.stderr


def test_a_case_with_networks_and_a_visit_is_told_in_every_layer(tmp_path):
    (found,) = answers(
        tmp_path,
        {
            "domain": "ville.fr",
            "dns": {"NS": ["dns1.ovh.net"], "A": ["192.0.2.1"]},
            "networks": {"192.0.2.1": {"system": 16276, "country": "CA"}},
            "site": {
                "headers": {"Server": "nginx"},
                "issuer": "Let's Encrypt",
                "until": "2027-01-31",
                "resources": [
                    {"kind": "style", "url": "https://fonts.googleapis.com/css"},
                    {"kind": "script", "url": "https://cdn.agence.example/a.js"},
                ],
            },
        },
    )

    hosting = found["hosting"]
    assert (hosting["provider"], hosting["country"], hosting["owner_country"], hosting["law"]) == (
        "ovh",
        "CA",
        "FR",
        "EU",
    )
    assert (found["ca"]["provider"], found["ca"]["until"], found["cdn"]["state"]) == (
        "letsencrypt",
        "2027-01-31",
        "none",
    )
    assert found["fonts"]["because"] == ["La page demande une feuille de style à fonts.googleapis.com (Google)."]
    assert [one["provider"] for one in found["others"]] == ["agence.example"]
    assert (found["maps"]["state"], found["office"]["state"]) == ("unknown", "unknown"), "its script may ask for a map"


def test_bad_networks_and_visits_are_named(tmp_path):
    told = answers(
        tmp_path,
        {"domain": "ville.fr", "networks": {"192.0.2.1": "OVH"}},
        {"domain": "ville.fr", "site": {"resources": [{"kind": "spell", "url": "https://a.fr"}]}},
        {"domain": "ville.fr", "site": {"issuer": "X", "until": "demain"}},
        {"domain": "ville.fr", "site": ["x"]},
    )

    assert [one["error"].partition("\u00a0:")[0] for one in told] == [
        "networks[192.0.2.1]",
        "resources[0]",
        "until",
        "site",
    ]


def test_a_line_in_another_encoding_or_too_deep_or_too_long_is_told_and_the_others_go_on(tmp_path):
    path = tmp_path / "cases.jsonl"
    good = b'{"domain": "ville.fr", "dns": {"MX": [[10, "mx1.mail.ovh.net"]]}}'
    bad = ['{"domain": "épinal.fr"}'.encode("latin-1"), b"[" * 100_000, b'{"domain": ' + b"1" * 5_000 + b"}", b"[1]"]
    path.write_bytes(b"\n".join([*bad, b"", good]))

    told = CliRunner().invoke(classify, [str(path)])

    found = [json.loads(line) for line in told.stdout.splitlines()]
    assert told.exit_code == 0
    assert [one.get("line") for one in found] == [1, 2, 3, 4, None]
    assert "UTF-8 (octet 12)" in found[0]["error"]
    assert found[-1]["mail"]["provider"] == "ovh"


@pytest.mark.parametrize("key", ["autodiscover", "dkim", "txt_verifications", "MX", "TXT", "mx_cnames", "spf_includes"])
def test_a_number_where_a_list_belongs_is_told_by_its_name(tmp_path, key):
    told, _good = answers(tmp_path, {"domain": "ville.fr", "dns": {key: 5}}, {"domain": "ville.fr"})

    assert (told["line"], told["error"].partition("\u00a0:")[0]) == (1, key)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["²", "\ud800", "1.2.3.4"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
DNS = ("MX", "NS", "A", "AAAA", "TXT", "CNAME", "spf_includes", "mx_cnames", "mx_asns", "mx_countries", "autodiscover")
SITE = ("headers", "cookies", "issuer", "until", "resources")


@given(
    st.fixed_dictionaries(
        {"domain": st.just("ville.fr") | anything},
        optional={
            "dns": st.dictionaries(st.sampled_from((*DNS, "dkim", "txt_verifications")), anything) | anything,
            "networks": st.dictionaries(st.text(max_size=8), anything, max_size=2) | anything,
            "site": st.dictionaries(st.sampled_from(SITE), anything) | anything,
        },
    )
)
@settings(max_examples=200, deadline=None)
def test_whatever_a_line_tells_it_has_an_answer(told):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cases.jsonl"
        path.write_text(json.dumps(told) + "\n" + json.dumps({"domain": "ville.fr"}), encoding="ascii")
        done = CliRunner().invoke(classify, [str(path)])

    assert done.exception is None, done.exception
    assert done.stdout.count("\n") == 2
