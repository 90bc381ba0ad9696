"""From a list of domains to verdicts, over a real name server on loopback, with workers that are killed."""

import asyncio
import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.message
import dns.query
import dns.rcode
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from arobase.observatory.cli.classify import classify
from arobase.observatory.cli.scan import scan
from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.rules.spf import MOST_LOOKUPS, tree
from arobase.observatory.sources import shards
from arobase.observatory.sources.resolver import Resolver, Servers
from internet.names import LONGEST_CHAIN, NameServer, name_server

TOWNS = [
    "ville.test",
    "filtre.test",
    "muet.test",
    "boucle.test",
    "alias.test",
    "lent.test",
    "presse.test",
    "mefiant.test",
]
TOWNS += ["mairie.agglo.test", "signe.test", "gros.test", "foule.test"]
TROUBLE = ["refuse.test", "panne.test", "silence.test", "rien.test", "delegue-nulle-part.test", "ment.test"]


def a_list(folder: Path, *lines: str) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join(["name,domain", *(f"x,{line}" for line in lines)]), encoding="utf-8")
    return path


@contextmanager
def refusing_at(address: str, port: int) -> Iterator[list[str]]:
    """A name server that refuses every question, and what it was asked."""
    asked: list[str] = []

    class Refusing(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, sending = self.request
            query = dns.message.from_wire(wire)
            asked.append(query.question[0].name.to_text())
            answer = dns.message.make_response(query)
            answer.set_rcode(dns.rcode.REFUSED)
            sending.sendto(answer.to_wire(), self.client_address)

    with socketserver.UDPServer((address, port), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield asked
        server.shutdown()
        thread.join()


def arguments(path: Path, out: Path, server: NameServer, *more: str) -> list[str]:
    asked = ["--nameserver", server.address, "--port", str(server.port), "--timeout", "0.8"]
    return [str(path), "--out", str(out), *asked, "--json", *more]


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    """One scan of the whole test Internet: what the command said, where the facts are, what was asked."""
    folder = tmp_path_factory.mktemp("scan")
    with name_server() as server:
        path = a_list(folder, *TOWNS, *TROUBLE, "VILLE.test", "mairie@ville.test")
        told = CliRunner().invoke(scan, arguments(path, folder / "out", server))
        assert told.exit_code == 0, told.output
        yield json.loads(told.stdout), folder / "out", server


def outcomes(out: Path) -> dict[tuple[str, str], str]:
    return {(one.name, one.type): one.outcome for _domain, answers in shards.read(out) for one in answers}


def test_each_domain_is_asked_once_and_bad_lines_are_counted(scanned):
    told, out, server = scanned

    assert (told["domains"], told["refused_lines"]) == (len(TOWNS + TROUBLE), 1)
    assert sorted(domain for domain, _answers in shards.read(out)) == sorted(TOWNS + TROUBLE)
    assert told["facts"] == sum(told["outcomes"].values())
    assert len(server.questions["ville.test", "MX"]) == 1


def test_no_data_no_name_refusal_failure_and_silence_are_different_facts(scanned):
    _told, out, _server = scanned

    found = outcomes(out)

    assert found["muet.test", "MX"] == Outcome.NO_DATA
    assert found["rien.test", "NS"] == Outcome.NO_NAME
    assert found["refuse.test", "MX"] == Outcome.REFUSED
    assert found["panne.test", "MX"] == Outcome.FAILED
    assert found["silence.test", "MX"] == Outcome.TIMEOUT


def test_an_alias_that_leads_to_itself_is_a_name_without_an_address(scanned):
    """The chain is kept as it was told, so that whoever reads the fact sees the name met again."""
    _told, out, server = scanned

    loops = [one for domain, found in shards.read(out) if domain == "alias.test" for one in found if one.aliases]

    assert [(one.name, one.type, one.outcome, one.records) for one in loops] == [
        ("mx.alias.test", "A", Outcome.NO_DATA, ()),
        ("mx.alias.test", "AAAA", Outcome.NO_DATA, ()),
    ]
    assert {name for one in loops for name in one.aliases} == {"mx.alias.test"}
    assert (len(server.questions["mx.alias.test", "A"]), len(loops[0].aliases)) == (1, LONGEST_CHAIN)


def test_a_lame_delegation_is_a_failure_of_every_question_and_little_is_asked(scanned):
    _told, out, server = scanned

    lame = {ask: outcome for ask, outcome in outcomes(out).items() if ask[0].endswith("delegue-nulle-part.test")}

    assert lame == {("delegue-nulle-part.test", type): Outcome.FAILED for type in ("NS", "A", "MX")}
    assert {name for name, _type in server.asked if "nulle-part" in name} == {"delegue-nulle-part.test"}


def test_signatures_and_starts_of_authority_are_asked_for(scanned):
    _told, out, _server = scanned

    found = outcomes(out)

    assert found["signe.test", "SOA"] == found["signe.test", "DS"] == found["signe.test", "DNSKEY"] == Outcome.ANSWER
    assert found["ville.test", "DS"] == Outcome.NO_DATA
    assert ("ville.test", "DNSKEY") not in found


def test_signs_that_no_page_and_no_feed_can_carry_are_replaced(scanned):
    answers = {domain: list(told) for domain, told in shards.read(scanned[1])}

    assert [one.records for one in answers["muet.test"] if (one.name, one.type) == ("muet.test", "TXT")] == [
        ("a\ufffdb\ufffdc",)
    ]


def test_a_truncated_answer_is_asked_for_again_over_tcp(scanned):
    _told, out, server = scanned

    texts = {one.name: one.records for _d, found in shards.read(out) for one in found if one.type == "TXT"}

    assert server.whole["gros.test"]
    assert len(texts["gros.test"]) == 41


def test_our_name_server_answers_every_question_of_a_connection():
    """As real ones do: c-ares sends all that came truncated over one connection, and may give up what is cut off."""
    questions = [dns.message.make_query("gros.test", "TXT"), dns.message.make_query("foule.test", "NS")]

    with name_server() as server, socket.create_connection((server.address, server.port), timeout=5) as connection:
        for one in questions:
            dns.query.send_tcp(connection, one)
        answers = {dns.query.receive_tcp(connection)[0].id for _one in questions}

    assert answers == {one.id for one in questions}


def test_what_holds_for_a_domain_that_says_nothing_itself_is_asked_above(scanned):
    answers = {(one.name, one.type): one.records for domain, told in shards.read(scanned[1]) for one in told}
    parents = {(name, type) for name, type in answers if name.endswith("agglo.test") and "mairie" not in name}

    assert parents == {("_dmarc.agglo.test", "TXT"), ("agglo.test", "CAA")}
    assert answers["_dmarc.agglo.test", "TXT"] == ("v=DMARC1; p=none; sp=reject",)
    assert answers["agglo.test", "CAA"] == ("0 issue letsencrypt.org",)


def test_of_five_hundred_name_servers_twenty_are_asked_about(scanned):
    _told, _out, server = scanned

    assert len({name for name, _type in server.asked if name.endswith("foule.test") and name.startswith("ns")}) == 20


def test_what_a_domain_without_mail_cannot_have_is_not_asked(scanned):
    _told, _out, server = scanned

    assert {name for name, _type in server.asked if name.endswith("muet.test")} == {
        "muet.test",
        "www.muet.test",
        "_dmarc.muet.test",
    }


def test_an_answer_to_another_question_is_not_believed(scanned):
    _told, out, _server = scanned

    found = outcomes(out)

    assert found["ment.test", "NS"] in {Outcome.TIMEOUT, Outcome.BAD}
    assert not any(outcome == Outcome.ANSWER for (name, _type), outcome in found.items() if name == "ment.test")


def test_a_host_that_many_share_is_asked_once(scanned):
    _told, _out, server = scanned

    assert len(server.questions["ns1.host.test", "A"]) == 1


@pytest.mark.parametrize(("name", "times"), [("ns1.host.test", 1), ("rien.test", 1), ("panne.test", 4)])
def test_an_answer_about_a_shared_host_is_remembered_and_a_failure_is_not(name, times):
    async def work(server: NameServer) -> int:
        resolver = Resolver(Servers((server.address,), port=server.port, timeout_s=0.5, pause_s=0.1))
        for _domain in range(2):
            await resolver.ask_once((name, "A"))
        asked = resolver.newly_asked()
        resolver.close()
        return asked

    with name_server() as server:
        assert asyncio.run(work(server)) == times


def test_a_name_that_does_not_exist_is_asked_nothing_more(scanned):
    _told, _out, server = scanned

    assert {type for name, type in server.asked if name.endswith("rien.test")} == {"NS"}


@pytest.mark.parametrize("town", ["lent.test", "presse.test", "mefiant.test"])
def test_what_is_silent_failed_or_refused_at_first_is_asked_again(scanned, town):
    _told, out, _server = scanned

    answers = {(one.name, one.type): one for domain, found in shards.read(out) if domain == town for one in found}

    assert answers[town, "MX"].records == ("10 mail.lent.test",)
    assert answers["mail.lent.test", "A"].records == ("192.0.2.50",)


@pytest.mark.parametrize("town", ["panne.test", "refuse.test"])
def test_what_fails_or_refuses_is_asked_once_a_pass_and_not_pressed(scanned, town):
    _told, _out, server = scanned

    assert {times for (name, _type), times in server.asked.items() if name == town} == {2}


def test_where_one_resolver_refuses_another_is_asked():
    async def work(server: NameServer, refusing: str) -> list[Answer]:
        resolver = Resolver(Servers((server.address, refusing), port=server.port, timeout_s=0.5, pause_s=0.1))
        answers = await asyncio.gather(*(resolver.ask((f"t{n}.many.test", "NS")) for n in range(20)))
        resolver.close()
        return answers

    with name_server(many=20) as server, refusing_at("127.0.0.2", server.port) as refused:
        answers = asyncio.run(work(server, "127.0.0.2"))

    assert {one.outcome for one in answers} == {Outcome.ANSWER}
    assert refused, "some were refused first"


def test_an_spf_tree_that_loops_and_never_ends_is_followed_ten_deep(scanned):
    _told, out, server = scanned

    texts = {one.name: one.records for _d, found in shards.read(out) for one in found if one.type == "TXT"}
    found = tree("boucle.test", texts)

    assert found.is_too_long
    assert found.loops == ("boucle.test",)
    assert found.missing == ()
    assert len({name for name, type in server.asked if name.startswith("spf") and "boucle" in name}) <= MOST_LOOKUPS + 1


def test_the_facts_of_a_scan_are_read_as_verdicts(scanned):
    _told, out, _server = scanned

    told = CliRunner().invoke(classify, [str(out)])
    verdicts = {one["domain"]: one for one in map(json.loads, told.stdout.splitlines())}

    town = verdicts["ville.test"]
    assert (town["mail"]["provider"], town["hosting"]["provider"], town["dns"]["provider"]) == (
        "microsoft",
        "netlify",
        "host.test",
    )
    assert (verdicts["filtre.test"]["mail"]["provider"], verdicts["filtre.test"]["mail"]["gateway"]) == (
        "microsoft",
        "vadesecure",
    )
    assert verdicts["boucle.test"]["mail"]["provider"] == "self"
    assert {verdicts[one]["mail"]["basis"] for one in TROUBLE} == {"none"}
    assert (verdicts["alias.test"]["mail"]["provider"], verdicts["alias.test"]["hosting"]["state"]) == ("self", "none")
    lame = verdicts["delegue-nulle-part.test"]
    assert {lame[layer]["state"] for layer in ("dns", "hosting")} == {"unknown"}
    assert lame["dns"]["because"] == lame["mail"]["because"]
    assert lame["dns"]["because"][0].endswith("n’a pas encore été interrogé, ou n’a pas répondu.")


def test_a_scan_that_is_done_asks_nothing_again(scanned, tmp_path):
    _told, out, server = scanned
    before = server.asked.total()

    again = CliRunner().invoke(scan, arguments(a_list(tmp_path, *TOWNS, *TROUBLE), out, server))

    assert (json.loads(again.stdout)["domains"], json.loads(again.stdout)["already_done"]) == (0, len(TOWNS + TROUBLE))
    assert server.asked.total() == before


def test_what_is_no_list_is_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("name\nville.test", encoding="utf-8")

    told = CliRunner().invoke(scan, [str(path), "--out", str(tmp_path / "out")])

    assert told.exit_code == 1
    assert "la première ligne doit nommer les colonnes, comme «\u202fdomain;nom\u202f»" in told.stderr


def test_a_resolver_is_named_by_its_address(tmp_path):
    told = CliRunner().invoke(scan, [str(a_list(tmp_path)), "--out", str(tmp_path), "--nameserver", "localhost"])

    assert told.exit_code == 2
    assert "127.0.0.1" in told.stderr


names = st.sampled_from(["a.fr", "b.fr", "c.fr", "d.fr"])


@given(st.dictionaries(names, st.lists(names, max_size=4)), names)
def test_an_spf_tree_ends_whatever_includes_whatever(includes, start):
    texts = {
        name: [" ".join(["v=spf1", *(f"include:{one}" for one in some), "-all"])] for name, some in includes.items()
    }

    found = tree(start, texts)

    assert set(found.missing).isdisjoint(texts)
    assert len(found.records) <= len(texts) * (MOST_LOOKUPS + 1)
