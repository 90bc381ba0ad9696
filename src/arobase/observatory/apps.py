"""Start-up of `observatory`."""

from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObservatoryConfig(AppConfig):
    name = "arobase.observatory"

    def ready(self) -> None:
        from arobase.observatory.queries.panel import panel_of  # app ready
        from arobase.observatory.sources import networks  # app ready
        from arobase.observatory.sources.declared import load_domains, load_verdicts  # app ready
        from arobase.observatory.sources.providers import catalogue  # app ready
        from arobase.observatory.sources.recorded_sets import load_mail, load_sites  # app ready
        from arobase.registry.registers import (  # app ready
            DataSource,
            Demonstration,
            NavigationEntry,
            Panel,
            data_sources,
            demonstrations,
            navigation,
            panels,
        )

        for source in (
            DataSource("domains", _("Domaines déclarés"), "DILA", load_domains, needs=("code",)),
            DataSource("mail_verdicts", _("Messagerie, d’après d’autres"), "mxmap-fr", load_verdicts, needs=("code",)),
            DataSource("recorded_sites", _("Sites publics, relevés par d’autres"), "DashLord", load_sites),
            DataSource("recorded_mail", _("Messageries de douze pays, relevées par d’autres"), "mxmap.it", load_mail),
            DataSource("networks", _("Réseaux des adresses"), "RIPE NCC, NRO", networks.load),
        ):
            data_sources.add(source.name, source)
        panels.add(
            "observatory", Panel(_("De qui dépend-il ?"), "observatory/panel.html", panel_of(catalogue), order=40)
        )
        demonstrations.add("observatory", Demonstration(_("Villes inventées de l’Internet d’essai"), _fill))
        navigation.add("observatory", NavigationEntry(_("Observatoire"), "observatory", order=25))


def _fill(at: datetime) -> int:
    """The demonstration over the test Internet; the engine of a scan is loaded only then."""
    from arobase.observatory.cli.trial import fill  # slow import

    return fill(at)
