"""`arobase observatory classify`: verdicts on recorded facts, a case a line."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.observatory.queries.phrases import because
from arobase.observatory.rules.facts import DomainFacts
from arobase.observatory.rules.layers import mailboxes, profile
from arobase.observatory.rules.layers.reading import plain
from arobase.observatory.rules.mail import MailFacts, MailVerdict, interpret
from arobase.observatory.rules.profile import Held, Layer, LayerVerdict, Profile
from arobase.observatory.sources import confidence, shards
from arobase.observatory.sources.facts import (
    BadFacts,
    ascii_domain,
    mail_facts,
    mapping_of,
    registrable,
    shown,
    web_facts,
)
from arobase.observatory.sources.providers import catalogue

OF_MAIL = frozenset({Layer.MAIL, Layer.GATEWAY, Layer.MAIL_DNS})  # told under `mail`, or by the site's own names


@click.command(
    help=_(
        "Dit de qui dépendent les domaines d’un fichier JSON (un cas par ligne) ou du dossier qu’un scan a rempli, "
        "et pourquoi."
    )
)
@click.argument("path", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "_as_json", is_flag=True, help=_("Écrit du JSON, un document par ligne (toujours le cas)."))
def classify(path: Path, _as_json: bool) -> None:
    on = timezone.now().date()
    if path.is_dir():
        for domain, answers in shards.read(path):
            facts = DomainFacts(domain, on, {(one.name, one.type): one for one in answers})
            _write(_answer(domain, mailboxes.mail_facts(facts, catalogue()), facts))
        return
    with path.open("rb") as file:
        for answer in _answers(file, on):
            _write(answer)


def _write(answer: Mapping[str, Any]) -> None:
    text = json.dumps(answer, ensure_ascii=False)
    # Half a surrogate pair, which JSON can write and UTF-8 cannot, stays as JSON writes it.
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def _answers(file: Iterable[bytes], on: date) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            yield _case(_told(line), on)
        except (BadFacts, RecursionError) as error:
            yield {"line": number, "error": str(error)}


def _told(line: bytes) -> object:
    """What a line tells, which may be anything. Raises BadFacts."""
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadFacts(_("ce n’est pas du texte UTF-8 (octet %(at)s)") % {"at": error.start}) from error
    except (ValueError, RecursionError) as error:  # a number may be too long, brackets may be too deep
        raise BadFacts(_("ce n’est pas du JSON : %(error)s") % {"error": error}) from error


def _case(told: object, on: date) -> dict[str, Any]:
    if not isinstance(told, Mapping):
        raise BadFacts(_('{"domain": …, "dns": {…}} était attendu, pas %(told)s') % {"told": shown(told)})
    domain, dns = ascii_domain(told.get("domain")), mapping_of(told, "dns")
    return {**_answer(domain, mail_facts(dns), web_facts(domain, told, on=on)), "domain": told["domain"]}


def _answer(domain: str, mail: MailFacts, facts: DomainFacts) -> dict[str, Any]:
    verdict = interpret(domain, mail, catalogue(), registrable=registrable)
    found = profile(facts, None, catalogue(), registrable=registrable, on=facts.on)
    layers = {str(layer): _layer(found.layer(layer)) for layer in Layer if layer not in OF_MAIL}
    layers[str(Layer.DNS)] = _layer(_as_told(found.layer(Layer.DNS), facts.records(domain, "NS")))
    return {"domain": domain, "mail": _mail(verdict), **layers, "others": _others(found), "rules": catalogue().version}


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


def _layer(verdict: LayerVerdict) -> dict[str, Any]:
    first = verdict.held[0] if verdict.held else None
    countries = sorted({country for one in verdict.held for country in one.countries})
    evidence = [*verdict.because, *(piece for one in verdict.held for piece in one.because)]
    told = {
        "state": str(verdict.state),
        "provider": first.provider if first else None,
        "providers": [one.provider for one in verdict.held],
        "country": countries[0] if len(countries) == 1 else None,
        "countries": countries,
        "owner_country": (first.owner_country or None) if first else None,
        "law": str(first.law) if first else "unknown",
        "certainty": str(first.certainty) if first else None,
        "because": [because(one, catalogue()) for one in evidence],
    }
    return {**told, "until": verdict.until.isoformat()} if verdict.until else told


def _as_told(verdict: LayerVerdict, names: Sequence[str]) -> LayerVerdict:
    """Providers in the order in which the case tells their names."""
    order = {plain(name): at for at, name in enumerate(names)}
    held = sorted(verdict.held, key=lambda one: min(order.get(piece.seen, len(order)) for piece in one.because))
    return replace(verdict, held=tuple(held))


def _others(found: Profile) -> list[dict[str, Any]]:
    """Whom the page asks for something of no layer."""
    return [_held(one) for one in found.others]


def _held(one: Held) -> dict[str, Any]:
    told = [because(piece, catalogue()) for piece in one.because]
    return {"provider": one.provider, "law": str(one.law), "certainty": str(one.certainty), "because": told}
