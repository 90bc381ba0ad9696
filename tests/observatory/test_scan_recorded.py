"""A list of real domains scanned over a real name server that says what theirs once said: the record's own verdicts."""

import json
from collections import Counter

import pytest
from click.testing import CliRunner
from django.conf import settings

from arobase.observatory.cli.classify import classify
from arobase.observatory.cli.scan import scan
from arobase.observatory.sources import recorded
from arobase.observatory.sources.facts import ascii_domain
from internet.names import name_server
from internet.recorded import includes_of, merged, zones_of

NEEDS_MIRROR = pytest.mark.skipif(
    not (settings.DATA_MIRROR and (settings.DATA_MIRROR / "observatory").is_dir()), reason="no mirror"
)
OTHERS = 200  # municipalities beyond France's, spread over all countries
TOLD = ("provider", "gateway", "basis", "owner_country", "law", "confidence")


def verdicts(*arguments: str) -> dict[str, dict]:
    told = CliRunner().invoke(classify, arguments)
    assert told.exit_code == 0, told.output
    lines = map(json.loads, told.stdout.splitlines())
    return {ascii_domain(one["domain"]): {name: one["mail"][name] for name in TOLD} for one in lines}


@NEEDS_MIRROR
@pytest.mark.slow
def test_a_scan_of_real_domains_gives_the_verdicts_that_their_record_gives(tmp_path):
    every = {one["domain"]: one for one in recorded.lines(recorded.folder() / "recorded_dns.jsonl.gz")}.values()
    known = includes_of(every)
    served = [(told, zones) for told in every if (zones := zones_of(told, known))]
    french = [one for one in served if one[0]["country"] == "FR"]
    others = [one for one in served if one[0]["country"] != "FR"]
    sample = [*french, *others[:: len(others) // OTHERS]]
    domains = tmp_path / "list.csv"
    domains.write_text("\n".join(["domain", *(told["domain"] for told, _zones in sample)]), encoding="utf-8")
    record = tmp_path / "record.jsonl"
    record.write_text("\n".join(json.dumps(told) for told, _zones in sample), encoding="utf-8")

    with name_server(more=merged(zones for _told, zones in sample)) as server:
        asked = ["--nameserver", server.address, "--port", str(server.port), "--timeout", "5", "--json"]
        done = CliRunner().invoke(scan, [str(domains), "--out", str(tmp_path / "out"), *asked])
    found, expected = verdicts(str(tmp_path / "out")), verdicts(str(record))

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["domains"] == len(sample) > OTHERS
    assert len(french) > 100
    assert found == expected
    providers = Counter(one["provider"] for one in found.values())
    assert {"microsoft", "google", "ovh", "self"} < set(providers), "the sample has all sorts"
