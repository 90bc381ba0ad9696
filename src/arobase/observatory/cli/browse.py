"""`arobase observatory browse`: watch sites in a real Chromium, before consent, after a refusal, after a consent."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.observatory.cli.scan import make_writable, tell_refused
from arobase.observatory.rules.browsing import Browsing, after_refusal, before_consent
from arobase.observatory.sources import targets
from arobase.observatory.sources.browsing import ChromiumFailed, Manner
from arobase.observatory.sources.browsing_many import browse_all
from arobase.observatory.sources.campaigns import home_of
from arobase.observatory.sources.checking_proxy import Reach
from arobase.observatory.sources.facts import BadFacts, ascii_domain, registrable
from arobase.observatory.sources.lists import BadList
from arobase.web.chromium import NoChromium, chromium


@click.command(
    help=_(
        "Visite chaque site dans un vrai Chromium : sans rien cliquer, puis en refusant, puis en acceptant. "
        "TARGET est un domaine, ou un CSV avec une colonne domain."
    )
)
@click.argument("told", metavar="TARGET…", nargs=-1, required=True)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=_("Où garder ; sinon là où les campagnes lisent ce qu’un navigateur a vu."),
)
@click.option("--again", is_flag=True, help=_("Revoit aussi les sites déjà vus."))
@click.option("--at-once", default=2, show_default=True, type=click.IntRange(1, 8), help=_("Sites à la fois."))
@click.option(
    "--settle",
    "settle_s",
    default=4.0,
    show_default=True,
    type=click.FloatRange(0.2, 60),
    help=_("Secondes d’observation après le chargement."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def browse(
    *, told: tuple[str, ...], folder: Path | None, again: bool, at_once: int, settle_s: float, as_json: bool
) -> None:
    domains, refused = _targets(told)
    folder = folder or home_of(settings.HOME)
    make_writable(folder)
    tell_refused(refused)
    seen: list[Browsing] = []

    def tell(browsing: Browsing) -> None:
        seen.append(browsing)
        click.echo(_sentence(browsing), err=True)

    began = time.monotonic()
    try:
        before = browse_all(
            domains,
            folder=folder,
            manner=_manner(settle_s),
            now=timezone.now,
            tell=tell,
            at_once=at_once,
            since=timezone.now() if again else None,
        )
    except NoChromium as error:
        raise click.ClickException(
            _(
                "Aucun Chromium ici. Installez-en un (apt-get install chromium), "
                "ou donnez son chemin : AROBASE_CHROMIUM=/usr/bin/chromium."
            )
        ) from error
    except ChromiumFailed as error:
        raise click.ClickException(
            _(
                "Chromium ne démarre pas. Lancez la commande sans être root, ou, si son bac à sable ne peut pas "
                "fonctionner ici, avec AROBASE_CHROMIUM_SANDBOX=0. Il a dit : %(said)s"
            )
            % {"said": str(error).partition("\n")[0]}
        ) from error
    found = {
        "domains": len(seen),
        "already_done": before,
        "refused_lines": len(refused),
        **_counted(seen),
        "seconds": round(time.monotonic() - began, 2),
        "out": str(folder),
    }
    if as_json:
        json.dump(found, sys.stdout, ensure_ascii=False)
        click.echo()
        return
    click.echo(
        _(
            "%(domains)s sites vus, %(before)s déjà faits ; "
            "%(early)s sur %(measured)s appellent des tiers avant tout choix."
        )
        % {
            "domains": len(seen),
            "before": before,
            "early": found["third_parties_before_consent"],
            "measured": found["measured"],
        }
    )


def _manner(settle_s: float) -> Manner:
    return Manner(
        chromium=chromium(settings.CHROMIUM),
        agent=f"Arobase (+{settings.SITE_URL}/confidentialite)",
        is_sandboxed=settings.CHROMIUM_SANDBOX,
        settle_s=settle_s,
        reach=Reach(allowed=frozenset(settings.FETCH_ALLOWED)),
    )


def _targets(told: Iterable[str]) -> tuple[list[str], list[BadFacts]]:
    """Domains of lists and by name, each once, and what could not be read as one."""
    domains: dict[str, None] = {}
    refused: list[BadFacts] = []
    for one in told:
        try:
            some = targets.domains(Path(one)) if Path(one).is_file() else [ascii_domain(one)]
            for domain in some:
                if isinstance(domain, BadFacts):
                    refused.append(domain)
                else:
                    domains[domain] = None
        except (BadList, BadFacts) as error:
            raise click.ClickException(str(error)) from error
    return list(domains), refused


def _counted(seen: list[Browsing]) -> dict[str, object]:
    """Figures of what was seen; those on third parties and banners only over sites that were watched to the end."""
    measured = [one for one in seen if one.is_measured]
    persisting = [after_refusal(one, registrable=registrable) for one in measured]
    return {
        "endings": dict(Counter(one.before.ending.value for one in seen)),
        "measured": len(measured),
        "third_parties_before_consent": sum(bool(before_consent(one, registrable=registrable)) for one in measured),
        "cookies_before_consent": sum(bool(one.before.cookies) for one in measured),
        "banners": dict(Counter(one.banner.tool or "words" for one in measured if one.banner)),
        "without_banner": sum(one.banner is None for one in measured),
        "refusal_not_offered": sum(one.banner is not None and not one.banner.refusal for one in measured),
        "refused": sum(one is not None for one in persisting),
        "third_parties_after_refusal": sum(bool(one) for one in persisting),
    }


def _sentence(browsing: Browsing) -> str:
    if not browsing.is_measured:
        return _("%(domain)s : pas de page observée jusqu’au bout (%(ending)s).") % {
            "domain": browsing.domain,
            "ending": browsing.before.ending.value,
        }
    others = [one.domain for one in before_consent(browsing, registrable=registrable)]
    return _("%(domain)s : avant tout choix, %(others)s.") % {
        "domain": browsing.domain,
        "others": ", ".join(others) or _("aucun tiers"),
    }
