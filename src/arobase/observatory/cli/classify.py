"""`arobase observatory classify`: verdicts on recorded facts, a case a line."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

import click
from django.utils.translation import gettext as _

from arobase.observatory.queries.phrases import because
from arobase.observatory.rules.mail import MailVerdict, interpret
from arobase.observatory.rules.names import Pointed, hosting, name_servers
from arobase.observatory.sources import confidence, shards
from arobase.observatory.sources.facts import BadFacts, ascii_domain, mail_facts, of_answers, registrable, texts_of
from arobase.observatory.sources.providers import catalogue


@click.command(
    help=_(
        "Dit de qui dépendent les domaines d’un fichier JSON (un cas par ligne) ou du dossier qu’un scan a rempli, "
        "et pourquoi."
    )
)
@click.argument("path", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "_as_json", is_flag=True, help=_("Écrit du JSON, un document par ligne (toujours le cas)."))
def classify(path: Path, _as_json: bool) -> None:
    if path.is_dir():
        for domain, answers in shards.read(path):
            _write(_answer({"domain": domain, "dns": of_answers(domain, answers)}))
        return
    with path.open(encoding="utf-8") as file:
        for answer in _answers(file):
            _write(answer)


def _write(answer: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


def _answers(file: TextIO) -> Iterator[dict[str, Any]]:
    for line in file:
        if not line.strip():
            continue
        try:
            yield _answer(json.loads(line))
        except json.JSONDecodeError as error:
            yield {"error": _("Cette ligne n’est pas du JSON : %(error)s") % {"error": error}}
        except BadFacts as error:
            yield {"error": str(error)}


def _answer(told: object) -> dict[str, Any]:
    if not isinstance(told, Mapping):
        raise BadFacts('expected {"domain": .., "dns": {..}}')
    domain, dns = ascii_domain(told.get("domain")), told.get("dns") or {}
    if not isinstance(dns, Mapping):
        raise BadFacts(f"dns: expected an object, not {dns!r:.80}")
    verdict = interpret(domain, mail_facts(dns), catalogue(), registrable=registrable)
    servers = name_servers(domain, texts_of(dns, "NS"), catalogue(), registrable=registrable)
    site = hosting(domain, texts_of(dns, "CNAME"), catalogue(), registrable=registrable)
    return {
        "domain": told["domain"],
        "mail": _mail(verdict),
        "dns": _pointed(servers),
        "hosting": _pointed(site),
        "rules": catalogue().version,
    }


def _mail(verdict: MailVerdict) -> dict[str, Any]:
    return {
        "provider": verdict.provider or None,
        "gateway": verdict.gateway or None,
        "country": verdict.countries[0] if len(set(verdict.countries)) == 1 else None,
        "countries": sorted(set(verdict.countries)),
        "owner_country": verdict.owner_country or None,
        "law": str(verdict.law),
        "confidence": confidence.share(verdict.basis),
        "basis": str(verdict.basis),
        "because": [because(one, catalogue()) for one in verdict.because],
    }


def _pointed(found: Pointed) -> dict[str, Any]:
    return {
        "provider": found.providers[0] if found.providers else None,
        "providers": list(found.providers),
        "owner_country": found.country or None,
        "law": str(found.law),
        "because": [
            _("%(seen)s est de %(who)s.") % {"seen": seen, "who": slug}
            for slug, seen in zip(found.providers, found.seen, strict=True)
        ],
    }
