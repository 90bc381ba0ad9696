"""`arobase observatory classify` and `agreement`, as others call them."""

import json

from click.testing import CliRunner

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

    assert [sorted(one) == ["error"] for one in told] == [True] * 5 + [False]
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

    assert [one["error"].partition(":")[0] for one in told] == ["networks[192.0.2.1]", "resources[0]", "until", "site"]
