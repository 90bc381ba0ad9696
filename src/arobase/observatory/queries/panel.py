"""What a commune stands on, on its own page."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from arobase.observatory.models import About, OfficialDomain, OptOut, OthersVerdict, Purpose
from arobase.observatory.queries.dependence import Origin, recorded_mail, whose
from arobase.observatory.queries.outdated import outdated, outdated_said
from arobase.observatory.queries.phrases import because
from arobase.observatory.queries.standings import Seen, seen
from arobase.observatory.rules.mail import MailFacts, interpret
from arobase.observatory.rules.needs import names_in
from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.providers import Catalogue

Panel = Callable[[str], Mapping[str, Any] | None]


def panel_of(catalogue: Callable[[], Catalogue]) -> Panel:
    """The panel's context, given where the catalogue comes from."""

    def panel(territory_id: str) -> Mapping[str, Any] | None:
        return _panel(territory_id, catalogue())

    return panel


def _panel(territory_id: str, catalogue: Catalogue) -> Mapping[str, Any] | None:
    """The declared domains of a territory and whose its mailboxes are; None where nothing was declared."""
    declared = {one.purpose: one for one in OfficialDomain.objects.filter(territory=territory_id, until__isnull=True)}
    if not declared:
        return None
    code = territory_id.partition(":")[2]
    if opt_out := OptOut.objects.filter(territory=territory_id, until__isnull=True).first():
        return {"code": code, "opt_out": opt_out}
    if found := seen(territory_id, About.COMMUNES):
        return {
            "code": code,
            "on": found.campaign.began_at,
            "outdated": [outdated_said(one) for one in outdated(found, declared.values())],
            **_measured(found, catalogue),
        }
    mail = declared.get(Purpose.MAIL)
    verdict = interpret(mail.host, MailFacts(), catalogue, registrable=str) if mail else None
    is_ours = verdict is not None and bool(verdict.provider)
    others = OthersVerdict.objects.filter(territory=territory_id, domain=mail.host if mail else "")
    theirs = None if is_ours else others.order_by("-told_on").first()
    slug, origin = whose(mail.host if mail else "", theirs.provider if theirs else "", catalogue)
    recorded = recorded_mail(mail.host) if mail and origin is not Origin.DECLARED else None
    if recorded:
        slug, origin = "", Origin.RECORDED
    return {
        "code": code,
        "recorded": recorded
        and {
            "names": _names(names_in(recorded.needs), catalogue),
            "by": recorded.source,
            "on": recorded.on,
        },
        "site": declared.get(Purpose.WEB),
        "mail": mail,
        "because": [because(one, catalogue) for one in verdict.because] if verdict and is_ours else [],
        "provider": catalogue.providers.get(slug),
        "owners": catalogue.owners(slug),
        "is_others": origin is Origin.OTHERS,
        "theirs": theirs,
        "earlier": OfficialDomain.objects.filter(territory=territory_id, until__isnull=False).order_by("-until")[:5],
    }


def _measured(found: Seen, catalogue: Catalogue) -> Mapping[str, Any]:
    """Who holds mail, site and names, by our own measure; empty where nobody can be named."""
    layers = {"held_mail": Layer.MAIL, "held_site": Layer.HOSTING, "held_names": Layer.DNS}
    return {
        told: ", ".join(dict.fromkeys(_name(one.provider, catalogue) for one in found.profile.layer(layer).held))
        for told, layer in layers.items()
    }


def _names(nodes: Iterable[str], catalogue: Catalogue) -> str:
    """Those who hold mailboxes or filter what comes to them, by name."""
    pairs = (node.partition(":") for node in nodes)
    slugs = (what for layer, _colon, what in pairs if layer in {Layer.MAIL, Layer.GATEWAY})
    return ", ".join(dict.fromkeys(_name(one, catalogue) for one in slugs))


def _name(slug: str, catalogue: Catalogue) -> str:
    return catalogue.providers[slug].name if slug in catalogue.providers else slug
