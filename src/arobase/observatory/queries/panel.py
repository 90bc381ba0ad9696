"""What a commune stands on, on its own page."""

from collections.abc import Callable, Mapping
from typing import Any

from arobase.observatory.models import OfficialDomain, OptOut, OthersVerdict, Purpose
from arobase.observatory.queries.dependence import Origin, whose
from arobase.observatory.queries.phrases import because
from arobase.observatory.rules.mail import MailFacts, interpret
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
    mail = declared.get(Purpose.MAIL)
    verdict = interpret(mail.host, MailFacts(), catalogue, registrable=str) if mail else None
    is_ours = verdict is not None and bool(verdict.provider)
    others = OthersVerdict.objects.filter(territory=territory_id, domain=mail.host if mail else "")
    theirs = None if is_ours else others.order_by("-told_on").first()
    slug, origin = whose(mail.host if mail else "", theirs.provider if theirs else "", catalogue)
    return {
        "code": code,
        "site": declared.get(Purpose.WEB),
        "mail": mail,
        "because": [because(one, catalogue) for one in verdict.because] if verdict and is_ours else [],
        "provider": catalogue.providers.get(slug),
        "owners": catalogue.owners(slug),
        "is_others": origin is Origin.OTHERS,
        "theirs": theirs,
        "earlier": OfficialDomain.objects.filter(territory=territory_id, until__isnull=False).order_by("-until")[:5],
    }
